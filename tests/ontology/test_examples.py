"""Every valid example has no violation, every invalid one exactly those that are written down for it."""

from __future__ import annotations

import csv
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest
import rdflib

from kg.analysis.conformance import check_conformance
from tests.ontology.engines import EXAMPLES, rdflib_dataset
from tests.ontology.turtle import compact

if TYPE_CHECKING:
    from pathlib import Path

    from kg.analysis.conformance import Report

VALID = sorted((EXAMPLES / "valid").glob("*.ttl"))
INVALID = sorted((EXAMPLES / "invalid").glob("*.ttl"))
Fault = tuple[str, str, str, str]


def expected() -> dict[str, list[Fault]]:
    """What expected.csv says: file -> focus node, path, shape or check, severity."""
    faults: dict[str, list[Fault]] = defaultdict(list)
    with (EXAMPLES / "invalid" / "expected.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            faults[row["file"]].append((row["focus"], row["path"], row["shape"], row["severity"]))
    return faults


def faults_of(report: Report) -> set[Fault]:
    return {
        (
            compact(rdflib.URIRef(found.focus)),
            compact(rdflib.URIRef(found.path)) if found.path else "",
            found.rule,
            found.severity.value,
        )
        for found in report.violations
    }


@pytest.mark.parametrize("example", INVALID, ids=lambda path: path.stem)
def test_an_invalid_example_has_exactly_its_violations(example: Path) -> None:
    report = check_conformance(rdflib.Graph().parse(example))
    faults = expected()[example.name]
    assert faults_of(report) == set(faults)
    assert report.conforms == all(severity == "warning" for *_, severity in faults)


@pytest.mark.parametrize("example", VALID, ids=lambda path: path.stem)
def test_a_valid_example_has_no_violation_and_no_warning(example: Path) -> None:
    assert check_conformance(rdflib.Graph().parse(example)).violations == ()


def test_the_small_data_set_conforms_with_its_findings() -> None:
    assert check_conformance(rdflib_dataset()).violations == ()


def test_expected_csv_names_each_invalid_example_once_and_no_other() -> None:
    faults = expected()
    assert set(faults) == {path.name for path in INVALID}
    assert all(len(listed) == len(set(listed)) for listed in faults.values())
