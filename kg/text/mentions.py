"""From an incident to the names read in its prose: who, where, against whom and when, each with its rule."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.named import ASSERTED, NameMention, Role
from kg.text.actors import read_actor
from kg.text.discovery import discover, thing_of
from kg.text.lexicon import Form
from kg.text.matcher import Matcher, lower, one_slip
from kg.text.page import Reading, read_page, spots_of
from kg.text.platforms import read_platforms
from kg.text.states import read_state
from kg.text.years import read_years

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.model import Incident
    from kg.named import Thing
    from kg.text.lexicon import Lexicon
    from kg.text.page import Page, Spot

ACTING_ROLES = frozenset({Role.OPERATOR, Role.ENABLER})
_SLIP = 6
_PARTS_OF_A_PERSON = 3
_PART = re.compile(r"[^\W\d_][\w\u2019'-]+")


class MentionReader:
    """Reads incidents with one lexicon.

    Args:
        lexicon: The names to look for.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._matcher = Matcher(lexicon.forms)

    def read(self, incident: Incident) -> tuple[NameMention, ...]:
        """Every mention in an incident, in the order of its fields and their text."""
        page = read_page(incident, self._matcher)
        read = [*_listed(page), *_unlisted(page)]
        read = _decided(read, page)
        mentions = [_mention(page, spot, thing, reading) for spot, thing, reading in read]
        mentions += read_years(page)
        order = {id(prose): index for index, prose in enumerate(page.fields)}
        by_field = {(prose.name, prose.passage): order[id(prose)] for prose in page.fields}
        return tuple(sorted(mentions, key=lambda item: (by_field[item.field, item.passage], item.start, _key(item))))


@lru_cache(maxsize=4)
def reader_of(lexicon: Lexicon) -> MentionReader:
    """The reader of a lexicon, made once."""
    return MentionReader(lexicon)


def _key(mention: NameMention) -> tuple[str, str]:
    return (mention.thing.category, mention.thing.identifier) if mention.thing else ("date", str(mention.year))


_Read = tuple["Spot", "Thing", Reading]


def _listed(page: Page) -> Iterator[_Read]:
    platforms = read_platforms(page.spots)
    for index, spot in enumerate(page.spots):
        if index in platforms:
            yield (spot, *platforms[index])
            continue
        for form in spot.hit.forms:
            category = form.thing.category
            if category in {"country", "region"}:
                yield spot, form.thing, read_state(spot, form, page)
            elif category in {"actor", "reporter"}:
                reading = read_actor(spot, form.thing, strict=form.strict, page=page)
                if reading is not None:
                    yield spot, form.thing, reading
                    break


def _unlisted(page: Page) -> Iterator[_Read]:
    """Actors found by their place, and every other place of the page that has their name or a person's last name."""
    found = discover(page)
    if not found:
        return
    things: dict[str, tuple[Thing, Reading]] = {}
    for item in found:
        known = things.get(item.name)
        if known is None or known[1].confidence < item.reading.confidence:
            things[item.name] = (thing_of(item.name), item.reading)
    things = _merged(things)
    forms = [Form(name, thing) for name, (thing, _) in things.items()]
    by_thing = {thing.identifier: reading for thing, reading in reversed(list(things.values()))}
    forms += [Form(last, thing) for last, thing in _last_names(things)]
    taken = {(id(spot.prose), at) for spot in page.spots for at in range(spot.hit.start, spot.hit.end)}
    matcher = Matcher(forms)
    for prose in page.fields:
        for spot in spots_of(prose, matcher.find(prose.words)):
            if (id(prose), spot.hit.start) not in taken:
                thing = spot.hit.forms[0].thing
                yield spot, thing, by_thing[thing.identifier]


def _merged(things: dict[str, tuple[Thing, Reading]]) -> dict[str, tuple[Thing, Reading]]:
    """Names that are one slip apart, or one the last part of the other, are one actor: the longer name stands."""
    merged: dict[str, tuple[Thing, Reading]] = {}
    for name in sorted(things, key=lambda item: (-len(item), item)):
        same = next(
            (
                other
                for other in merged
                if other.endswith(f" {name}") or (len(name) >= _SLIP and one_slip(lower(name), lower(other)))
            ),
            None,
        )
        thing, reading = things[name]
        merged[name] = (merged[same][0], reading) if same else (thing, reading)
    return merged


def _last_names(things: dict[str, tuple[Thing, Reading]]) -> Iterator[tuple[str, Thing]]:
    for name, (thing, _) in things.items():
        words = name.split()
        if 1 < len(words) <= _PARTS_OF_A_PERSON and all(map(_PART.fullmatch, words)):
            yield words[-1], thing


def _decided(read: Sequence[_Read], page: Page) -> list[_Read]:
    """Let the surest place of an actor speak for its other places, and a state's body speak for the state."""
    best: dict[tuple[str, str], Reading] = {}
    reporting: dict[tuple[str, str], int] = defaultdict(int)
    for _, thing, reading in read:
        key = (thing.category, thing.identifier)
        if (
            reading.role in ACTING_ROLES
            and reading.confidence > best.get(key, Reading(reading.role, 0.0, "")).confidence
        ):
            best[key] = reading
        reporting[key] += reading.role is Role.REPORTER
    _speak_for_states(read, best, page)
    decided = []
    for spot, thing, reading in read:
        top = best.get((thing.category, thing.identifier))
        if top is not None and reading.role in {Role.MENTIONED, Role.ALIGNED} and top.confidence >= ASSERTED:
            rule = top.rule if top.rule.startswith("page:") else f"page:{top.rule}"
            decided.append((spot, thing, Reading(top.role, round(top.confidence - 0.1, 2), rule)))
        else:
            decided.append((spot, thing, reading))
    return decided


def _speak_for_states(read: Iterable[_Read], best: dict[tuple[str, str], Reading], page: Page) -> None:
    """A service, agency or operation of a state that acts makes the state act, where the page names the state."""
    del page
    acting = {
        thing.country
        for _, thing, _ in read
        if thing.category == "actor"
        and thing.country
        and thing.kind in {"state-organ", "operation"}
        and best.get(("actor", thing.identifier), Reading(Role.MENTIONED, 0.0, "")).confidence >= ASSERTED
    }
    for country in acting:
        best.setdefault(("country", country), Reading(Role.OPERATOR, 0.7, "page:its-body-acts"))


def _mention(page: Page, spot: Spot, thing: Thing, reading: Reading) -> NameMention:
    confidence = min(reading.confidence, 0.8) if spot.hit.fuzzy else reading.confidence
    return NameMention(
        incident=page.incident.identifier,
        field=spot.prose.name,
        passage=spot.prose.passage,
        start=spot.hit.start,
        end=spot.hit.end,
        surface=spot.surface,
        thing=thing,
        role=reading.role,
        confidence=confidence,
        rule=reading.rule,
    )
