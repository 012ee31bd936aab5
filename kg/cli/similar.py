"""``kg similar``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options, filter_options
from kg.cli.options import open_source, output_options, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg similar I00100")
@click.argument("incident", metavar="INCIDENT")
@source_option
@counted_options("evidence", "level")
@click.option("--top", "most", type=int, default=10, show_default=True, metavar="K", help="Name so many incidents.")
@filter_options
@tabular_option
@output_options
def command(
    incident: str,
    source: str | None,
    evidence: str,
    level: str,
    most: int,
    filters: Filters,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Name the incidents most like one, by shared techniques; rare techniques weigh more.

    Columns: incident, title, similarity (0 to 1, weighed by rarity), jaccard, shared, only_there: what the like
    incident holds beyond, which is what to look for next.
    """
    with open_source(source) as graph:
        found = graph.similar(incident, evidence=evidence, level=level, most=most, filters=filters)
        titles = {row[0]: row[1] for row in graph.list("incidents").values()}
    rows = [
        (
            item.incident,
            titles.get(item.incident),
            f"{item.similarity:.3f}",
            f"{item.jaccard:.3f}",
            " ".join(item.shared),
            " ".join(item.only_there),
        )
        for item in found
    ]
    columns = ("incident", "title", "similarity", "jaccard", "shared", "only_there")
    write_rows(columns, rows, format_, output=output, force=force)
