"""The W3C's tests of the SPARQL 1.1 Protocol, of service descriptions and of reading by the Graph Store Protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from tests.server.serving import Answer, Server, serving
from tests.w3c.manifests import HOME, MF, RDF, RDFS, Graph
from tests.w3c.results import READERS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
SD = "http://www.w3.org/ns/sparql-service-description#"
READ_ONLY = 27
"""Tests that a read-only service can pass: all but the seven in which an update succeeds."""
_TABLES = {"application/sparql-results+json": ".srj", "application/sparql-results+xml": ".srx", "text/csv": ".csv"}

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def protocol(suite: Path) -> Graph:
    path = suite / "sparql11" / "protocol" / "manifest.ttl"
    return Graph(path, f"{HOME}sparql11/protocol/manifest.ttl")


@pytest.fixture(scope="module")
def protocol_server(suite: Path, protocol: Graph, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of the data that the tests name."""
    quads = []
    for test in protocol.subjects(UT + "graphData"):
        for data in protocol.values(test, UT + "graphData"):
            name = ox.NamedNode(protocol.text(data, RDFS + "label"))
            path = suite / "sparql11" / "protocol" / protocol.text(data, UT + "graph").rpartition("/")[2]
            triples = ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES)
            quads += [ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in triples]
    file = tmp_path_factory.mktemp("protocol") / "data.nq"
    ox.serialize(quads, file, ox.RdfFormat.N_QUADS)
    with serving("--no-log", source=file) as server:
        yield server


def test_all_protocol_tests_of_a_read_only_service_pass(protocol: Graph, protocol_server: Server) -> None:
    entries = protocol.members(protocol.value(protocol.subjects(MF + "entries")[0], MF + "entries"))
    tests = [entry for entry in entries if isinstance(entry, ox.NamedNode)]
    asked = [test for test in tests if not test.value.rpartition("#")[2].startswith("update_")]
    assert len(asked) == READ_ONLY
    failures = [fault for test in asked for fault in _faults(protocol, protocol_server, test)]
    assert failures == []


def test_an_update_that_should_succeed_is_refused_as_such(protocol: Graph, protocol_server: Server) -> None:
    entries = protocol.members(protocol.value(protocol.subjects(MF + "entries")[0], MF + "entries"))
    updates = [entry for entry in entries if isinstance(entry, ox.NamedNode) and "#update_" in entry.value]
    assert len(updates) == 7
    for test in updates:
        first = protocol.members(protocol.value(protocol.value(test, MF + "action"), HT + "requests"))[0]
        assert _answer(protocol, protocol_server, first).status == 403, test


def _faults(graph: Graph, server: Server, test: ox.NamedNode) -> Iterator[str]:
    for request in graph.members(graph.value(graph.value(test, MF + "action"), HT + "requests")):
        answer = _answer(graph, server, request)
        response = graph.value(request, HT + "resp")
        classes = [node.value.rpartition("StatusCode")[2][0] for node in graph.values(response, MF + "expectedStatus")]  # type: ignore[union-attr]
        name = test.value.rpartition("#")[2]
        if str(answer.status)[0] not in classes:
            yield f"{name}: {answer.status}, expected {classes}: {answer.body[:200]!r}"
            continue
        form = graph.text(response, MF + "expectedFormat")
        if form == "RDF":
            syntax = ox.RdfFormat.from_media_type(answer.kind)
            if syntax is None or any(quad.subject is None for quad in ox.parse(answer.body, syntax)):
                yield f"{name}: {answer.kind}, expected RDF"
        elif form and answer.kind not in _TABLES:
            yield f"{name}: {answer.kind}, expected {form}"
        truth = graph.text(response, MF + "expectedBoolean")
        if truth and READERS[_TABLES[answer.kind]](answer.body).truth is not (truth == "true"):
            yield f"{name}: not {truth}"


def _answer(graph: Graph, server: Server, request: object) -> Answer:
    assert isinstance(request, ox.BlankNode)
    path = graph.text(request, HT + "absolutePath")
    headers = {
        graph.text(one, HT + "fieldName"): graph.text(one, HT + "fieldValue")
        for one in graph.members(graph.value(request, HT + "headers"))
    }
    body = graph.value(request, HT + "body")
    encoding = graph.text(body, CNT + "characterEncoding") or "utf-8"
    data = graph.text(body, CNT + "chars").encode(encoding) if body is not None else None
    return server.ask(path, method=graph.text(request, HT + "methodName"), body=data, headers=headers)


def test_the_service_describes_itself_as_the_suite_wants(protocol_server: Server) -> None:
    address = f"http://127.0.0.1:{protocol_server.port}/sparql"
    for accept, syntax in (("text/turtle", ox.RdfFormat.TURTLE), ("application/rdf+xml", ox.RdfFormat.RDF_XML)):
        answer = protocol_server.ask("/sparql", headers={"Accept": accept})
        # The first test of the suite: what comes is RDF.
        assert answer.kind == accept
        triples = [(quad.subject, quad.predicate.value, quad.object) for quad in ox.parse(answer.body, syntax)]
        # The second: it names its own address.
        services = [subject for subject, predicate, value in triples if predicate == SD + "endpoint"]
        assert [value for _, predicate, value in triples if predicate == SD + "endpoint"] == [ox.NamedNode(address)]
        # The third: the service is one, its dataset one, its graphs named and of the right kind
        kinds = {(subject, value) for subject, predicate, value in triples if predicate == RDF + "type"}
        assert (services[0], ox.NamedNode(SD + "Service")) in kinds
        for predicate, kind in (("defaultDataset", "Dataset"), ("defaultGraph", "Graph"), ("namedGraph", "NamedGraph")):
            values = [value for _, said, value in triples if said == SD + predicate]
            assert values
            assert all((value, ox.NamedNode(SD + kind)) in kinds for value in values)
        assert len([value for _, said, value in triples if said == SD + "name"]) == 3


@pytest.mark.parametrize(("number", "status"), [(1, 200), (4, 404)])
def test_graphs_are_read_and_missing_ones_are_not_there(protocol_server: Server, number: int, status: int) -> None:
    graph = quote(f"http://kasei.us/2009/09/sparql/data/data{number}.rdf", safe="")
    for method in ("GET", "HEAD"):
        answer = protocol_server.ask(f"/data?graph={graph}", method=method, headers={"Accept": "text/turtle"})
        assert answer.status == status
        assert (answer.kind == "text/turtle") is (status == 200)
