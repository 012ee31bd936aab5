"""The sheet ``incidents`` beside the pages made from it: what the pages lack is put back, what differs is told.

The page stands where both say something: it is what was published. What a page leaves out, or gives in a form that
cannot be read, is taken from the workbook; so are the references that never reached it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from kg.model import Outcome, Place, Reference, Severity
from kg.sources.addresses import AddressSheet, cited_addresses
from kg.sources.sheets import identifier_of, sheet_rows
from kg.sources.values import mended_date, mended_year, or_nothing, parse_address
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.model import Area, Incident
    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, SheetRow, Workbook

Value = TypeVar("Value")
SHEET = "incidents"
_BOOKED = "workbook_incidents_rows"
_ID = re.compile(r"I\d{5}")


def with_incident_rows(
    incidents: Sequence[Incident], books: Sequence[Workbook], ledger: Ledger
) -> tuple[Incident, ...]:
    """The incidents of the pages with what the sheet of incidents says beside them."""
    if not books:
        return tuple(incidents)
    addresses = AddressSheet(books, ledger)
    pages = {incident.identifier: incident for incident in incidents}
    rows: dict[str, tuple[Workbook, Sheet, SheetRow]] = {}
    for book, sheet, row in sheet_rows(books, SHEET):
        identifier = identifier_of(row)
        known = identifier in pages and identifier not in rows
        ledger.count(_BOOKED, Outcome.STORED if known else Outcome.REPORTED)
        if known:
            rows[identifier] = (book, sheet, row)
            continue
        what = "stands twice" if identifier in rows else "has no page" if identifier else "has no id"
        about = (identifier,) if _ID.fullmatch(identifier) else ()
        message = f"{identifier[:20] or 'a row'} {what}"
        ledger.report("workbook-row", book.place(sheet, row), message, fix="not loaded", about=about)
    whole = tuple(
        _Row(rows[incident.identifier], ledger, addresses).beside(incident)
        if incident.identifier in rows
        else _completed(incident, addresses)
        for incident in incidents
    )
    addresses.close()
    return whole


def _completed(incident: Incident, addresses: AddressSheet) -> Incident:
    return replace(incident, references=tuple(map(addresses.completed, incident.references)))


class _Row:
    """One row of the sheet while it is laid beside its page."""

    def __init__(self, at: tuple[Workbook, Sheet, SheetRow], ledger: Ledger, addresses: AddressSheet) -> None:
        self._book, self._sheet, self._row = at
        self._ledger = ledger
        self._addresses = addresses

    def beside(self, incident: Incident) -> Incident:
        """The incident of the page with what only its row says."""
        row = self._row
        title = self._either(incident, "name", incident.title, " ".join(row.raw("name").split()))
        return replace(
            incident,
            title=title,
            incident_type=self._either(
                incident, "objecttype", incident.incident_type, or_nothing(row.raw("objecttype"))
            ),
            year_started=self._either(
                incident, "year_started", incident.year_started, self._read("year_started", mended_year)
            ),
            date_added=self._either(incident, "when_added", incident.date_added, self._read("when_added", mended_date)),
            found_via=self._either(incident, "found_via", incident.found_via, or_nothing(row.raw("found_via"))),
            attributed_to=self._either(
                incident, "attributions_seen", incident.attributed_to, self._areas("attributions_seen")
            ),
            target_countries=self._either(
                incident, "found_in_country", incident.target_countries, self._areas("found_in_country")
            ),
            references=self._references(incident),
        )

    def _place(self, column: str) -> Place:
        return self._book.place(self._sheet, self._row, column)

    def _read(self, column: str, parse: Callable[[str], tuple[Value, bool]]) -> Value | None:
        # What cannot be read, or had to be mended, is told of the page, which was made from the cell.
        try:
            return parse(self._row[column])[0] if or_nothing(self._row[column]) else None
        except ValueError:
            return None

    def _areas(self, column: str) -> tuple[Area, ...]:
        names = filter(None, map(or_nothing, re.split(r"[,;]", self._row[column])))
        return tuple(dict.fromkeys(area for name in names if (area := resolve_area(name)) is not None))

    def _either(self, incident: Incident, column: str, shown: Value, given: Value) -> Value:
        """What the page says, or what the row does where the page says nothing; a difference is told."""
        if not given or _same(shown, given):
            return shown
        if not shown:
            message = f"{column} of {incident.identifier} stands in the workbook alone ({_short(given)})"
            self._tell("field-restored", incident, column, message, "taken from the workbook")
            return given
        message = f"{column} of {incident.identifier} is {_short(given)} here and {_short(shown)} on its page"
        self._tell("workbook-differs", incident, column, message, "the page stands: it is what was published")
        return shown

    def _tell(self, code: str, incident: Incident, column: str, message: str, fix: str) -> None:
        about = (incident.identifier,)
        self._ledger.report(code, self._place(column), message, fix=fix, about=about, severity=Severity.INFO)

    def _references(self, incident: Incident) -> tuple[Reference, ...]:
        """The references of the page, and those of the row that never reached it; each with every place it stands."""
        found: dict[str, Reference] = {}
        for reference in incident.references:
            if reference.url:
                found.setdefault(reference.url, reference)
        # Those without an address, and what the page cites a second time.
        others = [item for item in incident.references if found.get(item.url) is not item]
        place = self._place("urls")
        ordinal = max((reference.ordinal for reference in incident.references), default=0)
        for text in dict.fromkeys(cited_addresses(self._row.raw("urls"))):
            try:
                url = parse_address(text)
            except ValueError as error:
                message, _, fix = str(error).partition("; ")
                self._ledger.count("workbook_references", Outcome.REPORTED)
                self._tell("bad-field", incident, "urls", message, fix)
                continue
            if url in found:
                self._ledger.stored("workbook_references")
                found[url] = replace(found[url], also=(*found[url].also, place))
                continue
            ordinal += 1
            self._ledger.count("workbook_references", Outcome.REPAIRED)
            found[url] = Reference(url=url, ordinal=ordinal, place=place)
            message = f"a reference of {incident.identifier} stands in the workbook alone"
            self._tell("reference-restored", incident, "urls", message, "taken from the workbook")
        completed = [self._addresses.completed(reference) for reference in (*found.values(), *others)]
        return tuple(sorted(completed, key=lambda reference: reference.ordinal))


def _same(shown: object, given: object) -> bool:
    if isinstance(shown, str) and isinstance(given, str):
        return " ".join(shown.split()).casefold() == " ".join(given.split()).casefold()
    if isinstance(shown, tuple) and isinstance(given, tuple):
        return set(shown) == set(given)
    return shown == given


def _short(value: object) -> str:
    """A value as a message shows it; never more than the beginning of a text."""
    if isinstance(value, tuple):
        return ", ".join(area.identifier for area in value) or "none"
    return repr(value[:60]) if isinstance(value, str) else str(value)
