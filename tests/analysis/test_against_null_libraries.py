"""The null model against published ones: NetworKit's global curveball (the same), and BiCM (margins kept on average).

NetworKit (MIT) draws from the same tables: a directed network from units to techniques, trades among the neighbours
that nodes point at. BiCM (MIT) fits a probability to each cell; a unit holds as many techniques as it did on average
only, so that a unit of two techniques has more pairs there than it ever had, by ``s (s - 1)`` of a fixed size against
``s^2 - sum p^2``; with that factor a unit, the expectations are the same. Both come with the extra dev.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest
from scipy import stats

import kg
from kg.analysis.curveball import Curveball
from kg.analysis.nullmodel import NullModel, compare_with_null
from kg.incidence import incidence
from tests.benchmarks.incidences import incidence_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

Table: TypeAlias = "NDArray[np.int64]"
Pairs: TypeAlias = "tuple[NDArray[np.intp], NDArray[np.intp]]"

MARGIN = 3
"""As the default of tests: pairs of techniques in so many units or more."""


def rows_of_17() -> Table:
    table = incidence(kg.open().store, evidence="rows")
    matrix = np.zeros((len(table.units), len(table.techniques)), dtype=np.int64)
    matrix[table.unit_index, table.technique_index] = 1
    return matrix


def generated() -> Table:
    units, techniques = incidence_arrays(1_500, 40)
    matrix = np.zeros((int(units[-1]) + 1, 40), dtype=np.int64)
    matrix[units, techniques] = 1
    return matrix


def full() -> Table:
    chance = np.random.default_rng(3)
    odds = np.outer(np.linspace(0.3, 1, 120), np.linspace(0.1, 0.9, 25))
    return (chance.random(odds.shape) < odds).astype(np.int64)


TABLES = {"rows of 1.7": rows_of_17, "generated": generated, "full": full}


def pairs_of(matrix: Table) -> Pairs:
    common = np.flatnonzero(matrix.sum(0) >= MARGIN)
    first, second = np.triu_indices(len(common), 1)
    return common[first], common[second]


def held_in(matrix: Table) -> Pairs:
    units, techniques = np.nonzero(matrix)
    return units, techniques


def together(matrix: Table, pairs: Pairs) -> NDArray[np.int64]:
    counts: NDArray[np.int64] = (matrix.T @ matrix)[pairs]
    return counts


def drawn_by_networkit(networkit: Any, matrix: Table, tables: int) -> Iterator[Table]:  # noqa: ANN401 - no types
    units, techniques = matrix.shape
    graph = networkit.Graph(units + techniques, directed=True)
    for unit, technique in zip(*np.nonzero(matrix), strict=True):
        graph.addEdge(int(unit), units + int(technique))
    networkit.setNumberOfThreads(1)
    for seed in range(tables):
        networkit.setSeed(seed, useThreadId=False)
        # Loops cannot arise, for no edge points at a unit; allowed, all tables are reached.
        walk = networkit.randomization.GlobalCurveball(
            graph, number_of_global_rounds=20, allowSelfLoops=True, degreePreservingShufflePreprocessing=False
        )
        walk.run()
        ends = np.array(list(walk.getGraph().iterEdges()))
        table = np.zeros_like(matrix)
        table[ends[:, 0], ends[:, 1] - units] = 1
        yield table


@pytest.mark.parametrize("name", TABLES)
def test_means_deviations_and_p_values_are_those_of_networkit(name: str) -> None:
    networkit = pytest.importorskip("networkit", reason="NetworKit is not installed; it comes with the extra dev")
    matrix = TABLES[name]()
    pairs, theirs, ours = pairs_of(matrix), 250, 3_000
    outcome = compare_with_null(*held_in(matrix), matrix.shape[1], pairs, NullModel(randomisations=ours, workers=1))
    counts = np.array([together(table, pairs) for table in drawn_by_networkit(networkit, matrix, theirs)])
    # Two of our tables in a row are alike: about half of them are as good as independent (DECISIONS, 35).
    error = np.sqrt(counts.var(0) / theirs + outcome.deviation**2 / (ours / 2))
    apart = (outcome.mean - counts.mean(0))[error > 0] / error[error > 0]
    assert np.sqrt(np.mean(apart**2)) < 1.15
    assert np.abs(apart).max() < stats.norm.isf(1e-4 / len(apart))
    assert outcome.deviation.mean() == pytest.approx(counts.std(0).mean(), rel=0.02)
    share = (counts >= together(matrix, pairs)).mean(0)
    error = np.sqrt(np.maximum(outcome.together * (1 - outcome.together), 1 / ours) * (1 / theirs + 2 / ours))
    apart = (share - outcome.together) / error
    assert np.sqrt(np.mean(apart**2)) < 1.15
    assert np.abs(outcome.together - share).max() < 0.15


@pytest.mark.parametrize("name", TABLES)
def test_probabilities_of_cells_and_pairs_are_those_of_the_bipartite_configuration_model(name: str) -> None:
    numba = pytest.importorskip("numba", reason="bicm is not installed; it comes with the extra dev")
    numba.config.DISABLE_JIT = True  # tables of this size take longer to compile for than to solve
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bicm = pytest.importorskip("bicm", reason="bicm is not installed; it comes with the extra dev")
        matrix = TABLES[name]()
        matrix = matrix[:, matrix.sum(0) > 0]
        model = bicm.BipartiteGraph(matrix)
        model.solve_tool(verbose=False)
        theirs = np.asarray(model.get_bicm_matrix())
    assert theirs.sum(0) == pytest.approx(matrix.sum(0), abs=1e-6)
    walk, chance, tables = Curveball(*held_in(matrix), matrix.shape[1]), np.random.default_rng(1), 1_000
    cells, counts = np.zeros(matrix.shape), []
    pairs = pairs_of(matrix)
    for _ in range(tables):
        walk.rounds(3, chance)
        table = np.zeros_like(matrix)
        table[walk.unit_index, walk.technique_index] = 1
        cells += table / tables
        counts.append(together(table, pairs))
    assert np.abs(cells - theirs).max() < 0.1
    assert np.sqrt(np.mean((cells - theirs) ** 2)) < 0.02
    sizes = matrix.sum(1).astype(np.float64)
    factor = np.where(sizes > 1, sizes * (sizes - 1) / np.maximum(sizes**2 - (theirs**2).sum(1), 1e-9), 0.0)
    expected, mean = ((theirs * factor[:, None]).T @ theirs)[pairs], np.mean(counts, axis=0)
    assert expected.sum() == pytest.approx(mean.sum(), rel=0.03)
    # A twentieth of the expected count, and a fifth of a unit.
    assert (np.abs(expected - mean) - 0.05 * mean).max() < 0.2
    assert np.corrcoef(expected, mean)[0, 1] > 0.99
    # Without the factor units of few techniques have too many pairs.
    assert (theirs.T @ theirs)[pairs].sum() > 1.03 * mean.sum()
