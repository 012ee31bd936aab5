"""Turtle out: ours against rdflib's serializer, on the same graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from kg.exports import render_rdf
from kg.rdf.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore
from tests.benchmarks.generator import generated_store
from tests.benchmarks.report import timed, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (100_000, 300_000, 1_000_000)


def benchmark(sizes: Sequence[int] = SIZES) -> None:
    """Seconds of CPU for Turtle at each size; both files are read back and must hold the same triples."""
    rows = []
    for size in sizes:
        store = EmbeddedStore(generated_store(size))
        ours, ours_text = timed(lambda store=store: b"".join(render_rdf(store, "turtle")), repeats=3)  # type: ignore[misc]
        plain = b"".join(render_rdf(store, "ntriples"))
        graph = rdflib.Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            graph.bind(prefix, namespace)
        graph.parse(data=plain, format="nt")
        theirs, theirs_text = timed(lambda graph=graph: graph.serialize(format="turtle").encode())  # type: ignore[misc]
        same = _triples(ours_text) == _triples(theirs_text)
        if not same:
            message = f"Turtle of {size} statements: the two files differ in what they say"
            raise AssertionError(message)
        rows.append((len(graph), ours.cpu, theirs.cpu, theirs.cpu / ours.cpu, len(ours_text), len(theirs_text)))
    head = ("triples", "kg s", "rdflib s", "ratio", "kg bytes", "rdflib bytes")
    write_table("Turtle out (CPU seconds; wanted: ratio 15)", head, rows)


def _triples(turtle: bytes) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(turtle, ox.RdfFormat.TURTLE)}
