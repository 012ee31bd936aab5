"""CSV that other tools wrote: delimiter found, quotes checked, each record with the line it begins at."""

from __future__ import annotations

import csv
import io
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError
from kg.sources.json_text import clean, read_foreign

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.model import Finding, SourceDocument

MAX_COLUMNS = 5000
"""The widest table that is read; DISARM has some 450 techniques."""

_DELIMITERS = (",", ";", "\t", "|")
_DECLARED = re.compile(r"\ufeff?[\"]?sep=(.)[\"]?\r?\n", re.IGNORECASE)
"""The first line by which a spreadsheet says what parts its cells."""
_FORMULA = re.compile(r"[\t\r ]*(?:[=+@].|-[^\d\s.])", re.DOTALL)


class Record(NamedTuple):
    """One record: the 1-based line it begins at, and its cells without outer blanks."""

    line: int
    cells: list[str]


class Table(NamedTuple):
    """A table that is read: its name in messages, its document, what had to be mended, and its records, read once."""

    name: str
    document: SourceDocument
    findings: list[Finding]
    records: Iterator[Record]

    def behind(self, *first: Record) -> Table:
        """The same with records put back before those that are left."""
        return self._replace(records=itertools.chain(first, self.records))


def read_table(path: Path) -> Table:
    """The table in a CSV file.

    Raises:
        SourceError: The file is missing, too large, or not text; further ones come with its records.
    """
    text, document, findings = read_foreign(path, path.name)
    return Table(path.name, document, findings, read_records(text, path.name))


def declares_delimiter(text: str) -> bool:
    """Whether the first line is the one by which a spreadsheet says what parts the cells."""
    return _DECLARED.match(text) is not None


def find_delimiter(text: str) -> str:
    """The delimiter that the first line with anything in it holds most often outside of quotes."""
    declared = _DECLARED.match(text)
    if declared is not None:
        return declared[1]
    first = next((line for line in text[:1_000_000].splitlines() if line.strip()), "")
    bare = re.sub(r'"[^"]*"?', "", first)
    return max(_DELIMITERS, key=bare.count)


def read_records(text: str, name: str) -> Iterator[Record]:
    """The records of a CSV text that hold anything.

    Raises:
        SourceError: A quote is never closed or something stands behind it, a cell is over 128 kB, or a record has too
            many cells.
    """
    # Not splitlines: it also splits at characters that stand inside a cell.
    delimiter, declared = find_delimiter(text), _DECLARED.match(text)
    if declared is not None:
        # Its line stays, blank, so that lines are counted as they stand.
        text = "\n" + text[declared.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            what, fix = _fault(str(error))
            raise SourceError(f"{name}:{line}: {what}; {fix}") from error
        if len(cells) > MAX_COLUMNS:
            raise SourceError(f"{name}:{line}: {len(cells):,} cells in one record; at most {MAX_COLUMNS:,} are read")
        cleaned = [clean(cell) for cell in cells]
        if any(cleaned):
            yield Record(line, cleaned)


def _fault(message: str) -> tuple[str, str]:
    if "unexpected end" in message:
        return "a quote is opened here and never closed", 'close it, or write " as ""'
    if "field larger" in message:
        return "a cell of more than 128 kB", "a quote may never be closed; close it or shorten the cell"
    return f"no CSV ({message})", 'write " inside a cell as ""'


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run a cell as a formula; here it is kept as the text it is."""
    return _FORMULA.match(cell) is not None
