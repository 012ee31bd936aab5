"""The structure of a network of techniques: its backbone, its communities and how stable they are, its centres.

References:
    Serrano, M. A., Boguñá, M. and Vespignani, A. (2009). Extracting the multiscale backbone of complex weighted
    networks. PNAS 106(16).
    Blondel, V. D. et al. (2008). Fast unfolding of communities in large networks. J. Stat. Mech. P10008.
    Hubert, L. and Arabie, P. (1985). Comparing partitions. Journal of Classification 2.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEEDS = 20
_PAIR = 2


def disparity(network: nx.Graph[str], *, weight: str = "count") -> dict[tuple[str, str], float]:
    """For each edge how surprising its weight is for one of its ends: the smaller, the more it is backbone.

    The p value that a node of degree k spreads its strength evenly at random: (1 - w / s) ** (k - 1), the smaller of
    the two ends; 1 for an end of degree one, which says nothing.

    Args:
        network: Any graph; loops are passed over.
        weight: The edge attribute that holds the weight; a missing one is 1.

    Returns:
        Edge, with its ends sorted, to its p value, 0 to 1.
    """
    strength = {node: sum(data.get(weight, 1) for _, _, data in network.edges(node, data=True)) for node in network}
    found: dict[tuple[str, str], float] = {}
    for a, b, data in network.edges(data=True):
        if a == b:
            continue
        share = [data.get(weight, 1) / strength[end] for end in (a, b)]
        degrees = [network.degree[end] for end in (a, b)]
        ends = [
            (1.0 - part) ** (degree - 1) if degree > 1 else 1.0 for part, degree in zip(share, degrees, strict=True)
        ]
        found[min(a, b), max(a, b)] = float(min(ends))
    return found


def backbone(network: nx.Graph[str], *, alpha: float = 0.05, weight: str = "count") -> nx.Graph[str]:
    """The network with the edges whose :func:`disparity` is below ``alpha``, and the nodes that these join.

    The graph given is not changed.

    Raises:
        KgError: ``alpha`` is not between 0 and 1.
    """
    if not 0 < alpha <= 1:
        raise KgError(f"backbone: alpha {alpha}; give a number above 0, at most 1")
    kept = [edge for edge, value in disparity(network, weight=weight).items() if value < alpha]
    return nx.Graph(network.edge_subgraph(kept))


@dataclass(frozen=True, slots=True)
class Communities:
    """Communities and how far they can be trusted.

    Attributes:
        of: Node to the number of its community: 0 is the largest, ties by the first id.
        modularity: Of the partition that is given, -0.5 to 1.
        stability: Mean adjusted Rand index between the partitions of all seeds: 1 where each seed finds the same, about
            0 where they agree no more than by chance.
        certainty: Node to how often, over the seeds, it stands with the others of its community, 0 to 1.
        seeds: How many seeds were tried.
    """

    of: Mapping[str, int]
    modularity: float
    stability: float
    certainty: Mapping[str, float]
    seeds: int


def communities(network: nx.Graph[str], *, weight: str = "count", seeds: int = SEEDS, seed: int = 0) -> Communities:
    """Communities by the Louvain method, the best of several seeds.

    Raises:
        KgError: the network has no edge, or fewer than two seeds are asked for.
    """
    if not network.number_of_edges():
        raise KgError("communities: the network has no edge; lower the minimum or widen the filter")
    if seeds < _PAIR:
        raise KgError(f"communities: {seeds} seeds; give 2 or more, for stability is told between them")
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(sorted(network))
    ordered.add_weighted_edges_from(
        sorted((min(a, b), max(a, b), d.get(weight, 1)) for a, b, d in network.edges(data=True))
    )
    partitions = [_louvain(ordered, seed + index) for index in range(seeds)]
    scores = [nx.community.modularity(ordered, _groups(partition), weight="weight") for partition in partitions]
    best = max(range(seeds), key=lambda index: (scores[index], -index))
    pairs = list(itertools.combinations(partitions, 2))
    stability = sum(adjusted_rand(a, b) for a, b in pairs) / len(pairs)
    return Communities(
        partitions[best], float(scores[best]), stability, _certainty(partitions[best], partitions), seeds
    )


def _louvain(network: nx.Graph[str], seed: int) -> dict[str, int]:
    found = nx.community.louvain_communities(network, weight="weight", seed=seed)
    ordered = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))
    return {node: number for number, group in enumerate(ordered) for node in group}


def _groups(partition: Mapping[str, int]) -> list[set[str]]:
    groups: dict[int, set[str]] = {}
    for node, number in partition.items():
        groups.setdefault(number, set()).add(node)
    return list(groups.values())


def _certainty(best: Mapping[str, int], partitions: Sequence[Mapping[str, int]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for group in _groups(best):
        for node in sorted(group):
            others = group - {node}
            together = sum(partition[node] == partition[other] for partition in partitions for other in others)
            found[node] = together / (len(partitions) * len(others)) if others else 1.0
    return dict(sorted(found.items()))


def adjusted_rand(first: Mapping[str, int], second: Mapping[str, int]) -> float:
    """The adjusted Rand index of two partitions of the same nodes: 1 for equal ones, about 0 for unrelated ones.

    >>> adjusted_rand({"a": 0, "b": 0, "c": 1}, {"a": 5, "b": 5, "c": 7})
    1.0
    """

    def pairs(counts: Counter[int] | Counter[tuple[int, int]]) -> float:
        return sum(number * (number - 1) / 2 for number in counts.values())

    both = pairs(Counter((first[node], second[node]) for node in first))
    one, other, total = (
        pairs(Counter(first.values())),
        pairs(Counter(second.values())),
        len(first) * (len(first) - 1) / 2,
    )
    expected = one * other / total if total else 0.0
    most = (one + other) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def centralities(network: nx.Graph[str], *, weight: str = "count") -> dict[str, dict[str, float]]:
    """Node to its degree, strength, betweenness and eigenvector centrality.

    ``degree``: neighbours. ``strength``: sum of weights. ``betweenness``: share of shortest paths through the node, 0
    to 1, where an edge is as long as one over its weight. ``eigenvector``: 0 to 1, by the weights, within the node's
    connected part; 0 in a part without edges.
    """
    lengthened: nx.Graph[str] = nx.Graph()
    lengthened.add_nodes_from(sorted(network))
    for a, b, data in sorted((min(a, b), max(a, b), data) for a, b, data in network.edges(data=True)):
        value = data.get(weight, 1)
        lengthened.add_edge(a, b, weight=value, length=1.0 / value)
    between = nx.betweenness_centrality(lengthened, weight="length")
    eigen = dict.fromkeys(lengthened, 0.0)
    for part in nx.connected_components(lengthened):
        sub = lengthened.subgraph(sorted(part))
        # The solver wants three nodes; the two of a pair are alike.
        if len(part) == _PAIR:
            eigen |= dict.fromkeys(part, 0.5**0.5)
        elif len(part) > _PAIR:
            eigen |= nx.eigenvector_centrality_numpy(sub, weight="weight")
    return {
        node: {
            "degree": float(lengthened.degree[node]),
            "strength": float(sum(data["weight"] for _, _, data in lengthened.edges(node, data=True))),
            "betweenness": float(between[node]),
            "eigenvector": abs(float(eigen[node])),
        }
        for node in lengthened
    }
