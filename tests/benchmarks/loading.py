"""From a release folder to a graph that can be asked, against two ways to do it with rdflib."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from kg.exports import render_rdf
from kg.rdf.corpus import corpus_quads
from kg.sources import read_source
from kg.sources.named import with_names
from kg.workspace import open_graph
from tests.benchmarks.report import timed, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.workspace import KnowledgeGraph

QUESTION = "SELECT (COUNT(*) AS ?n) WHERE { ?incident <https://w3id.org/disarm-kg/ns#usesTechnique> ?technique }"


def release_folder() -> Path | None:
    """The release named by DISARM_FRAMEWORKS."""
    named = os.environ.get("DISARM_FRAMEWORKS")
    return Path(named) if named else None


def benchmark() -> None:
    """CPU seconds from files to the answer to one question; every way must hold the same graph and answer the same."""
    folder = release_folder()
    if folder is None:
        write_line("load: left out, since DISARM_FRAMEWORKS names no release folder")
        return
    ours, (graph, answer) = timed(lambda: _with_kg(folder), repeats=3)
    # The answer needs the default graph alone; the peers hold all graphs by then, so that is measured as well.
    whole, _ = timed(lambda: len(_with_kg(folder)[0]), repeats=3)
    # TriG is Turtle with the named graphs: every way holds the same statements.
    turtle = b"".join(render_rdf(graph.store, "trig"))
    size = len(graph)
    peers: dict[str, Callable[[], rdflib.Dataset]] = {
        "rdflib, from Turtle": lambda: _parsed(turtle),
        "rdflib, from the pages": lambda: _with_rdflib(folder),
    }
    rows: list[tuple[object, ...]] = [
        ("kg, from the pages", ours.cpu, 1.0, ours.cpu / whole.cpu, len(graph)),
        ("kg, and every graph loaded", whole.cpu, whole.cpu / ours.cpu, 1.0, len(graph)),
    ]
    for name, load in peers.items():
        took, (peer, count) = timed(lambda load=load: _asked(load()))  # type: ignore[misc]
        statements = sum(1 for _ in peer.quads())
        if (statements, count) != (size, answer):
            message = f"{name}: {statements} statements and the answer {count}, kg has {size} and {answer}"
            raise AssertionError(message)
        rows.append((name, took.cpu, took.cpu / ours.cpu, took.cpu / whole.cpu, statements))
    head = ("way", "s", "ratio", "to every graph", "statements")
    write_table(f"Release folder {folder.name} to an answer (CPU seconds; wanted: ratio 5)", head, rows)


def _with_kg(folder: Path) -> tuple[KnowledgeGraph, int]:
    graph = open_graph(folder)
    ((count,),) = graph.store.select(QUESTION).values()
    return graph, int(count or 0)


def _asked(graph: rdflib.Dataset) -> tuple[rdflib.Dataset, int]:
    bindings = graph.query(QUESTION).bindings
    return graph, int(str(bindings[0][rdflib.Variable("n")]))


def _parsed(trig: bytes) -> rdflib.Dataset:
    dataset = rdflib.Dataset()
    dataset.parse(data=trig, format="trig")
    return dataset


def _with_rdflib(folder: Path) -> rdflib.Dataset:
    """The same pages and the same statements, added to an rdflib dataset one by one."""
    dataset = rdflib.Dataset()
    graphs: dict[str, rdflib.Graph] = {}
    for quad in corpus_quads(with_names(read_source(folder), None)):
        name = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
        if name not in graphs:
            graphs[name] = dataset.graph(rdflib.URIRef(name)) if name else dataset.default_graph
        graphs[name].add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return dataset


def _term(term: object) -> rdflib.term.Node:
    if isinstance(term, ox.Literal):
        datatype = None if term.language else rdflib.URIRef(term.datatype.value)
        if datatype == rdflib.XSD.string:
            datatype = None
        return rdflib.Literal(term.value, lang=term.language, datatype=datatype)
    return rdflib.URIRef(term.value)  # type: ignore[attr-defined]
