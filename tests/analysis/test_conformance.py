"""The report on a graph: what it looks at, what it leaves alone, and in which order it tells."""

from __future__ import annotations

import socket
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from kg.analysis.conformance import Report, Violation, check_conformance
from kg.analysis.conformance_terms import undeclared_terms
from kg.model import Severity
from kg.rdf.corpus import corpus_quads
from kg.rdf.namespaces import GRAPH, ID, NS
from kg.sources import read_source
from kg.store.embedded import EmbeddedStore

EXAMPLES = Path(__file__).parents[2] / "ontology" / "examples"

HEAD = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix incident: <https://w3id.org/disarm-kg/id/incident/> .
"""
UNTITLED = HEAD + 'incident:I99001 a kg:Incident ; dcterms:identifier "I99001" .'
UNSOURCED = HEAD + 'incident:I99001 a kg:Incident ; dcterms:identifier "I99001" ; dcterms:title "A" .'


def store_of(turtle: str, graph: str | None = None) -> EmbeddedStore:
    native = ox.Store()
    place = ox.NamedNode(GRAPH + graph) if graph else ox.DefaultGraph()
    native.load(turtle.encode(), format=ox.RdfFormat.TURTLE, to_graph=place)
    return EmbeddedStore(native)


def rules(report: Report) -> list[str]:
    return [found.rule for found in report.violations]


def test_a_missing_title_is_a_violation_that_says_where_and_what() -> None:
    report = check_conformance(store_of(UNTITLED))
    assert not report.conforms
    assert report.violations[0] == Violation(
        severity=Severity.VIOLATION,
        rule="kgsh:Incident-title",
        focus=ID + "incident/I99001",
        path="http://purl.org/dc/terms/title",
        message="an incident has one title, a plain string that is not empty",
        value=None,
    )
    # That it names no source is told after it, as a warning.
    assert rules(report) == ["kgsh:Incident-title", "kgsh:source"]


def test_a_graph_with_warnings_alone_conforms() -> None:
    report = check_conformance(store_of(UNSOURCED))
    assert report.conforms
    assert [found.severity for found in report.violations] == [Severity.WARNING]


def test_an_empty_graph_conforms() -> None:
    assert check_conformance(EmbeddedStore.from_quads([])) == Report(())


def test_a_check_query_reports_the_thing_at_fault_and_the_value() -> None:
    dangling_edge = "kg:usesTechnique incident:I1 ; dcterms:title"
    report = check_conformance(store_of(UNSOURCED.replace("dcterms:title", dangling_edge)))
    dangling = [found for found in report.violations if found.rule == "check:dangling-reference"]
    assert [(found.focus, found.path, found.value) for found in dangling] == [
        (ID + "incident/I99001", None, ID + "incident/I1")
    ]
    assert dangling[0].message == "A thing of ours is pointed at, and nothing says what it is"


def test_a_misspelt_property_is_reported_with_the_nearest_name() -> None:
    report = check_conformance(store_of(UNSOURCED.replace("dcterms:title", "kg:yearStartd 2016 ; dcterms:title")))
    found = report.violations[0]
    assert (found.rule, found.focus) == ("check:undeclared-term", NS + "yearStartd")
    assert found.message == "The ontology has no term kg:yearStartd; did you mean kg:yearStarted?"


def test_a_store_an_rdflib_graph_and_an_rdflib_dataset_have_the_same_report() -> None:
    for example in sorted((EXAMPLES / "invalid").glob("*.ttl"))[::9]:
        text = example.read_text(encoding="utf-8")
        dataset = rdflib.Dataset()
        dataset.default_graph.parse(example)
        report = check_conformance(store_of(text))
        assert report.violations
        assert check_conformance(rdflib.Graph().parse(example)) == report
        assert check_conformance(dataset) == report
        assert check_conformance(store_of(text).rdflib()) == report


def test_the_findings_are_held_against_the_shapes_and_a_release_as_published_is_not() -> None:
    finding = HEAD + f'<{ID}finding/0123456789abcdef> a kg:Finding ; dcterms:identifier "0123456789abcdef" .'
    assert "kgsh:Finding-code" in rules(check_conformance(store_of(finding, "findings")))
    assert check_conformance(store_of(UNTITLED, "release/1.7")).conforms


def test_a_literal_that_is_not_what_its_datatype_says_is_told_once_and_without_noise(
    capfd: pytest.CaptureFixture[str],
) -> None:
    day = '"2022-13-99"^^<http://www.w3.org/2001/XMLSchema#date>'
    odd = UNSOURCED.replace("dcterms:title", f"kg:dateAdded {day} ; dcterms:title")
    report = check_conformance(store_of(odd))
    assert rules(report) == ["kgsh:Incident-dateAdded", "kgsh:source"]
    assert report.violations[0].value == "2022-13-99"
    assert capfd.readouterr().err == ""


def test_nothing_that_a_graph_imports_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a connection was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    imports = "<https://example.org/mine> <http://www.w3.org/2002/07/owl#imports> <https://example.org/theirs> ."
    assert check_conformance(store_of(imports)).conforms


def test_shapes_that_come_with_the_data_are_not_applied() -> None:
    shape = """
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <https://example.org/shape> a sh:NodeShape ; sh:targetNode <https://example.org/x> ; sh:nodeKind sh:Literal .
    <https://example.org/x> a <https://example.org/Thing> .
    """
    assert check_conformance(store_of(shape)).violations == ()


def test_things_of_other_vocabularies_and_nameless_things_are_left_alone() -> None:
    foreign = """
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
    <https://example.org/c> a skos:Concept ; skos:prefLabel "c" ; skos:related [ skos:prefLabel "d" ] .
    """
    assert check_conformance(store_of(foreign)).violations == ()


def test_the_order_of_a_report_does_not_depend_on_the_order_of_the_data() -> None:
    lines = [f'<{ID}incident/I9900{number}> a <{NS}Incident> ; <{NS}yearStarted> "x", "y" .' for number in (3, 1, 2)]
    report = check_conformance(store_of("\n".join(lines)))
    assert report == check_conformance(store_of("\n".join(reversed(lines))))
    worst_first = [found.severity for found in report.violations]
    assert worst_first == sorted(worst_first, key=[Severity.VIOLATION, Severity.WARNING, Severity.INFO].index)


@pytest.fixture(scope="module")
def fictional(release_folder: Path) -> EmbeddedStore:
    return EmbeddedStore.from_quads(corpus_quads(read_source(release_folder)))


def test_what_is_read_from_the_fictional_release_conforms(fictional: EmbeddedStore) -> None:
    assert undeclared_terms(fictional) == ()
    assert [found for found in check_conformance(fictional).violations if found.severity is Severity.VIOLATION] == []


@pytest.mark.corpus
def test_a_real_release_conforms_and_uses_only_declared_terms(corpus_folder: Path) -> None:
    store = EmbeddedStore.from_quads(corpus_quads(read_source(corpus_folder)))
    assert undeclared_terms(store) == ()
    assert [found for found in check_conformance(store).violations if found.severity is Severity.VIOLATION] == []
