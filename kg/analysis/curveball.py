"""Random tables with the margins of a given one, all such tables equally probable.

Every unit keeps how many techniques it holds, every technique in how many units it occurs.
One *round* deals the units into pairs; each pair puts what only one of the two holds into a heap and draws from it
anew, each as many as before. A round from one table to another is as probable as the way back, which the test in
:mod:`kg.analysis.nullmodel` rests on, and rounds reach every table with the same margins.

References:
    Strona, G., Nappo, D., Boccacci, F., Fattorini, S., San-Miguel-Ayanz, J. (2014). A fast and unbiased procedure to
    randomize ecological binary matrices with fixed row and column totals. Nature Communications 5, 4114.
    Carstens, C. J. (2015). Proof of uniform sampling of binary matrices with fixed row sums and column sums for the
    fast Curveball algorithm. Physical Review E 91, 042812.
    Carstens, C. J., Hamann, M., Meyer, U., Penschuck, M., Tran, H., Wagner, D. (2018). Parallel and I/O-efficient
    randomisation of massive networks using global curveball trades. ESA, LIPIcs 112, 11.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Curveball:
    """A table on its way through tables with the same margins.

    Attributes:
        unit_index: For each place the unit, sorted; never changes, for every unit keeps how many techniques it holds.
        technique_index: For each place the technique, sorted within a unit; another after each round.
        techniques: How many techniques there are.
    """

    def __init__(self, unit_index: NDArray[np.integer], technique_index: NDArray[np.integer], techniques: int) -> None:
        """Start from a table.

        Args:
            unit_index: For each place the unit; sorted.
            technique_index: For each place the technique, sorted and distinct within a unit.
            techniques: How many techniques there are.
        """
        self.unit_index = unit_index
        self.technique_index = technique_index.astype(np.int64)
        self.techniques = int(techniques)
        self._bits = max(1, (self.techniques - 1).bit_length())
        self._sizes = np.unique(unit_index, return_counts=True)[1].astype(np.int64)
        self._starts = np.cumsum(self._sizes) - self._sizes

    def copy(self) -> Curveball:
        """The same table, to go another way from here."""
        return Curveball(self.unit_index, self.technique_index, self.techniques)

    def rounds(self, number: int, chance: np.random.Generator) -> None:
        """Go on by some rounds."""
        for _ in range(number):
            self._round(chance)

    def _round(self, chance: np.random.Generator) -> None:
        order = chance.permutation(len(self._sizes))
        half = len(order) // 2
        # With an odd number of units the last one keeps what it has this time.
        sides = [self._places(order[:half]), self._places(order[half : 2 * half])]
        keys = np.concatenate([(pair << self._bits) | self.technique_index[place] for pair, place in sides])
        # Two sorted stretches: a stable sort merges them.
        keys.sort(kind="stable")
        pair, technique = keys >> self._bits, keys & ((1 << self._bits) - 1)
        second_copy = np.zeros(len(keys), dtype=np.bool_)
        second_copy[1:] = keys[1:] == keys[:-1]
        shared = second_copy.copy()
        shared[:-1] |= second_copy[1:]
        # What both hold stays with both: its first copy with the one, its second with the other.
        to_first = ~second_copy
        common = np.bincount(pair[second_copy], minlength=half)
        to_first[~shared] = _drawn(pair[~shared], self._sizes[order[:half]] - common, chance)
        # In order of pairs, then techniques: just as the places of either side are.
        self.technique_index[sides[0][1]] = technique[to_first]
        self.technique_index[sides[1][1]] = technique[~to_first]

    def _places(self, units: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """For every technique of these units, in their order: the number of the unit among them, and its place."""
        sizes = self._sizes[units]
        ends = np.cumsum(sizes)
        place = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self._starts[units] - ends + sizes, sizes)
        return np.repeat(np.arange(len(units)), sizes), place


def _drawn(heap: NDArray[np.int64], wanted: NDArray[np.int64], chance: np.random.Generator) -> NDArray[np.bool_]:
    """Draw from each heap as many as wanted, each choice equally probable.

    Every heap is gone through from its first to its last: one is taken with the chance of those still wanted among
    those left.

    Args:
        heap: The heap of each thing; sorted.
        wanted: How many to take from each heap.
        chance: Where chance comes from.

    References:
        Fan, C. T., Muller, M. E., Rezucha, I. (1962). Development of sampling plans by using sequential (item by item)
        selection techniques and digital computers. Journal of the American Statistical Association 57, 387-402.
    """
    taken = np.zeros(len(heap), dtype=np.bool_)
    left = np.bincount(heap, minlength=len(wanted))
    # The largest heaps first: those that still have a thing in this step are then the first ones.
    order = np.argsort(-left, kind="stable")
    start, left, wanted = (np.cumsum(left) - left)[order], left[order], wanted[order]
    steps = len(left) - np.searchsorted(left[::-1], np.arange(left[0] if len(left) else 0), side="right")
    luck = chance.random(len(heap))
    used = 0
    for step, heaps in enumerate(steps.tolist()):
        take = luck[used : used + heaps] * left[:heaps] < wanted[:heaps]
        taken[start[:heaps] + step] = take
        wanted[:heaps] -= take
        left[:heaps] -= 1
        used += heaps
    return taken
