"""Workbooks: what their cells say, and what strangers can put in them."""

from __future__ import annotations

import datetime as dt
import random
import tracemalloc
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.model import Place
from kg.sources.workbook import cell_text, column_key, is_workbook, parse_workbook, read_workbook
from kg.sources.workbook_limits import MAX_CELLS, extent, without_blank_tails
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

HEADER: list[xlsx.Cell] = ["disarm_id", "name", "year_started"]


def test_cells_are_text_and_rows_keep_the_number_a_spreadsheet_shows() -> None:
    rows: list[list[xlsx.Cell]] = [
        HEADER,
        ["I00001", "Ghost story", 2016.0],
        [],
        ["I00002", "  Two\u00a0", dt.date(2019, 3, 31)],
    ]
    book = parse_workbook(xlsx.workbook({"incidents": rows}), "data.xlsx")
    (sheet,) = book.sheets
    assert (sheet.name, sheet.columns, sheet.header_row) == ("incidents", tuple(HEADER), 1)
    assert [(row.number, row["year_started"]) for row in sheet.rows] == [(2, "2016"), (4, "2019-03-31")]
    assert (sheet.rows[1].raw("name"), sheet.rows[1]["name"], sheet.rows[1]["nothing"]) == ("  Two\u00a0", "Two", "")
    assert str(book.place(sheet, sheet.rows[1])) == "data.xlsx[incidents]:4"


def test_the_row_with_the_id_column_names_the_columns_however_it_is_spelt() -> None:
    rows: list[list[xlsx.Cell]] = [["A list of incidents"], [], [" DISARM ID ", "Name"], ["I00001", "Ghost story"]]
    (sheet,) = parse_workbook(xlsx.workbook({"incidents": rows}), "data.xlsx").sheets
    assert (sheet.columns, sheet.titles, sheet.header_row) == (("disarm_id", "name"), (" DISARM ID ", "Name"), 3)
    assert sheet.rows[0]["disarm_id"] == "I00001"


def test_a_sheet_knows_in_which_column_it_begins() -> None:
    rows: list[list[xlsx.Cell]] = [[None, None, "disarm_id", "name"], [None, None, "I00001", "Ghost story"]]
    (sheet,) = parse_workbook(xlsx.workbook({"incidents": rows}), "data.xlsx").sheets
    assert (sheet.first_column, sheet.columns) == (2, ("disarm_id", "name"))
    assert str(Place("data.xlsx", 2, "incidents", "D2")) == "data.xlsx[incidents]:D2"


def test_of_two_columns_with_one_name_the_first_answers_and_both_are_kept() -> None:
    rows = [["disarm_id", "name", "Name", ""], ["I00001", "first", "second", "unnamed"]]
    (sheet,) = parse_workbook(xlsx.workbook({"incidents": rows}), "data.xlsx").sheets
    assert sheet.rows[0]["name"] == "first"
    assert sheet.rows[0].cells == ("I00001", "first", "second", "unnamed")
    assert sheet.rows[0][""] == ""


def test_a_sheet_is_found_whatever_its_case_and_blanks() -> None:
    book = parse_workbook(xlsx.workbook({"Incident Techniques ": [["disarm_id"]], "other": []}), "data.xlsx")
    found = book.sheet("incident_techniques")
    assert found is not None
    assert (found.name, found.rows) == ("Incident Techniques ", ())
    assert book.sheet("tasks") is None


def test_a_million_rows_of_blank_cells_cost_nothing() -> None:
    blank = "".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(3, 1_048_570, 3))
    first = '<row r="1"><c r="A1" t="inlineStr"><is><t>disarm_id</t></is></c></row>'
    data = xlsx.archive({"incidents": xlsx.wrapped(first + blank)})
    (sheet,) = parse_workbook(data, "data.xlsx").sheets
    assert (sheet.columns, sheet.rows) == (("disarm_id",), ())


@pytest.mark.parametrize(
    "tail",
    [
        '<c r="B2" s="1"/></row><row r="3"><c r="A3" s="1"/></row><row r="4" s="1"/>',
        '</row><!-- <c r="A3"></c> --><row r="3"/>',
        '</row><row r="3"><?tool </c> ?></row>',
        '</row><x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="3"><x:c r="A3"/></x:row>',
        '</row><row r="3"><c r="A3"><v></v></c><c r="B3"/></row>',
        "</row>",
    ],
)
def test_blank_rows_below_a_table_change_nothing_of_it(tail: str) -> None:
    def row(number: int, text: str, rest: str) -> str:
        return f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{text}</t></is></c>{rest}'

    data = xlsx.archive({"incidents": xlsx.wrapped(row(1, "disarm_id", "</row>") + row(2, "I00001", tail))})
    book = parse_workbook(data, "data.xlsx")
    (sheet,) = book.sheets
    assert [(line.number, line["disarm_id"]) for line in sheet.rows] == [(2, "I00001")]
    assert book.findings == ()


def test_blank_rows_are_cut_off_before_the_engine_reads_them() -> None:
    filled = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"/></row>'
    sheet = xlsx.wrapped(filled + "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(2, 9000))).encode()
    cut = without_blank_tails({"xl/worksheets/sheet1.xml": sheet})["xl/worksheets/sheet1.xml"]
    assert cut == sheet[: sheet.index(b"</c>") + 4] + b"</row></sheetData></worksheet>"


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="1048576"><c s="1" r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c r = "XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c\tr="XFD1048576"><v>1</v></c></row>',
        (
            '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576">'
            '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>'
        ),
        '<row r="1048000">' + "<c><v>1</v></c>" * 3000 + "</row>",
        '<row r="9999"><c r="A9999"><v>1</v></c></row><row r="10"><c r="XFD10"><v>1</v></c></row>',
    ],
)
def test_a_cell_far_out_is_refused_before_a_table_of_that_size_is_made(far: str) -> None:
    data = xlsx.archive({"incidents": xlsx.wrapped('<row r="1"><c r="A1"><v>1</v></c></row>' + far)})
    assert len(data) < 4000
    tracemalloc.start()
    with pytest.raises(SourceError, match=r"^data.xlsx: xl/worksheets/sheet1.xml spans [0-9,]+ rows and [0-9,]+ colum"):
        parse_workbook(data, "data.xlsx")
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()


@given(st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=6))
def test_the_measured_extent_is_never_less_than_the_rectangle_of_the_filled_cells(cells: list[tuple[int, int]]) -> None:
    letters = [_column(column) for _, column in cells]
    rows = "".join(
        f'<row r="{row}"><c r="{column}{row}"><v>1</v></c></row>'
        for (row, _), column in zip(cells, letters, strict=True)
    )
    height = max(row for row, _ in cells) - min(row for row, _ in cells) + 1
    width = max(column for _, column in cells)
    measured = extent(xlsx.wrapped(rows).encode())
    if measured == (0, 0):
        assert height * width <= MAX_CELLS
    else:
        assert measured == (height, width)


def _column(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def test_an_archive_that_unpacks_to_a_gigabyte_is_refused() -> None:
    part = b"<row></row>" * 25_000_000
    data = xlsx.packed({"xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": part})
    assert len(data) < 1_000_000
    with pytest.raises(SourceError, match=r"^data.xlsx: [0-9,]+ bytes unpack to more than 256 MB"):
        parse_workbook(data, "data.xlsx")


def test_a_long_string_repeated_in_many_cells_is_refused() -> None:
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 5001))
    shared = f"<sst><si><t>{'x' * 200_000}</t></si></sst>"
    with pytest.raises(SourceError, match=r"^data.xlsx: its cells repeat 1,00[0-9,]+ bytes of text"):
        parse_workbook(xlsx.archive({"incidents": xlsx.wrapped(cells)}, shared), "data.xlsx")


def test_a_formula_without_a_value_and_an_error_value_are_reported_with_their_cells() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>disarm_id</t></is></c></row>'
        '<row r="2"><c r="A2"><f>1+1</f></c></row><row r="3"><c r="A3" t="e"><v>#REF!</v></c></row>'
        '<row r="4"><c r="A4"><f>1+1</f><v>2</v></c></row>'
    )
    book = parse_workbook(xlsx.archive({"incidents": xlsx.wrapped(rows)}), "data.xlsx")
    assert [(str(item.place), item.message.partition(":")[2]) for item in book.findings] == [
        ("data.xlsx:2", " A2 of xl/worksheets/sheet1.xml"),
        ("data.xlsx:3", " A3 of xl/worksheets/sheet1.xml"),
    ]
    assert [row["disarm_id"] for row in book.sheets[0].rows if row["disarm_id"].isdigit()] == ["2"]


def test_a_sheet_that_is_no_xml_costs_only_itself() -> None:
    good = xlsx.wrapped('<row r="1"><c r="A1" t="inlineStr"><is><t>disarm_id</t></is></c></row>')
    book = parse_workbook(xlsx.archive({"good": good, "bad": "<worksheet><sheetData><row"}), "data.xlsx")
    assert [sheet.name for sheet in book.sheets] == ["good"]
    assert [(item.code, item.place.sheet) for item in book.findings] == [("unreadable-sheet", "bad")]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is no workbook"),
        (b"disarm_id,name\n", "is no workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is locked by a password or an old .xls"),
        (b"PK\x03\x04 and then nothing", "the archive is damaged"),
        (xlsx.packed({"word/document.xml": b"<w/>"}), "is an archive without a workbook in it"),
        (xlsx.packed({"xl/workbook.xml": b"<workbook><"}), "is no workbook that can be read"),
    ],
)
def test_what_is_no_workbook_is_said_to_be_none(data: bytes, message: str) -> None:
    with pytest.raises(SourceError, match=f"^some/data.xlsx: {message}"):
        parse_workbook(data, "some/data.xlsx")


def test_a_workbook_is_known_by_what_it_holds_and_by_its_name(tmp_path: Path) -> None:
    data = xlsx.workbook({"incidents": [HEADER]})
    for name, content, expected in (
        ("a.xlsx", b"not a zip", True),
        ("b.bin", data, True),
        ("c.zip", xlsx.packed({"a.txt": b""}), False),
        ("d.bin", b"PK\x03\x04 torn", False),
        ("e.csv", b"a,b", False),
    ):
        (tmp_path / name).write_bytes(content)
        assert is_workbook(tmp_path / name) is expected, name
    assert not is_workbook(tmp_path)


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^nothing.xlsx: cannot be read \(No such file"):
        read_workbook(tmp_path / "nothing.xlsx")


def _incidents(number: int) -> list[list[xlsx.Cell]]:
    return [[f"I{n:05}", f"Incident {n}", 2000.0 + n] for n in range(number)]


def test_a_damaged_workbook_is_read_or_refused_and_nothing_else() -> None:
    rows: list[list[xlsx.Cell]] = [HEADER, *_incidents(40)]
    whole = xlsx.workbook({"incidents": rows, "tasks": [["disarm_id"], ["TK0001"]]})
    chance = random.Random(7)  # noqa: S311 - damage, not a secret
    outcomes = set()
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        try:
            parse_workbook(bytes(data[: chance.randint(len(data) // 2, len(data))]), "data.xlsx")
            outcomes.add("read")
        except SourceError as error:
            outcomes.add("refused")
            assert str(error).startswith("data.xlsx: ")  # noqa: PT017 - whether it is raised is left open
    assert "refused" in outcomes


def test_damage_inside_the_parts_is_read_or_refused_and_nothing_else() -> None:
    rows: list[list[xlsx.Cell]] = [HEADER, *_incidents(10)]
    strings: dict[str, int] = {}
    text = xlsx.sheet_xml(rows, strings)
    chance = random.Random(11)  # noqa: S311 - damage, not a secret
    for _ in range(300):
        data = bytearray(text.encode())
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.choice(b'<>/"r=019ZA& \n')
        try:
            parse_workbook(xlsx.archive({"incidents": data.decode("utf-8", "replace")}), "data.xlsx")
        except SourceError as error:
            assert str(error).startswith("data.xlsx: ")  # noqa: PT017 - whether it is raised is left open


def test_two_parts_of_one_name_are_refused() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = _with_twice()
    with pytest.raises(SourceError, match=r"holds the part 'xl/workbook.xml' twice"):
        parse_workbook(data, "data.xlsx")


def _with_twice() -> bytes:
    import io  # noqa: PLC0415 - used here alone

    buffer = io.BytesIO(xlsx.workbook({"incidents": [HEADER]}))
    with zipfile.ZipFile(buffer, "a") as file:
        file.writestr("xl/workbook.xml", b"<workbook/>")
    return buffer.getvalue()


@given(st.one_of(st.text(), st.floats(), st.booleans(), st.dates(), st.datetimes(), st.times(), st.timedeltas()))
def test_every_kind_of_cell_becomes_text(cell: object) -> None:
    assert isinstance(cell_text(cell), str)


def test_names_of_columns_share_a_key_whatever_their_form() -> None:
    assert {column_key(title) for title in ("disarm_id", "DISARM ID", " Disarm-Id\u00a0")} == {"disarm_id"}
