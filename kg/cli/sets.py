"""``kg sets``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options, filter_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg sets --unit observation --minimum 3 --kind maximal")
@source_option
@counted_options()
@click.option("--minimum", type=int, default=3, show_default=True, help="Units that hold each set, 2 or more.")
@click.option("--longest", type=int, default=5, show_default=True, help="Techniques of a set, 3 to 6.")
@click.option("--kind", default="closed", show_default=True, help="all, closed or maximal.")
@filter_options
@tabular_option
@output_options
def command(
    source: str | None,
    unit: str,
    evidence: str,
    level: str,
    minimum: int,
    longest: int,
    kind: str,
    filters: Filters,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Find sets of three and more techniques, and whether they are more than their pairs explain.

    Columns: techniques, count, units (N), expected (from the counts of all pairs), p_value, p_adjusted.
    """
    with open_source(source) as graph:
        found = graph.sets(
            unit=unit,
            evidence=evidence,
            level=level,
            minimum=minimum,
            longest=longest,
            kind=kind,
            filters=filters,
        )
    rows = [
        (
            " ".join(item.techniques),
            item.count,
            found.units,
            f"{item.expected:.2f}",
            f"{item.p_value:.3g}",
            f"{item.p_adjusted:.3g}",
        )
        for item in found.sets
    ]
    columns = ("techniques", "count", "units", "expected", "p_value", "p_adjusted")
    write_rows(columns, rows, format_, output=output, force=force)
    for sentence in found.sentences():
        say(sentence)
