"""``kg build``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import entities_option, open_source, say, source_option


@click.command(
    epilog="Example: kg build -s DISARMframeworks ./store && kg query -s ./store --name most-used-techniques"
)
@click.argument("store", type=click.Path(path_type=Path))
@source_option
@entities_option
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A release folder before it, the latest first: for misplaced descriptions and dropped statements.",
)
@click.option(
    "--history",
    "clone",
    type=click.Path(path_type=Path),
    metavar="CLONE",
    help="A git clone of DISARM: every release in its history. Nothing in it is checked out or run.",
)
def command(
    store: Path, source: str | None, entities: str | None, earlier: tuple[Path, ...], clone: Path | None
) -> None:
    """Keep a source as a store on disk.

    STORE is a folder. An older store there is replaced at the very end: a build that fails or is killed leaves the old
    store or none, never half of one. When a store is opened its files are held against checksums; above 256 MB in all
    only their lengths are, so that opening takes no seconds.
    """
    if clone is not None:
        # The variable KG_SOURCE is no choice that was made here.
        if click.get_current_context().get_parameter_source("source") is click.core.ParameterSource.COMMANDLINE:
            raise click.UsageError("-s and --history name two sources; give one of them")
        if entities is not None:
            raise click.UsageError("--entities goes with -s; a history is read with the shipped names")
        if earlier:
            raise click.UsageError("--earlier goes with -s; a clone holds its earlier releases itself")
        _build_archive(clone, store)
        return
    if earlier and source is None:
        raise click.UsageError("--earlier goes with -s SOURCE; the embedded facts hold what earlier releases say")
    with open_source(source, entities, earlier) as graph:
        graph.save(store)
        say(f"built {store}: {len(graph):,} quads")


def _build_archive(clone: Path, store: Path) -> None:
    from kg.archive import read_archive
    from kg.store.embedded import EmbeddedStore
    from kg.workspace import KnowledgeGraph

    archive = read_archive(clone, tell=lambda name: say(f"reading {name}"))
    if archive.shallow:
        say(f"{clone}: is a shallow clone, so its history is cut; 'git fetch --unshallow' brings the rest")
    for line in archive.skipped:
        say(line)
    with KnowledgeGraph(EmbeddedStore.from_nquads(archive.nquads), str(clone)) as graph:
        graph.save(store)
        say(f"built {store}: {len(graph):,} quads of {len(archive.releases)} releases, the last {archive.releases[-1]}")
