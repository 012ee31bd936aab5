"""The table of pairs: what :func:`kg.analysis.cooccurrence.cooccurrence` gives, and the forms it takes."""

from __future__ import annotations

import csv
import html
import importlib
import io
import itertools
import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from kg.errors import KgError, unknown_name
from kg.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import pandas as pd
    from numpy.typing import NDArray

    from kg.analysis.significance import Verdicts

Value: TypeAlias = str | int | float | None
Column: TypeAlias = "NDArray[np.float64] | NDArray[np.int64] | NDArray[np.str_]"

COLUMNS = ("technique_a", "technique_b", "count", "count_a", "count_b", "units", "jaccard", "lift", "pmi", "npmi")
"""The columns that every table has, in every form it takes; those asked for follow."""

PROBABILITIES = frozenset({"p_value", "p_adjusted", "p_null", "p_null_adjusted"})
"""Columns written with six digits that count, for six decimals would make small ones 0."""

UNIT_NAMES = {"incident": "incidents", "passage": "passages", "observation": "observations", "unit": "units"}
"""A unit to what several of them are called."""

_DECIMALS = 6
_SHOWN_ROWS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Cooccurrence:
    """Pairs of techniques with their counts and measures, the most frequent first, then by id.

    All arrays have one entry for each pair. Counts are of units, never of technique uses.

    Attributes:
        unit: What a unit is: ``incident``, ``passage`` or ``observation``.
        evidence: What the incidence rests on: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique``, ``parent`` or ``tactic``.
        units: N, the number of all units, which lift, PMI, NPMI and all tests rest on.
        units_with_techniques: How many units hold a technique: what N is when it is not given.
        minimum: Pairs of fewer units are left out.
        technique_a: Ids, each before the one in ``technique_b``.
        technique_b: Ids.
        count: Units that hold both; int64.
        count_a: Units that hold the first; int64.
        count_b: Units that hold the second; int64.
        jaccard: float64; see :mod:`kg.analysis.association` for all measures. Never NaN: both techniques occur.
        lift: float64, never NaN.
        pmi: float64, in bits, never NaN; minus infinity for a pair never seen together.
        npmi: float64; NaN where both techniques occur in every unit, which is 0/0.
        labels: Technique id to its label, for every technique that occurs, also in no pair.
        margins: Technique id to the number of units that hold it, for the same techniques.
        more: Further columns by name: measures, p-values, verdicts.
        verdicts: What the test of all testable pairs gave, where one was asked for.
        null_verdicts: The same against the null model that keeps both margins.
        filters: What was narrowed.
        notes: What was left out of the incidence, in sentences.
        remarks: Where a measure is undefined, and how small a p-value can be, in sentences.
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
    more: dict[str, Column] = field(default_factory=dict)
    verdicts: Verdicts | None = None
    null_verdicts: Verdicts | None = None
    filters: Filters = NO_FILTERS
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of pairs."""
        return len(self.count)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns: :data:`COLUMNS`, then those of ``more``."""
        return (*COLUMNS, *self.more)

    def column(self, name: str) -> Column:
        """One column as an array.

        Raises:
            UnknownNameError: There is no such column.
        """
        if name in self.more:
            return self.more[name]
        if name not in COLUMNS:
            raise unknown_name("column", name, self.columns)
        if name == "units":
            return np.full(len(self), self.units, dtype=np.int64)
        column: Column = getattr(self, name)
        return column

    def rows(self) -> Iterator[dict[str, Value]]:
        """The pairs as dicts with a key for each column; None where a measure is undefined or infinite."""
        columns = [self._values(name) for name in self.columns]
        for row in zip(*columns, strict=True):
            yield dict(zip(self.columns, row, strict=True))

    def top(self, most: int) -> Cooccurrence:
        """The first ``most`` pairs: the most frequent ones; margins and labels stay those of all techniques.

        Raises:
            KgError: ``most`` is negative.
        """
        if most < 0:
            raise KgError(f"top {most}: is negative; give a number of pairs")
        return self.taken(np.arange(min(most, len(self))))

    def taken(self, places: NDArray[np.intp]) -> Cooccurrence:
        """The pairs at these places, in this order."""
        arrays = {name: getattr(self, name)[places] for name in COLUMNS if name != "units"}
        more = {name: column[places] for name, column in self.more.items()}
        return replace(self, **arrays, more=more)

    def without(self, *names: str) -> Cooccurrence:
        """The same pairs without some of the further columns."""
        return replace(self, more={name: column for name, column in self.more.items() if name not in names})

    def sorted_by(self, name: str) -> Cooccurrence:
        """The same pairs by one column: the largest first, p-values and names from the smallest; unknown ones last.

        Raises:
            UnknownNameError: There is no such column.
        """
        column = self.column(name)
        if column.dtype.kind == "U":
            return self.taken(np.argsort(column, kind="stable"))
        values = column.astype(np.float64)
        return self.taken(np.argsort(values if name in PROBABILITIES else -values, kind="stable"))

    def to_csv(self) -> str:
        """The pairs as CSV with a header; measures with six decimals, an empty cell where one is undefined."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(self.columns)
        columns = [[cell_text(name, value) for value in self._values(name)] for name in self.columns]
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
        frame: pd.DataFrame = module.DataFrame({name: self.column(name) for name in self.columns})
        return frame

    def network(self) -> nx.Graph[str]:
        """Techniques joined where they occur together, with every column as an attribute of the edges."""
        from kg.network import cooccurrence_network  # noqa: PLC0415 - networkx takes a tenth of a second to import

        return cooccurrence_network(self)

    def sentences(self) -> tuple[str, ...]:
        """The answer in words: N, how many pairs survive the tests, and what was left out."""
        unit = UNIT_NAMES[self.unit]
        kind = f"unit {self.unit}, evidence {self.evidence}, level {self.level}"
        said = [f"{len(self):,} pairs; N = {self.units:,} {unit} ({'; '.join((kind, *self.filters.words()))})"]
        asked = (self.verdicts, self.null_verdicts)
        said.extend(verdicts.in_words(unit) for verdicts in asked if verdicts is not None)
        if len(said) > 1 and self.unit in {"passage", "observation"}:
            said.append(f"{unit} of one incident are alike, so these p-values are too small; judge by incidents")
        return (*said, *self.notes, *self.remarks)

    def _values(self, name: str) -> list[Value]:
        values: list[Value] = self.column(name).tolist()
        return [None if isinstance(value, float) and not math.isfinite(value) else value for value in values]

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in self.columns)
        body = []
        for row in itertools.islice(self.rows(), _SHOWN_ROWS):
            cells = (
                f'<td title="{html.escape(self.labels.get(str(value), ""))}">{html.escape(cell_text(name, value))}</td>'
                for name, value in row.items()
            )
            body.append(f"<tr>{''.join(cells)}</tr>")
        rest = len(self) - _SHOWN_ROWS
        more = f"; {rest} more not shown" if rest > 0 else ""
        said = "".join(f"<p>{html.escape(sentence)}</p>" for sentence in self.sentences()[1:])
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>"
            f"<p>{len(self)} pairs over {self.units} units (unit {html.escape(self.unit)}, evidence "
            f"{html.escape(self.evidence)}, level {html.escape(self.level)}){more}</p>{said}"
        )


def cell_text(column: str, value: Value) -> str:
    """How a value of a column is written; the empty text where there is none."""
    if value is None:
        return ""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.{_DECIMALS}g}" if column in PROBABILITIES else f"{value:.{_DECIMALS}f}"
