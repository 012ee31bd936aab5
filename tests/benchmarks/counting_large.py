"""Counting pairs at 10^8 rows; takes some minutes, at most 8 GB of memory and 2 GB of disk."""

from __future__ import annotations

from tests.benchmarks.counting import LARGE
from tests.benchmarks.counting import benchmark as count_cells


def benchmark() -> None:
    """The cells of 10^8 rows."""
    count_cells(LARGE)
