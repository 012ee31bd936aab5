"""Places of values in JSON and of cells in CSV, against Python's own decoders."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.uses.places import Lines, Node, parse_cells, parse_places

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4)
)


def strings_of(node: Node) -> list[str]:
    return [found.value for found in node.walk() if found.value is not None]


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []
    return [text for item in inner for text in strings_in(item)]


@given(VALUES, st.sampled_from([None, 1]), st.booleans())
def test_every_string_of_a_document_is_found_at_its_place(value: object, indent: int | None, escaped: bool) -> None:  # noqa: FBT001 - drawn
    text = json.dumps(value, indent=indent, ensure_ascii=escaped)
    root = parse_places(text, "x.json")
    assert sorted(strings_of(root)) == sorted(strings_in(value))
    for node in root.walk():
        if node.value is not None:
            assert json.loads(text[node.start - 1 : node.end + 1]) == node.value


@given(st.text(alphabet='{}[]:,"\\0a \n', max_size=30))
@example("00")
@example("[-01]")
@example("\u0661")
@example("[1.]")
def test_what_python_refuses_is_refused_with_its_line_and_nothing_else(text: str) -> None:
    try:
        json.loads(text)
    except ValueError:
        with pytest.raises(SourceError, match=r"x\.json:\d+: is no JSON from here on"):
            parse_places(text, "x.json")
    else:
        parse_places(text, "x.json")


def test_a_document_nested_too_deep_is_refused_in_linear_time() -> None:
    with pytest.raises(SourceError, match="nested more than 200 deep"):
        parse_places("[" * 100_000, "x.json")


def test_of_two_equal_keys_the_last_counts() -> None:
    assert parse_places('{"a": "x", "a": "y"}', "x.json").text("a") == "y"


ROWS = st.lists(
    st.lists(st.text(alphabet='ab",\n; ', max_size=5), min_size=1, max_size=4).filter(any),
    min_size=1,
    max_size=5,
)


@given(ROWS, st.sampled_from([",", ";"]), st.sampled_from(["\n", "\r\n"]))
def test_cells_are_what_the_csv_module_reads_and_stand_where_they_say(
    rows: list[list[str]], delimiter: str, end: str
) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(rows)
    text = buffer.getvalue()
    found = [row for row in parse_cells(text, delimiter, "x.csv") if any(cell.text for cell in row)]
    assert [[cell.text for cell in row] for row in found] == rows
    for row in found:
        for cell in row:
            written = text[cell.start : cell.end]
            assert (written.replace('""', '"') if cell.quoted else written) == cell.text


@pytest.mark.parametrize(
    ("text", "message"),
    [('a\n"b', "x.csv:2: a quote is opened here and never closed"), ('"a"b', "x.csv:1: something stands behind")],
)
def test_a_torn_table_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(parse_cells(text, ",", "x.csv"))
    assert message in str(caught.value)


def test_lines_are_counted_from_one() -> None:
    lines = Lines("a\nbc\n\nd")
    assert [lines.at(position) for position in range(7)] == [1, 1, 2, 2, 2, 3, 4]
