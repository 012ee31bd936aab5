"""Where techniques and incidents stand in the network of the whole: worked out here, so that a page opens at rest.

The backbone joins each technique to those it stands with most, so that every technique that occurs has a place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.counting import count_pairs
from kg.views.layout import force_positions

if TYPE_CHECKING:
    from collections.abc import Sequence

NEIGHBOURS = 3
"""Each technique keeps the pairs with this many others: those with the highest Jaccard index, ties by place."""

_RADIUS = 9.0


def backbone_layout(uses: Sequence[Sequence[int]], techniques: int) -> list[list[int]]:
    """Positions of techniques by what they occur with.

    Args:
        uses: For each incident the places of its techniques, sorted.
        techniques: How many techniques there are.

    Returns:
        For each technique that occurs: its place, x and y in pixels at zoom 1.
    """
    units = np.repeat(np.arange(len(uses)), [len(found) for found in uses]).astype(np.int32)
    places = np.array([place for found in uses for place in found], dtype=np.int32)
    if not len(places):
        return []
    pairs = count_pairs(units, places, techniques)
    margins = np.bincount(places, minlength=techniques)
    jaccard = pairs.count / (margins[pairs.first] + margins[pairs.second] - pairs.count)
    strongest: list[list[tuple[float, int]]] = [[] for _ in range(techniques)]
    for a, b, value in zip(pairs.first.tolist(), pairs.second.tolist(), jaccard.tolist(), strict=True):
        strongest[a].append((-value, b))
        strongest[b].append((-value, a))
    edges = {
        (min(place, other), max(place, other))
        for place, found in enumerate(strongest)
        for _, other in sorted(found)[:NEIGHBOURS]
    }
    present = np.flatnonzero(margins)
    where = {int(place): index for index, place in enumerate(present)}
    radii = np.full(len(present), _RADIUS)
    core = sorted((where[a], where[b]) for a, b in edges)
    positions = force_positions(len(present), core, [], radii)
    return [[int(place), int(x), int(y)] for place, (x, y) in zip(present, positions, strict=True)]
