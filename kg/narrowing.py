"""A graph of some of its incidents: they, what is said of them and where, and the whole framework.

What belongs to an incident that is left out goes with it, in every graph: its uses, rows, observations, mentions,
statements and findings, and what was observed in its text where another bears it by mistake. What several share (a
passage, an article, an actor, a platform) goes with the last of them. Everything else stays: techniques, tactics,
counters, countries, releases, the ledger of what was read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Set as AbstractSet

    from kg.store.protocol import GraphStore

_EVERYWHERE = "SELECT DISTINCT {columns} WHERE {{ {{ {pattern} }} UNION {{ GRAPH ?g {{ {pattern} }} }} }}"
"""The default graph and all others: not every endpoint can be asked for their union."""

_INCIDENTS = "{ ?node a kg:Incident } UNION { ?node kg:usesTechnique ?technique }"
_OWNED = """{ ?node kg:incident|kg:ofIncident|rdf:subject|rdf:object|sh:focusNode ?by }
  UNION { ?node a kg:Observation ; kg:borrowedFrom ?by }"""
_SHARED = """{ ?by oa:hasTarget|oa:hasSelector ?node } UNION { ?node kg:about|kg:statedIn ?by }
  UNION { ?by dcterms:references|kg:enabledBy|kg:onPlatform|kg:attributedTo|kg:alignedWith|kg:mentions ?node }"""
_PLACES = "VALUES ?kind { kg:Country kg:Region } ?node a ?kind"


def narrowed(store: GraphStore, incidents: AbstractSet[str]) -> EmbeddedStore:
    """A store in memory of the framework and of some incidents, with all that is said of these.

    Every quad is looked at once and those that stay are loaded anew: some five microseconds each.

    Args:
        store: The whole graph; it stays as it is.
        incidents: The IRIs of those that stay.
    """
    gone = _left_out(store, incidents)
    return EmbeddedStore.from_quads(quad for quad in store.quads() if not _tells_of(quad, gone))


def _left_out(store: GraphStore, incidents: AbstractSet[str]) -> frozenset[str]:
    """The IRIs of all nodes that go."""
    gone = {node for (node,) in _rows(store, "?node", _INCIDENTS)} - incidents
    gone |= {node for node, by in _rows(store, "?node ?by", _OWNED) if by in gone}
    places = {node for (node,) in _rows(store, "?node", _PLACES)}
    used_by: defaultdict[str, list[str]] = defaultdict(list)
    for node, by in _rows(store, "?node ?by", _SHARED):
        if node not in places:
            used_by[node].append(by)
    # A selector goes with its target, and a target with its observation: each round may free further ones.
    while more := {node for node, users in used_by.items() if node not in gone and gone.issuperset(users)}:
        gone |= more
    return frozenset(gone)


def _rows(store: GraphStore, columns: str, pattern: str) -> Iterator[tuple[str, ...]]:
    for row in store.select(_EVERYWHERE.format(columns=columns, pattern=pattern)).values():
        yield tuple(value or "" for value in row)


def _tells_of(quad: ox.Quad, nodes: frozenset[str]) -> bool:
    return any(isinstance(term, ox.NamedNode) and term.value in nodes for term in (quad.subject, quad.object))
