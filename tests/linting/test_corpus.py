"""Lint on the real releases: the figures that two independent counts agree on."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from python_calamine import CalamineWorkbook

from kg.linting import lint
from kg.linting.agreement import pairs
from kg.linting.copying import CELLS, PATCH
from kg.linting.mending import mend
from kg.linting.summary import summarise
from kg.sources import read_source
from kg.sources.workbook import column_letters

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
    # 796 pairs as written and nine whose ids are mistyped in their cell: "T0162.003. T0162".
    assert len({(item.identifier, row.technique) for item in corpus.incidents for row in item.rows}) == 796 + 9
    assert mending.left.of("repaired-id") == ()
    assert len(mending.left.of("suspect-placement")) <= 1
    assert mending.left.of("page-differs") == ()
    _only_the_listed_cells_differ(folder, tmp_path / "out")
    _the_patch_mends_the_pages_as_published(folder, tmp_path)


def _only_the_listed_cells_differ(before: Path, after: Path) -> None:
    """Held by calamine, which knows nothing of how the cells were written."""
    with (after / CELLS).open(encoding="utf-8", newline="") as file:
        listed = {(row["file"], row["sheet"], row["cell"]) for row in csv.DictReader(file)}
    found = set()
    nothing: list[object] = []
    for book in sorted((before / "DISARM_MASTER_DATA").glob("*.xlsx")):
        name = book.relative_to(before).as_posix()
        old, new = CalamineWorkbook.from_path(str(book)), CalamineWorkbook.from_path(str(after / name))
        assert old.sheet_names == new.sheet_names
        for sheet in old.sheet_names:
            one, other = (each.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for each in (old, new))
            for row, (left, right) in enumerate(itertools.zip_longest(one, other, fillvalue=nothing), 1):
                cells = enumerate(itertools.zip_longest(left, right, fillvalue=""))
                found |= {(name, sheet, f"{column_letters(at)}{row}") for at, (was, now) in cells if was != now}
    assert found == listed


def _the_patch_mends_the_pages_as_published(folder: Path, tmp_path: Path) -> None:
    if shutil.which("git") is None:
        return
    copy = tmp_path / "published"
    shutil.copytree(folder / "generated_pages", copy / "generated_pages", copy_function=shutil.copyfile)
    subprocess.run(["git", "apply", "--whitespace=nowarn", str(tmp_path / "out" / PATCH)], cwd=copy, check=True)
    left = {finding.code for finding in lint(copy, today=TODAY).findings}
    assert left.isdisjoint(
        {"date-form", "odd-blank", "repaired-id", "row-over-lines", "unbalanced-markup", "year-form"}
    )
