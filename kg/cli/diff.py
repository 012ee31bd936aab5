"""``kg diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import open_source, output_options, write_data

if TYPE_CHECKING:
    from kg.lineage import Version

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
    from kg.analysis.difference import difference, find_breakages
    from kg.errors import SourceError
    from kg.exports.changes import CHANGE_FORMS
    from kg.lineage.embedded import embedded_crosswalk, embedded_history
    from kg.uses import read_uses

    if strict and uses is None:
        raise click.UsageError("--strict asks what of a file breaks; name it with --uses")
    before, after = _version(old), _version(new)
    try:
        changes = difference(before, after, embedded_crosswalk())
    except ValueError as error:
        raise SourceError(f"{error}; give two of one line") from error
    breakages = None
    if uses is not None:
        breakages = find_breakages(read_uses(uses), changes, after, embedded_history(), embedded_crosswalk())
    write_data(CHANGE_FORMS[form](changes, breakages), output, force=force)
    return ANSWER_IS_NO if strict and breakages else 0


def _version(given: str) -> Version:
    from kg.analysis.difference import version_of_history
    from kg.analysis.versions import version_of_store, with_incidents
    from kg.errors import unknown_name
    from kg.lineage.embedded import embedded_history
    from kg.sources.workbook_versions import is_workbook_release, version_of_workbooks

    if not Path(given).exists():
        known = version_of_history(embedded_history(), given)
        if known is None:
            names = [name for order in embedded_history().releases.values() for name in order]
            raise unknown_name("path or release", given, [*names, "2.0"])
        with open_source(None) as graph:
            return with_incidents(known, graph.store)
    if is_workbook_release(Path(given)):
        return version_of_workbooks(Path(given))
    with open_source(given) as graph:
        return version_of_store(graph.store)
