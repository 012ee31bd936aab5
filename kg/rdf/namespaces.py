"""Namespaces and the names of our own terms: the one place in Python that spells them."""

from __future__ import annotations

BASE = "https://w3id.org/disarm-kg/"
"""Base of every IRI we mint (not registered yet)."""

NS = BASE + "ns#"
ID = BASE + "id/"
GRAPH = BASE + "graph/"

PREFIXES: dict[str, str] = {
    "kg": NS,
    "disarm": ID + "technique/",
    "tactic": ID + "tactic/",
    "incident": ID + "incident/",
    "id": ID,
    "graph": GRAPH,
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "schema": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "sh": "http://www.w3.org/ns/shacl#",
}
"""Prefix to namespace, in the order they are written at the head of a file or a query."""

CLASSES = (
    "ActorType",
    "Assessment",
    "Category",
    "Counter",
    "Country",
    "Detection",
    "Document",
    "Finding",
    "Group",
    "Incident",
    "LedgerLine",
    "Metatechnique",
    "Observation",
    "ObservationType",
    "Passage",
    "Phase",
    "Reference",
    "Region",
    "Release",
    "ResponseType",
    "Sector",
    "TableRow",
    "Tactic",
    "Task",
    "Technique",
    "TechniqueUse",
)
"""Local names of the classes that ontology/kg.ttl declares."""

PROPERTIES = (
    "about",
    "actorType",
    "associatedWith",
    "attributedTo",
    "category",
    "code",
    "counters",
    "dateAdded",
    "datePublished",
    "fix",
    "foundVia",
    "group",
    "inPassage",
    "incident",
    "incidentType",
    "kind",
    "length",
    "line",
    "metatechnique",
    "ofIncident",
    "ordinal",
    "passage",
    "path",
    "phase",
    "placement",
    "playbooks",
    "rank",
    "read",
    "repaired",
    "reported",
    "resourcesNeeded",
    "responseType",
    "sector",
    "seenIn",
    "sha256",
    "statedIn",
    "status",
    "stored",
    "tactic",
    "targetCountry",
    "technique",
    "techniqueList",
    "upstreamId",
    "usesTechnique",
    "viewpoint",
    "yearStarted",
)
"""Local names of the properties that ontology/kg.ttl declares."""
