"""The year of the act as prose tells it: what was spread, not what it shows; None rather than a guess."""

from __future__ import annotations

import datetime as dt

import pytest

from kg.named import Role
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import MentionReader
from tests.text.naming import incident

READER = MentionReader(shipped_lexicon())
CHECKED = "Claim: the lake of Arden has burned.\n{}\nRating: FALSE. The viral video is taken out of context."
PUBLISHED = dt.date(2022, 2, 10)


def year(text: str, published: dt.date | None = PUBLISHED) -> int | None:
    """The year that is said to be that of the act."""
    found = {mention.year for mention in READER.read(incident(text, published=published)) if mention.role is Role.WHEN}
    assert len(found) <= 1
    return next(iter(found), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The picture was taken in May 2019 at another lake.", None),
        ("It was taken in 2019, in 2019 alone. The copies are of February 2022.", 2022),
        ("In 2021 the mayor said so, the post claims.", None),
        ("A December 2021 post shows the lake.", 2021),
        ("It was uploaded in December 2021 by a film school.", None),
        ("A December 2020 post shows the lake.", None),
    ],
)
def test_on_a_check_the_year_is_that_of_the_false_post_and_not_of_the_original(text: str, expected: int | None) -> None:
    assert year(CHECKED.format(text)) == expected


def test_months_after_the_turn_of_the_year_a_post_of_the_year_before_is_old() -> None:
    text = CHECKED.format("A December 2021 post shows the lake.")
    assert year(text, dt.date(2022, 3, 31)) == 2021
    assert year(text, dt.date(2022, 4, 1)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In May 2021 forty pages praised the dam. A study of 2020 had warned.", 2021),
        ("In 2021 forty pages praised the dam. A study of 2020 had warned.", None),
        ("The minister had opened the dam on 3 May 2019.", None),
        ("The pages have praised the dam since at least May 2019.", 2019),
        ("In 2019 the pages began. By the end of 2019 they were forty.", 2019),
        ("The pages praised the dam in 2021.", 2021),
        ("The dam of 1961 was praised.", None),
        ("It will be praised in 2030.", None),
    ],
)
def test_elsewhere_what_is_long_past_and_named_once_is_background(text: str, expected: int | None) -> None:
    assert year(text) == expected


def test_without_a_dated_reference_one_year_alone_counts() -> None:
    assert year("The pages praised the dam in 1998.", None) == 1998
    assert year("The pages praised the dam in 1998 and 1999.", None) is None
