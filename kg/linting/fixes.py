"""What is safe to mend, and how: code -> a function from the faulty text to the right one.

Safe means that nobody has to decide anything: what a reader understands stays the same, or the right value stands
elsewhere in the release. The text is a field or row of a page as it is written, or a cell of a sheet. Every function
gives back what it got where there is nothing to mend, so mending twice is mending once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.linting.markup import ODD_BLANK, mended_encoding, stray_tags
from kg.linting.sheets import COLON_ID
from kg.sources.files import CONTROL
from kg.sources.sheet_rows import written_ids
from kg.sources.values import parse_date
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.model import Finding
    from kg.sources.workbook import SheetRow

_NO_WIDTH = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_FLOAT_YEAR = re.compile(r"(?<!\d)(\d{4})\.0+(?!\d)")
_OF_TECHNIQUES = frozenset({"technique_ids", "technique_id"})
_CELLS = re.compile(r"(?<= )\|(?= )|(?<=\n)\|")


@dataclass(frozen=True, slots=True)
class Target:
    """What a text is mended for: the finding, row and column where it is a cell, and whether it is a row of a page."""

    finding: Finding
    row: SheetRow | None = None
    column: str = ""
    is_table_row: bool = False


def _blanks(text: str, target: Target) -> str:
    del target
    return ODD_BLANK.sub(lambda match: "" if _NO_WIDTH.fullmatch(match[0]) else " ", text)


def _encoding(text: str, target: Target) -> str:
    del target
    return mended_encoding(text)


def _controls(text: str, target: Target) -> str:
    del target
    return CONTROL.sub(" ", text)


def _markup(text: str, target: Target) -> str:
    """Close at its end what a field or cell leaves open, and drop what it closes without opening."""
    if not target.is_table_row:
        return _balanced(text)
    pieces = _CELLS.split(text)
    return "|".join(_balanced(piece) for piece in pieces)


def _balanced(text: str) -> str:
    stray = stray_tags(text)
    unclosed = [tag for _, tag, what in stray if what == "never closed"]
    for start, tag, what in reversed(stray):
        if what == "never opened":
            text = text[:start] + text[start + len(tag) :]
    body, bar = (text.rstrip()[:-1], "|") if text.rstrip().endswith("|") else (text, "")
    end = len(body.rstrip())
    closing = "".join(f"</{re.sub(r'[^A-Za-z]', '', tag)}>" for tag in reversed(unclosed))
    tail = text[len(text.rstrip()) :] if bar else ""
    return body[:end] + closing + body[end:] + bar + tail


def _ids(text: str, target: Target) -> str:
    if target.column in _OF_TECHNIQUES:
        return written_ids(text, target.finding.fix.removeprefix("write "))
    return COLON_ID.sub(r"\1.\2", text)


def _year(text: str, target: Target) -> str:
    del target
    return _FLOAT_YEAR.sub(r"\1", text)


def _date(text: str, target: Target) -> str:
    """Write the day that the finding names as it shall be, wherever the text says it in another form."""
    day = target.finding.fix.removeprefix("write ")
    if target.row is not None:
        return day if _day(text) == day else text
    if target.is_table_row:
        return "|".join(cell.replace(cell.strip(), day) if _day(cell) == day else cell for cell in text.split("|"))
    head, mark, value = text.rpartition("**")
    return head + mark + value.replace(value.strip(), day) if _day(value) == day else text


def _day(text: str) -> str:
    try:
        return parse_date(text).isoformat()
    except ValueError:
        return ""


def _country(text: str, target: Target) -> str:
    right = target.finding.fix.removeprefix("write ")
    area = resolve_area(right)
    head, mark, value = text.rpartition("**")
    pieces = re.split(r"([,;])", value)
    for index, piece in enumerate(pieces):
        name = piece.strip()
        if name and name != right and area is not None and resolve_area(name) == area:
            pieces[index] = piece.replace(name, right)
    return head + mark + "".join(pieces)


def _lines(text: str, target: Target) -> str:
    """One line of a row that was broken: a break in prose stays one as a tag, a break beside a bar goes."""
    lines = [line.strip() for line in text.split("\n")]
    joined = lines[0]
    is_prose = target.is_table_row and text.count(" | ") <= 1
    for line in lines[1:]:
        beside_bar = joined.endswith("|") or line.startswith("|") or not line
        joined += (" " if beside_bar or not is_prose else "<br>") + line
    return joined.rstrip()


def _stripped(text: str, target: Target) -> str:
    del target
    return text.strip()


def _separators(text: str, target: Target) -> str:
    """Ids with a bare comma between them, as the making of pages needs them."""
    del target
    return ",".join(part.strip() for part in text.split(",") if part.strip())


def _long_name(text: str, target: Target) -> str:
    row = target.row
    return f"{row['disarm_id']} - {row['name']}" if row is not None and row["disarm_id"] and row["name"] else text


FIXES: dict[str, Callable[[str, Target], str]] = {
    "control-character": _controls,
    "country-spelling": _country,
    "date-form": _date,
    "dropped-description": _separators,
    "dropped-pair": _separators,
    "id-blanks": _stripped,
    "long-name": _long_name,
    "mojibake": _encoding,
    "odd-blank": _blanks,
    "outer-blanks": _stripped,
    "repaired-id": _ids,
    "row-over-lines": _lines,
    "unbalanced-markup": _markup,
    "year-form": _year,
}
"""Code -> what mends a text with that fault."""

FIXED = {
    "control-character": "a blank takes the place of the character",
    "country-spelling": "the usual spelling is written",
    "date-form": "the day is written year-month-day",
    "dropped-description": "the blank goes from the cell, and the row is added to the pages",
    "dropped-pair": "the blank goes from the cell, and the row is added to the page of the incident and the technique",
    "id-blanks": "the blank goes",
    "long-name": "the id and the name are written",
    "mojibake": "the text is read with the right encoding",
    "odd-blank": "a plain blank is written, or none",
    "outer-blanks": "the blanks go",
    "repaired-id": "the id that was meant is written",
    "row-over-lines": "the row is written on one line",
    "unbalanced-markup": "a tag is closed where its field ends; one that closes nothing goes",
    "year-form": "the year is written with four digits",
    "dropped-link": "the row is added to the page of the counter and the technique, unless it stands with another name",
    "dropped-reference": "the address is added to the sheet urls and to the page of the incident",
    "placement-restored": "the description goes to its row, where the order or an earlier release says so",
    "suspect-placement": "the description goes to its row, where the order or an earlier release says so",
    "orphan-page": "a left-over page that is blank is deleted",
    "repeated-link": "the second row is deleted",
    "repeated-row": "the second row is deleted",
}
"""Every code of which at least some findings are mended -> how, in words."""

OF_CELLS = frozenset({"dropped-description", "dropped-pair", "id-blanks", "long-name", "outer-blanks"})
"""Codes that are mended in cells of sheets only; the pages are mended by what the cells say."""

ROW_DELETED = frozenset({"repeated-link", "repeated-row"})
"""Codes that are mended by deleting the row of a page they point at."""

RESTORED = frozenset({"dropped-pair", "dropped-description", "dropped-link", "dropped-reference", "orphan-page"})
"""Codes that are mended by adding rows, or deleting pages, when all else is mended."""
