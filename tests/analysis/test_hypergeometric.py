from __future__ import annotations

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kg.analysis.hypergeometric import fisher_test, least_apart, least_together, least_two_sided

MARGINS = st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.integers(0, n), st.just(n)))


def distribution(n1: int, n2: int, n: int) -> dict[int, Fraction]:
    """Exact probabilities of each possible count, as fractions."""
    possible = range(max(0, n1 + n2 - n), min(n1, n2) + 1)
    return {x: Fraction(comb(n1, x) * comb(n - n1, n2 - x), comb(n, n2)) for x in possible}


def test_every_table_of_up_to_ten_units_has_the_exact_p_values() -> None:
    tables = [
        (x, n1, n2, n) for n in range(11) for n1 in range(n + 1) for n2 in range(n + 1) for x in distribution(n1, n2, n)
    ]
    outcome = fisher_test(*np.array(tables).T)
    for place, (x, n1, n2, n) in enumerate(tables):
        exact = distribution(n1, n2, n)
        assert outcome.together[place] == pytest.approx(float(sum(p for y, p in exact.items() if y >= x)), rel=1e-12)
        assert outcome.apart[place] == pytest.approx(float(sum(p for y, p in exact.items() if y <= x)), rel=1e-12)
        assert outcome.two_sided[place] == pytest.approx(
            float(sum(p for p in exact.values() if p <= exact[x])), rel=1e-12
        )


@pytest.mark.parametrize(("units", "most"), [(62, 30), (5_000, 900), (1_000_000, 30_000)])
def test_two_sided_p_values_agree_with_scipy(units: int, most: int) -> None:
    random = np.random.default_rng(7)
    n1, n2 = random.integers(1, most, (2, 150))
    # As drawn by chance, and much too often together: far tails too.
    x = np.maximum(random.hypergeometric(n1, units - n1, n2), random.integers(0, 2, 150) * (np.minimum(n1, n2) // 40))
    ours = fisher_test(x, n1, n2, units).two_sided
    for a, b, c, mine in zip(x.tolist(), n1.tolist(), n2.tolist(), ours.tolist(), strict=True):
        theirs = stats.fisher_exact(np.array([[a, b - a], [c - a, units - b - c + a]])).pvalue
        assert mine == pytest.approx(theirs, rel=1e-6, abs=1e-300)


@given(MARGINS)
def test_the_least_p_values_are_the_smallest_that_the_margins_allow(margins: tuple[int, int, int]) -> None:
    counts = np.array(sorted(distribution(*margins)))
    outcome = fisher_test(counts, *margins)
    assert least_together(*margins) == pytest.approx(outcome.together.min(), rel=1e-9)
    assert least_apart(*margins) == pytest.approx(outcome.apart.min(), rel=1e-9)
    assert least_two_sided(*margins) == pytest.approx(outcome.two_sided.min(), rel=1e-9)


@given(MARGINS)
def test_the_chance_of_a_p_value_is_never_above_the_p_value(margins: tuple[int, int, int]) -> None:
    exact = distribution(*margins)
    outcome = fisher_test(np.array(sorted(exact)), *margins)
    for values in (outcome.together, outcome.apart, outcome.two_sided):
        for level in values:
            chance = sum(p for (_, p), value in zip(sorted(exact.items()), values, strict=True) if value <= level)
            assert float(chance) <= level * (1 + 1e-6)


def test_exchanging_the_techniques_or_asking_for_their_absence_changes_no_p_value() -> None:
    first, second = fisher_test(4, 6, 9, 62), fisher_test(4, 9, 6, 62)
    # Without the second technique: 6 - 4 = 2 units with the first and not the second, of 53 without it.
    absent = fisher_test(2, 6, 53, 62)
    assert first.together == pytest.approx(second.together) == pytest.approx(absent.apart)
    assert first.two_sided == pytest.approx(second.two_sided) == pytest.approx(absent.two_sided)


def test_a_shape_is_kept_and_numbers_broadcast() -> None:
    outcome = fisher_test(np.array([[0, 1], [2, 3]]), 3, 4, 9)
    assert outcome.two_sided.shape == (2, 2)
    assert fisher_test(np.array([], dtype=int), np.array([], dtype=int), np.array([], dtype=int), 9).together.size == 0


def test_p_values_too_small_for_a_float_are_zero_and_not_nan() -> None:
    assert fisher_test(50_000, 50_000, 50_000, 100_000).two_sided == 0
