"""Lists of names: the shipped ones load, a user's own is checked row by row."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.text.lexicon import lexicon_with, read_names, shipped_lexicon

if TYPE_CHECKING:
    from pathlib import Path


def test_the_shipped_lists_hold_hundreds_of_platforms_and_actors_and_every_country() -> None:
    things = shipped_lexicon().things()
    count = {name: sum(thing.category == name for thing in things) for name in ("platform", "actor", "country")}
    assert count["platform"] >= 300
    assert count["actor"] >= 300
    assert count["country"] >= 240


def test_a_user_s_row_replaces_the_shipped_one_of_the_same_id(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("id,name,category,aliases\nfacebook,Face Book,platform,FB\nice-cats,Ice Cats,,\n", encoding="utf-8")
    things = {(thing.category, thing.identifier): thing for thing in lexicon_with(path).things()}
    assert things["platform", "facebook"].name == "Face Book"
    assert things["platform", "facebook"].aliases == ("FB",)
    assert things["actor", "ice-cats"].name == "Ice Cats"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name\nA\n", "l.csv:1: no column 'id'"),
        ("id,name,colour\n", "l.csv:1: unknown column 'colour'"),
        ("id,name\nA B,A\n", "l.csv:2: id 'A B' is no slug"),
        ("id,name\na,\n", "l.csv:2: the name is empty"),
        ("id,name\na,A\na,B\n", "l.csv:3: id 'a' stands in line 2 as well"),
        ("id,name,category\na,A,villain\n", "l.csv:2: category 'villain' is unknown"),
        ("id,name,kind\na,A,villain\n", "l.csv:2: kind 'villain' is unknown"),
        ("id,name,wikidata\na,A,7\n", "l.csv:2: wikidata '7' is not a Wikidata id"),
        ("id,name,country\na,A,Russia\n", "l.csv:2: country 'Russia' is not an ISO"),
        ("id,name,context\na,A,maybe\n", "l.csv:2: context 'maybe'"),
        ("id,name,context\na,A,strict:B\n", "l.csv:2: 'B' is no name of the row"),
        ("id,name\na,A,B\n", "l.csv:2: not as many cells as columns"),
        ('id,name\na,"A\n', "l.csv:2: no CSV"),
        (f"id,name\na,{'A' * 121}\n", "is longer than 120 characters"),
    ],
)
def test_a_wrong_row_is_told_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=r"^l\.csv") as caught:
        read_names(text, "l.csv")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_list_that_is_not_there_or_no_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot be read"):
        lexicon_with(tmp_path / "none.csv")
    odd = tmp_path / "odd.csv"
    odd.write_bytes(b"id,name\na,\xff\n")
    with pytest.raises(SourceError, match="is not UTF-8"):
        lexicon_with(odd)


@given(st.text(max_size=120))
def test_any_text_is_a_list_or_a_fault_of_the_user_s(text: str) -> None:
    with contextlib.suppress(SourceError):
        assert isinstance(read_names(text, "l.csv"), list)
