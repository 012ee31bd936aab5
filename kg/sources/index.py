"""The index pages (``incidents_index.md`` ...): which objects belong to the release, and all there is of some kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.text import plain_text

_CELL = re.compile(r"<t(?P<tag>[dh])>(?P<value>.*?)</t[dh]>", re.DOTALL)
_ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
_ANCHOR = re.compile(r"<a\s[^>]*>(.*?)</a>", re.DOTALL)
_ID = re.compile(r"[A-Z]{1,2}\d[\d.]*")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A row of an index: the id, its other cells by column name as markup, and its 1-based line."""

    identifier: str
    cells: dict[str, str]
    line: int

    def text(self, column: str) -> str:
        """The plain text of a cell; empty where the index has no such column."""
        return plain_text(self.cells.get(column, ""))


@dataclass(frozen=True, slots=True)
class Index:
    """The rows of an index in their order, and the lines of rows that name no id."""

    entries: tuple[IndexEntry, ...]
    faulty_lines: tuple[int, ...]


def parse_index(text: str) -> Index:
    """Read the one table of an index page; a page without a table gives no entry."""
    columns: list[str] = []
    entries: list[IndexEntry] = []
    faulty: list[int] = []
    line, last = 1, 0
    for row in _ROW.finditer(text):
        line += text.count("\n", last, row.start())
        last = row.start()
        cells = list(_CELL.finditer(row[1]))
        if not columns and cells and all(cell["tag"] == "h" for cell in cells):
            columns = [cell["value"].strip() for cell in cells]
            continue
        # The anchor stands on the line below <tr>: that is where a reader looks.
        at = line + (1 if row[1].startswith("\n") else 0)
        entry = _entry(columns, [cell["value"] for cell in cells], at)
        if entry is None:
            faulty.append(at)
        else:
            entries.append(entry)
    return Index(tuple(entries), tuple(faulty))


def _entry(columns: list[str], values: list[str], line: int) -> IndexEntry | None:
    if not values:
        return None
    anchor = _ANCHOR.search(values[0])
    identifier = (anchor[1] if anchor else values[0]).replace("\u00a0", " ").strip()
    if not _ID.fullmatch(identifier):
        return None
    rest = dict(zip(columns[1:], values[1:], strict=False))
    return IndexEntry(identifier, rest, line)
