"""From a picture to what stands on the page: positions, sizes, marks, and the text of each node and edge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import networkx as nx
import numpy as np
from pyvis.edge import Edge
from pyvis.node import Node

from kg.views.layout import column_positions, force_positions
from kg.views.limits import opening_stop, stops, strengths
from kg.views.palette import NEUTRAL, OWN_SHAPES, mark
from kg.views.picture import facts_of, plain_number, plain_text

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from kg.views.layout import Points
    from kg.views.picture import Picture

Item: TypeAlias = dict[str, object]

_NAMES = ("label", "name", "title")
_KIND = "\0"  # no plain text holds it, so no group of a stranger's graph can be taken for a kind
_COUNTS = ("count", "weight", "size")
_SMALLEST, _LARGEST = 5.0, 26.0
_THINNEST, _THICKEST = 1.0, 7.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """The nodes and edges as pyvis has them, the legend, and the places of the threshold control."""

    nodes: list[Item]
    edges: list[Item]
    groups: list[Item]
    stops: list[int | float]
    opening: int


def drawing_of(picture: Picture) -> Drawing:
    """Everything a page needs to know of a picture; the network is only read."""
    network = picture.network
    weights = strengths(picture)
    places = stops(weights) if picture.strength is not None else []
    opening = opening_stop(weights, places, picture.most_edges)
    nodes = [(node, network.nodes[node]) for node in network]
    place = {node: index for index, (node, _) in enumerate(nodes)}
    ends = [(place[a], place[b]) for a, b in network.edges()]
    sizes = _sizes([_count(attributes) for _, attributes in nodes], picture)
    floor = places[opening] if places else -math.inf
    core = [end for end, weight in zip(ends, weights, strict=True) if weight >= floor and end[0] != end[1]]
    rest = [end for end, weight in zip(ends, weights, strict=True) if weight < floor and end[0] != end[1]]
    positions = (
        column_positions(_numbered(len(nodes), ends))
        if picture.layout == "layers"
        else force_positions(len(nodes), core, rest, sizes)
    )
    groups = _Groups(picture)
    drawn = [
        _node(node, attributes, groups, _Place(index, float(sizes[index]), *positions[index].tolist()))
        for index, (node, attributes) in enumerate(nodes)
    ]
    lines = _edges(picture, ends, weights)
    return Drawing(drawn, lines, groups.legend(drawn), places, opening)


class _Place(NamedTuple):
    node: int
    radius: float
    x: float
    y: float


class _Groups:
    """The groups of a picture in the order of its legend; met ones are added at the end."""

    def __init__(self, picture: Picture) -> None:
        self.attribute = picture.group
        self.counted = picture.words.count
        self.names = dict(picture.groups)
        self.kinds: dict[str, str] = {}

    def key(self, attributes: dict[str, object]) -> str:
        kind = plain_text(attributes.get("kind", ""))
        if kind in OWN_SHAPES or self.attribute not in attributes:
            self.kinds.setdefault(kind, kind.capitalize() or "Without group")
            return _KIND + kind
        key = plain_text(attributes[self.attribute])
        label = plain_text(attributes.get(f"{self.attribute}_label", ""))
        self.names[key] = self.names.get(key) or label
        return key

    def mark(self, key: str) -> tuple[str, str]:
        if key.startswith(_KIND):
            return NEUTRAL, OWN_SHAPES.get(key.removeprefix(_KIND), "dot")
        return mark(list(self.names).index(key))

    def legend(self, drawn: list[Item]) -> list[Item]:
        keys = [_KIND + kind for kind in self.kinds] + list(self.names)
        texts = [*self.kinds.values(), *(f"{key} {name}".strip() for key, name in self.names.items())]
        rows: list[Item] = []
        for key, text in zip(keys, texts, strict=True):
            number = sum(node["set"] == key for node in drawn)
            if number:
                colour, shape = self.mark(key)
                rows.append({"key": key, "text": text, "colour": colour, "shape": shape, "number": number})
        return rows


def _count(attributes: dict[str, object]) -> int | float | None:
    numbers = (plain_number(attributes.get(name)) for name in _COUNTS)
    return next((number for number in numbers if number is not None), None)


def _sizes(counts: Sequence[int | float | None], picture: Picture) -> Points:
    """Radii, so that the area grows with the count; where nothing is counted, with the degree."""
    known = list(counts)
    if all(count is None for count in known):
        known = [degree for _, degree in picture.network.degree]
    values = np.array([max(float(count or 0), 0.0) for count in known])
    largest = float(values.max()) or 1.0
    scale = 0.45 if picture.layout == "layers" else 1.0
    radii: Points = np.round((_SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(values / largest)) * scale, 1)
    return np.clip(radii, 3.0, 6.5) if picture.layout == "layers" else radii


def _name(node: Hashable, attributes: dict[str, object]) -> tuple[str, str]:
    """What a node is called: its id, and its name where that says more."""
    key = plain_text(node)
    found = (plain_text(attributes[name]) for name in _NAMES if name in attributes)
    name = next((text for text in found if text), "")
    return key, "" if name == key else name


def _node(node: Hashable, attributes: dict[str, object], groups: _Groups, place: _Place) -> Item:
    key, name = _name(node, attributes)
    own = groups.key(attributes)
    colour, shape = groups.mark(own)
    hidden = frozenset({*_NAMES, "kind", "bipartite", groups.attribute, f"{groups.attribute}_label", "x", "y"})
    group = "" if own.startswith(_KIND) else f"{own} {groups.names[own]}".strip()
    facts = [(groups.attribute.replace("_", " "), group)] if group else []
    facts += facts_of(attributes, hidden, groups.counted)
    options: Item = Node(
        place.node,
        shape,
        key,
        name=name,
        size=place.radius,
        x=place.x,
        y=place.y,
        color=colour,
        set=own,
        facts=facts,
    ).options
    return options


def _edges(picture: Picture, ends: list[tuple[int, int]], weights: list[int | float]) -> list[Item]:
    low, high = (min(weights), max(weights)) if weights else (0, 0)
    lines: list[Item] = []
    for index, ((a, b), weight, (_, _, attributes)) in enumerate(
        zip(ends, weights, picture.network.edges(data=True), strict=True)
    ):
        share = math.sqrt((weight - low) / (high - low)) if high > low and not picture.even_lines else 0.0
        width = round(_THINNEST + (_THICKEST - _THINNEST) * share, 2)
        facts = facts_of(attributes, frozenset(), picture.words.count)
        edge = Edge(a, b, picture.network.is_directed(), id=index, width=width, strength=weight, facts=facts)
        lines.append(edge.options)
    return lines


def _numbered(count: int, ends: list[tuple[int, int]]) -> nx.DiGraph[int]:
    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_nodes_from(range(count))
    network.add_edges_from(ends)
    return network
