"""The names of the lists on a page: each hit in its sentence, with the short names that the page itself explains."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.text.lexicon import Form
from kg.text.matcher import Matcher
from kg.text.no_names import NO_NAMES, OFFICES
from kg.text.page import Page, Spot, fields_of
from kg.text.phrases import WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from kg.model import Incident
    from kg.named import Thing
    from kg.text.matcher import Hit
    from kg.text.prose import Prose

_FIRST_NAME = re.compile(r"(?:(?<=[\w,;:\u201d] )|\A(?!\w+(?:ing|ed|ly) ))([A-Z][a-z]{2,}) \Z")
"""A capitalised word right before a name."""

_ABBREVIATION = re.compile(r"\s*\([\"\u201c\u2018]?([A-Z][A-Za-z&.-]{0,8}[A-Z])[\"\u201d\u2019]?\)")
_LAST_NAME = re.compile(r"[^\W\d_a-z][\w\u2019'-]{3,}")
_LONG = 10


def read_page(incident: Incident, matcher: Matcher) -> Page:
    """The page of an incident with every hit of a matcher, each in its sentence."""
    page = Page(incident, fields_of(incident))
    spots = [spot for prose in page.fields for spot in spots_of(prose, matcher.find(prose.words, prose.small))]
    if any(spot.hit.fuzzy for spot in spots):
        written = {form.thing for spot in spots if not spot.hit.fuzzy for form in spot.hit.forms}
        spots = [spot for spot in spots if not spot.hit.fuzzy or _is_misspelling(spot, written)]
    spots = [spot for spot in spots if not _names_another(spot)]
    page.spots = tuple(_with_abbreviations(page, spots))
    return page


def _names_another(spot: Spot) -> bool:
    """Whether a listed last name stands behind another first name: "Eric Trump" is not the one of the list."""
    if not all(form.thing.kind == "person" and form.thing.name.endswith(f" {form.text}") for form in spot.hit.forms):
        return False
    first = _FIRST_NAME.search(spot.left)
    return first is not None and first[1] not in NO_NAMES and first[1] not in OFFICES


def _with_abbreviations(page: Page, spots: list[Spot]) -> list[Spot]:
    """The spots, and those of short names the page itself explains: "Grey Gulls (GG)", a listed person's last name."""
    explained: dict[str, Form] = dict(_last_names(spots))
    for spot in spots:
        match = _ABBREVIATION.match(spot.right)
        form = spot.hit.forms[0]
        if match is not None and form.thing.category not in {"country", "region"} and match[1] != spot.surface:
            explained.setdefault(match[1], Form(match[1], form.thing))
    if not explained:
        return spots
    matcher = Matcher(explained.values())
    found = [spot for prose in page.fields for spot in spots_of(prose, matcher.find(prose.words, prose.small))]
    # What the page says an abbreviation stands for goes before what a list says.
    own = {(id(spot.prose), spot.hit.start, spot.hit.end) for spot in found}
    kept = [spot for spot in spots if (id(spot.prose), spot.hit.start, spot.hit.end) not in own]
    order = {id(prose): place for place, prose in enumerate(page.fields)}
    whole = {(id(spot.prose), at) for spot in kept for at in range(spot.hit.start, spot.hit.end)}
    new = [spot for spot in found if (id(spot.prose), spot.hit.start) not in whole and not _names_another(spot)]
    return sorted([*kept, *new], key=lambda spot: (order[id(spot.prose)], spot.hit.start))


def _last_names(spots: Sequence[Spot]) -> Iterator[tuple[str, Form]]:
    """The last name of each listed person whom the page names in full, where no two of them share it."""
    bearers: dict[str, dict[str, Thing]] = {}
    for spot in spots:
        thing = spot.hit.forms[0].thing
        parts = spot.surface.split()
        if thing.kind == "person" and len(parts) > 1 and _LAST_NAME.fullmatch(parts[-1]) and parts[-1] not in NO_NAMES:
            bearers.setdefault(parts[-1], {})[thing.identifier] = thing
    for last, things in bearers.items():
        if len(things) == 1:
            yield last, Form(last, next(iter(things.values())))


def _is_misspelling(spot: Spot, written: AbstractSet[Thing]) -> bool:
    """Whether a name one slip away is meant: it is long, or the page has it right as well ("Speaker" is a word)."""
    return len(spot.surface) >= _LONG or any(form.thing in written for form in spot.hit.forms)


def spots_of(prose: Prose, hits: Iterable[Hit]) -> Iterator[Spot]:
    """The hits of a field in their sentences."""
    for hit in hits:
        sentence = prose.sentence_at(hit.start)
        first, last = max(sentence.start, hit.start - WINDOW), min(sentence.end, hit.end + WINDOW)
        left, right = prose.words[first : hit.start], prose.words[hit.end : last]
        yield Spot(prose, hit, sentence, left, right, prose.beside(first, hit.start, hit.end, last))
