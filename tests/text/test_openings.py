"""How patterns begin, and rules that are tried only where their beginning stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.text.cues import ACTING
from kg.text.exempt import NOT_ACTING
from kg.text.lookedup import ON_A_CHECK
from kg.text.openings import openings
from kg.text.phrases import Cues, Words
from kg.text.uninvolved import UNINVOLVED
from kg.text.unlisted import ON_MOST_PAGES

LISTS = (ACTING, NOT_ACTING, ON_MOST_PAGES, ON_A_CHECK, Cues(*UNINVOLVED))
LEFT = sorted({cue.left.pattern for cues in LISTS for cue in cues if cue.left is not None})
RIGHT = sorted({cue.right.pattern for cues in LISTS for cue in cues if cue.right is not None})


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\Wrun by", {"run by"}),
        (r"\W(?:bots?|b(?:log|ill)s)\b", {"bot", "blog", "bill"}),
        (r"(?:new |old )?site", {"new ", "old ", "site"}),
        (r"(?:ab){2}c", {"ab"}),
        (r"(?:ab){0,3}?c", {"ab", "c"}),
        (r"(?:fake news (?:site|page)|hoax[)|]es)", {"fake news site", "fake news page", "hoax"}),
        (r"gr[ae]y|x+y", {"gr", "x"}),
        (r"(?:(?!not)the|that)", set()),
        (r"(?:\w+ )?by", set()),
        (r"s?top", set()),
        (r"", set()),
    ],
)
def test_the_beginnings_of_a_pattern_are_read_as_far_as_they_are_plain(pattern: str, expected: set[str]) -> None:
    assert openings(re.compile(pattern)) == expected


def test_a_pattern_that_reads_otherwise_begins_with_anything() -> None:
    assert openings(re.compile("run by", re.IGNORECASE)) == openings(re.compile("run by", re.VERBOSE)) == set()


_PARTS = st.recursive(
    st.sampled_from(["a", "b", " ", "ab", r"\w", "[bc)|]", "."]),
    lambda parts: (
        st.builds(
            lambda inner, times: f"(?:{'|'.join(inner)}){times}",
            st.lists(parts, min_size=1, max_size=3),
            st.sampled_from(["", "?", "*", "+", "{0,2}", "{1,2}", "??", "{0,2}?"]),
        )
        | st.lists(parts, min_size=1, max_size=3).map("".join)
    ),
    max_leaves=8,
)


@settings(max_examples=80)
@given(_PARTS, st.data())
def test_whatever_a_pattern_finds_holds_one_of_its_beginnings(pattern: str, data: st.DataObject) -> None:
    begins = openings(re.compile(pattern))
    found = data.draw(st.from_regex(pattern, fullmatch=True))
    assert not begins or any(map(found.startswith, begins))


@settings(max_examples=40)
@given(st.sampled_from(LEFT).flatmap(st.from_regex), st.sampled_from(RIGHT).flatmap(st.from_regex))
def test_rules_hold_as_if_each_were_tried(left: str, right: str) -> None:
    words = Words(f" {left}", right)
    for cues in LISTS:
        assert list(cues.holding(words)) == [cue for cue in cues if cue.holds(*words)]


def test_few_rules_are_tried_beside_each_name() -> None:
    # A rule without a beginning is tried everywhere: right, and slow.
    assert len([pattern for pattern in LEFT if not openings(re.compile(pattern))]) <= len(LEFT) // 8
    assert list(Cues().holding(Words(" ", ""))) == []
