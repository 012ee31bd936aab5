"""Where the neighbours of one thing stand around it: places with room for a name each, the same for every centre.

Who the neighbours are and how they rank depends on the filters, which are the page's; where a rank stands does not. So
a page holds one table of places for all centres, and looks up. The next twenty stand on places of their own, and
nothing that stands is moved.
"""

from __future__ import annotations

import functools
import math
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.views.explorer.facts import Json

    Place: TypeAlias = "tuple[int, int]"
    Box: TypeAlias = "tuple[float, float, float, float]"

STEP = 20
"""Neighbours that are shown at first, and with each step."""

RINGS = 8
"""Steps that have places: 160, where the page shows 150 at most."""

NAME, LINE = 212, 16
"""Room for a name, in pixels at zoom 1. Names do not grow with the zoom."""

_MARK = 8
_GAP = 14
_HALF = STEP // 2
# Four rings share the rows of one column: each next one stands where the most room is left between those before it.
_QUARTERS = (0, 2, 1, 3)
_ACROSS = 170.0
_WIDER = (0.8, 1.0, 0.9, 1.1)
_BEND = 700.0
_COLUMN = 290
_BLOCK = (4, 5, NAME + 2 * _MARK + _GAP, 40)
_WAY = 7


@functools.cache
def ego_places() -> dict[str, Json]:
    """The table, in whole pixels at zoom 1 around a centre at 0, 0.

    Returns:
        ``rings``: for each step its :data:`STEP` places, clockwise from the top; names stand on the far side.
        ``beyond``: places for the neighbours of a neighbour that was opened, ``below`` the step down to those of the
        next one. ``way``: places for what lies on a path and has none yet, from left to right.
    """
    rings = [[*_ring(ring)] for ring in range(RINGS)]
    bottom = max(y for ring in rings for _, y in ring)
    columns, rows, wide, high = _BLOCK
    left = -columns * wide // 2 + _MARK
    start = bottom + 2 * high
    beyond = [[left + column * wide, start + row * high] for column, row in product(range(columns), range(rows))]
    way = [[left + (place - (_WAY - columns) // 2) * wide, -bottom - 2 * high] for place in range(_WAY)]
    return {
        "rings": [[list(place) for place in ring] for ring in rings],
        "beyond": beyond,
        "below": (rows + 1) * high,
        "way": way,
    }


def room(place: Sequence[int]) -> Box:
    """What a mark and its name on the far side take: left, top, right, bottom."""
    x, y = place
    far = _MARK + _GAP + NAME
    left, right = (x - _MARK, x + far) if x >= 0 else (x - far, x + _MARK)
    return (left, y - LINE / 2, right, y + LINE / 2)


def _ring(ring: int) -> Iterator[Place]:
    """Down the right side and up the left, each place on a row of its own in its column."""
    column, turn = divmod(ring, len(_QUARTERS))
    right = [
        (
            round(column * _COLUMN + _ACROSS * _WIDER[turn] * math.sqrt(1 - (y / _BEND) ** 2)),
            y,
        )
        for y in (LINE * (len(_QUARTERS) * (2 * row - _HALF + 1) // 2 + _QUARTERS[turn]) for row in range(_HALF))
    ]
    yield from right
    yield from ((-x, y) for x, y in reversed(right))
