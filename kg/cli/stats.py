"""``kg stats``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import incident_options, say_chosen
from kg.cli.options import open_source, output_options, source_option, write_data

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg stats | python -m json.tool")
@source_option
@output_options
@incident_options
def command(source: str | None, output: str | None, force: bool, filters: Filters) -> None:
    """Count what the graph holds, as JSON.

    Filters narrow the incidents, and what is said of them; the framework is counted whole.
    """
    import json

    with open_source(source) as graph:
        write_data(json.dumps(graph.narrow(filters).stats(), indent=2) + "\n", output, force=force)
        say_chosen(graph, filters)
