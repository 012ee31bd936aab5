"""What changed between two periods: the share of units with each technique, the difference, and how sure it is.

References:
    Newcombe, R. G. (1998). Interval estimation for the difference between independent proportions. Statistics in
    Medicine 17, method 10.
    Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. JASA 22.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import KgError

if TYPE_CHECKING:
    from kg.incidence import Incidence

Z = 1.959963984540054
"""The normal quantile of 97.5 %: intervals are of 95 %."""

_SURE = 0.05


@dataclass(frozen=True, slots=True)
class Change:
    """How the share of units with a technique changed.

    Attributes:
        technique: Its id.
        label: Its name.
        before: Units of the first period with it.
        after: Units of the second period with it.
        difference: Share after less share before, -1 to 1.
        low: Lower end of the 95 % interval of the difference.
        high: Upper end.
        p_value: Fisher's exact test, two-sided.
        p_adjusted: The same after Benjamini-Hochberg over all techniques of either period.
    """

    technique: str
    label: str
    before: int
    after: int
    difference: float
    low: float
    high: float
    p_value: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two periods.

    Attributes:
        units_before: N of the first period.
        units_after: N of the second.
        changes: The widest difference first, then by id.
        notes: What a reader must know.
    """

    units_before: int
    units_after: int
    changes: tuple[Change, ...]
    notes: tuple[str, ...] = ()

    def sentences(self) -> tuple[str, ...]:
        """The answer in words."""
        sure = sum(change.p_adjusted <= _SURE for change in self.changes)
        return (
            (
                f"N {self.units_before:,} before, {self.units_after:,} after; {sure} of {len(self.changes)} techniques "
                "changed more than chance tells at a false discovery rate of 5 %"
            ),
            *self.notes,
        )


def changes(before: Incidence, after: Incidence) -> Changes:
    """What changed from one table to another.

    Raises:
        KgError: one of them holds no unit.
    """
    from scipy.stats import false_discovery_control, fisher_exact  # noqa: PLC0415 - only those who ask wait for it

    for name, table in (("first", before), ("second", after)):
        if not table.units:
            raise KgError(
                f"change: the {name} period holds no {table.unit} with techniques; widen it, or use another basis"
            )
    counts = [dict(zip(table.techniques, table.margins().tolist(), strict=True)) for table in (before, after)]
    labels = before.labels | after.labels
    sizes = len(before.units), len(after.units)
    names = sorted(counts[0].keys() | counts[1].keys())
    rows = [(counts[0].get(name, 0), counts[1].get(name, 0)) for name in names]
    tables = (np.array([[a, sizes[0] - a], [b, sizes[1] - b]]) for a, b in rows)
    values = [float(fisher_exact(table).pvalue) for table in tables]
    adjusted = false_discovery_control(values).tolist()
    found = [
        Change(name, labels.get(name, name), a, b, *difference_interval(a, sizes[0], b, sizes[1]), p, q)
        for name, (a, b), p, q in zip(names, rows, values, adjusted, strict=True)
    ]
    found.sort(key=lambda change: (-abs(change.difference), change.technique))
    notes = tuple(dict.fromkeys((*before.notes, *after.notes)))
    return Changes(*sizes, tuple(found), notes)


def wilson_interval(count: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share.

    >>> [round(end, 4) for end in wilson_interval(0, 10)]
    [0.0, 0.2775]
    """
    share = count / total
    middle = (share + Z**2 / (2 * total)) / (1 + Z**2 / total)
    half = Z / (1 + Z**2 / total) * math.sqrt(share * (1 - share) / total + Z**2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def difference_interval(before: int, total_before: int, after: int, total_after: int) -> tuple[float, float, float]:
    """The difference of two shares, the later less the earlier, and Newcombe's 95 % interval of it (method 10)."""
    first, second = before / total_before, after / total_after
    low_first, high_first = wilson_interval(before, total_before)
    low_second, high_second = wilson_interval(after, total_after)
    gap = second - first
    low = gap - math.hypot(second - low_second, high_first - first)
    high = gap + math.hypot(high_second - second, first - low_first)
    return gap, low, high
