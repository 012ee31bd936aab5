"""The sheet ``associatedtechniques``: which techniques go with which, of which the pages show a part."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Association, Outcome, Severity
from kg.sources.sheets import sheet_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kg.sources.ledger import Ledger
    from kg.sources.passages import Passages
    from kg.sources.workbook import Workbook

SHEET = "associatedtechniques"
_BOOKED = "workbook_associatedtechniques_rows"


def with_association_rows(
    associations: Sequence[Association],
    books: Sequence[Workbook],
    passages: Passages,
    ledger: Ledger,
    techniques: Collection[str],
) -> tuple[Association, ...]:
    """The associations of the pages, each with its row of the sheet, and those that stand in the sheet alone."""
    found = {(item.technique, item.associated): item for item in associations}
    again = [item for item in associations if found[item.technique, item.associated] is not item]
    # A sheet without pages beside it has nothing that it could have been lost from.
    lost = bool(associations)
    for book, sheet, row in sheet_rows(books, SHEET):
        place = book.place(sheet, row)
        pair = (row["technique_id"], row["associated_technique_id"])
        unknown = [identifier for identifier in pair if not identifier or identifier not in techniques]
        if unknown or pair[0] == pair[1]:
            ledger.count(_BOOKED, Outcome.REPORTED)
            what = f"technique {unknown[0][:40]!r} does not exist" if unknown else f"{pair[0]} goes with itself"
            ledger.report("workbook-row", place, what, fix="not loaded")
            continue
        known = found.get(pair)
        if known is not None:
            ledger.stored(_BOOKED)
            found[pair] = replace(known, also=(*known.also, place))
            continue
        found[pair] = Association(*pair, "", passages.intern(row.raw("description")), place)
        ledger.count(_BOOKED, Outcome.REPAIRED if lost else Outcome.STORED)
        if lost:
            message = f"{pair[0]} goes with {pair[1]}, which its page does not show"
            ledger.report(
                "association-restored",
                place,
                message,
                fix="taken from the workbook",
                about=pair,
                severity=Severity.INFO,
            )
    return (*sorted(found.values(), key=lambda item: (item.technique, item.associated)), *again)
