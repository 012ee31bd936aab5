"""Years and days named in prose, and the one year that the text itself gives for the act."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from kg.named import NameMention, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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

_MONTHS_AFTER = 3
_A_POST = re.compile(r"\]?,? (?:\w+ ){0,2}?(?:post|tweet|article|message|video|clip)s?\b")
_SINCE = re.compile(r"\b(?:since|from|began in|begun in|active in|started in) (?:at least |about |around )?\Z")


class _Date(NamedTuple):
    """A place where a year is named, and whether a month or season stands with it."""

    prose: Prose
    start: int
    end: int
    year: int

    @property
    def whole(self) -> bool:
        return self.end - self.start > _DIGITS


def read_years(page: Page) -> list[NameMention]:
    """Every year and day that the prose names; citations such as "(Cohen, 2020)" are left out.

    The mentions of the year that stands out as that of the act have the role ``when``.
    """
    found = [_Date(prose, *place) for prose in page.fields for place in _years(prose)]
    act = _year_of_check(page, found) if page.fact_check and page.first_report else _year_of_act(page, found)
    return [
        NameMention(
            incident=page.incident.identifier,
            field=date.prose.name,
            passage=date.prose.passage,
            start=date.start,
            end=date.end,
            surface=date.prose.text[date.start : date.end],
            thing=None,
            role=Role.WHEN if date.year == act else Role.MENTIONED,
            confidence=0.7 if date.whole else 0.6,
            rule="date" if date.whole else "year",
            year=date.year,
        )
        for date in found
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


def _year_of_act(page: Page, dates: Sequence[_Date]) -> int | None:
    """The year of the act as its prose tells it, where one stands out; None rather than a guess.

    Of the years named that are not after the first report and at most four before it, the one named most often; of
    equally frequent ones the one that has a month or season, if only one has. A year long past that is named once is
    background. Without a dated reference a year counts only if no other is named.
    """
    years = Counter(date.year for date in dates)
    if page.first_report is None:
        return next(iter(years)) if len(years) == 1 else None
    published = page.first_report.year
    near = {year: count for year, count in years.items() if published - _WINDOW <= year <= published}
    most = max(near.values(), default=0)
    first = [year for year, count in near.items() if count == most]
    if len(first) > 1:
        first = [year for year in first if any(date.whole for date in dates if date.year == year)]
    if len(first) != 1:
        return None
    only = [date for date in dates if date.year == first[0]]
    past = first[0] < published - 1 and len({_around(date) for date in only}) == 1
    return None if past and not _SINCE.search(_left(only[0])) else first[0]


def _year_of_check(page: Page, dates: Sequence[_Date]) -> int | None:
    """The year of the act on a page that checks a claim: what is false was spread shortly before.

    Older years are those of originals and of what the claim is about. One that ended some months before counts where
    it is that of a post: "a Dec. 30, 2022 post".
    """
    report = page.first_report
    if report is None:
        return None
    if any(date.year == report.year for date in dates):
        return report.year
    if report.month > _MONTHS_AFTER:
        return None
    told = [date.year for date in dates if date.year == report.year - 1 and _A_POST.match(_right(date))]
    return told[0] if told else None


def _left(date: _Date) -> str:
    return date.prose.small[max(0, date.start - _BEFORE) : date.start]


def _right(date: _Date) -> str:
    return date.prose.small[date.end : date.end + _BEFORE]


def _around(date: _Date) -> str:
    """The words beside a date: a passage that repeats the summary names it once."""
    return f"{_left(date)[-_LONGEST:]} {_right(date)[:_DIGITS]}"
