"""Incidents out of STIX bundles as platforms write them: who used which techniques, against whom, told where.

An incident, a campaign or an intrusion set is a container of its own. A report or a grouping is one where it holds
none of these; where it holds exactly one, its techniques and references are that one's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import Entry, Incident, Outcome, Place, Severity
from kg.named import Role
from kg.sources.foreign import segment
from kg.sources.stated import is_area, state_names
from kg.sources.stix_objects import object_code
from kg.sources.values import parse_date
from kg.text import plain_text
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    import datetime as dt

    from kg.model import Area, StatedName
    from kg.sources.foreign import ForeignSource, Rows
    from kg.sources.json_text import JsonObject
    from kg.sources.stix_objects import StixObjects

CONTAINERS = ("incident", "campaign", "intrusion-set")
FOLDERS = ("report", "grouping")
READ_TYPES = (
    *("attack-pattern", *CONTAINERS, *FOLDERS),
    *("threat-actor", "identity", "location", "narrative", "relationship"),
)
_ACTORS = ("threat-actor", "intrusion-set", "identity", "campaign")
_WHERE = ("located-at", "originates-from")
_INCIDENT_ID = re.compile(r"I\d{5}")
_YEARS = range(1971, 2101)
"""Years that dates may name; OpenCTI writes 1970-01-01 and 5138-11-16 for "not known"."""


@dataclass(slots=True)
class _Draft:
    """An incident that is being put together."""

    container: JsonObject
    identifier: str
    rows: Rows
    cited: list[JsonObject] = field(default_factory=list)
    narratives: dict[str, JsonObject] = field(default_factory=dict)


def read_incidents(
    stored: StixObjects, source: ForeignSource, *, mark: str = ""
) -> tuple[list[Incident], tuple[Entry, ...]]:
    """The incidents of a bundle, and the narratives that were told in them.

    Args:
        stored: Its objects.
        source: Where rows are booked; its ``known`` techniques are what exists.
        mark: What stands behind each technique id in the graph.
    """
    reader = _IncidentReader(stored, source, mark)
    return reader.incidents(), reader.narratives()


class _IncidentReader:
    """Puts the incidents of one bundle together."""

    def __init__(self, stored: StixObjects, source: ForeignSource, mark: str) -> None:
        self._stored = stored
        self._source = source
        self._mark = mark
        self._drafts: dict[str, _Draft] = {}
        self._identifiers: set[str] = set()

    def incidents(self) -> list[Incident]:
        stored = self._stored
        actors = {
            target.text("id")
            for found in stored.of_type(*CONTAINERS)
            for _, target in stored.following(found, "attributed-to")
        }
        for found in stored.of_type(*CONTAINERS):
            uses = any(True for _ in stored.following(found, "uses"))
            # A set that something is attributed to, and that uses nothing, is an actor.
            if found.text("type") != "intrusion-set" or uses or found.text("id") not in actors:
                self._begin(found)
        for draft in list(self._drafts.values()):
            self._used(draft)
        for found in stored.of_type(*FOLDERS):
            self._folder(found)
        return [self._finish(draft) for draft in self._drafts.values()]

    def narratives(self) -> tuple[Entry, ...]:
        """Each narrative with the incidents that use it, or that a report names it with."""
        concerned: dict[str, list[str]] = {}
        objects: dict[str, JsonObject] = {}
        for draft in self._drafts.values():
            for relationship, target in self._stored.following(draft.container, "uses"):
                if target.text("type") == "narrative":
                    self._stored.use(relationship)
                    draft.narratives[target.text("id")] = target
            for identifier, found in draft.narratives.items():
                self._stored.use(found)
                self._source.ledger.stored("narratives")
                objects[identifier] = found
                concerned.setdefault(identifier, []).append(draft.identifier)
        return tuple(
            Entry(
                identifier=segment(identifier, "stix"),
                name=" ".join(found.text("name").split()) or identifier,
                place=Place(self._source.name, found.line),
                summary=plain_text(found.text("description")),
                kind="narrative",
                concerns=tuple(dict.fromkeys(concerned[identifier])),
            )
            for identifier, found in sorted(objects.items())
        )

    def _begin(self, found: JsonObject) -> _Draft:
        self._stored.use(found)
        identifier = object_code(found)
        if not _INCIDENT_ID.fullmatch(identifier) or identifier in self._identifiers:
            identifier = segment(found.text("id"), "stix")
        self._identifiers.add(identifier)
        draft = _Draft(found, identifier, self._source.rows(identifier), [found])
        self._drafts[found.text("id")] = draft
        return draft

    def _used(self, draft: _Draft) -> None:
        for relationship, target in self._stored.following(draft.container, "uses"):
            if target.text("type") != "attack-pattern":
                continue
            self._stored.use(relationship)
            self._add(draft, target, relationship.line, relationship.text("description"))
        for listed in draft.container.texts("object_refs"):
            target_listed = self._stored.find(listed)
            if target_listed is not None and target_listed.text("type") == "attack-pattern":
                self._list(draft, target_listed)

    def _folder(self, folder: JsonObject) -> None:
        """A report or grouping: an incident of its own, or what the containers in it are told by."""
        listed = [found for item in folder.texts("object_refs") if (found := self._stored.find(item)) is not None]
        inside = list(
            {found.text("id"): self._drafts[found.text("id")] for found in listed if self._begun(found)}.values()
        )
        patterns = [found for found in listed if found.text("type") == "attack-pattern"]
        told = {found.text("id"): found for found in listed if found.text("type") == "narrative"}
        left = [found for found in patterns if not any(self._code(found) in draft.rows for draft in inside)]
        used = [pair for pair in self._stored.following(folder, "uses") if pair[1].text("type") == "attack-pattern"]
        if not inside and not patterns and not used:
            return
        self._stored.use(folder)
        if len(inside) != 1 and (left or used):
            draft = self._begin(folder)
            draft.narratives.update(told)
        else:
            for each in inside:
                each.cited.append(folder)
                each.narratives.update(told)
            draft = inside[0]
        for relationship, pattern in used:
            self._stored.use(relationship)
            self._add(draft, pattern, relationship.line, relationship.text("description"))
        for pattern in left:
            self._list(draft, pattern)

    def _begun(self, found: JsonObject) -> bool:
        return found.text("id") in self._drafts and found.text("type") in CONTAINERS

    def _list(self, draft: _Draft, pattern: JsonObject) -> None:
        """A technique that a container only lists; its ``uses`` says more where there is one."""
        if self._code(pattern) not in draft.rows:
            self._add(draft, pattern, pattern.line, "")

    def _code(self, pattern: JsonObject) -> str:
        return object_code(pattern) + self._mark

    def _add(self, draft: _Draft, pattern: JsonObject, line: int, text: str) -> None:
        self._stored.use(pattern)
        code, name = object_code(pattern), " ".join(pattern.text("name").split())
        if code:
            draft.rows.add(self._code(pattern), "" if name == code else name, line, text=text)
        else:
            draft.rows.add_named(name or "a technique without a name", line, text=text)

    def _finish(self, draft: _Draft) -> Incident:
        found, source, about = draft.container, self._source, (draft.identifier,)
        title = " ".join(found.text("name").split())
        if not title:
            source.report("missing-title", found.line, f"{found.text('id')[:60]} has no name", about=about)
        cited = [
            (reference.text("url"), reference.text("source_name"), reference.line)
            for told_by in draft.cited
            for reference in told_by.objects("external_references")
            # What gives the incident its id cites nothing.
            if reference.text("url") or reference.text("external_id") != draft.identifier
        ]
        without = sum(not url for url, _, _ in cited)
        if without:
            source.ledger.count("references", Outcome.REPORTED, without)
            message = f"{without} external references have no address"
            source.report("no-address", found.line, message, about=about, severity=Severity.INFO)
        kind = found.text("type")
        day = self._day(found, "first_seen", about)
        return Incident(
            identifier=draft.identifier,
            title=title or found.text("id"),
            place=Place(source.name, found.line),
            summary=plain_text(found.text("description")),
            incident_type=kind if kind in {"incident", "campaign"} else "",
            year_started=day.year if day is not None else None,
            attributed_to=self._attributed(found, about),
            target_countries=self._areas(self._targets(found), about),
            date_added=self._day(found, "created", about),
            references=source.references(((url, name, line) for url, name, line in cited if url), about),
            rows=draft.rows.records(),
            stated=(*self._actors(found, about), *self._channels(found, about)),
        )

    def _attributed(self, found: JsonObject, about: tuple[str, ...]) -> tuple[Area, ...]:
        """Where those come from that a container is attributed to, and the states among them."""
        areas = dict.fromkeys(self._areas(self._homes(found), about))
        for relationship, target in self._stored.following(found, "attributed-to"):
            if target.text("type") in _ACTORS and is_area(target.text("name")):
                areas.update(dict.fromkeys(self._source.areas([target.text("name")], relationship.line, about)))
        return tuple(areas)

    def _actors(self, found: JsonObject, about: tuple[str, ...]) -> list[StatedName]:
        """Those that a container is attributed to, by name; a state is no actor of the lists."""
        stated: dict[StatedName, None] = {}
        for relationship, target in self._stored.following(found, "attributed-to"):
            if target.text("type") in _ACTORS and not is_area(target.text("name")):
                self._stored.use(relationship, target)
                names = [target.text("name")]
                stated.update(dict.fromkeys(state_names(self._source, names, Role.OPERATOR, relationship.line, about)))
        return list(stated)

    def _channels(self, found: JsonObject, about: tuple[str, ...]) -> list[StatedName]:
        """The channels that a container uses: platforms, by name."""
        stated: dict[StatedName, None] = {}
        for relationship, target in self._stored.following(found, "uses"):
            if target.text("type") == "channel":
                self._stored.use(relationship, target)
                names = [target.text("name")]
                stated.update(dict.fromkeys(state_names(self._source, names, Role.USED, relationship.line, about)))
        return list(stated)

    def _homes(self, found: JsonObject) -> list[JsonObject]:
        """The locations that a container, or those it is attributed to, come from."""
        places: dict[str, JsonObject] = {}
        waiting, seen = [found], {found.text("id")}
        while waiting:
            for relationship, target in self._stored.following(waiting.pop(), "attributed-to", *_WHERE):
                identifier, kind = target.text("id"), target.text("type")
                if kind == "location":
                    self._stored.use(relationship, target)
                    places[identifier] = target
                elif kind in _ACTORS and relationship.text("relationship_type") == "attributed-to":
                    self._stored.use(relationship, target)
                    if identifier not in seen:
                        seen.add(identifier)
                        waiting.append(target)
        return list(places.values())

    def _targets(self, found: JsonObject) -> list[JsonObject]:
        """The locations that a container targets, or that those whom it targets are in."""
        places: dict[str, JsonObject] = {}
        seen: set[str] = set()
        for relationship, target in self._stored.following(found, "targets"):
            identifier, kind = target.text("id"), target.text("type")
            if kind == "location":
                self._stored.use(relationship, target)
                places[identifier] = target
            elif kind == "identity" and identifier not in seen:
                seen.add(identifier)
                for inner, place in self._stored.following(target, "located-at"):
                    if place.text("type") == "location":
                        self._stored.use(relationship, target, inner, place)
                        places[place.text("id")] = place
        return list(places.values())

    def _areas(self, places: list[JsonObject], about: tuple[str, ...]) -> tuple[Area, ...]:
        areas: dict[Area, None] = {}
        for place in places:
            names = list(filter(None, (place.text("country"), place.text("name"), place.text("region"))))
            known = next((name for name in names if resolve_area(name) is not None), names[0] if names else "")
            areas.update(dict.fromkeys(self._source.areas([known or place.text("id")], place.line, about)))
        return tuple(areas)

    def _day(self, found: JsonObject, key: str, about: tuple[str, ...]) -> dt.date | None:
        written = found.text(key)
        if not written:
            return None
        try:
            day = parse_date(written)
        except ValueError as error:
            message, _, fix = str(error).partition("; ")
            self._source.ledger.count("stix_dates", Outcome.REPORTED)
            self._source.report("bad-date", found.line, f"{key}: {message}", fix, about=about)
            return None
        if day.year not in _YEARS:
            self._source.ledger.count("stix_dates", Outcome.REPORTED)
            message = f"{key} {day.isoformat()} stands for a date that is not known"
            self._source.report("no-date", found.line, message, "left out", about=about, severity=Severity.INFO)
            return None
        self._source.ledger.stored("stix_dates")
        return day
