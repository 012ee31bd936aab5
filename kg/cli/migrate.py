"""``kg migrate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import output_options, say, tabular_option, write_data, write_rows

if TYPE_CHECKING:
    from kg.maintenance import Migrated

COLUMNS = ("id", "name", "outcome", "to", "confidence", "basis", "uses", "lines", "reason")


@click.command(epilog="Example: kg migrate tags.csv --to 1.7 -o tags-1.7.csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--to", "to", metavar="RELEASE", help="The release wanted, 2.0 too; by default the latest of 1.x.")
@click.option("--from", "origin", metavar="RELEASE", help="The release FILE is of; it tells what an id means.")
@click.option(
    "--least",
    type=click.FloatRange(0, 1),
    default=0.8,
    show_default=True,
    help="Move nothing whose successor is less sure than this.",
)
@click.option("--dry-run", is_flag=True, help="Print what would become of each id, and write no file.")
@click.option("--strict", is_flag=True, help="Exit with 1 where anything could not be moved.")
@tabular_option
@output_options
def command(
    file: Path,
    to: str | None,
    origin: str | None,
    least: float,
    dry_run: bool,
    strict: bool,
    format_: str | None,
    output: str | None,
    force: bool,
) -> int:
    """Rewrite the ids of a CSV, matrix, Navigator layer, STIX bundle, MISP event, RDF file or store.

    Ids follow a reviewed table of successors ('kg history ID' shows what it says of one). Only what is sure is moved;
    what is not stays as it is and is told. Everything else in the file stays byte for byte; a graph is written anew.
    Ids that the 2.0 draft gives another meaning are not touched unless it is clear which line the file is of. To 2.0 a
    reviewed crosswalk leads from techniques to observations and assessments, never equal ids.
    """
    from kg.maintenance import migrate

    if format_ is not None and not dry_run:
        raise click.UsageError("--format is of the list that --dry-run prints; the file keeps its own form")
    found = migrate(file, to=to, origin=origin, least=least)
    if dry_run:
        write_rows(COLUMNS, _rows(found), format_, output=output, force=force)
    else:
        _write(found, output, force=force)
    _say(found, file, listed=dry_run)
    return ANSWER_IS_NO if strict and found.uses("stays") else 0


def _write(found: Migrated, output: str | None, *, force: bool) -> None:
    if output is not None and output != "-":
        found.save(output, force=force)
    elif found.is_graph:
        name = found.migration.file.path.name
        raise click.UsageError(f"a graph is written to a file or store; name it with -o ({name} is one)")
    else:
        write_data(found.data(), output)


def _rows(found: Migrated) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    for outcome in found.outcomes:
        verdict = outcome.verdict
        lines = " ".join(map(str, outcome.lines[:20])) + (" ..." if len(outcome.lines) > 20 else "")  # noqa: PLR2004 - what fits a line
        target = verdict.target if verdict.outcome != "stays" else verdict.candidate
        reason = verdict.reason + (f"; {outcome.note}" if outcome.note else "")
        confidence = f"{verdict.confidence:g}"
        rows.append(
            (
                verdict.identifier,
                outcome.name,
                verdict.outcome,
                target,
                confidence,
                verdict.basis,
                outcome.tags,
                lines,
                reason,
            )
        )
    return rows


def _say(found: Migrated, file: Path, *, listed: bool) -> None:
    """The account on stderr: how many uses moved, what could not be, and what the file was taken for."""
    total = sum(outcome.tags for outcome in found.outcomes)
    if found.migration.origin:
        say(f"{file}: {found.migration.origin}")
    for outcome in found.outcomes if not listed else ():
        verdict = outcome.verdict
        named = " ".join(dict.fromkeys(filter(None, (verdict.identifier, outcome.name))))
        if verdict.outcome == "stays":
            say(f"stays: {named} ({_uses(outcome.tags)}): {verdict.reason}")
        elif verdict.outcome == "moved" and verdict.confidence < 1:
            sure = f"{verdict.confidence:g}, {verdict.basis}"
            say(f"moved: {named} to {verdict.target} ({_uses(outcome.tags)}; {sure}): {verdict.reason}")
    counts = ", ".join(f"{found.uses(kind)} {words}" for kind, words in _WORDS.items())
    say(f"{_uses(total)} of {_ids(len(found.outcomes))} against {found.release}: {counts}")


def _uses(number: int) -> str:
    return "1 use" if number == 1 else f"{number} uses"


def _ids(number: int) -> str:
    return "1 id" if number == 1 else f"{number} ids"


_WORDS = {"kept": "kept", "moved": "moved", "stays": "could not be moved"}
