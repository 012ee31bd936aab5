"""Measuring and printing: CPU seconds of this process, ratios within one run, never a limit."""

from __future__ import annotations

import gc
import math
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timed:
    """How long something took, in seconds of CPU and on the clock."""

    cpu: float
    wall: float


def timed(action: Callable[[], Result], repeats: int = 1) -> tuple[Timed, Result]:
    """The shortest of some runs of an action, and what the last one gave."""
    best = Timed(math.inf, math.inf)
    for _ in range(repeats):
        gc.collect()
        cpu, wall = time.process_time(), time.perf_counter()
        result = action()
        took = Timed(time.process_time() - cpu, time.perf_counter() - wall)
        best = min(best, took, key=lambda each: each.cpu)
    return best, result


def geometric_mean(ratios: Iterable[float]) -> float:
    """The geometric mean of positive numbers."""
    logarithms = [math.log(ratio) for ratio in ratios]
    return math.exp(sum(logarithms) / len(logarithms))


def write_line(text: str = "") -> None:
    """One line of the report, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def write_table(title: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table with its title; numbers with three digits that count."""
    cells = [[_shown(value) for value in row] for row in rows]
    widths = [max(len(row[place]) for row in [list(head), *cells]) for place in range(len(head))]
    write_line(f"\n{title}")
    for row in [list(head), ["-" * width for width in widths], *cells]:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        write_line("  ".join([first.strip().ljust(widths[0]), *others]))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "NO"
    hundred = 100
    if isinstance(value, float):
        return f"{value:,.0f}" if value >= hundred else f"{value:.3g}"
    return f"{value:,}" if isinstance(value, int) else str(value)
