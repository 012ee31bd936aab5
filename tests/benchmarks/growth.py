"""Time and memory from 1e5 to 1e7 statements: load, count, export. One process a size, so that memory is its own."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from kg.analysis.cooccurrence import cooccurrence
from kg.exports import write_rdf
from kg.store.embedded import EmbeddedStore
from tests.benchmarks.generator import gathered, generated_store, statement_blocks
from tests.benchmarks.report import timed, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (100_000, 1_000_000, 10_000_000)
STEPS = ("load", "pairs", "turtle", "nquads")


def benchmark(sizes: Sequence[int] = SIZES) -> None:
    """Microseconds of CPU and peak memory for each statement; both should stay what they are."""
    rows = []
    for size in sizes:
        command = [sys.executable, "-m", "tests.benchmarks.growth", str(size)]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        measured: dict[str, float] = json.loads(told)
        statements = measured["statements"]
        times = [measured[f"{step} s"] * 1e6 / statements for step in STEPS]
        peaks = [measured[f"{step} MB"] for step in STEPS]
        rows.append((int(statements), *times, *peaks, peaks[0] * 1e6 / statements))
    head = ("statements", *(f"{step} us" for step in STEPS), *(f"{step} MB" for step in STEPS), "load B/statement")
    write_table("Growth (microseconds of CPU a statement; peak memory of the process up to that step)", head, rows)


def measure(size: int) -> dict[str, float]:
    """What each step takes at one size: seconds of CPU, and the peak memory of this process when it is done."""
    measured: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        made, _ = timed(lambda: deque(gathered(statement_blocks(size)), maxlen=0))
        took, native = timed(lambda: generated_store(size))
        store = EmbeddedStore(native)
        # The generator works while the store is filled; what it takes alone is not the store's.
        measured |= {"statements": len(store), "load s": took.cpu - made.cpu, "load MB": _peak()}
        took, pairs = timed(lambda: cooccurrence(store, evidence="all"))
        measured |= {"pairs s": took.cpu, "pairs MB": _peak(), "pairs": len(pairs)}
        for step, name in (("turtle", "a.ttl"), ("nquads", "a.nq")):
            took, _ = timed(lambda name=name: write_rdf(store, Path(folder) / name))  # type: ignore[misc]
            measured |= {f"{step} s": took.cpu, f"{step} MB": _peak()}
    return measured


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))))
