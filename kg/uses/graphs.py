"""The techniques that a graph speaks of in uses and observations, and the same graph with other ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.iris import mint, term
from kg.uses.places import Occurrence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.store.embedded import EmbeddedStore

_TECHNIQUES = mint("technique", "")
_USES = mint("use", "")
_IDENTIFIER = term("dcterms:identifier")
_LIST = term("kg:techniqueList")
# Where a graph says that a technique is used; that it says what a technique is stays as it is.
_SPEAKING = frozenset(map(term, ("kg:usesTechnique", "kg:technique", "kg:counters", "kg:associatedWith", "rdf:object")))
_ID = re.compile(r"T\d{4}(?:\.\d{3})?")
_COUNTS = """
    SELECT ?technique (COUNT(*) AS ?n)
    WHERE { ?incident kg:usesTechnique ?technique }
    GROUP BY ?technique
    ORDER BY ?technique
"""


def graph_uses(store: EmbeddedStore) -> list[Occurrence]:
    """One occurrence for each technique that incidents of the default graph use."""
    found = []
    for iri, number in store.select(_COUNTS).values():
        identifier = (iri or "").removeprefix(_TECHNIQUES)
        if iri and iri != identifier and _ID.fullmatch(identifier):
            found.append(Occurrence(identifier, "", 0, tags=int(number or 0)))
    return found


def moved_quads(store: EmbeddedStore, moved: Mapping[str, str]) -> Iterator[ox.Quad]:
    """All statements, with what speaks of a moved technique speaking of the other, and ids of uses to match."""
    for quad in store.quads():
        yield ox.Quad(
            _subject(quad.subject, moved),
            quad.predicate,
            _object(quad, moved),
            quad.graph_name,
        )


def _subject(subject: ox.NamedNode | ox.BlankNode | ox.Triple, moved: Mapping[str, str]) -> ox.NamedNode | ox.BlankNode:
    if isinstance(subject, ox.NamedNode):
        return ox.NamedNode(_use(subject.value, moved))
    if isinstance(subject, ox.BlankNode):
        return subject
    raise TypeError(subject)


def _use(iri: str, moved: Mapping[str, str]) -> str:
    """The IRI of a use names its technique at its end: ``id/use/I00001-T0090``."""
    if not iri.startswith(_USES):
        return iri
    head, _, identifier = iri.rpartition("-")
    return f"{head}-{moved[identifier]}" if identifier in moved else iri


def _object(quad: ox.Quad, moved: Mapping[str, str]) -> ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple:
    target, predicate = quad.object, quad.predicate.value
    if isinstance(target, ox.NamedNode):
        identifier = target.value.removeprefix(_TECHNIQUES)
        if predicate in _SPEAKING and identifier in moved and identifier != target.value:
            return ox.NamedNode(mint("technique", moved[identifier]))
        return ox.NamedNode(_use(target.value, moved))
    if isinstance(target, ox.Literal) and predicate == _LIST:
        return ox.Literal(" ".join(moved.get(each, each) for each in target.value.split()))
    if isinstance(target, ox.Literal) and predicate == _IDENTIFIER and isinstance(quad.subject, ox.NamedNode):
        renamed = _use(quad.subject.value, moved)
        return ox.Literal(renamed.rpartition("/")[2]) if renamed != quad.subject.value else target
    return target
