"""The small data set on two engines, and their rows in one form: text, with '' where nothing is bound."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox
import rdflib

from kg.rdf.namespaces import GRAPH

ONTOLOGY = Path(__file__).parents[2] / "ontology"
EXAMPLES = ONTOLOGY / "examples"
TINY = (
    ("tiny.ttl", None),
    ("tiny-findings.ttl", "findings"),
    ("tiny-release.ttl", "release/0.1"),
    ("tiny-text.ttl", "text"),
)
Rows = list[tuple[str, ...]]


@cache
def oxigraph() -> ox.Store:
    """The small data set in pyoxigraph."""
    store = ox.Store()
    for name, graph in TINY:
        place = ox.NamedNode(GRAPH + graph) if graph else ox.DefaultGraph()
        store.load(path=EXAMPLES / name, format=ox.RdfFormat.TURTLE, to_graph=place)
    return store


@cache
def rdflib_dataset() -> rdflib.Dataset:
    """The small data set in rdflib's own store, to be asked with rdflib's own engine."""
    dataset = rdflib.Dataset()
    for name, graph in TINY:
        place = dataset.graph(rdflib.URIRef(GRAPH + graph)) if graph else dataset.default_graph
        place.parse(EXAMPLES / name)
    return dataset


def oxigraph_answer(query: str, store: ox.Store | None = None) -> Rows:
    """The names of the columns, then the rows, from pyoxigraph."""
    found = (store or oxigraph()).query(query)
    assert isinstance(found, ox.QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    return [names, *(tuple("" if term is None else text(term) for term in row) for row in found)]


def text(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """The IRI or the lexical form of a term."""
    assert isinstance(term, ox.NamedNode | ox.Literal)
    return term.value


def rdflib_answer(query: str, graph: rdflib.Graph | None = None) -> Rows:
    """The names of the columns, then the rows, from rdflib."""
    found = (rdflib_dataset() if graph is None else graph).query(query)
    assert found.vars is not None
    names = list(found.vars)
    rows = [tuple(str(binding.get(name, "")) for name in names) for binding in found.bindings]
    return [tuple(map(str, names)), *rows]
