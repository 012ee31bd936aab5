"""Random tables with both margins kept: against all tables there are, and against another algorithm."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.curveball import Curveball, _drawn
from kg.analysis.nullmodel import NullModel, compare_with_null
from kg.analysis.significance import Significance
from kg.errors import KgError, UnknownNameError
from kg.incidence import incidence_of
from tests.benchmarks.incidences import incidence_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

TABLES = st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=9)

# Five units of sizes 2 2 3 1 1 and four techniques in 3 2 2 2 of them; an odd number of units, so that one always
# rests.
SMALL = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 1], [0, 0, 0, 1], [1, 0, 0, 0]])


def held_in(matrix: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    units, techniques = np.nonzero(matrix)
    return units, techniques


def matrix_of(walk: Curveball, shape: tuple[int, ...]) -> NDArray[np.int64]:
    matrix = np.zeros(shape, dtype=np.int64)
    matrix[walk.unit_index, walk.technique_index] = 1
    return matrix


def all_tables(matrix: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Every table with the margins of this one, by trying all rows of the right size."""
    rows = [
        [row for row in itertools.product((0, 1), repeat=matrix.shape[1]) if sum(row) == size] for size in matrix.sum(1)
    ]
    tables = (np.array(rows_) for rows_ in itertools.product(*rows))
    return [table for table in tables if (table.sum(0) == matrix.sum(0)).all()]


def swapped(matrix: NDArray[np.int64], swaps: int, chance: np.random.Generator) -> NDArray[np.int64]:
    """Another algorithm: pick two rows and two columns; where they are a checkerboard, turn it (Besag and Clifford)."""
    matrix = matrix.copy()
    for _ in range(swaps):
        rows = chance.choice(matrix.shape[0], 2, replace=False)
        columns = chance.choice(matrix.shape[1], 2, replace=False)
        square = matrix[np.ix_(rows, columns)]
        if square[0, 0] == square[1, 1] != square[0, 1] == square[1, 0]:
            matrix[np.ix_(rows, columns)] = 1 - square
    return matrix


@given(TABLES, st.integers(0, 99))
def test_every_round_keeps_both_margins_and_the_order(rows: list[list[bool]], seed: int) -> None:
    matrix = np.array(rows, dtype=np.int64)
    walk = Curveball(*held_in(matrix), 5)
    for _ in range(3):
        walk.rounds(1, np.random.default_rng(seed))
        moved = matrix_of(walk, matrix.shape)
        assert (moved.sum(0) == matrix.sum(0)).all()
        assert (moved.sum(1) == matrix.sum(1)).all()
        places = list(zip(walk.unit_index.tolist(), walk.technique_index.tolist(), strict=True))
        assert places == sorted(set(places))


def test_all_tables_with_the_margins_are_reached_and_equally_often() -> None:
    every = all_tables(SMALL)
    walk, chance = Curveball(*held_in(SMALL), 4), np.random.default_rng(5)
    seen: Counter[bytes] = Counter()
    for _ in range(12_000):
        walk.rounds(3, chance)
        seen[matrix_of(walk, SMALL.shape).tobytes()] += 1
    assert len(every) == 120
    assert set(seen) == {table.tobytes() for table in every}
    # Chi-squared with 119 degrees of freedom passes 173 once in a thousand seeds; this one is fixed.
    expected = 12_000 / len(every)
    assert sum((count - expected) ** 2 / expected for count in seen.values()) < stats.chi2.ppf(0.999, len(every) - 1)


def test_drawing_from_a_heap_gives_every_choice_equally_often() -> None:
    heap = np.repeat([0, 1, 2, 3], [4, 0, 3, 1])
    seen: Counter[tuple[int, ...]] = Counter()
    chance = np.random.default_rng(2)
    for _ in range(6_000):
        taken = _drawn(heap, np.array([2, 0, 1, 1]), chance)
        assert [taken[:4].sum(), taken[4:7].sum(), taken[7:].sum()] == [2, 1, 1]
        seen[tuple(np.flatnonzero(taken).tolist())] += 1
    # Two of four times one of three: 18 choices, each about 333 times.
    assert len(seen) == 18
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


def test_p_values_and_moments_are_those_of_all_tables_counted_out() -> None:
    every = np.array(all_tables(SMALL))
    first, second = np.triu_indices(4, 1)
    counts = (every[:, :, first] * every[:, :, second]).sum(1)
    seen = (SMALL[:, first] * SMALL[:, second]).sum(0)
    outcome = compare_with_null(*held_in(SMALL), 4, (first, second), NullModel(randomisations=20_000, workers=1))
    # 20,000 tables, about half of them as good as independent: an error of 0.005 is one deviation.
    assert outcome.together == pytest.approx((counts >= seen).mean(0), abs=0.02)
    assert outcome.apart == pytest.approx((counts <= seen).mean(0), abs=0.02)
    assert outcome.mean == pytest.approx(counts.mean(0), abs=0.02)
    assert outcome.deviation == pytest.approx(counts.std(0), abs=0.02)
    assert outcome.z == pytest.approx((seen - counts.mean(0)) / counts.std(0), abs=0.08)


def test_means_and_deviations_are_those_of_another_algorithm() -> None:
    chance = np.random.default_rng(11)
    matrix = (chance.random((25, 8)) < np.linspace(0.1, 0.7, 8)).astype(np.int64)
    matrix = matrix[matrix.sum(1) > 0]
    first, second = np.triu_indices(8, 1)
    others, table = [], matrix
    for _ in range(1_200):
        table = swapped(table, 120, chance)
        others.append((table[:, first] * table[:, second]).sum(0))
    outcome = compare_with_null(*held_in(matrix), 8, (first, second), NullModel(randomisations=4_000, workers=1))
    assert outcome.mean == pytest.approx(np.mean(others, axis=0), abs=0.2)
    assert outcome.deviation == pytest.approx(np.std(others, axis=0), abs=0.15)


def test_under_the_null_a_p_value_is_no_smaller_than_it_says() -> None:
    # Tables drawn from the null itself, few random tables to compare with, and a walk that mixes badly: still exact.
    chance = np.random.default_rng(4)
    walk = Curveball(*held_in(SMALL), 4)
    small = []
    for seed in range(250):
        walk.rounds(15, chance)
        model = NullModel(randomisations=9, seed=seed, workers=1)
        outcome = compare_with_null(walk.unit_index, walk.technique_index, 4, (np.array([0]), np.array([1])), model)
        small.append(outcome.together[0])
    for level in (0.1, 0.2, 0.5):
        # Three standard errors of 250 trials.
        assert np.mean(np.array(small) <= level) <= level + 3 * np.sqrt(level * (1 - level) / 250)


def test_the_number_of_workers_and_the_kind_change_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    units, techniques = incidence_arrays(600, 20)
    pairs = np.triu_indices(20, 1)
    outcomes = [
        compare_with_null(units, techniques, 20, pairs, NullModel(randomisations=150, seed=3, workers=workers))
        for workers in (1, 2, 5)
    ]
    monkeypatch.setattr("kg.analysis.nullmodel.get_all_start_methods", lambda: ["spawn"])
    outcomes.append(compare_with_null(units, techniques, 20, pairs, NullModel(randomisations=150, seed=3, workers=2)))
    for other in outcomes[1:]:
        assert other.together.tolist() == outcomes[0].together.tolist()
        assert other.mean.tolist() == outcomes[0].mean.tolist()
    another = compare_with_null(units, techniques, 20, pairs, NullModel(randomisations=150, seed=4, workers=1))
    assert another.mean.tolist() != outcomes[0].mean.tolist()


@pytest.mark.parametrize("randomisations", [1, 5, 31, 32, 33, 200])
def test_as_many_tables_are_made_as_were_asked_for_and_progress_tells_them_all(randomisations: int) -> None:
    made: list[int] = []
    model = NullModel(randomisations=randomisations, workers=1)
    outcome = compare_with_null(*held_in(SMALL), 4, np.triu_indices(4, 1), model, made.append)
    assert sum(made) == randomisations
    # Each table is at least or at most as large, or both; the one seen is both.
    assert ((outcome.together + outcome.apart) * (randomisations + 1) >= randomisations + 2 - 1e-9).all()
    assert (outcome.together >= model.floor).all()


def test_what_the_size_of_units_explains_is_no_signal_and_what_it_does_not_explain_is() -> None:
    # Ten pages that name nearly everything and forty that name one thing: Fisher calls their techniques related.
    chance = np.random.default_rng(8)
    names = [f"T{number}" for number in range(12)]
    units = [[name for name in names if chance.random() < 0.75] for _ in range(10)]
    units += [[names[int(chance.integers(12))]] for _ in range(40)]
    # And a pair that is always together, in pages of all sizes.
    units = [[*unit, "X", "Y"] if place % 5 == 0 else unit for place, unit in enumerate(units)]
    both = [(f"I{place:02}", name) for place, unit in enumerate(units) for name in unit]
    table = incidence_of((unit for unit, _ in both), (name for _, name in both))
    asked, model = Significance(), NullModel(randomisations=4_000, workers=1)
    pairs = cooccurrence_of(table, significance=asked, null=model)
    assert pairs.verdicts is not None
    assert pairs.null_verdicts is not None
    assert pairs.verdicts.counts()[0] > 20
    assert pairs.null_verdicts.counts()[0] < 5
    row = next(row for row in pairs.rows() if (row["technique_a"], row["technique_b"]) == ("X", "Y"))
    assert (row["verdict"], row["null_verdict"]) == ("together", "together")
    assert float(row["z"] or 0) > 3
    assert "null model with both margins kept, 4,000 random tables, seed 0" in pairs.sentences()[2]


def test_the_floor_of_the_p_values_is_said_and_what_it_costs() -> None:
    units, techniques = incidence_arrays(600, 20)
    table = incidence_of(map(str, units.tolist()), map(str, techniques.tolist()))
    pairs = cooccurrence_of(table, null=NullModel(randomisations=99, workers=1))
    # Twenty techniques make 190 pairs; a floor of 0.02 times 190 over 0.05 is 76.
    assert (
        "no p-value of 99 random tables is below 0.02: 76 pairs must reach it before Benjamini-Hochberg can let any "
        "survive; with 7,599 tables one pair alone could"
    ) in pairs.remarks


@pytest.mark.parametrize("units", [[], ["a"], ["ab", "ab", "ab"], ["a", "b", "c"]])
def test_where_margins_allow_one_table_nothing_is_unusual(units: list[str]) -> None:
    both = [(str(place), name) for place, unit in enumerate(units) for name in unit]
    table = incidence_of((unit for unit, _ in both), (name for _, name in both))
    pairs = cooccurrence_of(table, null=NullModel(randomisations=20, workers=1))
    assert {row["z"] for row in pairs.rows()} <= {None}
    assert {row["p_null"] for row in pairs.rows()} <= {None, 1.0}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": "curvball"}, "unknown null model 'curvball'; did you mean 'curveball'"),
        ({"randomisations": 0}, "randomisations 0: are too few"),
        ({"seed": -1}, "seed -1: is negative"),
        ({"workers": 0}, "workers 0: are too few"),
    ],
)
def test_a_null_model_that_makes_no_sense_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises((KgError, UnknownNameError), match=message):
        NullModel(**values)  # type: ignore[arg-type]


def test_a_correction_for_exact_tests_is_refused() -> None:
    table = incidence_of(["1"], ["a"])
    with pytest.raises(KgError, match="correction tarone: needs an exact test, which random tables are not"):
        cooccurrence_of(table, significance=Significance(correction="tarone"), null=NullModel(randomisations=5))
