"""Every node, label, edge, weight and attribute of our networks arrives in Gephi, without a complaint.

Gephi is no library and needs a screen; :mod:`tests.exports.gephi` does what its importers do.
"""

from __future__ import annotations

import io
import itertools
import math
from typing import TYPE_CHECKING

import networkx as nx
import pytest

import kg
from kg.analysis.significance import Significance
from kg.exports import render_network
from tests.exports.gephi import Imported, read_as_gephi

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.analysis.pairs import Cooccurrence

FORMS = ("graphml", "gexf")
ODD = ["a b", 'quo"te', "<&>", "Ünï\u00a0cødé", "\U0001f600", "0", "-1", "d3", "null", "x" * 300]


def complaints(network: nx.Graph[str], arrived: Imported) -> list[str]:
    """What Gephi says, and what differs from the network; a weight is Gephi's own thing, made of the count."""
    said = list(arrived.issues)
    if arrived.directed != network.is_directed() or set(arrived.nodes) != set(network):
        return [*said, "other nodes, or other directions"]
    for node, attributes in network.nodes(data=True):
        expected = {name: value for name, value in attributes.items() if value not in {None, ""}}
        label = expected.pop("label", None)
        if (arrived.nodes[node].label or node) != (label or node) or arrived.nodes[node].values != expected:
            said.append(f"{node}: {arrived.nodes[node]}, not {label} {expected}")
    ends_of = {(a, b) if network.is_directed() else (min(a, b), max(a, b)): told for a, b, told in network.edges.data()}
    if set(arrived.edges) != set(ends_of):
        return [*said, "other edges"]
    for ends, attributes in ends_of.items():
        edge = arrived.edges[ends]
        expected = {name: value for name, value in attributes.items() if value not in {None, ""}}
        if edge.values != expected or ("count" in expected and edge.weight != (expected["count"] or 0.01)):
            said.append(f"{ends}: {edge}, not {expected}")
    return said


@pytest.fixture(scope="module")
def tested() -> Cooccurrence:
    """Pairs with every column there is, those never seen together too."""
    return kg.open().cooccurrence(evidence="rows", minimum=0, measures=["phi", "yule-q"], significance=Significance())


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["cooccurrence", "incidents", "framework"])
def test_a_network_of_the_embedded_facts_arrives_whole(form: str, name: str) -> None:
    network = kg.open().network(name)
    assert complaints(network, read_as_gephi(render_network(network, form), form)) == []


@pytest.mark.parametrize("form", FORMS)
def test_pairs_with_all_their_numbers_arrive_whole(form: str, tested: Cooccurrence) -> None:
    network = tested.network()
    assert any(attributes.get("count") == 0 for _, _, attributes in network.edges(data=True))
    assert complaints(network, read_as_gephi(render_network(network, form), form)) == []


def many_attributes(kind: Callable[..., nx.Graph[str]]) -> nx.Graph[str]:
    """Names and ids of all kinds, and more attributes than keys that mean something to Gephi."""
    network: nx.Graph[str] = kind(units=10, evidence="<rows> & more")
    for place, name in enumerate(ODD):
        numbers = {f"node {number}": place * number for number in range(9)}
        network.add_node(name, label=f"label of {name}", big=2**62, share=place / 3, **numbers)
    for place, (one, other) in enumerate(itertools.pairwise(ODD)):
        numbers = {f"edge {number}": place - number for number in range(9)}
        network.add_edge(one, other, count=place, tiny=1e-300, minus=-0.5, **numbers)
    return network


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_odd_ids_and_many_attributes_arrive_whole(form: str, kind: Callable[..., nx.Graph[str]]) -> None:
    network = many_attributes(kind)
    assert complaints(network, read_as_gephi(render_network(network, form), form)) == []


@pytest.mark.parametrize("form", FORMS)
def test_nothing_and_one_node_arrive(form: str) -> None:
    network: nx.Graph[str] = nx.Graph(kind="cooccurrence")
    assert complaints(network, read_as_gephi(render_network(network, form), form)) == []
    network.add_node("T0001")
    assert complaints(network, read_as_gephi(render_network(network, form), form)) == []


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph])
def test_what_networkx_writes_by_itself_loses_a_label_and_a_column(kind: Callable[..., nx.Graph[str]]) -> None:
    # Its fourth key is d3, which Gephi takes for the label; with attributes of the network it complains as well.
    buffer = io.BytesIO()
    nx.write_graphml_xml(many_attributes(kind), buffer)
    said = complaints(many_attributes(kind), read_as_gephi(buffer.getvalue(), "graphml"))
    assert "key d0: for 'graph'" in said
    # 2 ** 62, its second attribute, where the label should be.
    assert [each for each in said if each.startswith("a b: Element(label='4611686018427387904'")]


@pytest.mark.parametrize(
    ("form", "right", "wrong"),
    [
        ("gexf", b'weight="1.0"', b'weight="0"'),
        ("gexf", b'weight="1.0"', b'weight="inf"'),
        ("gexf", b'title="share" type="double"', b'title="share" type="anyURI"'),
        ("gexf", b'source="a b"', b'source="c d"'),
        ("gexf", b'defaultedgetype="undirected"', b'defaultedgetype="mutual"'),
        ("graphml", b'for="edge"', b'for="hyperedge"'),
        ("graphml", b'attr.name="share"', b'attr.name="Size"'),
        ("graphml", b'attr.type="long"', b'attr.type="string"'),
        ("graphml", b'<node id="0"', b'<node id="1"'),
    ],
)
def test_the_reader_sees_what_gephi_would_not_take(form: str, right: bytes, wrong: bytes) -> None:
    network = many_attributes(nx.Graph)
    network.add_edge("0", "a b", count=1)
    data = render_network(network, form)
    assert right in data
    assert complaints(network, read_as_gephi(data.replace(right, wrong), form))


@pytest.mark.parametrize("form", FORMS)
def test_what_is_no_number_is_left_out_rather_than_refused(form: str) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_edge("a", "b", count=2, lift=math.inf, p_value=math.nan, z=None)
    arrived = read_as_gephi(render_network(network, form), form)
    assert arrived.issues == []
    assert arrived.edges["a", "b"].values == {"count": 2}
