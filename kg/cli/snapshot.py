"""``kg snapshot``."""

from __future__ import annotations

from pathlib import Path

import click

from kg.cli.options import say


@click.command(epilog="Example: kg snapshot -s DISARMframeworks-17 --commit 74b5c0d")
@click.option(
    "-s",
    "--source",
    required=True,
    envvar="DISARM_FRAMEWORKS",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The release folder of DISARM. Also the variable DISARM_FRAMEWORKS.",
)
@click.option(
    "--earlier",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A release folder before it, the latest first; may be given several times.",
)
@click.option("--commit", default="", help="The upstream commit of the release, for the manifest.")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write to; by default the project's data folder.",
)
def command(source: Path, earlier: tuple[Path, ...], commit: str, data: Path | None) -> None:
    """Rebuild the embedded facts from release folders.

    Facts, not sentences: ids, names, links, years, countries, dates, addresses, spans and hashes are written; summaries
    and descriptions are not.
    """
    from kg.resources import data_folder
    from kg.snapshot import write_snapshot

    manifest = write_snapshot(source, data or data_folder(), earlier=earlier, commit=commit)
    say(f"wrote {manifest.file}: {manifest.quads:,} quads of DISARM {manifest.release}, sha256 {manifest.sha256}")
