"""networkx graphs made from the store and from a table of pairs; no numbers are worked out here and nothing is drawn.

Nodes are DISARM ids (``"T0146"``, ``"I00100"``, ``"TA06"``, ``"P02"``) in sorted order. Every attribute is a plain
``str``, ``int`` or ``float``, so that each graph can be written as GraphML or JSON; what is not known is left out.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, SupportsFloat, SupportsIndex

import networkx as nx
import numpy as np

from kg.filters import NO_FILTERS, Filters
from kg.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from kg.store.protocol import TripleStore

_MEASURES = ("jaccard", "lift", "pmi", "npmi")

_TECHNIQUES = """
SELECT ?technique ?label ?tactic ?tacticLabel ?parent WHERE {
  ?t a kg:Technique ; dcterms:identifier ?technique ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?t kg:tactic ?ta . ?ta dcterms:identifier ?tactic ; skos:prefLabel ?tacticLabel .
             FILTER(LANG(?tacticLabel) IN ("en", "")) }
  OPTIONAL { ?t skos:broader ?p . ?p dcterms:identifier ?parent }
} ORDER BY ?technique ?tactic ?parent"""

_TACTICS = """
SELECT ?tactic ?label ?rank ?phase WHERE {
  ?ta a kg:Tactic ; dcterms:identifier ?tactic ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?ta kg:rank ?rank }
  OPTIONAL { ?ta kg:phase ?p . ?p dcterms:identifier ?phase }
} ORDER BY ?tactic"""

_PHASES = """
SELECT ?phase ?label ?rank WHERE {
  ?p a kg:Phase ; dcterms:identifier ?phase ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?p kg:rank ?rank }
} ORDER BY ?phase"""

_INCIDENTS = """
SELECT ?incident ?title ?year WHERE {
  ?i a kg:Incident ; dcterms:identifier ?incident .
  OPTIONAL { ?i dcterms:title ?title }
  OPTIONAL { ?i kg:yearStarted ?year }
} ORDER BY DESC(?incident) DESC(?title) DESC(?year)"""


_JOINED_TO_TECHNIQUES = """
SELECT ?thing ?label ?technique (COUNT(DISTINCT ?incident) AS ?incidents) WHERE {{
  ?incident kg:{edge} ?x ; kg:usesTechnique ?t .
  ?x dcterms:identifier ?thing ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  ?t dcterms:identifier ?technique .
}} GROUP BY ?thing ?label ?technique ORDER BY ?thing ?label ?technique"""


class PairTable(Protocol):
    """What :func:`cooccurrence_network` needs of a table of pairs: columns of equal length, and margins."""

    @property
    def technique_a(self) -> Iterable[str]:
        """The lower id of each pair."""
        ...

    @property
    def technique_b(self) -> Iterable[str]:
        """The higher id of each pair."""
        ...

    @property
    def count(self) -> Iterable[SupportsIndex]:
        """In how many units the two occur together."""
        ...

    @property
    def jaccard(self) -> Iterable[SupportsFloat]:
        """Jaccard index."""
        ...

    @property
    def lift(self) -> Iterable[SupportsFloat]:
        """Lift."""
        ...

    @property
    def pmi(self) -> Iterable[SupportsFloat]:
        """Pointwise mutual information."""
        ...

    @property
    def npmi(self) -> Iterable[SupportsFloat]:
        """Normalised pointwise mutual information."""
        ...

    @property
    def more(self) -> Mapping[str, NDArray[np.float64] | NDArray[np.int64] | NDArray[np.str_]]:
        """Further columns by name: measures, p-values, verdicts."""
        ...

    @property
    def labels(self) -> Mapping[str, str]:
        """The name of each technique."""
        ...

    @property
    def margins(self) -> Mapping[str, int]:
        """In how many units each technique occurs, those without any pair included."""
        ...

    @property
    def units(self) -> int:
        """N, the number of units that were counted."""
        ...

    @property
    def unit(self) -> str:
        """What one unit is: ``incident`` or ``observation``."""
        ...

    @property
    def evidence(self) -> str:
        """Which statements were counted."""
        ...

    @property
    def level(self) -> str:
        """``technique``, or ``parent`` where sub-techniques were rolled up."""
        ...


def cooccurrence_network(pairs: PairTable) -> nx.Graph[str]:
    """Techniques joined where they occur together.

    Node attributes: ``kind``, ``label``, ``count`` (units with the technique). Edge attributes: ``count`` (units with
    both), ``jaccard``, ``lift``, ``pmi``, ``npmi``, and every further column of the table (measures, p-values,
    verdict); a number that is not finite is left out. Graph attributes: ``kind``, ``unit``, ``units`` (N),
    ``evidence``, ``level``.
    """
    network: nx.Graph[str] = nx.Graph(
        kind="cooccurrence", unit=pairs.unit, units=int(pairs.units), evidence=pairs.evidence, level=pairs.level
    )
    for technique in sorted(pairs.margins):
        label = pairs.labels.get(technique, technique)
        network.add_node(technique, kind="technique", label=label, count=int(pairs.margins[technique]))
    names = (*_MEASURES, *pairs.more)
    columns = [np.asarray(getattr(pairs, name)).tolist() for name in _MEASURES]
    columns += [column.tolist() for column in pairs.more.values()]
    for a, b, count, *values in zip(pairs.technique_a, pairs.technique_b, pairs.count, *columns, strict=True):
        told = zip(names, values, strict=True)
        known = {name: value for name, value in told if isinstance(value, str) or math.isfinite(value)}
        network.add_edge(str(a), str(b), count=int(count), **known)
    return network


def incident_network(
    store: TripleStore, *, evidence: str = "repaired", level: str = "technique", filters: Filters = NO_FILTERS
) -> nx.Graph[str]:
    """Incidents joined to the techniques they use (bipartite); an incident without any technique is left out.

    Node attributes of incidents: ``kind``, ``label``, ``count`` (techniques used), ``year`` (where known),
    ``bipartite`` 0. Of techniques: ``kind``, ``label``, ``count`` (incidents that use it), ``tactic``,
    ``tactic_label``, ``parent``, ``bipartite`` 1. Graph attributes: ``kind``, ``evidence``, ``level``.

    Args:
        store: The store to ask.
        evidence: ``rows``, ``inline``, ``all`` or ``repaired``, as in :func:`kg.incidence.incidence`.
        level: ``technique``, or ``parent`` to count a sub-technique as its parent.
        filters: Which incidents, techniques and statements count.

    Raises:
        UnknownNameError: no such evidence or level, or name in a filter.
    """
    table = incidence(store, unit="incident", evidence=evidence, level=level, filters=filters)
    told = {incident: (title, year) for incident, title, year in store.select(_INCIDENTS).values()}
    known = technique_attributes(store)
    network: nx.Graph[str] = nx.Graph(kind="incidents", evidence=evidence, level=level)
    for incident in table.units:
        title, year = told.get(incident, (None, None))
        network.add_node(incident, kind="incident", label=title or incident, bipartite=0)
        if year is not None and _is_whole(year):
            network.nodes[incident]["year"] = int(year)
    for technique in table.techniques:
        unknown: dict[str, str | int] = {"kind": "technique", "label": technique}
        network.add_node(technique, **known.get(technique, unknown), bipartite=1)
    for unit, technique_index in zip(table.unit_index.tolist(), table.technique_index.tolist(), strict=True):
        network.add_edge(table.units[unit], table.techniques[technique_index])
    for node in network:
        network.nodes[node]["count"] = network.degree[node]
    return network


def actor_network(store: TripleStore) -> nx.Graph[str]:
    """Actors, countries and regions to which incidents are attributed, joined to the techniques of these incidents.

    Bipartite: ``kind`` is ``actor`` (``bipartite`` 0) or ``technique`` (1, with the attributes that
    :func:`technique_attributes` gives); an edge has ``count``, the number of incidents. The node of an actor is its id
    with ``actor:`` before it.
    """
    return _thing_network(store, "actor", "attributedTo")


def platform_network(store: TripleStore) -> nx.Graph[str]:
    """Platforms joined to the techniques of the incidents that happened on them; as :func:`actor_network`."""
    return _thing_network(store, "platform", "onPlatform")


def _thing_network(store: TripleStore, kind: str, edge: str) -> nx.Graph[str]:
    network: nx.Graph[str] = nx.Graph(kind=f"{kind}-technique")
    known = technique_attributes(store)
    for thing, label, technique, incidents in store.select(_JOINED_TO_TECHNIQUES.format(edge=edge)).values():
        node, joined = f"{kind}:{thing}", str(technique)
        network.add_node(node, kind=kind, label=label or node, bipartite=0)
        unknown: dict[str, str | int] = {"kind": "technique", "label": joined}
        network.add_node(joined, **known.get(joined, unknown), bipartite=1)
        network.add_edge(node, joined, count=int(incidents or 0))
    return network


def framework_network(store: TripleStore) -> nx.DiGraph[str]:
    """The framework from phase to tactic to technique to sub-technique.

    Node attributes: ``kind``, ``label``, ``count`` (incidents that use the technique or anything below it), ``rank``
    (phases and tactics: place in the kill chain), ``phase``, ``tactic``, ``tactic_label``, ``parent``.
    """
    network: nx.DiGraph[str] = nx.DiGraph(kind="framework")
    for name, label, rank in store.select(_PHASES).values():
        _add_ranked(network, "phase", str(name), label, rank)
    for name, label, rank, phase in store.select(_TACTICS).values():
        _add_ranked(network, "tactic", str(name), label, rank)
        if phase is not None:
            network.nodes[str(name)]["phase"] = phase
            network.add_edge(phase, str(name))
    for technique, attributes in technique_attributes(store).items():
        network.add_node(technique, **attributes)
        above = attributes.get("parent", attributes.get("tactic"))
        network.add_edges_from([(str(above), technique)] if above is not None else [])
    table = incidence(store, unit="incident", evidence="repaired", level="technique")
    below: defaultdict[str, set[int]] = defaultdict(set)
    for unit, index in zip(table.unit_index.tolist(), table.technique_index.tolist(), strict=True):
        technique = table.techniques[index]
        for node in (technique, *nx.ancestors(network, technique)) if technique in network else ():
            below[node].add(unit)
    for node in network:
        # A parent or a tactic that is only spoken of has no attributes of its own.
        network.nodes[node].setdefault("kind", "technique")
        network.nodes[node].setdefault("label", node)
        network.nodes[node]["count"] = len(below[node])
    return network


def technique_attributes(store: TripleStore) -> dict[str, dict[str, str | int]]:
    """What the store knows of each technique, by id in sorted order: kind, label, tactic, tactic_label, parent."""
    found: dict[str, dict[str, str | int]] = {}
    for technique, label, tactic, tactic_label, parent in store.select(_TECHNIQUES).values():
        if technique is None:
            continue
        values = {"label": label, "tactic": tactic, "tactic_label": tactic_label, "parent": parent}
        attributes = found.setdefault(technique, {"kind": "technique"})
        for name, value in values.items():
            if value is not None:
                attributes.setdefault(name, value)
    return dict(sorted(found.items()))


def _add_ranked(network: nx.DiGraph[str], kind: str, node: str, label: str | None, rank: str | None) -> None:
    network.add_node(node, kind=kind, label=label or node)
    if rank is not None and _is_whole(rank):
        network.nodes[node]["rank"] = int(rank)


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isdecimal() and text.isascii()
