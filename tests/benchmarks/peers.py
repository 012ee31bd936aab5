"""Counting pairs in a process of its own: ours and peers, each from the same two arrays to the same three numbers.

``python -m tests.benchmarks.peers NAME FILE TECHNIQUES`` prints JSON: seconds of CPU over all threads, the most memory
held, and of the counts how many pairs there are, their sum, and the sum of their squares. Reading the arrays is not
timed. :func:`run` starts one, and ends it where it takes too much memory or time.
"""

# ruff: noqa: PLC0415 - a process loads the library it runs, and no other

from __future__ import annotations

import importlib
import json
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from tests.benchmarks.report import timed, write_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

Counts: TypeAlias = "tuple[int, int, int]"
"""How many pairs there are, the sum of their counts, and the sum of the squares of these."""

MEMORY = 8 << 30
SECONDS = 600
_PIECE = 1 << 20
_POLL = 0.1


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of one peer.

    Attributes:
        cpu: Seconds of CPU; None where it did not end.
        memory: The most bytes held, arrays included.
        counts: What it counted; None where it did not end.
        ended: Empty, or why it was ended.
    """

    cpu: float | None
    memory: int
    counts: Counts | None
    ended: str = ""

    @property
    def shown(self) -> float | str:
        """Its seconds, or why there are none."""
        return self.ended if self.cpu is None else self.cpu


def run(name: str, file: Path, techniques: int, *, memory: int = MEMORY, seconds: float = SECONDS) -> Ran:
    """Run one peer in a process of its own.

    Memory is watched from outside, for some peers reserve far more addresses than they use.
    """
    command = [sys.executable, "-m", "tests.benchmarks.peers", name, str(file), str(techniques)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        held, begun = 0, time.monotonic()
        while process.poll() is None:
            held = max(held, _memory_of(process.pid))
            late = time.monotonic() - begun > seconds
            if held > memory or late:
                process.kill()
                why = f"over {seconds:,.0f} s" if late else f"over {memory / (1 << 30):.0f} GB"
                return Ran(None, held, None, why)
            time.sleep(_POLL)
        told, complaint = process.communicate()
    if process.returncode:
        words = complaint.decode(errors="replace").strip().splitlines() or [f"status {process.returncode}"]
        missing = "ModuleNotFoundError" in words[-1]
        return Ran(None, held, None, "not installed" if missing else f"failed: {words[-1][:60]}")
    answer = json.loads(told)
    return Ran(answer["cpu"], answer["memory"], tuple(answer["counts"]))


def _memory_of(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM")), 0)


def _summary(counts: NDArray[np.integer]) -> Counts:
    wide = counts.astype(np.int64)
    return len(wide), int(wide.sum()), int(np.dot(wide, wide))


def _kg(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    from kg.analysis.counting import count_pairs

    return _summary(count_pairs(unit, technique, techniques).count)


def _kg_stream(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    from kg.analysis.streaming import count_stream

    pieces = ((unit[at : at + _PIECE], technique[at : at + _PIECE]) for at in range(0, len(unit), _PIECE))
    return _summary(count_stream(pieces, techniques).pairs.count)


def _scipy(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    from scipy import sparse

    ones = np.ones(len(unit), dtype=np.int32)
    matrix = sparse.csr_array((ones, (unit, technique)), shape=(int(unit[-1]) + 1, techniques))
    return _summary(sparse.triu(matrix.T @ matrix, k=1).data)


def _duckdb(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    duckdb, arrow = _untyped("duckdb"), _untyped("pyarrow")
    del techniques
    connection = duckdb.connect(config={"memory_limit": f"{MEMORY * 3 // 4 >> 20}MB"})
    connection.register("held", arrow.table({"unit": unit, "technique": technique}))
    found = connection.execute(
        "SELECT count(*), sum(n), sum(n * n) FROM (SELECT a.technique, b.technique, count(*) n FROM held a "
        "JOIN held b ON a.unit = b.unit AND a.technique < b.technique GROUP BY ALL)"
    ).fetchone()
    return _whole(found or ())


def _polars(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    polars = _untyped("polars")
    del techniques
    held = polars.DataFrame({"unit": unit, "technique": technique}).lazy()
    pairs = held.join(held, on="unit").filter(polars.col("technique") < polars.col("technique_right"))
    counted = pairs.group_by("technique", "technique_right").len().collect(engine="streaming")
    return _summary(counted["len"].to_numpy())


def _pandas(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    import pandas as pd

    del techniques
    held = pd.DataFrame({"unit": unit, "technique": technique})
    pairs = held.merge(held, on="unit")
    pairs = pairs[pairs["technique_x"] < pairs["technique_y"]]
    return _summary(pairs.groupby(["technique_x", "technique_y"]).size().to_numpy())


def _networkx(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    import networkx as nx
    from networkx.algorithms import bipartite

    del techniques
    graph: nx.Graph[int] = nx.Graph(zip((-1 - unit.astype(np.int64)).tolist(), technique.tolist(), strict=True))
    nodes = sorted(set(technique.tolist()))
    weights = nx.get_edge_attributes(bipartite.weighted_projected_graph(graph, nodes), "weight")
    return _summary(np.fromiter(weights.values(), dtype=np.int64))


def _sparql(unit: NDArray[np.int32], technique: NDArray[np.int32], techniques: int) -> Counts:
    from kg.store.embedded import EmbeddedStore

    del techniques
    lines = (
        f"<https://x.example/i/{u}> <https://x.example/uses> <https://x.example/t/{t:05}> .\n"
        for u, t in zip(unit.tolist(), technique.tolist(), strict=True)
    )
    store = EmbeddedStore.from_nquads("".join(lines).encode())
    query = (
        "SELECT (COUNT(*) AS ?pairs) (SUM(?n) AS ?sum) (SUM(?n * ?n) AS ?squares) { SELECT ?a ?b (COUNT(*) AS ?n) "
        "{ ?i <https://x.example/uses> ?a, ?b . FILTER (STR(?a) < STR(?b)) } GROUP BY ?a ?b }"
    )
    return _whole(next(iter(store.select(query).values())))


def _untyped(name: str) -> Any:  # noqa: ANN401 - modules without types, or not everywhere installed
    return importlib.import_module(name)


def _whole(found: Iterable[Any]) -> Counts:
    pairs, total, squares = (int(each or 0) for each in found)
    return pairs, total, squares


PEERS: dict[str, Callable[[NDArray[np.int32], NDArray[np.int32], int], Counts]] = {
    "kg": _kg,
    "kg stream": _kg_stream,
    "scipy": _scipy,
    "duckdb": _duckdb,
    "polars": _polars,
    "pandas": _pandas,
    "networkx": _networkx,
    "sparql": _sparql,
}
"""Name to the function that counts; ours first. Filling a graph or a store is timed, for the table comes as arrays."""


def main(name: str, file: str, techniques: int) -> None:
    """Count once, or the best of three where that takes little, and print what was found."""
    unit, technique = np.load(file)
    took, counts = timed(lambda: PEERS[name](unit, technique, techniques))
    again = 0 if took.cpu > 2 else 2
    for _ in range(again):
        took = min(took, timed(lambda: PEERS[name](unit, technique, techniques))[0], key=lambda each: each.cpu)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    write_line(json.dumps({"cpu": took.cpu, "memory": memory, "counts": counts}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
