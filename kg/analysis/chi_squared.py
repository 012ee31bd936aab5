"""The chi-squared test of independence over whole columns of pairs, with the limit of its validity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from kg.analysis.contingency import parse_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.analysis.contingency import Values

LEAST_EXPECTED = 5.0
"""The test is called valid where each of the four expected counts is at least so large."""


@dataclass(frozen=True, slots=True, eq=False)
class ChiSquaredTest:
    """Outcome for each pair.

    Attributes:
        statistic: Pearson's chi-squared with one degree of freedom, without a continuity correction; NaN where a
            technique occurs in no unit or in every unit.
        p_value: Its upper tail; NaN there too.
        valid: Whether every expected count is at least :data:`LEAST_EXPECTED`.
    """

    statistic: NDArray[np.float64]
    p_value: NDArray[np.float64]
    valid: NDArray[np.bool_]


def chi_squared_test(n11: Values, n1: Values, n2: Values, n: Values) -> ChiSquaredTest:
    """Pearson's test: ``n (n n11 - n1 n2)^2 / (n1 n2 (n - n1) (n - n2))``, which is ``n phi^2``.

    Args:
        n11: Units with both.
        n1: Units with the first technique.
        n2: Units with the second.
        n: All units.

    Raises:
        KgError: the counts are impossible.

    References:
        Pearson, K. (1900). On the criterion that a given system of deviations ... Philosophical Magazine 50, 157-175.
        Cochran, W. G. (1954). Some methods for strengthening the common chi-squared tests. Biometrics 10(4), 417-451
        (the least expected count).
    """
    table = parse_table(n11, n1, n2, n)
    rest1, rest2 = table.n - table.n1, table.n - table.n2
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation = (
            (table.n * table.n11 - table.n1 * table.n2) / np.sqrt(table.n1 * rest1) / np.sqrt(table.n2 * rest2)
        )
        statistic = np.asarray(table.n * correlation**2)
        expected = np.minimum(table.n1, rest1) * np.minimum(table.n2, rest2) / table.n
    return ChiSquaredTest(statistic, np.asarray(chdtrc(1, statistic)), np.asarray(expected >= LEAST_EXPECTED))
