"""``kg diff``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import open_source, output_options, write_data

FORMS = ("text", "markdown", "json", "layer")


@click.command(epilog="Example: kg diff 1.6 1.7 --format markdown -o changes.md")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--uses",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A layer, CSV, matrix, bundle, event, RDF file or store of yours: tell what of it breaks.",
)
@click.option(
    "--format", "form", type=click.Choice(FORMS), default="text", show_default=True, help="Form of the answer."
)
@click.option("--strict", is_flag=True, help="Exit with 1 where something of FILE breaks.")
@output_options
def command(old: str, new: str, uses: Path | None, form: str, strict: bool, output: str | None, force: bool) -> int:
    """Tell what changed from OLD to NEW, and what of yours breaks.

    Each is a release folder, a folder of pages, a workbook, a bundle, an RDF file or a store; or the name of a release
    that the embedded history knows (1.4, 1.6, 1.7, 2.0 ...); its incidents are compared where the embedded facts hold
    them. From 1.x to 2.x a reviewed crosswalk tells what follows what, never equal ids.
    """
    from kg.maintenance import diff

    if strict and uses is None:
        raise click.UsageError("--strict asks what of a file breaks; name it with --uses")
    found = diff(old, new, uses=uses, opener=open_source)
    write_data(found.render(form), output, force=force)
    return ANSWER_IS_NO if strict and found.breaks else 0
