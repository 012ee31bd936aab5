"""Jobs that give whole graphs: a graph of the store, and what the service says of itself."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.exports.rdf import render_graph
from kg.rdf.iris import term
from kg.rdf.namespaces import GRAPH, PREFIXES
from kg.server.negotiation import GRAPHS, by_name, choose
from kg.server.replies import Reply
from kg.store.answers import Triples
from kg.store.formats import render_answer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.server.jobs import State
    from kg.server.wire import Message

NOT_FOUND, NOT_ACCEPTABLE, TOO_LARGE = 404, 406, 413
_SMALLEST = 16
"""Bytes that a statement takes at least."""
_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads")


def read_graph(state: State, message: Message) -> Reply:
    """A graph of the store, whole.

    Head: ``graph`` (IRI, or null for the default graph), ``own`` (whether that leaves our base out), ``accept``,
    ``format``, ``gzip``.
    """
    head = message.head
    name = GRAPH + head["graph"] if head.get("own") else head["graph"]
    if name is not None and name not in state.graphs:
        return Reply.of_error(NOT_FOUND, "there is no such graph here")
    form = by_name(head["format"], GRAPHS) if head.get("format") else choose(head.get("accept"), GRAPHS)
    if form is None:
        listing = ", ".join(form.media_type for form in GRAPHS)
        return Reply.of_error(NOT_ACCEPTABLE, f"no form of a graph is accepted; it comes as {listing}")
    body = bytearray()
    most = state.limits.answer
    # To sort a graph that cannot fit would take time and memory for nothing.
    quads = state.store.quads(ox.DefaultGraph() if name is None else name)
    large = next(itertools.islice(quads, most // _SMALLEST, None), None) is not None
    for piece in () if large else render_graph(state.store, form.name, name):
        body += piece
        if large := len(body) > most:
            break
    if large:
        # A graph that is cut is another graph.
        fault = f"the graph is larger than the {most / (1 << 20):g} MB that are sent; ask for parts of it"
        return Reply.of_error(TOO_LARGE, fault)
    return Reply(body=bytes(body), content_type=form.content_type).packed(wanted=bool(head.get("gzip")))


def describe_service(state: State, message: Message) -> Reply:
    """What the service is: SPARQL 1.1 Service Description and VoID. Head: ``accept``."""
    form = choose(message.head.get("accept"), GRAPHS)
    if form is None:
        # A client that opens the endpoint with a browser gets something to read.
        form = GRAPHS[0]
    body = render_answer(Triples(description(state)), form.name, replace=True)
    return Reply(body=body, content_type=form.content_type)


def description(state: State) -> Iterator[ox.Triple]:
    """The triples of the description."""
    base = state.public
    service, data, default = (
        ox.NamedNode(base + path) for path in ("sparql#service", "sparql#dataset", "sparql#default")
    )

    def says(subject: ox.NamedNode, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
        namespace, _, local = predicate.partition(":")
        iri = _SD + local if namespace == "sd" else term(predicate)
        return ox.Triple(subject, ox.NamedNode(iri), value)

    kind = "rdf:type"
    yield says(service, kind, ox.NamedNode(_SD + "Service"))
    yield says(service, "sd:endpoint", ox.NamedNode(base + "sparql"))
    yield says(service, "sd:supportedLanguage", ox.NamedNode(_SD + "SPARQL11Query"))
    yield says(service, "sd:defaultDataset", data)
    for name in _RESULTS + _GRAPHS:
        yield says(service, "sd:resultFormat", ox.NamedNode(_FORMATS + name))
    for class_ in (_SD + "Dataset", PREFIXES["void"] + "Dataset"):
        yield says(data, kind, ox.NamedNode(class_))
    yield says(data, "dcterms:title", ox.Literal("disarm-kg"))
    yield says(data, "void:sparqlEndpoint", ox.NamedNode(base + "sparql"))
    yield says(data, "void:uriSpace", ox.Literal(PREFIXES["id"]))
    yield says(data, "void:vocabulary", ox.NamedNode(PREFIXES["kg"]))
    yield says(data, "void:triples", ox.Literal(len(state.store)))
    yield says(data, "void:exampleResource", ox.NamedNode(PREFIXES["id"] + "incident/I00100"))
    yield says(data, "sd:defaultGraph", default)
    yield says(default, kind, ox.NamedNode(_SD + "Graph"))
    yield says(default, "void:dataDump", ox.NamedNode(base + "data?default"))
    for number, graph in enumerate(sorted(state.graphs)):
        named = ox.NamedNode(f"{base}sparql#graph-{number}")
        yield says(data, "sd:namedGraph", named)
        yield says(named, kind, ox.NamedNode(_SD + "NamedGraph"))
        yield says(named, "sd:name", ox.NamedNode(graph))
