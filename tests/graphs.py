"""Small graphs written as Turtle in tests."""

from __future__ import annotations

import pyoxigraph as ox

from kg.rdf.namespaces import GRAPH, ID, PREFIXES
from kg.store.embedded import EmbeddedStore


def store_of(facts: str, **graphs: str) -> EmbeddedStore:
    """A store of Turtle: our prefixes are there, and ``<id:...>`` stands for an IRI of ours.

    Args:
        facts: The default graph.
        graphs: Name below ``graph/`` -> what that graph holds.
    """
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())
    quads: list[ox.Quad] = []
    places: list[tuple[ox.NamedNode | ox.DefaultGraph, str]] = [(ox.DefaultGraph(), facts)]
    places += [(ox.NamedNode(GRAPH + name), text) for name, text in graphs.items()]
    for graph, text in places:
        turtle = (head + text.replace("<id:", f"<{ID}")).encode()
        parsed = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
        quads += [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed]
    return EmbeddedStore.from_quads(quads)
