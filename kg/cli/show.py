"""``kg show ID``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli import printable
from kg.cli.options import open_source, output_options, source_option, write_data

if TYPE_CHECKING:
    from rich.text import Text

    from kg.analysis.cards import Card


@click.command(epilog="Example: kg show T0154.002")
@click.argument("identifier", metavar="ID")
@source_option
@click.option("--format", "format_", type=click.Choice(["card", "json"]), default="card", help="Form of the answer.")
@output_options
def command(identifier: str, source: str | None, format_: str, output: str | None, force: bool) -> None:
    """Show the card of an incident, technique, tactic, counter, actor, platform ... with its evidence.

    ID is an id (I00100, T0154.002, RU), the name of a technique, an actor, a platform or a country, or an IRI. Prose is
    shown where the source holds it; the embedded facts hold the place and the hash of each passage instead.
    """
    with open_source(source) as graph:
        card = graph.show(identifier)
    if format_ == "json":
        import dataclasses
        import json

        write_data(json.dumps(dataclasses.asdict(card), ensure_ascii=False, indent=2) + "\n", output, force=force)
    else:
        write_data(render_card(card, plain=output not in {None, "-"}), output, force=force)


STYLES = {
    "operator": "bold red",
    "enabler": "red",
    "aligned": "yellow",
    "used": "bold cyan",
    "target": "bold magenta",
    "reporter": "green",
    "when": "bold",
    "mentioned": "underline",
}
"""Role of a name -> how a terminal shows it."""


def highlighted(card: Card, heading: str, text: str) -> Text:
    """A text of a card with its names highlighted by their role."""
    from rich.text import Text

    shown = Text(printable(text), style="bold" if heading == "title" else "")
    # Where a character had to be replaced by several, offsets would point elsewhere.
    for mark in card.marks if len(shown) == len(text) else ():
        if mark.heading == heading:
            shown.stylize(STYLES.get(mark.role, "underline"), mark.start, mark.end)
    return shown


def render_card(card: Card, *, plain: bool) -> str:
    """The card as text for a terminal; without colours where it is plain or stdout is no terminal."""
    import io
    import shutil
    import sys

    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    on_terminal = sys.stdout.isatty() and not plain
    width = shutil.get_terminal_size().columns if on_terminal else 120
    buffer = io.StringIO()
    console = Console(file=buffer, width=width, force_terminal=on_terminal)
    heading = Text(f"{card.identifier}  ", style="bold")
    console.print(heading.append_text(highlighted(card, "title", card.title)))
    console.print(Text(f"{card.kind}  {card.iri}", style="dim"))
    for label, value in card.fields:
        console.print(Text(f"{label}: ", style="cyan") + Text(printable(value)))
    for heading_of_text, text in card.texts:
        console.print()
        console.print(Text(printable(heading_of_text), style="bold"))
        console.print(highlighted(card, heading_of_text, text))
    for section in card.sections:
        table = Table(
            title=Text(section.title, style="bold"), box=box.SIMPLE_HEAD, title_justify="left", show_header=True
        )
        for column in section.columns:
            table.add_column(Text(column), overflow="fold")
        for row in section.rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        console.print()
        console.print(table)
    return "".join(f"{line.rstrip()}\n" for line in buffer.getvalue().splitlines())
