"""``kg view``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import filter_options
from kg.cli.options import open_source, say, source_option, write_data

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg view cooccurrence -o page.html")
@click.argument("name", metavar="VIEW")
@source_option
@click.option("-o", "--output", metavar="FILE", required=True, help="The page to write (.html).")
@click.option("--unit", help="cooccurrence: what is counted, incident, passage or observation.")
@click.option("--evidence", help="cooccurrence: rows, inline, all or repaired.")
@click.option("--level", help="technique, parent or tactic (rolled up).")
@click.option(
    "--threshold",
    type=click.IntRange(min=0),
    help="Leave out what was seen fewer times (pairs; techniques).",
)
@click.option(
    "--backbone",
    type=float,
    metavar="ALPHA",
    help="cooccurrence: only pairs that stand out of their ends' at this level.",
)
@filter_options
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(  # one argument an option
    name: str,
    source: str | None,
    output: str,
    unit: str | None,
    evidence: str | None,
    level: str | None,
    threshold: int | None,
    backbone: float | None,
    filters: Filters,
    force: bool,
) -> None:
    """Draw a network as an interactive page that opens offline.

    VIEW is cooccurrence (techniques seen together), incidents (incidents with their techniques) or framework (phases,
    tactics, techniques).
    """
    from kg.filters import NO_FILTERS
    from kg.views import HEEDED

    narrowed = None if filters == NO_FILTERS else filters
    given = {
        "unit": unit,
        "evidence": evidence,
        "level": level,
        "threshold": threshold,
        "backbone": backbone,
        "filters": narrowed,
    }
    for option, value in given.items():
        if value is not None and option not in HEEDED.get(name, given):
            shown = "a filter" if option == "filters" else f"--{option}"
            raise click.UsageError(f"{shown} does not apply to the view {name!r}")
    with open_source(source) as graph:
        page = graph.view(name, **given)
    write_data(page.html, output, force=force)
    if output != "-":
        say(f"wrote {output}")
