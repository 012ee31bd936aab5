"""An incident page to its record: fields, references, technique rows."""

from __future__ import annotations

import difflib
import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg.model import Incident, Outcome, Place, Reference, Severity, TechniqueRow
from kg.sources.markdown import parse_link, split_id
from kg.sources.values import is_later_id, or_nothing, parse_address, parse_date, parse_year, split_countries
from kg.text import plain_text
from kg.text.countries import area_names, resolve_area

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Sequence

    from kg.model import Area, Passage
    from kg.sources.ledger import Ledger
    from kg.sources.markdown import Page, Row
    from kg.sources.passages import Passages

Value = TypeVar("Value")
_REFERENCE_COLUMNS = 5
# Of DISARM until 1.4, and of AMITT: the id of the row in the workbook.
_MOST_COUNTRIES = 300
_UPSTREAM_ID = re.compile(r"\s*(IT\d{5,10}|I\d{5}T\d{3})(?:\s+|$)")


class IncidentReader:
    """Reads incident pages against one framework.

    Args:
        passages: Where descriptions are kept once.
        ledger: Where rows are booked and faults reported.
        techniques: The ids that exist; empty where the source holds no framework, and then none is checked.
    """

    def __init__(self, passages: Passages, ledger: Ledger, techniques: Collection[str]) -> None:
        self._passages = passages
        self._ledger = ledger
        self._techniques = techniques
        # What stands in page after page is read once: links to techniques, and descriptions, which a table repeats.
        self._named: dict[str, tuple[str, str]] = {}
        self._told: dict[str, _Told] = {}
        self._areas: dict[str, Area | None] = {}

    def read(self, page: Page) -> Incident:
        """The record of a page; what cannot be stored is reported and costs nothing else."""
        attributed, targeted = self._countries(page)
        if not page.title:
            self._report("blank-page" if not page.value("summary") else "missing-title", page, 1, "the title is empty")
        return Incident(
            identifier=page.identifier,
            title=" ".join(page.title.split()),
            place=Place(page.name, 1),
            summary=plain_text(page.value("summary")),
            incident_type=or_nothing(page.value("incident type")),
            year_started=self._field(page, "year started", parse_year, "bad-year"),
            attributed_to=attributed,
            target_countries=targeted,
            found_via=or_nothing(page.value("found via")),
            date_added=self._field(page, "date added", parse_date, "bad-date"),
            references=self._references(page),
            rows=self._rows(page),
        )

    def _report(
        self, code: str, page: Page, line: int, message: str, fix: str = "", severity: Severity = Severity.WARNING
    ) -> None:
        self._ledger.report(code, Place(page.name, line), message, fix=fix, about=(page.identifier,), severity=severity)

    def _field(self, page: Page, label: str, parse: Callable[[str], Value], code: str) -> Value | None:
        text = or_nothing(page.value(label))
        if not text:
            return None
        value, kind = self._parsed(page, page.line(label), text, parse, code), label.replace(" ", "_") + "_fields"
        if value is None:
            self._ledger.count(kind, Outcome.REPORTED)
        else:
            self._ledger.stored(kind)
        return value

    def _parsed(self, page: Page, line: int, text: str, parse: Callable[[str], Value], code: str) -> Value | None:
        try:
            return parse(text)
        except ValueError as error:
            message, _, fix = str(error).partition("; ")
            self._report(code, page, line, message, fix)
            return None

    def _countries(self, page: Page) -> tuple[tuple[Area, ...], tuple[Area, ...]]:
        value, line = page.value("countries"), page.line("countries")
        attributed, targeted = split_countries(value)
        return self._resolved(page, line, attributed), self._resolved(page, line, targeted)

    def _resolved(self, page: Page, line: int, names: tuple[str, ...]) -> tuple[Area, ...]:
        found, stored = [], 0
        if len(names) > _MOST_COUNTRIES:
            more = len(names) - _MOST_COUNTRIES
            self._ledger.count("country_names", Outcome.REPORTED, more)
            self._report("unknown-country", page, line, f"{more:,} more names in one field", "name countries, not text")
        for name in names[:_MOST_COUNTRIES]:
            area = self._areas[name] if name in self._areas else self._areas.setdefault(name, resolve_area(name))
            if area is not None:
                found.append(area)
                stored += 1
                continue
            self._ledger.count("country_names", Outcome.REPORTED)
            if name.lower() == "unknown":
                self._report("country-unknown", page, line, "the country is given as Unknown", severity=Severity.INFO)
            else:
                self._report("unknown-country", page, line, f"country {name[:40]!r} is not known", _nearest_area(name))
        if stored:
            self._ledger.stored("country_names", stored)
        return tuple(dict.fromkeys(found))

    def _references(self, page: Page) -> tuple[Reference, ...]:
        rows = page.rows("reference")
        read = [self._reference(page, row, ordinal) for ordinal, row in enumerate(rows, 1)]
        self._book("references", rows, read)
        found = tuple(reference for reference in read if reference is not None)
        cited: set[str] = set()
        for reference in found:
            if reference.url in cited:
                line = reference.place.line
                self._report("duplicate-reference", page, line, "the same address is cited twice", "remove one")
            cited.add(reference.url)
        return found

    def _reference(self, page: Page, row: Row, ordinal: int) -> Reference | None:
        if not self._whole(page, row, _REFERENCE_COLUMNS):
            return None
        link, date, authors, organisation, archive = row.cells
        address = _address(link)
        url = self._parsed(page, row.line, address, parse_address, "bad-address") if address else ""
        if url is None:
            return None
        if not url:
            self._report("no-address", page, row.line, "the reference has no address", severity=Severity.INFO)
        archive_text = _address(archive)
        return Reference(
            url=url,
            ordinal=ordinal,
            place=Place(page.name, row.line),
            published=self._date(page, row.line, date),
            authors=or_nothing(plain_text(authors)),
            organisation=or_nothing(plain_text(organisation)),
            archive_url=(
                self._parsed(page, row.line, archive_text, parse_address, "bad-address") or "" if archive_text else ""
            ),
        )

    def _date(self, page: Page, line: int, cell: str) -> dt.date | None:
        text = or_nothing(cell)
        return self._parsed(page, line, text, parse_date, "bad-date") if text else None

    def _whole(self, page: Page, row: Row, width: int) -> bool:
        if row.joined:
            self._report(
                "row-over-lines", page, row.line, "a line break inside a cell", "joined; put the row on one line"
            )
        if row.whole and len(row.cells) == width:
            return True
        what = (
            f"{len(row.cells)} cells instead of {width}" if row.whole else "the row is cut: its last cell is not closed"
        )
        self._report("bad-row", page, row.line, what, "complete the row", Severity.VIOLATION)
        return False

    def _rows(self, page: Page) -> tuple[TechniqueRow, ...]:
        rows = page.rows("technique")
        read = [self._row(page, row, ordinal) for ordinal, row in enumerate(rows, 1)]
        self._book("technique_rows", rows, read)
        return tuple(found for found in read if found is not None)

    def _book(self, kind: str, rows: list[Row], read: Sequence[object]) -> None:
        """Book the rows of a table: what became of each, None where it was reported."""
        reported = read.count(None)
        repaired = sum(row.joined and found is not None for row, found in zip(rows, read, strict=True))
        stored = len(rows) - repaired - reported
        for outcome, number in zip(Outcome, (stored, repaired, reported), strict=True):
            if number:
                self._ledger.count(kind, outcome, number)

    def _row(self, page: Page, row: Row, ordinal: int) -> TechniqueRow | None:
        if not self._whole(page, row, 2):
            return None
        identifier, name = self._technique(row.cells[0])
        if not identifier.startswith("T"):
            self._report(
                "bad-row", page, row.line, "the row names no technique", "write [ID name](page)", Severity.VIOLATION
            )
            return None
        if is_later_id(identifier) and identifier not in self._techniques:
            message = f"{identifier} is an observation of DISARM 2.x; only techniques of 1.x are counted as used"
            self._report("later-id", page, row.line, message, "write the technique of 1.x", Severity.WARNING)
            return None
        if self._techniques and identifier not in self._techniques:
            self._report(
                "unknown-technique",
                page,
                row.line,
                f"technique {identifier} does not exist",
                "use an id of this release",
                Severity.VIOLATION,
            )
            return None
        told = self._told.get(row.cells[1]) or self._description(row.cells[1])
        if told.passage is None:
            self._report("no-description", page, row.line, f"{identifier} has no description", severity=Severity.INFO)
        place = Place(page.name, row.line)
        return TechniqueRow(identifier, name, told.passage, ordinal, place, told.sha256, upstream_id=told.upstream_id)

    def _technique(self, cell: str) -> tuple[str, str]:
        """The id and the name of the technique that a cell links to or names."""
        found = self._named.get(cell)
        if found is None:
            linked = parse_link(cell)
            found = self._named[cell] = split_id(linked[0] if linked else cell)
        return found

    def _description(self, cell: str) -> _Told:
        upstream, description = split_upstream_id(cell)
        sha256 = hashlib.sha256(cell.encode()).hexdigest()
        found = self._told[cell] = _Told(upstream, self._passages.intern(description), sha256)
        return found


class _Told(NamedTuple):
    """A cell of descriptions: the id before the text, the text, and the hash of the cell."""

    upstream_id: str
    passage: Passage | None
    sha256: str


def _address(cell: str) -> str:
    """What a cell links to, or says instead."""
    linked = parse_link(cell)
    return or_nothing(linked[1] if linked else cell)


def split_upstream_id(cell: str) -> tuple[str, str]:
    """The id that old releases print before a description, and the description.

    >>> split_upstream_id("IT00000011 Fake groups"), split_upstream_id("Fake groups")
    (('IT00000011', 'Fake groups'), ('', 'Fake groups'))
    """
    match = _UPSTREAM_ID.match(cell)
    return (match[1], cell[match.end() :]) if match else ("", cell)


def _nearest_area(name: str) -> str:
    near = difflib.get_close_matches(name, area_names(), n=1, cutoff=0.75)
    return f"did you mean {near[0]!r}?" if near else "write the English name of a country, or World, EU, Unknown"
