"""Counting pairs at 10^8 rows; needs about 16 GB and some minutes."""

from __future__ import annotations

from tests.benchmarks.counting import LARGE
from tests.benchmarks.counting import benchmark as count_cells


def benchmark() -> None:
    """The cells of 10^8 rows."""
    count_cells(LARGE)
