"""The techniques that a two-column table, a 0/1 matrix, or any table with columns of ids names, with their places."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.sources.csv_text import Record, declares_delimiter, find_delimiter
from kg.sources.foreign import TECHNIQUE_ID
from kg.sources.json_text import sniff
from kg.sources.matrix import TECHNIQUE_HEADER, says_yes
from kg.sources.pairs import column_of_names, technique_column
from kg.uses.places import Occurrence, Span, parse_cells

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.uses.places import Cell

# So many rows tell which columns hold ids; the others are read one by one, for their cells would fill the memory.
_LOOKED_AT = 10_000
_PARTS = re.compile(r"\s*[,;|\n]\s*|\s+")


def pairs_uses(text: str, name: str) -> list[Occurrence]:
    """The occurrences in the column of techniques of a two-column table."""
    rows = (row for row in _records(text, name) if any(cell.text.strip() for cell in row))
    head = list(islice(rows, _LOOKED_AT))
    records = [Record(row[0].line, [cell.text.strip() for cell in row]) for row in head]
    column, headed = technique_column(records, name)
    names = column_of_names(records[0], column) if headed else None
    found: list[Occurrence] = []
    for row in chain(head[int(headed) :], rows):
        if len(row) > column:
            inside = list(_in_cell(row[column], alone=True))
            found += inside
            if names is not None and names < len(row) and len(inside) == 1:
                _name_beside(inside[0], row[names])
    return found


def _name_beside(occurrence: Occurrence, cell: Cell) -> None:
    """Give an id the name that stands in a cell of its own, to be rewritten with it."""
    if not occurrence.identifier or occurrence.name or not cell.text.strip() or '"' in cell.text:
        return
    occurrence.name = " ".join(cell.text.split())
    occurrence.spans.append(Span(cell.start, cell.end, "name", "quoted" if cell.quoted else "cell"))


def _records(text: str, name: str) -> Iterator[list[Cell]]:
    """The records of a table, without the line by which a spreadsheet says what parts its cells."""
    rows = parse_cells(text, find_delimiter(text), name)
    return islice(rows, 1, None) if declares_delimiter(text) else rows


def columns_of_ids(rows: list[list[Cell]]) -> list[int]:
    """The columns of a table in which at least half of the cells that hold anything hold ids and nothing else."""
    filled: Counter[int] = Counter()
    of_ids: Counter[int] = Counter()
    for row in rows:
        for number, cell in enumerate(row):
            said = cell.text.strip()
            filled[number] += bool(said)
            of_ids[number] += bool(said) and all(TECHNIQUE_ID.fullmatch(part) for part in _PARTS.split(said.upper()))
    return [number for number in sorted(of_ids) if of_ids[number] and 2 * of_ids[number] >= filled[number]]


def is_table_of_ids(path: Path) -> bool:
    """Whether a file is a table with a column of technique ids, however many columns it has."""
    text = sniff(path)
    if not text or text.lstrip()[:1] in {"{", "[", "<", "#", "@"} or "\x00" in text:
        return False
    try:
        # Its last record may be cut.
        head = text[:65536].rpartition("\n")[0] or text[:65536]
        rows = list(_records(head, path.name))
    except SourceError:
        return False
    return len(rows) > 1 and bool(columns_of_ids(rows[1:]))


def table_uses(text: str, name: str) -> list[Occurrence]:
    """The ids in the columns of ids of any table: one a row, or several; a header is no use."""
    rows = _records(text, name)
    head = list(islice(rows, _LOOKED_AT))
    columns = columns_of_ids(head[1:])
    return [
        occurrence
        for row in chain(head, rows)
        for column in columns
        if column < len(row)
        for occurrence in _in_cell(row[column], alone=False)
    ]


def _in_cell(cell: Cell, *, alone: bool) -> Iterator[Occurrence]:
    """Each id in a cell; a name stands for itself where no id does."""
    ids = list(TECHNIQUE_ID.finditer(cell.text.upper()))
    if not ids:
        said = cell.text.strip()
        if alone and said:
            at = cell.start + cell.text.index(said)
            whole = [Span(at, at + len(said), "name", "csv")] if '"' not in said else []
            yield Occurrence("", " ".join(said.split()), cell.line, spans=whole)
        return
    for match in ids:
        # A doubled quote before an id would shift its place; no table of ids has one.
        if '"' in cell.text:
            yield Occurrence(match[0], "", cell.line)
            continue
        start = cell.start + match.start()
        spans = [Span(start, start + len(match[0]), "id", "plain")]
        beside = cell.text[match.end() :].strip(" -_:\u2013\u2014()\t") if len(ids) == 1 else ""
        if beside:
            at = cell.start + cell.text.index(beside, match.end())
            spans.append(Span(at, at + len(beside), "name", "csv"))
        yield Occurrence(match[0], " ".join(beside.split()), cell.line, spans=spans)


def matrix_uses(text: str, name: str) -> list[Occurrence]:
    """A column of techniques is one occurrence; its tags are the cells that say yes."""
    rows = _records(text, name)
    head = next((row for row in rows if any(cell.text.strip() for cell in row)), [])
    columns: dict[int, Occurrence] = {}
    for number, cell in enumerate(head):
        found = TECHNIQUE_HEADER.fullmatch(cell.text.rstrip())
        if found is None:
            continue
        start = cell.start + found.start("id")
        occurrence = Occurrence(found["id"], " ".join(found["name"].split()), cell.line, tags=0)
        if '"' not in cell.text:
            occurrence.spans.append(Span(start, start + len(found["id"]), "id", "plain"))
            if found["name"]:
                at = cell.start + found.start("name")
                occurrence.spans.append(Span(at, at + len(found["name"]), "name", "csv"))
        columns[number] = occurrence
    for row in rows:
        for number, occurrence in columns.items():
            if number < len(row) and says_yes(row[number].text):
                occurrence.tags += 1
    return list(columns.values())
