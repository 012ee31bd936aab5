"""Corrections for many tests at once: what is left of p-values when hundreds of pairs were looked at.

All take one-dimensional arrays with one entry a test, and NaN nowhere. Adjusted values are compared with the level
wanted: a test survives where its adjusted value is at most ``alpha``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Floats: TypeAlias = "NDArray[np.float64]"


def benjamini_hochberg(p_values: ArrayLike) -> Floats:
    """Adjusted p-values that control the false discovery rate: ``min over j >= i of m p(j) / j``.

    The share of false discoveries is at most ``alpha`` on average where the tests are independent or positively
    dependent. Tests of pairs that share a technique are neither strictly; the simulations of
    ``python -m tests.benchmarks signal`` show what holds.

    References:
        Benjamini, Y., Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical
        Society B 57(1), 289-300.

    >>> benjamini_hochberg([0.01, 0.04, 0.03, 0.5]).round(4).tolist()
    [0.04, 0.0533, 0.0533, 0.5]
    """
    return _step_up(np.asarray(p_values, dtype=np.float64), 1.0)


def benjamini_yekutieli(p_values: ArrayLike) -> Floats:
    """As :func:`benjamini_hochberg`, times ``1 + 1/2 + ... + 1/m``: holds under any dependence, at a price in power.

    References:
        Benjamini, Y., Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under
        dependency. Annals of Statistics 29(4), 1165-1188.

    >>> benjamini_yekutieli([0.01, 0.5]).tolist()
    [0.03, 0.75]
    """
    values = np.asarray(p_values, dtype=np.float64)
    return _step_up(values, float(np.sum(1 / np.arange(1, len(values) + 1))))


def tarone(p_values: ArrayLike, least: ArrayLike) -> Floats:
    """Adjusted p-values that control the chance of any false discovery, sparing tests that could never have been one.

    ``min(1, p times the number of tests whose least attainable p-value is at most p)``, made monotone. A test whose
    margins allow no p-value as small as ``p`` cannot falsely give one, so it is not counted: Bonferroni's bound over
    the others. Holds under any dependence.

    Args:
        p_values: One for each test.
        least: The smallest p-value that the margins of each test allow.

    References:
        Tarone, R. E. (1990). A modified Bonferroni method for discrete data. Biometrics 46(2), 515-522.
        Terada, A., Okada-Hatakeyama, M., Tsuda, K., Sese, J. (2013). Statistical significance of combinatorial
        regulations. PNAS 110(32), 12996-13001.

    >>> tarone([0.01, 0.3, 0.6], [0.001, 0.2, 0.2]).tolist()
    [0.01, 0.8999999999999999, 1.0]
    """
    values = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    # A p-value and its own least come by two ways and may differ in the last places.
    able = np.searchsorted(np.sort(np.asarray(least, dtype=np.float64)), values[order] * (1 + 1e-9), side="right")
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(values[order] * able))
    return adjusted


def discrete_survivors(p_values: ArrayLike, attainable: Sequence[Floats], alpha: float) -> NDArray[np.bool_]:
    """Which tests survive the step-up procedure for discrete tests, as Döhler, Durand and Roquain call it: DBH-SU.

    It replaces the ``t`` of Benjamini and Hochberg, the chance of a p-value of at most ``t``, by what that chance is
    for each test: the largest attainable p-value that is at most ``t``. Controls the false discovery rate at ``alpha``
    where tests are independent. Critical values are sought up to ``alpha``: nothing with a larger p-value survives.

    Args:
        p_values: One for each test.
        attainable: For each test its attainable p-values, sorted, the last of them 1.
        alpha: The rate of false discoveries to keep to.

    References:
        Döhler, S., Durand, G., Roquain, E. (2018). New FDR bounds for discrete and heterogeneous tests. Electronic
        Journal of Statistics 12(1), 1867-1900, theorem 1.

    >>> discrete_survivors([0.02, 0.04], [np.array([0.02, 1.0]), np.array([0.04, 1.0])], 0.05).tolist()
    [True, True]
    """
    values = np.asarray(p_values, dtype=np.float64)
    tests = len(values)
    if len(attainable) != tests:
        message = f"{tests} p-values and {len(attainable)} lists of attainable ones; give one list for each"
        raise KgError(message)
    if not tests:
        return np.zeros(0, dtype=np.bool_)
    steps = np.unique(np.concatenate([np.asarray(each)[np.asarray(each) <= alpha] for each in attainable]))
    if not len(steps):
        return np.zeros(tests, dtype=np.bool_)
    # Each list is a distribution that rises at its own steps: sum the rises, weighed as in the two conditions.
    last = _largest(_summed(attainable, steps, None) <= alpha * tests)
    if last is None:
        return np.zeros(tests, dtype=np.bool_)
    threshold = steps[last]
    share = np.array([_distribution(each, threshold) for each in attainable])
    sums = _summed(attainable, steps[: last + 1], 1 - share)
    ordered = np.sort(values)
    # The critical value of rank k is the largest step whose sum is at most alpha k.
    ranks = np.searchsorted(np.maximum.accumulate(sums), alpha * np.arange(1, tests + 1) * (1 + 1e-12), side="right")
    critical = np.where(ranks > 0, steps[np.maximum(ranks, 1) - 1], -1.0)
    passed = np.flatnonzero(ordered <= critical * (1 + 1e-9))
    return np.asarray(values <= critical[passed[-1]] * (1 + 1e-9)) if len(passed) else np.zeros(tests, dtype=np.bool_)


def _summed(attainable: Sequence[Floats], steps: Floats, below: Floats | None) -> Floats:
    """At each step the sum over tests of F / (1 - F), or of F / below where ``below`` is given."""
    rises = np.zeros(len(steps))
    for place, each in enumerate(attainable):
        own = np.asarray(each)[np.asarray(each) <= steps[-1]]
        weighed = own / (1 - own) if below is None else own / below[place]
        np.add.at(rises, np.searchsorted(steps, own), np.diff(weighed, prepend=0.0))
    return np.cumsum(rises)


def _distribution(attainable: Floats, threshold: float) -> float:
    place = int(np.searchsorted(attainable, threshold, side="right"))
    return float(attainable[place - 1]) if place else 0.0


def _largest(holds: NDArray[np.bool_]) -> int | None:
    found = np.flatnonzero(holds)
    return int(found[-1]) if len(found) else None


def _step_up(values: Floats, factor: float) -> Floats:
    order = np.argsort(values, kind="stable")
    ranked = values[order] * factor * len(values) / np.arange(1, len(values) + 1)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(ranked[::-1])[::-1])
    return adjusted
