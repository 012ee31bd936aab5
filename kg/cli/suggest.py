"""``kg suggest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options, filter_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg suggest T0146 T0154.002")
@click.argument("techniques", nargs=-1, required=True, metavar="TECHNIQUE...")
@source_option
@click.option("--method", default="family", show_default=True, help="family, knn, cooccurrence, linear, bayes, svd ...")
@counted_options("unit", "evidence")
@click.option("--top", "most", type=int, default=10, show_default=True, metavar="K", help="Name so many techniques.")
@filter_options
@tabular_option
@output_options
def command(
    techniques: tuple[str, ...],
    source: str | None,
    method: str,
    unit: str,
    evidence: str,
    most: int,
    filters: Filters,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Name techniques to look for where these were seen, each with what supports it.

    Columns: technique, name, score (of the method), popularity (share of all units that hold it, for comparison),
    support (units that hold it with one of those given), incidents. How good each method is: kg evaluate suggest.
    """
    with open_source(source) as graph:
        found = graph.suggest(*techniques, method=method, unit=unit, evidence=evidence, most=most, filters=filters)
    rows = [
        (
            item.technique,
            item.label,
            f"{item.score:.4f}",
            f"{item.popularity:.3f}",
            item.support,
            "; ".join(item.incidents),
        )
        for item in found
    ]
    columns = ("technique", "name", "score", "popularity", "support", "incidents")
    write_rows(columns, rows, format_, output=output, force=force)
    say("a suggestion says what to look for, not what happened; kg why TECHNIQUE... tells what supports a pair")
