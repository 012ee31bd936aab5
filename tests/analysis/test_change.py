"""What changed: intervals of the published tables, tests of scipy."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import fisher_exact

from kg.analysis.change import changes, difference_interval, wilson_interval
from kg.errors import KgError
from kg.incidence import incidence_of


@pytest.mark.parametrize(
    ("first", "second", "low", "high"),
    [
        # Newcombe (1998), table II, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/20, 10/10 - 0/10.
        ((48, 80), (56, 70), 0.0524, 0.3339),
        ((3, 10), (9, 10), 0.1705, 0.8090),
        ((0, 20), (10, 10), 0.6791, 1.0000),
        ((0, 10), (10, 10), 0.6075, 1.0000),
    ],
)
def test_intervals_are_those_of_newcombes_table(
    first: tuple[int, int], second: tuple[int, int], low: float, high: float
) -> None:
    gap, lower, upper = difference_interval(*first, *second)
    assert gap == pytest.approx(second[0] / second[1] - first[0] / first[1])
    assert (lower, upper) == pytest.approx((low, high), abs=6e-5)


def test_wilsons_interval_of_newcombes_example() -> None:
    # Newcombe (1998), Interval estimation for the single proportion: 81/263 gives 0.2553 to 0.3662.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=6e-5)


def test_changes_are_counted_tested_and_put_into_words() -> None:
    before = incidence_of([f"a{unit}" for unit in range(30)], ["T0001"] * 28 + ["T0002"] * 2)
    after = incidence_of([f"b{unit}" for unit in range(40)], ["T0001"] * 10 + ["T0003"] * 30)
    found = changes(before, after)
    assert (found.units_before, found.units_after) == (30, 40)
    assert [(item.technique, item.before, item.after) for item in found.changes] == [
        ("T0003", 0, 30),
        ("T0001", 28, 10),
        ("T0002", 2, 0),
    ]
    assert found.changes[1].p_value == pytest.approx(float(fisher_exact(np.array([[28, 2], [10, 30]])).pvalue))
    assert found.sentences()[0].startswith("N 30 before, 40 after; 2 of 3 techniques changed")


def test_a_period_without_units_is_one_line() -> None:
    with pytest.raises(KgError, match="the second period holds no incident"):
        changes(incidence_of("a", ["T0001"]), incidence_of([], []))
