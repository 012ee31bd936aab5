"""Years and days named in prose, and the one year that the text itself gives for the act."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kg.named import NameMention, Role

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.model import Incident
    from kg.text.page import Page
    from kg.text.prose import Prose

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
# The year is looked for first, because a pattern that begins with digits is found quickly; then what stands before it.
_YEAR = re.compile(r"(?:19[5-9]|20[0-4])\d(?![\w%]|[.,]\d|-\d{3})")
_DAY = re.compile(
    rf"(?<![\w.,/-])(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{_MONTHS}|{_SHORT})\.?(?: \d{{1,2}}(?:st|nd|rd|th)?)?,? "
    r"(?:of )?\[?\Z|(?<![\w.,/-])(?:spring|summer|autumn|fall|winter|early|late|mid)[- ](?:of |in )?\[?\Z",
    re.IGNORECASE,
)
_GLUED = frozenset(".,/-_$#@")
_CITED = re.compile(r"\(\s*(?:[A-Z][\w&.,\u2019' -]{1,60},?\s)?(?:\d{4}[a-z]?;\s)?\Z")
_BEFORE = 70
_LONGEST = 32
_DIGITS = 4
_WINDOW = 4
"""How many years before its first report an act is thought of as the news: older years are background."""


def read_years(page: Page) -> list[NameMention]:
    """Every year and day that the prose names; citations such as "(Cohen, 2020)" are left out.

    The mentions of the year that stands out as that of the act have the role ``when``.
    """
    found = [(prose, *place) for prose in page.fields for place in _years(prose)]
    act = _year_of_act(page.incident, Counter(year for *_, year in found))
    return [
        NameMention(
            incident=page.incident.identifier,
            field=prose.name,
            passage=prose.passage,
            start=start,
            end=end,
            surface=prose.text[start:end],
            thing=None,
            role=Role.WHEN if year == act else Role.MENTIONED,
            confidence=0.7 if end - start > _DIGITS else 0.6,
            rule="date" if end - start > _DIGITS else "year",
            year=year,
        )
        for prose, start, end, year in found
    ]


def _years(prose: Prose) -> Iterator[tuple[int, int, int]]:
    """Start, end and year of each date or year of a field."""
    words = prose.words
    for match in _YEAR.finditer(words):
        before = words[max(0, match.start() - _BEFORE) : match.start()]
        if before and (before[-1].isalnum() or before[-1] in _GLUED):
            continue
        day = _DAY.search(before[-_LONGEST:])
        if not _CITED.search(before):
            yield match.start() - (len(day[0]) if day else 0), match.end(), int(match[0])


def _year_of_act(incident: Incident, years: Counter[int]) -> int | None:
    """The year of the act as its prose tells it, where one stands out; None rather than a guess.

    Of the years named that are not after the first report and at most four before it, the one named most often; of
    equally frequent ones none. Without a dated reference a year counts only if no other is named.
    """
    published = min((item.published.year for item in incident.references if item.published), default=None)
    if published is None:
        return next(iter(years)) if len(years) == 1 else None
    near = [(count, year) for year, count in years.items() if published - _WINDOW <= year <= published]
    ranked = sorted(near, reverse=True)
    if not ranked or (len(ranked) > 1 and ranked[0][0] == ranked[1][0]):
        return None
    return ranked[0][1]
