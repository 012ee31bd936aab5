"""Cells changed in place, in every form a cell can have."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linting.xlsx import edit_workbook
from kg.sources.workbook import parse_workbook
from tests.sources import xlsx

FORMATTED = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si>'
    "<r><rPr><b/></rPr><t>\u00a0bold &amp; </t></r><r><t>plain </t></r></si></sst>"
)


def _cells(data: bytes, sheet: str = "s") -> dict[tuple[int, int], str]:
    book = parse_workbook(data, "b.xlsx")
    found = book.sheet(sheet)
    assert found is not None
    heads = {(found.header_row, place): title for place, title in enumerate(found.titles)}
    return heads | {(row.number, place): cell for row in found.rows for place, cell in enumerate(row.cells)}


def test_shared_inline_number_and_date_cells_are_written() -> None:
    rows: list[list[xlsx.Cell]] = [["disarm_id", "a", "b"], ["I1", 3.5, dt.date(2020, 1, 2)], ["I1", True, "x"]]
    data, written = edit_workbook(xlsx.workbook({"s": rows}), {"s": {"A2": "I2", "B2": "<&>", "C2": "", "B3": " y\n"}})
    assert written == {"s": {"A2": "I2", "B2": "<&>", "C2": "", "B3": " y\n"}}
    cells = _cells(data)
    # The first shares its string with the cell below, which keeps it.
    assert (cells[2, 0], cells[2, 1], cells[2, 2]) == ("I2", "<&>", "")
    assert (cells[3, 0], cells[3, 1], cells[3, 2]) == ("I1", " y\n", "x")
    again, _ = edit_workbook(data, {"s": {"B2": "once more"}})
    assert _cells(again)[2, 1] == "once more"


def test_cells_and_rows_that_are_not_there_are_added_in_their_order() -> None:
    xml = xlsx.wrapped(
        '<row r="1"><c r="A1" t="inlineStr"><is><t>disarm_id</t></is></c><c r="C1"><v>1</v></c></row>'
        '<row r="3"/><row r="9" spans="1:2"><c r="B9"><v>2</v></c></row>'
    )
    changes = {"A3": "three", "A9": "nine", "B1": "one", "A5": "five", "A12": "twelve", "C9": "end"}
    data, written = edit_workbook(xlsx.archive({"s": xml}), {"s": changes})
    assert written == {"s": changes}
    cells = _cells(data)
    assert [cells[1, 0], cells[1, 1], cells[1, 2]] == ["disarm_id", "one", "1"]
    assert [cells[number, 0] for number in (3, 5, 9, 12)] == ["three", "five", "nine", "twelve"]
    assert [cells[9, 1], cells[9, 2]] == ["2", "end"]


def test_a_formula_is_never_written_over() -> None:
    xml = xlsx.wrapped('<row r="1"><c r="A1"><f>B1&amp;"x"</f><v>7</v></c></row>')
    before = xlsx.archive({"s": xml})
    data, written = edit_workbook(before, {"s": {"A1": "no"}})
    assert written == {"s": {}}
    assert data == edit_workbook(before, {})[0]


def test_the_runs_of_a_formatted_text_keep_their_form() -> None:
    xml = xlsx.wrapped('<row r="1"><c r="A1" s="1" t="s"><v>0</v></c></row>')
    data, _ = edit_workbook(xlsx.archive({"s": xml}, FORMATTED), {"s": {"A1": "bold & plain"}})
    assert _cells(data)[1, 0] == "bold & plain"
    sheet = _part(data, "xl/worksheets/sheet1.xml")
    assert '<r><rPr><b/></rPr><t xml:space="preserve">bold &amp; </t></r>' in sheet
    assert '<c r="A1" s="1" t="inlineStr">' in sheet


def _part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name).decode()


def test_names_of_sheets_are_found_whatever_they_hold() -> None:
    data = xlsx.workbook({'a "b" & <c>': [["disarm_id"], ["I1"]], "s": [["disarm_id"], ["I1"]]})
    data, written = edit_workbook(data, {'a "b" & <c>': {"A2": "I2"}, "nothing": {"A1": "x"}})
    assert written == {'a "b" & <c>': {"A2": "I2"}}
    assert (_cells(data, 'a "b" & <c>')[2, 0], _cells(data)[2, 0]) == ("I2", "I1")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=40))
def test_every_text_that_xml_can_hold_is_read_back(text: str) -> None:
    data, _ = edit_workbook(xlsx.workbook({"s": [["disarm_id", "name"], ["I1", "old"]]}), {"s": {"B2": text}})
    assert _cells(data).get((2, 1), "") == text


@pytest.mark.parametrize("value", ["a\x00b", "a\ud800b"])
def test_what_xml_cannot_hold_is_left_out(value: str) -> None:
    data, _ = edit_workbook(xlsx.workbook({"s": [["disarm_id"], ["I1"]]}), {"s": {"A2": value}})
    assert _cells(data)[2, 0] == "ab"
