"""``kg ledger``."""

from __future__ import annotations

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import open_source, output_options, source_option, tabular_option, write_rows

COLUMNS = ("kind", "read", "stored", "repaired", "reported")


@click.command(epilog="Example: kg ledger --format csv")
@source_option
@tabular_option
@output_options
def command(source: str | None, format_: str | None, output: str | None, force: bool) -> None:
    """Account for everything that was read: read = stored + repaired + reported.

    Stored: stands in the graph as it was read. Repaired: stands in the graph, mended, with a finding that says how.
    Reported: does not stand in the graph; a finding says why ('kg list findings').
    """
    with open_source(source) as graph:
        lines = graph.ledger()
    write_rows(COLUMNS, lines, format_, title="ledger", output=output, force=force)
    if any(read != stored + repaired + reported for _, read, stored, repaired, reported in lines):
        click.get_current_context().exit(ANSWER_IS_NO)
