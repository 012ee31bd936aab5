"""Invented sentences of the kinds that reports and fact-checks are made of, each with who acts in it, or with nobody.

They stand in ``who-acts.csv``: the kind of page (``check`` checks a claim, ``report`` tells of an operation), the names
that act, parted by ``|``, and the sentence. The names are in no list, so that only the words beside them can tell; a
row of a listed name says so by standing here as well.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.named import ASSERTED, Role
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import MentionReader
from tests.text.naming import incident

READER = MentionReader(shipped_lexicon())
ACTS = {Role.OPERATOR, Role.ENABLER}
VERDICT = " The claim is false. Our verdict: misleading."
"""What makes a page one that checks a claim."""

with (Path(__file__).parent / "who-acts.csv").open(encoding="utf-8", newline="") as _lines:
    ROWS = list(csv.DictReader(_lines))
KNOWN = {"Orla Danvers": "Alex Jones", "Pim Rouse": "Nick Fuentes", "Ravi Tandel": "Amit Malviya", "Danvers": "Jones"}
"""Persons of the rows, and some whom the list of actors has."""


def acting(row: dict[str, str], text: str) -> set[str]:
    """The names of the actors, states apart, that are believed to act in a text on a page of the row's kind."""
    text += VERDICT if row["page"] == "check" else ""
    return {
        mention.thing.name
        for mention in READER.read(incident(text, summary=text))
        if mention.thing is not None and mention.thing.category == "actor"
        if mention.role in ACTS and mention.confidence >= ASSERTED
    }


def _names(row: dict[str, str]) -> set[str]:
    return set(filter(None, row["acts"].split("|")))


@pytest.mark.parametrize("row", [row for row in ROWS if row["acts"]], ids=lambda row: row["text"][:60])
def test_the_words_beside_a_name_tell_that_it_acts(row: dict[str, str]) -> None:
    assert acting(row, row["text"]) == _names(row)


@pytest.mark.parametrize("row", [row for row in ROWS if not row["acts"]], ids=lambda row: row["text"][:60])
def test_experts_victims_researchers_and_innocent_sources_do_not_act(row: dict[str, str]) -> None:
    assert acting(row, row["text"]) == set()


def test_a_person_whom_a_list_knows_is_seen_where_one_unknown_is() -> None:
    missed = []
    asked = 0
    for row in ROWS:
        text = row["text"]
        if row["page"] == "check" and len(_names(row)) == 1 and _names(row) <= set(KNOWN):
            for name, known in KNOWN.items():
                text = text.replace(name, known)
            asked += 1
            if KNOWN[row["acts"]] not in acting(row, text):
                missed.append(text)
    assert asked >= 30
    assert not missed
