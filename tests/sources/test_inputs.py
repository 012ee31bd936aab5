"""What people bring: other encodings, spreadsheets' days and commas, workbooks of their own, folders of workbooks."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from kg.errors import SourceError
from kg.sources import read_source
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

PAIRS = "incident,technique\nHarbour,T0146\nFerry,T0097\n"
INCIDENTS: list[list[xlsx.Cell]] = [
    ["disarm_id", "name", "year_started", "when_added", "urls"],
    ["I00901", "Harbour", 42370.0, 45292.0, "https://news.example/a"],
]


def _uses(corpus: Corpus) -> list[tuple[str, list[str]]]:
    return sorted((item.title, [row.technique for row in item.rows]) for item in corpus.incidents)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "cp1252"])
def test_a_table_is_read_in_the_encoding_it_has(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(PAIRS.replace("Ferry", "Fähre").encode(encoding))
    corpus = read_source(path)
    assert _uses(corpus) == [("Fähre", ["T0097"]), ("Harbour", ["T0146"])]
    assert [item.code for item in corpus.findings] == ["encoding"]


def test_a_nul_within_a_text_is_still_told(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(PAIRS.replace("Ferry", "Fer\x00ry").encode())
    with pytest.raises(SourceError, match=r"x\.csv:3: holds a NUL byte"):
        read_source(path)


def test_days_and_years_that_are_serial_numbers_are_read_and_told(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    urls: list[list[xlsx.Cell]] = [["url_id", "pub_date"], ["https://news.example/a", 43466.0]]
    path.write_bytes(xlsx.workbook({"incidents": INCIDENTS, "urls": urls}))
    corpus = read_source(path)
    (incident,) = corpus.incidents
    # Excel shows 42370 as 2016-01-01, 45292 as 2024-01-01 and 43466 as 2019-01-01.
    assert (incident.year_started, incident.date_added) == (2016, dt.date(2024, 1, 1))
    assert incident.references[0].published == dt.date(2019, 1, 1)
    told = sorted(item.message for item in corpus.findings if item.code == "repaired-date")
    assert told == ["'42370' is read as 2016", "'43466' is read as 2019-01-01", "'45292' is read as 2024-01-01"]


def test_a_matrix_with_decimal_commas_and_days_for_years_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    rows = "A;2016,0;1,0;0,0\nB;01.02.2017;0,0;1,0\nC;43466;1,0;0\nD;soon;0;1\n"
    path.write_text(f"incident;year;T0146_Account;T0097_Persona\n{rows}", encoding="utf-8")
    corpus = read_source(path)
    assert _uses(corpus) == [("A", ["T0146"]), ("B", ["T0097"]), ("C", ["T0146"]), ("D", ["T0097"])]
    assert sorted((item.title, item.year_started) for item in corpus.incidents) == [
        ("A", 2016),
        ("B", 2017),
        ("C", 2019),
        ("D", None),
    ]
    (line,) = [line for line in corpus.ledger if line.kind == "year_fields"]
    assert (line.read, line.stored, line.repaired, line.reported) == (4, 1, 2, 1)


@pytest.mark.parametrize(
    "rows",
    [
        [["incident", "technique"], ["Harbour", "T0146"], ["Ferry", "T0097"]],
        [["incident", "T0146_Account Asset", "T0097_Present Persona"], ["Harbour", 1, 0], ["Ferry", 0, 1]],
    ],
)
def test_a_workbook_of_ones_own_is_read_like_its_table(rows: list[list[xlsx.Cell]], tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(xlsx.workbook({"Notes": [["a note"], ["another"]], "Table": rows}))
    corpus = read_source(path)
    assert _uses(corpus) == [("Ferry", ["T0097"]), ("Harbour", ["T0146"])]
    (line,) = [line for line in corpus.ledger if line.kind == "workbook_unread_rows"]
    assert (line.read, line.reported) == (2, 2)
    assert any(item.code == "unread-sheet" and item.place.sheet == "Notes" for item in corpus.findings)


def test_a_folder_of_workbooks_is_read_as_one(tmp_path: Path) -> None:
    rows: list[list[xlsx.Cell]] = [["disarm_id", "incident_id", "technique_ids"], ["IT1", "I00901", "T0146"]]
    (tmp_path / "a.xlsx").write_bytes(xlsx.workbook({"incidents": INCIDENTS}))
    (tmp_path / "b.xlsx").write_bytes(xlsx.workbook({"incidenttechniques": rows}))
    (tmp_path / "~$a.xlsx").write_bytes(b"x")
    corpus = read_source(tmp_path)
    assert [[row.techniques for row in item.workbook_rows] for item in corpus.incidents] == [[("T0146",)]]
    (line,) = [line for line in corpus.ledger if line.kind == "files"]
    assert (line.read, line.stored) == (2, 2)


def test_a_sheet_without_its_columns_is_told_with_those_it_has(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    wrong: list[list[xlsx.Cell]] = [["Nr", "Titel"], ["I00901", "Hafen"]]
    path.write_bytes(xlsx.workbook({"incidents": wrong}))
    with pytest.raises(SourceError, match=r"'incidents' lacks the column disarm_id \(it has Nr, Titel\); name the"):
        read_source(path)
    path.write_bytes(xlsx.workbook({"incidents": INCIDENTS, "tactics": wrong}))
    (told,) = [item for item in read_source(path).findings if item.code == "missing-column"]
    assert told.message == "the sheet 'tactics' lacks the column disarm_id (it has Nr, Titel)"


def test_what_is_no_table_in_a_workbook_is_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_bytes(xlsx.workbook({"Notes": [["a note"]]}))
    with pytest.raises(
        SourceError, match=r"no sheet of DISARM \(it has Notes\); .* the columns incident and technique"
    ):
        read_source(path)


def _layer(name: str, technique: str, domain: str = "DISARM") -> dict[str, object]:
    return {"name": name, "versions": {"layer": "4.5"}, "domain": domain, "techniques": [{"techniqueID": technique}]}


def test_a_list_of_layers_is_an_incident_each_and_what_is_none_is_told(tmp_path: Path) -> None:
    path = tmp_path / "layers.json"
    layers = [_layer("Harbour", "T0146"), _layer("Harbour", "T0097"), _layer("Other", "T1001", "enterprise-attack"), 7]
    path.write_text(json.dumps(layers), encoding="utf-8")
    corpus = read_source(path)
    assert _uses(corpus) == [("Harbour", ["T0097"]), ("Harbour", ["T0146"])]
    assert len({item.identifier for item in corpus.incidents}) == 2
    (line,) = [line for line in corpus.ledger if line.kind == "layers"]
    assert (line.read, line.stored, line.reported) == (4, 2, 2)
    assert sorted(item.code for item in corpus.findings) == ["bad-row", "bad-row", "duplicate-incident"]
    path.write_text(json.dumps([_layer("Other", "T1001", "enterprise-attack")] * 2), encoding="utf-8")
    with pytest.raises(SourceError, match="none of its 2 layers is one of DISARM; the domain of the layer is 'enterpr"):
        read_source(path)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old .xls"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument"),
    ],
)
def test_spreadsheets_that_are_not_read_are_named_with_a_remedy(data: bytes, what: str, tmp_path: Path) -> None:
    path = tmp_path / "book.xls"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=rf"book\.xls: is {what}.*save it as \.xlsx or CSV"):
        read_source(path)


def test_plain_objects_in_json_are_refused_with_a_remedy(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('{"incidents": [{"title": "Harbour", "techniques": ["T0146"]}]}', encoding="utf-8")
    with pytest.raises(SourceError, match="plain objects go into such a CSV"):
        read_source(path)
