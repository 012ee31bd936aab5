"""Years and days named in prose, and the one year that the text itself gives for the act."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kg.named import NameMention, Role

if TYPE_CHECKING:
    from kg.model import Incident
    from kg.text.page import Page
    from kg.text.prose import Prose

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec"
_DATE = re.compile(
    rf"(?<![\w.,/-])(?:(?:\d{{1,2}}(?:st|nd|rd|th)?(?: of)? )?(?:{_MONTHS}|{_SHORT})\.?(?: \d{{1,2}}(?:st|nd|rd|"
    rf"th)?)?,? (?:of )?\[?|"
    r"(?:spring|summer|autumn|fall|winter|early|late|mid)[- ](?:of |in )?\[?|\[?)"
    r"(?P<year>19[5-9]\d|20[0-4]\d)(?![\w%]|[.,]\d|-\d{3})",
    re.IGNORECASE,
)
_CITED = re.compile(r"\(\s*(?:[A-Z][\w&.,\u2019' -]{1,60},?\s)?(?:\d{4}[a-z]?;\s)?\Z")
_BEFORE = 70
_WINDOW = 4
"""How many years before its first report an act is thought of as the news: older years are background."""


def read_years(page: Page) -> list[NameMention]:
    """Every year and day that the prose names; citations such as "(Cohen, 2020)" are left out.

    The mentions of the year that stands out as that of the act have the role ``when``.
    """
    found = [
        (prose, match) for prose in page.fields for match in _DATE.finditer(prose.words) if not _cited(prose, match)
    ]
    act = _year_of_act(page.incident, Counter(int(match["year"]) for _, match in found))
    mentions = []
    for prose, match in found:
        start = match.start() + (match[0].startswith("["))
        year = int(match["year"])
        whole = match.end() - start > len(match["year"])
        mentions.append(
            NameMention(
                incident=page.incident.identifier,
                field=prose.name,
                passage=prose.passage,
                start=start,
                end=match.end(),
                surface=prose.text[start : match.end()],
                thing=None,
                role=Role.WHEN if year == act else Role.MENTIONED,
                confidence=0.7 if whole else 0.6,
                rule="date" if whole else "year",
                year=year,
            )
        )
    return mentions


def _cited(prose: Prose, match: re.Match[str]) -> bool:
    return _CITED.search(prose.words[max(0, match.start("year") - _BEFORE) : match.start("year")]) is not None


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
