"""Counting pairs: ours against scipy, DuckDB, Polars, pandas, networkx and SPARQL, on the same table in one run.

Each runs in a process of its own and must come to the same counts; what takes more than 8 GB or 10 minutes is ended,
and said; what would by its pace on a smaller table is not started. Seconds are of CPU, over all threads.
``python -m tests.benchmarks pairs`` goes up to 10^7 rows, ``pairs-large`` takes 10^8, ``pairs-stream`` 10^9 that
nothing holds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.benchmarks.incidences import incidence_arrays
from tests.benchmarks.peers import PEERS, SECONDS, Ran, run
from tests.benchmarks.report import timed, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CELLS = ((1_000_000, 400), (1_000_000, 5_000), (10_000_000, 400), (10_000_000, 5_000))
LARGE = ((1_000_000, 400), (100_000_000, 400), (100_000_000, 5_000))
"""The first tells the pace of those that would not end on the others."""

RIVALS = ("scipy", "duckdb", "polars")
"""What ours is measured by; the others are what users of this field would write."""


def benchmark(cells: Sequence[tuple[int, int]] = CELLS) -> None:
    """Seconds of CPU for each number of rows and techniques, and how many times the best rival takes."""
    times, memories = [], []
    pace: dict[str, float] = {}

    def slow(name: str, rows: int) -> bool:
        """Whether it would take too long at the seconds a row that a smaller table took it."""
        return pace.get(name, 0.0) * rows > SECONDS

    for rows, techniques in cells:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "held.npy"
            table = incidence_arrays(rows, techniques)
            np.save(file, table)
            reading = _reading(table)
            del table
            ran = {}
            for name in PEERS:
                ran[name] = Ran(None, 0, None, "too slow") if slow(name, rows) else run(name, file, techniques)
                pace[name] = max(pace.get(name, 0.0), (ran[name].cpu or 0.0) / rows)
        ours = ran["kg"]
        _same(ran)
        if ours.cpu is None or ours.counts is None:
            message = f"kg did not end: {ours.ended}"
            raise AssertionError(message)
        best = min((each.cpu for name in RIVALS if (each := ran[name]).cpu is not None), default=ours.cpu)
        shown = [each.shown for each in ran.values()]
        times.append((rows, techniques, ours.counts[1], *shown, best / ours.cpu))
        memories.append((rows, techniques, *(each.memory / 1e9 for each in ran.values())))
        speed = rows * 8 / ours.cpu / 1e9
        write_line(f"{rows:,} rows x {techniques:,}: {speed:.2f} GB/s of input; a copy reads {reading:.1f} GB/s")
        # A run that is broken off has told what it knows.
        write_line("  " + ", ".join(f"{name} {each.shown}" for name, each in ran.items()))
    head = ("rows", "techniques", "pairs in units", *(f"{name} s" for name in PEERS), "best / kg")
    title = "Counting pairs (CPU seconds; kg with its check of the input; best of scipy, DuckDB, Polars)"
    write_table(title, head, times)
    write_table("The most memory each held, arrays included (GB)", ("rows", "techniques", *PEERS), memories)


def _reading(table: NDArray[np.int32]) -> float:
    """GB a second that a copy of the table reads on this machine, now."""
    room = np.empty_like(table)
    took, _ = timed(lambda: np.copyto(room, table), repeats=3)
    return float(table.nbytes / took.cpu / 1e9)


def _same(ran: dict[str, Ran]) -> None:
    found = {name: each.counts for name, each in ran.items() if each.counts is not None}
    if len(set(found.values())) > 1:
        message = f"pairs, their sum and the sum of their squares differ: {found}"
        raise AssertionError(message)
