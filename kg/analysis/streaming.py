"""Counting pairs of a table that does not fit into memory: one piece at a time, and the counts.

Memory holds one piece, the rows of the unit that the cut goes through, and the counts; it does not grow with the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.analysis.counting import PairCounts, Runs, Tally, check_places, is_tallied
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

Piece: TypeAlias = "tuple[NDArray[np.integer], NDArray[np.integer]]"


@dataclass(frozen=True, slots=True, eq=False)
class StreamedCounts:
    """What one pass over a table gives.

    Attributes:
        pairs: Pairs seen together.
        margins: For each technique in how many units it occurs; int64.
        units: How many units there are.
        rows: How many pairs of unit and technique were read.
    """

    pairs: PairCounts
    margins: NDArray[np.int64]
    units: int
    rows: int


def count_stream(pieces: Iterable[Piece], techniques: int) -> StreamedCounts:
    """Count pairs over pieces of a table.

    Args:
        pieces: Arrays of units and of techniques, of any length; together sorted by unit, then technique, and distinct.
            A unit may lie across several pieces.
        techniques: How many techniques there are; they are numbered from 0.

    Raises:
        KgError: the pieces are not sorted, hold a pair twice, or name a technique that is not there.
    """
    counter = StreamCounter(techniques)
    for unit_index, technique_index in pieces:
        counter.add(unit_index, technique_index)
    return counter.finish()


class StreamCounter:
    """As :func:`count_stream`, for who brings the pieces one by one."""

    def __init__(self, techniques: int) -> None:
        if techniques < 0:
            raise KgError(f"{techniques} techniques: is negative; give how many there are")
        self._techniques = techniques
        self._counter: Tally | Runs = Tally(techniques) if is_tallied(techniques, 0) else Runs(techniques)
        self._margins = np.zeros(techniques, dtype=np.int64)
        self._units = self._rows = 0
        self._open: Piece = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))

    def add(self, unit_index: NDArray[np.integer], technique_index: NDArray[np.integer]) -> None:
        """Count one more piece; the unit that it ends in stays open."""
        if len(unit_index) != len(technique_index):
            check_places(unit_index, technique_index, self._techniques)
        if not len(unit_index):
            return
        kept = len(self._open[0])
        units = np.concatenate([self._open[0], unit_index]) if kept else unit_index
        held = np.concatenate([self._open[1], technique_index]) if kept else technique_index
        check_places(units, held, self._techniques, start=self._rows - kept)
        self._rows += len(unit_index)
        cut = int(np.searchsorted(units, units[-1], side="left"))
        self._count(units[:cut], held[:cut])
        # Copies, for a piece may be a view of a buffer that the reader fills again.
        self._open = (units[cut:].copy(), held[cut:].copy())

    def finish(self) -> StreamedCounts:
        """Close the last unit and give what was counted."""
        self._count(*self._open)
        self._open = (self._open[0][:0], self._open[1][:0])
        return StreamedCounts(self._counter.pairs(), self._margins.copy(), self._units, self._rows)

    def _count(self, units: NDArray[np.integer], held: NDArray[np.integer]) -> None:
        if not len(units):
            return
        self._units += 1 + int(np.count_nonzero(units[1:] != units[:-1]))
        # As int64, for bincount refuses unsigned numbers of full width.
        self._margins += np.bincount(held.astype(np.int64), minlength=self._techniques)
        if isinstance(self._counter, Runs) and is_tallied(self._techniques, self._rows):
            tally = Tally(self._techniques)
            tally.add_counts(self._counter.keys, self._counter.counts)
            self._counter = tally
        self._counter.add(units, held)
