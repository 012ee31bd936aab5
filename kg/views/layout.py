"""Where nodes stand: worked out here, once, with a fixed seed, so that a page opens at rest and always the same.

``force`` minimises stress: the distance in the drawing shall be the distance in the network, where the length of an
edge grows with the neighbours its ends do not share. Then marks are pushed apart. Labels are the page's business:
it draws those that have room at the zoom of the moment.

References:
    Gansner, E., Koren, Y. and North, S. (2005). Graph drawing by stress majorization. GD 2004, LNCS 3383.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import networkx as nx
import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, shortest_path
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]
    Pair: TypeAlias = tuple[int, int]

_SEED = 7
_STEPS = 300
_AT_REST = 0.004
_EDGE = 95.0
_ASPECT = 1.35
_GAP = 34.0
_MARGIN = 45.0
_NEAR_ENOUGH = 0.5
_WIDER = np.array([1.5, 1.0])


def force_positions(count: int, core: Sequence[Pair], rest: Iterable[Pair], radii: Points) -> Points:
    """Positions of ``count`` nodes: first the network of the ``core`` edges, then, around it, what only ``rest`` joins.

    Args:
        count: The number of nodes.
        core: The edges that are seen when the page opens.
        rest: The weaker edges.
        radii: The size of each node.

    Returns:
        An array of shape (count, 2) in pixels at zoom 1, whole numbers, centred on the core.
    """
    positions = np.zeros((count, 2))
    if not count:
        return positions
    joined = np.zeros(count, dtype=bool)
    for edge in core:
        joined[list(edge)] = True
    members = np.flatnonzero(joined if joined.any() else np.ones(count, dtype=bool))
    place = {int(node): index for index, node in enumerate(members)}
    inner = [(place[a], place[b]) for a, b in core]
    positions[members] = _packed(len(members), inner, radii[members])
    outside = np.setdiff1d(np.arange(count), members)
    if len(outside):
        _place_around(positions, members, outside, [*core, *rest], radii)
    return np.round(positions)


def column_positions(network: nx.DiGraph[int], rows: int = 50) -> Points:
    """Positions like a newspaper's: from the roots down, each node below its parent and a little to the right.

    A column of ``rows`` lines goes on in the next. Nodes are 0 .. n-1, children are read in
    the order of the network.
    """
    positions = np.zeros((len(network), 2))
    indent, line, column = 9.0, 17.0, 125.0
    left, top = 0, 0
    seen: set[int] = set()
    # What lies in a circle has no root; it comes last, from its first node.
    for root in [*(node for node in network if not network.in_degree(node)), *network]:
        above = root
        for depth, node in _from_the_top(network, root, seen):
            # A blank line before each root and each branch, but not at the head of a column or right below the root.
            top += 0 < top < rows and (depth == 0 or (depth == 1 and above != root))
            above = node
            if top >= rows:
                left, top = left + 1, 0
            positions[node] = (left * column + min(depth, 3) * indent, top * line)
            top += 1
    return np.round(positions - (positions.max(axis=0) + positions.min(axis=0)) / 2) if len(network) else positions


def _from_the_top(network: nx.DiGraph[int], root: int, seen: set[int]) -> Iterable[Pair]:
    """Depth and node of everything below a root, parents first; a node of two parents stands below the first."""
    waiting = [] if root in seen else [(0, root)]
    seen.add(root)
    while waiting:
        depth, node = waiting.pop()
        yield depth, node
        below = [child for child in network.successors(node) if child not in seen]
        seen.update(below)
        waiting.extend((depth + 1, child) for child in reversed(below))


def _packed(count: int, edges: list[Pair], radii: Points) -> Points:
    """Each connected part laid out by itself, then set in rows, the largest first."""
    parts, label = connected_components(_matrix(count, edges, np.ones(len(edges))), directed=False)
    order = sorted(range(parts), key=lambda part: (-int((label == part).sum()), int(np.argmax(label == part))))
    drawn: list[tuple[NDArray[np.intp], Points]] = []
    for part in order:
        members = np.flatnonzero(label == part)
        place = {int(node): index for index, node in enumerate(members)}
        own = [(place[a], place[b]) for a, b in edges if a in place]
        drawn.append((members, _spread(_turned(_stress(len(members), own)), radii[members])))
    sizes = [np.ptp(points, axis=0) + 2 * _MARGIN * _WIDER for _, points in drawn]
    width = max(float(sizes[0][0]), float(np.sqrt(_ASPECT * sum(float(size.prod()) for size in sizes))))
    positions = np.zeros((count, 2))
    left, top, height = 0.0, 0.0, 0.0
    for (members, points), size in zip(drawn, sizes, strict=True):
        if left and left + size[0] > width:
            left, top, height = 0.0, top + height, 0.0
        positions[members] = points - points.min(axis=0) + np.array([left, top])
        left, height = left + float(size[0]), max(height, float(size[1]))
    centred: Points = positions - (positions.max(axis=0) + positions.min(axis=0)) / 2
    return centred


def _matrix(count: int, edges: list[Pair], weights: Points) -> csr_array:
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2)
    return csr_array((weights, (ends[:, 0], ends[:, 1])), shape=(count, count))


def _stress(count: int, edges: list[Pair]) -> Points:
    """Majorization of stress from a seeded start; the part is connected."""
    if count == 1:
        return np.zeros((1, 2))
    network = nx.Graph(sorted((min(edge), max(edge)) for edge in edges if edge[0] != edge[1]))
    near = [set(network[node]) for node in range(count)]
    lengths = np.array([np.sqrt(len((near[a] | near[b]) - (near[a] & near[b]))) for a, b in network.edges])
    distance = shortest_path(_matrix(count, list(network.edges), lengths / np.median(lengths)), directed=False)
    weight = 1.0 / np.where(distance > 0, distance, 1.0) ** 2
    np.fill_diagonal(weight, 0.0)
    laplacian = np.diag(weight.sum(axis=1)) - weight
    inverse = np.linalg.pinv(laplacian)
    points: Points = np.random.default_rng(_SEED).normal(size=(count, 2)) * float(distance.max())
    pull = weight * distance
    for _ in range(_STEPS):
        between = np.hypot(points[:, 0, None] - points[None, :, 0], points[:, 1, None] - points[None, :, 1])
        ratio = np.divide(pull, between, out=np.zeros_like(pull), where=between > 0)
        moved = inverse @ (ratio.sum(axis=1)[:, None] * points - ratio @ points)
        step = float(np.abs(moved - points).max())
        points = moved
        if step < _AT_REST:
            break
    return points * _EDGE


def _turned(points: Points) -> Points:
    """Turned so that the long side lies flat: screens are wider than high."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: Points = centred @ axes[:, ::-1]
    # The sign of an axis is the solver's whim: let the first node lie left of and above the middle.
    return turned * np.where(turned[0] > 0, -1.0, 1.0)


def _spread(points: Points, radii: Points, rounds: int = 200) -> Points:
    """Drawn large enough, then pushed apart until no two marks are too near, or the rounds are over."""
    # Labels are wider than high: what lies side by side needs more room than what lies one above the other.
    points = points.copy()
    far = 2 * float(radii.max()) + _GAP
    for _ in range(rounds):
        first, second = cKDTree(points).query_pairs(far, output_type="ndarray").T
        apart = points[first] - points[second]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        lack = radii[first] + radii[second] + _GAP - distance
        near = lack > _NEAR_ENOUGH
        if not near.any():
            break
        push = (0.3 * lack[near] / np.maximum(distance[near], 1e-9))[:, None] * apart[near]
        np.add.at(points, first[near], push)
        np.add.at(points, second[near], -push)
    spread: Points = points * _WIDER
    return spread


def _place_around(
    positions: Points, members: NDArray[np.intp], outside: NDArray[np.intp], edges: list[Pair], radii: Points
) -> None:
    """Set each node outside the core on the nearest free place to its neighbours, on a spiral; the core stays."""
    near: list[set[int]] = [set() for _ in positions]
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    turns = np.arange(1, 6000)
    angle = turns * np.pi * (3.0 - np.sqrt(5.0))
    spiral = (np.sqrt(turns) * 18.0)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1) * _WIDER
    placed = [int(node) for node in members]
    done = set(placed)
    below = np.array([0.0, float(positions[members, 1].max()) + 2 * _MARGIN])
    for node in sorted((int(node) for node in outside), key=lambda node: (-len(near[node] & done), node)):
        known = sorted(near[node] & done)
        start = positions[known].mean(axis=0) if known else below
        positions[node] = _first_free(start + spiral, positions[placed], radii[placed] + radii[node] + 0.6 * _GAP)
        placed.append(node)
        done.add(node)


def _first_free(spots: Points, taken: Points, room: Points) -> Points:
    """The first spot that is far enough from all that is taken; the last where none is."""
    for first in range(0, len(spots), 150):
        some = spots[first : first + 150]
        apart = (some[:, None] - taken[None]) / _WIDER
        clear = ((apart**2).sum(axis=2) >= room**2).all(axis=1)
        if clear.any():
            found: Points = some[int(np.argmax(clear))]
            return found
    last: Points = spots[-1]
    return last
