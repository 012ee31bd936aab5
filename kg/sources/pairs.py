"""A table of two columns, incident and technique: with or without a header, in either order.

Of a wider table these two are read where its header names them; each other column is reported once.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Incident, Outcome, Place, Severity
from kg.sources.csv_text import is_formula, read_records, read_table
from kg.sources.foreign import TECHNIQUE_ID, ForeignSource, slug
from kg.sources.json_text import sniff

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.model import Corpus
    from kg.sources.csv_text import Record, Table
    from kg.sources.foreign import Rows

_INCIDENT_WORD = re.compile(r"(?:incident|event|campaign|case|operation)s?(?:[ _-]?(?:id|name|title))?", re.IGNORECASE)
_TECHNIQUE_WORD = re.compile(r"(?:disarm[ _-]?)?(?:technique|ttp)s?(?:[ _-]?(?:id|name))?", re.IGNORECASE)
_ID_CELL = re.compile(rf"(?:{TECHNIQUE_ID.pattern})(?![\d.]).*")
_WIDTH = 2
_LOOKED_AT = 20


def is_pairs(path: Path) -> bool:
    """Whether a file is a table of two columns of which one holds technique ids or is named so."""
    text = sniff(path)
    if not text or text.lstrip()[:1] in {"{", "[", "<", "#", "@"} or "\x00" in text[:4096]:
        return False
    try:
        head = list(islice(read_records(text[:65536].rpartition("\n")[0] or text[:65536], path.name), _LOOKED_AT))
    except SourceError:
        return False
    return names_pairs(head)


def names_pairs(head: list[Record]) -> bool:
    """Whether the first records of a table are two columns of which one holds technique ids or is named so."""
    if head and _named_columns(head[0]) is not None:
        return True
    if not head or any(len(_trimmed(record)) != _WIDTH for record in head[:1]):
        return False
    return _header(head[0]) is not None or any(_column_of_ids(record) is not None for record in head)


def read_pairs(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read a two-column table; rows of one incident need not stand together.

    Args:
        path: The file.
        release: The name of the release; ``local`` by default.
        framework: Technique id to name; where given, an id that is not in it is reported and left out, and names are
            read as well as ids.

    Raises:
        SourceError: It is no such table.
    """
    return read_pairs_table(read_table(path), release=release, framework=framework)


def read_pairs_table(table: Table, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """The same for a table that is open, of whatever format."""
    name = table.name
    source = ForeignSource(name, dict(framework or {}))
    source.name_techniques(source.known)
    source.ledger.findings += table.findings
    records = list(table.records)
    named = _named_columns(records[0]) if records else None
    if named is not None:
        _report_others(records[0], named, source)
        records = [_narrowed(record, named) for record in records]
    column, headed = technique_column(records, name)
    del records[: int(headed)]
    found: dict[str, tuple[Record, Rows]] = {}
    for record in records:
        _add(record, column, found, source)
    incidents = (
        Incident(identifier=slug(title), title=title, place=Place(name, record.line), rows=rows.records())
        for title, (record, rows) in found.items()
    )
    source.ledger.stored("incidents", len(found))
    return source.close(release or "local", (table.document,), incidents)


def technique_column(records: list[Record], name: str) -> tuple[int, bool]:
    """The number of the column that holds techniques, and whether the first record is a header.

    Raises:
        SourceError: There is no record, or no column holds technique ids.
    """
    if not records:
        raise SourceError(f"{name}: holds no row; write two columns, incident and technique")
    column = _header(records[0])
    return (column, True) if column is not None else (_column_by_votes(records, name), False)


def _add(record: Record, column: int, found: dict[str, tuple[Record, Rows]], source: ForeignSource) -> None:
    cells = _trimmed(record)
    if len(cells) != _WIDTH or not all(cells):
        what = f"{len(cells)} cells instead of 2" if len(cells) != _WIDTH else "an empty cell"
        source.ledger.count("technique_rows", Outcome.REPORTED)
        source.report("bad-row", record.line, what, "write incident and technique", severity=Severity.VIOLATION)
        return
    title, written = " ".join(cells[1 - column].split()), cells[column]
    if is_formula(title) or is_formula(written):
        source.report("formula-cell", record.line, "a cell that a spreadsheet would run", "kept as text")
    if title not in found:
        found[title] = (record, source.rows(slug(title)))
    ids = TECHNIQUE_ID.findall(written)
    for each in ids if len(ids) > 1 else (written,):
        found[title][1].add_named(each, record.line)


def _named_columns(record: Record) -> tuple[int, int] | None:
    """The columns of incident and technique, where a record of more than two cells is a header that names each once."""
    if len(_trimmed(record)) <= _WIDTH:
        return None
    incidents = [at for at, cell in enumerate(record.cells) if _INCIDENT_WORD.fullmatch(cell)]
    techniques = [at for at, cell in enumerate(record.cells) if _TECHNIQUE_WORD.fullmatch(cell)]
    return (incidents[0], techniques[0]) if len(incidents) == len(techniques) == 1 else None


def _report_others(header: Record, named: tuple[int, int], source: ForeignSource) -> None:
    for at, cell in enumerate(header.cells):
        if at not in named and cell:
            source.ledger.count("table_columns", Outcome.REPORTED)
            message = f"column {at + 1} {cell[:60]!r} is neither the incident nor the technique"
            source.report("column-not-read", header.line, message, severity=Severity.INFO)
    source.ledger.stored("table_columns", len(named))


def _narrowed(record: Record, named: tuple[int, int]) -> Record:
    cells = [*record.cells, *([""] * (max(named) + 1 - len(record.cells)))]
    return record._replace(cells=[cells[at] for at in named])


def _trimmed(record: Record) -> list[str]:
    """The cells without empty ones at the end of what is wider than two: spreadsheets write such."""
    cells = list(record.cells)
    while len(cells) > _WIDTH and not cells[-1]:
        cells.pop()
    return cells


def _header(record: Record) -> int | None:
    """The column of the techniques, where a record is a header."""
    cells = _trimmed(record)
    if len(cells) != _WIDTH:
        return None
    for column, (technique, incident) in enumerate(((cells[0], cells[1]), (cells[1], cells[0]))):
        if _TECHNIQUE_WORD.fullmatch(technique) and not _ID_CELL.fullmatch(incident):
            return column
    return next(
        (
            1 - column
            for column in (0, 1)
            if _INCIDENT_WORD.fullmatch(cells[column]) and not _ID_CELL.fullmatch(cells[1 - column])
        ),
        None,
    )


def _column_of_ids(record: Record) -> int | None:
    cells = _trimmed(record)
    held = [_ID_CELL.fullmatch(cell) is not None for cell in cells]
    return held.index(True) if len(held) == _WIDTH and held.count(True) == 1 else None


def _column_by_votes(records: list[Record], name: str) -> int:
    votes = [column for record in records if (column := _column_of_ids(record)) is not None]
    if not votes:
        raise SourceError(f"{name}:{records[0].line}: neither column holds technique ids; one must, such as T0146")
    return 1 if votes.count(1) >= votes.count(0) else 0
