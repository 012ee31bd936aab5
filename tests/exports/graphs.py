"""Graphs for the tests of exports, all invented."""

from __future__ import annotations

import pyoxigraph as ox

from kg.store.embedded import EmbeddedStore

PREFIXES = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix id: <https://w3id.org/disarm-kg/id/> .
@prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .
@prefix incident: <https://w3id.org/disarm-kg/id/incident/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix graph: <https://w3id.org/disarm-kg/graph/> .
@prefix ex: <https://example.org/> .
"""

SMALL = """
disarm:T0001.002 a kg:Technique ; skos:prefLabel "Paper Boats"@en ; skos:broader disarm:T0001 .
disarm:T0001 skos:prefLabel "Boats"@en ; a kg:Technique, skos:Concept ;
  dcterms:description "What floats."@en ; kg:line 1 ; prov:wasDerivedFrom id:document\\/aa .
incident:I1 kg:usesTechnique disarm:T0001, disarm:T0001.002 ; a kg:Incident ; dcterms:title "The \\"pond\\" affair" ;
  dcterms:description "It rained." ; kg:datePublished "2021-02-03"^^xsd:date .
id:use\\/I1-T0001 a kg:TechniqueUse ; kg:incident incident:I1 ; kg:technique disarm:T0001 ;
  kg:statedIn id:row\\/I1-1, id:observation\\/I1-bb-0-9 ; kg:passage id:passage\\/bb .
id:row\\/I1-1 a kg:TableRow ; kg:incident incident:I1 ; kg:ordinal 1 ;
  prov:wasDerivedFrom id:document\\/aa ; kg:line 20 .
id:passage\\/bb a kg:Passage ; kg:about incident:I1 ; kg:length 9 ; rdf:value "It rained" .
id:observation\\/I1-bb-0-9 a kg:Observation ; kg:ofIncident incident:I1 ; oa:hasTarget id:target\\/I1-bb-0-9 .
id:target\\/I1-bb-0-9 a oa:SpecificResource ; oa:hasSource id:passage\\/bb ;
  oa:hasSelector id:selector\\/bb-0-9, id:quote\\/bb-0-9 .
id:selector\\/bb-0-9 a oa:TextPositionSelector ; oa:start 0 ; oa:end 9 .
id:quote\\/bb-0-9 a oa:TextQuoteSelector ; oa:exact "It rained" .
id:statement\\/cc a rdf:Statement ; rdf:subject disarm:T0001 ; rdf:predicate kg:associatedWith ;
  rdf:object disarm:T0001.002 ; prov:wasDerivedFrom id:document\\/aa .
disarm:T0001 kg:associatedWith disarm:T0001.002 .
id:document\\/aa a prov:Entity ; kg:path "techniques/T0001.md" .
id:counter\\/C00001 a kg:Counter ; kg:playbooks "Dry the pond." ; kg:resourcesNeeded "Buckets." .
ex:other a ex:Thing ; ex:has ex:a, ex:B .
"""

NAMED = """
graph:release\\/0.1 { incident:I1 kg:usesTechnique disarm:T0001 ; dcterms:title "The \\"pond\\" affair" . }
graph:findings { id:finding\\/dd a kg:Finding ; kg:code "wet-page" ; kg:line 3 ;
  prov:wasDerivedFrom id:document\\/aa . }
"""

TEXTS = (
    "line\nfeed and carriage\rreturn and\ttab",
    "quote \" apostrophe ' backslash \\ and > <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <",
    "] ]]> &amp; <b>bold</b> },{",
    " \u00a0\u2028 blanks, . ; \U0001f6a2 ",
    " .\n",
    '","},{"@id":',
    "_:b0 @prefix <https://w3id.org/disarm-kg/id/row/1>",
    "",
)


def quads_of(*pieces: str) -> list[ox.Quad]:
    """The quads of some TriG, in the order of the text."""
    return list(ox.parse(PREFIXES + "".join(pieces), ox.RdfFormat.TRIG))


def small_store() -> EmbeddedStore:
    """One incident, two techniques, all evidence, and two named graphs."""
    return EmbeddedStore.from_quads(quads_of(SMALL, NAMED))


def tricky_store() -> EmbeddedStore:
    """Terms that trip up careless writers, in the default graph and in a named one."""
    thing, says = ox.NamedNode("https://example.org/a?b=c&d=(e)#f.g"), ox.NamedNode("https://example.org/says")
    xsd = "http://www.w3.org/2001/XMLSchema#"
    terms: list[ox.NamedNode | ox.Literal] = [
        *map(ox.Literal, TEXTS),
        *(ox.Literal(text, language="en-GB") for text in TEXTS),
        *(ox.Literal(text, datatype=ox.NamedNode("https://example.org/type")) for text in TEXTS),
        ox.Literal("-7", datatype=ox.NamedNode(xsd + "integer")),
        ox.Literal("seven", datatype=ox.NamedNode(xsd + "integer")),
        ox.Literal("1.5", datatype=ox.NamedNode(xsd + "decimal")),
        ox.Literal("true", datatype=ox.NamedNode(xsd + "boolean")),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        ox.NamedNode("https://w3id.org/disarm-kg/id/technique/T0001."),
        ox.NamedNode("https://w3id.org/disarm-kg/id/technique/-x"),
        ox.NamedNode("https://w3id.org/disarm-kg/id/technique/"),
        ox.NamedNode("https://w3id.org/disarm-kg/id/technique/T1/2"),
        ox.NamedNode("https://w3id.org/disarm-kg/id/technique/caf\u00e9"),
        ox.NamedNode("https://example.org/%20"),
        ox.NamedNode("urn:x:y"),
    ]
    graphs = ox.DefaultGraph(), ox.NamedNode("https://example.org/graph")
    return EmbeddedStore.from_quads(ox.Quad(thing, says, term, graph) for graph in graphs for term in terms)
