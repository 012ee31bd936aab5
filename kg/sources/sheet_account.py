"""Sheets that nothing here reads: named with their rows and the reason, so that every row is accounted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Outcome, Severity
from kg.sources import association_sheet, incident_sheet, sheet_rows
from kg.sources.sheets import ENTRY_SHEETS
from kg.sources.workbook import column_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, Workbook

_READ = frozenset(
    {
        *ENTRY_SHEETS,
        association_sheet.SHEET,
        incident_sheet.SHEET,
        sheet_rows.SHEET,
        "actortypes",
        "countermeasures",
        "detections",
        "externalgroupcounters",
        "metatechniques",
        "phases",
        "responsetypes",
        "sectors",
        "tactics",
        "tasks",
        "techniques",
        "urls",
    }
)
_WHY = {
    "export_summary": "the program that saved the workbook wrote it",
    "forums": "its rows have no id",
    "framework_admin_codes": "it is a note for those who keep the workbook",
    "framework_admin_readme": "it is a note for those who keep the workbook",
    "readme": "it is a note for those who keep the workbook",
    "removed_externalgroups": "upstream took its rows out",
    "removed_tools": "upstream took its rows out",
    "suggested_externalgroups": "its rows are suggestions without an id, which nobody upstream has accepted",
}


_ID_COLUMNS: dict[str, tuple[tuple[str, ...], ...]] = {
    sheet_rows.SHEET: (("incident_id",), ("technique_ids", "technique_id")),
    **dict.fromkeys(
        (
            incident_sheet.SHEET,
            "actortypes",
            "countermeasures",
            "detections",
            "phases",
            "tactics",
            "tasks",
            "techniques",
        ),
        (("disarm_id", "amitt_id", "id"),),
    ),
}
"""Sheet -> the columns without which no row of it can be read; of each group one is enough."""


def missing_columns(sheet: Sheet) -> str:
    """Which columns a sheet must have and has not, and which it has instead; empty where nothing is missing."""
    needed = _ID_COLUMNS.get(column_key(sheet.name), ()) if sheet.rows else ()
    missing = [names[0] for names in needed if not any(name in sheet.columns for name in names)]
    if not missing:
        return ""
    seen = ", ".join(title.strip()[:30] for title in sheet.titles if title.strip())[:120]
    plural = "s" if len(missing) > 1 else ""
    return f"the sheet {sheet.name[:40]!r} lacks the column{plural} {' and '.join(missing)} (it has {seen})"


def report_missing_columns(books: Sequence[Workbook], ledger: Ledger) -> None:
    """Tell of each sheet whose rows cannot be read for want of a column, once, and which columns it has instead."""
    for book in books:
        for sheet in book.sheets:
            message = missing_columns(sheet)
            if message:
                fix = "name the columns as DISARM does, in one row above the others"
                ledger.report("missing-column", book.place(sheet), message, fix=fix)


def report_unread_sheets(books: Sequence[Workbook], ledger: Ledger) -> None:
    """Book the rows of every sheet that no reader takes as reported, and say why it is not read."""
    report_missing_columns(books, ledger)
    for book in books:
        for sheet in book.sheets:
            name = column_key(sheet.name)
            if name in _READ or not sheet.rows:
                continue
            ledger.count("workbook_unread_rows", Outcome.REPORTED, len(sheet.rows))
            why = _WHY.get(name, "it is no sheet of DISARM that is known here")
            message = f"the sheet {sheet.name[:40]!r} with {len(sheet.rows):,} rows is not read: {why}"
            ledger.report("unread-sheet", book.place(sheet), message, severity=Severity.INFO)
