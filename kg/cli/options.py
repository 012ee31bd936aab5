"""Options that several commands share, and how rows and files leave: data on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from kg.cli import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.workspace import KnowledgeGraph

Function = TypeVar("Function", bound="Callable[..., object]")

WIDE = 140
"""Columns of a table that is not printed on a terminal."""

TABULAR = ("table", "csv", "tsv", "json")


def source_option(function: Function) -> Function:
    """The option ``-s SOURCE``."""
    return click.option(
        "-s",
        "--source",
        envvar="KG_SOURCE",
        metavar="SOURCE",
        help="Release folder, page, RDF file, store, endpoint, or '-' for stdin; else KG_SOURCE or the embedded facts.",
    )(function)


def output_options(function: Function) -> Function:
    """The options ``-o FILE`` and ``--force``."""
    force = click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
    output = click.option("-o", "--output", metavar="FILE", help="Write to FILE instead of stdout ('-' is stdout).")
    return output(force(function))


def tabular_option(function: Function) -> Function:
    """The option ``--format`` for rows."""
    return click.option(
        "--format",
        "format_",
        type=click.Choice(TABULAR),
        help="Form of the rows; by default a table on a terminal and CSV in a pipe.",
    )(function)


def entities_option(function: Function) -> Function:
    """The option ``--entities FILE``."""
    return click.option(
        "--entities",
        metavar="FILE",
        help="A CSV of names of your own (id,name,category,aliases,...), read beside the shipped ones; needs -s.",
    )(function)


def open_source(source: str | None, entities: str | None = None, earlier: Sequence[Path] = ()) -> KnowledgeGraph:
    """Open what ``-s`` names, with a word on stderr while it takes long."""
    from kg.workspace import open_graph

    if source is None:
        return open_graph(entities=entities)
    if not source:
        raise click.UsageError("-s names nothing; give a source, or leave the option out for the embedded facts")
    if not sys.stderr.isatty():
        graph = open_graph(source, entities=entities, earlier=earlier)
    else:
        from rich.console import Console

        with Console(stderr=True).status(f"reading {printable(source)}"):
            graph = open_graph(source, entities=entities, earlier=earlier)
    faults = graph.faults()
    if faults:
        found = "1 fault was" if faults == 1 else f"{faults} faults were"
        say(f"{source}: {found} found while reading it; 'kg list findings' names each")
    return graph


def form(chosen: str | None, output: str | None = None) -> str:
    """The form of rows: the chosen one, else a table on a terminal, else CSV."""
    if chosen is not None:
        return chosen
    return "table" if output in {None, "-"} and sys.stdout.isatty() else "csv"


def write_rows(
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    chosen: str | None,
    *,
    title: str = "",
    output: str | None = None,
    force: bool = False,
) -> None:
    """Write rows in a form of :data:`TABULAR` to stdout or a file."""
    name = form(chosen, output)
    if name == "table" and output in {None, "-"}:
        print_table(columns, rows, title=title)
        return
    # As bytes, for they are data as it stands, which a terminal is spared.
    write_data(render_rows(columns, rows, name).encode(), output, force=force)


def render_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> str:
    """Rows as text: ``csv``, ``tsv``, ``json`` (a list of objects) or ``table`` without colours.

    In CSV and TSV a cell that a spreadsheet would run as a formula begins with an apostrophe; JSON is exact.
    """
    if name == "json":
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        return json.dumps(records, ensure_ascii=False, indent=2, default=str) + "\n"
    if name == "table":
        return table_text(columns, rows)
    buffer = io.StringIO()
    delimiter = "\t" if name == "tsv" else ","
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else unrunnable(cell) for cell in row] for row in rows)
    return buffer.getvalue()


def unrunnable(cell: object) -> object:
    """The cell, with an apostrophe before what a spreadsheet would run as a formula.

    >>> unrunnable("=HYPERLINK(A1)"), unrunnable("-0.5"), unrunnable(7)
    ("'=HYPERLINK(A1)", '-0.5', 7)
    """
    from kg.sources.csv_text import is_formula

    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table on the terminal; text from data is never markup or control sequence."""
    write_data(table_text(columns, rows, title=title), None)


def table_text(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> str:
    """The text of a table as the terminal will show it; without colours where stdout is none."""
    from rich.console import Console

    on_terminal = sys.stdout.isatty()
    # Away from a terminal nothing says how wide a line may be; titles and addresses want room.
    width = shutil.get_terminal_size().columns if on_terminal else WIDE
    buffer = io.StringIO()
    Console(file=buffer, width=width, force_terminal=on_terminal).print(_table(columns, rows, title))
    return buffer.getvalue()


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, box=box.SIMPLE_HEAD, title_justify="left")
    lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    for index, column in enumerate(columns):
        numeric = bool(lines) and all(_is_number(line[index]) for line in lines if line[index])
        table.add_column(Text(printable(column)), justify="right" if numeric else "left", overflow="fold")
    for line in lines:
        table.add_row(*(Text(printable(cell)) for cell in line))
    return table


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).replace("-", "", 1).isdigit()


def write_data(data: str | bytes, output: str | None, *, force: bool = False) -> None:
    """Write to stdout, or to a file at once or not at all; an existing file needs ``force``."""
    if output is None or output == "-":
        _to_stdout(data)
        return
    content = data.encode() if isinstance(data, str) else data
    from kg.files import atomic_write

    with atomic_write(Path(output), force=force) as file:
        file.write(content)


def _to_stdout(data: str | bytes) -> None:
    if sys.stdout.isatty():
        # Whatever the form: what data says must not steer the terminal. Our own colours are in text made here.
        text = data.decode("utf-8", "replace") if isinstance(data, bytes) else data
        data = text if isinstance(data, str) else printable(text)
    if isinstance(data, str):
        sys.stdout.write(data)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
    sys.stdout.flush()


def say(message: str) -> None:
    """A word to the user, on stderr."""
    click.echo(printable(message), err=True)
