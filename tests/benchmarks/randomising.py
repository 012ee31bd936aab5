"""What the null model costs: 10,000 random tables of 10^5 units x 400 techniques, every pair of them looked at."""

from __future__ import annotations

import os
import resource
import time

import numpy as np

from kg.analysis.nullmodel import NullModel, compare_with_null
from tests.benchmarks.incidences import incidence_arrays
from tests.benchmarks.report import write_table

ROWS, TECHNIQUES, TABLES = 480_000, 400, 10_000


def benchmark(tables: int = TABLES) -> None:
    """Seconds of CPU over all processes, seconds on the clock, and memory of the largest process."""
    unit, technique = incidence_arrays(ROWS, TECHNIQUES)
    begun, clock = _cpu(), time.perf_counter()
    pairs = np.triu_indices(TECHNIQUES, 1)
    outcome = compare_with_null(unit, technique, TECHNIQUES, pairs, NullModel(randomisations=tables))
    took, wall = _cpu() - begun, time.perf_counter() - clock
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    beyond = int((np.abs(outcome.z) > 5).sum())
    line = (int(unit[-1]) + 1, len(unit), TECHNIQUES, tables, os.cpu_count(), took, wall, memory * 1024 / 1e9, beyond)
    head = ("units", "rows", "techniques", "random tables", "processors", "CPU s", "clock s", "GB a process", "|z| > 5")
    write_table("The null model (curveball)", head, [line])


def _cpu() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
