"""DISARM's own STIX bundle: tactics, techniques, and which is below which."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.model import Corpus, Outcome, Place, Severity, Tactic, Technique
from kg.sources.stix_objects import object_code
from kg.text import plain_text

if TYPE_CHECKING:
    from kg.sources.foreign import ForeignSource
    from kg.sources.json_text import JsonObject
    from kg.sources.stix_objects import StixObjects

DRAFT_RELEASE = "2.0-draft"
"""The draft of July 2025, whose ids are those of 1.x with other meanings (T0117, T0127, T0153.003-.007, ...)."""

DRAFT_MARK = "_2.0"
"""What stands behind each id of the draft, here and in the graph; its TA21 is another than that of release 2.0, too."""

_REPOSITORY = re.compile(r"/DISARMframeworks-(\d)(\d)(-observable)?/")
_TECHNIQUE = re.compile(r"T\d{4}(?:\.\d{3})?")
_TACTIC = re.compile(r"TA\d{2}")
_LAST_TACTIC_OF_1 = "TA18"


def is_framework(stored: StixObjects) -> bool:
    """Whether a bundle is a framework of DISARM: it holds tactics with ids of DISARM, ``TA`` and two digits."""
    return any(_TACTIC.fullmatch(object_code(found)) for found in stored.of_type("x-mitre-tactic"))


def is_draft(stored: StixObjects) -> bool:
    """Whether the tactics are those of the 2.0 draft: all of them behind TA18, the last of 1.x."""
    codes = [object_code(found) for found in stored.of_type("x-mitre-tactic")]
    codes = [code for code in codes if _TACTIC.fullmatch(code)]
    return bool(codes) and all(code > _LAST_TACTIC_OF_1 for code in codes)


def release_of(stored: StixObjects) -> str:
    """The release that the addresses of the techniques name; empty where they name none."""
    if is_draft(stored):
        return DRAFT_RELEASE
    for found in stored.of_type("attack-pattern", "x-mitre-tactic"):
        for reference in found.objects("external_references"):
            match = _REPOSITORY.search(reference.text("url"))
            if match is not None:
                return f"{match[1]}.{match[2]}"
    return ""


def read_framework(stored: StixObjects, source: ForeignSource) -> Corpus:
    """Tactics and techniques; release, documents, findings and ledger are still to be set."""
    mark = DRAFT_MARK if is_draft(stored) else ""
    if mark:
        message = "the tactics are those of the 2.0 draft of July 2025, which gives ids of 1.x other meanings"
        source.report("draft-release", 0, message, f"each id is read with {mark!r} behind it")
    tactics, by_phase = _tactics(stored, source, mark)
    codes: dict[str, str] = {}
    first: dict[str, JsonObject] = {}
    for found in stored.of_type("attack-pattern"):
        code = object_code(found)
        fault = "" if _TECHNIQUE.fullmatch(code) else f"{code[:40]!r} is no id of a technique"
        if code in first:
            fault = f"{code} stands twice, first in line {first[code].line}"
        if fault:
            source.report("bad-object", found.line, fault, "left out", severity=Severity.VIOLATION)
            continue
        first[code] = found
        codes[found.text("id")] = code
        stored.use(found)
    parents = _parents(stored, codes, source)
    techniques = tuple(
        _technique(code, found, by_phase, parents.get(code), (source, mark)) for code, found in sorted(first.items())
    )
    return Corpus(release="", tactics=tactics, techniques=techniques)


def _tactics(stored: StixObjects, source: ForeignSource, mark: str) -> tuple[tuple[Tactic, ...], dict[str, str]]:
    """The tactics in the order of the matrix, and the id of each phase name."""
    listed = [reference for matrix in stored.of_type("x-mitre-matrix") for reference in matrix.texts("tactic_refs")]
    stored.use(*stored.of_type("x-mitre-matrix"))
    order = {identifier: rank for rank, identifier in enumerate(dict.fromkeys(listed))}
    found: dict[str, JsonObject] = {}
    for item in stored.of_type("x-mitre-tactic"):
        code = object_code(item)
        if not _TACTIC.fullmatch(code) or code in found:
            message = f"the id {code[:40]!r} of a tactic is none or stands twice"
            source.report("bad-object", item.line, message, "left out", severity=Severity.VIOLATION)
            continue
        found[code] = item
        stored.use(item)
    ranked = sorted(found, key=lambda code: (order.get(found[code].text("id"), len(order)), code))
    tactics = tuple(
        Tactic(
            identifier=code + mark,
            name=" ".join(found[code].text("name").split()),
            place=Place(source.name, found[code].line),
            summary=_summary(found[code]),
            rank=ranked.index(code) + 1,
        )
        for code in sorted(found)
    )
    return tactics, {found[code].text("x_mitre_shortname"): code + mark for code in sorted(found, reverse=True)}


def _parents(stored: StixObjects, codes: dict[str, str], source: ForeignSource) -> dict[str, str]:
    """Sub-technique to parent, as the relationships say it."""
    parents: dict[str, str] = {}
    for item in stored.of_type("attack-pattern"):
        child = codes.get(item.text("id"), "")
        for relationship, target in stored.following(item, "subtechnique-of"):
            parent = codes.get(target.text("id"), "")
            if not child or not parent or parents.setdefault(child, parent) != parent or child == parent:
                message = f"{child or 'no technique'} below {parent or 'no technique'} is not read"
                source.ledger.count("parents", Outcome.REPORTED)
                source.report("bad-parent", relationship.line, message, "give it one parent")
                continue
            stored.use(relationship)
            source.ledger.stored("parents")
            if child.partition(".")[0] != parent:
                message = f"{child} is below {parent}, which its id does not say"
                source.report("parent-differs", relationship.line, message, "the relationship is believed")
    return parents


def _technique(
    code: str, found: JsonObject, by_phase: dict[str, str], parent: str | None, into: tuple[ForeignSource, str]
) -> Technique:
    source, mark = into
    phases = [phase.text("phase_name") for phase in found.objects("kill_chain_phases")]
    known = [by_phase[phase] for phase in phases if phase in by_phase]
    source.ledger.stored("techniques")
    if not known:
        named = ", ".join(phases)[:60]
        message = f"the phase {named!r} of {code} is that of no tactic" if phases else f"{code} has no tactic"
        source.report("unknown-tactic", found.line, message, about=(code + mark,))
    if parent is None and "." in code:
        source.report("no-parent", found.line, f"no relationship says what {code} is below", about=(code + mark,))
    return Technique(
        identifier=code + mark,
        name=" ".join(found.text("name").split()),
        place=Place(source.name, found.line),
        summary=_summary(found),
        tactic=known[0] if known else None,
        parent=parent + mark if parent is not None else None,
    )


def _summary(found: JsonObject) -> str:
    """The description; what upstream read from an empty cell is the word nan."""
    text = plain_text(found.text("description"))
    return "" if text == "nan" else text
