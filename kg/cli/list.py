"""``kg list KIND``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import incident_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Examples: kg list findings --format csv; kg list incidents --actor Russia --platform YouTube")
@click.argument("kind")
@source_option
@incident_options
@tabular_option
@output_options
def command(
    kind: str, source: str | None, filters: Filters, format_: str | None, output: str | None, force: bool
) -> None:
    """List everything of one kind.

    KIND is incidents, techniques, tactics, phases, tasks, counters, metatechniques, response-types, detections,
    actor-types, sectors, countries, actors, platforms, references or findings. Filters narrow incidents.
    """
    from kg.filters import choose_incidents

    with open_source(source) as graph:
        found = graph.list(kind, filters=filters)
        said = choose_incidents(graph.store, filters).sentences(filters)
        write_rows(found.variables, list(found.values()), format_, title=kind, output=output, force=force)
    for sentence in said:
        say(sentence)
