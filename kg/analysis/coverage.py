"""Which observed techniques have a counter, through which link, and which have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.analysis.lookup import find_thing
from kg.errors import UnknownNameError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.store.protocol import TripleStore

LINKS = {
    "listed": "the counter names the technique",
    "parent": "the counter names the technique above it",
    "child": "the counter names one of its sub-techniques",
    "migrated": "the counter names a retired technique that this one, or one above or below it, replaces",
    "inferred": "the counter names the tactic of the technique, and no technique",
}
"""Through what a counter reaches a technique, the surest first."""

_OBSERVED = """SELECT ?id ?label (COUNT(DISTINCT ?incident) AS ?incidents) WHERE {
  ?technique a kg:Technique ; dcterms:identifier ?id ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?incident kg:usesTechnique ?technique }
} GROUP BY ?id ?label ORDER BY DESC(?incidents) ?id"""

# An edge that follows a retired technique has a statement that names that one; where a row names the technique itself
# as well, it has another without.
_BY_ITSELF = """?counter kg:counters {named} .
      FILTER(!EXISTS {{ ?s rdf:subject ?counter ; rdf:object {named} ; rdf:predicate kg:counters ; kg:formerly ?f }} ||
        EXISTS {{ ?t rdf:subject ?counter ; rdf:object {named} ; rdf:predicate kg:counters
          FILTER NOT EXISTS {{ ?t kg:formerly ?g }} }})"""

_COUNTERED: dict[str, str] = {
    "listed": _BY_ITSELF.format(named="?technique"),
    "parent": "?technique skos:broader ?above . " + _BY_ITSELF.format(named="?above"),
    "child": "?below skos:broader ?technique . " + _BY_ITSELF.format(named="?below"),
    # What a surer link reaches is not looked up here, so that these edges are those that follow a retired technique.
    "migrated": """{ ?counter kg:counters ?technique }
      UNION { ?technique skos:broader ?above . ?counter kg:counters ?above }
      UNION { ?below skos:broader ?technique . ?counter kg:counters ?below }
      UNION { GRAPH <https://w3id.org/disarm-kg/graph/history> { ?old dcterms:isReplacedBy ?technique }
        { ?counter kg:counters ?old } UNION { GRAPH ?any { ?counter kg:counters ?old } } }""",
    "inferred": """?technique kg:tactic ?tactic . ?counter kg:counters ?tactic .
      FILTER NOT EXISTS { ?counter kg:counters ?named . ?named a kg:Technique }""",
}
_PAIRS = """SELECT DISTINCT ?technique_id ?counter_id WHERE {{
  {pattern}
  ?technique a kg:Technique ; dcterms:identifier ?technique_id .
  ?counter a kg:Counter ; dcterms:identifier ?counter_id .
}} ORDER BY ?technique_id ?counter_id"""


_NAMES = """SELECT ?id ?name WHERE {
  ?counter a kg:Counter ; dcterms:identifier ?id ; skos:prefLabel ?name . FILTER(LANG(?name) IN ("en", ""))
} ORDER BY ?id ?name"""


@dataclass(frozen=True, slots=True)
class Covered:
    """How a technique is countered.

    Attributes:
        technique: Its id.
        label: Its name.
        incidents: How many incidents use it.
        link: The surest of :data:`LINKS` through which a counter reaches it, or ``none``.
        counters: Ids of the counters that reach it through that link.
        others: How many further counters reach it through weaker links.
    """

    technique: str
    label: str
    incidents: int
    link: str
    counters: tuple[str, ...]
    others: int


def coverage(
    store: TripleStore, of: Sequence[str] = (), *, observed: bool = True, link: str | None = None
) -> tuple[Covered, ...]:
    """How each technique is countered, the most used first.

    Args:
        store: The graph.
        of: Ids of techniques, and of incidents, which stand for the techniques they use; where any is given, only
            these, observed or not.
        observed: Only techniques that some incident uses.
        link: Only techniques whose surest link is this: a name of :data:`LINKS`, or ``none``.

    Raises:
        UnknownNameError: no such link, technique or incident.
    """
    wanted = _asked(store, of)
    known = (*LINKS, "none")
    if link is not None and link not in known:
        raise unknown_name("link", link, known)
    reached = {name: _reached(store, pattern) for name, pattern in _COUNTERED.items()}
    found = []
    for identifier, label, incidents in store.select(_OBSERVED).values():
        count = int(incidents or 0)
        if identifier is None or (identifier not in wanted if of else observed and not count):
            continue
        surest, counters, others = _surest(reached, identifier)
        if link in {None, surest}:
            found.append(Covered(identifier, label or identifier, count, surest, counters, others))
    return tuple(found)


def counter_names(store: TripleStore) -> dict[str, str]:
    """Id to name of every counter."""
    return {row[0] or "": row[1] or "" for row in store.select(_NAMES).values()}


def _asked(store: TripleStore, of: Sequence[str]) -> frozenset[str]:
    """The ids of the techniques that are asked for, those of incidents among them."""
    found: set[str] = set()
    for given in of:
        thing = find_thing(store, given)
        if thing.kind == "technique":
            found.add(thing.identifier)
        elif thing.kind == "incident":
            used = f"SELECT ?id WHERE {{ <{thing.iri}> kg:usesTechnique/dcterms:identifier ?id }} ORDER BY ?id"
            found.update(row[0] or "" for row in store.select(used).values())
        else:
            raise UnknownNameError(f"{given!r} is of kind {thing.kind}; write ids of techniques or incidents")
    return frozenset(found)


def _surest(reached: Mapping[str, Mapping[str, tuple[str, ...]]], identifier: str) -> tuple[str, tuple[str, ...], int]:
    ways = [(name, counters[identifier]) for name, counters in reached.items() if identifier in counters]
    if not ways:
        return "none", (), 0
    name, counters = ways[0]
    further = {counter for _, more in ways[1:] for counter in more} - set(counters)
    return name, counters, len(further)


def _reached(store: TripleStore, pattern: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for technique, counter in store.select(_PAIRS.format(pattern=pattern)).values():
        found[technique or ""] = (*found.get(technique or "", ()), counter or "")
    return found
