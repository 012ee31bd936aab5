"""Seeded tables of units and techniques at any size, made piece by piece in array steps; memory for one piece.

Few units hold much and most hold little (one technique and a geometric number more, five on average); few techniques
are common and most are rare (Zipf's law), in no order of their numbers. The same seed gives the same rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SEED = 1847
PIECE_UNITS = 1 << 18
_MEAN = 5.0
_FLAT = 10.0
"""Zipf's law of Mandelbrot: the share of rank r is 1 / (r + this)."""


def pieces_of_incidence(
    rows: int, techniques: int, seed: int = SEED
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    """Exactly ``rows`` pairs of unit and technique, sorted by both and distinct, piece by piece."""
    chance = np.random.default_rng(seed)
    share = 1 / (np.arange(techniques) + _FLAT)
    # Which technique is the common one must not follow from its number.
    common_first = chance.permutation(techniques).astype(np.int32)
    rising = np.cumsum(share / share.sum())
    rising[-1] = 1.0
    first, units = 0, min(PIECE_UNITS, max(1, rows))
    while rows:
        sizes = np.minimum(chance.geometric(1 / _MEAN, units), techniques)
        unit = np.repeat(np.arange(first, first + units, dtype=np.int64), sizes)
        technique = common_first[np.searchsorted(rising, chance.random(len(unit)), side="right")]
        keys = unit * techniques + technique
        keys.sort()
        keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])][:rows]
        rows -= len(keys)
        first += units
        yield (keys // techniques).astype(np.int32), (keys % techniques).astype(np.int32)


def incidence_arrays(rows: int, techniques: int, seed: int = SEED) -> NDArray[np.int32]:
    """All of it as an array of two rows, units and techniques."""
    table = np.empty((2, rows), dtype=np.int32)
    at = 0
    for unit, technique in pieces_of_incidence(rows, techniques, seed):
        table[0, at : at + len(unit)], table[1, at : at + len(unit)] = unit, technique
        at += len(unit)
    return table
