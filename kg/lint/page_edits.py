"""Pages changed as text: a field or row mended where it stands, a row added or deleted. All else stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.lint.fixes import FIXES, OF_CELLS, Target
from kg.sources.markdown import parse_link, parse_page, split_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Finding
    from kg.sources.markdown import Page, Table

_ROW_DELETED = frozenset({"repeated-row", "repeated-link"})


@dataclass(frozen=True, slots=True)
class Region:
    """The lines of a field or row: index of the first line, of the line behind the last, whether a row of a table."""

    start: int
    stop: int
    is_table_row: bool = False


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to add to a page.

    Attributes:
        column: The first column of the table, in small letters.
        identifier: The id its link shall say; or the address, for a reference.
        text: The row, without a line break.
        after: The ids of the rows it stands behind, the nearest first; at the top where none is there.
    """

    column: str
    identifier: str
    text: str
    after: tuple[str, ...] = ()


def mend_page(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """A page, or an index, with what can be mended in it; and the findings that were.

    Lines are told from one another by line feeds alone; a carriage return before one stays.
    """
    lines = text.split("\n")
    regions = _regions(text, len(lines))
    mended: list[Finding] = []
    # From the last line to the first, so that the lines above keep their numbers.
    for finding in sorted(findings, key=lambda item: -item.place.line):
        index = finding.place.line - 1
        region = next((found for found in regions if found.start <= index < found.stop), None)
        if region is None or finding.code in OF_CELLS:
            continue
        if finding.code in _ROW_DELETED:
            del lines[region.start : region.stop]
            # The lines below moved up; what they need is done in the next round.
            regions = [found for found in regions if found.stop <= region.start]
            mended.append(finding)
            continue
        before = "\n".join(lines[region.start : region.stop])
        end = "\r" if before.endswith("\r") else ""
        after = FIXES[finding.code](before.removesuffix("\r"), Target(finding, None, region.is_table_row)) + end
        if after != before:
            replaced = after.split("\n")
            lines[region.start : region.stop] = replaced
            regions = _moved(regions, region, len(replaced))
            mended.append(finding)
    return "\n".join(lines), mended


def add_rows(text: str, rows: Iterable[NewRow]) -> tuple[str, int]:
    """A page with rows added to its tables, and how many: those it has already, or has no table for, are not."""
    added = 0
    for row in rows:
        lines = text.split("\n")
        try:
            page = parse_page(text.replace("\r", ""), "page")
        except SourceError:
            return text, added
        table = page.tables.get(row.column)
        if table is None or row.identifier in _identifiers(table):
            continue
        at = _line_behind(table, row.after)
        end = "\r" if lines[at - 1].endswith("\r") else ""
        lines.insert(at, row.text + end)
        text = "\n".join(lines)
        added += 1
    return text, added


def _identifiers(table: Table) -> dict[str, int]:
    """What the links of a table's rows say, id or address -> the index of the line behind the row."""
    found: dict[str, int] = {}
    for row in table.rows:
        link = parse_link(row.cells[0]) if row.cells else None
        if link is not None:
            found[split_id(link[0])[0] or link[1]] = row.line - 1 + len(row.lines)
    return found


def _line_behind(table: Table, after: tuple[str, ...]) -> int:
    known = _identifiers(table)
    for identifier in after:
        if identifier in known:
            return known[identifier]
    # Below the head and the line that parts it from the rows.
    return table.line + 1


def _regions(text: str, number: int) -> list[Region]:
    try:
        page = parse_page(text.replace("\r", ""), "page")
    except SourceError:
        return _index_regions(text) or [Region(index, index + 1) for index in range(number)]
    return _page_regions(page, text)


def _page_regions(page: Page, text: str) -> list[Region]:
    title = text.count("\n", 0, len(text) - len(text.lstrip()))
    found = [Region(title, title + 1)]
    found.extend(Region(item.line - 1, item.line - 1 + len(item.lines)) for item in page.fields.values())
    for table in page.tables.values():
        found.extend(Region(row.line - 1, row.line - 1 + len(row.lines), is_table_row=True) for row in table.rows)
    return found


def _index_regions(text: str) -> list[Region]:
    """The rows of an index, each from its first line to its last."""
    found = []
    for match in re.finditer(r"<tr>.*?</tr>", text, re.DOTALL):
        start = text.count("\n", 0, match.start())
        found.append(Region(start, start + match[0].count("\n") + 1))
    return found


def _moved(regions: list[Region], changed: Region, lines: int) -> list[Region]:
    """The regions after one came to have another number of lines."""
    more = lines - (changed.stop - changed.start)
    if not more:
        return regions
    return [
        Region(found.start, found.stop + more, found.is_table_row)
        if found == changed
        else Region(found.start + more, found.stop + more, found.is_table_row)
        if found.start >= changed.stop
        else found
        for found in regions
    ]
