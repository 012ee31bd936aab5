"""How much a workbook would take, told from its parts before the spreadsheet engine opens it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_CELLS = 8_000_000
"""The largest rectangle of a sheet, from its first filled cell to its last; the largest of DISARM has 26,000 cells."""

MAX_TEXT_BYTES = 512 * 1024 * 1024
"""The most text that all cells together may hold; under 10 MB in DISARM."""

# A sheet with no such address, all of them spelt the usual way, has at most 702 x 9,999 cells, which is few enough: on
# nearly every sheet this one search is all that is needed.
_FAR = re.compile(rb' r="(?:[A-Za-z]{3}|[A-Za-z]{0,2}[0-9]{5})')
_USUAL = re.compile(rb' r="([A-Za-z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>')
_TAIL = re.compile(rb"</(?:\w+:)?c\s*>")
_ROW = re.compile(rb"""<(?:\w+:)?row\b(?:[^>]*?\sr\s*=\s*["'](\d+)["'])?""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b(?:[^>]*?\sr\s*=\s*["']([A-Za-z]+)(\d+)["'])?""")
_END_OF_STRING = re.compile(rb"</(?:\w+:)?si\s*>")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>\s*(\d+)\s*<")
_NO_VALUE = re.compile(rb"""<c r="([A-Z]+[0-9]+)"[^>]*><f[^>]*(?:/>|>[^<]*</f>)(?:<v></v>|<v/>)?</c>""")
_FAULT = re.compile(rb"""<c r="([A-Z]+[0-9]+)"[^>]*\bt="e"[^>]*>""")
_SHEET = re.compile(r"(?:.*/)?worksheets/[^/]+\.xml", re.IGNORECASE)
_END = b"</worksheet>"
_NEAR = 64
_FEW = 5


def check_parts(parts: Mapping[str, bytes], name: str) -> tuple[Finding, ...]:
    """Refuse a workbook that would not fit, and report the cells whose value is missing in it.

    Args:
        parts: The parts of the archive, unpacked.
        name: The file, for messages.

    Raises:
        SourceError: A sheet spans more than :data:`MAX_CELLS`, or the cells hold more than :data:`MAX_TEXT_BYTES`.
    """
    findings: list[Finding] = []
    sheets = {part: content for part, content in parts.items() if _SHEET.fullmatch(part)}
    _check_text(parts, sheets, name)
    for part, whole in sheets.items():
        content = filled_part(whole)
        height, width = extent(content)
        if height * width > MAX_CELLS:
            raise SourceError(
                f"{name}: {part} spans {height:,} rows and {width:,} columns; delete what stands far from the table"
            )
        findings.extend(_cells_without_value(part, content, name))
    return tuple(findings)


def without_blank_tails(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """The parts with each sheet closed behind its last filled cell.

    A spreadsheet keeps the style of rows that hold nothing: of a sheet with five rows it may write 10,000, and the
    engine takes longer over them than over all that is filled.
    """
    return {part: _closed(content) if _SHEET.fullmatch(part) else content for part, content in parts.items()}


def _closed(content: bytes) -> bytes:
    filled = filled_part(content)
    end = len(filled)
    row = content.find(b"</row>", end)
    # Only what is written the usual way is cut: the tags that are closed here must be those that are open.
    if row < 0 or content.find(b"<row", end, row) >= 0 or content.rfind(b"</sheetData>") < row:
        return content
    # A comment may hold what looks like a cell. Its second character is rare, and looked for at the speed of memory.
    start = content.find(b"?>") + 2 if content.startswith(b"<?xml ") else 0
    plain = all(content.find(sign, start) < 0 or content.find(b"<" + sign, start) < 0 for sign in (b"!", b"?"))
    return filled + b"</row></sheetData>" + _END if plain and content[-_NEAR:].rstrip().endswith(_END) else content


def filled_part(content: bytes) -> bytes:
    """A sheet up to its last filled cell: the blank, styled rows that people leave below are most of many sheets."""
    end = content.rfind(b"</c>") + 4
    return content if _TAIL.search(content, end) else content[:end]


def extent(content: bytes) -> tuple[int, int]:
    """Rows and columns of the rectangle from the first to the last filled cell: never fewer than the engine lays out.

    (0, 0) where a look at the addresses shows that there are few.
    """
    if _is_odd(content):
        return _widest_extent(content)
    if not _FAR.search(content):
        return 0, 0
    columns: set[bytes] = set()
    lowest, highest = 0, 0
    for column, row in _USUAL.findall(content):
        columns.add(column)
        number = int(row)
        lowest, highest = min(lowest or number, number), max(highest, number)
    return highest - lowest + 1, max(map(_column_number, columns), default=1)


def _is_odd(content: bytes) -> bool:
    """Whether any cell has no address, or one that is not the first thing in its tag after a blank."""
    at = max(content.find(b"<sheetData"), 0)
    # Single bytes are looked for at the speed of memory, and most sheets hold none of these.
    if any(content.find(char, at) >= 0 for char in (b"\t", b"\n", b"\r")):
        return True
    if content.find(b":", at) >= 0 and content.find(b":c", at) >= 0:
        return True
    return content.count(b"<c ", at) + content.count(b"<c>", at) != content.count(b'<c r="', at)


def _widest_extent(content: bytes) -> tuple[int, int]:
    """The same for a sheet that leaves addresses out or spells them in an odd way; blank cells count too."""
    rows, width = [0], 1
    number = 0
    starts = [*_ROW.finditer(content)]
    for index, start in enumerate(starts):
        number = int(start[1][-9:]) if start[1] else number + 1
        rows.append(number)
        end = starts[index + 1].start() if index + 1 < len(starts) else len(content)
        column = 0
        for letters, row in _CELL.findall(content, start.end(), end):
            column = _column_number(letters) if letters else column + 1
            width = max(width, column)
            rows.append(int(row[-9:] or b"0"))
    return max(rows), width


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:6]:
        number = number * 26 + letter - 64
    return number


def _check_text(parts: Mapping[str, bytes], sheets: Mapping[str, bytes], name: str) -> None:
    """Bound what the engine will copy: each shared string once for every cell that names it."""
    shared = next((content for part, content in parts.items() if part.lower().endswith("sharedstrings.xml")), b"")
    longest = max(map(len, shared.split(b"</si>")))
    # A cell that names a string closes two tags: its value and itself.
    if longest * sum(content.count(b"</") for content in sheets.values()) // 2 <= MAX_TEXT_BYTES:
        return
    lengths = [len(piece) for piece in _END_OF_STRING.split(shared)]
    total = 0
    for content in sheets.values():
        for index in map(int, (found[:9] for found in _VALUE.findall(content))):
            total += lengths[index] if index < len(lengths) else 0
    if total > MAX_TEXT_BYTES:
        limit = MAX_TEXT_BYTES // 1024 // 1024
        raise SourceError(f"{name}: its cells repeat {total:,} bytes of text; a workbook holds at most {limit} MB")


def _cells_without_value(part: str, content: bytes, name: str) -> list[Finding]:
    findings = []
    if b"</f>" in content or b'si="' in content:
        findings += _faulty(_NO_VALUE, content, "a formula without a value, read as empty", part, name)
    if b't="e"' in content:
        findings += _faulty(_FAULT, content, "an error for a value, read as empty", part, name)
    return findings


def _faulty(pattern: re.Pattern[bytes], content: bytes, what: str, part: str, name: str) -> list[Finding]:
    cells = [found.decode() for found in pattern.findall(content)]
    if not cells:
        return []
    shown = ", ".join(cells[:_FEW]) + (f" and {len(cells) - _FEW} more" if len(cells) > _FEW else "")
    row = int("".join(filter(str.isdigit, cells[0]))[:9])
    message = f"{what}: {shown} of {part}"
    return [Finding("no-cell-value", Place(name, row), Severity.WARNING, message, "save it with its values")]
