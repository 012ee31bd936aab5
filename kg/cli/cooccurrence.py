"""``kg cooccurrence``."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from kg.cli.chance import chance_options, refuse
from kg.cli.filters import FILTER_OPTIONS, counted_options, filter_options
from kg.cli.options import (
    TABULAR,
    form,
    open_source,
    output_options,
    print_table,
    render_rows,
    say,
    source_option,
    write_data,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.analysis.nullmodel import NullModel
    from kg.analysis.pairs import Cooccurrence
    from kg.analysis.significance import Significance
    from kg.filters import Filters


@click.command(epilog="Example: kg cooccurrence --unit observation --level parent --significance --format csv")
@source_option
@counted_options()
@click.option(
    "--units", type=int, metavar="N", help="N of the measures; by default the units with at least one technique."
)
@click.option(
    "--minimum",
    type=int,
    default=1,
    show_default=True,
    help="Leave out pairs seen fewer times; 0 adds testable pairs never seen together.",
)
@click.option("--measure", "measures", multiple=True, metavar="NAME", help="A further measure as a column. Repeatable.")
@click.option("--significance", is_flag=True, help="Add the columns p_value, p_adjusted and verdict.")
@chance_options
@filter_options
@click.option(
    "--pairs",
    "pairs_file",
    metavar="FILE",
    help="Count in a .parquet or .npy file of units and techniques instead of a graph; it need not fit into memory.",
)
@click.option("--engine", default="numpy", show_default=True, help="What counts --pairs: numpy or spark.")
@click.option("--master", metavar="URL", help="The Spark cluster, such as spark://host:7077 or local[2].")
@click.option("--sort", metavar="COLUMN", help="Order by this column instead of the count.")
@click.option("--top", type=int, metavar="K", help="The first K pairs only.")
@click.option(
    "--format",
    "format_",
    type=click.Choice([*TABULAR, "graphml", "gexf"]),
    help="By FILE's extension; else a table on a terminal and CSV in a pipe. graphml and gexf are for Gephi.",
)
@output_options
def command(  # one argument an option
    source: str | None,
    unit: str,
    evidence: str,
    level: str,
    units: int | None,
    minimum: int,
    measures: tuple[str, ...],
    significance: bool,
    asked: Significance,
    null: NullModel | None,
    filters: Filters,
    pairs_file: str | None,
    engine: str,
    master: str | None,
    sort: str | None,
    top: int | None,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Count which techniques occur together, how strongly, and how many pairs are more than chance.

    Columns: technique_a, technique_b, count (units with both), count_a, count_b, units (N), jaccard, lift, pmi, npmi,
    then those asked for. N is part of every answer: lift grows with it. A measure that is undefined for a pair is left
    empty. Whether columns are asked for or not, all testable pairs are tested, corrected for their number, and the
    outcome is said on stderr.
    """
    if pairs_file is not None:
        _refuse_options_of_graphs()
        from kg.analysis.outofcore import count_file

        counted = count_file(pairs_file, units=units, engine=engine, master=master)
        pairs = counted.cooccurrence(minimum=minimum, measures=measures, significance=asked)
    else:
        _refuse_options_of_files()
        with open_source(source) as graph, _progress(null) as step:
            pairs = graph.cooccurrence(
                unit=unit,
                evidence=evidence,
                level=level,
                units=units,
                minimum=minimum,
                measures=measures,
                significance=asked,
                null=null,
                filters=filters,
                progress=step,
            )
    if not significance:
        pairs = pairs.without("p_value", "p_adjusted", "verdict")
    ordered = pairs if sort is None else pairs.sorted_by(sort)
    _write(ordered if top is None else ordered.top(top), _form(format_, output), output, force=force)
    for sentence in pairs.sentences():
        say(sentence)


@contextlib.contextmanager
def _progress(null: NullModel | None) -> Iterator[Callable[[int], None] | None]:
    """A bar on stderr while random tables are made, where that is a terminal."""
    if null is None or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=null.randomisations, label="random tables", file=sys.stderr) as bar:
        yield bar.update


def _refuse_options_of_graphs() -> None:
    """An option that says what to take from a graph cannot apply to a file of pairs."""
    of_graphs = {"source": "-s", "unit": "--unit", "evidence": "--evidence", "level": "--level", "null_name": "--null"}
    refuse({**of_graphs, **FILTER_OPTIONS}, "--pairs counts a file that has none of it; leave one of the two out")


def _refuse_options_of_files() -> None:
    refuse({"engine": "--engine", "master": "--master"}, "counts files of pairs; add --pairs FILE")


def _write(pairs: Cooccurrence, name: str, output: str | None, *, force: bool) -> None:
    if name == "csv":
        write_data(pairs.to_csv(), output, force=force)
        return
    if name in {"graphml", "gexf"}:
        from kg.exports import render_network

        write_data(render_network(pairs.network(), name), output, force=force)
        return
    rows = [list(row.values()) for row in pairs.rows()]
    if name == "table" and output in {None, "-"}:
        from kg.analysis.pairs import PROBABILITIES

        small = [column in PROBABILITIES for column in pairs.columns]
        shown = [[_shown(cell, small=each) for cell, each in zip(row, small, strict=True)] for row in rows]
        print_table(pairs.columns, shown)
        return
    write_data(render_rows(pairs.columns, rows, name), output, force=force)


def _form(chosen: str | None, output: str | None) -> str:
    extension = (output or "").rpartition(".")[2].lower()
    return extension if chosen is None and extension in {"graphml", "gexf", "json", "tsv"} else form(chosen, output)


def _shown(cell: object, *, small: bool) -> object:
    if not isinstance(cell, float):
        return cell
    return f"{cell:.3g}" if small else f"{cell:.3f}"
