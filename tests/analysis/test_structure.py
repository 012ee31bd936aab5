"""Backbone, communities and centres: by hand, and against networkx and published cases."""

from __future__ import annotations

import networkx as nx
import pytest

from kg.analysis.structure import adjusted_rand, backbone, centralities, communities, disparity
from kg.errors import KgError


def test_disparity_worked_by_hand() -> None:
    star: nx.Graph[str] = nx.Graph()
    star.add_edge("a", "b", count=8)
    star.add_edge("a", "c", count=1)
    star.add_edge("a", "d", count=1)
    found = disparity(star)
    # a has strength 10 and degree 3: (1 - 0.8)^2 and (1 - 0.1)^2; the leaves say nothing.
    assert found == pytest.approx({("a", "b"): 0.04, ("a", "c"): 0.81, ("a", "d"): 0.81})
    assert sorted(backbone(star, alpha=0.05)) == ["a", "b"]
    assert star.number_of_edges() == 3


def test_two_cliques_are_two_communities_that_every_seed_finds() -> None:
    network: nx.Graph[int] = nx.Graph(nx.disjoint_union(nx.complete_graph(6), nx.complete_graph(4)))
    network.add_edge(0, 6)
    named: nx.Graph[str] = nx.Graph((f"n{a}", f"n{b}") for a, b in network.edges)
    found = communities(named)
    assert {node: found.of[node] for node in found.of} == {f"n{node}": int(node >= 6) for node in range(10)}
    assert found.stability == 1.0
    assert set(found.certainty.values()) == {1.0}
    # Modularity by its definition: 22 edges, 15 and 6 within; degrees sum to 31 and 13.
    assert found.modularity == pytest.approx(21 / 22 - (31 / 44) ** 2 - (13 / 44) ** 2)


def test_a_random_network_has_communities_that_seeds_disagree_on() -> None:
    network = nx.relabel_nodes(nx.gnp_random_graph(60, 0.2, seed=1), str)
    assert communities(network).stability < 0.6


def test_the_adjusted_rand_index_of_hubert_and_arabie() -> None:
    # Table of a textbook case: rows (1, 1, 0), (1, 2, 1), (0, 0, 4): index 0.3126.
    first, second, node = {}, {}, 0
    for row, counts in enumerate(((1, 1, 0), (1, 2, 1), (0, 0, 4))):
        for column, count in enumerate(counts):
            for _ in range(count):
                first[str(node)], second[str(node)] = row, column
                node += 1
    # Pairs: both 1 + 6 = 7; rows 1 + 6 + 6 = 13; columns 1 + 3 + 10 = 14; of 45. (7 - 13*14/45) / (13.5 - 13*14/45).
    assert adjusted_rand(first, second) == pytest.approx((7 - 182 / 45) / (13.5 - 182 / 45))


def test_centralities_are_those_of_networkx() -> None:
    network = nx.relabel_nodes(nx.karate_club_graph(), str)
    found = centralities(network, weight="weight")
    for a, b, data in network.edges(data=True):
        network.edges[a, b]["length"] = 1 / data["weight"]
    between = nx.betweenness_centrality(network, weight="length")
    eigen = nx.eigenvector_centrality(network, weight="weight", max_iter=1000, tol=1e-10)
    for node in network:
        assert found[node]["betweenness"] == pytest.approx(between[node])
        assert found[node]["eigenvector"] == pytest.approx(eigen[node], abs=1e-6)
        assert found[node]["strength"] == network.degree(node, weight="weight")


def test_what_has_no_structure_is_one_line() -> None:
    alone: nx.Graph[str] = nx.Graph()
    alone.add_node("a")
    with pytest.raises(KgError, match="no edge"):
        communities(alone)
    with pytest.raises(KgError, match="2 or more"):
        communities(nx.path_graph(["a", "b"]), seeds=1)
    with pytest.raises(KgError, match="above 0"):
        backbone(alone, alpha=0)
    assert centralities(alone)["a"] == {"degree": 0.0, "strength": 0.0, "betweenness": 0.0, "eigenvector": 0.0}
