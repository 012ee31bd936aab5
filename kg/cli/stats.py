"""``kg stats``."""

from __future__ import annotations

import click

from kg.cli.options import open_source, output_options, source_option, write_data


@click.command(epilog="Example: kg stats | python -m json.tool")
@source_option
@output_options
def command(source: str | None, output: str | None, force: bool) -> None:
    """Count what the graph holds, as JSON."""
    import json

    with open_source(source) as graph:
        write_data(json.dumps(graph.stats(), indent=2) + "\n", output, force=force)
