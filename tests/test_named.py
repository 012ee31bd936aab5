"""Identifiers of things that only have a name: one thing one identifier, two things two."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.named import Role, identifier_of
from kg.sources.stated import thing_named
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import MentionReader
from tests.text.naming import incident


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("Harbour Office", "harbour-office"),
        ("HARBOUR  office", "harbour-office"),
        ("H\u00e4rbour-Office!", "harbour-office"),
        ("Society of Spouts", "society-of-spouts"),
    ],
)
def test_a_plain_name_is_its_identifier_in_any_case(name: str, identifier: str) -> None:
    assert identifier_of(name) == identifier


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("\u0420\u0430\u0434\u0438\u043e Free", "Free"),
        ("\u5929\u7a7a", "\u5929\u5730"),
        ("!!!", "???"),
        ("\u0141\u00f3d\u017a", "Odz"),
        ("a" * 61, "a" * 62),
    ],
)
def test_names_that_would_look_alike_are_told_apart(one: str, other: str) -> None:
    assert identifier_of(one) != identifier_of(other)


def test_an_identifier_that_another_thing_has_is_not_given_again() -> None:
    assert identifier_of("Grey Gulls", {"grey-gulls"}) == identifier_of("GREY GULLS", {"grey-gulls"}) != "grey-gulls"


@given(st.text(max_size=200))
def test_every_identifier_is_one_segment_of_an_iri_and_blanks_and_case_do_not_matter(name: str) -> None:
    found = identifier_of(name)
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", found)
    assert len(found) <= 69  # 60 of the name, a hyphen, eight digits
    assert identifier_of(f"  {name.replace(' ', '   ')} ") == found


def test_an_actor_read_in_prose_and_one_stated_by_a_table_are_one() -> None:
    text = "The fake pages were run by the Society of Spouts (T0146: Account Asset)."
    read = [
        mention.thing
        for mention in MentionReader(shipped_lexicon()).read(incident(text))
        if mention.role is Role.OPERATOR and mention.thing is not None
    ]
    assert [thing.identifier for thing in read] == [thing_named("actor", "Society of Spouts").identifier]


def test_a_name_whose_identifier_a_listed_thing_has_gets_another() -> None:
    listed = {thing.identifier for thing in shipped_lexicon().things() if thing.category == "platform"}
    for identifier in sorted(listed)[:50]:
        made = thing_named("platform", identifier.replace("-", " ! "))
        assert made.name in {thing.name for thing in shipped_lexicon().things()} or made.identifier not in listed
