"""``kg build``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import open_source, say, source_option


@click.command(
    epilog="Example: kg build -s DISARMframeworks ./store && kg query -s ./store --name most-used-techniques"
)
@click.argument("store", type=click.Path(path_type=Path))
@source_option
def command(store: Path, source: str | None) -> None:
    """Keep a source as a store on disk.

    STORE is a folder. An older store there is replaced at the very end: a build that fails or is killed leaves the old
    store or none, never half of one.
    """
    with open_source(source) as graph:
        graph.save(store)
        say(f"built {store}: {len(graph):,} quads")
