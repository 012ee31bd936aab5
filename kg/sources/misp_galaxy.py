"""MISP galaxy clusters of DISARM: techniques, counters, actor types, detections, with the links between them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.lineage.states import name_key
from kg.model import ActorType, Corpus, Counter, Detection, Outcome, Place, Severity, Technique
from kg.text import plain_text

if TYPE_CHECKING:
    from kg.sources.foreign import ForeignSource
    from kg.sources.json_text import JsonObject

_KINDS = {
    "disarm-techniques": ("techniques", re.compile(r"T\d{4}(?:\.\d{3})?")),
    "disarm-countermeasures": ("counters", re.compile(r"C\d{5}")),
    "disarm-actortypes": ("actor_types", re.compile(r"A\d{3}")),
    "disarm-detections": ("detections", re.compile(r"F\d{5}")),
}
TACTICS = {
    "TA01": "Plan Strategy",
    "TA02": "Plan Objectives",
    "TA05": "Microtarget",
    "TA06": "Develop Content",
    "TA07": "Select Channels and Affordances",
    "TA08": "Conduct Pump Priming",
    "TA09": "Deliver Content",
    "TA10": "Drive Offline Activity",
    "TA11": "Persist in the Information Environment",
    "TA12": "Assess Effectiveness",
    "TA13": "Target Audience Analysis",
    "TA14": "Develop Narratives",
    "TA15": "Establish Assets",
    "TA16": "Establish Legitimacy",
    "TA17": "Maximise Exposure",
    "TA18": "Drive Online Harms",
}
"""Tactics of DISARM 1.x: a cluster names its tactic and gives no id."""

_TACTIC_OF = {name_key(name): identifier for identifier, name in TACTICS.items()}
_UNREAD = ("sectors:", "responsetypes:", "metatechniques:")
Record = Technique | Counter | ActorType | Detection


def is_galaxy(value: object) -> bool:
    """Whether a JSON value has the form of a galaxy cluster file."""
    return isinstance(value, dict) and isinstance(value.get("values"), list) and isinstance(value.get("type"), str)


def read_galaxy(galaxy: JsonObject, source: ForeignSource) -> Corpus:
    """The concepts of a cluster file; release, documents, findings and ledger are still to be set.

    Raises:
        SourceError: It is no cluster of DISARM.
    """
    kind = galaxy.text("type")
    if kind not in _KINDS:
        raise SourceError(
            f"{source.name}: the galaxy {kind[:40]!r} holds no objects of DISARM; give one of {', '.join(_KINDS)}"
        )
    field, pattern = _KINDS[kind]
    records: dict[str, Record] = {}
    links = unread = 0
    for entry in galaxy.objects("values"):
        identifier = next((found for meta in entry.objects("meta") for found in meta.texts("external_id")), "")
        fault = _fault(identifier, pattern, records)
        if fault:
            source.ledger.count(field, Outcome.REPORTED)
            source.report(fault[0], entry.line, fault[1], fault[2], severity=Severity.VIOLATION)
            continue
        source.ledger.stored(field)
        records[identifier] = _record(field, identifier, entry, source)
        links += len(entry.objects("related"))
        unread += sum(phase.startswith(_UNREAD) for phase in _phases(entry))
    if unread:
        source.ledger.count("galaxy_phases", Outcome.REPORTED, unread)
        message = f"{unread} names of sectors, response types and metatechniques come without ids"
        source.report("names-not-read", 0, message, "read a release of DISARM for these", severity=Severity.INFO)
    if links:
        source.ledger.count("galaxy_links", Outcome.REPORTED, links)
        message = f"{links} links lead to clusters of other files"
        source.report("links-not-followed", 0, message, "read a release of DISARM for these", severity=Severity.INFO)
    ordered = [records[identifier] for identifier in sorted(records)]
    return Corpus(
        release="",
        techniques=tuple(record for record in ordered if isinstance(record, Technique)),
        counters=tuple(record for record in ordered if isinstance(record, Counter)),
        actor_types=tuple(record for record in ordered if isinstance(record, ActorType)),
        detections=tuple(record for record in ordered if isinstance(record, Detection)),
    )


def _fault(identifier: str, pattern: re.Pattern[str], records: dict[str, Record]) -> tuple[str, str, str] | None:
    if not pattern.fullmatch(identifier):
        return "missing-id", f"{identifier[:40]!r} is no id of this galaxy", "write it under meta, external_id"
    if identifier in records:
        return "duplicate-id", f"{identifier} stands twice", "the first is kept"
    return None


def _record(field: str, identifier: str, entry: JsonObject, source: ForeignSource) -> Record:
    name, place = " ".join(entry.text("value").split()), Place(source.name, entry.line)
    summary = plain_text(entry.text("description"))
    if not name:
        source.report("missing-title", entry.line, f"{identifier} has no name", about=(identifier,))
    if field == "actor_types":
        return ActorType(identifier=identifier, name=name, place=place, summary=summary)
    tactic = _tactic(identifier, entry, source)
    if field == "counters":
        return Counter(identifier=identifier, name=name, place=place, summary=summary, tactic=tactic)
    if field == "detections":
        return Detection(identifier=identifier, name=name, place=place, summary=summary, tactic=tactic)
    parent = identifier.partition(".")[0] if "." in identifier else None
    return Technique(identifier=identifier, name=name, place=place, summary=summary, tactic=tactic, parent=parent)


def _tactic(identifier: str, entry: JsonObject, source: ForeignSource) -> str | None:
    """The tactic that the kill chain names (``tactics:Plan Strategy``); the cluster gives no id of it."""
    first = None
    for phase in _phases(entry):
        kind, _, name = phase.partition(":")
        found = _TACTIC_OF.get(name_key(name)) if kind == "tactics" else None
        if found is not None and first is None:
            first = found
            source.ledger.stored("galaxy_phases")
        elif not phase.startswith(_UNREAD):
            source.ledger.count("galaxy_phases", Outcome.REPORTED)
            what = "is not known" if found is None else "is its second tactic"
            message = f"{phase[:60]!r} of {identifier} {what}"
            source.report("unknown-tactic", entry.line, message, about=(identifier,))
    return first


def _phases(entry: JsonObject) -> list[str]:
    return [found for meta in entry.objects("meta") for found in meta.texts("kill_chain")]
