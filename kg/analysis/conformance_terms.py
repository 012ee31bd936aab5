"""Which terms data may use: those that ontology/kg.ttl declares, and those of other vocabularies that are named here.

SHACL does not see a misspelt property: nothing asks for it, and its absence is no fault where it is optional.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.namespaces import NS, PREFIXES
from kg.resources import ontology_folder

if TYPE_CHECKING:
    from kg.store.protocol import TripleStore

REUSED: dict[str, tuple[str, ...]] = {
    "rdf": ("Statement", "object", "predicate", "subject", "type", "value"),
    "owl": ("deprecated", "versionInfo"),
    "skos": (
        "Concept",
        "ConceptScheme",
        "altLabel",
        "broader",
        "broaderTransitive",
        "exactMatch",
        "hiddenLabel",
        "inScheme",
        "notation",
        "prefLabel",
    ),
    "dcterms": (
        "description",
        "hasVersion",
        "identifier",
        "isPartOf",
        "isReplacedBy",
        "isVersionOf",
        "issued",
        "references",
        "source",
        "title",
    ),
    "prov": ("Entity", "wasDerivedFrom"),
    "oa": (
        "SpecificResource",
        "TextPositionSelector",
        "TextQuoteSelector",
        "end",
        "exact",
        "hasSelector",
        "hasSource",
        "hasTarget",
        "start",
    ),
    "schema": ("archivedAt", "author", "datePublished", "publisher", "url"),
    "dcat": ("Dataset",),
    "sh": ("Info", "Violation", "Warning", "focusNode", "resultMessage", "resultSeverity"),
}
"""Prefix -> the terms of other vocabularies that our data uses."""

_TERMS = """SELECT DISTINCT ?term WHERE {
  { ?s ?term ?o } UNION { ?s a ?term } UNION { ?s rdf:predicate ?term }
  UNION { GRAPH ?g { ?s ?term ?o } } UNION { GRAPH ?g { ?s a ?term } }
  FILTER (ISIRI(?term))
}"""


def declared_terms() -> frozenset[str]:
    """The IRIs of the classes and properties that ontology/kg.ttl declares."""
    triples = ox.parse(path=ontology_folder() / "kg.ttl", format=ox.RdfFormat.TURTLE)
    return frozenset(
        triple.subject.value
        for triple in triples
        if isinstance(triple.subject, ox.NamedNode) and triple.subject.value.startswith(NS)
    )


def reused_terms() -> frozenset[str]:
    """The IRIs of :data:`REUSED`."""
    return frozenset(PREFIXES[prefix] + name for prefix, names in REUSED.items() for name in names)


def undeclared_terms(store: TripleStore) -> tuple[str, ...]:
    """Every property and class in any graph of a store that is neither declared nor reused, in order."""
    used = {text for (text,) in store.select(_TERMS).values() if text is not None}
    return tuple(sorted(used - declared_terms() - reused_terms()))


def misspelt_terms(store: TripleStore) -> dict[str, str]:
    """Every term in a store that pretends to be ours, with the declared one that is nearest (empty where none is).

    Terms of other vocabularies are anyone's own affair.
    """
    declared = sorted(declared_terms())
    strange = [term for term in undeclared_terms(store) if term.startswith(NS)]
    return {term: next(iter(difflib.get_close_matches(term, declared, n=1)), "") for term in strange}
