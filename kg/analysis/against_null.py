"""The columns and the sentence that a comparison with random tables adds to a table of pairs."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.nullmodel import NULL_MODELS, compare_with_null
from kg.analysis.significance import CORRECTIONS, Significance, judge_values
from kg.errors import KgError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.analysis.cooccurrence import Counted
    from kg.analysis.nullmodel import NullModel
    from kg.analysis.pairs import Column, Cooccurrence
    from kg.analysis.significance import Verdicts


def with_null(
    pairs: Cooccurrence,
    counted: Counted,
    model: NullModel,
    asked: Significance | None = None,
    progress: Callable[[int], None] | None = None,
) -> Cooccurrence:
    """The table with the columns ``null_mean``, ``null_sd``, ``z``, ``p_null``, ``p_null_adjusted``, ``null_verdict``.

    Args:
        pairs: The table of pairs.
        counted: What it was made from.
        model: How many random tables, from which seed.
        asked: Alternative, correction, level and margin; the family of tests is the same as without a null model.
        progress: Called with the number of random tables made since the last call.

    Raises:
        KgError: The correction needs a test with known p-values.
    """
    asked = asked or Significance()
    if asked.correction in {"tarone", "discrete"}:
        message = f"correction {asked.correction}: needs an exact test, which random tables are not; use bh or by"
        raise KgError(message)
    table, family = counted.table, counted.family(asked)
    outcome = compare_with_null(
        table.unit_index, table.technique_index, len(table.techniques), (family.first, family.second), model, progress
    )
    values = {"two-sided": outcome.two_sided, "together": outcome.together, "apart": outcome.apart}[asked.alternative]
    words = f"{NULL_MODELS[model.name]}, {model.randomisations:,} random tables, seed {model.seed}"
    verdicts = replace(judge_values(family, values, asked, words), more_than_expected=family.count > outcome.mean)
    ids = {name: place for place, name in enumerate(table.techniques)}
    first, second = (
        np.array([ids[name] for name in column.tolist()], dtype=np.int32)
        for column in (pairs.technique_a, pairs.technique_b)
    )
    place = family.place(first, second)
    more: dict[str, Column] = dict(pairs.more)
    for name, column in (("null_mean", outcome.mean), ("null_sd", outcome.deviation), ("z", outcome.z)):
        more[name] = np.where(place >= 0, column[place], np.nan) if len(column) else np.full(len(place), np.nan)
    told = verdicts.columns(first, second)
    more |= {"p_null": told["p_value"], "p_null_adjusted": told["p_adjusted"], "null_verdict": told["verdict"]}
    return replace(
        pairs,
        more=more,
        null_verdicts=verdicts,
        remarks=(*pairs.remarks, *_floor(verdicts, model), *_fixed(outcome.z)),
    )


def _floor(verdicts: Verdicts, model: NullModel) -> tuple[str, ...]:
    """How small a p-value can be, and what that means for the correction."""
    asked = verdicts.asked
    sides = 2 if asked.alternative == "two-sided" else 1
    floor, tests = sides * model.floor, len(verdicts.family)
    if not tests:
        return ()
    factor = float(np.sum(1 / np.arange(1, tests + 1))) if asked.correction == "by" else 1.0
    needed = math.ceil(floor * tests * factor / asked.alpha - 1e-9)
    said = f"no p-value of {model.randomisations:,} random tables is below {floor:.3g}"
    if needed > 1:
        enough = math.ceil(sides * tests * factor / asked.alpha) - 1
        said += f": {needed:,} pairs must reach it before {CORRECTIONS[asked.correction]} can let any survive"
        said += f"; with {enough:,} tables one pair alone could"
    return (said,)


def _fixed(z: Column) -> tuple[str, ...]:
    fixed = int(np.isnan(z.astype(np.float64)).sum())
    if not fixed:
        return ()
    pairs = "1 testable pair" if fixed == 1 else f"{fixed:,} testable pairs"
    return (f"z is undefined for {pairs} and left empty: no random table had another count",)
