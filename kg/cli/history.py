"""``kg history``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import open_source, output_options, say, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.lineage.history import History
    from kg.lineage.successors import Successors


@click.command(epilog="Example: kg history T0048 T0023.001")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("-s", "--source", metavar="STORE", help="A graph that holds a history of its own.")
@click.option("--clone", type=click.Path(path_type=Path), help="A git clone of DISARM: read its history instead.")
@click.option("--all", "everything", is_flag=True, help="Every id; without this and without an ID, counts by release.")
@tabular_option
@output_options
def command(
    ids: tuple[str, ...],
    source: str | None,
    clone: Path | None,
    everything: bool,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Tell what became of an id over the releases: its names, tactics and parents, and what follows it.

    The embedded history knows AMITT, DISARM of 2022 at first and later (then no sub-techniques), 1.4, 1.6, 1.7, 2.0,
    and no release between these; a clone tells of every commit, and nothing in it is checked out or run.
    """
    from kg.analysis.history import COLUMNS, counts_by_release, history_rows

    if source is not None and clone is not None:
        raise click.UsageError("-s and --clone name two histories; give one of them")
    if everything and ids:
        raise click.UsageError("--all and an ID contradict each other; give one of them")
    history, successors = _history(source, clone)
    if ids or everything:
        rows = history_rows(history, successors, [identifier.strip().upper() for identifier in ids])
        write_rows(COLUMNS, rows, format_, output=output, force=force)
        return
    write_rows(("release", "what", "ids"), counts_by_release(history), format_, output=output, force=force)
    for line, releases in history.releases.items():
        say(f"line {line}: {len(history.identifiers(line))} ids over {', '.join(releases)}")


def _history(source: str | None, clone: Path | None) -> tuple[History, Successors]:
    from kg.lineage.embedded import embedded_crosswalk, embedded_history

    if clone is not None:
        from kg.chronicle import clone_history

        return clone_history(clone), embedded_crosswalk()
    if source is None:
        return embedded_history(), embedded_crosswalk()
    from kg.analysis.history import history_of_store, successors_of_store
    from kg.errors import SourceError

    with open_source(source) as graph:
        found = history_of_store(graph.store)
        if not found.spans:
            raise SourceError(f"{source}: holds no history; leave -s out for the embedded one")
        return found, successors_of_store(graph.store)
