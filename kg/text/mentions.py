"""From an incident to the names read in its prose: who, where, against whom and when, each with its rule."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.named import ASSERTED, NameMention, Role
from kg.text.actors import read_actor
from kg.text.capitals import last_name, unlisted_names
from kg.text.discovery import discover
from kg.text.hits import read_page, spots_of
from kg.text.lexicon import Form, unlisted
from kg.text.matcher import Matcher, lower, one_slip
from kg.text.page import Reading, beside
from kg.text.personas import READING as PERSONA
from kg.text.personas import authentic_places, tags_authentic
from kg.text.platforms import read_platforms
from kg.text.states import read_state
from kg.text.years import read_years

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.model import Incident
    from kg.named import Thing
    from kg.text.lexicon import Lexicon
    from kg.text.page import Page, Spot

PLACES = frozenset({"country", "region"})
_WEAK = frozenset({Role.MENTIONED, Role.ALIGNED, Role.TARGET})
ACTING_ROLES = frozenset({Role.OPERATOR, Role.ENABLER})
_ONLY_LEANS = frozenset({"leaning", "language"})
_SLIP = 6
_JOINS = re.compile(r",?\s+(?:and|&)\s+")


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
        ends: dict[tuple[int, int], Reading] = {}
        names = unlisted_names(page)
        places = ((name.prose, name.start, name.end) for name in names)
        authentic = authentic_places(page, places) if tags_authentic(page) else frozenset()
        lists = _Listed(page, authentic)
        listed = list(lists.read(ends))
        known = len(ends)
        unlisted = list(_unlisted(page, discover(page, names, authentic, ends)))
        # A listed name may be joined to one that no list has.
        read = [*(list(lists.read(ends)) if len(ends) > known else listed), *unlisted]
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


class _Listed:
    """The names of the lists on a page; what a rule says of one place is asked once."""

    def __init__(self, page: Page, authentic: AbstractSet[tuple[int, int]]) -> None:
        self._page = page
        self._platforms = read_platforms(page.spots, page)
        self._authentic = authentic
        # By place in the page and identity of the form: to hash a form is to hash all that is known of its thing.
        self._actors: dict[tuple[int, int], Reading | None] = {}
        self._states: dict[tuple[int, int], Reading] = {}

    def read(self, ends: dict[tuple[int, int], Reading]) -> Iterator[_Read]:
        """Each name with its reading; ``ends`` is where those end that act, and grows."""
        page = self._page
        aims: dict[tuple[int, int], Reading] = {}
        for index, spot in enumerate(page.spots):
            if index in self._platforms:
                yield (spot, *self._platforms[index])
                continue
            for form in spot.hit.forms:
                category = form.thing.category
                if category in PLACES:
                    yield spot, form.thing, self._placed(index, form, aims)
                elif category in {"actor", "reporter"}:
                    reading = self._acting(index, form, ends)
                    if reading is not None:
                        if reading.role in ACTING_ROLES and not page.fact_check:
                            ends[id(spot.prose), spot.hit.end] = reading
                        yield spot, form.thing, reading
                        break

    def _acting(self, index: int, form: Form, ends: dict[tuple[int, int], Reading]) -> Reading | None:
        spot, category = self._page.spots[index], form.thing.category
        tagged = category == "actor" and (id(spot.prose), spot.hit.start) in self._authentic
        reading = PERSONA if tagged else self._actor(index, form)
        if category == "actor" and (reading is None or reading.rule == "named"):
            return beside(spot, ends) or self._with_next(index) or reading
        return reading

    def _actor(self, index: int, form: Form) -> Reading | None:
        key = (index, id(form))
        if key not in self._actors:
            spot = self._page.spots[index]
            self._actors[key] = read_actor(spot, form.thing, strict=form.strict, page=self._page)
        return self._actors[key]

    def _placed(self, index: int, form: Form, aims: dict[tuple[int, int], Reading]) -> Reading:
        """The reading of a country; in "targeting A, B and C" what is joined to a target is one."""
        spot = self._page.spots[index]
        key = (index, id(form))
        reading = self._states.get(key)
        if reading is None:
            reading = self._states[key] = read_state(spot, form, self._page)
        if reading.rule == "named":
            reading = beside(spot, aims) or reading
        if reading.role is Role.TARGET:
            aims[id(spot.prose), spot.hit.end] = reading
        return reading

    def _with_next(self, index: int) -> Reading | None:
        """The reading of the medium or operation that the next name is, where "and" joins the two."""
        spots = self._page.spots
        if index + 1 == len(spots):
            return None
        spot, following = spots[index], spots[index + 1]
        between = spot.prose.words[spot.hit.end : following.hit.start]
        if following.prose is not spot.prose or _JOINS.fullmatch(between) is None:
            return None
        form = next((form for form in following.hit.forms if form.thing.category == "actor"), None)
        kinds = {item.thing.kind for item in spot.hit.forms if item.thing.category == "actor"}
        if form is None or form.thing.kind not in kinds:
            return None
        reading = self._actor(index + 1, form)
        if reading is None or reading.role not in ACTING_ROLES:
            return None
        return Reading(reading.role, 0.62, f"{reading.rule}-beside")


def _unlisted(page: Page, found: Mapping[str, Reading]) -> Iterator[_Read]:
    """Actors found by their place, and every other place of the page that has their name or a person's last name."""
    if not found:
        return
    things = _merged({name: (unlisted("actor", name, "text"), reading) for name, reading in found.items()})
    forms = [Form(name, thing) for name, (thing, _) in things.items()]
    best: dict[str, Reading] = {}
    for thing, reading in things.values():
        known = best.get(thing.identifier)
        best[thing.identifier] = reading if known is None or known.confidence < reading.confidence else known
    forms += [Form(last, thing) for last, thing in _last_names(things)]
    matcher = Matcher(forms)
    for prose in page.fields:
        taken = {at for start, end in page.taken_by_others(prose) for at in range(start, end)}
        for spot in spots_of(prose, matcher.find(prose.words, prose.small)):
            if spot.hit.start not in taken:
                thing = spot.hit.forms[0].thing
                yield spot, thing, best[thing.identifier]


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
        # "Carolina" is not the last name of the "Outer Banks": a person's names are no common words.
        if last := last_name(name):
            yield last, thing


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
    _speak_for_states(read, best)
    if not page.fact_check:
        _speak_for_groups(read, best)
    decided = []
    for spot, thing, reading in read:
        top = best.get((thing.category, thing.identifier))
        # A state that acts is no target of itself, whatever its elections or its people are named for.
        open_to = _WEAK if thing.category in PLACES else _WEAK - {Role.TARGET}
        if top is not None and reading.role in open_to and top.confidence >= ASSERTED:
            rule = top.rule if top.rule.startswith("page:") else f"page:{top.rule}"
            decided.append((spot, thing, Reading(top.role, round(top.confidence - 0.1, 2), rule)))
        else:
            decided.append((spot, thing, reading))
    return decided


def _speak_for_groups(read: Iterable[_Read], best: dict[tuple[str, str], Reading]) -> None:
    """On a page on which one extremist group acts, the others that it merely names are listed as its like."""
    groups = {("actor", thing.identifier) for _, thing, _ in read if thing.kind == "group"}
    if any(key in best for key in groups):
        named = {("actor", thing.identifier) for _, thing, reading in read if reading.rule == "named"}
        for key in groups & named:
            best.setdefault(key, Reading(Role.OPERATOR, 0.7, "page:group-among-groups"))


def _speak_for_states(read: Iterable[_Read], best: dict[tuple[str, str], Reading]) -> None:
    """A service, agency or operation of a state that acts makes the state act, where the page names the state."""
    acting = {
        thing.country
        for _, thing, _ in read
        if thing.category == "actor"
        and thing.country
        and thing.kind in {"state-organ", "operation"}
        and _operates(best.get(("actor", thing.identifier)))
    }
    # A campaign that the page calls no more than "pro-Russian" does not make Russia act.
    named = {thing.identifier for spot, thing, reading in read if reading.rule not in _ONLY_LEANS and spot.affairs}
    for country in acting & named:
        best.setdefault(("country", country), Reading(Role.OPERATOR, 0.7, "page:its-body-acts"))


def _operates(reading: Reading | None) -> bool:
    return reading is not None and reading.role is Role.OPERATOR and reading.confidence >= ASSERTED


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
