"""The W3C's SPARQL 1.0 and 1.1 test suites, read from their manifests."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

import pyoxigraph as ox

if TYPE_CHECKING:
    from pathlib import Path

HOME = "https://w3c.github.io/rdf-tests/sparql/"
"""Where the suite lives: its IRIs are relative to this."""

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SYNTAXES = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML, ".nt": ox.RdfFormat.N_TRIPLES}
NOT_QUERIES = ("entailment", "service", "protocol", "http-rdf-update", "graph-store-protocol", "service-description")
Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


class Graph:
    """Triples, by subject and predicate."""

    def __init__(self, path: Path, iri: str) -> None:
        self._found: dict[Node, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        for quad in ox.parse(path=path, format=SYNTAXES[path.suffix], base_iri=iri):
            self._found[quad.subject][quad.predicate.value].append(quad.object)

    def subjects(self, predicate: str) -> list[Node]:
        return [subject for subject, said in self._found.items() if predicate in said]

    def values(self, subject: Node | None, predicate: str) -> list[Node]:
        return self._found[subject][predicate] if subject in self._found else []

    def value(self, subject: Node | None, predicate: str) -> Node | None:
        return next(iter(self.values(subject, predicate)), None)

    def text(self, subject: Node | None, predicate: str) -> str:
        found = self.value(subject, predicate)
        return "" if found is None or isinstance(found, ox.Triple) else found.value

    def members(self, node: Node | None) -> list[Node]:
        members = []
        while node is not None and node != ox.NamedNode(RDF + "nil"):
            first = self.value(node, RDF + "first")
            members += [first] if first is not None else []
            node = self.value(node, RDF + "rest")
        return members


@dataclass(frozen=True)
class Case:
    """A test of a query.

    Attributes:
        name: Its IRI, relative to the suite.
        kind: The local name of its type.
        query: The IRI of its query.
        default: IRIs of the data of the default graph.
        named: IRIs of its named graphs.
        result: The IRI of what it should give; empty for a test of syntax.
        lax: Whether rows may be left out that are there more than once (REDUCED).
    """

    name: str
    kind: str
    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    result: str
    lax: bool


def cases(root: Path) -> list[Case]:
    """Every test of queries of both versions; ``root`` is the folder ``sparql`` of the suite."""
    found = []
    for version in ("sparql10", "sparql11"):
        for manifest in sorted((root / version).glob("*/manifest.ttl")):
            if manifest.parent.name not in NOT_QUERIES:
                found += _cases_of(root, manifest)
    return found


def _cases_of(root: Path, path: Path) -> list[Case]:
    graph = Graph(path, HOME + path.relative_to(root).as_posix())
    found = []
    for head in graph.subjects(MF + "entries"):
        for entry in graph.members(graph.value(head, MF + "entries")):
            kind = graph.text(entry, RDF + "type").rpartition("#")[2]
            action = graph.value(entry, MF + "action")
            query = graph.text(action, QT + "query") or (action.value if isinstance(action, ox.NamedNode) else "")
            if "Update" in kind or not query.endswith(".rq"):
                continue
            assert isinstance(entry, ox.NamedNode)
            folder, _, local = path.parent.relative_to(root).as_posix(), None, entry.value.rpartition("#")[2]
            found.append(
                Case(
                    f"{folder}#{local}",
                    kind,
                    query,
                    tuple(_texts(graph.values(action, QT + "data"))),
                    tuple(_texts(graph.values(action, QT + "graphData"))),
                    graph.text(entry, MF + "result"),
                    graph.value(entry, MF + "resultCardinality") is not None,
                )
            )
    return found


def _texts(nodes: list[Node]) -> list[str]:
    return [node.value for node in nodes if not isinstance(node, ox.Triple)]


def path_of(root: Path, iri: str) -> Path:
    """The file of an IRI of the suite."""
    assert iri.startswith(HOME), iri
    return root / unquote(iri.removeprefix(HOME))


def quads_of(root: Path, iris: set[str]) -> list[ox.Quad]:
    """The data files of these IRIs, each as a graph of that name."""
    quads = []
    for iri in sorted(iris):
        path = path_of(root, iri)
        if path.is_file():
            name = ox.NamedNode(iri)
            parsed = ox.parse(path=path, format=SYNTAXES[path.suffix], base_iri=iri, rename_blank_nodes=True)
            quads += [ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]
    return quads
