"""On tables of which the truth is known: the rate of false discoveries is what it claims, and planted pairs are found.

Seeded, and small enough to be quick; ``python -m tests.benchmarks signal`` is the full study.
"""

from __future__ import annotations

import numpy as np
import pytest

from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.significance import CORRECTIONS, Significance, Verdicts
from kg.analysis.sizes import LIKE, size_ratio
from kg.incidence import incidence_of
from tests.benchmarks.simulation import World, is_planted, simulated


def judged(world: World, seed: int, **asked: str) -> Verdicts:
    verdicts = cooccurrence_of(simulated(world, seed), significance=Significance(**asked)).verdicts  # type: ignore[arg-type]
    assert verdicts is not None
    return verdicts


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_where_there_is_nothing_to_find_the_rate_of_false_discoveries_is_kept(correction: str) -> None:
    tables = 100
    false = np.mean([judged(World(), seed, correction=correction).survives.any() for seed in range(tables)])
    # Three standard errors above 5 %.
    assert false <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / tables)


def test_units_of_unlike_size_deceive_the_exact_test_and_the_answer_says_so() -> None:
    deceived, warned = 0, 0
    for seed in range(20):
        pairs = cooccurrence_of(simulated(World(spread=0.8), seed), significance=Significance())
        assert pairs.verdicts is not None
        deceived += bool(pairs.verdicts.survives.any())
        warned += any("differ in size" in remark for remark in pairs.remarks)
    # Nothing is planted: at 5 % one table of twenty would do.
    assert deceived > 5
    assert warned >= 19


def test_units_that_are_alike_give_no_warning() -> None:
    ratios = [size_ratio(simulated(World(), seed)) for seed in range(30)]
    assert max(ratio or 0 for ratio in ratios) <= LIKE
    assert np.mean([ratio or 0 for ratio in ratios]) == pytest.approx(1, abs=0.1)


def test_the_ratio_of_sizes_worked_by_hand() -> None:
    table = incidence_of(["1", "1", "2", "2", "3"], ["a", "b", "a", "b", "c"])
    # The sizes are 2, 2, 1: variance 2/9; shares 2/3, 2/3, 1/3: 6/9.
    assert size_ratio(table) == pytest.approx((2 / 9) / (6 / 9))
    assert size_ratio(incidence_of(["1"], ["a"])) is None


def test_uncorrected_there_would_be_false_discoveries_in_every_table() -> None:
    assert all((judged(World(), seed).p_value <= 0.05).any() for seed in range(20))


def test_the_stronger_a_planted_pair_the_more_often_it_is_found() -> None:
    shares = []
    for strength in (0.0, 0.4, 0.8):
        world = World(planted=5, strength=strength)
        found, survivors = 0, 0
        for seed in range(25):
            verdicts = judged(world, seed)
            names = simulated(world, seed).techniques
            pairs = [(names[a], names[b]) for a, b in zip(verdicts.family.first, verdicts.family.second, strict=True)]
            planted = np.array([is_planted(world, *pair) for pair in pairs])
            found += int((verdicts.survives & planted).sum())
            survivors += int(verdicts.survives.sum())
        shares.append(found / (5 * 25))
        assert survivors - found <= max(3, 0.15 * survivors)
    assert shares[0] < 0.02
    assert shares[0] < shares[1] < shares[2]
    assert shares[2] > 0.8


def test_the_discrete_correction_finds_no_less_than_the_plain_one() -> None:
    world = World(planted=5, strength=0.35)
    plain, discrete = (
        sum(int(judged(world, seed, correction=name).survives.sum()) for seed in range(25))
        for name in ("bh", "discrete")
    )
    assert discrete >= plain > 0
