"""How much of each thing a graph holds, asked of the store in SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.store.protocol import TripleStore

_OF_CLASS = "SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ ?thing a kg:{name} }}"
_FINDINGS = """
        SELECT (COUNT(DISTINCT ?thing) AS ?n)
        WHERE {
        GRAPH <https://w3id.org/disarm-kg/graph/findings> { ?thing a kg:Finding } }
    """

# Rows as published: what a workbook says beside the pages is counted apart.
_STATED = """
        SELECT (COUNT(DISTINCT ?s) AS ?n)
        WHERE {{
        ?s a rdf:Statement ; rdf:predicate {predicate} FILTER NOT EXISTS {{ ?s kg:sheet ?sheet }} }}
    """

COUNTS: dict[str, str] = {
    "incidents": _OF_CLASS.format(name="Incident"),
    "incidents_with_techniques": "SELECT (COUNT(DISTINCT ?i) AS ?n) WHERE { ?row a kg:TableRow ; kg:incident ?i }",
    "techniques": _OF_CLASS.format(name="Technique"),
    "tactics": _OF_CLASS.format(name="Tactic"),
    "phases": _OF_CLASS.format(name="Phase"),
    "tasks": _OF_CLASS.format(name="Task"),
    "counters": _OF_CLASS.format(name="Counter"),
    "actor_types": _OF_CLASS.format(name="ActorType"),
    "metatechniques": _OF_CLASS.format(name="Metatechnique"),
    "response_types": _OF_CLASS.format(name="ResponseType"),
    "detections": _OF_CLASS.format(name="Detection"),
    "references": _STATED.format(predicate="dcterms:references"),
    "workbook_references": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            SELECT DISTINCT ?i ?r
            WHERE {
            ?s rdf:predicate dcterms:references ; rdf:subject ?i ; rdf:object ?r ; kg:sheet ?sheet } }
        """
    ),
    "technique_rows": _OF_CLASS.format(name="TableRow"),
    "incident_technique_pairs": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            SELECT DISTINCT ?i ?t
            WHERE {
            ?row a kg:TableRow ; kg:incident ?i ; kg:technique ?t } }
        """
    ),
    "uses_accepted": "SELECT (COUNT(*) AS ?n) WHERE { ?i kg:usesTechnique ?t }",
    "workbook_rows": _OF_CLASS.format(name="WorkbookRow"),
    "workbook_pairs": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            SELECT DISTINCT ?i ?t
            WHERE {
            ?row a kg:WorkbookRow ; kg:incident ?i ; kg:technique ?t } }
        """
    ),
    "placements_restored": _OF_CLASS.format(name="Placement"),
    "uses_suspect": 'SELECT (COUNT(DISTINCT ?u) AS ?n) WHERE { ?u a kg:TechniqueUse ; kg:status "suspect" }',
    "passages": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            SELECT DISTINCT ?i ?h
            WHERE {
            ?row a kg:TableRow ; kg:incident ?i ; kg:sha256 ?h ; kg:passage ?p } }
        """
    ),
    "passage_texts": "SELECT (COUNT(DISTINCT ?p) AS ?n) WHERE { ?row a kg:TableRow ; kg:passage ?p }",
    "inline_groups": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            ?row a kg:TableRow ; kg:incident ?i ; kg:passage ?p .
            ?o a kg:Observation ; kg:ofIncident ?i ; kg:inPassage ?p .
            FILTER NOT EXISTS { ?o kg:placement ?restored } }
        """
    ),
    "inline_groups_once_per_passage": (
        "SELECT (COUNT(DISTINCT ?o) AS ?n) "
        "WHERE { ?o a kg:Observation . FILTER NOT EXISTS { ?o kg:placement ?restored } }"
    ),
    "observations": (
        """
            SELECT (COUNT(*) AS ?n)
            WHERE {
            SELECT DISTINCT ?i ?l
            WHERE {
            ?o a kg:Observation ; kg:ofIncident ?i ; kg:techniqueList ?l .
            FILTER NOT EXISTS { ?o kg:placement ?restored } } }
        """
    ),
    "associations": _STATED.format(predicate="kg:associatedWith"),
    "findings": _FINDINGS,
}
"""Name of a count -> the query that gives it as one number."""


def statistics(store: TripleStore) -> dict[str, int]:
    """Every count of :data:`COUNTS`, in its order.

    ``technique_rows`` are rows of incident pages and ``incident_technique_pairs`` the distinct pairs in them.
    ``passages`` are distinct descriptions of each incident as published, ``passage_texts`` distinct texts over all.
    ``inline_groups`` counts a group once for each row that repeats its description, ``inline_groups_once_per_passage``
    once for each incident and description, and ``observations`` the distinct lists of ids in each incident.
    """
    counts = {}
    for name, query in COUNTS.items():
        row = next(store.select(query).values(), ("0",))
        counts[name] = int(row[0] or 0)
    return counts


def ledger_lines(store: TripleStore) -> list[tuple[str, int, int, int, int]]:
    """The account of the source: kind, read, stored, repaired, reported; ``read`` is the sum of the other three."""
    rows = store.select(
        """
            SELECT ?kind ?read ?stored ?repaired ?reported
            WHERE {
            GRAPH <https://w3id.org/disarm-kg/graph/findings> { ?line a kg:LedgerLine ; kg:kind ?kind ;
            kg:read ?read ; kg:stored ?stored ; kg:repaired ?repaired ; kg:reported ?reported } }
            ORDER BY ?kind
        """
    )
    return [
        (str(kind), int(read or 0), int(stored or 0), int(repaired or 0), int(reported or 0))
        for kind, read, stored, repaired, reported in rows.values()
    ]
