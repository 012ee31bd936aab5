"""Lint on the real releases: the figures that two independent counts agree on."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from kg.lint import lint
from kg.lint.agreement import pairs
from kg.lint.mending import mend
from kg.lint.summary import summarise
from kg.sources import read_source

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.corpus
TODAY = dt.date(2026, 1, 31)


def _release(corpus_folder: Path, name: str) -> Path:
    folder = corpus_folder.parent / name
    if not folder.is_dir():
        pytest.skip(f"no release {name} beside {corpus_folder.name}")
    return folder


@pytest.mark.parametrize(("name", "lost", "known"), [("1.6", 63, 309), ("1.7", 445, 796)])
def test_the_lost_pairs_are_those_of_the_counts(corpus_folder: Path, name: str, lost: int, known: int) -> None:
    report = lint(_release(corpus_folder, name), today=TODAY)
    assert (len(report.of("dropped-pair")), len(list(pairs(report.release)))) == (lost, known)
    assert summarise(report)[0].startswith(f"{lost} of {known} pairs of incident and technique never reach the pages")


def test_the_known_defects_of_1_7_are_found(corpus_folder: Path) -> None:
    report = lint(_release(corpus_folder, "1.7"), today=TODAY)
    assert len(report.of("orphan-page")) == 226
    # 278 addresses stand in the workbook, 189 rows on the pages.
    assert len(report.of("dropped-reference")) == 278 - 189
    assert [str(item.place) for item in report.of("row-over-lines")] == ["generated_pages/incidents/I00096.md:18"]
    assert {item.place.line for item in report.of("repaired-id") if "T00145.006" in item.message} != set()
    # 841 mentions of techniques in counters, 394 with an id that exists: the other 447, repeats in a cell counted once.
    countered = {item.place.cell for item in report.of("retired-technique") if item.place.sheet == "countermeasures"}
    assert len(countered) > 100
    assert report.of("foreign-chain")


@pytest.mark.parametrize("name", ["1.4", "1.6-first", "1.6", "2.0-observable", "2.0-assessments"])
def test_every_release_is_linted_and_mended_to_the_end(corpus_folder: Path, name: str, tmp_path: Path) -> None:
    folder = _release(corpus_folder, name)
    mending = mend(folder, tmp_path / "out", today=TODAY)
    assert not [item for item in mending.left.findings if item.code in {"date-form", "odd-blank", "dropped-pair"}]
    assert sum(mending.found.values()) > len(mending.left.findings)
    again = mend(tmp_path / "out", tmp_path / "again", today=TODAY)
    assert (again.files, again.cells) == ([], [])


def test_the_corrected_1_7_has_every_pair_and_hardly_a_misplaced_description(
    corpus_folder: Path, tmp_path: Path
) -> None:
    folder = _release(corpus_folder, "1.7")
    mending = mend(folder, tmp_path / "out", today=TODAY)
    corpus = read_source(tmp_path / "out")
    assert len({(item.identifier, row.technique) for item in corpus.incidents for row in item.rows}) == 796
    assert len(mending.left.of("suspect-placement")) <= 1
    assert mending.left.of("page-differs") == ()
