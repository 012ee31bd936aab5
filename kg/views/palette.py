"""Colours and shapes of groups, chosen so that no two groups are told apart by a hard-to-see difference.

Eight colours stay apart under the common kinds of colour blindness; beyond eight groups the shape changes as well, so
that 24 groups have 24 marks. A border in the colour of the text gives each mark its contrast with the page.

References:
    Okabe, M. and Ito, K. (2008). Color Universal Design. https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

COLOURS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7", "#000000")
"""The eight colours of Okabe and Ito; the page shows black as white on a dark background."""

SHAPES = ("dot", "diamond", "triangle")
NEUTRAL = "#9AA5B1"
"""For what has no group, and for what is not a technique."""

OWN_SHAPES = {"incident": "square", "phase": "hexagon"}
"""Kinds of nodes that are told apart by their shape and stay neutral in colour."""


def mark(index: int) -> tuple[str, str]:
    """Colour and shape of the group at this place of the legend; neutral beyond the 24th.

    >>> mark(0), mark(8)
    (('#E69F00', 'dot'), ('#E69F00', 'diamond'))
    """
    row, column = divmod(index, len(COLOURS))
    return (COLOURS[column], SHAPES[row]) if row < len(SHAPES) else (NEUTRAL, SHAPES[0])
