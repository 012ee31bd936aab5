"""``kg change``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options, place_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


class Period(click.ParamType):  # type: ignore[type-arg] # click takes no argument before 8.4
    """A year or two: ``2018`` or ``2016-2019``."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """The first and the last year."""
        found = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", str(value))
        if found is None:
            self.fail(f"{value!r} is no period; give a year or two, such as 2018 or 2016-2019", param, ctx)
        return int(found[1]), int(found[2] or found[1])


@click.command(epilog="Example: kg change 2016-2019 2020-2025 --year-basis act,published")
@click.argument("before", type=Period())
@click.argument("after", type=Period())
@source_option
@counted_options()
@place_options
@tabular_option
@output_options
def command(
    before: tuple[int, int],
    after: tuple[int, int],
    source: str | None,
    unit: str,
    evidence: str,
    level: str,
    filters: Filters,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Tell what changed between two periods, each with its interval.

    Columns: technique, name, before, units_before, after, units_after, difference (of the shares), low and high (95 %,
    Newcombe), p_value (Fisher), p_adjusted. The year of a publication is an upper bound for that of the act, and counts
    only where --year-basis says so.
    """
    with open_source(source) as graph:
        found = graph.change(before, after, unit=unit, evidence=evidence, level=level, filters=filters)
    rows = [
        (
            item.technique,
            item.label,
            item.before,
            found.units_before,
            item.after,
            found.units_after,
            f"{item.difference:.4f}",
            f"{item.low:.4f}",
            f"{item.high:.4f}",
            f"{item.p_value:.3g}",
            f"{item.p_adjusted:.3g}",
        )
        for item in found.changes
    ]
    columns = (
        "technique",
        "name",
        "before",
        "units_before",
        "after",
        "units_after",
        "difference",
        "low",
        "high",
        "p_value",
        "p_adjusted",
    )
    write_rows(columns, rows, format_, output=output, force=force)
    for sentence in found.sentences():
        say(sentence)
