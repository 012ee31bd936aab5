"""A table of two columns, incident and technique: with or without a header, in either order.

Of a wider table these two are read where its header names them, and the title where ids and titles of incidents have
a column each; each other column is reported once.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

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

_ID, _NAME = r"[ _-]?ids?", r"[ _-]?(?:name|title)s?"
_INCIDENT_WORD = re.compile(
    rf"(?:incident|event|campaign|case|operation)s?(?:(?P<id>{_ID})|(?P<name>{_NAME}))?", re.IGNORECASE
)
_TECHNIQUE_WORD = re.compile(
    rf"(?:disarm[ _-]?)?(?:technique|ttp)s?(?:(?P<id>{_ID})|(?P<name>{_NAME}))?", re.IGNORECASE
)
_ID_CELL = re.compile(rf"(?:{TECHNIQUE_ID.pattern})(?![\d.]).*")
_WIDTH = 2
_LOOKED_AT = 20


class _Columns(NamedTuple):
    """The columns of a wider table, by number."""

    incident: int
    technique: int
    title: int | None


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
    titles: dict[str, str] = {}
    if named is not None:
        _report_others(records[0], named, source)
        titles = _titles(records[1:], named, source)
        records = [_narrowed(record, named) for record in records]
    column, headed = technique_column(records, name)
    del records[: int(headed)]
    found: dict[str, tuple[Record, Rows]] = {}
    for record in records:
        _add(record, column, found, source)
    incidents = (
        Incident(
            identifier=slug(given), title=titles.get(given, given), place=Place(name, record.line), rows=rows.records()
        )
        for given, (record, rows) in found.items()
    )
    source.ledger.stored("incidents", len(found))
    return source.close(release or "local", (table.document,), incidents)


def technique_column(records: list[Record], name: str) -> tuple[int, bool]:
    """The number of the column that holds techniques, of a table of two columns or wider, and whether it has a header.

    Raises:
        SourceError: There is no record, or no column holds technique ids.
    """
    if not records:
        raise SourceError(f"{name}: holds no row; write two columns, incident and technique")
    named = _named_columns(records[0])
    column = _header(records[0]) if named is None else named.technique
    return (column, True) if column is not None else (_column_by_votes(records, name), False)


def column_of_names(header: Record, techniques: int) -> int | None:
    """The one other column that a header says holds the names of techniques; None where there is none."""
    found = [
        at
        for at, cell in enumerate(header.cells)
        if at != techniques and (match := _TECHNIQUE_WORD.fullmatch(cell)) is not None and match["name"]
    ]
    return found[0] if len(found) == 1 else None


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


def _named_columns(record: Record) -> _Columns | None:
    """The columns of incident and technique, where a record of more than two cells is a header that names them.

    Where ids and names have a column each, the ids count, and the names of incidents are their titles.
    """
    if len(_trimmed(record)) <= _WIDTH:
        return None
    incident, title = _chosen(record, _INCIDENT_WORD)
    technique, _ = _chosen(record, _TECHNIQUE_WORD)
    return None if incident is None or technique is None else _Columns(incident, technique, title)


def _chosen(record: Record, word: re.Pattern[str]) -> tuple[int | None, int | None]:
    """The one column that a header names so, and besides it that of the names where it is the one of the ids."""
    found = [(at, match) for at, cell in enumerate(record.cells) if (match := word.fullmatch(cell))]
    names = [at for at, match in found if match["name"]]
    others = [at for at, match in found if not match["name"]]
    if len(found) == 1:
        return found[0][0], None
    return (others[0], names[0]) if len(names) == len(others) == 1 else (None, None)


def _titles(records: list[Record], named: _Columns, source: ForeignSource) -> dict[str, str]:
    """The title of each incident, by what its own column holds: the first; another one is reported."""
    titles: dict[str, str] = {}
    if named.title is None:
        return titles
    for record in records:
        incident, title = (
            " ".join(record.cells[at].split()) if at < len(record.cells) else "" for at in (named.incident, named.title)
        )
        if incident and title and titles.setdefault(incident, title) != title:
            message = f"{incident} is called {title[:60]!r} here and {titles[incident][:60]!r} before"
            source.report("title-differs", record.line, message, "the first title is kept", about=(slug(incident),))
    return titles


def _report_others(header: Record, named: _Columns, source: ForeignSource) -> None:
    read = [at for at in named if at is not None]
    for at, cell in enumerate(header.cells):
        if at not in read and cell:
            source.ledger.count("table_columns", Outcome.REPORTED)
            message = f"column {at + 1} {cell[:60]!r} is neither the incident nor the technique"
            source.report("column-not-read", header.line, message, severity=Severity.INFO)
    source.ledger.stored("table_columns", len(read))


def _narrowed(record: Record, named: _Columns) -> Record:
    read = (named.incident, named.technique)
    cells = [*record.cells, *([""] * (max(read) + 1 - len(record.cells)))]
    return record._replace(cells=[cells[at] for at in read])


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
