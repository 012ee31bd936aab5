"""Lists of everything of one kind, with the columns one wants first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import KgError, unknown_name
from kg.store.answers import Solutions

if TYPE_CHECKING:
    from kg.store.protocol import TripleStore


def _concept(name: str) -> str:
    return f"SELECT ?id ?name WHERE {{ ?x a kg:{name} ; skos:notation ?id ; skos:prefLabel ?name }} ORDER BY ?id"


def _facet(name: str) -> str:
    return (
        f"SELECT ?id ?name ?category WHERE {{ ?x a kg:{name} ; skos:notation ?id ; skos:prefLabel ?name . "
        "OPTIONAL { ?x kg:category/skos:notation ?category } } ORDER BY ?id"
    )


LISTS: dict[str, str] = {
    "incidents": (
        """
            SELECT ?id ?title ?year ?published (COUNT(DISTINCT ?t) AS ?techniques)
            WHERE {
            ?i a kg:Incident ; dcterms:identifier ?id ; dcterms:title ?title .
            OPTIONAL { ?i kg:yearStarted ?year }
            OPTIONAL { ?i kg:datePublished ?published }
            OPTIONAL { ?i kg:usesTechnique ?t } }
            GROUP BY ?id ?title ?year ?published
            ORDER BY ?id
        """
    ),
    "techniques": (
        """
            SELECT ?id ?name ?tactic (COUNT(DISTINCT ?i) AS ?incidents)
            WHERE {
            ?t a kg:Technique ; skos:notation ?id ; skos:prefLabel ?name .
            OPTIONAL { ?t kg:tactic/skos:notation ?tactic }
            OPTIONAL { ?i kg:usesTechnique ?t } }
            GROUP BY ?id ?name ?tactic
            ORDER BY ?id
        """
    ),
    "tactics": (
        """
            SELECT ?id ?name ?rank ?phase
            WHERE {
            ?x a kg:Tactic ; skos:notation ?id ; skos:prefLabel ?name ; kg:rank ?rank .
            OPTIONAL { ?x kg:phase/skos:notation ?phase } }
            ORDER BY ?rank
        """
    ),
    "phases": """
        SELECT ?id ?name ?rank
        WHERE {
        ?x a kg:Phase ; skos:notation ?id ; skos:prefLabel ?name ; kg:rank ?rank }
        ORDER BY ?rank
    """,
    "tasks": _concept("Task"),
    "counters": (
        """
            SELECT ?id ?name ?tactic ?response
            WHERE {
            ?x a kg:Counter ; skos:notation ?id ; skos:prefLabel ?name .
            OPTIONAL { ?x kg:tactic/skos:notation ?tactic }
            OPTIONAL { ?x kg:responseType/skos:notation ?response } }
            ORDER BY ?id
        """
    ),
    "metatechniques": _concept("Metatechnique"),
    "response-types": _concept("ResponseType"),
    "detections": _concept("Detection"),
    "actor-types": _concept("ActorType"),
    "sectors": _concept("Sector"),
    "groups": _concept("Group"),
    "categories": _concept("Category"),
    "observation-types": _facet("ObservationType"),
    "assessments": _facet("Assessment"),
    "countries": (
        """
            SELECT ?id ?name (COUNT(DISTINCT ?by) AS ?attributed) (COUNT(DISTINCT ?against) AS ?targeted)
            WHERE {
            VALUES ?class { kg:Country kg:Region } ?c a ?class ; skos:notation ?id ;
            skos:prefLabel ?name .
            OPTIONAL { ?by kg:attributedTo ?c }
            OPTIONAL { ?against kg:targetCountry ?c } }
            GROUP BY ?id ?name
            ORDER BY ?id
        """
    ),
    "actors": (
        """
            SELECT ?id ?name ?kind ?country (COALESCE(?a, 0) AS ?attributed) (COALESCE(?e, 0) AS ?enabled)
            WHERE {
            ?x a kg:Actor ; dcterms:identifier ?id ; skos:prefLabel ?name .
            OPTIONAL { ?x kg:actorKind ?kind }
            OPTIONAL { ?x kg:countryCode ?country }
            OPTIONAL { SELECT ?x (COUNT(DISTINCT ?by) AS ?a) WHERE { ?by kg:attributedTo ?x } GROUP BY ?x }
            OPTIONAL { SELECT ?x (COUNT(DISTINCT ?by) AS ?e) WHERE { ?by kg:enabledBy ?x } GROUP BY ?x } }
            ORDER BY ?id
        """
    ),
    "platforms": (
        """
            SELECT ?id ?name ?type ?owner (COUNT(DISTINCT ?on) AS ?incidents)
            WHERE {
            ?x a kg:Platform ; dcterms:identifier ?id ; skos:prefLabel ?name .
            OPTIONAL { ?x kg:platformType/skos:notation ?type }
            OPTIONAL { ?x kg:owner ?owner }
            OPTIONAL { ?on kg:onPlatform ?x } }
            GROUP BY ?id ?name ?type ?owner
            ORDER BY ?id
        """
    ),
    "references": (
        """
            SELECT ?id ?date ?publisher ?url
            WHERE {
            ?x a kg:Reference ; dcterms:identifier ?id .
            OPTIONAL { ?x schema:datePublished ?date }
            OPTIONAL { ?x schema:publisher ?publisher }
            OPTIONAL { ?x schema:url ?url } }
            ORDER BY ?date ?url ?id
        """
    ),
    "findings": (
        """
            SELECT ?code ?severity ?file ?line ?message ?fix
            WHERE {
            GRAPH <https://w3id.org/disarm-kg/graph/findings> { ?f a kg:Finding ; kg:code ?code ;
            kg:path ?file ; sh:resultMessage ?message ; sh:resultSeverity ?s .
            OPTIONAL { ?f kg:line ?line }
            OPTIONAL { ?f kg:fix ?fix }
            BIND(LCASE(STRAFTER(STR(?s), "#")) AS ?severity) } }
            ORDER BY ?file ?line ?code ?message
        """
    ),
}
"""Plural name of a kind -> the query that lists it."""


def list_kind(store: TripleStore, kind: str, incidents: frozenset[str] | None = None) -> Solutions:
    """Everything of a kind, in order.

    Args:
        store: The graph.
        kind: A name of :data:`LISTS`.
        incidents: The IRIs of the incidents that are listed, where they are narrowed.

    Raises:
        UnknownNameError: No such kind.
        KgError: Incidents are narrowed, and another kind is asked for.
    """
    if kind not in LISTS:
        raise unknown_name("kind", kind, LISTS)
    found = store.select(LISTS[kind])
    if incidents is None:
        return found
    if kind != "incidents":
        raise KgError(f"list {kind}: filters narrow incidents alone; leave them out, or list incidents")
    kept = {incident.rpartition("/")[2] for incident in incidents}
    rows = [row for row, (identifier, *_) in zip(found, found.values(), strict=True) if identifier in kept]
    return Solutions(found.variables, rows)
