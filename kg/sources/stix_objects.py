"""The objects of STIX bundles by their ids: each once, with the technique id it carries, and what leads where.

A bundle may be far larger than the memory. What no record is made of (indicators, observables, malware, what leads
from or to them) is counted and forgotten but for a fingerprint, which tells whether what leads somewhere leads to
something; of the other objects the properties that are read are kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Outcome, Severity
from kg.sources.foreign import TECHNIQUE_ID
from kg.sources.json_text import JsonObject
from kg.sources.stix_rest import StixRest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.sources.foreign import ForeignSource

_ID_SOURCES = frozenset({"disarm", "mitre-attack"})
_MITRE_EXTENSION = "extension-definition--322b8f77-262a-4cb8-a915-1e441e00329b"
"""OpenCTI's: property ``id`` is the id of a technique."""

READ_TYPES = frozenset(
    (
        *("attack-pattern", "incident", "campaign", "intrusion-set", "report", "grouping"),
        *("threat-actor", "identity", "location", "channel", "narrative", "x-mitre-tactic", "x-mitre-matrix"),
    )
)
"""Types whose objects are kept; relationships are kept where both ends are of these."""

_VERBS = frozenset({"uses", "attributed-to", "targets", "located-at", "originates-from", "subtechnique-of"})
_PROPERTIES = frozenset(
    (
        *("id", "type", "name", "description", "created", "modified", "first_seen", "x_mitre_id", "x_mitre_shortname"),
        *("external_references", "kill_chain_phases", "object_refs", "tactic_refs", "country", "region"),
        *("relationship_type", "source_ref", "target_ref"),
    )
)


class StixObjects:
    """The objects of one source.

    Attributes:
        read: How many objects were read, those that stand twice included.
        used: The ids of the objects that say something in a record.
        rest: What was counted and not kept.
    """

    def __init__(self, source: ForeignSource) -> None:
        self._source = source
        self._by_id: dict[str, JsonObject] = {}
        self._from: dict[str, list[JsonObject]] = {}
        self._names: dict[str, str] = {}
        self.read = 0
        self.used: set[str] = set()
        self.rest = StixRest()

    @property
    def objects(self) -> Iterator[JsonObject]:
        """Each object that was kept once, in the order they were read."""
        return iter(self._by_id.values())

    def of_type(self, *kinds: str) -> Iterator[JsonObject]:
        """The objects of these types."""
        return (found for found in self._by_id.values() if found.text("type") in kinds)

    def find(self, identifier: str) -> JsonObject | None:
        """The object of an id."""
        return self._by_id.get(identifier)

    def use(self, *found: JsonObject) -> None:
        """Say that objects are read into a record."""
        self.used.update(item.text("id") for item in found)

    def take(self, value: object) -> None:
        """Take in what stands in the place of an object; what is none is reported."""
        if isinstance(value, JsonObject):
            self.add(value)
            return
        self._source.ledger.count("stix_set_aside", Outcome.REPORTED)
        shown = type(value).__name__ if value is not None else "null"
        self._source.report("bad-object", 0, f"{shown} where an object belongs", "leave it out")

    def add(self, found: JsonObject) -> None:
        """Take an object in; of two with one id the one modified last is kept, else the first."""
        self.read += 1
        identifier, kind = found.text("id"), found.text("type")
        if not identifier or not kind:
            self._refuse("bad-object", found, "an object without id or type", "give it both")
            return
        if found.get("revoked") is True:
            self._refuse("revoked-object", found, f"{identifier[:60]} is revoked", "left out")
            return
        before = self._by_id.get(identifier)
        if before is None:
            if _is_read(kind, found):
                self._by_id[identifier] = self._slim(found)
            else:
                self.rest.add(identifier, kind, found)
            return
        newer = found.text("modified") > before.text("modified")
        kept = "the one modified last is kept" if newer else "the first is kept"
        self._refuse("duplicate-id", found, f"{identifier[:60]} stands twice, first in line {before.line}", kept)
        if newer:
            self._by_id[identifier] = self._slim(found)

    def _slim(self, found: JsonObject) -> JsonObject:
        """The object with the properties that are read, ids shared; one that carries a technique id carries it on."""
        slim = JsonObject({key: found[key] for key in found if key in _PROPERTIES}, found.line)
        for key in ("source_ref", "target_ref", "relationship_type", "type"):
            value = slim.get(key)
            if isinstance(value, str):
                slim[key] = self._names.setdefault(value, value)
        listed = found.texts("object_refs")
        if listed:
            slim["object_refs"] = [self._names.setdefault(end, end) for end in listed if _is_kept(end)]
            self.rest.lead(found, (end for end in listed if not _is_kept(end)))
        if given := _extension_ids(found):
            slim["extensions"] = {_MITRE_EXTENSION: {"id": given[0]}}
        if found.text("type") == "relationship" and _kind_of(found.text("target_ref")) != "attack-pattern":
            # What is said of an actor or a place stands in no record.
            slim.pop("description", None)
        return slim

    def _refuse(self, code: str, found: JsonObject, message: str, fix: str) -> None:
        self._source.ledger.count("stix_set_aside", Outcome.REPORTED)
        self._source.report(code, found.line, message, fix)

    def close(self) -> None:
        """Know what leads where, and report every reference to an object that is not there."""
        for found in self.of_type("relationship"):
            ends = (found.text("source_ref"), found.text("target_ref"))
            there = [self._exists(end, found) for end in ends]
            if all(there):
                self._from.setdefault(ends[0], []).append(found)
        for found in self._by_id.values():
            for end in found.texts("object_refs"):
                self._exists(end, found)
        for line in self.rest.doubles():
            self._source.ledger.count("stix_set_aside", Outcome.REPORTED)
            self._source.report("duplicate-id", line, "an object whose id stands above", "the first is kept")
        for line, kind in self.rest.dangling(self._by_id):
            self._dangles(line, f"the {kind} here")

    def _exists(self, end: str, found: JsonObject) -> bool:
        if end in self._by_id:
            return True
        if not self.rest.holds(end):
            self._dangles(found.line, f"{found.text('id')[:60]} leads to {end[:60] or 'nothing'}")
        return False

    def _dangles(self, line: int, what: str) -> None:
        self._source.ledger.count("stix_references", Outcome.REPORTED)
        message = f"{what}, which is not in the bundle"
        self._source.report("dangling-reference", line, message, "add the object", severity=Severity.WARNING)

    def following(self, found: JsonObject, *kinds: str) -> Iterator[tuple[JsonObject, JsonObject]]:
        """The relationships of these kinds that begin at an object, each with the object it leads to."""
        for relationship in self._from.get(found.text("id"), ()):
            if relationship.text("relationship_type") in kinds:
                yield relationship, self._by_id[relationship.text("target_ref")]


def _is_read(kind: str, found: JsonObject) -> bool:
    """Whether a record may be made of an object of this type."""
    if kind != "relationship":
        return kind in READ_TYPES
    ends = (found.text("source_ref"), found.text("target_ref"))
    return found.text("relationship_type") in _VERBS and all(map(_is_kept, ends))


def _is_kept(identifier: str) -> bool:
    """Whether the object of an id would be kept: an id begins with its type."""
    return _kind_of(identifier) in READ_TYPES


def _kind_of(identifier: str) -> str:
    return identifier.partition("--")[0]


def object_code(found: JsonObject) -> str:
    """The id of a technique or tactic that an object carries; empty where it carries none.

    It stands under ``external_references`` of "mitre-attack" or "DISARM", under ``x_mitre_id``, or in OpenCTI's
    extension.
    """
    candidates = [
        reference.text("external_id")
        for reference in found.objects("external_references")
        if reference.text("source_name").casefold() in _ID_SOURCES
    ]
    candidates.append(found.text("x_mitre_id"))
    given = [candidate for candidate in (*candidates, *_extension_ids(found)) if candidate]
    return next((candidate for candidate in given if TECHNIQUE_ID.fullmatch(candidate)), given[0] if given else "")


def _extension_ids(found: JsonObject) -> list[str]:
    """The ids of techniques that OpenCTI's extension of an object gives."""
    given = [
        part.text("id") for extensions in found.objects("extensions") for part in extensions.objects(_MITRE_EXTENSION)
    ]
    return [identifier for identifier in given if identifier]
