"""A sink for quads that spells each kind of literal once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf.iris import mint, term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = NamedNode(_XSD + "integer")
_DATE = NamedNode(_XSD + "date")
_ANY_URI = NamedNode(_XSD + "anyURI")
_TYPE = term("rdf:type")
_IDENTIFIER = term("dcterms:identifier")


@lru_cache(maxsize=8192)
def _plain(value: str) -> Literal:
    return Literal(value)


@lru_cache(maxsize=8192)
def _whole(value: int) -> Literal:
    return Literal(str(value), datatype=_INTEGER)


class QuadSink:
    """Collects the quads of one graph; empty values make no triple."""

    def __init__(self, graph: NamedNode | None = None) -> None:
        # A Quad without a graph is one of the default graph, and is made ten times faster than with DefaultGraph().
        self._graph = () if graph is None else (graph,)
        self._quads: list[Quad] = []

    def __iter__(self) -> Iterator[Quad]:
        """The quads in the order they were added."""
        return iter(self._quads)

    def __len__(self) -> int:
        """How many quads were added."""
        return len(self._quads)

    def node(self, kind: str, identifier: str, *types: str) -> NamedNode:
        """Mint a thing, give it its types and its ``dcterms:identifier``."""
        subject = mint(kind, identifier)
        for name in types:
            self.link(subject, _TYPE, term(name))
        # The last part of the IRI, so that one can be found from the other.
        self._add(subject, _IDENTIFIER, Literal(subject.value.rpartition("/")[2]))
        return subject

    def link(self, subject: NamedNode, predicate: NamedNode | str, target: NamedNode | None) -> None:
        """A triple whose object is a thing."""
        if target is not None:
            self._add(subject, predicate, target)

    def text(self, subject: NamedNode, predicate: str, value: str, language: str | None = None) -> None:
        """A triple whose object is a plain or a language-tagged string."""
        if value:
            self._add(subject, predicate, Literal(value, language=language) if language else _plain(value))

    def whole(self, subject: NamedNode, predicate: str, value: int | None) -> None:
        """A triple whose object is an ``xsd:integer``: stores do not keep any other whole number as it was written."""
        if value is not None:
            self._add(subject, predicate, _whole(value))

    def day(self, subject: NamedNode, predicate: str, value: dt.date | None) -> None:
        """A triple whose object is an ``xsd:date``."""
        if value is not None:
            self._add(subject, predicate, Literal(value.isoformat(), datatype=_DATE))

    def address(self, subject: NamedNode, predicate: str, value: str) -> None:
        """A triple whose object is an ``xsd:anyURI``: an address is cited, it is no thing of ours."""
        if value:
            self._add(subject, predicate, Literal(value, datatype=_ANY_URI))

    def _add(self, subject: NamedNode, predicate: NamedNode | str, value: NamedNode | Literal) -> None:
        name = term(predicate) if isinstance(predicate, str) else predicate
        self._quads.append(Quad(subject, name, value, *self._graph))
