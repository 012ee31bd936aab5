"""The form of a DISARM page: one heading, fields, tables, and the line below which people may write notes.

Text to structure, with line numbers; what the fields and cells mean is decided by the readers of each kind of page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.errors import SourceError

# AMITT, which DISARM came from, has "Actor Type" where later pages have "Actor".
HEADING = re.compile(
    r"#[ \t]+(?P<kind>[A-Z][A-Za-z]+)(?:[ \t]+Type)?[ \t]+(?P<id>[A-Z]+[0-9][0-9.]*)?[ \t]*:[ \t]*(?P<name>.*)"
)
END_MARK = "DO NOT EDIT ABOVE THIS LINE"
_FIELD = re.compile(r"(?:\*[ \t]+)?\*\*(?P<label>[A-Za-z][A-Za-z ]*?):?\*\*:?[ \t]*(?P<value>.*)")
# Blanks before it are taken off afterwards: a pattern that begins with them reads a run from each of its blanks.
_INLINE_FIELD = re.compile(r"<br>[ \t]*<br>[ \t]*\*\*(?P<label>Parent [A-Za-z]+):\*\*[ \t]*")
_SEPARATOR = re.compile(r"\|(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*")
_PLAIN_LINK = re.compile(r"\[[^\[\]()|]*\]\([^()|\n]*\)")
_LINK = re.compile(r"\[(?P<label>.*?)\]\((?P<url>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)", re.DOTALL)
_ID_AND_NAME = re.compile(r"(?P<id>[A-Z]{1,2}\d[\d.]*\d?)(?:[ \t\u00a0]+(?P<name>.*))?", re.DOTALL)


@dataclass(slots=True)
class Field:
    """The lines of a field's value and the 1-based line of its label."""

    lines: list[str]
    line: int

    @property
    def value(self) -> str:
        """The whole value."""
        return "\n".join(self.lines)


@dataclass(slots=True)
class Row:
    """A table row: its lines as written, the 1-based line it begins on, and its cells once the page is read.

    ``whole`` says whether its last cell is closed, ``joined`` whether it went on over several lines.
    """

    lines: list[str]
    line: int
    whole: bool
    joined: bool = False
    cells: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table: its column names, the 1-based line of its head, its rows."""

    columns: tuple[str, ...]
    line: int
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Page:
    """A page taken apart; ``ended`` says whether the closing mark was there, ``notes`` what people wrote below it."""

    name: str
    kind: str
    identifier: str
    title: str
    fields: dict[str, Field] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    repeated: list[Field] = field(default_factory=list)
    stray: list[int] = field(default_factory=list)
    ended: bool = False
    notes: int = 0

    def value(self, label: str) -> str:
        """The value of a field, stripped; empty where the page has no such field."""
        found = self.fields.get(label.lower())
        return found.value.strip() if found else ""

    def line(self, label: str) -> int:
        """The line of a field, or 1 where the page has no such field."""
        found = self.fields.get(label.lower())
        return found.line if found else 1

    def rows(self, first_column: str) -> list[Row]:
        """The rows of the table whose first column has this name; none where the page has no such table."""
        table = self.tables.get(first_column.lower())
        return table.rows if table else []


def parse_page(text: str, name: str) -> Page:
    """Take a page apart.

    Args:
        text: The whole page.
        name: Its file name, for messages.

    Raises:
        SourceError: The page does not begin with a heading such as ``# Incident I00001: Title``.
    """
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    match = HEADING.match(lines[first].strip()) if first is not None else None
    if first is None or match is None:
        where = f"{name}:{(first or 0) + 1}"
        raise SourceError(f"{where}: no heading; a page begins like '# Incident I00001: Title'")
    page = Page(name, match["kind"], match["id"] or "", match["name"].strip())
    _read_body(page, lines, first + 1)
    return page


def _read_body(page: Page, lines: list[str], start: int) -> None:
    table: Table | None = None
    current: Field | None = None
    for index in range(start, len(lines)):
        line = lines[index]
        first = line[:1]
        if first == "|":
            table = _read_table_line(page, table, lines, index)
        elif first == "D" and line.startswith(END_MARK):
            page.ended = True
            page.notes = sum(1 for note in lines[index + 1 :] if note.strip())
            break
        elif table is not None:
            _continue_row(page, table, line, index + 1)
        elif first == "*" and (found := _FIELD.match(line)) is not None:
            current = _add_field(page, found, index + 1)
        elif current is not None:
            current.lines.append(line)
        elif line.strip():
            page.stray.append(index + 1)
    _close_rows(page)


def _read_table_line(page: Page, table: Table | None, lines: list[str], index: int) -> Table | None:
    """The table that a line with a bar belongs to: a new one, or the one it is a row of."""
    line = lines[index]
    following = lines[index + 1] if index + 1 < len(lines) else ""
    # Most lines of a table are rows, and the first characters tell.
    if "--" in following[:8] and _SEPARATOR.fullmatch(following):
        head = Table(tuple(cell.strip() for cell in line.strip().strip("|").split("|")), index + 1)
        page.tables.setdefault(head.columns[0].lower(), head)
        return head
    if table is None:
        page.stray.append(index + 1)
    elif index != table.line:  # not the separator below the head
        closed = line.rstrip()
        table.rows.append(Row([line], index + 1, len(closed) > 1 and closed.endswith("|")))
    return table


def _add_field(page: Page, match: re.Match[str], line: int) -> Field:
    label, value = match["label"].lower(), match["value"]
    inline = _INLINE_FIELD.search(value) if "<br>" in value else None
    if inline is not None:
        page.fields[inline["label"].lower()] = Field([value[inline.end() :]], line)
        value = value[: inline.start()].rstrip(" \t")
    added = Field([value], line)
    if label in page.fields:
        page.repeated.append(added)
    else:
        page.fields[label] = added
    return added


def _continue_row(page: Page, table: Table, line: str, number: int) -> None:
    """A line that is no row: the rest of a cell that was broken over lines, or the blank after the table."""
    last = table.rows[-1] if table.rows else None
    closes = line.rstrip().endswith("|")
    if last is not None and (not last.whole or closes):
        last.lines.append(line)
        last.whole, last.joined = closes, True
    elif line.strip():
        page.stray.append(number)


def _close_rows(page: Page) -> None:
    for table in page.tables.values():
        for row in table.rows:
            raw = row.lines[0] if len(row.lines) == 1 else "\n".join(row.lines)
            row.cells = _split_cells(raw.strip(), len(table.columns))


def _split_cells(raw: str, width: int) -> list[str]:
    """Cut a row at `` | ``; a bar inside a cell is kept in the column that can hold one.

    A two-column table keeps every further bar in its last cell (the description). A wider one keeps them in the third
    from its start (authors), because links at either end are recognised by their form.
    """
    inner = f" {raw.removeprefix('|').rstrip().removesuffix('|').strip()} "
    if inner.count("|") == width - 1:
        cells = [cell.strip() for cell in inner.split(" | ")]
        # No bar but those between the cells, unless a label that holds one makes up for a bar that is missing.
        if len(cells) == width and (cells[0][:1] != "[" or _PLAIN_LINK.fullmatch(cells[0])):
            return cells
    link = _LINK.match(inner.lstrip())
    head, rest = "", inner
    if link is not None:
        offset = len(inner) - len(inner.lstrip()) + link.end()
        behind = inner[offset:].lstrip()
        if behind.startswith("|"):
            head, rest = inner[:offset].strip(), behind[1:]
            if width == 2:  # noqa: PLR2004 - whatever follows the link is the one other cell
                return [head, rest.strip()]
        elif width == 1:
            return [inner.strip()]
    parts = ([head] if head else []) + [part.strip() for part in re.split(r"(?<= )\|(?= )|(?<=\n)\|", rest)]
    extra = len(parts) - width
    if extra > 0:
        keep = min(1, width - 1) if width <= 2 else 2  # noqa: PLR2004 - the column that may hold a bar
        parts[keep : keep + extra + 1] = [" | ".join(parts[keep : keep + extra + 1])]
    return parts


def parse_link(cell: str) -> tuple[str, str] | None:
    """The label and the target of the Markdown link a cell consists of, or None."""
    match = _LINK.match(cell.strip())
    return (match["label"].strip(), match["url"].strip()) if match else None


def split_id(label: str) -> tuple[str, str]:
    """The id and the name of a label such as ``T0146 Account Asset``; the id is empty where there is none.

    >>> split_id("T0154.002\u00a0AI Media Platform")
    ('T0154.002', 'AI Media Platform')
    """
    match = _ID_AND_NAME.match(label.strip())
    if match is None:
        return "", label.strip()
    return match["id"].rstrip("."), (match["name"] or "").strip().removeprefix(":").strip()
