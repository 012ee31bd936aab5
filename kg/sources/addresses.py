"""The sheet ``urls``: when, by whom and where an article was published, and its archived copy."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from kg.model import Outcome, Place, Reference
from kg.sources.values import mended_date, or_nothing, parse_address
from kg.text import plain_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, SheetRow, Workbook

Value = TypeVar("Value")
_BOOKED = "workbook_urls_rows"
_STRAY = ",;"


def cited_addresses(cell: str) -> list[str]:
    """The addresses in the cell ``urls`` of an incident, as they stand, without a comma behind them.

    >>> cited_addresses("https://a.example/x, https://b.example/?q=1,2 -")
    ['https://a.example/x', 'https://b.example/?q=1,2']
    """
    found = (part.strip().rstrip(_STRAY) for part in re.split(r"[\s,;]+(?=https?:)|\s+", cell.strip()))
    return [part for part in found if or_nothing(part)]


class AddressSheet:
    """The rows of the sheet, by the address they describe; each is booked when the sheet is closed.

    Args:
        books: The workbooks.
        ledger: Where rows are booked and faults reported.
    """

    def __init__(self, books: Sequence[Workbook], ledger: Ledger) -> None:
        self._ledger = ledger
        self._found: dict[str, Reference] = {}
        self._cited: set[str] = set()
        for book in books:
            sheet = book.sheet("urls")
            for row in sheet.rows if sheet is not None else ():
                self._add(book, sheet, row) if sheet is not None else None

    def _add(self, book: Workbook, sheet: Sheet, row: SheetRow) -> None:
        place = book.place(sheet, row)
        written = row["url_id"].rstrip(_STRAY)
        url = self._value(written, parse_address, place) if or_nothing(written) else None
        if url is None or url in self._found:
            self._ledger.count(_BOOKED, Outcome.REPORTED)
            what = "gives no address" if url is None else "gives an address that stands above"
            self._ledger.report("workbook-row", place, f"the row {what}", fix="not loaded")
            return
        archive = or_nothing(row["archive_link"])
        self._found[url] = Reference(
            url=url,
            ordinal=0,
            place=place,
            published=self._day(row["pub_date"], place),
            authors=or_nothing(plain_text(row.raw("authors"))),
            organisation=or_nothing(plain_text(row.raw("org"))),
            archive_url=self._value(archive, parse_address, place) or "" if archive else "",
        )

    def _day(self, text: str, place: Place) -> dt.date | None:
        found = self._value(text, mended_date, place) if or_nothing(text) else None
        if found is not None and found[1]:
            message = f"{text[:20]!r} is read as {found[0]}"
            self._ledger.report("repaired-date", place, message, fix=f"write {found[0]}")
        return found[0] if found is not None else None

    def _value(self, text: str, parse: Callable[[str], Value], place: Place) -> Value | None:
        try:
            return parse(text)
        except ValueError as error:
            message, _, fix = str(error).partition("; ")
            self._ledger.report("bad-field", place, message, fix=fix)
            return None

    def completed(self, reference: Reference) -> Reference:
        """A reference with what the sheet says of its address where it says nothing itself, and the row as a source."""
        told = self._found.get(reference.url)
        if told is None:
            return reference
        self._cited.add(reference.url)
        return replace(
            reference,
            published=reference.published or told.published,
            authors=reference.authors or told.authors,
            organisation=reference.organisation or told.organisation,
            archive_url=reference.archive_url or told.archive_url,
            also=(*reference.also, told.place),
        )

    def close(self) -> None:
        """Book every row: stored where an incident cites its address, else reported."""
        for url, told in self._found.items():
            cited = url in self._cited
            self._ledger.count(_BOOKED, Outcome.STORED if cited else Outcome.REPORTED)
            if not cited:
                self._ledger.report("workbook-row", told.place, "no incident cites the address", fix="not loaded")
