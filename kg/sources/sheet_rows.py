"""The sheet ``incidenttechniques``: which incident uses which techniques, as the workbook says it.

Until 2025-02 a row names one technique, since then several. The pages are made from this sheet and lose every id that
follows a comma and a blank.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Outcome, Severity, WorkbookRow
from kg.text.groups import canonical_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from kg.model import Incident
    from kg.sources.ledger import Ledger
    from kg.sources.passages import Passages
    from kg.sources.workbook import Sheet, SheetRow, Workbook

SHEET = "incidenttechniques"
_ID = re.compile(r"T\d{4}(?:\.\d{3})?")
_RESPONSE = re.compile(r"(?<!\w)[CF]\d{5}(?!\w)")
_PARTS = re.compile(r"([,;\n])")
_OF_THE_CELL = frozenset({"repaired-id", "unknown-technique", "response-for-technique"})
_WRITTEN = re.compile(r"T\d{4,5}(?:\s?[.:]\s?\d{3})?(?!\d)")


def read_technique_rows(
    books: Sequence[Workbook],
    passages: Passages,
    ledger: Ledger,
    techniques: Collection[str],
    incidents: Collection[str],
) -> tuple[WorkbookRow, ...]:
    """The rows of the sheet in their order, in every workbook that has it.

    Args:
        books: The workbooks.
        passages: Where descriptions are kept once.
        ledger: Where ids are booked and faults reported.
        techniques: The ids that exist; empty where the source holds no framework, and then none is checked.
        incidents: The incidents that exist; the rows of others are reported and not stored.
    """
    found = []
    seen: set[tuple[str, str]] = set()
    for book in books:
        sheet = book.sheet(SHEET)
        for row in sheet.rows if sheet else ():
            read = _Row(book, sheet, row, ledger).read(passages, techniques, incidents) if sheet else None
            ledger.count(f"workbook_{SHEET}_rows", Outcome.REPORTED if read is None else Outcome.STORED)
            if read is None:
                continue
            if (read.incident, read.identifier) in seen:
                # Upstream gave one id to several rows; each stands with its own evidence.
                read = replace(read, identifier=f"{read.identifier}-{row.number}")
            seen.add((read.incident, read.identifier))
            found.append(read)
    return tuple(found)


def with_sheet_rows(
    incidents: Sequence[Incident],
    books: Sequence[Workbook],
    passages: Passages,
    ledger: Ledger,
    techniques: Collection[str],
) -> tuple[tuple[Incident, ...], tuple[WorkbookRow, ...]]:
    """The incidents with their rows of the workbook, and the rows that have a description and no incident."""
    existing = {incident.identifier for incident in incidents}
    by_incident: dict[str, list[WorkbookRow]] = {}
    for row in read_technique_rows(books, passages, ledger, techniques, existing):
        by_incident.setdefault(row.incident, []).append(row)
    strays = by_incident.pop("", [])
    whole = tuple(
        replace(incident, workbook_rows=tuple(by_incident[incident.identifier]))
        if incident.identifier in by_incident
        else incident
        for incident in incidents
    )
    return whole, tuple(strays)


class _Row:
    """One row while it is read."""

    def __init__(self, book: Workbook, sheet: Sheet, row: SheetRow, ledger: Ledger) -> None:
        self._row = row
        self._ledger = ledger
        self._place = book.place(sheet, row)
        self._cell = book.place(sheet, row, "technique_ids" if row.raw("technique_ids") else "technique_id")
        self._incident = row["incident_id"]

    def read(self, passages: Passages, techniques: Collection[str], incidents: Collection[str]) -> WorkbookRow | None:
        row, incident = self._row, self._incident
        passage = passages.intern(row.raw("name") or row.raw("summary"))
        written = row.raw("technique_ids") or row.raw("technique_id")
        # Which of them exist is asked below, so that an unknown incident costs no word about its techniques.
        ids = list(_ids(written, techniques))
        identifier = row["disarm_id"] or row["id"] or f"row-{row.number}"
        if incident and incident not in incidents:
            self._report("unknown-incident", f"incident {incident[:40]} does not exist", "add it or delete the row")
            self._ledger.count("workbook_techniques", Outcome.REPORTED, len(ids))
            return None
        if not incident:
            self._ledger.count("workbook_techniques", Outcome.REPORTED, len(ids))
            if ids:
                self._report("row-without-incident", "the row names techniques and no incident", "write the incident")
            if passage is not None:
                return WorkbookRow(identifier, "", (), passage, self._place)
            self._report("workbook-row", "the row names no incident and tells nothing", "not loaded")
            return None
        kept = tuple(dict.fromkeys(found for code, found in ids if self._stands(code, found, techniques)))
        retired = tuple(dict.fromkeys(found for _, found in ids if _ID.fullmatch(found) and found not in kept))
        responses = tuple(dict.fromkeys(_RESPONSE.findall(written)))
        if not (kept or retired or responses) and passage is None:
            self._report("workbook-row", "the row names no technique and tells nothing", "not loaded")
            return None
        return WorkbookRow(identifier, incident, kept, passage, self._place, retired=retired, responses=responses)

    def _stands(self, written: str, technique: str, techniques: Collection[str]) -> bool:
        if not technique or (techniques and technique not in techniques):
            self._ledger.count("workbook_techniques", Outcome.REPORTED)
            if _RESPONSE.fullmatch(written):
                message = f"{written} is no technique but a counter or detection"
                self._report("response-for-technique", message, "name it in the sheet of its kind")
                return False
            what = f"technique {technique} does not exist" if technique else f"{written[:40]!r} is no id"
            self._report("unknown-technique", what, "use an id of this release", Severity.VIOLATION)
            return False
        repaired = written != technique
        self._ledger.count("workbook_techniques", Outcome.REPAIRED if repaired else Outcome.STORED)
        if repaired:
            message = f"{written[:40]!r} is read as {technique}"
            self._report("repaired-id", message, f"write {_anew(written, techniques)}", Severity.INFO, technique)
        return True

    def _report(self, code: str, message: str, fix: str, severity: Severity = Severity.WARNING, *about: str) -> None:
        concerned = (self._incident, *about) if self._incident else about
        place = self._cell if code in _OF_THE_CELL else self._place
        self._ledger.report(code, place, message, fix=fix, about=concerned, severity=severity)


def written_ids(cell: str, right: str) -> str:
    """A cell of ids in which the part that stands for the ids of ``right``, with commas between them, is written so.

    >>> written_ids("T0001, T0162.003. T0162", "T0162.003,T0162")
    'T0001, T0162.003,T0162'
    """
    known = right.split(",")
    parts = _PARTS.split(cell)
    for index, part in enumerate(parts):
        text = part.strip()
        if text != right and _anew(text, known) == right:
            parts[index] = part.replace(text, right)
    return "".join(parts)


def _ids(cell: str, techniques: Collection[str]) -> Iterator[tuple[str, str]]:
    """What each part of a cell of ids says, as written and as repaired."""
    for part in _PARTS.split(cell)[::2]:
        text = part.replace("\u00a0", " ").strip()
        if not text:
            continue
        if _ID.fullmatch(text):
            yield text, text
            continue
        # "T0162.003. T0162": a full stop for a comma. A name may stand behind an id.
        found = [match[0] for match in _WRITTEN.finditer(text)]
        yield from ((text, _repaired(code, techniques)) for code in found)
        if not found:
            yield text, ""


def _anew(written: str, techniques: Collection[str]) -> str:
    """A part of a cell as it should be: its ids with a bare comma between them, where the making of pages splits."""
    return ",".join(found for _, found in _ids(written, techniques))


def _repaired(written: str, techniques: Collection[str]) -> str:
    """The id that was meant: no blanks, a full stop for a colon, and one 0 less where only that exists."""
    code = canonical_id("".join(written.split()))
    shorter = code.replace("T00", "T0", 1)
    return shorter if code not in techniques and shorter in techniques else code
