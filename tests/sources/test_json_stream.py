"""JSON as a stream: the same records, lines and faults whatever the pieces, and never the whole of it in memory."""

from __future__ import annotations

import hashlib
import json
import tracemalloc
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources import json_reader, stream
from kg.sources.json_reader import parse_json, stream_json
from kg.sources.json_text import JsonObject
from kg.sources.json_window import Window
from kg.sources.stream import TextStream

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WRAPPERS = ("objects", "incidents")
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abé"), inner, max_size=3),
    max_leaves=8,
)
RECORDS = st.dictionaries(st.sampled_from(["type", "id", "name", "é"]), VALUES, min_size=1, max_size=3)
LAYOUTS = st.sampled_from([None, 0, 2])


def cut(text: str, size: int) -> list[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


def taken(pieces: list[str]) -> list[object]:
    found: list[object] = []
    stream_json(pieces, "given.json", WRAPPERS, found.append)
    return found


@settings(deadline=None)
@given(st.lists(RECORDS | VALUES, max_size=5), LAYOUTS, st.integers(1, 30))
@example([{"a": -1.5e-7}, 12, True], None, 1)
@example([10.0, {"a": [2.5e300]}], None, 1)
def test_the_records_are_those_of_the_document_whatever_the_pieces(
    records: list[object], indent: int | None, size: int
) -> None:
    records = [record for record in records if not isinstance(record, list)]
    wanted = [record for record in records if not (isinstance(record, dict) and record.get("type") == "bundle")]
    for document in (records, {"type": "bundle", "objects": records}):
        text = json.dumps(document, indent=indent, ensure_ascii=False)
        assert taken(cut(text, size)) == wanted


@settings(deadline=None)
@given(st.lists(RECORDS, max_size=4), LAYOUTS, st.integers(1, 20))
def test_a_record_knows_its_line_whatever_the_pieces(records: list[object], indent: int | None, size: int) -> None:
    text = json.dumps({"objects": records}, indent=indent)
    whole, pieces = taken([text]), taken(cut(text, size))
    lines = [found.line for found in pieces if isinstance(found, JsonObject)]
    assert lines == [found.line for found in whole if isinstance(found, JsonObject)]
    if indent:
        # Laid out like that, a record begins on a line of its own, and nothing else with just this indent does.
        assert lines == [at for at, line in enumerate(text.split("\n"), 1) if line in {"    {", "    {},", "    {}"}]


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:truefalsn\\u0019-.eE \n', max_size=30), st.integers(1, 7))
def test_any_text_is_read_or_refused_alike_whatever_the_pieces(text: str, size: int) -> None:
    outcomes = []
    for pieces in ([text], cut(text, size)):
        try:
            outcomes.append((taken(pieces), ""))
        except SourceError as error:
            outcomes.append(([], str(error)))
    assert outcomes[0] == outcomes[1]
    try:
        value = json.loads(text)
    except ValueError:
        return
    assert outcomes[0][1] == ""
    assert parse_json(text, "given.json", WRAPPERS)[0] == value


def test_a_bundle_in_a_bundle_in_a_list_is_taken_apart_and_what_is_below_a_record_is_not() -> None:
    inner = {"type": "bundle", "objects": [{"id": "a"}, {"incidents": [{"id": "b"}, 7]}]}
    record = {"type": "report", "id": "c", "objects": [{"id": "d"}]}
    assert taken([json.dumps([inner, record, {"type": "bundle"}])]) == [{"id": "a"}, {"id": "b"}, 7, record]


def test_a_key_given_twice_and_a_number_that_is_none_are_told_with_the_line_of_their_record() -> None:
    text = '{"objects": [\n{"id": "a", "id": "b"},\n{"id": NaN, "x": {"y": 1, "y": 2}}]}'
    found: list[object] = []
    findings = stream_json(cut(text, 3), "given.json", WRAPPERS, found.append)
    assert found == [{"id": "a"}, {"id": None, "x": {"y": 1}}]
    assert [(finding.code, finding.place.line) for finding in findings] == [
        ("duplicate-key", 2),
        ("no-number", 3),
        ("duplicate-key", 3),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[" * 100_000, "given.json:1: lists or objects nested too deep"),
        ('{"objects": [\n' + '{"a": ' * 100_000, "given.json:2: lists or objects nested too deep"),
        ('[{"id": "a"},\n{"id": "b"]', "given.json:2: ']' where ',' or '}' belongs; give the whole"),
        ('[{"id": "a"}]\n\n]', "given.json:3: something stands behind the end"),
        ('{"objects": [{"id": "a"}\n', "given.json:2: the document ends in the middle"),
        ('{"objects": {"id": "a\n"}}', "given.json:1: no JSON (invalid control character"),
        ("[" + "9" * 5000 + "]", "given.json:1: a number with too many digits"),
    ],
)
@pytest.mark.parametrize("size", [5, 70_000, 10_000_000])
def test_a_fault_is_told_with_its_line_whatever_the_pieces(text: str, said: str, size: int) -> None:
    with pytest.raises(SourceError) as caught:
        taken(cut(text, size))
    assert str(caught.value).startswith(said)


def test_a_string_that_is_never_closed_is_refused_before_all_of_it_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "LONGEST_VALUE", 1000)
    monkeypatch.setattr(json_reader, "_LONG_RECORD", 500)
    given = 0

    def endless() -> Iterator[str]:
        nonlocal given
        yield '[{"a": "'
        while True:
            given += 1
            yield "x" * 100

    with pytest.raises(SourceError, match="a value of more than"):
        stream_json(endless(), "given.json", WRAPPERS, lambda _: None)
    assert given < 60


def test_what_was_read_is_let_go_of() -> None:
    record = json.dumps({"id": "a", "text": "x" * 1000}) + ","
    pieces = (record * 100 for _ in range(200))  # 20 MB in all
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=r"no JSON .expecting value"):
            stream_json(_chained("[", pieces), "given.json", WRAPPERS, lambda _: None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 3_000_000


def _chained(first: str, pieces: Iterator[str]) -> Iterator[str]:
    yield first
    yield from pieces


def test_more_records_than_the_most_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_reader, "MOST_RECORDS", 3)
    with pytest.raises(SourceError, match="more than 3 records"):
        taken(["[{},{},{},{}]"])


@given(st.lists(st.text(alphabet="a\n", max_size=4), max_size=6))
def test_a_window_counts_every_line_once(pieces: list[str]) -> None:
    window = Window(pieces)
    lines = 1
    while char := window.next():
        assert window.line() == lines
        window.position += 1
        lines += char == "\n"
    assert lines == "".join(pieces).count("\n") + 1


ENCODED = {
    "plain": ("aé\n".encode(), "aé\n", []),
    "with a mark": ("\ufeffaé\n".encode(), "aé\n", []),
    "wide": ("aé\n".encode("utf-16"), "aé\n", [(1, "is UTF-16, not UTF-8")]),
    "of Windows": (b"a\n\xe9\x80\n", "a\né€\n", [(2, "byte 0xe9 is not UTF-8")]),
    "cut off": (b"a\n\xc3", "a\nÃ", [(2, "byte 0xc3 is not UTF-8")]),
    "empty": (b"", "", []),
}


@pytest.mark.parametrize("kind", ENCODED)
@pytest.mark.parametrize("size", [1, 2, 3, 1 << 20])
def test_text_is_decoded_and_hashed_whatever_the_pieces(
    tmp_path: Path, kind: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, text, faults = ENCODED[kind]
    if kind == "wide" and size == 1:
        pytest.skip("the mark of UTF-16 has two bytes, and no file is read byte by byte")
    monkeypatch.setattr(stream, "PIECE", size)
    path = tmp_path / "x.json"
    path.write_bytes(data)
    read = TextStream(path, "x.json")
    assert "".join(read.pieces()) == text
    assert [(finding.place.line, finding.message) for finding in read.findings] == faults
    assert read.document().sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"a\n\x00", "x.json:2: holds a NUL byte, so it is no text; save it as UTF-8"),
        (b"\xff\xfea", "x.json: begins like UTF-16 and is not; save it as UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_its_line(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        list(TextStream(path, "x.json").pieces())
    assert str(caught.value) == said


def test_a_file_that_is_missing_a_folder_or_too_large_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceError, match="x: does not exist"):
        list(TextStream(tmp_path / "gone", "x").pieces())
    with pytest.raises(SourceError, match="x: is no ordinary file"):
        list(TextStream(tmp_path, "x").pieces())
    monkeypatch.setattr(stream, "MOST_BYTES", 2)
    (tmp_path / "large").write_bytes(b"abc")
    with pytest.raises(SourceError, match="x: 3 bytes; at most 0 GB are read"):
        list(TextStream(tmp_path / "large", "x").pieces())
