"""How strongly two techniques go together: one function a measure, listed in :data:`MEASURES`.

All of them take the same four counts, of units (incidents, passages or observations), not of technique uses:

* ``n11``: units that hold both techniques
* ``n1``, ``n2``: units that hold the first, the second
* ``n``: all units

Given numbers, a measure gives a number and raises where it is undefined. Given arrays, it gives a float64 array of the
same shape with NaN where it is undefined; :data:`UNDEFINED` says in words when that is. All are symmetric, so that
exchanging ``n1`` and ``n2`` changes nothing, but for those of :data:`DIRECTED`, which speak of the second technique
given the first.

In the formulas ``n10 = n1 - n11``, ``n01 = n2 - n11`` and ``n00 = n - n1 - n2 + n11``.
"""

from __future__ import annotations

from statistics import NormalDist
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.contingency import measure, parse_table
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.analysis.contingency import Floats, Measure, Table, Values


@measure
def count(table: Table) -> Floats:
    """Units that hold both techniques: ``n11``.

    Range: 0 to the smaller of ``n1`` and ``n2``. Always defined.

    >>> count(3, 5, 4, 20)
    3.0
    """
    return table.n11.copy()


@measure
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


@measure
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


@measure
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


@measure
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


@measure
def support(table: Table) -> Floats:
    """Share of all units that hold both techniques: ``n11 / n``.

    Range: 0 to 1. Shrinks with ``n``. Undefined when there is no unit.

    References:
        Agrawal, R., Imielinski, T., Swami, A. (1993). Mining association rules between sets of items in large
        databases. SIGMOD, 207-216.

    >>> support(3, 5, 4, 20)
    0.15
    """
    return table.n11 / table.n


@measure
def confidence(table: Table) -> Floats:
    """Share of the units with the first technique that hold the second: ``n11 / n1``. Directed.

    Range: 0 (never) to 1 (always). Does not depend on ``n``. Undefined when the first technique does not occur.

    References:
        Agrawal, R., Imielinski, T., Swami, A. (1993). Mining association rules between sets of items in large
        databases. SIGMOD, 207-216.

    >>> confidence(3, 5, 4, 20), confidence(3, 4, 5, 20)
    (0.6, 0.75)
    """
    return table.n11 / table.n1


@measure
def dice(table: Table) -> Floats:
    """Units with both over the mean number of units with one: ``2 n11 / (n1 + n2)``.

    Range: 0 (never together) to 1 (never apart). Does not depend on ``n``. Undefined when neither technique occurs.

    References:
        Dice, L. R. (1945). Measures of the amount of ecologic association between species. Ecology 26(3), 297-302.

    >>> dice(3, 5, 3, 20)
    0.75
    """
    return 2 * table.n11 / (table.n1 + table.n2)


@measure
def phi(table: Table) -> Floats:
    """Correlation of the two techniques over units: ``(n n11 - n1 n2) / sqrt(n1 n2 (n - n1) (n - n2))``.

    Range: -1 (exactly one of them in every unit) through 0 (independent) to 1 (never apart). The limits are reached
    only where the margins allow it. Undefined when a technique occurs in no unit or in every unit.

    References:
        Yule, G. U. (1912). On the methods of measuring association between two attributes. Journal of the Royal
        Statistical Society 75(6), 579-652.

    >>> phi(2, 4, 4, 8), phi(4, 4, 4, 8), phi(0, 4, 4, 8)
    (0.0, 1.0, -1.0)
    """
    together = table.n * table.n11 - table.n1 * table.n2
    spread = np.sqrt(table.n1 * (table.n - table.n1)) * np.sqrt(table.n2 * (table.n - table.n2))
    # Rounding can carry a perfect pair past 1 in the last place.
    return np.asarray(np.clip(together / spread, -1.0, 1.0))


@measure
def yule_q(table: Table) -> Floats:
    """Yule's Q: ``(n11 n00 - n10 n01) / (n11 n00 + n10 n01)``, the odds ratio brought to -1 ... 1.

    Range: -1 (never together, or one of them in every unit) through 0 (independent) to 1 (one never without the other).
    A single empty cell gives a limit, however few the units. Undefined when both products are 0.

    References:
        Yule, G. U. (1900). On the association of attributes in statistics. Philosophical Transactions of the Royal
        Society A 194, 257-319.

    >>> yule_q(3, 4, 5, 12)
    0.8
    """
    n10, n01, n00 = _other_cells(table)
    along, across = table.n11 * n00, n10 * n01
    return (along - across) / (along + across)


@measure
def odds_ratio(table: Table) -> Floats:
    """The odds of one technique with the other over those without it, one half added to each cell.

    ``(n11 + 1/2)(n00 + 1/2) / ((n10 + 1/2)(n01 + 1/2))``; the halves (Haldane) keep it finite where a cell is empty and
    take most of the bias of small tables. :func:`odds_ratio_interval` says how far to trust it.

    Range: above 0, through 1 (independent), without an upper limit. Grows with ``n``. Always defined.

    References:
        Haldane, J. B. S. (1956). The estimation and significance of the logarithm of a ratio of frequencies. Annals of
        Human Genetics 20(4), 309-311.

    >>> odds_ratio(1, 2, 2, 4)
    1.0
    """
    n10, n01, n00 = _other_cells(table)
    return (table.n11 + 0.5) * (n00 + 0.5) / ((n10 + 0.5) * (n01 + 0.5))


def odds_ratio_interval(
    n11: Values, n1: Values, n2: Values, n: Values, *, level: float = 0.95
) -> tuple[Floats, Floats]:
    """The confidence interval of :func:`odds_ratio`: lower and upper limit, float64 arrays of the shape of the counts.

    ``odds ratio times exp(-+ z sqrt(1/(n11 + 1/2) + 1/(n10 + 1/2) + 1/(n01 + 1/2) + 1/(n00 + 1/2)))``, with ``z`` of
    the normal distribution: approximate, and for one pair looked at alone, not for the best of many.

    Raises:
        KgError: ``level`` is not between 0 and 1, or the counts are impossible.

    References:
        Gart, J. J. (1966). Alternative analyses of contingency tables. Journal of the Royal Statistical Society B
        28(1), 164-179.
    """
    if not 0 < level < 1:
        message = f"level {level}: is not between 0 and 1; give for example 0.95"
        raise KgError(message)
    table = parse_table(n11, n1, n2, n)
    cells = (table.n11, *_other_cells(table))
    width = NormalDist().inv_cdf((1 + level) / 2) * np.sqrt(sum(1 / (cell + 0.5) for cell in cells))
    centre = np.log(odds_ratio(table.n11, table.n1, table.n2, table.n))
    return np.exp(centre - width), np.exp(centre + width)


@measure
def log_likelihood(table: Table) -> Floats:
    """Log-likelihood ratio G2 of dependence against independence: ``2 sum(observed ln(observed / expected))``.

    Range: 0 (independent) to infinity; the sum is over the four cells, with ``0 ln 0 = 0``. It grows with the number of
    units and has no sign: see lift or phi for the direction. Where the expected counts are 5 or more it is distributed
    as chi-squared with one degree of freedom. Undefined when there is no unit.

    References:
        Dunning, T. (1993). Accurate methods for the statistics of surprise and coincidence. Computational Linguistics
        19(1), 61-74.

    >>> log_likelihood(1, 2, 2, 4)
    0.0
    """
    rest1, rest2 = table.n - table.n1, table.n - table.n2
    n10, n01, n00 = _other_cells(table)
    cells = ((table.n11, table.n1, table.n2), (n10, table.n1, rest2), (n01, rest1, table.n2), (n00, rest1, rest2))
    total = np.zeros_like(table.n)
    for observed, row, column in cells:
        ratio = (observed * table.n) / (row * column)
        total += np.where(observed > 0, observed * np.log(np.where(observed > 0, ratio, 1.0)), 0.0)
    # Rounding can leave independent techniques a hair below 0.
    return np.where(table.n > 0, np.maximum(0.0, 2 * total), np.nan)


@measure
def conditional_entropy(table: Table) -> Floats:
    """Bits still needed to tell whether a unit holds the second technique once the first is known. Directed.

    ``H(second | first)``: the sum over the four cells of ``cell / n log2(row total / cell)``, with 0 for an empty cell.

    Range: 0 (the first settles the second) to 1. Depends on ``n``. Undefined when there is no unit.

    References:
        Shannon, C. E. (1948). A mathematical theory of communication. Bell System Technical Journal 27, 379-423,
        section 6.

    >>> conditional_entropy(1, 2, 2, 4), conditional_entropy(2, 2, 2, 4)
    (1.0, 0.0)
    """
    n10, n01, n00 = _other_cells(table)
    rest = table.n - table.n1
    total = np.zeros_like(table.n)
    for cell, row in ((table.n11, table.n1), (n10, table.n1), (n01, rest), (n00, rest)):
        total += np.where(cell > 0, cell * np.log2(np.where(cell > 0, row / cell, 1.0)), 0.0)
    return total / table.n


def _other_cells(table: Table) -> tuple[Floats, Floats, Floats]:
    """Units with the first alone, with the second alone, and with neither."""
    return table.n1 - table.n11, table.n2 - table.n11, table.n - table.n1 - table.n2 + table.n11


MEASURES: dict[str, Measure] = {
    "count": count,
    "support": support,
    "confidence": confidence,
    "jaccard": jaccard,
    "dice": dice,
    "lift": lift,
    "pmi": pmi,
    "npmi": npmi,
    "phi": phi,
    "yule-q": yule_q,
    "odds-ratio": odds_ratio,
    "log-likelihood": log_likelihood,
    "conditional-entropy": conditional_entropy,
}
"""Name to measure."""

DIRECTED = frozenset({"confidence", "conditional-entropy"})
"""The measures that change when the two techniques are exchanged."""

UNDEFINED: dict[str, str] = {
    "support": "there is no unit",
    "confidence": "the first technique does not occur",
    "jaccard": "neither technique occurs",
    "dice": "neither technique occurs",
    "lift": "one of the techniques does not occur",
    "pmi": "one of the techniques does not occur",
    "npmi": "both techniques occur in every unit, or one does not occur",
    "phi": "one of the techniques occurs in every unit or in none",
    "yule-q": "both products of opposite cells are 0",
    "log-likelihood": "there is no unit",
    "conditional-entropy": "there is no unit",
}
"""Name of a measure to when it is undefined; what is not named here is always defined."""
