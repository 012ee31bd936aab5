"""Cells of an Excel workbook changed in place: every other byte of its parts stays as it is.

A cell gets its new text as an inline string and keeps its style; the runs of a formatted text keep theirs. A library
that reads and writes whole workbooks would drop what it does not know, and take a hundred times as long.

Source: ECMA-376 Part 1, 18.3.1.4 (c), 18.4.8 (si), 18.4.12 (t).
"""

from __future__ import annotations

import io
import re
import zipfile
from difflib import SequenceMatcher
from html import unescape
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

Cells = dict[str, str]
"""Address (``D17``) -> new text."""

_SHEET = re.compile(r"<(?:\w+:)?sheet\b[^>]*>")
_RELATIONSHIP = re.compile(r"<(?:\w+:)?Relationship\b[^>]*>")
_STRING = re.compile(r"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_TEXT = re.compile(r"(<(\w+:)?t\b[^>]*?)(?:/>|>(.*?)</(?:\w+:)?t>)", re.DOTALL)
_CELL = re.compile(r"<((?:\w+:)?)c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ADDRESS = re.compile(r"""\br=["']([A-Z]+\d+)["']""")
_TYPE = re.compile(r"""\s*\bt=["'](\w+)["']""")
_VALUE = re.compile(r"<(?:\w+:)?v[^>]*>(.*?)</", re.DOTALL)
_END_OF_DATA = re.compile(r"</((?:\w+:)?)sheetData>|<((?:\w+:)?)sheetData\s*/>")
_LONGEST_COMPARED = 20_000


def edit_workbook(data: bytes, changes: Mapping[str, Cells]) -> tuple[bytes, dict[str, Cells]]:
    """Write cells of a workbook.

    Args:
        data: The workbook.
        changes: Sheet -> address -> new text. A cell that is not there is added, in its row or in a new last row.

    Returns:
        The workbook with the cells written, and those that were: a cell with a formula is never written over.
    """
    written: dict[str, Cells] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = _parts_of_sheets(archive)
        strings = _shared_strings(archive)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as copy:
            by_part = {parts[sheet]: sheet for sheet in changes if sheet in parts}
            for member in archive.infolist():
                content = archive.read(member)
                sheet = by_part.get(member.filename)
                if sheet is not None:
                    text, written[sheet] = _edit_sheet(content.decode("utf-8"), changes[sheet], strings)
                    content = text.encode("utf-8")
                copy.writestr(member, content)
    return buffer.getvalue(), written


def _parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    links = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    targets = {_attribute(found, "Id"): _attribute(found, "Target") for found in _RELATIONSHIP.findall(links)}
    found: dict[str, str] = {}
    for tag in _SHEET.findall(book):
        target = targets.get(_attribute(tag, r"\w+:id"), "")
        if target:
            found[_attribute(tag, "name")] = target.removeprefix("/") if target[0] == "/" else f"xl/{target}"
    return found


def _attribute(tag: str, name: str) -> str:
    match = re.search(rf"""\s{name}\s*=\s*(?:"([^"]*)"|'([^']*)')""", tag)
    return unescape(match[1] or match[2] or "") if match else ""


def _shared_strings(archive: zipfile.ZipFile) -> list[str]:
    """The shared strings as XML, each without its ``<si>``."""
    name = next((found for found in archive.namelist() if found.lower().endswith("sharedstrings.xml")), None)
    if name is None:
        return []
    return [match[1] or "" for match in _STRING.finditer(archive.read(name).decode("utf-8", "replace"))]


def _edit_sheet(text: str, cells: Cells, strings: list[str]) -> tuple[str, Cells]:
    written: Cells = {}
    seen: set[str] = set()

    def replace(match: re.Match[str]) -> str:
        address = _ADDRESS.search(match[2])
        if address is None or address[1] not in cells:
            return match[0]
        seen.add(address[1])
        new, body = cells[address[1]], match[3] or ""
        if re.search(r"<(?:\w+:)?f\b", body):
            return match[0]
        written[address[1]] = new
        content = _content(match[2], body, strings)
        return _inline(match[1], _TYPE.sub("", match[2]), _with_text(content, new, match[1]))

    text = _CELL.sub(replace, text)
    for address in sorted(cells.keys() - seen, key=lambda found: (int(re.sub(r"\D", "", found)), found)):
        text = _added(text, address, cells[address])
        written[address] = cells[address]
    return text, written


def _content(attributes: str, body: str, strings: list[str]) -> str:
    """What a cell holds, as the XML of a string."""
    kind, value = _TYPE.search(attributes), _VALUE.search(body)
    if kind is not None and kind[1] == "s" and value is not None and value[1].strip().isdecimal():
        index = int(value[1])
        return strings[index] if index < len(strings) else ""
    inline = re.search(r"<(?:\w+:)?is>(.*?)</(?:\w+:)?is>", body, re.DOTALL)
    return inline[1] if inline else ""


def _inline(prefix: str, attributes: str, content: str) -> str:
    return f'<{prefix}c{attributes.rstrip()} t="inlineStr"><{prefix}is>{content}</{prefix}is></{prefix}c>'


def _plain(text: str, prefix: str) -> str:
    return f'<{prefix}t xml:space="preserve">{escape(_allowed(text))}</{prefix}t>'


def _allowed(text: str) -> str:
    # XML has no place for these, not even escaped.
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)


def _with_text(content: str, new: str, prefix: str) -> str:
    """A string of the same runs with another text; a plain one where it has none, or is too long to compare."""
    is_formatted = re.search(r"<(?:\w+:)?r>", content) is not None and "rPh" not in content
    runs = list(_TEXT.finditer(content)) if is_formatted else []
    old = "".join(unescape(run[3] or "") for run in runs)
    if not runs or max(len(old), len(new)) > _LONGEST_COMPARED:
        return _plain(new, prefix)
    texts = _distributed([unescape(run[3] or "") for run in runs], old, new)
    for run, piece in reversed(list(zip(runs, texts, strict=True))):
        content = content[: run.start()] + _plain(piece, run[2] or "") + content[run.end() :]
    return content


def _distributed(pieces: list[str], old: str, new: str) -> list[str]:
    """The new text cut into as many pieces as the old: what stays, stays in its piece.

    >>> _distributed(["a b", "c "], "a bc ", "a-bc")
    ['a-b', 'c']
    """
    owner = [index for index, piece in enumerate(pieces) for _ in piece]
    found = [""] * len(pieces)
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for position in range(start, end):
                found[owner[position]] += old[position]
        else:
            at = owner[min(start, len(owner) - 1)] if owner else 0
            found[at] += new[first:last]
    return found


def _added(text: str, address: str, value: str) -> str:
    """The sheet with a cell it did not have, in its row or in a new one."""
    number = re.sub(r"\D", "", address)
    end = _END_OF_DATA.search(text)
    prefix = (end[1] or end[2] or "") if end else ""
    cell = _inline(prefix, f' r="{address}"', _plain(value, prefix))
    row = re.search(
        rf"""<(?:\w+:)?row\b(?=[^>]*\sr=["']{number}["'])[^>]*?(?:/>|>(.*?)</(?:\w+:)?row>)""", text, re.DOTALL
    )
    if row is None:
        at = _place_of_row(text, int(number), end)
        return text[:at] + f'<{prefix}row r="{number}">{cell}</{prefix}row>' + text[at:]
    if row[0].endswith("/>"):
        return text[: row.end() - 2].rstrip() + f">{cell}</{prefix}row>" + text[row.end() :]
    at = row.start(1)
    for found in _CELL.finditer(text, row.start(1), row.end(1)):
        other = _ADDRESS.search(found[2])
        if other is not None and _order(other[1]) < _order(address):
            at = found.end()
    return text[:at] + cell + text[at:]


def _place_of_row(text: str, number: int, end: re.Match[str] | None) -> int:
    for found in re.finditer(r"""<(?:\w+:)?row\b[^>]*?\sr=["'](\d+)["']""", text):
        if int(found[1]) > number:
            return found.start()
    return end.start() if end else len(text)


def _order(address: str) -> tuple[int, str]:
    letters = address.rstrip("0123456789")
    return len(letters), letters
