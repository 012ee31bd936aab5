"""Counting 10^9 rows that are never held at once: a generator makes a piece, it is counted, and is gone."""

from __future__ import annotations

import resource
import time

from kg.analysis.streaming import StreamCounter
from tests.benchmarks.incidences import pieces_of_incidence
from tests.benchmarks.report import write_table

SIZES = ((10_000_000, 400), (100_000_000, 400), (1_000_000_000, 400), (1_000_000_000, 5_000))


def benchmark() -> None:
    """Seconds of CPU and memory: a hundred times the rows take a hundred times as long, and no more memory."""
    lines = []
    for rows, techniques in SIZES:
        counter = StreamCounter(techniques)
        counting = making = 0.0
        last = time.process_time()
        for unit, technique in pieces_of_incidence(rows, techniques):
            made = time.process_time()
            counter.add(unit, technique)
            counted = time.process_time()
            making, counting, last = making + made - last, counting + counted - made, counted
        counts = counter.finish()
        if counts.rows != rows:
            message = f"{counts.rows} rows were counted of {rows}"
            raise AssertionError(message)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
        lines.append((rows, techniques, int(counts.pairs.count.sum()), counting, making, memory))
    head = ("rows", "techniques", "pairs in units", "counting s", "making s", "most memory so far, GB")
    write_table("Counting a stream (CPU seconds)", head, lines)
