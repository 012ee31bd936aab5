"""The rules across nodes: silent on the small data set, on both engines, and each tripped by an invalid example."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from tests.ontology.engines import EXAMPLES, ONTOLOGY, oxigraph_answer, rdflib_answer

if TYPE_CHECKING:
    from pathlib import Path

CHECKS = sorted((ONTOLOGY / "checks").glob("*.rq"))


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_a_check_has_no_row_on_the_small_data_set(check: Path) -> None:
    query = check.read_text(encoding="utf-8")
    assert oxigraph_answer(query)[1:] == []
    assert rdflib_answer(query)[1:] == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_a_check_is_tripped_by_an_invalid_example_on_both_engines(check: Path) -> None:
    with (EXAMPLES / "invalid" / "expected.csv").open(encoding="utf-8", newline="") as file:
        tripped = sorted({row["file"] for row in csv.DictReader(file) if row["shape"] == f"check:{check.stem}"})
    assert tripped
    query = check.read_text(encoding="utf-8")
    for name in tripped:
        store = ox.Store()
        store.load(path=EXAMPLES / "invalid" / name, format=ox.RdfFormat.TURTLE)
        rows = oxigraph_answer(query, store)
        assert len(rows) > 1
        dataset = rdflib.Dataset()
        dataset.default_graph.parse(EXAMPLES / "invalid" / name)
        assert sorted(rdflib_answer(query, dataset)) == sorted(rows)


@pytest.mark.parametrize("check", CHECKS, ids=lambda path: path.stem)
def test_a_check_begins_with_its_title_in_one_sentence(check: Path) -> None:
    title = check.read_text(encoding="utf-8").splitlines()[0]
    assert title.startswith("# ")
    assert title.endswith(".")
    assert title.count(". ") == 0
