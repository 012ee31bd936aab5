"""How each id in ``data/`` was verified: ``python -m tests.data.check_entities [--release FOLDER] [--galaxy FILE]``.

One line an id on stdout, tab-separated: table, entity, column, id, what it was verified against; an id that nothing
verifies is marked UNVERIFIED and the exit status is 1. No network is used: Wikidata items are compared with the record
``verified.csv``, which says for each item which published list gives it, and by what key or label it was found there.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.data.entity_tables import DATA, Row, read_table

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORD = Path(__file__).parent / "verified.csv"
UNVERIFIED = "UNVERIFIED"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One id of one row and what it was verified against."""

    row: Row
    column: str
    value: str
    by: str

    def __str__(self) -> str:
        return "\t".join((self.row.table, self.row["id"], self.column, self.value, self.by))


def read_record() -> dict[tuple[str, str], dict[str, str]]:
    """The record of verified Wikidata items by table and entity."""
    with RECORD.open(encoding="utf-8", newline="") as file:
        return {(row["table"], row["id"]): row for row in csv.DictReader(file)}


def technique_ids() -> set[str]:
    """The techniques of the embedded facts."""
    facts = (DATA / "disarm.trig").read_text(encoding="utf-8")
    return set(re.findall(r"^disarm:(T\d{4}(?:\.\d{3})?) a ", facts, re.MULTILINE))


def wikidata_verdicts(rows: list[Row]) -> Iterator[Verdict]:
    """Each Wikidata item against the record."""
    record = read_record()
    for row in rows:
        if item := row["wikidata"]:
            known = record.get((row.table, row["id"]))
            found = known is not None and known["wikidata"] == item
            yield Verdict(
                row, "wikidata", item, f"{known['matched']} in {known['where']}" if known and found else UNVERIFIED
            )


def type_verdicts(rows: list[Row]) -> Iterator[Verdict]:
    """Each type of a platform against the techniques of the embedded facts."""
    known = technique_ids()
    for row in rows:
        if kind := row["type"]:
            yield Verdict(row, "type", kind, "data/disarm.trig" if kind in known else UNVERIFIED)


def country_verdicts(rows: list[Row]) -> Iterator[Verdict]:
    """Each country of an actor against the table of countries."""
    known = {row["id"] for row in read_table("countries") if row["kind"] == "country"}
    for row in rows:
        if code := row["country"]:
            yield Verdict(row, "country", code, "data/countries.csv" if code in known else UNVERIFIED)


def misp_verdicts(rows: list[Row], galaxy: Path) -> Iterator[Verdict]:
    """Each MISP uuid against the galaxy's threat actors: the cluster must share a name with the row."""
    clusters = {cluster["uuid"]: cluster for cluster in json.loads(galaxy.read_text(encoding="utf-8"))["values"]}
    for row in rows:
        if uuid := row["misp_uuid"]:
            cluster = clusters.get(uuid, {"value": ""})
            known = [cluster["value"].strip(), *cluster.get("meta", {}).get("synonyms", ())]
            own = {name.casefold() for name in row.names}
            shared = next((name for name in known if name.casefold() in own), None)
            yield Verdict(row, "misp_uuid", uuid, f"{shared!r} in {galaxy.name}" if shared else UNVERIFIED)


def page_verdicts(rows: list[Row], release: Path) -> Iterator[Verdict]:
    """Each source that is a technique page: the page must name the entity."""
    for row in rows:
        if (source := row["source"]).startswith("disarm:T"):
            page = release / "generated_pages" / "techniques" / f"{source.removeprefix('disarm:')}.md"
            text = page.read_text(encoding="utf-8").casefold() if page.is_file() else ""
            shared = next((name for name in row.names if name.casefold() in text), None)
            yield Verdict(row, "source", source, f"{shared!r} in {page.name}" if shared else UNVERIFIED)


def verdicts(release: Path | None = None, galaxy: Path | None = None) -> Iterator[Verdict]:
    """Every verdict that can be given with what is at hand, table by table."""
    platforms, actors = read_table("platforms"), read_table("actors")
    yield from wikidata_verdicts([*platforms, *actors, *read_table("countries")])
    yield from type_verdicts(platforms)
    yield from country_verdicts(actors)
    if galaxy is not None:
        yield from misp_verdicts(actors, galaxy)
    if release is not None:
        yield from page_verdicts([*platforms, *actors], release)


def main(arguments: list[str]) -> int:
    """Print the verdicts; 1 where an id is not verified."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.data.check_entities", description=(__doc__ or "").split(":")[0]
    )
    parser.add_argument("--release", type=Path, help="a release folder of DISARM, for the technique pages")
    parser.add_argument("--galaxy", type=Path, help="MISP's threat-actor.json")
    given = parser.parse_args(arguments)
    for path in filter(None, (given.release, given.galaxy)):
        if not path.exists():
            parser.error(f"{path}: no such file or folder")
    unverified = 0
    for verdict in verdicts(given.release, given.galaxy):
        print(verdict)  # noqa: T201 - it is the output of this command
        unverified += verdict.by == UNVERIFIED
    if unverified:
        print(f"{unverified} ids are not verified", file=sys.stderr)  # noqa: T201 - the same
    return 1 if unverified else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
