"""Time and memory from 1e5 to 1e7 statements: load, count, export; and the bare engine with the same statements.

One process a size and a way, so that memory is its own. What grows faster than the statements is told by the exponent
of the power law that fits the seconds best: 1 is linear, and n log n over this range is 1.07.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox

from kg.analysis.cooccurrence import cooccurrence
from kg.exports import write_rdf
from kg.store.embedded import EmbeddedStore
from tests.benchmarks.generator import gathered, generated_store, statement_blocks
from tests.benchmarks.report import timed, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SIZES = (100_000, 1_000_000, 10_000_000)
SHARED = ("load", "turtle", "nquads")
"""The steps that the bare engine takes as well."""

STEPS = ("load", "pairs", "turtle", "nquads")


def benchmark(sizes: Sequence[int] = SIZES) -> None:
    """Microseconds of CPU and peak memory for each statement, and what grows like the engine below."""
    ours = [_measured(size, "kg") for size in sizes]
    engine = [_measured(size, "engine") for size in sizes]
    rows: list[tuple[object, ...]] = []
    for step in STEPS:
        rows.append((step, "kg", *(_each(told, step) for told in ours), _exponent(ours, step)))
        if step in SHARED:
            rows.append((step, "engine", *(_each(told, step) for told in engine), _exponent(engine, step)))
            ratios = (_each(a, step) / _each(b, step) for a, b in zip(ours, engine, strict=True))
            rows.append((step, "kg to engine", *ratios, ""))
    statements = [f"{int(told['statements']):,}" for told in ours]
    head = ("step", "way", *statements, "exponent")
    write_table("Growth (microseconds of CPU a statement; the engine writes in no order)", head, rows)
    peaks = []
    for step in STEPS:
        megabytes = [told[f"{step} MB"] for told in ours]
        each = (peak * 1e6 / told["statements"] for peak, told in zip(megabytes, ours, strict=True))
        peaks.append((step, *megabytes, *each))
    head = ("up to", *(f"{size} MB" for size in statements), *(f"{size} B each" for size in statements))
    write_table("Peak memory of kg's process", head, peaks)


def _measured(size: int, way: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.growth", str(size), way]
    told: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return told


def _each(told: Mapping[str, float], step: str) -> float:
    return told[f"{step} s"] * 1e6 / told["statements"]


def _exponent(told: Sequence[Mapping[str, float]], step: str) -> float:
    """The slope of the logarithm of seconds over that of statements, by least squares."""
    statements = np.log([each["statements"] for each in told])
    return float(np.polyfit(statements, np.log([each[f"{step} s"] for each in told]), 1)[0])


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


def measure_engine(size: int) -> dict[str, float]:
    """The same steps as pyoxigraph alone takes them: its bulk load of a file, and its dumps, which are not sorted."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "in.nq"), Path(folder, "out")
        with source.open("wb") as file:
            file.writelines(gathered(statement_blocks(size)))
        native = ox.Store()
        steps: dict[str, Callable[[], object]] = {
            "load": lambda: native.bulk_load(path=source, format=ox.RdfFormat.N_QUADS, lenient=True),
            "turtle": lambda: native.dump(target, ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph()),
            "nquads": lambda: native.dump(target, ox.RdfFormat.N_QUADS),
        }
        measured = {f"{step} s": timed(action)[0].cpu for step, action in steps.items()}
        return {"statements": len(native), **measured}


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    way = measure if sys.argv[2] == "kg" else measure_engine
    sys.stdout.write(json.dumps(way(int(sys.argv[1]))))
