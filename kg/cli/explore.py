"""``kg explore``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import incident_options, say_chosen
from kg.cli.options import open_source, say, source_option, write_data

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg explore -o explorer.html --actor Spamouflage --actor China")
@source_option
@click.option("-o", "--output", metavar="FILE", required=True, help="The page to write (.html), or - for stdout.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@incident_options
def command(source: str | None, output: str, force: bool, filters: Filters) -> None:
    """Write the explorer: one page that opens offline, to see what goes together and read why.

    Matrix, framework, network, timeline, sets and a page for every incident, technique, actor and platform, with the
    evidence of each pair one click away. With more than 5,000 incidents the page holds counts alone. Filters narrow its
    incidents, and N with them.
    """
    with open_source(source) as graph:
        page = graph.explore(filters=filters)
        say_chosen(graph, filters)
    write_data(page.html, output, force=force)
    if output != "-":
        say(f"wrote {output}")
