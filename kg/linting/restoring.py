"""What a release lost, put back: rows of pages and of the sheet of addresses, told by the workbook; and blank pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.linting.agreement import Pair, addresses, told_pairs
from kg.linting.page_edits import NewRow, on_one_line
from kg.sources.markdown import parse_page
from kg.text import digest, find_mentions, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.linting.release import Release
    from kg.linting.xlsx import Cells
    from kg.model import Finding

_PAGES = "../../generated_pages"


def rows_of_pairs(release: Release, lost: Iterable[Finding]) -> Iterator[tuple[str, NewRow]]:
    """The rows that the pages of an incident and of a technique lack: file, row."""
    wanted = {(finding.about[0], finding.about[1]) for finding in lost}
    files = {page.identifier: page.name for kind in ("Incident", "Technique") for page in release.pages.get(kind, ())}
    names = {**release.names.get("Incident", {}), **release.names.get("Technique", {})}
    before: dict[str, list[str]] = {}
    for pair in told_pairs(release):
        if (pair.incident, pair.technique) in wanted and pair.incident in files:
            text = _description(pair)
            technique = f"[{pair.technique} {names[pair.technique]}]({_PAGES}/techniques/{pair.technique}.md)"
            above = tuple(before.get(pair.incident, ())[::-1])
            sha256 = digest(plain_text(text)) if text else ""
            yield files[pair.incident], NewRow("technique", pair.technique, f"| {technique} | {text} |", above, sha256)
            if pair.technique in files:
                incident = f"[{pair.incident} {names[pair.incident]}]({_PAGES}/incidents/{pair.incident}.md)"
                above = tuple(before.get(pair.technique, ())[::-1])
                row = NewRow("incident", pair.incident, f"| {incident} | {text} |", above, sha256)
                yield files[pair.technique], row
        before.setdefault(pair.incident, []).append(pair.technique)
        before.setdefault(pair.technique, []).append(pair.incident)


def _description(pair: Pair) -> str:
    """The description of the pair's row on one line; empty where it tags techniques and none of the row's."""
    text = pair.text.strip()
    tagged = {mention.technique for mention in find_mentions(plain_text(text))}
    listed = {part.strip() for part in pair.entry.text(pair.column).split(",")}
    if tagged and not tagged & listed:
        return ""
    return on_one_line(text)


def rows_of_references(release: Release, lost: Iterable[Finding]) -> Iterator[tuple[str, NewRow]]:
    """The rows of references that the pages of incidents lack."""
    files = {page.identifier: page.name for page in release.pages.get("Incident", ())}
    known = {entry.text("url_id"): entry for entry in release.entries("urls")}
    for finding, address in _lost_addresses(release, lost):
        name = files.get(finding.about[0])
        if name is None:
            continue
        row = known.get(address)
        told = [row.text(column).replace("\n", " ") if row else "" for column in ("pub_date", "authors", "org")]
        archive = row.text("archive_link") if row else ""
        cells = [f"[{address}]({address})", *told, f"[{archive}]({archive})" if archive else ""]
        yield name, NewRow("reference", address, f"| {' | '.join(cells)} |")


def new_addresses(release: Release, lost: Iterable[Finding]) -> dict[str, dict[str, Cells]]:
    """The addresses that their sheet lacks: workbook -> sheet -> cell -> address."""
    entries = release.entries("urls")
    if not entries:
        return {}
    held = {entry.text("url_id") for entry in entries}
    first = entries[0]
    position = first.sheet.columns.index("url_id")
    number = max(entry.row.number for entry in entries if entry.workbook is first.workbook)
    cells: Cells = {}
    for _, address in _lost_addresses(release, lost):
        if address not in held:
            held.add(address)
            number += 1
            cells[first.sheet.address(position, number)] = address
    return {first.workbook.document.path: {first.sheet.name: cells}} if cells else {}


def _lost_addresses(release: Release, lost: Iterable[Finding]) -> Iterator[tuple[Finding, str]]:
    """Each finding of a lost reference with the addresses of its cell, the lost one among them."""
    by_cell = {(entry.place("urls"), entry.identifier): entry for entry in release.entries("incidents")}
    for finding in lost:
        entry = by_cell.get((finding.place, finding.about[0]))
        for address in addresses(entry) if entry else ():
            yield finding, address


def is_blank_page(text: str) -> bool:
    """Whether a page has neither title nor summary nor any row."""
    try:
        page = parse_page(text.replace("\r", ""), "page")
    except SourceError:
        return False
    rows = any(table.rows for table in page.tables.values())
    return not page.title and not page.value("summary") and not rows and not page.notes and not page.stray
