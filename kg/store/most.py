"""How much of an answer is kept: rows and bytes, and whether something was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.answers import Term

Item = TypeVar("Item", "tuple[Term | None, ...]", ox.Triple)
_OVERHEAD = 32


class Most(NamedTuple):
    """Bounds of an answer: rows (or triples), and bytes of text in them, roughly; 0 for any."""

    rows: int = 0
    bytes: int = 0


ANY = Most()
"""No bounds."""


class Cutter(Generic[Item]):
    """Items as far as the bounds allow, to be read once; no item is made that is not needed to tell.

    Attributes:
        taken: How many were given.
        size: Bytes of text in them, roughly.
        truncated: Whether there were more; known when all are read.
    """

    def __init__(self, items: Iterable[Item], most: Most) -> None:
        """Cut items.

        Args:
            items: Rows or triples, read as far as needed.
            most: The bounds.
        """
        self.taken = self.size = 0
        self.truncated = False
        self._items: Iterable[Item] = items
        self._most = most

    def __iter__(self) -> Iterator[Item]:
        most = self._most
        for item in self._items:
            size = self.size + sum(_OVERHEAD + _length(term) for term in item if term is not None)
            if (most.rows and self.taken >= most.rows) or (most.bytes and size > most.bytes):
                self.truncated = True
                return
            self.taken += 1
            self.size = size
            yield item


def _length(term: Term) -> int:
    if isinstance(term, ox.Literal):
        return len(term.value) + len(term.datatype.value)
    return len(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode) else len(str(term))
