"""Two-column tables; the figures are counted by eye in tests/fixtures/pairs."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources.pairs import is_pairs, read_pairs
from tests.sources.foreign_checks import KNOWN, assert_corpus_or_clear_error, assert_sound, codes, counts, written

FOLDER = Path(__file__).parent.parent / "fixtures/pairs"


def test_a_table_without_header_gives_incidents_with_their_techniques() -> None:
    corpus = read_pairs(FOLDER / "harbour.csv", framework=KNOWN)
    assert_sound(corpus)
    found = {item.title: [(row.technique, row.place.line) for row in item.rows] for item in corpus.incidents}
    assert found == {
        "=SUM(A1)": [("T0146", 6)],
        "Harbour Lights": [("T0146", 1), ("T0086.002", 3)],
        "I00007": [],
        "Teapot Affair": [("T0086.002", 2)],
    }
    assert "I00007" in {item.identifier for item in corpus.incidents}
    # Eight rows: four stored; one twice, one unknown, one empty cell, one with three cells.
    assert counts(corpus, "technique_rows") == (4, 0, 4)
    assert codes(corpus) == {
        "name-differs": ["harbour.csv:2"],
        "duplicate-row": ["harbour.csv:4"],
        "unknown-technique": ["harbour.csv:5"],
        "formula-cell": ["harbour.csv:6"],
        "bad-row": ["harbour.csv:7", "harbour.csv:8"],
    }


def test_a_table_with_header_tabs_names_and_a_byte_order_mark_is_read() -> None:
    corpus = read_pairs(FOLDER / "header.tsv", framework=KNOWN)
    found = {item.title: [row.technique for row in item.rows] for item in corpus.incidents}
    assert found == {
        "Harbour Lights": ["T0146"],
        'Teapot "Affair"': ["T0086.002"],
        "Teapot": ["T0146", "T0002"],
    }
    # Stored: one by name, two ids of one cell; repaired: t0086.002; reported: a name nobody has.
    assert counts(corpus, "technique_rows") == (3, 1, 1)
    assert codes(corpus) == {"unknown-technique": ["header.tsv:4"]}


def test_of_a_wider_table_the_two_columns_that_its_header_names_are_read(tmp_path: Path) -> None:
    text = "year,Technique ID,note,incident\n2020,T0146,a,Tea\n2021,T0002,b,Tea\n,T0146\n"
    path = written(text, tmp_path, "given.csv")
    assert is_pairs(path)
    corpus = read_pairs(path, framework=KNOWN)
    assert_sound(corpus)
    assert {item.title: [row.technique for row in item.rows] for item in corpus.incidents} == {
        "Tea": ["T0146", "T0002"]
    }
    assert counts(corpus, "technique_rows") == (2, 0, 1)
    assert counts(corpus, "table_columns") == (2, 0, 2)
    assert codes(corpus) == {"bad-row": ["given.csv:4"], "column-not-read": ["given.csv:1", "given.csv:1"]}
    assert not is_pairs(written("incident,technique,technique\nTea,T0146,T0002\n", tmp_path, "two.csv"))


def test_disarms_own_table_of_incidents_and_techniques_is_read(tmp_path: Path) -> None:
    text = (
        "disarm_id,name,incident_id,technique_ids,summary\n"
        'IT00000901,"Buy ""reach""",I00901,"T0146, T0002",\n'
        "IT00000902,,I00901,C00155,\n"
    )
    corpus = read_pairs(written(text, tmp_path, "cross.csv"), framework=KNOWN)
    assert_sound(corpus)
    assert {item.identifier: [row.technique for row in item.rows] for item in corpus.incidents} == {
        "I00901": ["T0146", "T0002"]
    }
    assert codes(corpus)["unknown-technique"] == ["cross.csv:3"]


def test_where_ids_and_names_have_a_column_each_the_ids_count_and_the_names_are_titles(tmp_path: Path) -> None:
    text = (
        "Incident ID,Incident Name,Technique ID,Technique Name\n"
        "I00901,Harbour Lights,T0146,Account Asset\nI00901,Harbour Light,T0002,\nI00902,,T0002,\n"
    )
    path = written(text, tmp_path, "wide.csv")
    assert is_pairs(path)
    corpus = read_pairs(path, framework=KNOWN)
    assert_sound(corpus)
    assert {item.identifier: (item.title, len(item.rows)) for item in corpus.incidents} == {
        "I00901": ("Harbour Lights", 2),
        "I00902": ("I00902", 1),
    }
    assert codes(corpus) == {"title-differs": ["wide.csv:3"], "column-not-read": ["wide.csv:1"]}


def test_a_name_that_two_techniques_have_is_no_technique(tmp_path: Path) -> None:
    known = {"T0001": "Same Name", "T0002": "same name"}
    path = written("incident,technique\nA,Same Name\n", tmp_path)
    corpus = read_pairs(path, framework=known)
    assert [str(finding) for finding in corpus.findings] == [
        "given.json:2: the name 'Same Name' is that of T0001 and T0002; write the id"
    ]


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("A,T0146\n", True),
        ("T0146;A\n", True),
        ("incident\ttechnique\n", True),
        ("Technique,Incident\nAccount Asset,A\n", True),
        ("A,T0146,1\n", False),
        ("A,B\n", False),
        ("# Incident I00001: A, T0146\n", False),
        ('{"a": 1,"T0146": 2}', False),
        ('"A,T0146\n', False),
        ("", False),
        ("A,T01466\n", False),
    ],
)
def test_a_table_of_pairs_is_known_by_its_content(tmp_path: Path, text: str, known: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_pairs(written(text, tmp_path, "any.txt")) is known


def test_both_columns_of_a_header_row_are_found_in_either_order(tmp_path: Path) -> None:
    left = read_pairs(written("technique,campaign\nT0146,A\n", tmp_path))
    right = read_pairs(written("campaign,technique\nA,T0146\n", tmp_path))
    assert [item.rows[0].technique for item in (*left.incidents, *right.incidents)] == ["T0146", "T0146"]
    assert [item.title for item in (*left.incidents, *right.incidents)] == ["A", "A"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ('A,T0146\n"B,T0002\n', "given.csv:2: a quote is opened here and never closed"),
        ('A,T0146\n"B"x,T0002\n', "given.csv:2: no CSV"),
        ("A,T0146\n" + "x," * 100_000 + "\n", "given.csv:2: 100,001 cells in one record; at most 5,000"),
        ("A,T0146\n" + "x" * 200_000 + ",T0002\n", "given.csv:2: a cell of more than 128 kB"),
        (b"A,T0146\nB,\x00\n", "given.csv:2: holds a NUL byte"),
        ("", "given.csv: holds no row"),
        ("A,B\n", "given.csv:1: neither column holds technique ids"),
    ],
)
def test_damaged_tables_are_refused_with_file_and_line(tmp_path: Path, data: bytes | str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_pairs(written(data, tmp_path, "given.csv"))
    assert str(caught.value).startswith(message)


_TITLES = st.text(alphabet='aé ",;\t\n=', min_size=1, max_size=6).map(lambda text: "x" + text)
_IDS = st.sampled_from([*KNOWN, "T0999"])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(_TITLES, _IDS), min_size=1, max_size=12), st.sampled_from([",", ";", "\t"]))
def test_no_pair_of_any_table_vanishes(pairs: list[tuple[str, str]], delimiter: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([("incident", "technique"), *pairs])
    with tempfile.TemporaryDirectory() as folder:
        corpus = read_pairs(written(file.getvalue(), Path(folder)), framework=KNOWN)
    expected = {(" ".join(title.split()), technique) for title, technique in pairs if technique in KNOWN}
    assert {(item.title, row.technique) for item in corpus.incidents for row in item.rows} == expected
    assert counts(corpus, "technique_rows") == (len(expected), 0, len(pairs) - len(expected))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='AT0146.2,;\t"\n\r= \u2028\ud800', max_size=80))
def test_any_bytes_are_a_sound_corpus_or_a_clear_error(data: bytes | str) -> None:
    assert_corpus_or_clear_error(read_pairs, data)


@pytest.mark.parametrize(
    "text",
    [
        "incident;technique\r\nNight;T0146\r\n",
        "incident|technique\nNight|T0146\n",
        "sep=;\r\nincident;technique\r\nNight;T0146\r\n",
        '"sep=|"\nincident|technique\nNight|T0146\n',
        "\ufeffincident\ttechnique\nNight\tT0146\n",
        "incident,technique\rNight,T0146\r",
    ],
)
def test_cells_are_parted_as_the_tool_that_wrote_the_table_parts_them(text: str, tmp_path: Path) -> None:
    path = written(text, tmp_path, "pairs.csv")
    assert is_pairs(path)
    corpus = read_pairs(path, framework=KNOWN)
    assert [(item.title, [row.technique for row in item.rows]) for item in corpus.incidents] == [("Night", ["T0146"])]
    assert corpus.findings == ()


def test_lines_are_counted_from_the_line_that_says_what_parts_cells(tmp_path: Path) -> None:
    corpus = read_pairs(written("sep=;\nNight;T0146\nDay;T9999\n", tmp_path, "p.csv"), framework=KNOWN)
    assert codes(corpus) == {"unknown-technique": ["p.csv:3"]}
