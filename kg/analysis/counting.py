"""Counting pairs: in how many units do two techniques occur together? Exact, on sorted integer arrays, in pieces.

Units that hold equally many techniques are laid side by side as the columns of a small matrix; each of its rows with
each row below it is then a run of pairs, and each pair one number, without a comparison. There are two ways to count
equal numbers. *Tallying* adds them up in a table of all possible pairs; *sorting* puts equal numbers side by side and
needs memory only for pairs that occur. Tallying wins while its table fits into the cache, or has fewer cells than there
are rows; sorting wins with many techniques and few rows. ``python -m tests.benchmarks pairs`` compares both with
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Keys: TypeAlias = "NDArray[np.int64]"

_ROWS = 1 << 18
_KEYS = 1 << 18
_SORTED_KEYS = 1 << 23
_CELLS_IN_CACHE = 1 << 20
_CELLS_A_ROW = 8
_MOST_CELLS = 1 << 28
"""2 GB: no table of all possible pairs is made that is larger."""


@dataclass(frozen=True, slots=True, eq=False)
class PairCounts:
    """Pairs that occur together at least once: two places in the techniques, first < second, and the number of units.

    int32, int32 and int64 arrays of one length, sorted by first, then second.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    count: NDArray[np.int64]


def count_pairs(unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], techniques: int) -> PairCounts:
    """In how many units each pair of techniques occurs together.

    Args:
        unit_index: For each place the unit; sorted.
        technique_index: For each place the technique, from 0 to ``techniques - 1``; within a unit sorted and distinct.
        techniques: How many techniques there are.

    Raises:
        KgError: the arrays are not sorted, hold a pair twice, or name a technique that is not there.
    """
    check_places(unit_index, technique_index, techniques)
    way = count_by_tallying if is_tallied(techniques, len(unit_index)) else count_by_sorting
    return way(unit_index, technique_index, techniques)


def count_by_tallying(
    unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], techniques: int
) -> PairCounts:
    """As :func:`count_pairs`, in memory for all possible pairs; the input is not checked."""
    tally = Tally(techniques)
    tally.add(unit_index, technique_index)
    return tally.pairs()


def count_by_sorting(
    unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], techniques: int
) -> PairCounts:
    """As :func:`count_pairs`, in memory that grows with the pairs that occur; the input is not checked."""
    runs = Runs(techniques)
    runs.add(unit_index, technique_index)
    return runs.pairs()


class Tally:
    """Pairs counted in a table of all possible ones; whole units are added piece by piece."""

    def __init__(self, techniques: int) -> None:
        self._triangle = Triangle(techniques)
        self._totals = np.zeros(self._triangle.cells, dtype=np.int64)

    def add(self, unit_index: NDArray[np.integer], technique_index: NDArray[np.integer]) -> None:
        """Count more units; sorted, none of them added before."""
        cells = self._triangle.cells
        # A bincount passes over its whole table, so a large one waits for as many numbers.
        room = max(_KEYS, min(cells, 1 << 24))
        for keys in self._triangle.keys(unit_index, technique_index, room):
            if len(keys) > cells // 4:
                self._totals += np.bincount(keys, minlength=cells)
            else:
                np.add.at(self._totals, keys, 1)

    def add_counts(self, keys: Keys, counts: NDArray[np.int64]) -> None:
        """Add numbers counted elsewhere; each pair at most once."""
        self._totals[keys] += counts

    def pairs(self) -> PairCounts:
        """What was counted so far."""
        found = np.flatnonzero(self._totals)
        return self._triangle.pairs(found, self._totals[found])


class Runs:
    """Pairs counted by sorting; memory for the pairs that occur."""

    def __init__(self, techniques: int) -> None:
        self._triangle = Triangle(techniques)
        self.keys: Keys = np.empty(0, dtype=np.int64)
        self.counts = np.empty(0, dtype=np.int64)

    def add(self, unit_index: NDArray[np.integer], technique_index: NDArray[np.integer]) -> None:
        """Count more units; sorted, none of them added before."""
        # Half the width sorts in half the time.
        narrow = self._triangle.cells <= np.iinfo(np.int32).max
        for keys in self._triangle.keys(unit_index, technique_index, _SORTED_KEYS):
            ordered = keys.astype(np.int32) if narrow else keys
            ordered.sort()
            starts = _starts(ordered)
            self._merge(ordered[starts].astype(np.int64), np.diff(starts, append=len(ordered)))

    def pairs(self) -> PairCounts:
        """What was counted so far."""
        return self._triangle.pairs(self.keys, self.counts)

    def _merge(self, keys: Keys, counts: NDArray[np.int64]) -> None:
        both, times = np.concatenate([self.keys, keys]), np.concatenate([self.counts, counts])
        order = np.argsort(both, kind="stable")
        both, times = both[order], times[order]
        starts = _starts(both)
        self.keys, self.counts = both[starts], np.add.reduceat(times, starts) if len(both) else times


class Triangle:
    """Pairs as numbers: place (first, second) of the upper triangle of a square, row by row."""

    def __init__(self, techniques: int) -> None:
        self.techniques = techniques
        self.cells = techniques * (techniques - 1) // 2
        first = np.arange(techniques, dtype=np.int64)
        # Number of (first, second) = row[first] + second.
        self._row = first * (2 * techniques - first - 1) // 2 - first - 1

    def numbers(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> Keys:
        """The numbers of pairs, first < second."""
        return np.asarray(self._row[first] + second)

    def pairs(self, keys: Keys, counts: NDArray[np.int64]) -> PairCounts:
        """The pairs of sorted numbers."""
        first = np.searchsorted(self._row + np.arange(self.techniques) + 1, keys, side="right") - 1
        second = keys - self._row[first]
        return PairCounts(first.astype(np.int32), second.astype(np.int32), counts.astype(np.int64))

    def keys(self, unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], room: int) -> Iterator[Keys]:
        """The number of each pair in each unit, about ``room`` at a time; one array, filled anew each time."""
        # One technique with all that follow it in its unit must fit.
        size = max(self.techniques, min(room, len(unit_index) * self.techniques))
        buffer = np.empty(size, dtype=np.int64)
        filled = 0
        for block in _blocks(unit_index, technique_index):
            size, columns = block.shape
            rows = self._row[block]
            for upper in range(size - 1):
                lower = block[upper + 1 :]
                # A block of many pairs is cut, for the buffer has an end.
                for start in range(0, columns, max(1, len(buffer) // len(lower))):
                    here = slice(start, start + max(1, len(buffer) // len(lower)))
                    pairs = lower[:, here]
                    if filled + pairs.size > len(buffer):
                        yield buffer[:filled]
                        filled = 0
                    out = buffer[filled : filled + pairs.size].reshape(pairs.shape)
                    np.add(rows[upper, here], pairs, out=out)
                    filled += pairs.size
        if filled:
            yield buffer[:filled]


def check_places(
    unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], techniques: int, *, start: int = 0
) -> None:
    """See that arrays are what counting rests on.

    Args:
        unit_index: Units.
        technique_index: Techniques.
        techniques: How many there are.
        start: The place of the first entry, where the arrays are a piece of longer ones; for the message.

    Raises:
        KgError: they are not sorted by unit, then technique, hold a pair twice, or name a technique that is not there.
    """
    if len(unit_index) != len(technique_index):
        message = f"{len(unit_index)} units and {len(technique_index)} techniques; give one technique for each unit"
        raise KgError(message)
    if not len(unit_index):
        return
    for begin in range(0, len(unit_index), _ROWS):
        # One place more, so that no neighbours fall between two pieces.
        units, held = unit_index[begin : begin + _ROWS + 1], technique_index[begin : begin + _ROWS + 1]
        lowest, highest = int(held.min()), int(held.max())
        if lowest < 0 or highest >= techniques or units[0] < 0:
            message = f"technique {lowest if lowest < 0 else highest} is not among the {techniques}; number them from 0"
            raise KgError(message)
        ahead = units[1:] > units[:-1]
        within = (units[1:] == units[:-1]) & (held[1:] > held[:-1])
        wrong = np.flatnonzero(~(ahead | within))
        if len(wrong):
            place = start + begin + int(wrong[0]) + 1
            message = f"place {place} is not after place {place - 1}; sort by unit, then technique, without repeats"
            raise KgError(message)


def is_tallied(techniques: int, rows: int) -> bool:
    """Whether a table of all possible pairs is the quicker way to count so many rows, and small enough."""
    cells = techniques * (techniques - 1) // 2
    return cells <= min(_MOST_CELLS, max(_CELLS_IN_CACHE, _CELLS_A_ROW * rows))


def _blocks(unit_index: NDArray[np.integer], technique_index: NDArray[np.integer]) -> Iterator[NDArray[np.int64]]:
    """Matrices with a column for each unit of two techniques or more; all columns of a matrix are equally long."""
    begin = 0
    while begin < len(unit_index):
        end = min(begin + _ROWS, len(unit_index))
        # Only whole units: up to the end of the one that the cut goes through.
        end = int(np.searchsorted(unit_index, unit_index[end - 1], side="right")) if end < len(unit_index) else end
        units, held = unit_index[begin:end], technique_index[begin:end].astype(np.int64)
        starts = _starts(units)
        sizes = np.diff(starts, append=len(units))
        # Narrow numbers are sorted by counting.
        order = np.argsort(sizes.astype(np.uint16) if sizes.max() < 1 << 16 else sizes, kind="stable")
        starts, tops = starts[order], np.bincount(sizes)
        first = 0
        for size, many in enumerate(tops.tolist()):
            if size > 1 and many:
                yield held[starts[first : first + many] + np.arange(size)[:, None]]
            first += many
        begin = end


def _starts(keys: NDArray[np.integer]) -> NDArray[np.int64]:
    """Where each stretch of equal numbers begins."""
    return np.flatnonzero(np.concatenate([np.ones(min(1, len(keys)), dtype=np.bool_), keys[1:] != keys[:-1]]))
