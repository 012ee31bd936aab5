"""The four counts of a pair of techniques, checked, and what makes a formula over them a measure.

The formulas themselves stand in :mod:`kg.analysis.association`.
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
        right = (part >= 0) & (np.floor(part) == part) & np.isfinite(part)
        _refuse(table, ~right, "counts of units are whole numbers from 0")
    _refuse(table, both > np.minimum(first, second), "n11 can be at most the smaller of n1 and n2")
    _refuse(table, first + second - both > units, "n1 + n2 - n11 units hold one or both, so n must be at least that")
    return table


def _refuse(table: Table, wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        n11, n1, n2, n = (f"{part.flat[place]:g}" for part in (table.n11, table.n1, table.n2, table.n))
        message = f"impossible counts n11={n11}, n1={n1}, n2={n2}, n={n}: {why}"
        raise KgError(message)


def measure(formula: Callable[[Table], Floats]) -> Measure:
    """A formula over arrays, made to check its counts, to take numbers too, and to raise for them where it is NaN."""

    @functools.wraps(formula)
    def checked(n11: Values, n1: Values, n2: Values, n: Values) -> Floats | float:
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

    return checked  # type: ignore[return-value]
