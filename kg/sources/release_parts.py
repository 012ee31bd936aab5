"""What a release folder holds beside its pages: workbooks and the STIX bundle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Outcome, Place, Severity
from kg.sources.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Workbook

_FOLDERS = ("DISARM_MASTER_DATA", "AMITT_MASTER_DATA", "CoreData", "Core_data", ".")
"""Where the releases keep their workbooks, the latest first."""


def read_books(folder: Path, books: list[Workbook], ledger: Ledger) -> None:
    """Read the workbooks of a release into ``books``; one that cannot be read is reported and costs only itself."""
    home = next((folder / name for name in _FOLDERS if any((folder / name).glob("*.xlsx"))), None)
    for path in sorted(home.glob("*.xlsx")) if home else ():
        # What a spreadsheet leaves beside an open file.
        if path.name.startswith(("~$", ".")) or not is_workbook(path):
            continue
        name = path.relative_to(folder).as_posix()
        try:
            book = read_workbook(path, name)
        except SourceError as error:
            message = str(error).removeprefix(f"{name}: ")
            ledger.count("files", Outcome.REPORTED)
            ledger.report("unreadable-workbook", Place(name), message, severity=Severity.VIOLATION)
            continue
        ledger.count("files", Outcome.REPAIRED if book.findings else Outcome.STORED)
        ledger.findings.extend(book.findings)
        books.append(book)
