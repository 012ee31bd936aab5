"""The JSON-LD context: every term of ours once, as what it is."""

from __future__ import annotations

import json
import re

import rdflib
from rdflib.namespace import OWL, RDF, RDFS, XSD

from kg.rdf.namespaces import NS, PREFIXES
from tests.ontology.engines import ONTOLOGY

CONTEXT = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]

PAGE = {
    "@id": "incident:I99001",
    "@type": "Incident",
    "identifier": "I99001",
    "title": "The Paper Lighthouse",
    "yearStarted": "2021",
    "dateAdded": "2022-03-01",
    "attributedTo": "id:country/XA",
    "usesTechnique": ["disarm:T0115", "disarm:T0146"],
}
SAME_PAGE = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://w3id.org/disarm-kg/id/incident/I99001> a kg:Incident ;
  dcterms:identifier "I99001" ; dcterms:title "The Paper Lighthouse" ;
  kg:yearStarted "2021"^^xsd:integer ; kg:dateAdded "2022-03-01"^^xsd:date ;
  kg:attributedTo <https://w3id.org/disarm-kg/id/country/XA> ;
  kg:usesTechnique <https://w3id.org/disarm-kg/id/technique/T0115>, <https://w3id.org/disarm-kg/id/technique/T0146> .
"""


def test_a_page_written_with_the_context_is_the_same_graph_in_turtle() -> None:
    text = json.dumps({"@context": CONTEXT, **PAGE})
    assert set(rdflib.Graph().parse(data=text, format="json-ld")) == set(rdflib.Graph().parse(data=SAME_PAGE))


def test_the_context_has_every_term_of_ours_with_its_type_and_every_prefix() -> None:
    graph = rdflib.Graph().parse(ONTOLOGY / "kg.ttl")
    coercions = {XSD.string: None, **{XSD[name]: f"xsd:{name}" for name in ("integer", "date", "decimal")}}
    for term in graph.subjects(RDFS.isDefinedBy):
        name = str(term).removeprefix(NS)
        entry = CONTEXT[f"kg:{name}" if name in PREFIXES else name]
        if (term, RDF.type, OWL.Class) in graph:
            assert entry == f"kg:{name}"
            continue
        values = graph.value(term, RDFS.range)
        objects = (term, RDF.type, OWL.ObjectProperty) in graph
        assert entry["@id"] == f"kg:{name}"
        assert entry.get("@type") == ("@id" if objects else coercions[rdflib.URIRef(str(values))])
    assert {name: CONTEXT[name] for name in PREFIXES} == PREFIXES


def test_the_context_names_nothing_that_must_be_fetched() -> None:
    assert "@import" not in CONTEXT
    assert not [value for value in CONTEXT.values() if isinstance(value, str) and re.search(r"\.jsonld$", value)]
