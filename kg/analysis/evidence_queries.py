"""The SPARQL behind :mod:`kg.analysis.evidence`: ``$TECHNIQUES`` and ``$INCIDENTS`` stand for lists of IRIs."""

from __future__ import annotations

FAMILY = """SELECT ?given ?member ?label WHERE {
  VALUES ?given { $TECHNIQUES }
  ?given a kg:Technique . ?member skos:broader* ?given ; skos:prefLabel ?label .
  FILTER(LANG(?label) IN ("en", ""))
} ORDER BY ?given ?member ?label"""

USED = "SELECT DISTINCT ?incident WHERE { VALUES ?t { $TECHNIQUES } ?incident kg:usesTechnique ?t } ORDER BY ?incident"

SUSPECT = """SELECT DISTINCT ?incident WHERE {
  VALUES ?t { $TECHNIQUES } ?use a kg:TechniqueUse ; kg:technique ?t ; kg:incident ?incident ; kg:status ?status .
  FILTER(?status != "rejected")
} ORDER BY ?incident"""

RECOVERED = """SELECT DISTINCT ?incident WHERE {
  VALUES ?t { $TECHNIQUES }
  GRAPH <https://w3id.org/disarm-kg/graph/recovered> { ?incident kg:usesTechnique ?t }
} ORDER BY ?incident"""

INCIDENTS = """SELECT ?incident ?title ?stated ?read ?published WHERE {
  VALUES ?incident { $INCIDENTS }
  OPTIONAL { ?incident dcterms:title ?title }
  OPTIONAL { ?incident kg:yearStarted ?stated }
  OPTIONAL { ?incident kg:yearInText ?read }
  OPTIONAL { ?incident kg:datePublished ?published }
} ORDER BY ?incident ?title ?stated ?read ?published"""

STATEMENTS = """SELECT ?incident ?evidence ?kind ?technique ?status ?use_status ?passage ?path ?line ?start ?end WHERE {
  VALUES ?incident { $INCIDENTS }
  VALUES ?technique { $TECHNIQUES }
  ?use a kg:TechniqueUse ; kg:incident ?incident ; kg:technique ?technique ; kg:status ?use_status ;
    kg:statedIn ?evidence .
  ?evidence a ?kind . FILTER(STRSTARTS(STR(?kind), STR(kg:)))
  OPTIONAL { ?evidence kg:status ?status }
  OPTIONAL { ?evidence kg:passage|kg:inPassage ?passage }
  OPTIONAL { ?evidence prov:wasDerivedFrom/kg:path ?path }
  OPTIONAL { ?evidence kg:line ?line }
  OPTIONAL { ?evidence oa:hasTarget/oa:hasSelector ?selector . ?selector oa:start ?start ; oa:end ?end }
} ORDER BY ?incident ?evidence ?technique ?path ?line ?kind"""

DROPPED = """SELECT ?incident ?use ?technique ?path ?line ?release WHERE {
  VALUES ?incident { $INCIDENTS }
  VALUES ?technique { $TECHNIQUES }
  GRAPH <https://w3id.org/disarm-kg/graph/recovered> {
    ?use a kg:TechniqueUse ; kg:incident ?incident ; kg:technique ?technique .
    OPTIONAL { ?use kg:line ?line }
    OPTIONAL { ?use prov:wasDerivedFrom ?document }
  }
  OPTIONAL { ?document kg:path ?path }
  OPTIONAL { ?document dcterms:isPartOf/owl:versionInfo ?release }
} ORDER BY ?incident ?use ?technique ?path ?line ?release"""

PASSAGES = """SELECT ?passage ?hash ?length ?text WHERE {
  VALUES ?passage { $PASSAGES }
  ?passage kg:sha256 ?hash .
  OPTIONAL { ?passage kg:length ?length }
  OPTIONAL { ?passage rdf:value ?text }
} ORDER BY ?passage ?hash"""

REFERENCES = """SELECT ?incident ?url ?date ?publisher ?archive WHERE {
  VALUES ?incident { $INCIDENTS }
  ?incident dcterms:references ?reference .
  OPTIONAL { ?reference schema:url ?url }
  OPTIONAL { ?reference schema:datePublished ?date }
  OPTIONAL { ?reference schema:publisher ?publisher }
  OPTIONAL { ?reference schema:archivedAt ?archive }
} ORDER BY ?incident ?date ?url ?publisher ?archive"""

FINDINGS = """SELECT ?incident ?code ?message ?fix ?path ?line WHERE {
  VALUES ?incident { $INCIDENTS }
  GRAPH <https://w3id.org/disarm-kg/graph/findings> {
    ?finding sh:focusNode ?incident ; a kg:Finding ; kg:code ?code ; sh:resultMessage ?message .
    OPTIONAL { ?finding kg:fix ?fix }
    OPTIONAL { ?finding kg:path ?path }
    OPTIONAL { ?finding kg:line ?line }
  }
} ORDER BY ?incident ?path ?line ?code ?message"""
