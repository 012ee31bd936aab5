from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kg.analysis.correction import benjamini_hochberg, benjamini_yekutieli, discrete_survivors, tarone
from kg.errors import KgError

if TYPE_CHECKING:
    from numpy.typing import NDArray

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=40)


@st.composite
def discrete_tests(draw: st.DrawFn) -> tuple[list[float], list[NDArray[np.float64]]]:
    """Some tests, each with its attainable p-values and one of them."""
    steps = st.lists(st.sampled_from([0.001, 0.004, 0.01, 0.02, 0.03, 0.05, 0.2, 0.5]), max_size=4, unique=True)
    attainable = [np.array([*sorted(own), 1.0]) for own in draw(st.lists(steps, min_size=1, max_size=8))]
    return [float(draw(st.sampled_from(own.tolist()))) for own in attainable], attainable


@given(P_VALUES)
def test_the_false_discovery_rates_agree_with_scipy(p_values: list[float]) -> None:
    assert benjamini_hochberg(p_values) == pytest.approx(stats.false_discovery_control(p_values))
    assert benjamini_yekutieli(p_values) == pytest.approx(stats.false_discovery_control(p_values, method="by"))


@given(P_VALUES)
def test_a_smaller_p_value_never_has_a_larger_adjusted_one(p_values: list[float]) -> None:
    for adjusted in (benjamini_hochberg(p_values), tarone(p_values, [0.0] * len(p_values))):
        order = np.argsort(p_values)
        assert (np.diff(adjusted[order]) >= 0).all()
        assert (adjusted >= np.array(p_values) * (1 - 1e-12)).all()


@given(P_VALUES)
def test_tarone_is_bonferroni_where_any_p_value_is_attainable(p_values: list[float]) -> None:
    assert tarone(p_values, [0.0] * len(p_values)) == pytest.approx(np.minimum(1, np.array(p_values) * len(p_values)))


@given(st.lists(st.tuples(st.floats(1e-9, 1), st.floats(0.01, 1)), min_size=1, max_size=30), st.floats(0.001, 0.2))
def test_tarone_rejects_what_his_own_search_for_k_rejects_and_keeps_to_its_bound(
    tests: list[tuple[float, float]], alpha: float
) -> None:
    least = np.array([value * share for value, share in tests])
    p_values = np.array([value for value, _ in tests])
    # Tarone (1990): the smallest k such that at most k tests can reach alpha / k.
    k = next(k for k in itertools.count(1) if (least <= alpha / k).sum() <= k)
    adjusted = tarone(p_values, least)
    assert (adjusted[p_values <= alpha / k] <= alpha * (1 + 1e-6)).all()
    # And no more than keeps the chance of any false one within alpha: the sum over tests that can be so small.
    for level in p_values[adjusted <= alpha].tolist():
        assert level * (least <= level).sum() <= alpha * (1 + 1e-6)


def by_definition(p_values: list[float], attainable: list[NDArray[np.float64]], alpha: float) -> list[bool]:
    """DBH-SU step by step, as the paper defines it, with critical values up to alpha."""
    tests = len(p_values)

    def chance(own: NDArray[np.float64], t: float) -> float:
        return max((value for value in own.tolist() if value <= t), default=0.0)

    steps = sorted({value for own in attainable for value in own.tolist() if value <= alpha})
    fit = [t for t in steps if sum(chance(a, t) / (1 - chance(a, t)) for a in attainable) <= alpha * tests]
    last = max(fit, default=0.0)
    critical = []
    for rank in range(1, tests + 1):
        fits = [
            t
            for t in steps
            if t <= last and sum(chance(a, t) / (1 - chance(a, last)) for a in attainable) <= alpha * rank + 1e-15
        ]
        critical.append(max(fits, default=-1.0))
    ordered = sorted(p_values)
    passed = [rank for rank in range(tests) if ordered[rank] <= critical[rank]]
    return [value <= critical[passed[-1]] for value in p_values] if passed else [False] * tests


@given(discrete_tests(), st.sampled_from([0.01, 0.05, 0.1]))
def test_the_discrete_procedure_is_the_one_of_the_paper(
    given_tests: tuple[list[float], list[NDArray[np.float64]]], alpha: float
) -> None:
    p_values, attainable = given_tests
    assert discrete_survivors(p_values, attainable, alpha).tolist() == by_definition(p_values, attainable, alpha)


def test_the_discrete_procedure_gains_where_others_cannot_speak() -> None:
    # Nineteen tests that can give nothing below 1, and one that gave 0.01: Benjamini-Hochberg counts all twenty.
    p_values, attainable = [0.01] + [1.0] * 19, [np.array([0.01, 1.0])] + [np.array([1.0])] * 19
    assert benjamini_hochberg(p_values)[0] == pytest.approx(0.2)
    assert discrete_survivors(p_values, attainable, 0.05).tolist() == [True] + [False] * 19


def test_no_test_gives_no_adjusted_value() -> None:
    assert benjamini_hochberg([]).tolist() == benjamini_yekutieli([]).tolist() == tarone([], []).tolist() == []
    assert discrete_survivors([], [], 0.05).tolist() == []


def test_each_discrete_test_brings_its_list() -> None:
    with pytest.raises(KgError, match="1 p-values and 0 lists of attainable ones"):
        discrete_survivors([0.5], [], 0.05)
