"""Sets of three and more techniques that stand together, and whether that is more than their pairs explain.

A set of techniques that go together in pairs is bound to be seen whole now and then. So the expected count of a set is
that of the table with the same counts of every pair and no further interaction, and a set is told only by what it holds
beyond that.

References:
    Agrawal, R. and Srikant, R. (1994). Fast algorithms for mining association rules. VLDB 1994.
    Bishop, Y., Fienberg, S. and Holland, P. (1975). Discrete Multivariate Analysis, chapter 3 (iterative fitting).
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from kg.incidence import Incidence

Counts: TypeAlias = "Mapping[tuple[str, ...], int]"

KINDS = {
    "all": "every frequent set",
    "closed": "sets to which nothing can be added without losing a unit",
    "maximal": "sets to which nothing can be added without falling below the minimum",
}

LONGEST = 6
"""Sets of more techniques are not sought: their table of pairs has 2 to that power cells."""

MOST = 200_000
"""With more frequent sets than this the question is refused, for nobody can read the answer."""

_PAIR, _SMALLEST = 2, 3
_ROUNDS = 500
_NEAR = 1e-10


@dataclass(frozen=True, slots=True)
class FrequentSet:
    """Techniques that stand together.

    Attributes:
        techniques: Their ids, sorted; three or more.
        count: How many units hold them all.
        expected: How many would, from the counts of their pairs alone.
        p_value: Probability of ``count`` or more under that, by the binomial distribution over all units.
        p_adjusted: The same after Benjamini-Hochberg over all sets of one size whose every pair is frequent.
    """

    techniques: tuple[str, ...]
    count: int
    expected: float
    p_value: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class FrequentSets:
    """The frequent sets of a table.

    Attributes:
        unit: What a unit is.
        units: N, the units that hold a technique.
        minimum: How many units hold each set, at least.
        kind: A name of :data:`KINDS`.
        sets: The most frequent first, then the longest, then by ids.
        candidates: For each size, how many sets have only frequent pairs: what was tested.
    """

    unit: str
    units: int
    minimum: int
    kind: str
    sets: tuple[FrequentSet, ...]
    candidates: Mapping[int, int]

    def sentences(self) -> tuple[str, ...]:
        """The answer in words."""
        survivors = sum(item.p_adjusted <= 0.05 for item in self.sets)  # noqa: PLR2004 - the usual 5 %
        tested = ", ".join(f"{number:,} of {size} techniques" for size, number in sorted(self.candidates.items()))
        return (
            f"{len(self.sets):,} {self.kind} sets in {self.minimum} or more of N {self.units:,} {self.unit}s",
            f"{survivors:,} hold more than their pairs explain at 5 % (tested: {tested or 'none'})",
        )


def frequent_sets(table: Incidence, *, minimum: int = 3, kind: str = "closed", longest: int = 5) -> FrequentSets:
    """Sets of three and more techniques that stand together in ``minimum`` units or more.

    Args:
        table: Which unit holds which technique.
        minimum: Units that hold a set, 2 or more.
        kind: A name of :data:`KINDS`.
        longest: Techniques of a set, 3 to :data:`LONGEST`; closed and maximal are meant within it.

    Raises:
        UnknownNameError: no such kind.
        KgError: ``minimum`` or ``longest`` is out of range, or there are more than :data:`MOST` sets.
    """
    if kind not in KINDS:
        raise unknown_name("kind of sets", kind, KINDS)
    if minimum < _PAIR:
        raise KgError(f"sets: minimum {minimum}: what stands in one unit is no pattern; give 2 or more")
    if not _SMALLEST <= longest <= LONGEST:
        raise KgError(f"sets: longest {longest}; give {_SMALLEST} to {LONGEST}")
    counts = _mined(table, minimum, longest)
    kept = {"all": lambda: set(counts), "closed": lambda: _closed(counts), "maximal": lambda: _maximal(counts)}[kind]()
    candidates = _cliques([pair for pair in counts if len(pair) == _PAIR], longest)
    tested = {
        names: _beyond_pairs(names, count, counts, len(table.units))
        for names, count in counts.items()
        if len(names) >= _SMALLEST
    }
    adjusted = _adjusted({names: p for names, (_, p) in tested.items()}, candidates)
    sets = [
        FrequentSet(names, counts[names], *tested[names], adjusted[names]) for names in kept if len(names) >= _SMALLEST
    ]
    sets.sort(key=lambda item: (-item.count, -len(item.techniques), item.techniques))
    return FrequentSets(table.unit, len(table.units), minimum, kind, tuple(sets), candidates)


def _mined(table: Incidence, minimum: int, longest: int) -> dict[tuple[str, ...], int]:
    """Every set of up to ``longest`` techniques in ``minimum`` units or more, with its count."""
    from efficient_apriori import itemsets_from_transactions  # noqa: PLC0415 - only those who mine wait for it

    units = np.split(table.technique_index, np.flatnonzero(np.diff(table.unit_index)) + 1)
    transactions = [tuple(table.techniques[place] for place in held.tolist()) for held in units if len(held)]
    if len(transactions) < minimum:
        return {}
    # A share just below the minimum: a product of floating point must not lose a set that stands exactly on it.
    share = (minimum - 0.5) / len(transactions)
    found, _ = itemsets_from_transactions(transactions, min_support=share, max_length=longest)
    counts = {tuple(sorted(names)): int(count) for sized in found.values() for names, count in sized.items()}
    if len(counts) > MOST:
        raise KgError(
            f"sets: {len(counts):,} stand in {minimum} or more {table.unit}s; raise the minimum, or lower the longest"
        )
    return counts


def _closed(counts: Counts) -> set[tuple[str, ...]]:
    open_sets = {below for names in counts for below in _below(names) if counts[below] == counts[names]}
    return set(counts) - open_sets


def _maximal(counts: Counts) -> set[tuple[str, ...]]:
    return set(counts) - {below for names in counts for below in _below(names)}


def _below(names: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return itertools.combinations(names, len(names) - 1) if len(names) > 1 else iter(())


def _cliques(pairs: list[tuple[str, ...]], longest: int) -> dict[int, int]:
    """For each size from three, how many sets have frequent pairs alone; their own counts are not looked at."""
    above: defaultdict[str, set[str]] = defaultdict(set)
    for a, b in pairs:
        above[a].add(b)
    sizes: defaultdict[int, int] = defaultdict(int)
    waiting = [(2, above[a] & above[b]) for a, b in pairs]
    while waiting:
        size, joined = waiting.pop()
        if size == longest:
            continue
        sizes[size + 1] += len(joined)
        waiting += [(size + 1, joined & above[name]) for name in joined]
    return {size: number for size, number in sorted(sizes.items()) if number}


def _beyond_pairs(names: tuple[str, ...], count: int, counts: Counts, units: int) -> tuple[float, float]:
    """The expected count from all pairs, and the probability of ``count`` or more."""
    from scipy.stats import binom  # noqa: PLC0415 - a tenth of a second that counting need not wait for

    share = float(_fitted(names, counts, units)[(1,) * len(names)])
    return share * units, float(binom.sf(count - 1, units, min(1.0, share)))


def _fitted(names: tuple[str, ...], counts: Counts, units: int) -> NDArray[np.float64]:
    """The table of shape (2, ..., 2) with the shares of every pair and no interaction beyond, by iterative fitting."""
    size = len(names)
    table = np.full((2,) * size, 1.0 / 2**size)
    wanted = {}
    for i, j in itertools.combinations(range(size), 2):
        both = counts[names[i], names[j]]
        one, other = counts[(names[i],)] - both, counts[(names[j],)] - both
        wanted[i, j] = np.array([[units - both - one - other, other], [one, both]]) / units
    for _ in range(_ROUNDS):
        change = 0.0
        for (i, j), share in wanted.items():
            rest = tuple(axis for axis in range(size) if axis not in {i, j})
            now = table.sum(axis=rest)
            ratio = np.divide(share, now, out=np.zeros_like(share), where=now > 0)
            change = max(change, float(np.abs(share - now).max()))
            table *= np.expand_dims(ratio, rest)
        if change < _NEAR:
            break
    return table


def _adjusted(values: Mapping[tuple[str, ...], float], candidates: Mapping[int, int]) -> dict[tuple[str, ...], float]:
    """Benjamini-Hochberg within each size; candidates that are not frequent count with a p value of one."""
    by_size: defaultdict[int, list[tuple[str, ...]]] = defaultdict(list)
    for names in values:
        by_size[len(names)].append(names)
    found: dict[tuple[str, ...], float] = {}
    for size, members in by_size.items():
        ordered = sorted(members, key=lambda names: (values[names], names))
        number, least = max(candidates.get(size, 0), len(ordered)), 1.0
        for rank in range(len(ordered), 0, -1):
            least = min(least, values[ordered[rank - 1]] * number / rank)
            found[ordered[rank - 1]] = least
    return found
