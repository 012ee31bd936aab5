"""Counting pairs: ours against scipy's product and networkx's projection, on the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
from networkx.algorithms import bipartite
from scipy import sparse

from kg.analysis.counting import count_pairs
from tests.benchmarks.generator import generated_incidence
from tests.benchmarks.report import timed, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELLS = ((100_000, 400), (1_000_000, 400), (10_000_000, 400), (100_000, 5_000), (1_000_000, 5_000), (10_000_000, 5_000))
NETWORKX_ROWS = 100_000


def benchmark(cells: Sequence[tuple[int, int]] = CELLS) -> None:
    """Seconds of CPU for each number of rows and techniques; the totals must be the same."""
    rows = []
    for size, techniques in cells:
        unit, technique = generated_incidence(size, techniques)
        ours, counts = timed(lambda u=unit, t=technique, n=techniques: count_pairs(u, t, n), repeats=3)  # type: ignore[misc]
        total = int(counts.count.sum())
        scipy, product = timed(lambda u=unit, t=technique, n=techniques: _product(u, t, n), repeats=3)  # type: ignore[misc]
        _same(total, (int(product.sum()) - len(unit)) // 2, "scipy")
        networkx: float | str = "-"
        ratio: float | str = "-"
        if size <= NETWORKX_ROWS:
            graph: nx.Graph[int] = nx.Graph(zip((-1 - unit.astype(np.int64)).tolist(), technique.tolist(), strict=True))
            nodes = sorted({int(value) for value in technique})
            took, projected = timed(lambda graph=graph, nodes=nodes: bipartite.weighted_projected_graph(graph, nodes))  # type: ignore[misc]
            _same(total, int(projected.size(weight="weight")), "networkx")
            networkx, ratio = took.cpu, took.cpu / ours.cpu
        rows.append((len(unit), techniques, total, ours.cpu, scipy.cpu, scipy.cpu / ours.cpu, networkx, ratio))
    head = ("rows", "techniques", "pairs in units", "kg s", "scipy s", "ratio", "networkx s", "ratio")
    write_table("Counting pairs (CPU seconds; kg with its check of the input)", head, rows)


def _product(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> sparse.csr_array:
    ones = np.ones(len(unit), dtype=np.int64)
    matrix = sparse.csr_array((ones, (unit, technique)), shape=(int(unit[-1]) + 1, techniques))
    return (matrix.T @ matrix).tocsr()


def _same(ours: int, theirs: int, name: str) -> None:
    if ours != theirs:
        message = f"{name} counts {theirs} pairs, kg {ours}"
        raise AssertionError(message)
