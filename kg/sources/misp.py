"""MISP: events tagged with techniques of DISARM, and the galaxy clusters that name these.

An event tag reads ``misp-galaxy:disarm-techniques="Facilitate State Propaganda"``: a name, no id. Names are resolved
through the framework, and through the clusters that an event carries along.
Formats: https://www.misp-standard.org/rfc/misp-standard-core.html, .../misp-standard-galaxy-format.html
"""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Incident, Outcome, Place, Severity
from kg.named import Role
from kg.sources.checks import report_names
from kg.sources.foreign import ForeignSource, segment
from kg.sources.json_reader import parse_json
from kg.sources.json_text import JsonObject, looks_like_json, read_foreign, sniff
from kg.sources.misp_galaxy import is_galaxy, read_galaxy
from kg.sources.stated import is_area, state_names
from kg.sources.values import parse_date

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Corpus, SourceDocument

_SPINE = (
    *("response", "Event", "Tag", "EventTag", "Attribute", "AttributeTag", "Object"),
    *("Galaxy", "GalaxyCluster", "values", "related"),
)
_TAG = re.compile(r'misp-galaxy:(?P<galaxy>[^=]*)="(?P<value>.*)"', re.DOTALL)
_TECHNIQUES = "disarm-techniques"
_TARGETS = frozenset({"target-location", "target-country"})
_ACTORS = frozenset({"threat-actor", "mitre-intrusion-set", "microsoft-activity-group"})
_LINK_TYPES = frozenset({"link"})


def is_misp(path: Path) -> bool:
    """Whether a file is a MISP event, a list of them, or a galaxy cluster."""
    text = sniff(path)
    return (
        looks_like_json(text, r'"Event"\s*:\s*[{\[]')
        or looks_like_json(text, r'"info"\s*:', r'"(?:Tag|Attribute)"\s*:\s*\[')
        or looks_like_json(text, r'"values"\s*:\s*\[', r'"value"\s*:', r'"type"\s*:', r'"(?:meta|uuid)"\s*:')
    )


def read_misp(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read events, or a galaxy cluster of DISARM.

    Args:
        path: The file.
        release: The name of the release; ``local`` by default.
        framework: Technique id to name; where given, tags are resolved through it and unknown ones are reported.

    Raises:
        SourceError: The file is neither, or a galaxy of something else.
    """
    name = path.name
    text, document, findings = read_foreign(path, name)
    value, doubts = parse_json(text, name, _SPINE)
    source = ForeignSource(name, dict(framework or {}))
    source.ledger.findings += [*findings, *doubts]
    if isinstance(value, JsonObject) and is_galaxy(value):
        return _galaxy(value, source, release or "local", document)
    events = list(_events(value))
    if not events:
        raise SourceError(
            f'{name}: holds no MISP event and no galaxy cluster; an event is {{"Event": {{"info": ...}}}}'
        )
    source.name_techniques(source.known)
    incidents: dict[str, Incident] = {}
    for event in events:
        identifier = _identifier(event)
        if identifier in incidents:
            source.ledger.count("events", Outcome.REPORTED)
            about = (identifier,)
            source.report(
                "duplicate-incident", event.line, "an event with this uuid stands above", "kept once", about=about
            )
            continue
        source.ledger.stored("events")
        incidents[identifier] = _incident(identifier, event, source)
    return source.close(release or "local", (document,), incidents.values())


def _galaxy(value: JsonObject, source: ForeignSource, release: str, document: SourceDocument) -> Corpus:
    corpus = replace(read_galaxy(value, source), release=release, documents=(document,))
    names = {technique.identifier: technique.name for technique in corpus.techniques}
    report_names(corpus, names, source.ledger)
    return source.balance(corpus)


def _events(value: object, depth: int = 0) -> Iterator[JsonObject]:
    """The events of an export: one, a list of them, below ``response`` or not."""
    deepest = 3
    if isinstance(value, list):
        for item in value:
            yield from _events(item, depth + 1) if depth < deepest else ()
    elif isinstance(value, JsonObject):
        for key in ("response", "Event"):
            if key in value and depth < deepest:
                yield from _events(value[key], depth + 1)
                return
        if "info" in value:
            yield value


def _identifier(event: JsonObject) -> str:
    named = event.text("uuid") or event.text("id") or event.text("info") or f"line {event.line}"
    return "misp-" + segment(named, "event")


def _incident(identifier: str, event: JsonObject, source: ForeignSource) -> Incident:
    title = " ".join(event.text("info").split())
    about = (identifier,)
    if not title:
        source.report("missing-title", event.line, "the event has no info", about=about)
    holders = [event, *_attributes(event)]
    _learn(holders, source)
    rows, targets, actors, other = source.rows(identifier), [], [], 0
    for holder in holders:
        for galaxy, value, line in _tags(holder):
            if galaxy == _TECHNIQUES:
                rows.add_named(value, line)
            elif galaxy in _TARGETS:
                targets.append(value)
            elif galaxy in _ACTORS:
                actors.append(value)
            else:
                other += 1
    if other:
        source.ledger.count("other_tags", Outcome.REPORTED, other)
        message = f"{other} tags say neither a technique nor a target"
        source.report("tags-not-read", event.line, message, about=about, severity=Severity.INFO)
    day = _day(event, source, about)
    links = [
        (attribute.text("value"), "", attribute.line)
        for attribute in holders[1:]
        if attribute.text("type") in _LINK_TYPES
    ]
    return Incident(
        identifier=identifier,
        title=title,
        place=Place(source.name, event.line),
        # The date of an event is when it happened, not when it was written down.
        year_started=day.year if day is not None else None,
        attributed_to=source.areas(filter(is_area, actors), event.line, about),
        target_countries=source.areas(targets, event.line, about),
        references=source.references(links, about),
        rows=rows.records(),
        stated=tuple(state_names(source, itertools.filterfalse(is_area, actors), Role.OPERATOR, event.line, about)),
    )


def _attributes(event: JsonObject) -> Iterator[JsonObject]:
    yield from event.objects("Attribute")
    for thing in event.objects("Object"):
        yield from thing.objects("Attribute")


def _tags(holder: JsonObject) -> Iterator[tuple[str, str, int]]:
    """Galaxy, value and line of each tag; a tag of no galaxy has an empty one. Clusters repeat what tags say."""
    tags = [*holder.objects("Tag")]
    # Events as the database has them: the tag stands within what ties it to the event.
    tags += [tag for key in ("EventTag", "AttributeTag") for tie in holder.objects(key) for tag in tie.objects("Tag")]
    for tag in tags:
        match = _TAG.fullmatch(tag.text("name"))
        yield (match["galaxy"], match["value"].strip(), tag.line) if match else ("", tag.text("name"), tag.line)
    tagged = {tag.text("name") for tag in tags}
    for galaxy, cluster in _clusters(holder):
        if cluster.text("tag_name") not in tagged and cluster.text("value"):
            yield galaxy, cluster.text("value"), cluster.line


def _clusters(holder: JsonObject) -> Iterator[tuple[str, JsonObject]]:
    for galaxy in holder.objects("Galaxy"):
        for cluster in galaxy.objects("GalaxyCluster"):
            yield galaxy.text("type") or cluster.text("type"), cluster


def _learn(holders: list[JsonObject], source: ForeignSource) -> None:
    """Learn the names that the event's own clusters give to ids; a framework that was given goes before them."""
    for holder in holders:
        for galaxy, cluster in _clusters(holder):
            name = cluster.text("value")
            if galaxy == _TECHNIQUES and name and not source.named(name):
                ids = [found for meta in cluster.objects("meta") for found in meta.texts("external_id")]
                source.name_techniques(dict.fromkeys(ids[:1], name))


def _day(event: JsonObject, source: ForeignSource, about: tuple[str, ...]) -> dt.date | None:
    written = event.text("date")
    if not written:
        return None
    try:
        day = parse_date(written)
    except ValueError as error:
        message, _, fix = str(error).partition("; ")
        source.ledger.count("event_dates", Outcome.REPORTED)
        source.report("bad-date", event.line, message, fix, about=about)
        return None
    source.ledger.stored("event_dates")
    return day
