"""What the explorer asks of a store: each query gives rows of plain values, ordered to the last row."""

from __future__ import annotations

RELEASES = "SELECT DISTINCT ?version WHERE { ?release a kg:Release ; owl:versionInfo ?version } ORDER BY ?version"

TACTICS = """
SELECT ?id ?label ?rank WHERE {
  ?t a kg:Tactic ; dcterms:identifier ?id .
  OPTIONAL { ?t skos:prefLabel ?label FILTER(LANG(?label) IN ("en", "")) }
  OPTIONAL { ?t kg:rank ?rank }
} ORDER BY ?id ?label"""

TECHNIQUES = """
SELECT ?id ?label ?tactic ?parent ?retired WHERE {
  ?t a kg:Technique ; dcterms:identifier ?id .
  OPTIONAL { ?t skos:prefLabel ?label FILTER(LANG(?label) IN ("en", "")) }
  OPTIONAL { ?t kg:tactic/dcterms:identifier ?tactic }
  OPTIONAL { ?t skos:broader/dcterms:identifier ?parent }
  OPTIONAL { ?t owl:deprecated ?retired }
} ORDER BY ?id ?label ?tactic ?parent ?retired"""

INCIDENTS = """
SELECT ?id ?title ?type ?stated ?read ?published WHERE {
  ?i a kg:Incident ; dcterms:identifier ?id .
  OPTIONAL { ?i dcterms:title ?title }
  OPTIONAL { ?i kg:incidentType ?type }
  OPTIONAL { ?i kg:yearStarted ?stated }
  OPTIONAL { ?i kg:yearInText ?read }
  OPTIONAL { ?i kg:datePublished ?published }
} ORDER BY ?id ?title ?type ?stated ?read ?published"""

THINGS = """
SELECT ?incident ?relation ?kind ?id ?label WHERE {
  VALUES (?p ?relation) {
    (kg:attributedTo "attributed") (kg:alignedWith "aligned") (kg:targetCountry "target") (kg:onPlatform "platform")
    (kg:enabledBy "enabled")
  }
  ?i ?p ?x ; a kg:Incident ; dcterms:identifier ?incident .
  ?x a ?kind ; dcterms:identifier ?id . FILTER(?kind IN (kg:Actor, kg:Platform, kg:Country, kg:Region))
  OPTIONAL { ?x skos:prefLabel ?label FILTER(LANG(?label) IN ("en", "")) }
} ORDER BY ?incident ?relation ?kind ?id ?label"""

STATED = """
SELECT ?incident ?relation ?kind ?id ?path ?line WHERE {
  VALUES (?p ?relation) {
    (kg:attributedTo "attributed") (kg:alignedWith "aligned") (kg:targetCountry "target") (kg:onPlatform "platform")
    (kg:enabledBy "enabled")
  }
  ?s a rdf:Statement ; rdf:predicate ?p ; rdf:subject ?i ; rdf:object ?x ; prov:wasDerivedFrom/kg:path ?path .
  ?i a kg:Incident ; dcterms:identifier ?incident . ?x a ?kind ; dcterms:identifier ?id .
  FILTER(?kind IN (kg:Actor, kg:Platform, kg:Country, kg:Region))
  OPTIONAL { ?s kg:line ?line }
} ORDER BY ?incident ?relation ?kind ?id ?path ?line"""

MENTIONS = """
SELECT ?incident ?role ?kind ?id ?field ?passage ?start ?end ?surface ?rule ?confidence WHERE {
  GRAPH <https://w3id.org/disarm-kg/graph/text> {
    ?m a kg:Mention ; kg:ofIncident ?i ; kg:mentions ?x ; kg:role ?role ; kg:field ?field ; oa:start ?start ;
      oa:end ?end ; kg:surface ?surface ; kg:rule ?rule ; kg:confidence ?confidence .
    OPTIONAL { ?m kg:inPassage ?passage }
  }
  FILTER(?role IN ("operator", "enabler", "aligned", "target", "used"))
  ?i a kg:Incident ; dcterms:identifier ?incident . ?x a ?kind ; dcterms:identifier ?id .
  FILTER(?kind IN (kg:Actor, kg:Platform, kg:Country, kg:Region))
} ORDER BY ?incident ?kind ?id ?role ?field ?passage ?start ?end ?surface ?rule ?confidence"""

ALIASES = """
SELECT ?kind ?id ?alias WHERE {
  ?x a ?kind ; dcterms:identifier ?id ; skos:altLabel ?alias . FILTER(?kind IN (kg:Actor, kg:Platform, kg:Country))
} ORDER BY ?kind ?id ?alias"""

USES = """
SELECT ?incident ?technique WHERE {
  ?i kg:usesTechnique/dcterms:identifier ?technique ; dcterms:identifier ?incident .
} ORDER BY ?incident ?technique"""

RECOVERED = """
SELECT ?incident ?technique WHERE {
  GRAPH <https://w3id.org/disarm-kg/graph/recovered> { ?i kg:usesTechnique ?t }
  ?i dcterms:identifier ?incident .
  BIND(STRAFTER(STR(?t), "https://w3id.org/disarm-kg/id/technique/") AS ?technique)
} ORDER BY ?incident ?technique"""

PUBLISHED = """
SELECT ?release ?incident ?technique WHERE {
  GRAPH ?g { ?i kg:usesTechnique ?t }
  BIND(STRAFTER(STR(?g), "https://w3id.org/disarm-kg/graph/release/") AS ?release) FILTER(?release != "")
  ?i dcterms:identifier ?incident .
  BIND(STRAFTER(STR(?t), "https://w3id.org/disarm-kg/id/technique/") AS ?technique)
} ORDER BY ?release ?incident ?technique"""

RETIRED = """
SELECT ?id ?label WHERE {
  { SELECT DISTINCT ?t WHERE { GRAPH ?g { ?i kg:usesTechnique ?t } } }
  GRAPH <https://w3id.org/disarm-kg/graph/history> { ?t owl:deprecated true ; dcterms:identifier ?id }
  FILTER NOT EXISTS { ?t a kg:Technique }
  OPTIONAL { GRAPH <https://w3id.org/disarm-kg/graph/history> { ?t skos:hiddenLabel ?label } }
} ORDER BY ?id ?label"""

EVIDENCE = """
SELECT ?id ?kind ?incident ?technique ?status ?passage ?placement ?path ?line WHERE {
  ?use a kg:TechniqueUse ; kg:incident/dcterms:identifier ?incident ; kg:technique/dcterms:identifier ?technique ;
    kg:statedIn ?e .
  ?e a ?kind ; dcterms:identifier ?id .
  OPTIONAL { ?e kg:status ?status }
  OPTIONAL { ?e kg:passage|kg:inPassage ?p . ?p dcterms:identifier ?passage }
  OPTIONAL { ?e kg:placement ?placement }
  OPTIONAL { ?e prov:wasDerivedFrom/kg:path ?path }
  OPTIONAL { ?e kg:line ?line }
} ORDER BY ?incident ?kind ?id ?technique ?status ?passage ?placement ?path ?line"""

SPANS = """
SELECT ?id ?start ?end ?list WHERE {
  ?o a kg:Observation ; dcterms:identifier ?id ; oa:hasTarget/oa:hasSelector ?s .
  ?s oa:start ?start ; oa:end ?end .
  OPTIONAL { ?o kg:techniqueList ?list }
} ORDER BY ?id ?start ?end ?list"""

PASSAGES = """
SELECT ?id ?length ?text WHERE {
  ?p a kg:Passage ; dcterms:identifier ?id ; kg:about ?i . ?i a kg:Incident .
  OPTIONAL { ?p kg:length ?length }
  OPTIONAL { ?p rdf:value ?text }
} ORDER BY ?id ?length ?text"""

PLACEMENTS = """
SELECT ?incident ?passage ?evidence ?confidence ?under WHERE {
  ?p a kg:Placement ; kg:incident/dcterms:identifier ?incident ; kg:passage/dcterms:identifier ?passage .
  OPTIONAL { ?p kg:evidence ?evidence }
  OPTIONAL { ?p kg:confidence ?confidence }
  OPTIONAL { ?p kg:foundUnder/dcterms:identifier ?under }
} ORDER BY ?incident ?passage ?under ?evidence ?confidence"""

REFERENCES = """
SELECT ?incident ?id ?url ?date ?publisher ?archive WHERE {
  ?i a kg:Incident ; dcterms:references ?r ; dcterms:identifier ?incident . ?r dcterms:identifier ?id .
  OPTIONAL { ?r schema:url ?url }
  OPTIONAL { ?r schema:datePublished ?date }
  OPTIONAL { ?r schema:publisher ?publisher }
  OPTIONAL { ?r schema:archivedAt ?archive }
} ORDER BY ?incident ?date ?id ?url ?publisher ?archive"""

FINDINGS = """
SELECT ?id ?about ?code ?message ?fix ?path ?line WHERE {
  GRAPH <https://w3id.org/disarm-kg/graph/findings> {
    ?f a kg:Finding ; dcterms:identifier ?id ; sh:focusNode ?about ; kg:code ?code ; sh:resultMessage ?message .
    OPTIONAL { ?f kg:fix ?fix }
    OPTIONAL { ?f kg:path ?path }
    OPTIONAL { ?f kg:line ?line }
  }
} ORDER BY ?about ?path ?line ?code ?message ?id"""

COUNTERS = """
SELECT ?technique ?id ?label WHERE {
  ?c a kg:Counter ; kg:counters ?t ; dcterms:identifier ?id . ?t a kg:Technique ; dcterms:identifier ?technique .
  OPTIONAL { ?c skos:prefLabel ?label FILTER(LANG(?label) IN ("en", "")) }
} ORDER BY ?technique ?id ?label"""
