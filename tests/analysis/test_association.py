from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kg.analysis import association
from kg.analysis.association import (
    DIRECTED,
    MEASURES,
    UNDEFINED,
    conditional_entropy,
    confidence,
    count,
    dice,
    jaccard,
    lift,
    log_likelihood,
    npmi,
    odds_ratio,
    odds_ratio_interval,
    phi,
    pmi,
    support,
    yule_q,
)
from kg.errors import KgError, UndefinedMeasureError

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn

RANGES = {
    "count": (0, math.inf),
    "jaccard": (0, 1),
    "lift": (0, math.inf),
    "pmi": (-math.inf, math.inf),
    "npmi": (-1, 1),
    "support": (0, 1),
    "confidence": (0, 1),
    "dice": (0, 1),
    "phi": (-1, 1),
    "yule-q": (-1, 1),
    "odds-ratio": (0, math.inf),
    "log-likelihood": (0, math.inf),
    "conditional-entropy": (0, 1 + 1e-12),
}
UNDER_INDEPENDENCE = {"lift": 1.0, "pmi": 0.0, "npmi": 0.0, "phi": 0.0, "yule-q": 0.0, "log-likelihood": 0.0}
GROWS_WITH_UNITS = {"lift", "pmi", "odds-ratio"}
SAME_WITH_UNITS = {"count", "confidence", "jaccard", "dice"}


@st.composite
def tables(draw: DrawFn) -> tuple[int, int, int, int]:
    """Counts of two techniques that both occur, in any way that is possible."""
    cells = [draw(st.integers(0, 10**6)) for _ in range(4)]
    n11, only_first, only_second, neither = cells
    if n11 + only_first == 0 or n11 + only_second == 0:
        n11 += 1
    return n11, n11 + only_first, n11 + only_second, n11 + only_first + only_second + neither


def test_a_case_worked_by_hand() -> None:
    # 62 units; one technique in 6 of them, the other in 4, together in 4 (the top pair of the rows of release 1.6).
    assert count(4, 6, 4, 62) == 4
    assert jaccard(4, 6, 4, 62) == pytest.approx(4 / 6)
    assert lift(4, 6, 4, 62) == pytest.approx(62 / 6)
    assert pmi(4, 6, 4, 62) == pytest.approx(3.36923, abs=1e-5)  # log2(10.3333)
    assert npmi(4, 6, 4, 62) == pytest.approx(3.36923 / 3.95420, abs=1e-5)  # over log2(62/4)
    assert lift(4, 6, 4, 129) == pytest.approx(21.5)


def test_the_registry_holds_the_measures_by_their_names() -> None:
    assert all(getattr(association, name.replace("-", "_")) is measure for name, measure in MEASURES.items())
    assert set(RANGES) == set(MEASURES)
    assert set(UNDEFINED) < set(MEASURES)
    assert set(MEASURES) > DIRECTED


@pytest.mark.parametrize("name", MEASURES)
@given(table=tables())
def test_every_measure_is_symmetric_and_in_its_range(name: str, table: tuple[int, int, int, int]) -> None:
    n11, n1, n2, n = table
    lowest, highest = RANGES[name]
    try:
        value = MEASURES[name](n11, n1, n2, n)
    except UndefinedMeasureError:
        # Both occur in every unit; a technique in every unit; an empty cell in each product.
        n10, n01, n00 = n1 - n11, n2 - n11, n - n1 - n2 + n11
        when = {"npmi": n11 == n, "phi": n in {n1, n2}, "yule-q": n11 * n00 == n10 * n01 == 0}
        assert when[name]
        return
    assert lowest <= value <= highest
    if name not in DIRECTED:
        assert value == pytest.approx(MEASURES[name](n11, n2, n1, n), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("name", UNDER_INDEPENDENCE)
@given(a=st.integers(1, 99), b=st.integers(1, 99), c=st.integers(2, 99), d=st.integers(2, 99))
def test_independent_techniques_have_the_value_of_independence(name: str, a: int, b: int, c: int, d: int) -> None:
    # n = bcd, n1 = b x c, n2 = a share of c in d: then n11 = n1 n2 / n holds by construction.
    n11, n1, n2, n = a * b, a * b * c, a * b * d, a * b * c * d
    assert MEASURES[name](n11, n1, n2, n) == pytest.approx(UNDER_INDEPENDENCE[name], abs=1e-6)


@pytest.mark.parametrize("name", MEASURES)
@given(rows=st.lists(tables(), min_size=1, max_size=20))
def test_arrays_give_what_numbers_give_one_by_one(name: str, rows: list[tuple[int, int, int, int]]) -> None:
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    values = MEASURES[name](*columns)
    assert values.dtype == np.float64
    for row, value in zip(rows, values.tolist(), strict=True):
        if math.isnan(value):
            with pytest.raises(UndefinedMeasureError):
                MEASURES[name](*row)
        else:
            assert MEASURES[name](*row) == value


@pytest.mark.parametrize("name", MEASURES)
@given(table=tables(), more=st.integers(1, 1000))
def test_lift_pmi_and_odds_grow_with_units_in_which_nothing_was_coded_and_others_do_not_change(
    name: str, table: tuple[int, int, int, int], more: int
) -> None:
    n11, n1, n2, n = table
    if not n11 or n11 == n:
        return
    if name not in GROWS_WITH_UNITS | SAME_WITH_UNITS:
        return
    before, after = MEASURES[name](n11, n1, n2, n), MEASURES[name](n11, n1, n2, n + more)
    assert (after > before) if name in GROWS_WITH_UNITS else (after == before)


def test_the_other_measures_of_the_same_case_worked_by_hand() -> None:
    # n11 = 4, n10 = 2, n01 = 0, n00 = 56.
    assert support(4, 6, 4, 62) == pytest.approx(4 / 62)
    assert confidence(4, 6, 4, 62) == pytest.approx(4 / 6)
    assert confidence(4, 4, 6, 62) == 1
    assert dice(4, 6, 4, 62) == pytest.approx(8 / 10)
    assert phi(4, 6, 4, 62) == pytest.approx(4 * 56 / math.sqrt(6 * 56 * 4 * 58))
    assert yule_q(4, 6, 4, 62) == 1
    assert odds_ratio(4, 6, 4, 62) == pytest.approx(4.5 * 56.5 / (2.5 * 0.5))
    # 2 (4 ln(4 62/24) + 2 ln(2 62/(6 58)) + 56 ln(56 62/(56 58)))
    by_hand = 2 * (4 * math.log(248 / 24) + 2 * math.log(124 / 348) + 56 * math.log(62 / 58))
    assert log_likelihood(4, 6, 4, 62) == pytest.approx(by_hand)
    # Without the first technique the second never occurs; with it, in 4 of 6: 6/62 H(2/3).
    entropy = -(2 / 3 * math.log2(2 / 3) + 1 / 3 * math.log2(1 / 3))
    assert conditional_entropy(4, 6, 4, 62) == pytest.approx(6 / 62 * entropy)


def test_log_likelihood_agrees_with_scipy_and_its_limits_are_zero() -> None:
    outcome = stats.chi2_contingency([[12, 8], [5, 40]], correction=False, lambda_="log-likelihood")
    assert log_likelihood(12, 20, 17, 65) == pytest.approx(outcome.statistic)
    assert log_likelihood(3, 3, 9, 9) == 0
    assert log_likelihood(0, 0, 4, 9) == 0


def test_the_interval_of_the_odds_ratio_is_that_of_woolf_with_a_half_in_each_cell() -> None:
    # Cells 12.5, 8.5, 5.5, 40.5: 1.959964 standard errors of the logarithm to both sides.
    low, high = odds_ratio_interval(12, 20, 17, 65)
    centre = math.log(12.5 * 40.5 / (8.5 * 5.5))
    error = math.sqrt(1 / 12.5 + 1 / 8.5 + 1 / 5.5 + 1 / 40.5)
    assert math.log(low) == pytest.approx(centre - 1.959964 * error, abs=1e-5)
    assert math.log(high) == pytest.approx(centre + 1.959964 * error, abs=1e-5)


@given(table=tables(), level=st.floats(0.01, 0.99))
def test_the_interval_holds_the_odds_ratio_and_widens_with_the_level(
    table: tuple[int, int, int, int], level: float
) -> None:
    low, high = odds_ratio_interval(*table, level=level)
    assert 0 < low <= odds_ratio(*table) * (1 + 1e-9)
    assert odds_ratio(*table) <= high * (1 + 1e-9)
    wider = odds_ratio_interval(*table, level=(1 + level) / 2)
    assert wider[0] < low
    assert high < wider[1]


@pytest.mark.parametrize("level", [0, 1, -0.5, math.nan])
def test_a_level_of_confidence_lies_between_0_and_1(level: float) -> None:
    with pytest.raises(KgError, match=r"is not between 0 and 1; give for example 0\.95"):
        odds_ratio_interval(1, 2, 2, 4, level=level)


def test_techniques_that_are_never_together() -> None:
    assert jaccard(0, 3, 4, 9) == 0
    assert lift(0, 3, 4, 9) == 0
    assert pmi(0, 3, 4, 9) == -math.inf
    assert npmi(0, 3, 4, 9) == -1


def test_techniques_that_are_never_apart() -> None:
    assert jaccard(3, 3, 3, 10) == 1
    assert npmi(3, 3, 3, 10) == 1
    assert lift(1, 1, 1, 10) == 10


def test_a_technique_in_every_unit_says_nothing() -> None:
    assert lift(3, 3, 9, 9) == 1
    assert pmi(3, 3, 9, 9) == 0
    assert npmi(3, 3, 9, 9) == 0


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("jaccard", (0, 0, 0, 5)),
        ("lift", (0, 0, 3, 5)),
        ("pmi", (0, 3, 0, 5)),
        ("npmi", (0, 0, 3, 5)),
        ("npmi", (5, 5, 5, 5)),
        ("lift", (0, 0, 0, 0)),
        ("support", (0, 0, 0, 0)),
        ("confidence", (0, 0, 3, 5)),
        ("dice", (0, 0, 0, 5)),
        ("phi", (3, 5, 3, 5)),
        ("phi", (0, 0, 3, 5)),
        ("yule-q", (0, 0, 3, 5)),
        ("log-likelihood", (0, 0, 0, 0)),
        ("conditional-entropy", (0, 0, 0, 0)),
    ],
)
def test_an_undefined_measure_is_said_for_numbers_and_nan_for_arrays(
    name: str, table: tuple[int, int, int, int]
) -> None:
    called = name.replace("-", "_")
    with pytest.raises(
        UndefinedMeasureError, match=rf"{called} is undefined \(0/0\) for n11={table[0]}, n1={table[1]}"
    ):
        MEASURES[name](*table)
    assert np.isnan(MEASURES[name](*(np.array([value]) for value in table))).all()


@pytest.mark.parametrize("name", MEASURES)
@pytest.mark.parametrize(
    ("table", "why"),
    [
        ((4, 3, 5, 9), "n11 can be at most the smaller of n1 and n2"),
        ((1, 5, 5, 8), "n must be at least that"),
        ((-1, 2, 2, 4), "whole numbers from 0"),
        ((0.5, 1, 1, 3), "whole numbers from 0"),
        ((math.nan, 1, 1, 3), "whole numbers from 0"),
        ((1, 2, 2, math.inf), "whole numbers from 0"),
    ],
)
def test_impossible_counts_are_refused_with_the_reason(
    name: str, table: tuple[float, float, float, float], why: str
) -> None:
    with pytest.raises(KgError, match=why):
        MEASURES[name](*table)


def test_the_first_impossible_counts_of_an_array_are_named() -> None:
    with pytest.raises(KgError, match="impossible counts n11=7, n1=6, n2=8, n=20"):
        lift(np.array([1, 7, 9]), np.array([2, 6, 6]), np.array([2, 8, 8]), 20)


def test_one_number_of_units_serves_a_whole_array_and_no_input_is_changed() -> None:
    n11 = np.array([[1, 2], [3, 4]])
    values = count(n11, n11 + 1, n11 + 2, 50)
    values += 1
    assert values.shape == (2, 2)
    assert n11.tolist() == [[1, 2], [3, 4]]
