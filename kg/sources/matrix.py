"""A 0/1 matrix as CSV: one row an incident, one column a technique (``T0072.001_Geographic Segmentation``).

Columns that name no technique are read where their names say what they hold: title, year, countries, actors, sources,
and platforms, each in a 0/1 column of its own or by name. The others (regions, who attributed) have no place in an
incident's record; each is reported once.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Incident, Outcome, Place, Severity
from kg.named import Role
from kg.sources.csv_text import is_formula, read_records, read_table
from kg.sources.foreign import TECHNIQUE_ID, ForeignSource, slug
from kg.sources.json_text import sniff
from kg.sources.stated import is_area, is_platform, split_names, state_names
from kg.sources.values import NONE_MARKS, mended_year, or_nothing
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kg.model import Area, Corpus, StatedName
    from kg.sources.csv_text import Record, Table
    from kg.sources.foreign import Rows

TECHNIQUE_HEADER = re.compile(rf"[`'\s]*(?P<id>{TECHNIQUE_ID.pattern})(?![\d.])[\s_:-]*(?P<name>.*)")
"""A header that names a technique, such as ``T0072.001_Geographic Segmentation``."""

_ROLES = {
    "name": r"(?:incident|campaign|case)(?: (?:name|title|id))?|name|title|id",
    "event": r"event description|description|event name",
    "year": r"year(?: started)?",
    "target": r"target(?:ed)? countr(?:y|ies)|targets?",
    "origin": r"countr(?:y|ies) of origin|origin|attribut(?:ed to|ion)",
    "actor": r"(?:threat )?actors?",
    "platform": r"platforms?(?: used)?|channels?",
    "source": r"(?:sources?|references?|urls?|links?)(?: \d+)?",
}
_ONE = frozenset({"1", "1.0", "1,0"})
# What people write in the place of 1 and 0.
_YES = _ONE | frozenset({"x", "y", "yes", "true", "\u2713", "\u2714"})
_NO = frozenset({"0", "0.0", "0,0", "n", "no", "false", "-"})
_SOILED = " `'\u00b4\"*"
_FEWEST_TECHNIQUES = 2


@dataclass(slots=True)
class _Header:
    """What each column holds, by its number."""

    width: int
    techniques: dict[int, tuple[str, str]] = field(default_factory=dict)
    roles: dict[str, list[int]] = field(default_factory=dict)
    platforms: dict[int, str] = field(default_factory=dict)
    others: dict[int, str] = field(default_factory=dict)


def is_matrix(path: Path) -> bool:
    """Whether the first record of a file names at least two techniques, each in a cell of its own."""
    text = sniff(path)
    if not text or text.lstrip()[:1] in {"{", "[", "<"}:
        return False
    try:
        first = next(read_records(text, path.name), None)
    except SourceError:
        return False
    return first is not None and names_techniques(first)


def names_techniques(header: Record) -> bool:
    """Whether a record names at least two techniques, each in a cell of its own."""
    return sum(map(bool, map(TECHNIQUE_HEADER.fullmatch, header.cells))) >= _FEWEST_TECHNIQUES


def read_matrix(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read a matrix; every cell that says 1 is booked as a technique row, and each either stored or reported.

    Args:
        path: The file.
        release: The name of the release; ``local`` by default.
        framework: Technique id to name; where given, an id that is not in it is reported and left out.

    Raises:
        SourceError: It is no such matrix.
    """
    return read_matrix_table(read_table(path), release=release, framework=framework)


def read_matrix_table(
    table: Table, *, release: str | None = None, framework: Mapping[str, str] | None = None
) -> Corpus:
    """The same for a table that is open, of whatever format."""
    source = ForeignSource(table.name, dict(framework or {}))
    source.ledger.findings += table.findings
    first = next(table.records, None)
    header = _header(first, source) if first is not None else None
    if header is None or len(header.techniques) < _FEWEST_TECHNIQUES:
        raise SourceError(
            f"{table.name}: the first row names fewer than two techniques; write columns like 'T0146_Account'"
        )
    reader = _MatrixReader(source, header)
    incidents = [reader.incident(record) for record in table.records]
    if reader.empty_cells:
        message = f"{reader.empty_cells} cells of technique columns are empty"
        source.report("empty-cell", reader.first_empty, message, "read as 0; write 0 or 1", severity=Severity.INFO)
    return source.close(release or "local", (table.document,), incidents)


def _header(record: Record, source: ForeignSource) -> _Header:
    header = _Header(len(record.cells))
    columns: dict[str, int] = {}
    for number, cell in enumerate(record.cells):
        found = TECHNIQUE_HEADER.fullmatch(cell)
        if found is not None:
            header.techniques[number] = (found["id"], " ".join(found["name"].split()))
            source.ledger.stored("matrix_columns")
            if columns.setdefault(found["id"], number) != number:
                message = f"{found['id']} has two columns, {columns[found['id']] + 1} and {number + 1}"
                source.report("duplicate-column", record.line, message, "a use in both is kept once")
            continue
        if not cell:
            continue
        words = " ".join(re.sub(r"[^a-z0-9]+", " ", cell.lower()).split())
        role = next((role for role, pattern in _ROLES.items() if re.fullmatch(pattern, words)), None)
        if role is not None:
            header.roles.setdefault(role, []).append(number)
            source.ledger.stored("matrix_columns")
        elif is_platform(cell):
            header.platforms[number] = cell
            source.ledger.stored("matrix_columns")
        else:
            header.others[number] = cell
            source.ledger.count("matrix_columns", Outcome.REPORTED)
            message = f"column {number + 1} {cell[:60]!r} names no technique"
            source.report("column-not-read", record.line, message, severity=Severity.INFO)
    return header


def says_yes(cell: str) -> bool:
    """Whether a cell of a technique's column says that it was used, soiled or not.

    >>> says_yes(" `1"), says_yes("0")
    (True, False)
    """
    return cell.strip().strip(_SOILED).casefold() in _YES


class _MatrixReader:
    """Reads rows against one header."""

    def __init__(self, source: ForeignSource, header: _Header) -> None:
        self._source = source
        self._header = header
        self._identifiers: set[str] = set()
        self.empty_cells = 0
        self.first_empty = 0

    def incident(self, record: Record) -> Incident:
        """The incident of a row."""
        source = self._source
        cells = self._fitted(record)
        title, identifier = self._identity(record, cells)
        about = (identifier,)
        source.ledger.stored("matrix_rows")
        if any(map(is_formula, cells)):
            source.report("formula-cell", record.line, "a cell that a spreadsheet would run", "kept as text")
        rows = source.rows(identifier)
        for number, (technique, name) in self._header.techniques.items():
            self._cell(record.line, cells[number], (technique, name), rows)
        return Incident(
            identifier=identifier,
            title=title,
            place=Place(source.name, record.line),
            year_started=self._year(record.line, self._first("year", cells), about),
            attributed_to=self._attributed(record.line, cells, about),
            target_countries=self._areas(record.line, self._first("target", cells), about),
            references=source.references(((cell, "", record.line) for cell in self._all("source", cells)), about),
            rows=rows.records(),
            stated=self._stated(record.line, cells, about),
        )

    def _fitted(self, record: Record) -> list[str]:
        width = self._header.width
        if len(record.cells) < width or any(record.cells[width:]):
            message = f"{len(record.cells)} cells under a header of {width}"
            fix = "what is missing is read as empty, what is too much is left out"
            self._source.report("ragged-row", record.line, message, fix)
        return [*record.cells, *([""] * width)][:width]

    def _all(self, role: str, cells: list[str]) -> Iterator[str]:
        """What stands in the columns of a role."""
        return filter(None, (or_nothing(cells[number]) for number in self._header.roles.get(role, ())))

    def _first(self, role: str, cells: list[str]) -> str:
        return next(self._all(role, cells), "")

    def _identity(self, record: Record, cells: list[str]) -> tuple[str, str]:
        """Title and identifier: of the title's column, else of what happened, when, and who did it.

        The identifier stays when cells of techniques change; of two rows that agree in all else the second is numbered.
        """
        named = self._first("name", cells)
        year = re.sub(r"\.0+$", "", self._first("year", cells))
        told = (self._first("event", cells), year, self._first("actor", cells))
        title = named or ", ".join(filter(None, told)) or f"row {record.line}"
        told_by = sorted(
            {*itertools.chain(*self._header.roles.values()), *self._header.platforms, *self._header.others}
        )
        rest = [cells[number] for number in told_by if cells[number] not in {"0", "1"}]
        base = identifier = slug(title, "" if named else "\n".join(rest))
        times = 1
        while identifier in self._identifiers:
            times += 1
            identifier = f"{base}-{times}"
        if times > 1:
            message = f"a row like this stands above: {base}"
            self._source.report("duplicate-incident", record.line, message, "kept under a number", about=(identifier,))
        self._identifiers.add(identifier)
        return title, identifier

    def _cell(self, line: int, cell: str, technique: tuple[str, str], rows: Rows) -> None:
        bare = cell.strip(_SOILED).casefold()
        if bare in _YES:
            mended = cell not in _ONE
            if rows.add(*technique, line, repaired=mended) and mended:
                message = f"{cell[:20]!r} under {technique[0]} is read as 1"
                self._source.report("repaired-cell", line, message, "write 1", severity=Severity.INFO)
        elif not bare:
            self.empty_cells += 1
            self.first_empty = self.first_empty or line
        elif bare not in _NO:
            self._source.ledger.count("unread_cells", Outcome.REPORTED)
            message = f"{cell[:20]!r} under {technique[0]} is neither 0 nor 1"
            self._source.report("bad-cell", line, message, "write 0 or 1")

    def _year(self, line: int, cell: str, about: tuple[str, ...]) -> int | None:
        if not cell:
            return None
        try:
            year, mended = mended_year(cell.strip(_SOILED))
        except ValueError as error:
            message, _, fix = str(error).partition("; ")
            self._source.ledger.count("year_fields", Outcome.REPORTED)
            self._source.report("bad-year", line, message, fix, about=about)
            return None
        if mended:
            self._source.report("repaired-date", line, f"{cell[:20]!r} is read as {year}", f"write {year}", about=about)
        self._source.ledger.count("year_fields", Outcome.REPAIRED if mended else Outcome.STORED)
        return year

    def _attributed(self, line: int, cells: list[str], about: tuple[str, ...]) -> tuple[Area, ...]:
        """The countries of the column of origin, and those that stand among the actors."""
        states = [name for cell in self._all("actor", cells) for name in split_names(cell) if is_area(name)]
        found = (*self._areas(line, self._first("origin", cells), about), *self._areas(line, "/".join(states), about))
        return tuple(dict.fromkeys(found))

    def _stated(self, line: int, cells: list[str], about: tuple[str, ...]) -> tuple[StatedName, ...]:
        """The actors and platforms that the row names."""
        actors = [name for cell in self._all("actor", cells) for name in split_names(cell) if not is_area(name)]
        platforms = [name for cell in self._all("platform", cells) for name in split_names(cell)]
        for number, name in self._header.platforms.items():
            bare = cells[number].strip(_SOILED).casefold()
            if bare in _YES:
                platforms.append(name)
            elif bare and bare not in _NO:
                self._source.ledger.count("unread_cells", Outcome.REPORTED)
                message = f"{cells[number][:20]!r} under {name} is neither 0 nor 1"
                self._source.report("bad-cell", line, message, "write 0 or 1", about=about)
        return (
            *state_names(self._source, actors, Role.OPERATOR, line, about),
            *state_names(self._source, platforms, Role.USED, line, about),
        )

    def _areas(self, line: int, cell: str, about: tuple[str, ...]) -> tuple[Area, ...]:
        names = []
        for part in _countries(cell):
            name = part.strip(" *?")
            if name != part and name:
                message = f"{part[:40]!r} is marked as uncertain"
                self._source.report("uncertain-country", line, message, "the country is kept", about=about)
            if name.lower() in NONE_MARKS:
                continue
            names.append(name)
        return self._source.areas(names, line, about)


def _countries(cell: str) -> list[str]:
    """The names in a cell; a name that is one country is not taken apart.

    >>> _countries("Ecuador/Canada"), _countries("Trinidad and Tobago")
    (['Ecuador', 'Canada'], ['Trinidad and Tobago'])
    """
    if resolve_area(cell) is not None:
        return [cell]
    return [part.strip() for part in re.split(r"\s+and\s+|[/,;&]", cell) if part.strip()]
