"""The index pages (``incidents_index.md`` ...): which objects belong to the release, and all there is of some kinds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from kg.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROW = (re.compile(r"<(?P<tag>tr)>"), re.compile(r"</tr>"))
_CELL = (re.compile(r"<t(?P<tag>[dh])>"), re.compile(r"</t[dh]>"))
_ANCHOR = re.compile(r"<a\s[^>]*>(.*?)</a>", re.DOTALL)
_ID = re.compile(r"[A-Z]{1,2}\d[\d.]*")


class _Element(NamedTuple):
    """What stands between a pair of tags: the kind of tag, the content, where the element begins."""

    tag: str
    value: str
    start: int


def _elements(tags: tuple[re.Pattern[str], re.Pattern[str]], text: str) -> Iterator[_Element]:
    """Every element of a text, in order. One pattern for both tags would read on to the end from each that is open."""
    opening, closing = tags
    position = 0
    while (opened := opening.search(text, position)) and (closed := closing.search(text, opened.end())):
        yield _Element(opened["tag"], text[opened.end() : closed.start()], opened.start())
        position = closed.end()


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A row of an index: the id, the row as markup, the columns of the table, and the 1-based line."""

    identifier: str
    markup: str
    columns: tuple[str, ...]
    line: int

    def text(self, column: str) -> str:
        """The plain text of a cell; empty where the row has no such cell."""
        values = [cell.value for cell in _elements(_CELL, self.markup)]
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
    for row in _elements(_ROW, text):
        line += text.count("\n", last, row.start)
        last = row.start
        first = next(_elements(_CELL, row.value), None)
        if not columns and first is not None and first.tag == "h":
            columns = tuple(cell.value.strip() for cell in _elements(_CELL, row.value))
            continue
        # The anchor stands on the line below <tr>: that is where a reader looks.
        at = line + (1 if row.value.startswith("\n") else 0)
        identifier = _identifier(first.value) if first is not None else None
        if identifier is None:
            faulty.append(at)
        else:
            entries.append(IndexEntry(identifier, row.value, columns, at))
    return Index(tuple(entries), tuple(faulty))


def _identifier(cell: str) -> str | None:
    anchor = _ANCHOR.search(cell)
    identifier = (anchor[1] if anchor else cell).replace("\u00a0", " ").strip()
    return identifier if _ID.fullmatch(identifier) else None
