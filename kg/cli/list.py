"""``kg list KIND``."""

from __future__ import annotations

import click

from kg.cli.options import open_source, output_options, source_option, tabular_option, write_rows


@click.command(epilog="Example: kg list findings --format csv")
@click.argument("kind")
@source_option
@tabular_option
@output_options
def command(kind: str, source: str | None, format_: str | None, output: str | None, force: bool) -> None:
    """List everything of one kind.

    KIND is incidents, techniques, tactics, phases, tasks, counters, metatechniques, response-types, detections,
    actor-types, sectors, countries, actors, platforms, references or findings.
    """
    with open_source(source) as graph:
        found = graph.list(kind)
        write_rows(found.variables, list(found.values()), format_, title=kind, output=output, force=force)
