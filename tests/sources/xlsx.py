"""Writes small Excel workbooks for tests: shared strings, numbers, truth, days; and sheets given as XML."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Cell = str | float | bool | dt.date | None

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_EPOCH = dt.date(1899, 12, 30)


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """A workbook of these sheets; a row that is empty leaves its number out, a cell that is None is not written."""
    strings: dict[str, int] = {}
    texts = {name: sheet_xml(rows, strings) for name, rows in sheets.items()}
    items = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in strings)
    shared = f'<sst xmlns="{_MAIN}">{items}</sst>'
    return archive(texts, shared)


def archive(sheets: Mapping[str, str], shared: str = "") -> bytes:
    """A workbook of sheets that are given as XML."""
    names = list(sheets)
    entries = "".join(f'<sheet name={quoteattr(n)} sheetId="{i}" r:id="rId{i}"/>' for i, n in enumerate(names, 1))
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{_RELS}/worksheet" Target="worksheets/sheet{i}.xml"/>'
        for i, _ in enumerate(names, 1)
    )
    more = (("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml"))
    links += "".join(f'<Relationship Id="x{kind}" Type="{_RELS}/{kind}" Target="{file}"/>' for kind, file in more)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>{entries}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        # Style 1 is a day.
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'
        "</styleSheet>",
        "xl/sharedStrings.xml": shared or f'<sst xmlns="{_MAIN}"/>',
        **{f"xl/worksheets/sheet{i}.xml": sheets[name] for i, name in enumerate(names, 1)},
    }
    return packed({part: text.encode() for part, text in parts.items()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip archive, always with the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for part, content in parts.items():
            file.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def sheet_xml(rows: Sequence[Sequence[Cell]], strings: dict[str, int]) -> str:
    """The XML of a sheet; strings go to the shared ones."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = "".join(_cell(f"{_letters(column)}{number}", cell, strings) for column, cell in enumerate(row))
        if cells:
            lines.append(f'<row r="{number}">{cells}</row>')
    return wrapped("".join(lines))


def wrapped(rows: str) -> str:
    """Rows as XML, made a sheet."""
    return f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def _letters(column: int) -> str:
    return chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)


def _cell(address: str, value: Cell, strings: dict[str, int]) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        index = strings.setdefault(value, len(strings))
        return f'<c r="{address}" t="s"><v>{index}</v></c>'
    if isinstance(value, bool):
        return f'<c r="{address}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, dt.date):
        return f'<c r="{address}" s="1"><v>{(value - _EPOCH).days}</v></c>'
    return f'<c r="{address}"><v>{value!r}</v></c>'
