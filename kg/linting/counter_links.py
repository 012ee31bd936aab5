"""What a counter names in the workbook and its page leaves out: each cell is cut after its first id."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.lineage.states import name_key
from kg.linting.page_edits import NewRow
from kg.linting.release import Fault
from kg.linting.sheets import ITEM
from kg.sources.markdown import parse_link, split_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.linting.release import Entry, Release
    from kg.model import Finding

_TABLES = {"techniques": "counters these techniques", "actortypes": "actor types", "incident_ids": "seen in incidents"}
"""Column of the sheet of counters -> table of the page it becomes."""

_LEADS_TO = {"techniques": ("Technique", "techniques"), "incident_ids": ("Incident", "incidents")}
"""Column -> kind and folder of what its ids lead to, where a row of the table is that link and nothing else."""

_PAGES = "../../generated_pages"


class _Told(NamedTuple):
    """An id that a cell of a counter names and its page lacks, with the ids that stand before it in the cell.

    ``other`` is the name it stands with, where that is not the name of the id: then nobody knows which of the two is
    meant.
    """

    entry: Entry
    column: str
    identifier: str
    other: str
    above: tuple[str, ...]


def _dropped(release: Release) -> Iterator[_Told]:
    pages = {page.identifier: page for page in release.pages.get("Counter", ())}
    names = {identifier: name for kind in release.names.values() for identifier, name in kind.items()}
    for entry in release.entries("countermeasures"):
        page = pages.get(entry.identifier)
        for column, table in _TABLES.items() if page else ():
            links = [parse_link(row.cells[0]) for row in (page.rows(table) if page else ()) if row.cells]
            seen = {split_id(link[0])[0] for link in links if link is not None}
            before: list[str] = []
            for match in ITEM.finditer(entry.row.raw(column)):
                identifier, given = match[1], match[2].strip(" ,;\u00a0")
                if identifier in names and identifier not in seen:
                    seen.add(identifier)
                    other = given if given and name_key(given) != name_key(names[identifier]) else ""
                    yield _Told(entry, column, identifier, other, tuple(reversed(before)))
                before.append(identifier)


def dropped_link(release: Release) -> Iterator[Fault]:
    """A technique, actor type or incident that a counter names in the workbook and not on its page."""
    for told in _dropped(release):
        counter = told.entry.identifier
        message = f"{told.column} names {told.identifier}, which is not on the page of {counter}"
        fix = "make the page from every id of the cell"
        if told.other:
            fix = f"it stands with the name {told.other[:60]!r}: say which is meant, then make the page anew"
        yield Fault(told.entry.place(told.column), message, fix, (counter, told.identifier))


def rows_of_links(release: Release, lost: Iterable[Finding]) -> Iterator[tuple[str, NewRow]]:
    """The rows that the pages of a counter and of its technique lack; none where the name given is another's."""
    wanted = {finding.about for finding in lost}
    files = {page.identifier: page.name for kind in ("Counter", "Technique") for page in release.pages.get(kind, ())}
    order = [entry.identifier for entry in release.entries("countermeasures")]
    for told in _dropped(release):
        counter, identifier = told.entry.identifier, told.identifier
        kind, folder = _LEADS_TO.get(told.column, ("", ""))
        name = release.names.get(kind, {}).get(identifier)
        if told.other or name is None or (counter, identifier) not in wanted:
            continue
        link = f"[{identifier} {name}]({_PAGES}/{folder}/{identifier}.md)"
        yield files[counter], NewRow(_TABLES[told.column], identifier, f"| {link} |", told.above)
        if told.column == "techniques" and identifier in files:
            link = f"[{counter} {release.names['Counter'][counter]}]({_PAGES}/counters/{counter}.md)"
            row = f"| {link} | {told.entry.text('responsetype')} |"
            above = tuple(reversed(order[: order.index(counter)]))
            yield files[identifier], NewRow("counters", counter, row, above)
