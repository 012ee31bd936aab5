"""What everything above this layer may ask of a store, whether it is embedded or an endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox
    import rdflib

    from kg.store.answers import Answer, Solutions


class TripleStore(Protocol):
    """A store of quads that answers SPARQL 1.1 queries."""

    def select(self, query: str, *, union: bool = False) -> Solutions:
        """The rows of one of our own SELECT queries; the usual prefixes need not be declared.

        Args:
            query: A SELECT query written by us, never a user's.
            union: Take the union of all graphs for the default graph.
        """
        ...

    def query(self, query: str, *, union: bool = False, checked: bool = True) -> Answer:
        """The answer to a user's query of any form; the usual prefixes need not be declared.

        Args:
            query: SPARQL text as the user wrote it.
            union: Take the union of all graphs for the default graph.
            checked: Pass the text through the guard first.

        Raises:
            QueryRefusedError: the guard refuses the text; nothing was sent or read.
            QueryError: the text does not parse or cannot be evaluated.
        """
        ...


class GraphStore(TripleStore, Protocol):
    """A store that also gives what it holds: what an open graph stands on."""

    def __len__(self) -> int: ...

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        ...

    def quads(self, graph: str | ox.DefaultGraph | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all graphs; in no set order."""
        ...

    def rdflib(self) -> rdflib.Dataset:
        """An rdflib.Dataset on the store, or on a copy of it."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...
