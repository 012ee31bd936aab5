"""Options that several commands share, and how rows and files leave: data on stdout, everything else on stderr."""

from __future__ import annotations

import csv
import io
import json
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
        help="Release folder, page, RDF file or store; left out, the embedded facts. Also the variable KG_SOURCE.",
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


def open_source(source: str | None) -> KnowledgeGraph:
    """Open what ``-s`` names, with a word on stderr while it takes long."""
    from kg.workspace import open_graph

    if source is None or not sys.stderr.isatty():
        return open_graph(source)
    from rich.console import Console

    with Console(stderr=True).status(f"reading {printable(source)}"):
        return open_graph(source)


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
    write_data(render_rows(columns, rows, name), output, force=force)


def render_rows(columns: Sequence[str], rows: Iterable[Sequence[object]], name: str) -> str:
    """Rows as text: ``csv``, ``tsv``, ``json`` (a list of objects) or ``table`` without colours."""
    if name == "json":
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        return json.dumps(records, ensure_ascii=False, indent=2, default=str) + "\n"
    if name == "table":
        from rich.console import Console

        console = Console(file=io.StringIO(), width=WIDE, color_system=None)
        console.print(_table(columns, rows, ""))
        file = console.file
        return file.getvalue() if isinstance(file, io.StringIO) else ""
    buffer = io.StringIO()
    delimiter = "\t" if name == "tsv" else ","
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    return buffer.getvalue()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table on the terminal; text from data is never markup or control sequence."""
    from rich.console import Console

    # Away from a terminal nothing says how wide a line may be; titles and addresses want room.
    width = None if sys.stdout.isatty() else WIDE
    Console(width=width).print(_table(columns, rows, title))


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
    content = data.encode() if isinstance(data, str) else data
    if output is None or output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    from kg.files import atomic_write

    with atomic_write(Path(output), force=force) as file:
        file.write(content)


def say(message: str) -> None:
    """A word to the user, on stderr."""
    click.echo(printable(message), err=True)
