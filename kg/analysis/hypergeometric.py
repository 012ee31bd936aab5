"""Fisher's exact test over whole columns of pairs: tails of the hypergeometric distribution.

Given the margins ``n1``, ``n2`` and ``n``, the number of units with both techniques is hypergeometric if they are
independent. All functions take counts as arrays (or numbers) that broadcast, already checked, and give float64 arrays.

Accuracy: the logarithm of a probability is a sum of log-factorials, whose rounding grows with ``n``: about 1e-12
relative at 1e3 units, 1e-8 at 1e7. A p-value below 1e-307 comes out as 0 or nearly so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from scipy.special import gammaln

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = "NDArray[np.float64]"

_SAME = 1e-7
"""Probabilities this close in proportion count as equal, so that mirror images do; as in R and scipy."""

_BLOCK = 1 << 18
"""Pairs that are worked on at a time, so that the intermediate columns stay in the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class FisherTest:
    """p-values of Fisher's exact test, one for each pair.

    Attributes:
        together: Probability of at least as many units with both; one-sided.
        apart: Probability of at most as many; one-sided.
        two_sided: Probability of all counts that are no more probable than the one seen.
    """

    together: Floats
    apart: Floats
    two_sided: Floats


def fisher_test(n11: ArrayLike, n1: ArrayLike, n2: ArrayLike, n: ArrayLike) -> FisherTest:
    """Fisher's exact test of independence for each pair.

    Args:
        n11: Units with both; possible counts, see :func:`kg.analysis.contingency.parse_table`.
        n1: Units with the first technique.
        n2: Units with the second.
        n: All units.

    References:
        Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical Society 98(1), 39-82.
        Agresti, A. (1992). A survey of exact inference for contingency tables. Statistical Science 7(1), 131-153
        (two-sided by probability).
    """
    columns = np.broadcast_arrays(*(np.asarray(each, dtype=np.float64) for each in (n11, n1, n2, n)))
    shape = columns[0].shape
    flat = [column.ravel() for column in columns]
    together, apart, two_sided = (np.empty(flat[0].size) for _ in range(3))
    for start in range(0, flat[0].size, _BLOCK):
        here = slice(start, start + _BLOCK)
        x, first, second, units = (column[here] for column in flat)
        together[here] = upper_tail(x, first, second, units)
        apart[here] = lower_tail(x, first, second, units)
        two_sided[here] = _two_sided(x, first, second, units)
    return FisherTest(together.reshape(shape), apart.reshape(shape), two_sided.reshape(shape))


def least_two_sided(n1: ArrayLike, n2: ArrayLike, n: ArrayLike) -> Floats:
    """The smallest two-sided p-value that these margins allow, whatever the count: that of the rarer extreme.

    References:
        Tarone, R. E. (1990). A modified Bonferroni method for discrete data. Biometrics 46(2), 515-522.
    """
    first, second, units = (np.asarray(each, dtype=np.float64) for each in (n1, n2, n))
    lowest, highest = _log_probability(_least(first, second, units), first, second, units), least_together(n1, n2, n)
    low = np.exp(lowest)
    same = np.abs(low - highest) <= _SAME * np.maximum(low, highest)
    # Where only one count is possible both extremes are that one.
    alone = _least(first, second, units) == np.minimum(first, second)
    return np.asarray(np.minimum(1.0, np.where(same & ~alone, low + highest, np.minimum(low, highest))))


def least_together(n1: ArrayLike, n2: ArrayLike, n: ArrayLike) -> Floats:
    """The smallest p-value for being together: the rarer technique always with the other."""
    first, second, units = (np.asarray(each, dtype=np.float64) for each in (n1, n2, n))
    return np.asarray(np.exp(_log_probability(np.minimum(first, second), first, second, units)))


def least_apart(n1: ArrayLike, n2: ArrayLike, n: ArrayLike) -> Floats:
    """The smallest p-value for being apart: as few units with both as the margins allow."""
    first, second, units = (np.asarray(each, dtype=np.float64) for each in (n1, n2, n))
    return np.asarray(np.exp(_log_probability(_least(first, second, units), first, second, units)))


def upper_tail(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """Probability of ``x`` or more units with both."""
    beyond = x > _mode(n1, n2, n)
    tail = np.empty(x.shape)
    tail[beyond] = _series(x[beyond], n1[beyond], n2[beyond], n[beyond])
    # On this side of the mode the other tail is the short one, and what is left of 1 loses nothing.
    near = ~beyond
    rest = lower_series(x[near] - 1, n1[near], n2[near], n[near])
    tail[near] = 1 - rest
    return np.clip(tail, 0.0, 1.0)


def lower_tail(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """Probability of ``x`` or fewer units with both: the upper tail for the units without the second technique."""
    return upper_tail(n1 - x, n1, n - n2, n)


def lower_series(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """The lower tail summed from ``x`` down; for ``x`` below the mode. 0 where ``x`` is below what is possible."""
    return _series(n1 - x, n1, n - n2, n)


def _two_sided(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """With ``x`` reflected to the mode or above it, the far tail begins at the first count as improbable as ``x``."""
    below = x < _mode(n1, n2, n)
    x, n2 = np.where(below, n1 - x, x), np.where(below, n - n2, n2)
    near = upper_tail(x, n1, n2, n)
    limit = _weight(x, n1, n2, n) + np.log1p(_SAME)
    # The weight rises up to the mode: look for the last count from the left that does not pass the limit.
    low, high = _least(n1, n2, n) - 1, np.minimum(_mode(n1, n2, n), x)
    at_mode = _weight(high, n1, n2, n) <= limit
    while (open_ := high - low > 1).any():
        middle = np.floor((low + high) / 2)
        under = _weight(middle, n1, n2, n) <= limit
        low, high = np.where(open_ & under, middle, low), np.where(open_ & ~under, middle, high)
    possible = low >= _least(n1, n2, n)
    far = np.zeros(x.shape)
    far[possible] = lower_series(low[possible], n1[possible], n2[possible], n[possible])
    return np.where(at_mode, 1.0, np.minimum(1.0, near + far))


def _series(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """The sum of probabilities from ``x`` up, each from the one before by their ratio; quick beyond the mode."""
    tail = np.zeros(x.shape)
    possible = np.flatnonzero((x <= np.minimum(n1, n2)) & (x >= _least(n1, n2, n)))
    x, n1, n2, n = x[possible], n1[possible], n2[possible], n[possible]
    total, term = np.ones(x.shape), np.ones(x.shape)
    going, k, a, b, c = np.arange(len(x)), x, n1, n2, n - n1 - n2
    while len(going):
        term = term * ((a - k) * (b - k) / ((k + 1) * (c + k + 1)))
        total[going] += term
        more = term > np.finfo(np.float64).eps * 0.1 * total[going]
        going, term, k, a, b, c = going[more], term[more], k[more] + 1, a[more], b[more], c[more]
    tail[possible] = total * np.exp(_log_probability(x, n1, n2, n))
    return tail


def _log_probability(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """Logarithm of the probability of exactly ``x`` units with both."""
    whole = _log_factorial(n1) + _log_factorial(n - n1) + _log_factorial(n2) + _log_factorial(n - n2)
    return np.asarray(_weight(x, n1, n2, n) + whole - _log_factorial(n))


def _weight(x: Floats, n1: Floats, n2: Floats, n: Floats) -> Floats:
    """The part of :func:`_log_probability` that depends on ``x``."""
    cells = _log_factorial(x) + _log_factorial(n1 - x) + _log_factorial(n2 - x) + _log_factorial(n - n1 - n2 + x)
    return np.asarray(-cells)


def _log_factorial(count: Floats) -> Floats:
    return np.asarray(gammaln(count + 1))


def _mode(n1: Floats, n2: Floats, n: Floats) -> Floats:
    """The most probable count (the higher of two)."""
    return np.asarray(np.floor((n1 + 1) * (n2 + 1) / (n + 2)))


def _least(n1: Floats, n2: Floats, n: Floats) -> Floats:
    return np.maximum(0.0, n1 + n2 - n)
