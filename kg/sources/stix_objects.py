"""The objects of STIX bundles by their ids: each once, with the technique id it carries, and what leads where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Outcome, Severity
from kg.sources.foreign import TECHNIQUE_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.sources.foreign import ForeignSource
    from kg.sources.json_text import JsonObject

_ID_SOURCES = frozenset({"disarm", "mitre-attack"})
_MITRE_EXTENSION = "extension-definition--322b8f77-262a-4cb8-a915-1e441e00329b"
"""OpenCTI's: property ``id`` is the id of a technique."""


class StixObjects:
    """The objects of one source.

    Attributes:
        read: How many objects were read, those that stand twice included.
        used: The ids of the objects that say something in a record.
    """

    def __init__(self, source: ForeignSource) -> None:
        self._source = source
        self._by_id: dict[str, JsonObject] = {}
        self._from: dict[str, list[JsonObject]] = {}
        self.read = 0
        self.used: set[str] = set()

    @property
    def objects(self) -> Iterator[JsonObject]:
        """Each object once, in the order they were read."""
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
            self._by_id[identifier] = found
            return
        newer = found.text("modified") > before.text("modified")
        kept = "the one modified last is kept" if newer else "the first is kept"
        self._refuse("duplicate-id", found, f"{identifier[:60]} stands twice, first in line {before.line}", kept)
        if newer:
            self._by_id[identifier] = found

    def _refuse(self, code: str, found: JsonObject, message: str, fix: str) -> None:
        self._source.ledger.count("stix_set_aside", Outcome.REPORTED)
        self._source.report(code, found.line, message, fix)

    def close(self) -> None:
        """Know what leads where, and report every reference to an object that is not there."""
        for found in self.of_type("relationship"):
            ends = (found.text("source_ref"), found.text("target_ref"))
            if all(self._exists(end, found) for end in ends):
                self._from.setdefault(ends[0], []).append(found)
        for found in list(self._by_id.values()):
            for end in found.texts("object_refs"):
                self._exists(end, found)

    def _exists(self, end: str, found: JsonObject) -> bool:
        if end in self._by_id:
            return True
        self._source.ledger.count("stix_references", Outcome.REPORTED)
        message = f"{found.text('id')[:60]} leads to {end[:60] or 'nothing'}, which is not in the bundle"
        self._source.report("dangling-reference", found.line, message, "add the object", severity=Severity.WARNING)
        return False

    def following(self, found: JsonObject, *kinds: str) -> Iterator[tuple[JsonObject, JsonObject]]:
        """The relationships of these kinds that begin at an object, each with the object it leads to."""
        for relationship in self._from.get(found.text("id"), ()):
            if relationship.text("relationship_type") in kinds:
                yield relationship, self._by_id[relationship.text("target_ref")]


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
    for extensions in found.objects("extensions"):
        candidates += [extension.text("id") for extension in extensions.objects(_MITRE_EXTENSION)]
    given = [candidate for candidate in candidates if candidate]
    return next((candidate for candidate in given if TECHNIQUE_ID.fullmatch(candidate)), given[0] if given else "")
