"""0/1 matrices; the figures are counted by eye in tests/fixtures/matrix."""

from __future__ import annotations

import csv
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources import read_source
from kg.sources.matrix import is_matrix, read_matrix
from tests.sources.foreign_checks import KNOWN, assert_corpus_or_clear_error, assert_sound, codes, counts, written

MATRIX = Path(__file__).parent.parent / "fixtures/matrix/teapots.csv"


def test_each_row_is_an_incident_with_title_year_countries_and_sources() -> None:
    corpus = read_matrix(MATRIX, framework=KNOWN)
    assert_sound(corpus)
    first, second, third = sorted(corpus.incidents, key=lambda incident: incident.place.line)
    assert first.title == "Election of the tea master, 2019, Society of Spouts"
    assert first.identifier.startswith("election-of-the-tea-master-2019-society-")
    assert second.title == "Second, poured election, 2020"
    assert (first.year_started, second.year_started, third.year_started) == (2019, 2020, None)
    assert [area.identifier for area in second.target_countries] == ["DE", "ES"]
    assert [area.identifier for area in second.attributed_to] == ["IT"]
    assert third.attributed_to == ()
    assert [reference.url for reference in second.references] == ["https://tea.example/b"]


def test_every_one_is_stored_repaired_or_reported() -> None:
    corpus = read_matrix(MATRIX, framework=KNOWN)
    rows = {incident.place.line: [row.technique for row in incident.rows] for incident in corpus.incidents}
    assert rows == {2: ["T0002", "T0086.002"], 3: ["T0146"], 4: ["T0086.002"]}
    # Six ones: 1 and `1, 1 and (retired) 1, 1.0 and (retired) 1.
    assert counts(corpus, "technique_rows") == (3, 1, 2)
    assert counts(corpus, "unread_cells") == (0, 0, 1)


def test_every_trap_of_a_matrix_is_a_finding_with_its_line() -> None:
    assert codes(read_matrix(MATRIX, framework=KNOWN)) == {
        "column-not-read": ["teapots.csv:1", "teapots.csv:1"],
        "repaired-cell": ["teapots.csv:2"],
        "uncertain-country": ["teapots.csv:2", "teapots.csv:3"],
        "unknown-country": ["teapots.csv:2", "teapots.csv:4"],
        "bad-address": ["teapots.csv:3", "teapots.csv:4"],
        "empty-cell": ["teapots.csv:3"],
        "unknown-technique": ["teapots.csv:3", "teapots.csv:4"],
        "bad-cell": ["teapots.csv:4"],
        "bad-year": ["teapots.csv:4"],
        "formula-cell": ["teapots.csv:4"],
    }


def test_without_a_framework_every_id_of_the_header_is_kept() -> None:
    corpus = read_matrix(MATRIX)
    assert counts(corpus, "technique_rows") == (5, 1, 0)
    assert {item.identifier: item.name for item in corpus.techniques}["T0999"] == "Gone"


def test_the_identifier_of_a_row_does_not_change_with_its_techniques(tmp_path: Path) -> None:
    head = "Name,T0002_a,T0146_b\n"
    before = read_matrix(written(head + "Tea,1,0\nTea,0,1\n", tmp_path))
    after = read_matrix(written(head + "Tea,0,1\n", tmp_path))
    assert after.incidents[0].identifier in {incident.identifier for incident in before.incidents}
    assert codes(before) == {"duplicate-incident": ["given.json:3"]}


def test_rows_that_are_too_short_or_too_long_and_columns_that_stand_twice_are_reported(tmp_path: Path) -> None:
    corpus = read_matrix(written("Name,T0002_a,T0146_b,T0002_c\nA,1\nB,1,1,1,9\n", tmp_path))
    assert {item.title: len(item.rows) for item in corpus.incidents} == {"A": 1, "B": 2}
    found = codes(corpus)
    assert found["ragged-row"] == ["given.json:2", "given.json:3"]
    assert found["duplicate-column"] == ["given.json:1"]
    assert found["duplicate-row"] == ["given.json:3"]


def test_a_matrix_is_known_by_its_header(tmp_path: Path) -> None:
    assert is_matrix(written(MATRIX.read_bytes(), tmp_path, "any.txt"))
    assert not is_matrix(written("incident,T0146\n", tmp_path))
    assert not is_matrix(written("a,T0146T0147,T01461\n", tmp_path))
    with pytest.raises(SourceError, match="names fewer than two techniques; write columns like"):
        read_matrix(written("a,b\n1,0\n", tmp_path))


def test_a_header_of_a_hundred_thousand_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"given.json:1: 100,001 cells in one record; at most 5,000"):
        read_matrix(written("T0146," * 100_000 + "\n", tmp_path))


_CELLS = st.sampled_from(["0", "1", "`1", "", "1.0", "maybe"])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(_CELLS, min_size=3, max_size=3), max_size=6))
def test_no_one_of_any_matrix_vanishes(rows: list[list[str]]) -> None:
    lines = ["Name,T0002_a,T0999_gone,T0146_b", *(f"n{number}," + ",".join(row) for number, row in enumerate(rows))]
    with tempfile.TemporaryDirectory() as folder:
        corpus = read_matrix(written("\n".join(lines), Path(folder)), framework=KNOWN)
    ones = [(number, column) for number, row in enumerate(rows) for column in range(3) if "1" in row[column]]
    assert sum(line.read for line in corpus.ledger if line.kind == "technique_rows") == len(ones)
    found = {(item.title, row.technique) for item in corpus.incidents for row in item.rows}
    assert found == {(f"n{number}", {0: "T0002", 2: "T0146"}[column]) for number, column in ones if column != 1}
    gone = [finding for finding in corpus.findings if finding.code == "unknown-technique"]
    assert len(gone) == sum(column == 1 for _, column in ones)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='10`,"\n* xF/\ud800', max_size=80))
def test_any_bytes_below_a_header_are_a_sound_corpus_or_a_clear_error(data: bytes | str) -> None:
    tail = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    head = b"Name,Year,Target Country,T0002_a,T0146_b,Source 1\n"
    assert_corpus_or_clear_error(read_matrix, head + tail)
    assert_corpus_or_clear_error(read_matrix, data)


@pytest.mark.corpus
def test_every_one_of_the_real_matrix_is_accounted_for(corpus_folder: Path) -> None:
    path = corpus_folder.parent.parent / "samples/matrix/fimi-elections.csv"
    if not path.is_file():
        pytest.skip(f"no {path.name} beside the releases")
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = {number: match[0] for number, cell in enumerate(header) if (match := re.match(r"T\d{4}(\.\d{3})?", cell))}
    ones = [columns[number] for row in rows for number in columns if row[number].strip("` ") == "1"]
    known = {item.identifier: item.name for item in read_source(corpus_folder).techniques}
    retired = [identifier for identifier in ones if identifier not in known]
    assert (len(rows), len(columns), len(ones)) == (81, 107, 1089)
    corpus = read_matrix(path, framework=known)
    assert_sound(corpus)
    stored, repaired, reported = counts(corpus, "technique_rows")
    assert (stored + repaired, reported) == (len(ones) - len(retired), len(retired))
    assert sum(len(incident.rows) for incident in corpus.incidents) == len(ones) - len(retired)
    assert len(corpus.incidents) == 81
    assert len(codes(corpus)["uncertain-country"]) == sum("*" in row[1] + row[5] for row in rows)


def test_other_marks_than_1_and_0_are_read_as_what_they_mean(tmp_path: Path) -> None:
    text = "Name,T0146_a,T0097_b,T0002_c\nOne,x,no,TRUE\nTwo,\u2713,-,2\n"
    corpus = read_matrix(written(text, tmp_path, "m.csv"), framework=KNOWN)
    found = {item.title: [row.technique for row in item.rows] for item in corpus.incidents}
    assert found == {"One": ["T0146", "T0002"], "Two": ["T0146"]}
    assert counts(corpus, "technique_rows") == (0, 3, 0)
    assert codes(corpus)["repaired-cell"] == ["m.csv:2", "m.csv:2", "m.csv:3"]
    assert codes(corpus)["bad-cell"] == ["m.csv:3"]
