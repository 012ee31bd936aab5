"""Excel workbooks of strangers to rows of text: every limit is held before the spreadsheet engine sees a byte.

calamine lays a sheet out as one rectangle from its first cell to its last and copies a shared string into every cell
that names it, so a file of a few kB can ask for any amount of memory. The parts it needs are therefore unpacked here
under a limit, measured, and handed over as a new archive: what was measured is what is read. What the sheets mean is
decided in :mod:`kg.sources.sheets`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity, SourceDocument
from kg.sources.workbook_limits import check_parts, without_blank_tails

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from python_calamine import CalamineSheet, CalamineWorkbook

MAX_PACKED_BYTES = 64 * 1024 * 1024
"""The largest workbook that is read; the largest of DISARM is 4 MB."""

MAX_UNPACKED_BYTES = 256 * 1024 * 1024
"""The largest sum of its parts; 37 MB for the largest of DISARM."""

MAX_PARTS = 2000

_KEYS = ("disarm_id", "url_id")
_ROWS_BEFORE_THE_HEADER = 20
_NEEDED = re.compile(r"(?:.*/)?(?!(?:theme|comment|vmlDrawing|drawing|chart)[^/]*$)[^/]*\.(?:xml|rels)", re.IGNORECASE)
_ORNAMENT = re.compile(
    r"(?:docProps|customXml|xl/(?:drawings|charts|media|theme|persons|threadedComments))/", re.IGNORECASE
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row that is not blank.

    Attributes:
        number: The number Excel shows, from 1.
        cells: The text of each cell as it stands, blanks and all, one for each column of the sheet.
    """

    number: int
    cells: tuple[str, ...]
    _columns: Mapping[str, int]

    def raw(self, column: str) -> str:
        """The text of a cell as it stands; empty where the sheet has no such column."""
        index = self._columns.get(column)
        return self.cells[index] if index is not None else ""

    def __getitem__(self, column: str) -> str:
        """The text of a cell without blanks around it, a no-break space being one."""
        # str.strip takes the no-break space for a blank as well.
        return self.raw(column).strip()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its columns, the row they stand in (0: the sheet is blank), the rows below that hold anything.

    ``columns`` are normalised: small letters, ``_`` for all else; ``titles`` are as written. Of two columns with one
    name the first answers to it. ``first_column`` is the 0-based place of the first of them in the spreadsheet.
    """

    name: str
    columns: tuple[str, ...]
    titles: tuple[str, ...]
    header_row: int
    rows: tuple[SheetRow, ...]
    first_column: int = 0

    def address(self, position: int, row: int) -> str:
        """The address that a spreadsheet shows for the cell of a column of :attr:`columns` in a row: ``D17``."""
        return f"{column_letters(self.first_column + position)}{row}"


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook: its document record, its sheets in their order, and what could not be read as it stands."""

    document: SourceDocument
    sheets: tuple[Sheet, ...]
    findings: tuple[Finding, ...]

    def sheet(self, name: str) -> Sheet | None:
        """The sheet of that name, whatever its case and blanks; None where there is none."""
        return next((sheet for sheet in self.sheets if column_key(sheet.name) == column_key(name)), None)

    def place(self, sheet: Sheet, row: SheetRow | None = None, column: str = "") -> Place:
        """Where a row stands, or its cell in a column; without a row, where the columns of the sheet do."""
        number = row.number if row else sheet.header_row
        cell = sheet.address(sheet.columns.index(column), number) if column and column in sheet.columns else ""
        return Place(self.document.path, number, sheet.name, cell)


def column_letters(number: int) -> str:
    """The letters a spreadsheet shows for a 0-based column.

    >>> column_letters(0), column_letters(25), column_letters(26), column_letters(702)
    ('A', 'Z', 'AA', 'AAA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def is_workbook(path: Path) -> bool:
    """Whether a file is an Excel workbook by what it holds, or claims to be one by its name."""
    if not path.is_file():
        return False
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return True
    try:
        with path.open("rb") as file:
            if file.read(4) != _ZIP:
                return False
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile, struct.error, NotImplementedError):
        # All that zipfile raises of a damaged archive: a file that is none is no workbook, and no fault.
        return False


def read_workbook(path: str | os.PathLike[str], name: str | None = None) -> Workbook:
    """Read a workbook.

    Args:
        path: The file.
        name: Its path relative to the source, as it is to stand in messages and in the graph.

    Raises:
        SourceError: It cannot be read, is no workbook, is damaged, or would take more memory than any workbook needs.
    """
    shown = name or Path(path).name
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_PACKED_BYTES + 1)
    except OSError as error:
        raise SourceError(f"{shown}: cannot be read ({error.strerror}); check the file") from error
    return parse_workbook(data, shown)


def parse_workbook(data: bytes, name: str) -> Workbook:
    """The workbook in these bytes; ``name`` stands in messages and in the graph.

    Raises:
        SourceError: As for :func:`read_workbook`.
    """
    if len(data) > MAX_PACKED_BYTES:
        raise SourceError(f"{name}: more than {MAX_PACKED_BYTES // 1024 // 1024} MB; give a workbook of DISARM")
    if data.startswith(_OLE):
        raise SourceError(f"{name}: is locked by a password or an old .xls; save it as .xlsx without a password")
    if not data.startswith(_ZIP):
        raise SourceError(f"{name}: is no workbook; give an .xlsx file")
    parts = without_blank_tails(_unpack(data, name))
    if not any(part.lower() == "xl/workbook.xml" for part in parts):
        raise SourceError(f"{name}: is an archive without a workbook in it; give an .xlsx file")
    findings = check_parts(parts, name)
    sheets, unread = _sheets(_repack(parts), name)
    document = SourceDocument(name, hashlib.sha256(data).hexdigest())
    return Workbook(document, sheets, (*findings, *unread))


def _unpack(data: bytes, name: str) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                raise SourceError(f"{name}: {len(members):,} parts in the archive; a workbook has at most {MAX_PARTS}")
            for member in members:
                if not _NEEDED.fullmatch(member.filename) or _ORNAMENT.match(member.filename):
                    continue
                if member.filename in parts:
                    raise SourceError(f"{name}: holds the part {member.filename[:80]!r} twice; save it again")
                if member.flag_bits & 1:
                    raise SourceError(f"{name}: is locked by a password; save it without one")
                # The size an archive claims may be a lie; no more than this is ever unpacked.
                with archive.open(member) as file:
                    part = file.read(left + 1)
                left -= len(part)
                if left < 0:
                    limit = MAX_UNPACKED_BYTES // 1024 // 1024
                    raise SourceError(
                        f"{name}: {len(data):,} bytes unpack to more than {limit} MB; a workbook does not"
                    )
                parts[member.filename] = part
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error) as error:
        raise SourceError(f"{name}: the archive is damaged ({error}); fetch or save it again") from error
    except (NotImplementedError, RuntimeError, OSError, ValueError, OverflowError) as error:
        # Ways of packing that zipfile does not know, passwords, and sizes that no number holds.
        raise SourceError(f"{name}: cannot be unpacked ({error}); save it again as .xlsx") from error
    return parts


def _repack(parts: Mapping[str, bytes]) -> io.BytesIO:
    """The parts as an archive again, not packed: the engine reads the very bytes that were measured."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for part, content in parts.items():
            archive.writestr(zipfile.ZipInfo(part), content)
    buffer.seek(0)
    return buffer


def _sheets(archive: io.BytesIO, name: str) -> tuple[tuple[Sheet, ...], list[Finding]]:
    book = _opened(archive, name)
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for title in book.sheet_names:
        try:
            sheets.append(_sheet(title, _read(book, title)))
        except SourceError as error:
            fix = "open it in a spreadsheet and save it again"
            place = Place(name, 0, title)
            findings.append(Finding("unreadable-sheet", place, Severity.VIOLATION, f"cannot be read ({error})", fix))
    return tuple(sheets), findings


def _opened(archive: io.BytesIO, name: str) -> CalamineWorkbook:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only who reads a workbook pays

    try:
        return CalamineWorkbook.from_filelike(archive)
    except (CalamineError, OSError, ValueError) as error:
        raise SourceError(f"{name}: is no workbook that can be read ({error}); save it again as .xlsx") from error
    except BaseException as error:
        _raise_unless_panic(error)
        raise SourceError(f"{name}: is damaged beyond reading; save it again as .xlsx") from error


def _read(book: CalamineWorkbook, title: str) -> CalamineSheet:
    from python_calamine import CalamineError  # noqa: PLC0415 - the same

    try:
        return book.get_sheet_by_name(title)
    except (CalamineError, OSError, ValueError) as error:
        raise SourceError(" ".join(str(error).split())) from error
    except BaseException as error:
        _raise_unless_panic(error)
        raise SourceError("the engine gave up on it") from error


def _raise_unless_panic(error: BaseException) -> None:
    # A fault of the engine arrives as pyo3's PanicException, which no module exports.
    if type(error).__name__ != "PanicException":
        raise error


def _sheet(title: str, found: CalamineSheet) -> Sheet:
    first, left = found.start or (0, 0)
    lines = [
        (number, row)
        for number, row in enumerate(found.to_python(skip_empty_area=True), first + 1)
        if any(cell != "" for cell in row)
    ]
    if not lines:
        return Sheet(title, (), (), 0, ())
    at = _header_at([row for _, row in lines[:_ROWS_BEFORE_THE_HEADER]])
    number, header = lines[at]
    titles = tuple(cell_text(cell) for cell in header)
    columns = tuple(column_key(cell) for cell in titles)
    index: dict[str, int] = {}
    for position, column in enumerate(columns):
        index.setdefault(column, position)
    index.pop("", None)
    rows = tuple(
        SheetRow(line, cells, index)
        for line, row in lines[at + 1 :]
        if any(map(str.strip, cells := tuple(map(cell_text, row))))
    )
    return Sheet(title, columns, titles, number, rows, left)


def _header_at(rows: Iterable[Iterable[object]]) -> int:
    """Which of the first rows names the columns: the one that has the id column, else the first."""
    for index, row in enumerate(rows):
        if any(column_key(cell) in _KEYS for cell in row if isinstance(cell, str)):
            return index
    return 0


def column_key(title: str) -> str:
    """What two spellings of a column's name share.

    >>> column_key("DISARM Version"), column_key(" disarm_id")
    ('disarm_version', 'disarm_id')
    """
    return re.sub(r"[\W_]+", "_", title.strip().casefold()).strip("_")


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without a fraction, days as ISO 8601, truth as TRUE or FALSE.

    >>> cell_text(2016.0), cell_text(dt.datetime(2024, 5, 6)), cell_text(True)
    ('2016', '2024-05-06', 'TRUE')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
