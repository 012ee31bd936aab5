"""Counting pairs: in how many units do two techniques occur together? Exact, on sorted integer arrays.

Two ways to the same numbers. *Shifting* compares the table with itself moved by one, two, three ... places: while two
places lie in the same unit they are a pair, and one ``bincount`` adds all pairs of a shift up. *Multiplying* is the
sparse product of the unit-by-technique matrix with itself. Shifting wins while the table of all pairs fits into the
cache or there are many rows for each of its cells; with many techniques and few rows multiplying wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import KgError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CHUNK_ROWS = 1 << 17
_CELLS_A_ROW = 8
_CELLS_IN_CACHE = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Pairs that occur together at least once: two places in the techniques, first < second, and the number of units.

    int32, int32 and int64 arrays of one length, sorted by first, then second.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    count: NDArray[np.int64]


def count_pairs(unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int) -> PairCounts:
    """In how many units each pair of techniques occurs together.

    Args:
        unit_index: For each place the unit; sorted.
        technique_index: For each place the technique, from 0 to ``techniques - 1``; within a unit sorted and distinct.
        techniques: How many techniques there are.

    Raises:
        KgError: the arrays are not sorted, hold a pair twice, or name a technique that is not there.
    """
    _check(unit_index, technique_index, techniques)
    cells = techniques * techniques
    if cells <= max(_CELLS_IN_CACHE, _CELLS_A_ROW * len(unit_index)):
        return count_by_shifting(unit_index, technique_index, techniques)
    return count_by_multiplying(unit_index, technique_index, techniques)


def count_by_shifting(unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int) -> PairCounts:
    """As :func:`count_pairs`, in memory of one chunk and ``techniques`` squared cells; the input is not checked."""
    cells = techniques * techniques
    totals = np.zeros(cells, dtype=np.int64)
    # Fewer, larger chunks where the totals are large: each bincount passes over all of them once.
    size = max(_CHUNK_ROWS, cells)
    for start in range(0, len(unit_index), size):
        end = min(start + size, len(unit_index))
        shift = 1
        left = np.arange(start, end)
        while len(left):
            if left[-1] + shift >= len(unit_index):
                left = left[: np.searchsorted(left, len(unit_index) - shift)]
            # Units are sorted: what is no longer together at this shift never is at a larger one.
            left = left[unit_index[left] == unit_index[left + shift]]
            keys = technique_index[left] * np.int64(techniques) + technique_index[left + shift]
            if len(keys):
                totals += np.bincount(keys, minlength=cells)
            shift += 1
    found = np.flatnonzero(totals)
    first, second = np.divmod(found, techniques) if techniques else (found, found)
    return PairCounts(first.astype(np.int32), second.astype(np.int32), totals[found])


def count_by_multiplying(
    unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int
) -> PairCounts:
    """As :func:`count_pairs`, in memory that grows with the number of pairs that occur; the input is not checked."""
    from scipy import sparse  # noqa: PLC0415 - takes as long to import as all else, and small tables never need it

    rows = int(unit_index[-1]) + 1 if len(unit_index) else 0
    ones = np.ones(len(unit_index), dtype=np.int64)
    starts = np.searchsorted(unit_index, np.arange(rows + 1))
    matrix = sparse.csr_array((ones, technique_index, starts), shape=(rows, techniques))
    together = sparse.triu(matrix.T @ matrix, k=1, format="csr")
    together.sort_indices()
    pairs = together.tocoo()
    return PairCounts(pairs.row.astype(np.int32), pairs.col.astype(np.int32), pairs.data.astype(np.int64))


def _check(unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int) -> None:
    if len(unit_index) != len(technique_index):
        message = f"{len(unit_index)} units and {len(technique_index)} techniques; give one technique for each unit"
        raise KgError(message)
    if not len(unit_index):
        return
    lowest, highest = int(technique_index.min()), int(technique_index.max())
    if lowest < 0 or highest >= techniques or unit_index[0] < 0:
        message = f"technique {lowest if lowest < 0 else highest} is not among the {techniques}; number them from 0"
        raise KgError(message)
    ahead = unit_index[1:] > unit_index[:-1]
    within = (unit_index[1:] == unit_index[:-1]) & (technique_index[1:] > technique_index[:-1])
    wrong = np.flatnonzero(~(ahead | within))
    if len(wrong):
        place = int(wrong[0]) + 1
        message = f"place {place} is not after place {place - 1}; sort by unit, then technique, without repeats"
        raise KgError(message)
