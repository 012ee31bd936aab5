"""What lint looks at: the files of a source as they are published, each read once, before anything is repaired.

The records of :mod:`kg.sources` say what a release means; here stand its pages, sheets and bundles cell by cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.model import Place
from kg.sources.markdown import parse_link, split_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from kg.model import Corpus
    from kg.sources.index import Index
    from kg.sources.json_text import JsonObject
    from kg.sources.markdown import Page, Row
    from kg.sources.workbook import Sheet, SheetRow, Workbook

SHEETS = {
    "phases": "Phase",
    "tactics": "Tactic",
    "techniques": "Technique",
    "tasks": "Task",
    "countermeasures": "Counter",
    "metatechniques": "Metatechnique",
    "actortypes": "Actor",
    "incidents": "Incident",
}
"""Sheet of a workbook -> kind of the pages that are made from it."""


REFERENCES = (
    "tactic_id",
    "tactic",
    "phase_id",
    "phase",
    "framework_id",
    "framework_ids",
    "sector_ids",
    "metatechnique",
    "actortypes",
    "responsetype",
    "resources_needed",
    "incident_id",
    "incident_ids",
    "incidents",
    "object_id",
    "externalgroup_id",
    "activity_id",
    "techniques",
    "technique_id",
    "associated_technique_id",
)
"""Columns that name things of other sheets by their ids."""

ID_COLUMNS = frozenset({"disarm_id", "url_id", *REFERENCES})
"""Columns that hold ids, or addresses that serve as such."""


class Fault(NamedTuple):
    """What a rule found: where, what, what would be right, and the DISARM ids concerned."""

    place: Place
    message: str
    fix: str = ""
    about: tuple[str, ...] = ()


class Value(NamedTuple):
    """One field of a page, or one cell of a page or sheet, as it stands.

    ``place`` is where it begins; ``column`` the label of the field or the name of the column; ``about`` the id of the
    page or row it belongs to.
    """

    place: Place
    column: str
    text: str
    about: str

    def at(self, offset: int) -> Place:
        """The place of a character of the text: a cell of a sheet is one place, a cell of a page has lines."""
        if self.place.sheet:
            return self.place
        return Place(self.place.file, self.place.line + self.text.count("\n", 0, offset))


class Linked(NamedTuple):
    """A row of a page's table that begins with a link: the page, the column, and what the link says."""

    page: Page
    column: str
    row: Row
    identifier: str
    name: str
    address: str

    @property
    def place(self) -> Place:
        """The line of the row."""
        return Place(self.page.name, self.row.line)


class Entry(NamedTuple):
    """A row of a sheet with what is needed to say where it stands."""

    workbook: Workbook
    sheet: Sheet
    row: SheetRow
    identifier: str

    def text(self, column: str) -> str:
        """The text of a cell without blanks around it."""
        return self.row[column]

    def place(self, column: str = "") -> Place:
        """The row, or one of its cells."""
        return self.workbook.place(self.sheet, self.row, column)


@dataclass(slots=True)
class BundleFile:
    """A STIX bundle of the framework: its name and its objects in their order."""

    name: str
    objects: tuple[JsonObject, ...]


@dataclass
class Release:
    """A source as it stands on disk.

    Attributes:
        today: The day on which a date begins to lie in the future.
        corpus: What the readers make of it; None where they cannot read it.
        pages: The pages that belong to it, by kind, in order of id; left-over pages are not among them.
        indexes: Kind -> file and rows of its index page.
        derived: Tables made from the pages (red and blue framework ...): file -> text.
        files: Every Markdown file below the source: relative name -> path.
        folder: The folder that names in messages are relative to, with ``/`` at its end; empty for a single file.
        workbooks: Its workbooks.
        bundles: Its STIX bundles.
        framework: Technique id -> name, where the source holds incidents only.
    """

    today: dt.date
    corpus: Corpus | None = None
    pages: dict[str, list[Page]] = field(default_factory=dict)
    indexes: dict[str, tuple[str, Index]] = field(default_factory=dict)
    derived: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    folder: str = ""
    workbooks: list[Workbook] = field(default_factory=list)
    bundles: list[BundleFile] = field(default_factory=list)
    framework: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """Kind -> id -> name: what the pages say, else the workbook, else (techniques) the framework given."""
        found = {kind: {page.identifier: page.title for page in pages} for kind, pages in self.pages.items() if pages}
        for name, kind in SHEETS.items():
            if kind not in found:
                rows = {entry.identifier: entry.text("name") for entry in self.entries(name) if entry.identifier}
                if rows:
                    found[kind] = rows
        if "Technique" not in found and self.framework:
            found["Technique"] = dict(self.framework)
        return found

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """Every field and cell of every page, and every cell of every sheet that has an id column."""
        return tuple(self._page_values()) + tuple(self._sheet_values())

    @cached_property
    def linked(self) -> tuple[Linked, ...]:
        """Every row of every page's table that begins with a link to an id."""
        return tuple(self._linked())

    def entries(self, sheet: str) -> list[Entry]:
        """The rows of a sheet, of every workbook that has it."""
        return self._entries.get(sheet, [])

    @cached_property
    def _entries(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for workbook in self.workbooks:
            for sheet in workbook.sheets:
                if "disarm_id" in sheet.columns or "url_id" in sheet.columns:
                    rows = [Entry(workbook, sheet, row, row["disarm_id"]) for row in sheet.rows]
                    found.setdefault(sheet.name.strip().casefold(), []).extend(rows)
        return found

    @property
    def sheets(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every sheet that has an id column, with its rows."""
        yield from self._entries.items()

    def _page_values(self) -> Iterator[Value]:
        for pages in self.pages.values():
            for page in pages:
                yield Value(Place(page.name, 1), "title", page.title, page.identifier)
                for label, found in page.fields.items():
                    yield Value(Place(page.name, found.line), label, found.value, page.identifier)
                for table in page.tables.values():
                    for row in table.rows:
                        place = Place(page.name, row.line)
                        for column, cell in zip(table.columns, row.cells, strict=False):
                            yield Value(place, column, cell, page.identifier)

    def _sheet_values(self) -> Iterator[Value]:
        for entries in self._entries.values():
            for workbook, sheet, row, identifier in entries:
                for position, text in enumerate(row.cells):
                    if text:
                        place = Place(
                            workbook.document.path, row.number, sheet.name, sheet.address(position, row.number)
                        )
                        yield Value(place, sheet.columns[position], text, identifier)

    def _linked(self) -> Iterator[Linked]:
        for pages in self.pages.values():
            for page in pages:
                for column, table in page.tables.items():
                    for row in table.rows:
                        link = parse_link(row.cells[0]) if row.cells else None
                        if link is not None:
                            identifier, name = split_id(link[0])
                            if identifier:
                                yield Linked(page, column, row, identifier, name, link[1])
