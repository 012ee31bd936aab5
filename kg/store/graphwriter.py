"""Graphs written block by block, for triples that are sent while their query still runs.

What a block holds is sorted, and blank nodes are named in the order in which they come: nothing of what follows has to
be known. All the usual prefixes are declared.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OutputError
from kg.rdf.namespaces import PREFIXES
from kg.store.blanks import renamed
from kg.store.graphs import (
    RDFXML_END,
    as_xml,
    cut_note,
    jsonld_context,
    jsonld_of,
    ntriples_of,
    rdfxml_head,
    rdfxml_of,
    turtle_head,
    turtle_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


class GraphWriter:
    """Writes the triples of one graph: an opening, blocks, and an ending.

    Args:
        name: ``turtle``, ``ntriples``, ``jsonld`` or ``rdfxml``.
        replace: Put U+FFFD for characters that XML cannot hold, instead of an error.
    """

    def __init__(self, name: str, *, replace: bool = False) -> None:
        self._name = name
        self._replace = replace
        self._names: dict[str, ox.BlankNode] = {}

    @property
    def between(self) -> bytes:
        """What stands between two blocks."""
        return b",\n" if self._name == "jsonld" else b""

    @property
    def tells_at_end(self) -> bool:
        """Whether the end of the document can say that triples were cut."""
        return bool(cut_note(self._name, 0))

    def opening(self) -> bytes:
        """What stands before the triples."""
        if self._name == "jsonld":
            context = json.dumps(jsonld_context(PREFIXES), ensure_ascii=False, indent=2)
            return f'{{"@context": {context},\n"@graph": [\n'.encode()
        return {"turtle": turtle_head, "rdfxml": rdfxml_head}.get(self._name, _nothing)(PREFIXES).encode()

    def block(self, triples: Iterable[ox.Triple]) -> bytes:
        """Triples, one or more.

        Raises:
            OutputError: the format cannot say what they say.
        """
        named = sorted((renamed(triple, self._named) for triple in triples), key=str)
        if self._name == "jsonld":
            return ",\n".join(json.dumps(node, ensure_ascii=False) for node in jsonld_of(named)).encode()
        if self._name == "rdfxml":
            return as_xml(rdfxml_of(named), replace=self._replace).encode()
        return (turtle_of(named) if self._name == "turtle" else ntriples_of(named)).encode()

    def ending(self, cut_after: int | None) -> bytes:
        """What stands behind the triples.

        Args:
            cut_after: After how many they were cut, where they were.

        Raises:
            OutputError: they were cut, and the format cannot say so.
        """
        ending = {"jsonld": "\n]}\n", "rdfxml": RDFXML_END}.get(self._name, "")
        if cut_after is not None:
            if not self.tells_at_end:
                message = f"graph: cut after {cut_after} triples, which {self._name} cannot say; ask for Turtle or less"
                raise OutputError(message)
            ending += cut_note(self._name, cut_after)
        return ending.encode()

    def _named(self, label: str) -> ox.BlankNode:
        found = self._names.get(label)
        if found is None:
            found = self._names[label] = ox.BlankNode(f"b{len(self._names)}")
        return found


def _nothing(_: Iterable[str]) -> str:
    return ""
