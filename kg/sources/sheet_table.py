"""A workbook that is none of DISARM's: a sheet of incidents and techniques, or a 0/1 matrix, read like its CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Finding, LedgerLine, Place, Severity
from kg.sources.csv_text import MAX_COLUMNS, Record, Table
from kg.sources.json_text import clean
from kg.sources.matrix import names_techniques, read_matrix_table
from kg.sources.pairs import names_pairs, read_pairs_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.model import Corpus
    from kg.sources.workbook import Sheet, Workbook

_LOOKED_AT = 20


def read_sheet_table(
    book: Workbook, *, release: str | None = None, framework: Mapping[str, str] | None = None
) -> Corpus | None:
    """The corpus of the first sheet that is such a table; None where none is. What other sheets hold is told."""
    for sheet in book.sheets:
        records = _records(sheet)
        is_matrix = bool(records) and names_techniques(records[0])
        if not is_matrix and not names_pairs(records[:_LOOKED_AT]):
            continue
        others = [other for other in book.sheets if other is not sheet and other.rows]
        findings: list[Finding] = [*book.findings]
        table = Table(book.document.path, book.document, findings, iter(records))
        read = read_matrix_table if is_matrix else read_pairs_table
        return _with_others(read(table, release=release, framework=framework), book, others)
    return None


def _with_others(corpus: Corpus, book: Workbook, others: list[Sheet]) -> Corpus:
    """The corpus with the rows of the sheets that were not read as reported."""
    number = sum(len(sheet.rows) + 1 for sheet in others)
    if not number:
        return corpus
    told = [
        Finding(
            "unread-sheet",
            Place(book.document.path, sheet.header_row, sheet.name),
            Severity.INFO,
            f"the sheet {sheet.name[:40]!r} with {len(sheet.rows):,} rows is not read: another holds the table",
            "read it by itself",
        )
        for sheet in others
    ]
    line = LedgerLine("workbook_unread_rows", number, 0, 0, number)
    findings = tuple(sorted({*corpus.findings, *told}, key=lambda item: (item.place.line, item.code, item.message)))
    ledger = tuple(sorted((*corpus.ledger, line), key=lambda item: item.kind))
    return replace(corpus, findings=findings, ledger=ledger)


def _records(sheet: Sheet) -> list[Record]:
    """The rows of a sheet as records, with the number of each in the spreadsheet as its line."""
    if not sheet.header_row or len(sheet.titles) > MAX_COLUMNS:
        return []
    rows = [(sheet.header_row, sheet.titles), *((row.number, row.cells) for row in sheet.rows)]
    return [Record(number, [clean(cell) for cell in cells]) for number, cells in rows]
