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
    """A row of an index: the id, the row as markup, the columns of the table, and the 1-based line."""

    identifier: str
    markup: str
    columns: tuple[str, ...]
    line: int

    def text(self, column: str) -> str:
        """The plain text of a cell; empty where the row has no such cell."""
        values = [cell["value"] for cell in _CELL.finditer(self.markup)]
        return plain_text(dict(zip(self.columns, values, strict=False)).get(column, ""))


@dataclass(frozen=True, slots=True)
class Index:
    """The rows of an index in their order, and the lines of rows that name no id."""

    entries: tuple[IndexEntry, ...]
    faulty_lines: tuple[int, ...]


def parse_index(text: str) -> Index:
    """Read the one table of an index page; a page without a table gives no entry."""
    columns: tuple[str, ...] = ()
    entries: list[IndexEntry] = []
    faulty: list[int] = []
    line, last = 1, 0
    for row in _ROW.finditer(text):
        line += text.count("\n", last, row.start())
        last = row.start()
        first = _CELL.search(row[1])
        if not columns and first is not None and first["tag"] == "h":
            columns = tuple(cell["value"].strip() for cell in _CELL.finditer(row[1]))
            continue
        # The anchor stands on the line below <tr>: that is where a reader looks.
        at = line + (1 if row[1].startswith("\n") else 0)
        identifier = _identifier(first["value"]) if first is not None else None
        if identifier is None:
            faulty.append(at)
        else:
            entries.append(IndexEntry(identifier, row[1], columns, at))
    return Index(tuple(entries), tuple(faulty))


def _identifier(cell: str) -> str | None:
    anchor = _ANCHOR.search(cell)
    identifier = (anchor[1] if anchor else cell).replace("\u00a0", " ").strip()
    return identifier if _ID.fullmatch(identifier) else None
