"""Counting pairs: in how many units do two techniques occur together? Exact, on sorted integer arrays.

The table is compared with itself moved by one, two, three ... places: while two places lie in the same unit they are a
pair, and the pair is one number. There are two ways to count equal numbers. *Tallying* adds them up in a table of all
possible pairs; *sorting* puts equal numbers side by side and needs memory only for pairs that occur. Tallying wins
while its table fits into the cache, or has fewer cells than there are rows; sorting wins with many techniques. Both
beat the sparse product X'X of scipy at every size that ``python -m tests.benchmarks pairs`` tries.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Keys: TypeAlias = "NDArray[np.signedinteger]"

_TALLIED_ROWS = 1 << 17
_SORTED_ROWS = 1 << 23
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
    if techniques * techniques <= max(_CELLS_IN_CACHE, len(unit_index)):
        return count_by_tallying(unit_index, technique_index, techniques)
    return count_by_sorting(unit_index, technique_index, techniques)


def count_by_tallying(unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int) -> PairCounts:
    """As :func:`count_pairs`, in memory for ``techniques`` squared cells; the input is not checked."""
    cells = techniques * techniques
    totals = np.zeros(cells, dtype=np.int64)
    # A piece is not smaller than the table, since each bincount passes over all of it.
    size = max(_TALLIED_ROWS, cells)
    for start in range(0, len(unit_index), size):
        for keys in _pair_keys(unit_index, technique_index, np.int64(techniques), range(start, start + size)):
            totals += np.bincount(keys, minlength=cells)
    found = np.flatnonzero(totals)
    return _pairs(found, totals[found], techniques)


def count_by_sorting(unit_index: NDArray[np.int32], technique_index: NDArray[np.int32], techniques: int) -> PairCounts:
    """As :func:`count_pairs`, in memory that grows with the pairs that occur; the input is not checked."""
    # Half the width sorts in half the time.
    narrow = techniques * techniques <= np.iinfo(np.int32).max
    width = np.int32(techniques) if narrow else np.int64(techniques)
    found: list[Keys] = [np.empty(0, dtype=width.dtype)]
    counts = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(unit_index), _SORTED_ROWS):
        places = range(start, start + _SORTED_ROWS)
        keys: Keys = np.concatenate(list(_pair_keys(unit_index, technique_index, width, places)))
        keys.sort()
        starts = _starts(keys)
        found.append(keys[starts])
        counts.append(np.diff(starts, append=len(keys)))
    # A pair may occur in several pieces.
    keys, times = np.concatenate(found), np.concatenate(counts)
    order = np.argsort(keys)
    keys, times = keys[order], times[order]
    starts = _starts(keys)
    return _pairs(keys[starts], np.add.reduceat(times, starts) if len(keys) else times, techniques)


def _pair_keys(
    unit_index: NDArray[np.int32],
    technique_index: NDArray[np.int32],
    techniques: np.int32 | np.int64,
    places: range,
) -> Iterator[Keys]:
    """One number a pair, first times techniques plus second, for each pair of which the first is among ``places``."""
    left = np.arange(places.start, min(places.stop, len(unit_index)))
    shift = 1
    while len(left):
        left = left[: np.searchsorted(left, len(unit_index) - shift)]
        # Units are sorted: what is no longer together at this shift never is at a larger one.
        left = left[unit_index[left] == unit_index[left + shift]]
        yield technique_index[left] * techniques + technique_index[left + shift]
        shift += 1


def _starts(keys: Keys) -> NDArray[np.int64]:
    """Where each stretch of equal numbers begins."""
    return np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), dtype=np.bool_), keys[1:] != keys[:-1]]))


def _pairs(keys: Keys, counts: NDArray[np.int64], techniques: int) -> PairCounts:
    first, second = np.divmod(keys, max(1, techniques))
    return PairCounts(first.astype(np.int32), second.astype(np.int32), counts.astype(np.int64))


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
