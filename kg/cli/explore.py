"""``kg explore``."""

from __future__ import annotations

import click

from kg.cli.options import open_source, say, source_option, write_data


@click.command(epilog="Example: kg explore -o explorer.html")
@source_option
@click.option("-o", "--output", metavar="FILE", required=True, help="The page to write (.html), or - for stdout.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(source: str | None, output: str, force: bool) -> None:
    """Write the explorer: one page that opens offline, to see what goes together and read why.

    Matrix, framework, network, timeline, sets and a page for every incident, technique, actor and platform, with the
    evidence of each pair one click away. With more than 5,000 incidents the page holds counts alone.
    """
    with open_source(source) as graph:
        page = graph.explore()
    write_data(page.html, output, force=force)
    if output != "-":
        say(f"wrote {output}")
