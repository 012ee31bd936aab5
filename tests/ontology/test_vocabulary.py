"""The ontology itself: its quality, its names in Python, and that no data uses a term it does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import OWL, RDF, SH, SKOS

from kg.analysis.conformance import check_shapes
from kg.analysis.conformance_terms import declared_terms, misspelt_terms, reused_terms, undeclared_terms
from kg.rdf import namespaces
from kg.rdf.namespaces import NS
from kg.store.embedded import EmbeddedStore
from tests.ontology.engines import EXAMPLES, ONTOLOGY, oxigraph

if TYPE_CHECKING:
    from pathlib import Path

HEADER = rdflib.URIRef(NS.removesuffix("#"))
INTENDED_STRANGERS = {"misspelt-class", "misspelt-property"}
SHARED = [path for path in sorted(EXAMPLES.rglob("*.ttl")) if path.stem not in INTENDED_STRANGERS]


def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "kg.ttl")


def quality() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "quality.ttl")


def loaded(path: Path) -> EmbeddedStore:
    store = ox.Store()
    store.load(path=path, format=ox.RdfFormat.TURTLE)
    return EmbeddedStore(store)


def local_names(*kinds: rdflib.URIRef) -> set[str]:
    graph = ontology()
    return {str(term).removeprefix(NS) for kind in kinds for term in graph.subjects(RDF.type, kind)}


def test_the_ontology_conforms_to_its_own_quality_rules() -> None:
    assert check_shapes(ontology(), quality()).violations == ()


@pytest.mark.parametrize(
    ("subject", "predicate", "shape"),
    [
        (rdflib.URIRef(NS + "Incident"), SKOS.definition, "kgsh:term-definition"),
        (rdflib.URIRef(NS + "rank"), rdflib.RDFS.label, "kgsh:term-label"),
        (HEADER, OWL.versionIRI, "kgsh:Ontology-versionIRI"),
    ],
)
def test_the_quality_rules_catch_a_term_that_lost_what_it_needs(
    subject: rdflib.URIRef, predicate: rdflib.URIRef, shape: str
) -> None:
    graph = ontology()
    graph.remove((subject, predicate, None))
    found = check_shapes(graph, quality()).violations
    assert [(fault.rule, fault.focus) for fault in found] == [(shape, str(subject))]


def test_a_property_for_values_and_for_things_at_once_is_caught() -> None:
    graph = ontology()
    graph.add((rdflib.URIRef(NS + "rank"), RDF.type, OWL.ObjectProperty))
    assert {fault.rule for fault in check_shapes(graph, quality()).violations} == {"kgsh:DatatypeProperty"}


def test_the_version_iri_ends_in_the_version() -> None:
    graph = ontology()
    assert graph.value(HEADER, OWL.versionIRI) == HEADER + "/" + str(graph.value(HEADER, OWL.versionInfo))


def test_python_names_the_same_terms_as_the_ontology() -> None:
    assert set(namespaces.CLASSES) == local_names(OWL.Class)
    assert set(namespaces.PROPERTIES) == local_names(OWL.ObjectProperty, OWL.DatatypeProperty)


def test_no_technique_is_a_class() -> None:
    graph = ontology()
    assert not [term for term in graph.subjects() if "/id/" in str(term)]


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_data_uses_only_declared_and_listed_terms(path: Path) -> None:
    store = loaded(path)
    assert undeclared_terms(store) == ()


def test_every_listed_term_is_used_somewhere() -> None:
    used = {str(term) for path in SHARED for term in _terms(rdflib.Graph().parse(path))}
    assert reused_terms() <= used


def _terms(graph: rdflib.Graph) -> set[rdflib.term.Node]:
    return {*graph.predicates(), *graph.objects(None, RDF.type), *graph.objects(None, SH.resultSeverity)}


def test_a_planted_misspelling_is_found_in_any_graph_and_the_nearest_term_is_named() -> None:
    store = EmbeddedStore.from_quads(oxigraph())
    thing = ox.NamedNode("https://w3id.org/disarm-kg/id/incident/I99001")
    store.native.add(ox.Quad(thing, ox.NamedNode(NS + "usesTecnique"), thing, ox.NamedNode(NS + "any-graph")))
    store.native.add(ox.Quad(thing, ox.NamedNode(str(RDF.type)), ox.NamedNode(NS + "Incidnt")))
    store.native.add(ox.Quad(thing, ox.NamedNode("https://example.org/colour"), thing))
    assert undeclared_terms(store) == ("https://example.org/colour", NS + "Incidnt", NS + "usesTecnique")
    assert misspelt_terms(store) == {NS + "Incidnt": NS + "Incident", NS + "usesTecnique": NS + "usesTechnique"}


def test_the_shapes_name_only_terms_that_exist_and_every_shape_has_an_iri() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    named = {str(term) for term in [*graph.objects(), *graph.subjects()] if str(term).startswith(NS)}
    assert named <= declared_terms()
    shapes = {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}
    shapes |= set(graph.objects(None, SH.property))
    assert all(isinstance(shape, rdflib.URIRef) for shape in shapes)
    assert all(graph.value(shape, SH.message) for shape in shapes if not _gathers_others(graph, shape))


def _gathers_others(graph: rdflib.Graph, shape: rdflib.term.Node) -> bool:
    return set(graph.predicates(shape)) <= {RDF.type, SH.targetClass, SH.property}


def test_every_class_has_a_shape() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")
    assert {str(term).removeprefix(NS) for term in graph.objects(None, SH.targetClass)} >= local_names(OWL.Class)


@pytest.mark.parametrize("name", ["shapes.ttl", "quality.ttl"])
def test_the_shapes_are_well_formed_shacl_core(name: str) -> None:
    shapes = rdflib.Graph().parse(ONTOLOGY / name)
    assert (None, SH.sparql, None) not in shapes
    conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text
