"""Measures and corrections against statsmodels, an implementation by others; it comes with the extra dev."""

from __future__ import annotations

import numpy as np
import pytest

from kg.analysis.association import log_likelihood, odds_ratio, odds_ratio_interval
from kg.analysis.chi_squared import chi_squared_test
from kg.analysis.correction import benjamini_hochberg, benjamini_yekutieli

REASON = "statsmodels is not installed; it comes with the extra dev"
# Units with both, with the first, with the second, all: sparse and full, alike and lopsided, with empty cells.
TABLES = [
    (3, 5, 4, 20),
    (0, 4, 5, 60),
    (4, 4, 9, 62),
    (40, 70, 55, 90),
    (1, 300, 2, 1_000),
    (999, 3_000, 4_000, 10_000),
]


def cells_of(n11: int, n1: int, n2: int, n: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    return np.array([[n11, n1 - n11], [n2 - n11, n - n1 - n2 + n11]], dtype=np.float64)


@pytest.mark.parametrize(("ours", "theirs"), [(benjamini_hochberg, "fdr_bh"), (benjamini_yekutieli, "fdr_by")])
def test_corrections_give_what_multipletests_gives(ours: object, theirs: str) -> None:
    module = pytest.importorskip("statsmodels.stats.multitest", reason=REASON)
    assert callable(ours)
    chance = np.random.default_rng(7)
    for size in (1, 2, 40, 3_000):
        values = np.round(chance.beta(0.4, 1.0, size), 3)  # with ties
        np.testing.assert_allclose(ours(values), module.multipletests(values, method=theirs)[1], rtol=1e-12)


@pytest.mark.parametrize("counts", TABLES)
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_odds_ratio_and_its_interval_are_those_of_a_table_with_one_half_in_each_cell(
    counts: tuple[int, int, int, int], level: float
) -> None:
    module = pytest.importorskip("statsmodels.stats.contingency_tables", reason=REASON)
    table = module.Table2x2(cells_of(*counts) + 0.5, shift_zeros=False)
    assert odds_ratio(*counts) == pytest.approx(table.oddsratio, rel=1e-12)
    low, high = odds_ratio_interval(*counts, level=level)
    assert (float(low), float(high)) == pytest.approx(table.oddsratio_confint(1 - level), rel=1e-9)


@pytest.mark.parametrize("counts", TABLES)
def test_g2_is_the_likelihood_ratio_of_independence(counts: tuple[int, int, int, int]) -> None:
    module = pytest.importorskip("statsmodels.stats.gof", reason=REASON)
    tables = pytest.importorskip("statsmodels.stats.contingency_tables", reason=REASON)
    cells = cells_of(*counts)
    expected = tables.Table(cells, shift_zeros=False).fittedvalues
    filled = cells.ravel() > 0  # 0 ln 0 is 0, which it does not know
    theirs = 2 * np.sum(cells.ravel()[filled] * np.log(cells.ravel()[filled] / expected.ravel()[filled]))
    assert log_likelihood(*counts) == pytest.approx(theirs, rel=1e-9)
    if filled.all():
        discrepancy, _ = module.powerdiscrepancy(cells.ravel(), expected.ravel(), lambd=0.0)
        assert log_likelihood(*counts) == pytest.approx(discrepancy, rel=1e-9)


@pytest.mark.parametrize("counts", TABLES)
def test_chi_squared_is_the_test_of_nominal_association(counts: tuple[int, int, int, int]) -> None:
    module = pytest.importorskip("statsmodels.stats.contingency_tables", reason=REASON)
    theirs = module.Table(cells_of(*counts), shift_zeros=False).test_nominal_association()
    ours = chi_squared_test(*counts)
    assert float(ours.statistic) == pytest.approx(theirs.statistic, rel=1e-9)
    assert float(ours.p_value) == pytest.approx(theirs.pvalue, rel=1e-9)
