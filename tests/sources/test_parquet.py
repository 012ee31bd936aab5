"""Parquet is read as the CSV of the same table would be, in a process that may die."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from kg.errors import SourceError
from kg.sources import SOURCES, parquet, read_source
from kg.sources.matrix import read_matrix
from kg.sources.pairs import read_pairs
from kg.sources.parquet import is_parquet, read_parquet
from tests.sources.foreign_checks import KNOWN, assert_sound, codes, written

if TYPE_CHECKING:
    from kg.model import Corpus

arrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
FIXTURES = Path(__file__).parent.parent / "fixtures"


def made(folder: Path, columns: dict[str, list[Any]], name: str = "given.parquet") -> Path:
    from pyarrow import parquet as files  # type: ignore[import-untyped] # noqa: PLC0415 - only where it is installed

    path = folder / name
    files.write_table(arrow.table(columns), path)
    return path


def cells(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def told(corpus: Corpus) -> dict[str, list[str]]:
    return {incident.title: [row.technique for row in incident.rows] for incident in corpus.incidents}


def test_two_columns_are_read_as_the_csv_of_them_is(tmp_path: Path) -> None:
    rows = [row for row in cells(FIXTURES / "pairs/harbour.csv") if len(row) == 2]
    columns = {"incident": [row[0] for row in rows], "technique": [row[1] for row in rows]}
    path = made(tmp_path, columns)
    text = io.StringIO()
    csv.writer(text).writerows([["incident", "technique"], *rows])
    expected = read_pairs(written(text.getvalue(), tmp_path, "given.csv"), framework=KNOWN)
    corpus = read_parquet(path, framework=KNOWN)
    assert_sound(corpus)
    assert told(corpus) == told(expected)
    assert list(codes(corpus)) == list(codes(expected))
    assert corpus.ledger == expected.ledger


def test_a_matrix_is_read_as_the_csv_of_it_is(tmp_path: Path) -> None:
    source = FIXTURES / "matrix/teapots.csv"
    head, *rows = cells(source)
    named = [(at, name) for at, name in enumerate(head) if name]
    path = made(tmp_path, {name: [row[at] if at < len(row) else None for row in rows] for at, name in named})
    corpus, expected = read_parquet(path, framework=KNOWN), read_matrix(source, framework=KNOWN)
    assert_sound(corpus)
    assert told(corpus) == told(expected)


def test_typed_columns_say_what_their_text_would(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "name": ["Harbour Lights", "Teapot Affair", "Radio"],
        "year": [2016.0, 2019, None],
        "T0146_Account Asset": [True, False, None],
        "T0097_Present Persona": [1, 0, 1],
        "T0002": [1.0, 1.0, 0.0],
        "Target Country": ["France", None, "Italy"],
    }
    corpus = read_parquet(made(tmp_path, columns), framework=KNOWN)
    assert_sound(corpus)
    assert told(corpus) == {
        "Harbour Lights": ["T0146", "T0097", "T0002"],
        "Teapot Affair": ["T0002"],
        "Radio": ["T0097"],
    }
    assert {incident.title: incident.year_started for incident in corpus.incidents} == {
        "Harbour Lights": 2016,
        "Teapot Affair": 2019,
        "Radio": None,
    }


def test_a_list_of_techniques_is_each_of_them_and_rows_are_numbered_from_one(tmp_path: Path) -> None:
    path = made(tmp_path, {"technique": [["T0146", "T0002"], ["T9999"]], "incident": ["A", "B"]})
    corpus = read_parquet(path, framework=KNOWN)
    assert told(corpus) == {"A": ["T0146", "T0002"], "B": []}
    assert codes(corpus)["unknown-technique"] == ["given.parquet:2"]


def test_dates_and_bytes_are_text(tmp_path: Path) -> None:
    path = made(tmp_path, {"incident": [dt.date(2020, 1, 2), None], "technique": [b"T0146", b"\xff"]})
    assert told(read_parquet(path, framework=KNOWN)) == {"2020-01-02": ["T0146"]}


def test_a_table_of_something_else_is_refused_with_its_columns(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"given\.parquet: its columns \(a, b\) are neither incident and technique"):
        read_parquet(made(tmp_path, {"a": [1], "b": [2]}))
    with pytest.raises(SourceError, match=r"given\.parquet: its columns \(\) are neither"):
        read_parquet(made(tmp_path, {}))


def test_parquet_is_known_by_its_content_and_by_no_other_format(tmp_path: Path) -> None:
    path = made(tmp_path, {"incident": ["A"], "technique": ["T0146"]}, "table.bin")
    assert [name for name, source in SOURCES.items() if source.recognises(path)] == ["parquet"]
    assert not is_parquet(written(b"PA", tmp_path, "short"))
    assert not is_parquet(written(b"PAR1 and no end", tmp_path, "cut"))
    assert not is_parquet(tmp_path)


def test_ten_thousand_columns_are_refused(tmp_path: Path) -> None:
    path = made(tmp_path, {f"T0146.{number:03}": [1] for number in range(10_000)})
    with pytest.raises(SourceError, match=r"10,000 columns; at most 5,000 are read"):
        read_parquet(path)


def test_a_small_file_that_unfolds_to_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "MAX_BYTES", 200_000)
    path = made(tmp_path, {"incident": ["A" * 1000] * 10_000, "technique": ["T0146"] * 10_000})
    assert path.stat().st_size < 100_000
    with pytest.raises(SourceError, match=r"given\.parquet: holds more than is read"):
        read_parquet(path)


def test_damaged_files_are_refused_and_nothing_else_is_raised(tmp_path: Path) -> None:
    sound = made(tmp_path, {"incident": ["A", "B"] * 50, "technique": ["T0146", "T0002"] * 50}).read_bytes()
    chance = random.Random(11)  # noqa: S311 - damage, nothing secret
    refused = 0
    for _ in range(8):
        data = bytearray(sound)
        for _ in range(chance.randint(1, 12)):
            data[chance.randrange(4, len(data) - 4)] = chance.randrange(256)
        path = written(bytes(data), tmp_path, "given.parquet")
        refused += _is_refused(path)
    assert refused


def _is_refused(path: Path) -> bool:
    try:
        assert_sound(read_parquet(path))
    except SourceError as error:
        message = str(error)
    else:
        return False
    assert message.startswith("given.parquet: ")
    assert "\n" not in message
    return True


def test_without_pyarrow_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = made(tmp_path, {"incident": ["A"], "technique": ["T0146"]})
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if not Path(entry, "pyarrow").exists()])
    with pytest.raises(SourceError, match=r"Parquet needs pyarrow; run `pip install 'disarm-kg\[parquet\]'`"):
        read_parquet(path)


def test_a_reader_that_dies_is_the_fault_of_the_file_and_one_that_cannot_start_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = made(tmp_path, {"incident": ["A"], "technique": ["T0146"]})
    done = subprocess.CompletedProcess[bytes]
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done([], -11, b"", b""))
    with pytest.raises(SourceError, match="ended the reader; it is damaged"):
        read_parquet(path)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: done([], 1, b"", b"no such file"))
    with pytest.raises(RuntimeError, match="did not start: no such file"):
        read_parquet(path)


def test_a_table_that_was_cut_off_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.parquet"
    path.write_bytes(b"PAR1" + bytes(200))
    with pytest.raises(SourceError, match=r"^cut.parquet: begins as Parquet and does not end so"):
        read_source(path)
