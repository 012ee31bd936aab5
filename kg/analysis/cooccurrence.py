"""Which techniques occur together, how often, how strongly, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.association import DIRECTED, MEASURES, UNDEFINED, odds_ratio_interval
from kg.analysis.counting import count_pairs
from kg.analysis.pairs import COLUMNS, Cooccurrence
from kg.analysis.sizes import warning_of_sizes
from kg.errors import KgError, unknown_name
from kg.filters import NO_FILTERS, Filters
from kg.incidence import incidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kg.analysis.counting import PairCounts
    from kg.analysis.nullmodel import NullModel
    from kg.analysis.pairs import Column
    from kg.analysis.significance import Family, Significance, Verdicts
    from kg.incidence import Incidence
    from kg.store.protocol import TripleStore

__all__ = ["COLUMNS", "Cooccurrence", "Counted", "cooccurrence", "cooccurrence_of", "pair_columns"]


def cooccurrence(  # noqa: PLR0913 - what a notebook user types, one name an option
    store: TripleStore,
    *,
    unit: str = "incident",
    evidence: str = "repaired",
    level: str = "technique",
    units: int | None = None,
    minimum: int = 1,
    measures: Sequence[str] = (),
    significance: Significance | None = None,
    null: NullModel | None = None,
    filters: Filters = NO_FILTERS,
    progress: Callable[[int], None] | None = None,
) -> Cooccurrence:
    """Which techniques occur together in a graph.

    Args:
        store: The graph.
        unit: ``incident``, ``passage`` or ``observation``; see :func:`kg.incidence.incidence` for these three and for
            ``filters``.
        evidence: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique``, ``parent`` or ``tactic``.
        units: N, the number of all units. Left out, it is the number of units that hold at least one technique under
            this evidence. Give more to count units in which nothing was coded; lift and PMI grow with it.
        minimum: Leave out pairs that occur together in fewer units; 0 adds the testable pairs never seen together.
        measures: Names of :data:`kg.analysis.association.MEASURES` to add as columns.
        significance: How to test all testable pairs; None for no test.
        null: How to compare them with random tables of the same margins; None for no comparison.
        filters: Which incidents, techniques and statements count.
        progress: Called with the number of random tables made since the last call.

    Raises:
        UnknownNameError: no such unit, evidence, level, measure, or name in a filter.
        KgError: the unit has no such evidence, ``units`` is less than the units that hold a technique, ``minimum``
            is negative, or a filter cannot apply.
    """
    table = incidence(store, unit=unit, evidence=evidence, level=level, filters=filters)
    return cooccurrence_of(
        table,
        units=units,
        minimum=minimum,
        measures=measures,
        significance=significance,
        null=null,
        progress=progress,
    )


def cooccurrence_of(  # noqa: PLR0913 - as cooccurrence
    table: Incidence,
    *,
    units: int | None = None,
    minimum: int = 1,
    measures: Sequence[str] = (),
    significance: Significance | None = None,
    null: NullModel | None = None,
    progress: Callable[[int], None] | None = None,
) -> Cooccurrence:
    """Which techniques occur together in an incidence table; the arguments are those of :func:`cooccurrence`.

    Raises:
        UnknownNameError: no such measure.
        KgError: ``units`` is less than the units that hold a technique, or ``minimum`` is negative.
    """
    pairs = count_pairs(table.unit_index, table.technique_index, len(table.techniques))
    total = _total(table, units)
    counted = Counted(table, pairs, table.margins(), total, units_with_techniques=len(table.units))
    pairs_ = counted.cooccurrence(minimum=minimum, measures=measures, significance=significance)
    if null is None:
        return pairs_ if significance is None else replace(pairs_, remarks=(*pairs_.remarks, *warning_of_sizes(table)))
    # As in Counted: scipy need not be waited for where nothing is tested.
    from kg.analysis.against_null import with_null  # noqa: PLC0415

    return with_null(pairs_, counted, null, significance, progress)


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Everything that is known of pairs before any is chosen for a table.

    Attributes:
        table: Names, labels, filters, notes; its arrays are not read any more, and may be empty where pairs were
            counted elsewhere.
        pairs: Pairs seen together.
        margins: For each technique in how many units it occurs; int64.
        units: N.
        units_with_techniques: How many units hold a technique.
    """

    table: Incidence
    pairs: PairCounts
    margins: NDArray[np.int64]
    units: int
    units_with_techniques: int

    def cooccurrence(
        self, *, minimum: int = 1, measures: Sequence[str] = (), significance: Significance | None = None
    ) -> Cooccurrence:
        """The table of pairs; the arguments are those of :func:`cooccurrence`."""
        if minimum < 0:
            message = f"minimum {minimum}: is negative; give a number of units, or 0 for pairs never seen together too"
            raise KgError(message)
        family, verdicts = self._tested(minimum, significance)
        first, second, count = self._chosen(minimum, family)
        counts = (count, self.margins[first], self.margins[second], self.units)
        npmi = MEASURES["npmi"](*counts)
        more, undefined = pair_columns(counts, measures)
        if verdicts is not None:
            more |= verdicts.columns(first, second)
        never = int((count == 0).sum())
        infinite = (f"pmi is minus infinity for {never:,} pairs never seen together and left empty",) if never else ()
        undefined = (*_undefined({"npmi": npmi}), *undefined, *infinite)
        names = np.array(self.table.techniques, dtype=np.str_)
        margins = dict(zip(self.table.techniques, self.margins.tolist(), strict=True))
        return Cooccurrence(
            unit=self.table.unit,
            evidence=self.table.evidence,
            level=self.table.level,
            units=self.units,
            units_with_techniques=self.units_with_techniques,
            minimum=minimum,
            technique_a=names[first],
            technique_b=names[second],
            count=count,
            count_a=counts[1],
            count_b=counts[2],
            jaccard=MEASURES["jaccard"](*counts),
            lift=MEASURES["lift"](*counts),
            pmi=MEASURES["pmi"](*counts),
            npmi=npmi,
            labels=dict(self.table.labels),
            margins=margins,
            more=more,
            verdicts=verdicts,
            filters=self.table.filters,
            notes=self.table.notes,
            remarks=undefined,
        )

    def family(self, asked: Significance) -> Family:
        """All testable pairs."""
        # scipy takes a tenth of a second to import, which counting alone need not wait for.
        from kg.analysis.significance import derived_margin, family_of  # noqa: PLC0415

        margin = asked.margin or derived_margin(self.margins, self.units, asked.alpha)
        return family_of(self.pairs, self.margins, self.units, margin=margin, excluded=self._relatives())

    def _tested(self, minimum: int, asked: Significance | None) -> tuple[Family | None, Verdicts | None]:
        if asked is None and minimum:
            return None, None
        from kg.analysis.significance import Significance, judge  # noqa: PLC0415 - as in family

        family = self.family(asked or Significance())
        return family, judge(family, asked) if asked is not None else None

    def _chosen(
        self, minimum: int, family: Family | None
    ) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64]]:
        """The pairs of the table, the most frequent first, then by id."""
        first, second, count = self.pairs.first, self.pairs.second, self.pairs.count
        keep = count >= minimum
        if (relatives := self._relatives()) is not None:
            size = len(self.margins)
            keep &= ~np.isin(first.astype(np.int64) * size + second, relatives[0] * size + relatives[1])
        first, second, count = first[keep], second[keep], count[keep]
        if not minimum and family is not None:
            never = family.count == 0
            first, second = np.append(first, family.first[never]), np.append(second, family.second[never])
            count = np.append(count, family.count[never])
        order = np.lexsort((second, first, -count))
        return first[order], second[order], count[order]

    def _relatives(self) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
        """Pairs of a technique and its sub-technique and of two sub-techniques of one technique, where left out."""
        if not self.table.filters.exclude_relatives:
            return None
        if self.table.level != "technique":
            message = f"exclude relatives: at level {self.table.level!r} no technique lies below another; leave it out"
            raise KgError(message)
        families: dict[str, list[int]] = {}
        for place, name in enumerate(self.table.techniques):
            families.setdefault(self.table.parents.get(name, name), []).append(place)
        both = [(a, b) for each in families.values() for i, a in enumerate(each) for b in each[i + 1 :]]
        places = np.array(both, dtype=np.int64).reshape(-1, 2)
        return places[:, 0], places[:, 1]


def pair_columns(
    counts: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int], measures: Sequence[str]
) -> tuple[dict[str, Column], tuple[str, ...]]:
    """The columns of measures beyond those that every table has, and where they are undefined.

    A measure may be named as its column is: ``odds_ratio``. A directed measure takes two columns, one each way; the
    odds ratio three, with the limits of its 95 % interval.

    Raises:
        UnknownNameError: no such measure.
    """
    count, count_a, count_b, units = counts
    columns: dict[str, Column] = {}
    for given in measures:
        name = given.replace("_", "-")
        if name not in MEASURES:
            raise unknown_name("measure", given, MEASURES)
        column = name.replace("-", "_")
        if name in DIRECTED:
            columns[f"{column}_a_b"] = MEASURES[name](*counts)
            columns[f"{column}_b_a"] = MEASURES[name](count, count_b, count_a, units)
        elif column not in COLUMNS:
            columns[column] = MEASURES[name](*counts)
        if name == "odds-ratio":
            columns["odds_ratio_low"], columns["odds_ratio_high"] = odds_ratio_interval(*counts)
    return columns, _undefined(columns)


def _undefined(columns: dict[str, Column]) -> tuple[str, ...]:
    """A sentence for each column of a measure with pairs for which it is undefined."""
    said = []
    for column, values in columns.items():
        missing = int(np.isnan(values.astype(np.float64)).sum())
        measure = column.removesuffix("_a_b").removesuffix("_b_a").replace("_", "-")
        if missing:
            pairs = "1 pair" if missing == 1 else f"{missing:,} pairs"
            said.append(f"{column} is undefined for {pairs} and left empty: {UNDEFINED[measure]}")
    return tuple(said)


def _total(table: Incidence, units: int | None) -> int:
    total = len(table.units) if units is None else units
    if total < len(table.units):
        message = (
            f"units {total}: {len(table.units)} {table.unit}s hold a technique under evidence {table.evidence!r}; "
            f"give at least {len(table.units)}, or leave units out"
        )
        raise KgError(message)
    return total
