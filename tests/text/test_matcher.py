"""The matcher: what it finds, what it leaves, and that offsets point at what was found."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.named import Thing
from kg.text.lexicon import Form
from kg.text.matcher import Matcher, lower, one_slip
from tests.text.naming import LEXICON

MATCHER = Matcher(LEXICON.forms)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[hit.start : hit.end], hit.forms[0].thing.name) for hit in MATCHER.find(text)]


def test_a_name_is_found_in_any_case_and_with_its_possessive() -> None:
    assert found("CHIRPER and chirper, Chirper\u2019s app") == [
        ("CHIRPER", "Chirper"),
        ("chirper", "Chirper"),
        ("Chirper", "Chirper"),
    ]


def test_an_actor_is_no_word_in_small_letters() -> None:
    assert found("grey gulls flew by; the Grey Gulls wrote") == [("Grey Gulls", "Grey Gulls")]


def test_a_name_inside_a_word_a_handle_a_tag_or_an_address_is_not_found() -> None:
    assert found("Chirperish @Chirper #Chirper chirper.com/x x/chirper chirper[.]com my_chirper") == []


def test_the_end_of_a_sentence_is_no_address() -> None:
    assert found("It was on Chirper. Then came VidBox.") == [("Chirper", "Chirper"), ("VidBox", "VidBox")]


def test_of_two_names_that_overlap_the_longer_stands() -> None:
    assert found("the Chirper App") == [("Chirper App", "Chirper")]


def test_a_short_or_doubtful_name_must_stand_as_written() -> None:
    assert found("pcr PCR plume Plume q Q") == [("PCR", "Paper Crane"), ("Plume", "Plume"), ("Q", "Q")]


@pytest.mark.parametrize("written", ["Bohemain Chriper", "Chirpers"])
def test_a_short_name_or_a_plural_is_no_misspelling(written: str) -> None:
    assert found(written) == []


def test_a_misspelt_long_name_is_found_where_it_can_mean_one_thing_alone() -> None:
    thing = Thing(category="actor", identifier="lanternists", name="Lanternists")
    other = Thing(category="actor", identifier="lanternisms", name="Lanternisms")
    one = Matcher([Form("Lanternists", thing)])
    text = "The Lantenists wrote"
    assert [(hit.start, hit.end, hit.fuzzy) for hit in one.find(text)] == [(4, 14, True)]
    assert Matcher([Form("Lanternists", thing), Form("Lanternisms", other)]).find("The Lanterniss wrote") == []


def test_small_letters_keep_every_offset() -> None:
    text = "\u0130stanbul on Chirper"
    assert len(lower(text)) == len(text)
    assert found(text) == [("Chirper", "Chirper")]


@pytest.mark.parametrize(
    ("word", "name", "near"),
    [
        ("spamoflage", "spamouflage", True),  # one letter left out
        ("facebbook", "facebook", True),  # one letter more
        ("fecebook", "facebook", True),  # one letter changed
        ("faecbook", "facebook", True),  # two letters swapped
        ("facebooks", "facebook", False),  # a plural
        ("pacebook", "facebook", False),  # the first letter is never the slip
        ("fcebok", "facebook", False),  # two letters left out
        ("facebook", "facebook", False),  # no slip at all
    ],
)
def test_one_slip_is_one_letter_more_less_other_or_swapped(word: str, name: str, near: bool) -> None:  # noqa: FBT001
    assert one_slip(word, name) is near


WORDS = st.sampled_from(
    [form.text for form in LEXICON.forms] + ["on", "\u0130", ".", ",", "(", "\u2019s", "\n", "the", "@"]
)


@given(st.lists(st.tuples(WORDS, st.sampled_from(["", " ", "-", "\u00a0"])), max_size=30))
def test_hits_are_in_order_apart_and_spell_a_form(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    hits = MATCHER.find(text)
    assert all(first.end <= second.start for first, second in itertools.pairwise(hits))
    for hit in hits:
        surface = text[hit.start : hit.end]
        assert hit.fuzzy or all(lower(form.text) == lower(surface) for form in hit.forms)


@given(st.text(max_size=200))
def test_no_text_breaks_the_matcher(text: str) -> None:
    assert all(0 <= hit.start < hit.end <= len(text) for hit in MATCHER.find(text))
