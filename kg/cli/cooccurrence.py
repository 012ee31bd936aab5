"""``kg cooccurrence``."""

from __future__ import annotations

import click

from kg.cli.options import (
    form,
    open_source,
    output_options,
    print_table,
    render_rows,
    say,
    source_option,
    tabular_option,
    write_data,
)


@click.command(epilog="Example: kg cooccurrence --unit observation --level parent --format csv")
@source_option
@click.option("--unit", default="incident", show_default=True, help="What is counted: incident or observation.")
@click.option(
    "--evidence",
    default="repaired",
    show_default=True,
    help="rows, inline or all as published; repaired: what the default graph asserts.",
)
@click.option("--level", default="technique", show_default=True, help="technique, or parent (rolled up).")
@click.option(
    "--units", type=int, metavar="N", help="N of the measures; by default the units with at least one technique."
)
@click.option("--minimum", type=int, default=1, show_default=True, help="Leave out pairs seen fewer times.")
@click.option("--top", type=int, metavar="K", help="The first K pairs only.")
@tabular_option
@output_options
def command(  # one argument an option
    source: str | None,
    unit: str,
    evidence: str,
    level: str,
    units: int | None,
    minimum: int,
    top: int | None,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Count which techniques occur together, with measures.

    Columns: technique_a, technique_b, count (units with both), count_a, count_b, units (N), jaccard, lift, pmi, npmi. N
    is part of every answer: lift grows with it. A measure that is undefined for a pair is left empty.
    """
    with open_source(source) as graph:
        pairs = graph.cooccurrence(unit=unit, evidence=evidence, level=level, units=units, minimum=minimum)
    shown = pairs if top is None else pairs.top(top)
    name = form(format_, output)
    if name == "csv":
        write_data(shown.to_csv(), output, force=force)
        return
    from kg.analysis.cooccurrence import COLUMNS

    rows = [list(row.values()) for row in shown.rows()]
    if name == "table" and output in {None, "-"}:
        print_table(COLUMNS, [[_shown(cell) for cell in row] for row in rows])
        say(f"{len(shown)} of {len(pairs)} pairs; N = {pairs.units} units ({unit}, evidence {evidence}, level {level})")
        return
    write_data(render_rows(COLUMNS, rows, name), output, force=force)


def _shown(cell: object) -> object:
    return f"{cell:.3f}" if isinstance(cell, float) else cell
