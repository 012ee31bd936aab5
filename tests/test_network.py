from __future__ import annotations

import io
import json
from dataclasses import dataclass, field

import networkx as nx
import numpy as np
import pyoxigraph as ox
import pytest

from kg.errors import UnknownNameError
from kg.network import actor_network, cooccurrence_network, framework_network, incident_network, platform_network
from kg.rdf.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore

# Two phases, two tactics (TA09 stands before TA02 in the kill chain), a technique with a sub-technique, one technique
# without tactic. I00001 uses the sub-technique and T0002, I00002 uses T0001 and T0002, I00003 uses nothing.
FACTS = """
<id:phase/P01> a kg:Phase ; dcterms:identifier "P01" ; skos:prefLabel "Plan"@en ; kg:rank 1 .
<id:phase/P02> a kg:Phase ; dcterms:identifier "P02" ; skos:prefLabel "Act"@en ; kg:rank 2 .
tactic:TA02 a kg:Tactic ; dcterms:identifier "TA02" ; skos:prefLabel "Sail"@en ; kg:rank 2 ; kg:phase <id:phase/P02> .
tactic:TA09 a kg:Tactic ; dcterms:identifier "TA09" ; skos:prefLabel "Fold"@en, "Falten"@de ; kg:rank 1 ;
  kg:phase <id:phase/P01> .
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:prefLabel "Boats"@en ; kg:tactic tactic:TA02 .
disarm:T0001.001 a kg:Technique ; dcterms:identifier "T0001.001" ; skos:prefLabel "Paper Boats"@en ;
  kg:tactic tactic:TA02 ; skos:broader disarm:T0001 .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:prefLabel "Kites"@en ; kg:tactic tactic:TA09 .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:prefLabel "Loose"@en .
incident:I00001 a kg:Incident ; dcterms:identifier "I00001" ; dcterms:title "Regatta" ; kg:yearStarted 2019 ;
  kg:usesTechnique disarm:T0001.001, disarm:T0002 .
incident:I00002 a kg:Incident ; dcterms:identifier "I00002" ; dcterms:title "Storm" ;
  kg:usesTechnique disarm:T0001, disarm:T0002 .
incident:I00003 a kg:Incident ; dcterms:identifier "I00003" ; dcterms:title "Calm" .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())
    text = head + FACTS.replace("<id:", f"<{PREFIXES['id']}")
    return EmbeddedStore.from_quads(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))


@dataclass
class Pairs:
    """A and B together in 2 of 4 units, B and C in 1, D alone; the npmi of the second pair is undefined."""

    technique_a: list[str] = field(default_factory=lambda: ["A", "B"])
    technique_b: list[str] = field(default_factory=lambda: ["B", "C"])
    count: np.ndarray[tuple[int], np.dtype[np.int64]] = field(default_factory=lambda: np.array([2, 1]))
    jaccard: list[float] = field(default_factory=lambda: [0.5, 0.25])
    lift: list[np.float64] = field(default_factory=lambda: [np.float64(2.0), np.float64(1.0)])
    pmi: list[float] = field(default_factory=lambda: [1.0, 0.0])
    npmi: list[float] = field(default_factory=lambda: [1.0, float("nan")])
    more: dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=lambda: {"A": "Apple", "B": "Bread", "C": "Cheese"})
    margins: dict[str, int] = field(default_factory=lambda: {"B": 3, "A": 2, "C": 1, "D": 1})
    units: int = 4
    unit: str = "incident"
    evidence: str = "repaired"
    level: str = "technique"


def test_the_network_of_incidents_joins_each_to_what_it_uses(store: EmbeddedStore) -> None:
    network = incident_network(store)

    assert sorted(map(sorted, network.edges)) == [
        ["I00001", "T0001.001"],
        ["I00001", "T0002"],
        ["I00002", "T0001"],
        ["I00002", "T0002"],
    ]
    assert network.nodes["I00001"] == {
        "kind": "incident",
        "label": "Regatta",
        "bipartite": 0,
        "year": 2019,
        "count": 2,
    }
    assert network.nodes["T0001.001"] == {
        "kind": "technique",
        "label": "Paper Boats",
        "tactic": "TA02",
        "tactic_label": "Sail",
        "parent": "T0001",
        "bipartite": 1,
        "count": 1,
    }
    assert nx.is_bipartite(network)


def test_an_incident_without_techniques_is_no_node(store: EmbeddedStore) -> None:
    assert "I00003" not in incident_network(store)


def test_at_the_level_of_parents_a_sub_technique_counts_as_its_parent(store: EmbeddedStore) -> None:
    network = incident_network(store, level="parent")

    assert set(network) == {"I00001", "I00002", "T0001", "T0002"}
    assert network.nodes["T0001"]["count"] == 2


def test_a_misspelt_level_is_refused(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownNameError, match="parent"):
        incident_network(store, level="parnet")


def test_the_framework_leads_from_phase_to_sub_technique(store: EmbeddedStore) -> None:
    network = framework_network(store)

    assert sorted(network.edges) == [
        ("P01", "TA09"),
        ("P02", "TA02"),
        ("T0001", "T0001.001"),
        ("TA02", "T0001"),
        ("TA09", "T0002"),
    ]
    assert list(network.predecessors("T0003")) == []


def test_the_framework_counts_incidents_below_each_entry_once(store: EmbeddedStore) -> None:
    network = framework_network(store)

    # I00001 reaches T0001 through the sub-technique, I00002 directly; T0003 is in no incident.
    counts = {node: network.nodes[node]["count"] for node in network}
    assert counts == {"P01": 2, "P02": 2, "TA02": 2, "TA09": 2, "T0001": 2, "T0001.001": 1, "T0002": 2, "T0003": 0}


def test_the_framework_takes_the_english_name(store: EmbeddedStore) -> None:
    assert framework_network(store).nodes["TA09"]["label"] == "Fold"


def test_the_network_of_pairs_holds_counts_and_measures() -> None:
    network = cooccurrence_network(Pairs())

    assert network.edges["A", "B"] == {"count": 2, "jaccard": 0.5, "lift": 2.0, "pmi": 1.0, "npmi": 1.0}
    assert network.nodes["B"] == {"kind": "technique", "label": "Bread", "count": 3}
    assert network.graph["units"] == 4


def test_an_undefined_measure_is_left_out() -> None:
    assert cooccurrence_network(Pairs()).edges["B", "C"] == {"count": 1, "jaccard": 0.25, "lift": 1.0, "pmi": 0.0}


def test_a_technique_without_pair_or_label_is_a_node_by_its_id() -> None:
    assert cooccurrence_network(Pairs()).nodes["D"] == {"kind": "technique", "label": "D", "count": 1}


def test_no_number_is_one_of_numpy() -> None:
    network = cooccurrence_network(Pairs())

    values = [value for _, attributes in network.nodes(data=True) for value in attributes.values()]
    values += [value for _, _, attributes in network.edges(data=True) for value in attributes.values()]
    assert {type(value) for value in values} == {str, int, float}
    json.dumps(nx.node_link_data(network, edges="edges"), allow_nan=False)


@pytest.mark.parametrize("build", [incident_network, framework_network, lambda _: cooccurrence_network(Pairs())])
def test_each_network_survives_graphml(build: object, store: EmbeddedStore) -> None:
    assert callable(build)
    network = build(store)
    file = io.BytesIO()

    nx.write_graphml(network, file)
    file.seek(0)
    again = nx.read_graphml(file)

    assert dict(again.nodes(data=True)) == dict(network.nodes(data=True))
    assert {frozenset(edge) for edge in again.edges} == {frozenset(edge) for edge in network.edges}


def test_nodes_stand_in_order_of_id_incidents_first(store: EmbeddedStore) -> None:
    assert list(incident_network(store)) == ["I00001", "I00002", "T0001", "T0001.001", "T0002"]


NAMED = """
<id:actor/puppets> a kg:Actor ; dcterms:identifier "puppets" ; skos:prefLabel "Puppets"@en .
<id:country/XA> a kg:Country ; dcterms:identifier "XA" ; skos:prefLabel "Arcadia"@en .
<id:platform/board> a kg:Platform ; dcterms:identifier "board" ; skos:prefLabel "Board"@en .
incident:I00001 kg:attributedTo <id:actor/puppets>, <id:country/XA> ; kg:onPlatform <id:platform/board> .
incident:I00002 kg:attributedTo <id:actor/puppets> .
"""


@pytest.fixture(scope="module")
def named() -> EmbeddedStore:
    head = "".join(f"@prefix {prefix}: <{name}> .\n" for prefix, name in PREFIXES.items())
    native = ox.Store()
    native.load(input=(head + FACTS + NAMED).encode(), format=ox.RdfFormat.TURTLE)
    return EmbeddedStore(native)


def test_actors_are_joined_to_the_techniques_of_the_incidents_attributed_to_them(named: EmbeddedStore) -> None:
    network = actor_network(named)
    # The Puppets: I00001 (T0001.001, T0002) and I00002 (T0001, T0002); Arcadia: I00001 alone.
    assert {frozenset(edge): network.edges[edge]["count"] for edge in network.edges} == {
        frozenset({"actor:puppets", "T0001"}): 1,
        frozenset({"actor:puppets", "T0001.001"}): 1,
        frozenset({"actor:puppets", "T0002"}): 2,
        frozenset({"actor:XA", "T0001.001"}): 1,
        frozenset({"actor:XA", "T0002"}): 1,
    }
    assert network.nodes["actor:XA"] == {"kind": "actor", "label": "Arcadia", "bipartite": 0}
    assert network.nodes["T0002"]["label"] == "Kites"


def test_platforms_are_joined_to_the_techniques_of_the_incidents_on_them(named: EmbeddedStore) -> None:
    network = platform_network(named)
    assert sorted(network.edges) == [("platform:board", "T0001.001"), ("platform:board", "T0002")]
    assert not platform_network(EmbeddedStore(ox.Store())).nodes
