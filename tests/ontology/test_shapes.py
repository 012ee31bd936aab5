"""Every property shape can fire: each is tripped once by a value that nothing takes, or by the lack of any value."""

from __future__ import annotations

import rdflib
from rdflib.namespace import RDF, SH, XSD

from kg.analysis.conformance import check_shapes
from kg.rdf.namespaces import BASE
from tests.ontology.engines import EXAMPLES, ONTOLOGY

ODD = rdflib.Literal("maybe", datatype=XSD.boolean)
NARROW = (SH.datatype, SH["class"], SH["in"], SH.nodeKind, SH["or"], SH.maxCount)


def small() -> rdflib.Graph:
    graph = rdflib.Graph()
    for name in (
        "tiny.ttl",
        "tiny-findings.ttl",
        "tiny-text.ttl",
        "valid/release-two.ttl",
        "valid/history.ttl",
        "valid/restored-placement.ttl",
    ):
        graph.parse(EXAMPLES / name)
    return graph


def shapes() -> rdflib.Graph:
    return rdflib.Graph().parse(ONTOLOGY / "shapes.ttl")


def focus_of(shape: rdflib.term.Node, graph: rdflib.Graph, rules: rdflib.Graph) -> rdflib.term.Node:
    """A node of the small data set at which a property shape looks, with a value where one has any."""
    path = rules.value(shape, SH.path)
    nodes: set[rdflib.term.Node] = set()
    for holder in rules.subjects(SH.property, shape):
        for target in rules.objects(holder, SH.targetClass):
            nodes |= set(graph.subjects(RDF.type, target))
        for target in rules.objects(holder, SH.targetObjectsOf):
            assert isinstance(target, rdflib.URIRef)
            nodes |= set(graph.objects(None, target))
    return min(nodes, key=lambda node: ((node, path, None) not in graph, str(node)))


def fired(graph: rdflib.Graph, rules: rdflib.Graph) -> set[tuple[str, str]]:
    return {(found.rule, found.focus) for found in check_shapes(graph, rules).violations}


def pair(shape: rdflib.term.Node, focus: rdflib.term.Node) -> tuple[str, str]:
    return str(shape).replace(BASE + "shapes#", "kgsh:"), str(focus)


def test_every_property_shape_fires_at_a_value_that_nothing_takes_or_at_none() -> None:
    rules, untouched, odd = shapes(), small(), small()
    expected = set()
    for shape in sorted(rules.subjects(RDF.type, SH.PropertyShape), key=str):
        path = rules.value(shape, SH.path)
        focus = focus_of(shape, untouched, rules)
        assert isinstance(path, rdflib.URIRef)
        if any((shape, narrow, None) in rules for narrow in NARROW):
            odd.add((focus, path, ODD))
            expected.add(pair(shape, focus))
        else:
            bare = small()
            bare.remove((focus, path, None))
            assert pair(shape, focus) in fired(bare, rules)
    assert expected <= fired(odd, rules)


def test_every_property_shape_that_wants_a_value_fires_where_it_is_missing() -> None:
    rules, untouched, bare = shapes(), small(), small()
    expected = set()
    for shape in rules.subjects(SH.minCount):
        focus = focus_of(shape, untouched, rules)
        path = rules.value(shape, SH.path)
        assert isinstance(path, rdflib.URIRef)
        bare.remove((focus, path, None))
        expected.add(pair(shape, focus))
    assert expected
    assert expected <= fired(bare, rules)
