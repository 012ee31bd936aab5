"""Which pairs are more than chance: every testable pair is tested, also those never seen together, and corrected for.

A pair is *testable* where both techniques occur in at least ``margin`` units. That filter knows the margins alone,
never the number of units with both: choosing pairs by what is to be tested would make chance look like signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.chi_squared import chi_squared_test
from kg.analysis.correction import benjamini_hochberg, benjamini_yekutieli, discrete_survivors, tarone
from kg.analysis.hypergeometric import fisher_test, least_apart, least_together, least_two_sided
from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.analysis.counting import PairCounts
    from kg.analysis.pairs import Column

TESTS = {"fisher": "Fisher's exact test", "chi-squared": "chi-squared test"}
"""Name of a test to what it is called in words."""

ALTERNATIVES = {"two-sided": "two-sided", "together": "for being together", "apart": "for being apart"}
"""Name of an alternative to how it is told."""

CORRECTIONS = {
    "bh": "Benjamini-Hochberg",
    "by": "Benjamini-Yekutieli",
    "tarone": "Tarone-Bonferroni",
    "discrete": "discrete Benjamini-Hochberg (DBH-SU)",
}
"""Name of a correction to what it is called in words."""

_MOST_PAIRS = 50_000_000
_MOST_ATTAINABLE = 20_000_000


@dataclass(frozen=True, slots=True)
class Significance:
    """How pairs are verdicts.

    Attributes:
        test: One of :data:`TESTS`.
        alternative: One of :data:`ALTERNATIVES`.
        correction: One of :data:`CORRECTIONS`.
        alpha: The rate of false discoveries (for ``tarone``: the chance of any) that is accepted; between 0 and 1.
        margin: A pair is testable where both techniques occur in at least so many units; None takes
            :func:`derived_margin`.

    Raises:
        UnknownNameError: no such test, alternative or correction.
        KgError: ``alpha`` is not between 0 and 1, ``margin`` is below 1, or a correction for exact tests is asked of
            the chi-squared test.
    """

    test: str = "fisher"
    alternative: str = "two-sided"
    correction: str = "bh"
    alpha: float = 0.05
    margin: int | None = 3

    def __post_init__(self) -> None:
        for kind, given, known in (
            ("test", self.test, TESTS),
            ("alternative", self.alternative, ALTERNATIVES),
            ("correction", self.correction, CORRECTIONS),
        ):
            if given not in known:
                raise unknown_name(kind, given, known)
        if not 0 < self.alpha < 1:
            raise KgError(f"alpha {self.alpha}: is not between 0 and 1; give for example 0.05")
        if self.margin is not None and self.margin < 1:
            raise KgError(f"margin {self.margin}: a testable technique occurs at least once; give 1 or more")
        if self.test == "chi-squared":
            if self.correction in {"tarone", "discrete"}:
                raise KgError(f"correction {self.correction}: needs an exact test; use the test fisher, or bh or by")
            if self.alternative != "two-sided":
                raise KgError(f"alternative {self.alternative}: chi-squared has no direction; use fisher, or two-sided")


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """All testable pairs, whether seen together or not; arrays with one entry a pair, sorted by first, then second.

    Attributes:
        first: Places in the techniques, int32.
        second: Places in the techniques, int32, each above ``first``.
        count: Units with both; int64, 0 where they are never together.
        count_a: Units with the first.
        count_b: Units with the second.
        units: N.
        margin: Both techniques of each pair occur in at least so many units.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    count: NDArray[np.int64]
    count_a: NDArray[np.int64]
    count_b: NDArray[np.int64]
    units: int
    margin: int

    def __len__(self) -> int:
        """How many pairs are testable."""
        return len(self.count)

    def place(self, first: NDArray[np.integer], second: NDArray[np.integer]) -> NDArray[np.int64]:
        """Where these pairs stand in the family; -1 where they do not. Each first is below its second."""
        size = int(max(self.second.max(initial=0), second.max(initial=0))) + 1
        own, wanted = self.first.astype(np.int64) * size + self.second, first.astype(np.int64) * size + second
        place = np.minimum(np.searchsorted(own, wanted), max(0, len(own) - 1))
        return np.where(own[place] == wanted, place, -1) if len(own) else np.full(len(wanted), -1)

    def together(self) -> NDArray[np.bool_]:
        """Whether a pair is seen together more often than if independent."""
        return self.count * float(self.units) > self.count_a * self.count_b.astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """The family with its verdicts.

    Attributes:
        asked: What was asked.
        words: What the test is called in words.
        family: The pairs.
        p_value: float64; not NaN, unless the chi-squared test is not valid for the pair.
        adjusted: float64, the p-value corrected for the number of tests; NaN for the correction ``discrete``, which
            gives a verdict and no number.
        survives: Whether the pair is left after the correction.
        more_than_expected: Whether the pair is together more often than chance would have it.
    """

    asked: Significance
    words: str
    family: Family
    p_value: NDArray[np.float64]
    adjusted: NDArray[np.float64]
    survives: NDArray[np.bool_]
    more_than_expected: NDArray[np.bool_]

    def counts(self) -> tuple[int, int]:
        """How many survivors are together more, and how many less, than chance would have them."""
        together = self.more_than_expected
        return int((self.survives & together).sum()), int((self.survives & ~together).sum())

    def in_words(self, unit: str) -> str:
        """The answer in a sentence: how many of the testable pairs survive, and what was asked of them.

        Args:
            unit: What units are called, in the plural.
        """
        asked, family = self.asked, self.family
        number = int((~np.isnan(self.p_value)).sum())
        techniques = f"both in {family.margin} or more of {family.units:,} {unit}"
        invalid = len(family) - number
        left = f"; {invalid:,} more are not valid for it (an expected count below 5)" if invalid else ""
        if not number:
            return f"no pair is testable ({techniques}){left}"
        survivors = int(self.survives.sum())
        together, apart = self.counts()
        verb = "survives" if survivors == 1 else "survive"
        sides = f", {together:,} more often together than by chance and {apart:,} less" if survivors else ""
        how = f"{self.words}, {ALTERNATIVES[asked.alternative]}"
        how += f", {CORRECTIONS[asked.correction]} at {asked.alpha:.3g}"
        pairs = "pair" if number == 1 else "pairs"
        return f"{survivors:,} of {number:,} testable {pairs} {verb}{sides} ({how}; testable: {techniques}){left}"

    def columns(self, first: NDArray[np.int32], second: NDArray[np.int32]) -> dict[str, Column]:
        """The columns of a table of pairs: ``p_value``, ``p_adjusted`` and ``verdict``.

        The verdict is ``together`` or ``apart`` for a pair that survives, ``chance`` for one that does not, and ``not
        testable``; there the two numbers are NaN.

        Args:
            first: Places of the first technique of each pair of the table.
            second: Places of the second, each above the first.
        """
        place = self.family.place(first, second)
        known = place >= 0
        p_value, adjusted = (np.full(len(place), np.nan) for _ in range(2))
        p_value[known], adjusted[known] = self.p_value[place[known]], self.adjusted[place[known]]
        verdict = np.full(len(place), "not testable")
        sides = np.where(self.survives, np.where(self.more_than_expected, "together", "apart"), "chance")
        tested = known & ~np.isnan(p_value)
        verdict[tested] = sides[place[tested]]
        return {"p_value": p_value, "p_adjusted": adjusted, "verdict": verdict}


def derived_margin(margins: NDArray[np.int64], units: int, alpha: float) -> int:
    """The least number of units in which techniques must occur for a test of their pairs not to be in vain.

    Of two techniques in ``m`` units each no test can say more than when they are never apart: a p-value of
    ``1 / C(units, m)``. With ``t`` techniques in ``m`` units or more there are ``t (t - 1) / 2`` tests; the margin is
    the least ``m`` at which that p-value is at most ``alpha`` over their number (Bonferroni). Pairs below it can only
    add to the number of tests. It rests on the margins alone, never on how many units hold both.

    Args:
        margins: For each technique in how many units it occurs.
        units: N.
        alpha: The rate of false discoveries that is accepted.

    Returns:
        1 or more; 1 where no margin is large enough, so that nothing is left out.

    References:
        Tarone, R. E. (1990). A modified Bonferroni method for discrete data. Biometrics 46(2), 515-522.

    >>> derived_margin(np.array([3] * 28), 62, 0.05)
    3
    """
    for margin in range(1, int(margins.max(initial=0)) + 1):
        techniques = int((margins >= margin).sum())
        tests = techniques * (techniques - 1) // 2
        if tests and float(least_two_sided(margin, margin, units)) <= alpha / tests:
            return margin
    return 1


def family_of(
    pairs: PairCounts,
    margins: NDArray[np.int64],
    units: int,
    *,
    margin: int = 3,
    excluded: tuple[NDArray[np.integer], NDArray[np.integer]] | None = None,
) -> Family:
    """Every pair of techniques that both occur in at least ``margin`` units.

    Args:
        pairs: The pairs seen together.
        margins: For each technique in how many units it occurs.
        units: N.
        margin: The least number of units for each of the two.
        excluded: Pairs to leave out, as places of the first and of the second.

    Raises:
        KgError: there are more than 50 million such pairs.
    """
    able = np.flatnonzero(margins >= margin)
    size = len(able)
    if size * (size - 1) // 2 > _MOST_PAIRS:
        message = (
            f"margin {margin}: {size:,} techniques occur in so many units, which makes {size * (size - 1) // 2:,} "
            f"pairs to test; raise the margin until there are at most {_MOST_PAIRS:,}"
        )
        raise KgError(message)
    rows, columns = np.triu_indices(size, 1)
    place = np.full(len(margins), -1, dtype=np.int64)
    place[able] = np.arange(size)
    counts = np.zeros(len(rows), dtype=np.int64)
    seen = _flat(place[pairs.first], place[pairs.second], size)
    counts[seen[seen >= 0]] = pairs.count[seen >= 0]
    keep = np.ones(len(rows), dtype=np.bool_)
    if excluded is not None:
        left_out = _flat(place[excluded[0]], place[excluded[1]], size)
        keep[left_out[left_out >= 0]] = False
    first, second = able[rows[keep]], able[columns[keep]]
    return Family(
        first.astype(np.int32),
        second.astype(np.int32),
        counts[keep],
        margins[first],
        margins[second],
        int(units),
        margin,
    )


def judge(family: Family, asked: Significance) -> Verdicts:
    """Test every pair of a family and correct for their number."""
    if asked.test == "chi-squared":
        outcome = chi_squared_test(family.count, family.count_a, family.count_b, family.units)
        values = np.where(outcome.valid, outcome.p_value, np.nan)
        return judge_values(family, values, asked)
    fisher = fisher_test(family.count, family.count_a, family.count_b, family.units)
    values = {"two-sided": fisher.two_sided, "together": fisher.together, "apart": fisher.apart}[asked.alternative]
    return judge_values(family, values, asked)


def judge_values(
    family: Family, values: NDArray[np.float64], asked: Significance, words: str | None = None
) -> Verdicts:
    """The verdicts on p-values already there; a pair whose value is NaN is not tested and not counted as a test."""
    words = words or TESTS[asked.test]
    adjusted = np.full(len(values), np.nan)
    survives = np.zeros(len(values), dtype=np.bool_)
    valid = np.flatnonzero(~np.isnan(values))
    if asked.correction == "discrete":
        survives[valid] = discrete_survivors(values[valid], _attainable(family, asked), asked.alpha)
        return Verdicts(asked, words, family, values, adjusted, survives, family.together())
    if asked.correction == "tarone":
        adjusted[valid] = tarone(values[valid], _least(family, asked)[valid])
    else:
        correct = {"bh": benjamini_hochberg, "by": benjamini_yekutieli}[asked.correction]
        adjusted[valid] = correct(values[valid])
    survives[valid] = adjusted[valid] <= asked.alpha
    return Verdicts(asked, words, family, values, adjusted, survives, family.together())


def _flat(first: NDArray[np.int64], second: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Where a pair of places stands among the pairs of the upper triangle; -1 where one of the two is -1."""
    low, high = np.minimum(first, second), np.maximum(first, second)
    return np.where(low >= 0, low * size - low * (low + 1) // 2 + high - low - 1, -1)


def _least(family: Family, asked: Significance) -> NDArray[np.float64]:
    least = {"two-sided": least_two_sided, "together": least_together, "apart": least_apart}[asked.alternative]
    return least(family.count_a, family.count_b, family.units)


def _attainable(family: Family, asked: Significance) -> list[NDArray[np.float64]]:
    """For each pair the p-values that its margins allow, sorted; pairs of equal margins share one array."""
    low, high = np.minimum(family.count_a, family.count_b), np.maximum(family.count_a, family.count_b)
    kinds, place = np.unique(np.stack([low, high]), axis=1, return_inverse=True)
    least = np.maximum(0, kinds[0] + kinds[1] - family.units)
    cells = int((kinds[0] - least + 1).sum())
    if cells > _MOST_ATTAINABLE:
        message = (
            f"correction discrete: these margins allow {cells:,} p-values, and with so many it gains nothing; use bh"
        )
        raise KgError(message)
    sizes = kinds[0] - least + 1
    ends = np.cumsum(sizes)
    # All counts of all kinds of margins in one go.
    counts = np.arange(cells) - np.repeat(ends - sizes - least, sizes)
    fisher = fisher_test(counts, np.repeat(kinds[0], sizes), np.repeat(kinds[1], sizes), family.units)
    values = {"two-sided": fisher.two_sided, "together": fisher.together, "apart": fisher.apart}[asked.alternative]
    lists = [np.unique(own) for own in np.split(values, ends[:-1])]
    return [lists[each] for each in place.ravel().tolist()]
