"""Counting pairs: ours against scipy, DuckDB, Polars, pandas, networkx and SPARQL, on the same table in one run.

Each must come to the same total. What is not installed, or would take minutes at a size, is left out and shown as
``-``. Seconds are of CPU, over all threads. ``python -m tests.benchmarks pairs`` goes up to 10^7 rows, ``pairs-large``
takes 10^8.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
from networkx.algorithms import bipartite
from scipy import sparse

from kg.analysis.counting import count_pairs
from kg.analysis.streaming import count_stream
from kg.store.embedded import EmbeddedStore
from tests.benchmarks.generator import generated_incidence
from tests.benchmarks.report import timed, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

CELLS = ((1_000_000, 400), (10_000_000, 400), (1_000_000, 5_000), (10_000_000, 5_000))
LARGE = ((100_000_000, 400), (100_000_000, 5_000))
_PIECE = 1 << 20


def benchmark(cells: Sequence[tuple[int, int]] = CELLS) -> None:
    """Seconds of CPU for each number of rows and techniques, and how many times the best peer takes."""
    rows = []
    for size, techniques in cells:
        unit, technique = generated_incidence(size, techniques)
        repeats = 3 if size < LARGE[0][0] else 1
        ours, counts = timed(lambda u=unit, t=technique, n=techniques: count_pairs(u, t, n), repeats)  # type: ignore[misc]
        total = int(counts.count.sum())
        streamed, other = timed(lambda u=unit, t=technique, n=techniques: count_stream(_pieces(u, t), n), repeats)  # type: ignore[misc]
        _same(total, int(other.pairs.count.sum()), "the stream")
        seconds: dict[str, float] = {}
        for name, (most, peer) in PEERS.items():
            if len(unit) <= most:
                took, found = timed(lambda p=peer, u=unit, t=technique, n=techniques: p(u, t, n))  # type: ignore[misc]
                if found is not None:
                    _same(total, found, name)
                    seconds[name] = took.cpu
        best = min((seconds[name] for name in ("scipy", "duckdb", "polars") if name in seconds), default=ours.cpu)
        shown = [seconds.get(name, "-") for name in PEERS]
        rows.append((len(unit), techniques, total, ours.cpu, streamed.cpu, *shown, best / ours.cpu))
        write_line(f"{len(unit):,} rows x {techniques:,}: {_bandwidth(unit, technique, ours.cpu)}")
    head = (
        "rows",
        "techniques",
        "pairs in units",
        "kg s",
        "kg stream s",
        *(f"{name} s" for name in PEERS),
        "best / kg",
    )
    write_table(
        "Counting pairs (CPU seconds; kg with its check of the input; best of scipy, DuckDB, Polars)", head, rows
    )


def _pieces(unit: NDArray[np.int32], technique: NDArray[np.int32]) -> list[tuple[NDArray[np.int32], NDArray[np.int32]]]:
    return [(unit[at : at + _PIECE], technique[at : at + _PIECE]) for at in range(0, len(unit), _PIECE)]


def _scipy(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int:
    ones = np.ones(len(unit), dtype=np.int32)
    matrix = sparse.csr_array((ones, (unit, technique)), shape=(int(unit[-1]) + 1, techniques))
    return (int((matrix.T @ matrix).sum(dtype=np.int64)) - len(unit)) // 2


def _duckdb(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int | None:
    del techniques
    if (duckdb := _module("duckdb")) is None or (arrow := _module("pyarrow")) is None:
        return None
    connection = duckdb.connect()
    connection.register("held", arrow.table({"unit": unit, "technique": technique}))
    found = connection.execute(
        "SELECT sum(n) FROM (SELECT a.technique, b.technique, count(*) n FROM held a JOIN held b "
        "ON a.unit = b.unit AND a.technique < b.technique GROUP BY ALL)"
    ).fetchone()
    return int(found[0])


def _polars(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int | None:
    del techniques
    if (polars := _module("polars")) is None:
        return None
    held = polars.DataFrame({"unit": unit, "technique": technique}).lazy()
    pairs = held.join(held, on="unit").filter(polars.col("technique") < polars.col("technique_right"))
    counted = pairs.group_by("technique", "technique_right").len().select(polars.col("len").cast(polars.Int64).sum())
    return int(counted.collect(engine="streaming").item())


def _pandas(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int | None:
    del techniques
    if (pandas := _module("pandas")) is None:
        return None
    held = pandas.DataFrame({"unit": unit, "technique": technique})
    pairs = held.merge(held, on="unit")
    pairs = pairs[pairs["technique_x"] < pairs["technique_y"]]
    return int(pairs.groupby(["technique_x", "technique_y"]).size().sum())


def _networkx(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int:
    del techniques
    graph: nx.Graph[int] = nx.Graph(zip((-1 - unit.astype(np.int64)).tolist(), technique.tolist(), strict=True))
    nodes = sorted(set(technique.tolist()))
    return int(bipartite.weighted_projected_graph(graph, nodes).size(weight="weight"))


def _sparql(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> int:
    del techniques
    lines = (
        f"<https://x.example/i/{u}> <https://x.example/uses> <https://x.example/t/{t:05}> .\n"
        for u, t in zip(unit.tolist(), technique.tolist(), strict=True)
    )
    store = EmbeddedStore.from_nquads("".join(lines).encode())
    query = (
        "SELECT (SUM(?n) AS ?total) { SELECT ?a ?b (COUNT(*) AS ?n) { ?i <https://x.example/uses> ?a, ?b . "
        "FILTER (STR(?a) < STR(?b)) } GROUP BY ?a ?b }"
    )
    return int(next(iter(store.select(query).values()))[0] or 0)


_ALL = 1 << 40
PEERS: dict[str, tuple[int, Callable[[NDArray[np.int32], NDArray[np.int32], int], int | None]]] = {
    "scipy": (_ALL, _scipy),
    "duckdb": (_ALL, _duckdb),
    "polars": (_ALL, _polars),
    "pandas": (10_000_000, _pandas),
    "networkx": (1_000_000, _networkx),
    "sparql": (1_000_000, _sparql),
}
"""Name to the most rows it is given, and to the function that gives the total."""


def _module(name: str) -> Any:  # noqa: ANN401 - modules that may be missing
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _bandwidth(unit: NDArray[np.int32], technique: NDArray[np.int32], seconds: float) -> str:
    """How fast the two columns are read, against how fast this machine adds up the same memory."""
    size = unit.nbytes + technique.nbytes
    reading, _ = timed(lambda: int(unit.sum(dtype=np.int64)) + int(technique.sum(dtype=np.int64)), repeats=3)
    return f"{size / seconds / 1e9:.2f} GB/s of input, where adding it up reads {size / reading.cpu / 1e9:.1f} GB/s"


def _same(ours: int, theirs: int, name: str) -> None:
    if ours != theirs:
        message = f"{name} counts {theirs} pairs, kg {ours}"
        raise AssertionError(message)
