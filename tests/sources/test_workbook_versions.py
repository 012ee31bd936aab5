"""What master workbooks say of ids, incidents and pairs; the sheets are written here."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pytest

from kg.errors import SourceError
from kg.sources.versions import joined_digest, short_digest
from kg.sources.workbook_versions import is_workbook_release, version_of_workbooks

if TYPE_CHECKING:
    from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def write_book(path: Path, sheets: dict[str, list[list[str]]]) -> Path:
    """A workbook of inline strings, the least that is one."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>' for number, name in enumerate(sheets, 1)
    )
    related = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            "</Types>",
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r0" Type="{_OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{related}</Relationships>'
        )
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{at}">'
                + "".join(f'<c t="inlineStr"><is><t>{escape(cell)}</t></is></c>' for cell in row)
                + "</row>"
                for at, row in enumerate(rows, 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{number}.xml",
                f'<worksheet xmlns="{_MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
    return path


FRAMEWORK = {
    "techniques": [
        ["disarm_id", "name", "tactic_id", "summary"],
        ["T0001", "Boil  Water", "TA01", "It <i>boils</i>."],
        ["T0001.001", "Boil Milk", "TA01", ""],
        ["T0001", "Twice", "TA02", ""],
        ["no id", "x", "", ""],
    ]
}
DATA = {
    "incidents": [["disarm_id", "name", "summary"], ["I00001\u00a0", "Teapot panic", "A town."]],
    "incidenttechniques": [
        ["disarm_id", "name", "incident_id", "technique_ids"],
        ["IT00000001", "It was boiled.", "I00001", "T0001, T0001.001"],
        ["IT00000002", "It was boiled.", "I00001\u00a0", "T0002"],
        ["IT00000003", "Whose?", "", "T0001"],
    ],
}


def test_two_workbooks_of_a_folder_are_read_as_one_release(tmp_path: Path) -> None:
    write_book(tmp_path / "DISARM_FRAMEWORKS_MASTER.xlsx", FRAMEWORK)
    write_book(tmp_path / "DISARM_DATA_MASTER.xlsx", DATA)
    assert is_workbook_release(tmp_path)
    version = version_of_workbooks(tmp_path)
    assert [(state.identifier, state.name, state.tactic, state.parent) for state in version.states.values()] == [
        ("T0001", "Boil Water", "TA01", ""),
        ("T0001.001", "Boil Milk", "TA01", "T0001"),
    ]
    assert version.states["T0001"].digest == short_digest("It boils.")
    assert version.incidents == {"I00001": "Teapot panic"}
    # The id behind ", " counts, and so does one that does not exist: this is what the sheet says.
    assert version.pairs == {("I00001", "T0001"), ("I00001", "T0001.001"), ("I00001", "T0002")}
    assert version.digests["I00001"] == joined_digest(short_digest("A town."), [short_digest("It was boiled.")])


def test_a_workbook_of_the_framework_alone_knows_no_incidents(tmp_path: Path) -> None:
    version = version_of_workbooks(write_book(tmp_path / "x.xlsx", FRAMEWORK))
    assert (version.has_incidents, len(version.states)) == (False, 2)


@pytest.mark.parametrize(("identifier", "line"), [("T6001.002", "2-observations"), ("A0001.001", "2-assessments")])
def test_the_ids_tell_the_line(tmp_path: Path, identifier: str, line: str) -> None:
    rows = [["disarm_id", "name", "tactic_id"], [identifier, "Kettle", "TA21"]]
    assert version_of_workbooks(write_book(tmp_path / "x.xlsx", {"techniques": rows})).line == line


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no sheet 'techniques'"):
        version_of_workbooks(write_book(tmp_path / "x.xlsx", {"other": [["a", "b"], ["1", "2"]]}))


@pytest.mark.corpus
def test_the_workbook_and_the_pages_of_a_release_hold_the_same_techniques(corpus_folder: Path) -> None:
    version = version_of_workbooks(corpus_folder / "DISARM_MASTER_DATA")
    index = (corpus_folder / "generated_pages" / "techniques_index.md").read_text(encoding="utf-8")
    assert len(version.states) == index.count('<td><a href="techniques/')
