"""``--fix``: the corrected copy, its patch, and what is left alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from kg.errors import OutputError, SourceError, UnknownNameError
from kg.linting import lint
from kg.linting.copying import CELLS, PATCH
from kg.linting.fixes import FIXED
from kg.linting.mending import mend
from kg.sources.workbook import read_workbook
from tests.linting.clean import DATA, FRAMEWORKS, PAGES, TEXTS, URLS, Draft, draft, page_only
from tests.linting.test_rules import PLANTS

if TYPE_CHECKING:
    from pathlib import Path

TODAY = dt.date(2026, 1, 31)
BLANK = "# Incident I00009: \n\n* **Summary:** \n\n* **incident type**: \n"


def _planted(*codes: str) -> Draft:
    release = draft()
    for code in codes:
        if code == "orphan-page":
            release.files[f"{PAGES}incidents/I00009.md"] = BLANK
        else:
            PLANTS[code].change(release)
    return release


@pytest.mark.parametrize("code", sorted(FIXED.keys() - {"suspect-placement"}))
def test_what_is_mended_is_not_found_in_the_copy_and_nothing_else_is(code: str, tmp_path: Path) -> None:
    folder = _planted(code).write(tmp_path / "before")
    assert lint(folder, today=TODAY).of(code)
    mending = mend(folder, tmp_path / "after", today=TODAY)
    assert mending.left.of(code) == ()
    before = {finding.code for finding in lint(folder, today=TODAY).findings}
    # A reference that comes back has no archived copy yet: that was true before, and nobody could see it.
    assert {finding.code for finding in mending.left.findings} <= before | {"not-archived", "missing-id"}
    assert mending.found[code] > 0


@pytest.mark.parametrize("code", sorted(FIXED))
def test_mending_twice_is_mending_once(code: str, tmp_path: Path) -> None:
    folder = _planted(code).write(tmp_path / "before")
    mend(folder, tmp_path / "once", today=TODAY)
    again = mend(tmp_path / "once", tmp_path / "twice", today=TODAY)
    assert (again.files, again.patch, again.cells) == ([], b"", [])
    for path in (tmp_path / "once").rglob("*"):
        if path.is_file() and path.name not in {PATCH, CELLS}:
            assert (tmp_path / "twice" / path.relative_to(tmp_path / "once")).read_bytes() == path.read_bytes()


def test_a_column_that_slid_is_put_back_in_workbook_and_pages(tmp_path: Path) -> None:
    folder = _planted("placement-restored").write(tmp_path / "before")
    # The rows of incidents 3 to 12 tell tales 2 to 11.
    assert len(lint(folder, today=TODAY).of("suspect-placement")) == 10
    mending = mend(folder, tmp_path / "after", today=TODAY)
    assert mending.left.of("suspect-placement") == ()
    sheet = read_workbook(tmp_path / "after" / DATA).sheet("incidenttechniques")
    assert sheet is not None
    tales = {row["incident_id"]: row["name"].partition(" (")[0] for row in sheet.rows if row["incident_id"]}
    assert tales == {f"I{number:05d}": f"Tale {number}" for number in (1, *range(3, 13))}
    for number in range(3, 13):
        page = (tmp_path / "after" / PAGES / f"incidents/I{number:05d}.md").read_text(encoding="utf-8")
        assert f"| Tale {number} (T01{number:02d}: Tell Tale {number}). |" in page
    # The second tale has no row of its own any more: it is kept in the list of cells.
    cells = (tmp_path / "after" / CELLS).read_text(encoding="utf-8")
    assert "B3,Tale 2 (T0102: Tell Tale 2).,Tale 3 (T0103: Tell Tale 3)." in cells


def test_a_second_description_of_a_pair_comes_back_beside_the_first(tmp_path: Path) -> None:
    folder = _planted("dropped-description").write(tmp_path / "before")
    mend(folder, tmp_path / "after", today=TODAY)
    page = (tmp_path / "after" / PAGES / "incidents/I00001.md").read_text(encoding="utf-8")
    assert page.count("| [T0002 Post Pictures]") == 2
    assert "| More pictures were posted (T0002: Post Pictures). |" in page


def _many() -> Draft:
    release = _planted("unbalanced-markup", "odd-blank", "year-form", "row-over-lines", "orphan-page", "dropped-pair")
    release.files[f"{PAGES}incidents/I 0 9.md"] = BLANK.replace("I00009", "I00019")
    # Line ends of other systems, and a page without a last line end.
    name = f"{PAGES}techniques/T0002.md"
    release.files[name] = release.files[name].replace("by day", "by\u00a0day").replace("\n", "\r\n")
    return release


@pytest.mark.parametrize("tool", ["git apply", "patch"])
def test_the_patch_gives_the_same_bytes(tool: str, tmp_path: Path) -> None:
    program = tool.partition(" ")[0]
    if shutil.which(program) is None:
        pytest.skip(f"no {program} on this machine")
    folder = _many().write(tmp_path / "before")
    mend(folder, tmp_path / "after", today=TODAY)
    commands = {
        "git apply": ["git", "apply", "--whitespace=nowarn", str(tmp_path / "after" / PATCH)],
        "patch": ["patch", "-s", "-p1", "--binary", "-i", str(tmp_path / "after" / PATCH)],
    }
    subprocess.run(commands[tool], cwd=folder, check=True)
    patched = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.md")}
    mended = {path.relative_to(tmp_path / "after"): path.read_bytes() for path in (tmp_path / "after").rglob("*.md")}
    assert patched == mended
    assert len(patched) == len(_many().files) - 2


def test_the_rows_that_come_back_stand_where_the_workbook_has_them(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidenttechniques", "D2", "T0001.002, T0001.001, T0002")
    mending = mend(release.write(tmp_path / "before"), tmp_path / "after", today=TODAY)
    page = (tmp_path / "after" / PAGES / "incidents/I00001.md").read_text(encoding="utf-8")
    rows = [line for line in page.split("\n") if line.startswith("| [T")]
    assert [row[3:12] for row in rows] == ["T0001.002", "T0001.001", "T0002 Pos"]
    assert rows[0] == (
        "| [T0001.002 Write Open Letters](../../generated_pages/techniques/T0001.002.md) | " + TEXTS["I00001"] + " |"
    )
    technique = (tmp_path / "after" / PAGES / "techniques/T0001.002.md").read_text(encoding="utf-8")
    assert "| [I00001 The suitor of Port Vale](../../generated_pages/incidents/I00001.md) | The suitor" in technique
    assert mending.cells == [
        (DATA, "incidenttechniques", "D2", "T0001.002, T0001.001, T0002", "T0001.002,T0001.001,T0002")
    ]


def test_a_description_that_tags_nothing_of_its_row_does_not_come_back_with_it(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidenttechniques", "A4", "IT00000003")
    release.cell(DATA, "incidenttechniques", "B4", TEXTS["I00001"])
    release.cell(DATA, "incidenttechniques", "C4", "I00002")
    release.cell(DATA, "incidenttechniques", "D4", "T0001")
    mend(release.write(tmp_path / "before"), tmp_path / "after", today=TODAY)
    page = (tmp_path / "after" / PAGES / "incidents/I00002.md").read_text(encoding="utf-8")
    assert "| [T0001 Write Letters](../../generated_pages/techniques/T0001.md) |  |" in page


def test_a_link_of_a_counter_comes_back_unless_it_stands_with_another_name(tmp_path: Path) -> None:
    release = draft()
    cell = "T0001 - Write Letters\nT0002 - Post Pictures\nT0001.001 - Sing Forged Songs"
    release.cell(FRAMEWORKS, "countermeasures", "I2", cell)
    mending = mend(release.write(tmp_path / "before"), tmp_path / "after", today=TODAY)
    left = mending.left.of("dropped-link")
    assert [(item.about, item.fix) for item in left] == [
        (
            ("C00001", "T0001.001"),
            "it stands with the name 'Sing Forged Songs': say which is meant, then make the page anew",
        )
    ]
    counter = (tmp_path / "after" / PAGES / "counters/C00001.md").read_text(encoding="utf-8")
    rows = [line for line in counter.split("\n") if line.startswith("| [T")]
    assert rows == [
        "| [T0001 Write Letters](../../generated_pages/techniques/T0001.md) |",
        "| [T0002 Post Pictures](../../generated_pages/techniques/T0002.md) |",
    ]
    technique = (tmp_path / "after" / PAGES / "techniques/T0002.md").read_text(encoding="utf-8")
    assert "| [C00001 Answer letters](../../generated_pages/counters/C00001.md) | D01 |" in technique


def test_a_reference_comes_back_to_its_sheet_and_to_its_page(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidents", "H2", f"{URLS['I00001']} https://other.example/a")
    mending = mend(release.write(tmp_path / "before"), tmp_path / "after", today=TODAY)
    assert mending.cells == [(DATA, "urls", "A4", "", "https://other.example/a")]
    sheet = read_workbook(tmp_path / "after" / DATA).sheet("urls")
    assert sheet is not None
    assert [(row.number, row["url_id"]) for row in sheet.rows][-1] == (4, "https://other.example/a")
    page = (tmp_path / "after" / PAGES / "incidents/I00001.md").read_text(encoding="utf-8")
    assert "| [https://other.example/a](https://other.example/a) |  |  |  |  |\n" in page
    assert mending.left.of("dropped-reference") == ()


def test_all_other_parts_and_cells_of_a_workbook_stay_as_they_are(tmp_path: Path) -> None:
    folder = _planted("id-blanks", "outer-blanks").write(tmp_path / "before")
    mend(folder, tmp_path / "after", today=TODAY)
    assert (tmp_path / "after" / FRAMEWORKS).read_bytes() == (folder / FRAMEWORKS).read_bytes()
    with zipfile.ZipFile(folder / DATA) as old, zipfile.ZipFile(tmp_path / "after" / DATA) as new:
        assert [item.filename for item in old.infolist()] == [item.filename for item in new.infolist()]
        changed = {name for name in old.namelist() if old.read(name) != new.read(name)}
    assert changed == {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet3.xml"}
    before, after = read_workbook(folder / DATA), read_workbook(tmp_path / "after" / DATA)
    different = [
        (one.name, row.number)
        for one, other in zip(before.sheets, after.sheets, strict=True)
        for row, same in zip(one.rows, other.rows, strict=True)
        if row.cells != same.cells
    ]
    assert different == [("incidents", 2), ("incidenttechniques", 2)]
    rows = list(csv.reader(io.StringIO((tmp_path / "after" / CELLS).read_text(encoding="utf-8"))))
    assert [row[1:3] for row in rows[1:]] == [["incidents", "B2"], ["incidenttechniques", "A2"]]


def test_a_page_alone_and_a_workbook_alone_are_mended(tmp_path: Path) -> None:
    page = tmp_path / "I00001.md"
    page.write_text(page_only().replace("** 2019", "** 2019.0"), encoding="utf-8")
    mend(page, tmp_path / "mended.md", today=TODAY)
    assert (tmp_path / "mended.md").read_text(encoding="utf-8") == page_only()
    assert b"-* **Year started:** 2019.0\n+* **Year started:** 2019\n" in (tmp_path / "mended.md.patch").read_bytes()
    mend(page, tmp_path / "folder", today=TODAY)
    assert (tmp_path / "folder/I00001.md").read_text(encoding="utf-8") == page_only()
    book = _planted("id-blanks").write(tmp_path / "release") / DATA
    assert mend(book, tmp_path / "mended.xlsx", today=TODAY).left.of("id-blanks") == ()
    assert "incidenttechniques,A2" in (tmp_path / "mended.xlsx.cells.csv").read_text(encoding="utf-8")


def test_ids_run_together_in_a_cell_are_told_there_and_parted(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidenttechniques", "D2", "T0001.001. T00002,T0002:001 Nothing, T0001")
    folder = release.write(tmp_path / "before")
    found = [(str(item.place), item.fix) for item in lint(folder, today=TODAY).of("repaired-id")]
    place = f"{DATA}[incidenttechniques]:D2"
    # T0002.001 does not exist, so that is a fault of another kind.
    assert found == [(place, "write T0001.001,T0002"), (place, "write T0001.001,T0002")]
    mending = mend(folder, tmp_path / "after", today=TODAY)
    assert mending.left.of("repaired-id") == ()
    # The last blank goes because pages are made by splitting at the comma. One line for the cell, over all rounds.
    before, after = "T0001.001. T00002,T0002:001 Nothing, T0001", "T0001.001,T0002,T0002:001 Nothing,T0001"
    assert mending.cells == [(DATA, "incidenttechniques", "D2", before, after)]


def test_only_what_is_selected_is_mended(tmp_path: Path) -> None:
    folder = _planted("odd-blank", "year-form").write(tmp_path / "before")
    mending = mend(folder, tmp_path / "after", select=["odd-blank"], today=TODAY)
    assert {finding.code for finding in mending.left.findings} == {"year-form"}
    mending = mend(folder, tmp_path / "other", ignore=["odd-blank"], today=TODAY)
    assert {finding.code for finding in mending.left.findings} == {"odd-blank"}
    notes = {code: note for code, _, _, note in mending.account()}
    assert notes["year-form"] == "mended"
    with pytest.raises(UnknownNameError):
        mend(folder, tmp_path / "third", select=["nothing"])


def test_the_source_is_never_written_and_a_target_never_overwritten(tmp_path: Path) -> None:
    folder = _many().write(tmp_path / "before")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    (tmp_path / "there").mkdir()
    with pytest.raises(OutputError, match="exists already"):
        mend(folder, tmp_path / "there")
    with pytest.raises(OutputError, match="lies inside the source"):
        mend(folder, folder / "mended")
    with pytest.raises(OutputError, match="does not exist; make it first"):
        mend(folder, tmp_path / "no" / "mended")
    with pytest.raises(SourceError, match="does not exist"):
        mend(tmp_path / "nothing", tmp_path / "mended")
    mend(folder, tmp_path / "after")
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


def test_a_link_out_of_the_source_is_not_followed(tmp_path: Path) -> None:
    folder = _planted("odd-blank").write(tmp_path / "before")
    secret = tmp_path / "secret.md"
    secret.write_text("# Incident I00077: Secret\u00a0\n", encoding="utf-8")
    (folder / PAGES / "incidents/I00077.md").symlink_to(secret)
    mend(folder, tmp_path / "after", today=TODAY)
    assert not (tmp_path / "after" / PAGES / "incidents/I00077.md").exists()
    assert secret.read_text(encoding="utf-8") == "# Incident I00077: Secret\u00a0\n"
    assert b"I00077" not in (tmp_path / "after" / PATCH).read_bytes()


def test_a_page_that_is_no_utf_8_is_left_alone(tmp_path: Path) -> None:
    release = _planted("odd-blank")
    release.page("incidents/I00001.md", "suitor of", "s\udcfcitor\u00a0of")
    folder = release.write(tmp_path / "before")
    mending = mend(folder, tmp_path / "after", today=TODAY)
    assert mending.files == [f"{PAGES}incidents/I00002.md"]
    assert {finding.code for finding in mending.left.findings} >= {"encoding", "odd-blank"}


@pytest.mark.parametrize("error", [KeyError("xl/workbook.xml"), ValueError("no UTF-8"), zipfile.BadZipFile("cut")])
def test_a_workbook_whose_parts_cannot_be_written_is_left_alone_and_the_rest_is_mended(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr("kg.linting.mending.edit_workbook", refuse)
    folder = _planted("id-blanks", "odd-blank").write(tmp_path / "before")
    mending = mend(folder, tmp_path / "after", today=TODAY)
    assert (tmp_path / "after" / DATA).read_bytes() == (folder / DATA).read_bytes()
    assert (len(mending.left.of("id-blanks")), mending.left.of("odd-blank")) == (1, ())
