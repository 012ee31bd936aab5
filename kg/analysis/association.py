"""How strongly two techniques go together: one function a measure, listed in :data:`MEASURES`.

All of them take the same four counts, of units (incidents or observations), not of technique uses:

* ``n11``: units that hold both techniques
* ``n1``, ``n2``: units that hold the first, the second
* ``n``: all units

Given numbers, a measure gives a number and raises where it is undefined. Given arrays, it gives a float64 array of the
same shape with NaN where it is undefined. All are symmetric: exchanging ``n1`` and ``n2`` changes nothing.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias, overload

import numpy as np

from kg.errors import KgError, UndefinedMeasureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Counts: TypeAlias = "NDArray[np.integer] | NDArray[np.floating]"
Values: TypeAlias = "Counts | float"
Floats: TypeAlias = "NDArray[np.float64]"


class Measure(Protocol):
    """A measure of association: of numbers a number, of arrays an array."""

    @overload
    def __call__(self, n11: float, n1: float, n2: float, n: float) -> float: ...
    @overload
    def __call__(self, n11: Counts, n1: Counts, n2: Counts, n: Counts | float) -> Floats: ...
    def __call__(self, n11: Values, n1: Values, n2: Values, n: Values) -> Floats | float:
        """The strength of association."""
        ...


@dataclass(frozen=True, slots=True)
class Table:
    """The four counts as float64 arrays of one shape; possible counts, every one of them."""

    n11: Floats
    n1: Floats
    n2: Floats
    n: Floats


def parse_table(n11: Values, n1: Values, n2: Values, n: Values) -> Table:
    """The four counts, checked.

    Raises:
        KgError: a count is negative or no whole number, the techniques are together more often than one of them
            occurs, or they take more units than there are.
    """
    given = [np.asarray(value, dtype=np.float64) for value in (n11, n1, n2, n)]
    both, first, second, units = np.broadcast_arrays(*given)
    table = Table(both, first, second, units)
    for part in (both, first, second, units):
        # NaN fails every comparison, so the test is for what is right.
        _refuse(table, ~((part >= 0) & (np.floor(part) == part)), "counts of units are whole numbers from 0")
    _refuse(table, both > np.minimum(first, second), "n11 can be at most the smaller of n1 and n2")
    _refuse(table, first + second - both > units, "n1 + n2 - n11 units hold one or both, so n must be at least that")
    return table


def _refuse(table: Table, wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        n11, n1, n2, n = (f"{part.flat[place]:g}" for part in (table.n11, table.n1, table.n2, table.n))
        message = f"impossible counts n11={n11}, n1={n1}, n2={n2}, n={n}: {why}"
        raise KgError(message)


def _measure(formula: Callable[[Table], Floats]) -> Measure:
    """A formula over arrays, made to check its counts, to take numbers too, and to raise for them where it is NaN."""

    @functools.wraps(formula)
    def measure(n11: Values, n1: Values, n2: Values, n: Values) -> Floats | float:
        table = parse_table(n11, n1, n2, n)
        with np.errstate(divide="ignore", invalid="ignore"):
            values = formula(table)
        if values.ndim:
            return values
        if np.isnan(values):
            counts = f"n11={n11}, n1={n1}, n2={n2}, n={n}"
            message = f"{formula.__name__} is undefined (0/0) for {counts}; leave this pair out"
            raise UndefinedMeasureError(message)
        return float(values)

    return measure  # type: ignore[return-value]


@_measure
def count(table: Table) -> Floats:
    """Units that hold both techniques: ``n11``.

    Range: 0 to the smaller of ``n1`` and ``n2``. Always defined.

    >>> count(3, 5, 4, 20)
    3.0
    """
    return table.n11.copy()


@_measure
def jaccard(table: Table) -> Floats:
    """Share of the units with one or both that hold both: ``n11 / (n1 + n2 - n11)``.

    Range: 0 (never together) to 1 (never apart). Does not depend on ``n``. Undefined when neither technique occurs.

    References:
        Jaccard, P. (1901). Etude comparative de la distribution florale dans une portion des Alpes et du Jura.
        Bulletin de la Societe vaudoise des sciences naturelles 37, 547-579.

    >>> jaccard(3, 5, 4, 20)
    0.5
    """
    return table.n11 / (table.n1 + table.n2 - table.n11)


@_measure
def lift(table: Table) -> Floats:
    """How many times as often together as if independent: ``n11 n / (n1 n2)``.

    Range: 0 (never together) through 1 (independent) to ``n`` (both in the same single unit). Grows with ``n``.
    Undefined when one of the techniques does not occur.

    References:
        Brin, S., Motwani, R., Ullman, J., Tsur, S. (1997). Dynamic itemset counting and implication rules for market
        basket data. SIGMOD, 255-264 (there called interest).

    >>> lift(3, 5, 4, 20)
    3.0
    """
    return (table.n11 * table.n) / (table.n1 * table.n2)


@_measure
def pmi(table: Table) -> Floats:
    """Pointwise mutual information in bits: ``log2(n11 n / (n1 n2))``, the logarithm of :func:`lift`.

    Range: minus infinity (never together) through 0 (independent) to ``log2(n)``. Rare pairs get the highest values.
    Undefined when one of the techniques does not occur.

    References:
        Church, K., Hanks, P. (1990). Word association norms, mutual information, and lexicography. Computational
        Linguistics 16(1), 22-29.

    >>> pmi(2, 4, 4, 16)
    1.0
    """
    return np.log2((table.n11 * table.n) / (table.n1 * table.n2))


@_measure
def npmi(table: Table) -> Floats:
    """Pointwise mutual information over its largest value: ``log(n11 n / (n1 n2)) / log(n / n11)``.

    Range: -1 (never together, the limit) through 0 (independent) to 1 (never apart); no unit, any base of logarithm.
    Undefined when one of the techniques does not occur, and when both occur in every unit (0/0).

    References:
        Bouma, G. (2009). Normalized (pointwise) mutual information in collocation extraction. GSCL, 31-40.

    >>> npmi(4, 4, 4, 16)
    1.0
    """
    information = np.log2((table.n11 * table.n) / (table.n1 * table.n2))
    normalised = information / np.log2(table.n / table.n11)
    never = (table.n11 == 0) & (table.n1 > 0) & (table.n2 > 0)
    # Rounding can carry a perfect pair past 1 in the last place.
    return np.where(never, -1.0, np.clip(normalised, -1.0, 1.0))


MEASURES: dict[str, Measure] = {
    "count": count,
    "jaccard": jaccard,
    "lift": lift,
    "pmi": pmi,
    "npmi": npmi,
}
"""Name to measure."""
