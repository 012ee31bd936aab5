"""Descriptions that slid under another incident, put back where the order of the table or an earlier release says.

The readers say where each belongs, by which evidence, and how sure they are; here the cells of the workbook and the
rows of the pages follow. A text without a home stays where it is, unless that row gets its own; the list of changed
cells then keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.linting.page_edits import NewText, on_one_line
from kg.model import Evidence
from kg.text import digest, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release
    from kg.model import Place, Placement, WorkbookRow
    from kg.sources.workbook import Sheet, SheetRow, Workbook

SURE = 0.95
"""The least confidence with which a description is moved; tags alone have less."""

_Key = tuple[str, str, int]
_SHEET = "incidenttechniques"
_COLUMNS = ("name", "summary")


@dataclass(slots=True)
class Moves:
    """What is to be written where.

    Attributes:
        cells: Workbook -> sheet -> cell -> text.
        befores: The text of each of these cells as it is.
        pages: Page -> the rows that get another description.
    """

    cells: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    befores: dict[tuple[str, str, str], str] = field(default_factory=dict)
    pages: dict[str, list[NewText]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Cell:
    """The description of a row of the workbook: where it stands and what it says."""

    place: Place
    text: str

    @property
    def sha256(self) -> str:
        """The hash by which the readers know it; empty where there is no text."""
        text = plain_text(self.text)
        return digest(text) if text else ""


def moves(release: Release) -> Moves:
    """Every description that has a sure home, and the rows it left; nothing where the source has no workbook."""
    found = Moves()
    cells = {_key(cell.place): cell for cell in _cells(release)}
    incidents = release.corpus.incidents if release.corpus else ()
    placed = {item.passage.sha256 for incident in incidents for item in incident.placements if _is_sure(item)}
    new: dict[_Key, str] = {}
    written: set[str] = set()
    for incident in incidents:
        for placement in filter(_is_sure, incident.placements):
            source = cells.get(_key(placement.place))
            for row in _homes(incident.workbook_rows, placement, placed) if source else ():
                new[_key(row.place)] = source.text if source else ""
                written.add(placement.passage.sha256)
    own = {_key(row.place) for incident in incidents for row in incident.workbook_rows if not row.suspect}
    for key, cell in cells.items():
        if key not in new and key not in own and cell.sha256 in written:
            new[key] = ""
    for key, text in new.items():
        cell = cells[key]
        if cell.text != text:
            found.cells.setdefault(key[0], {}).setdefault(key[1], {})[cell.place.cell] = text
            found.befores[key[0], key[1], cell.place.cell] = cell.text
    _move_on_pages(release, cells, new, found)
    return found


def _is_sure(placement: Placement) -> bool:
    by_order = placement.evidence is not Evidence.TAGS
    return by_order and placement.current and placement.confidence >= SURE and bool(placement.techniques)


def _homes(rows: tuple[WorkbookRow, ...], placement: Placement, placed: set[str]) -> list[WorkbookRow]:
    """The rows a description was written for, whose own text belongs elsewhere or is missing.

    A row that lists just what it was written for; where there is none, the rows that list some of it: until 2025 a row
    named one technique.
    """
    told = set(placement.techniques)
    free = [row for row in rows if row.passage is None or row.suspect or row.passage.sha256 in placed]
    exact = [row for row in free if set(row.techniques) == told]
    return exact or [row for row in free if row.techniques and set(row.techniques) < told]


def _key(place: Place) -> _Key:
    return place.file, place.sheet, place.line


def _cells(release: Release) -> Iterator[_Cell]:
    for workbook in release.workbooks:
        sheet = workbook.sheet(_SHEET)
        for row in sheet.rows if sheet else ():
            if sheet is not None:
                yield _cell(workbook, sheet, row)


def _cell(workbook: Workbook, sheet: Sheet, row: SheetRow) -> _Cell:
    column = next((name for name in _COLUMNS if row.raw(name)), _COLUMNS[0])
    return _Cell(workbook.place(sheet, row, column), row.raw(column))


def _move_on_pages(release: Release, cells: dict[_Key, _Cell], new: dict[_Key, str], found: Moves) -> None:
    """Let the rows of the pages of incidents and techniques follow the rows of the workbook they are made from."""
    files = {page.identifier: page.name for kind in ("Incident", "Technique") for page in release.pages.get(kind, ())}
    for incident in release.corpus.incidents if release.corpus else ():
        for row in incident.workbook_rows:
            key = _key(row.place)
            if key not in new:
                continue
            text = on_one_line(new[key])
            for technique in row.techniques:
                for name, column, identifier in (
                    (files.get(incident.identifier), "technique", technique),
                    (files.get(technique), "incident", incident.identifier),
                ):
                    if name is not None:
                        change = NewText(column, identifier, cells[key].sha256, text)
                        found.pages.setdefault(name, []).append(change)
