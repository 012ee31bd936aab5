"""How much can be drawn so that a person can read it, what to leave out, and the advice when it is too much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import ViewError
from kg.views.picture import plain_number, plain_text, shown

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from kg.views.picture import Picture

MOST_NODES = {"force": 400, "layers": 1000}
"""Nodes that can be told apart, by layout."""

MOST_EDGES = 2000
"""Edges that a page draws without stutter."""

_MOST_STOPS = 60


def strength_of(attributes: dict[str, object], name: str | None) -> int | float:
    """The number the threshold works on; 0 where the edge has none."""
    return plain_number(attributes.get(name)) or 0 if name is not None else 0


def strengths(picture: Picture) -> list[int | float]:
    """The strength of each edge, in the order of the network."""
    return [strength_of(attributes, picture.strength) for _, _, attributes in picture.network.edges(data=True)]


def cut(picture: Picture, threshold: float) -> Picture:
    """The picture of a copy without the weaker edges and without the nodes that this leaves alone."""
    network = picture.network
    weighed = zip(network.edges(data=True), strengths(picture), strict=True)
    kept = [edge for edge, weight in weighed if weight >= threshold]
    ends = {end for edge in kept for end in edge[:2]}
    smaller = network.__class__(**{plain_text(name): value for name, value in network.graph.items()})
    smaller.add_nodes_from((node, attributes) for node, attributes in network.nodes(data=True) if node in ends)
    smaller.add_edges_from(kept)
    return replace(picture, network=smaller)


def check_size(picture: Picture) -> None:
    """Refuse a network that nobody could read.

    Raises:
        ViewError: too many nodes or edges; the message names a threshold that makes it fit, where there is one.
    """
    nodes, edges = picture.network.number_of_nodes(), picture.network.number_of_edges()
    most = MOST_NODES[picture.layout]
    if nodes <= most and edges <= MOST_EDGES:
        return
    node, edge = picture.words.node[1], picture.words.edge[1]
    limit = f"at most {most} {node} and {MOST_EDGES} {edge} can be read on one page"
    found = fitting_threshold(picture)
    advice = (
        f"raise the threshold to {shown(found[0])}, which leaves {found[1]} {node} and {found[2]} {edge}"
        if found
        else "draw a part of it (network.subgraph)"
    )
    raise ViewError(f"view: {nodes} {node} and {edges} {edge} are too many; {limit}: {advice}")


def fitting_threshold(picture: Picture) -> tuple[int | float, int, int] | None:
    """The lowest threshold that can be drawn, with the nodes and edges it leaves; None where none does."""
    edges = list(picture.network.edges())
    weights = strengths(picture)
    for threshold in stops(weights, limit=None):
        ends: set[Hashable] = set()
        count = 0
        for (source, target), weight in zip(edges, weights, strict=True):
            if weight >= threshold:
                ends |= {source, target}
                count += 1
        if len(ends) <= MOST_NODES[picture.layout] and count <= MOST_EDGES:
            return threshold, len(ends), count
    return None


def stops(weights: Iterable[int | float], *, limit: int | None = _MOST_STOPS) -> list[int | float]:
    """The distinct strengths in order, where a threshold control can stand; evenly thinned where they are very many."""
    distinct = sorted(set(weights))
    if limit is None or len(distinct) <= limit:
        return distinct
    step = (len(distinct) - 1) / (limit - 1)
    return [distinct[round(place * step)] for place in range(limit)]


def opening_stop(weights: list[int | float], places: list[int | float], most: int) -> int:
    """The index of the lowest stop that shows no more than ``most`` edges; the last where none does."""
    for index, threshold in enumerate(places):
        if sum(weight >= threshold for weight in weights) <= most:
            return index
    return max(len(places) - 1, 0)
