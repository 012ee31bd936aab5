from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.text import parse_groups


def _lists(text: str) -> list[list[str]]:
    return [[mention.technique for mention in group.mentions] for group in parse_groups(text)[0]]


@pytest.mark.parametrize(
    ("text", "lists"),
    [
        ("They posted (T0146: Account Asset, T0115: Post Content).", [["T0146", "T0115"]]),
        # A name may hold parentheses.
        ("x (T0087.001: Develop AI-Generated Video (Deepfakes), T0146: Account Asset) y", [["T0087.001", "T0146"]]),
        ("x (T0130: Conceal (or KPIs)) y", [["T0130"]]),
        # No comma between two items, no blank after one, a blank before the first.
        ("x (T0146: Account Asset T0115: Post Content) y", [["T0146", "T0115"]]),
        ("x (T0146: Account Asset,T0115: Post Content) y", [["T0146", "T0115"]]),
        ("x ( T0146: Account Asset) y", [["T0146"]]),
        # A colon for a full stop, with and without a blank.
        ("x (T0097:109 Romantic Suitor Persona) y", [["T0097.109"]]),
        ("x (T0097: 109 Romantic Suitor Persona) y", [["T0097.109"]]),
        # A name that begins with a number of another length is a name.
        ("x (T0146: 1984 Account) y", [["T0146"]]),
        # Groups nest: each is one of its own.
        ("x (T0146: A (T0115: B), T0085: C) y", [["T0146", "T0085"], ["T0115"]]),
        # A group that never closes ends with its sentence or before a nested one.
        ("x (T0146: Account Asset. Then T0115 came", [["T0146"]]),
        ("x (T0146: Account Asset\n(T0115: Post Content)", [["T0146"], ["T0115"]]),
        ("x (T0162.004: Elsewhere. Like the one he shared (T0162.003: Then). The", [["T0162.004"], ["T0162.003"]]),
        # Ids of a wrong length are kept as written, to be reported.
        ("x (T0146: A, T00145.006: B) y", [["T0146", "T00145.006"]]),
        ("nothing (here) at all", []),
        ("(see T0146)", []),
        ("", []),
    ],
)
def test_groups_are_read_in_every_form_they_come_in(text: str, lists: list[list[str]]) -> None:
    assert _lists(text) == lists


def test_a_group_knows_its_place_and_the_names_given_in_it() -> None:
    text = "Seen (T0146: Account Asset, T0087.001: Develop Video (Deepfakes))."
    (group,), loose = parse_groups(text)
    assert text[group.start : group.end] == "(T0146: Account Asset, T0087.001: Develop Video (Deepfakes))"
    assert [mention.name for mention in group.mentions] == ["Account Asset", "Develop Video (Deepfakes)"]
    assert [text[mention.start : mention.end] for mention in group.mentions] == ["T0146", "T0087.001"]
    assert group.closed
    assert loose == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("This behaviour matches T0097.108: Expert Persona because of that.", [("T0097.108", False)]),
        (
            "We do not know, so neither T0143.001: Authentic Persona or T0143.002: Fabricated Persona are used here.",
            [("T0143.001", True), ("T0143.002", True)],
        ),
        ("T0146 was not used.", [("T0146", True)]),
        ("They did not post. It was T0146.", [("T0146", False)]),
    ],
)
def test_an_id_in_running_text_is_in_no_group_and_its_denial_is_seen(text: str, found: list[tuple[str, bool]]) -> None:
    groups, loose = parse_groups(text)
    assert groups == ()
    assert [(item.mention.technique, item.negated) for item in loose] == found


_PIECES = st.sampled_from(
    ["(", ")", "T0146", "T0097.109", "T0097: 109", "(T0115: Post", ": Name", ", ", " ", ". ", "\n", "é𝄞", "T00145.006"]
)


@given(st.lists(_PIECES, max_size=40).map("".join) | st.text(alphabet="T0.(): \n1"))
def test_every_id_is_in_exactly_one_group_or_in_none_and_offsets_are_of_the_text(text: str) -> None:
    groups, loose = parse_groups(text)
    inside = [mention for group in groups for mention in group.mentions]
    spans = [(mention.start, mention.end) for mention in inside] + [
        (item.mention.start, item.mention.end) for item in loose
    ]
    assert len(spans) == len(set(spans))
    assert all(text[start:end] == written.written for (start, end), written in zip(spans, inside, strict=False))
    for group in groups:
        assert 0 <= group.start < group.end <= len(text)
        assert all(group.start < mention.start < mention.end <= group.end for mention in group.mentions)
    # Nothing that looks like an id is lost: an independent count finds as many.
    assert len(spans) == len(re.findall(r"(?<![\w.])T\d{3,6}(?!\d)", text))


def test_groups_nested_without_end_keep_no_copy_of_the_page_each() -> None:
    depth = 4000
    groups, _ = parse_groups("(T0146: " * depth + ")" * depth)
    assert len(groups) == depth
    assert sum(len(mention.name) for group in groups for mention in group.mentions) <= 1000 * depth
