"""Which techniques occur together, how often, and how strongly: the table that networks and pages are made from."""

from __future__ import annotations

import csv
import html
import importlib
import io
import itertools
import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.analysis.association import MEASURES
from kg.analysis.counting import count_pairs
from kg.errors import KgError
from kg.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from kg.incidence import Incidence
    from kg.store.protocol import TripleStore

Value: TypeAlias = str | int | float | None

COLUMNS = ("technique_a", "technique_b", "count", "count_a", "count_b", "units", "jaccard", "lift", "pmi", "npmi")
"""The columns of the table, in every form it takes."""

_DECIMALS = 6
_SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Cooccurrence:
    """Pairs of techniques with their counts and measures, the most frequent first, then by id.

    All arrays have one entry for each pair. Counts are of units, never of technique uses.

    Attributes:
        unit: What a unit is: ``incident`` or ``observation``.
        evidence: What the incidence rests on: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique`` or ``parent``.
        units: N, the number of all units, which lift, PMI and NPMI rest on.
        units_with_techniques: How many units hold a technique: what N is when it is not given.
        minimum: Pairs of fewer units are left out.
        technique_a: Ids, each before the one in ``technique_b``.
        technique_b: Ids.
        count: Units that hold both; int64.
        count_a: Units that hold the first; int64.
        count_b: Units that hold the second; int64.
        jaccard: float64; see :mod:`kg.analysis.association` for all measures. Never NaN: both techniques occur.
        lift: float64, never NaN.
        pmi: float64, in bits, never NaN.
        npmi: float64; NaN where both techniques occur in every unit, which is 0/0.
        labels: Technique id to its label, for every technique that occurs, also in no pair.
        margins: Technique id to the number of units that hold it, for the same techniques.
    """

    unit: str
    evidence: str
    level: str
    units: int
    units_with_techniques: int
    minimum: int
    technique_a: NDArray[np.str_]
    technique_b: NDArray[np.str_]
    count: NDArray[np.int64]
    count_a: NDArray[np.int64]
    count_b: NDArray[np.int64]
    jaccard: NDArray[np.float64]
    lift: NDArray[np.float64]
    pmi: NDArray[np.float64]
    npmi: NDArray[np.float64]
    labels: dict[str, str]
    margins: dict[str, int]

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.count)

    def rows(self) -> Iterator[dict[str, Value]]:
        """The pairs as dicts with the keys of :data:`COLUMNS`; None where a measure is undefined."""
        columns = [self._column(name) for name in COLUMNS]
        for row in zip(*columns, strict=True):
            yield dict(zip(COLUMNS, row, strict=True))

    def top(self, most: int) -> Cooccurrence:
        """The first ``most`` pairs: the most frequent ones; margins and labels stay those of all techniques.

        Raises:
            KgError: ``most`` is negative.
        """
        if most < 0:
            raise KgError(f"top {most}: is negative; give a number of pairs")
        arrays = {name: getattr(self, name)[:most] for name in COLUMNS if name != "units"}
        return replace(self, **arrays)

    def to_csv(self) -> str:
        """The pairs as CSV with a header; measures with six decimals, an empty cell where one is undefined."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(COLUMNS)
        columns = [[_cell(value) for value in self._column(name)] for name in COLUMNS]
        writer.writerows(zip(*columns, strict=True))
        return out.getvalue()

    def to_pandas(self) -> pd.DataFrame:
        """The pairs as a pandas table; NaN, which pandas reads as missing, where a measure is undefined.

        Raises:
            KgError: pandas is not installed.
        """
        try:
            module = importlib.import_module("pandas")
        except ImportError as error:
            message = "pandas: is not installed; run `pip install pandas`, or use .rows()"
            raise KgError(message) from error
        units = np.full(len(self), self.units)
        frame: pd.DataFrame = module.DataFrame(
            {name: units if name == "units" else getattr(self, name) for name in COLUMNS}
        )
        return frame

    def _column(self, name: str) -> list[Value]:
        if name == "units":
            return [self.units] * len(self)
        values: list[Value] = getattr(self, name).tolist()
        return [None if isinstance(value, float) and math.isnan(value) else value for value in values]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in COLUMNS)
        body = []
        for row in itertools.islice(self.rows(), _SHOWN_ROWS):
            cells = (
                f'<td title="{html.escape(self.labels.get(str(value), ""))}">{html.escape(_cell(value))}</td>'
                for value in row.values()
            )
            body.append(f"<tr>{''.join(cells)}</tr>")
        rest = len(self) - _SHOWN_ROWS
        more = f"; {rest} more not shown" if rest > 0 else ""
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
            f"<p>{len(self)} pairs over {self.units} units (unit {html.escape(self.unit)}, evidence "
            f"{html.escape(self.evidence)}, level {html.escape(self.level)}){more}</p>"
        )


def cooccurrence(
    store: TripleStore,
    *,
    unit: str = "incident",
    evidence: str = "repaired",
    level: str = "technique",
    units: int | None = None,
    minimum: int = 1,
) -> Cooccurrence:
    """Which techniques occur together in a graph.

    Args:
        store: The graph.
        unit: ``incident`` or ``observation``; see :func:`kg.incidence.incidence` for these three.
        evidence: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique`` or ``parent``.
        units: N, the number of all units. Left out, it is the number of units that hold at least one technique under
            this evidence. Give more to count units in which nothing was coded; lift and PMI grow with it.
        minimum: Leave out pairs that occur together in fewer units.

    Raises:
        UnknownNameError: no such unit, evidence or level.
        KgError: the unit has no such evidence, ``units`` is less than the units that hold a technique, or ``minimum``
            is less than 1.
    """
    table = incidence(store, unit=unit, evidence=evidence, level=level)
    return cooccurrence_of(table, units=units, minimum=minimum)


def cooccurrence_of(table: Incidence, *, units: int | None = None, minimum: int = 1) -> Cooccurrence:
    """Which techniques occur together in an incidence table; the arguments are those of :func:`cooccurrence`.

    Raises:
        KgError: ``units`` is less than the units that hold a technique, or ``minimum`` is less than 1.
    """
    if minimum < 1:
        message = f"minimum {minimum}: a pair in the table occurs together at least once; give 1 or more"
        raise KgError(message)
    total = len(table.units) if units is None else units
    if total < len(table.units):
        message = (
            f"units {total}: {len(table.units)} {table.unit}s hold a technique under evidence {table.evidence!r}; "
            f"give at least {len(table.units)}, or leave units out"
        )
        raise KgError(message)
    pairs = count_pairs(table.unit_index, table.technique_index, len(table.techniques))
    keep = np.flatnonzero(pairs.count >= minimum)
    # Pairs come in order of ids, and a stable sort leaves it so among pairs of one count.
    keep = keep[np.argsort(-pairs.count[keep], kind="stable")]
    first, second, count = pairs.first[keep], pairs.second[keep], pairs.count[keep]
    margins = table.margins()
    counts = (count, margins[first], margins[second], total)
    names = np.array(table.techniques, dtype=np.str_)
    return Cooccurrence(
        unit=table.unit,
        evidence=table.evidence,
        level=table.level,
        units=total,
        units_with_techniques=len(table.units),
        minimum=minimum,
        technique_a=names[first],
        technique_b=names[second],
        count=count,
        count_a=counts[1],
        count_b=counts[2],
        jaccard=MEASURES["jaccard"](*counts),
        lift=MEASURES["lift"](*counts),
        pmi=MEASURES["pmi"](*counts),
        npmi=MEASURES["npmi"](*counts),
        labels=dict(table.labels),
        margins=dict(zip(table.techniques, margins.tolist(), strict=True)),
    )


def _cell(value: Value) -> str:
    if value is None:
        return ""
    return f"{value:.{_DECIMALS}f}" if isinstance(value, float) else str(value)
