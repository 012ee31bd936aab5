"""The objects of STIX bundles of which no record is made: counted by kind, told apart by a fingerprint of their id.

Some forty bytes an object, where the object itself takes a thousand.
"""

from __future__ import annotations

from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from kg.sources.json_text import JsonObject

_MOST_KINDS = 1000
_MANY = ("many types", "")


class Kind(NamedTuple):
    """A type of object, and of a relationship what it says."""

    type: str
    verb: str = ""


class StixRest:
    """Counts, fingerprints and lines."""

    def __init__(self) -> None:
        self._kinds: dict[Kind, int] = {}
        self._of_kind = array("L")
        self._prints = array("Q")
        self._lines = array("Q")
        self._ends = array("Q")
        self._end_kinds = array("L")
        self._end_lines = array("Q")

    def add(self, identifier: str, kind: str, found: JsonObject) -> None:
        """Count an object, and remember what it leads to."""
        verb = found.text("relationship_type") if kind == "relationship" else ""
        self._of_kind.append(self._index(Kind(kind, verb)))
        self._prints.append(_fingerprint(identifier))
        self._lines.append(found.line)
        if kind == "relationship":
            self.lead(found, (found.text("source_ref"), found.text("target_ref")))
        self.lead(found, found.texts("object_refs"))

    def lead(self, found: JsonObject, ends: Iterable[str]) -> None:
        """Remember that an object leads to these."""
        kind = self._index(Kind(found.text("type")))
        for end in ends:
            self._ends.append(_fingerprint(end))
            self._end_kinds.append(kind)
            self._end_lines.append(found.line)

    def _index(self, kind: Kind) -> int:
        if kind not in self._kinds and len(self._kinds) >= _MOST_KINDS:
            kind = Kind(*_MANY)
        return self._kinds.setdefault(kind, len(self._kinds))

    def counts(self) -> list[tuple[Kind, int, int]]:
        """Each kind that was counted, in order of name, with how many there are, each once, and the first line."""
        import numpy as np  # noqa: PLC0415 - 0.1 s that only those who read bundles should pay

        kept = ~self._doubled()
        of_kind, lines = _numbers(self._of_kind)[kept], _numbers(self._lines)[kept]
        number = np.bincount(of_kind.astype(np.int64), minlength=len(self._kinds))
        first = np.full(len(self._kinds), np.iinfo(np.int64).max)
        np.minimum.at(first, of_kind.astype(np.int64), lines.astype(np.int64))
        return [(kind, int(number[at]), int(first[at])) for kind, at in sorted(self._kinds.items()) if number[at]]

    def doubles(self) -> list[int]:
        """The lines of objects whose id another had before, in order."""
        return sorted(_numbers(self._lines)[self._doubled()].tolist())

    def holds(self, identifier: str) -> bool:
        """Whether an object of this id was counted."""
        return bool((_numbers(self._prints) == _fingerprint(identifier)).any())

    def dangling(self, kept: Iterable[str]) -> Iterator[tuple[int, str]]:
        """Line and type of what leads to an object that was neither counted nor ``kept``, once for each end."""
        import numpy as np  # noqa: PLC0415 - as above

        there = np.fromiter(map(_fingerprint, kept), dtype=np.uint64)
        lost = ~np.isin(_numbers(self._ends), np.concatenate([_numbers(self._prints), there]))
        names = {at: kind.type for kind, at in self._kinds.items()}
        for line, kind in zip(_numbers(self._end_lines)[lost], _numbers(self._end_kinds)[lost], strict=True):
            yield int(line), names[int(kind)]

    def _doubled(self) -> NDArray[np.bool_]:
        import numpy as np  # noqa: PLC0415 - as above

        prints = _numbers(self._prints)
        order = np.argsort(prints, kind="stable")
        again = np.zeros(len(prints), dtype=bool)
        again[order[1:]] = prints[order[1:]] == prints[order[:-1]]
        return again


def _fingerprint(identifier: str) -> int:
    return int.from_bytes(blake2b(identifier.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _numbers(column: array[int]) -> NDArray[np.uint64]:
    import numpy as np  # noqa: PLC0415 - as above

    return np.frombuffer(column, dtype=column.typecode).astype(np.uint64, copy=False)
