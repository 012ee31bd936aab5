"""How much of an answer is kept: rows and bytes, and whether something was left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store.answers import Term

Item = TypeVar("Item", "tuple[Term | None, ...]", ox.Triple)
_OVERHEAD = 32


class Most(NamedTuple):
    """Bounds of an answer: rows (or triples), and bytes of text in them, roughly; 0 for any."""

    rows: int = 0
    bytes: int = 0


ANY = Most()
"""No bounds."""


def cut_short(items: Iterable[Item], most: Most, *, distinct: bool = False) -> tuple[list[Item], bool]:
    """The first items within the bounds, and whether there were more; no item is made that is not needed to tell.

    Args:
        items: Rows or triples, read as far as needed.
        most: The bounds.
        distinct: Count an item that comes again once.
    """
    kept: list[Item] = []
    seen: set[Item] = set()
    size = 0
    for item in items:
        if distinct:
            if item in seen:
                continue
            seen.add(item)
        size += sum(_OVERHEAD + _length(term) for term in item if term is not None)
        if (most.rows and len(kept) >= most.rows) or (most.bytes and size > most.bytes):
            return kept, True
        kept.append(item)
    return kept, False


def _length(term: Term) -> int:
    if isinstance(term, ox.Literal):
        return len(term.value) + len(term.datatype.value)
    return len(term.value) if isinstance(term, ox.NamedNode | ox.BlankNode) else len(str(term))
