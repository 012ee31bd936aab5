"""Rules about characters and markup: what stands in a field or cell, whatever it is about."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

from kg.linting.release import ID_COLUMNS, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release

_TAG = re.compile(r"<(?P<close>/?)(?P<name>i|b|u|em|strong|p|span|sup|sub)\s{0,9}(?P<empty>/?)>", re.IGNORECASE)
# A no-break space, other odd blanks, and characters without width; a line break in a cell is no odd blank.
ODD_BLANK = re.compile("[\t\u00a0\u00ad\u1680\u2000-\u200b\u200e\u200f\u202f\u205f\u2060\u3000\ufeff]")
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc"
    "\u2013\u2014\u2018-\u201e\u2020-\u2022\u2026\u2030\u2039\u203a\u20ac\u2122]+"
)


def unbalanced_markup(release: Release) -> Iterator[Fault]:
    """Tags that are opened and never closed, or closed and never opened, within one field or cell."""
    for value in release.values:
        if "<" not in value.text:
            continue
        fault = next(iter(stray_tags(value.text)), None)
        if fault is not None:
            start, tag, what = fault
            yield Fault(value.at(start), f"{tag} is {what} in {value.column}", "balance the tags", _about(value.about))


def stray_tags(text: str) -> list[tuple[int, str, str]]:
    """The tags of a text that have no partner: offset, the tag, and whether it is not closed or not opened.

    >>> stray_tags("<i>one</i> <b>two")
    [(11, '<b>', 'never closed')]
    >>> stray_tags("<b>one</i></b>")
    [(6, '</i>', 'never opened')]
    """
    opened: list[tuple[str, int, str]] = []
    waiting: Counter[str] = Counter()
    stray: list[tuple[int, str, str]] = []
    for match in _TAG.finditer(text):
        name = match["name"].lower()
        if match["empty"]:
            continue
        if not match["close"]:
            opened.append((name, match.start(), match[0]))
            waiting[name] += 1
        elif waiting[name]:
            while opened[-1][0] != name:
                other, start, tag = opened.pop()
                waiting[other] -= 1
                stray.append((start, tag, "never closed"))
            opened.pop()
            waiting[name] -= 1
        else:
            stray.append((match.start(), match[0], "never opened"))
    stray.extend((start, tag, "never closed") for _, start, tag in opened)
    return sorted(stray)


def odd_blank(release: Release) -> Iterator[Fault]:
    """Blanks that are no blanks: no-break spaces, tabs, characters without width."""
    for value in release.values:
        if value.text.isascii() and "\t" not in value.text:
            continue
        text = value.text
        if value.place.sheet and value.column in ID_COLUMNS:
            # Blanks around an id are a fault of their own.
            text = text.strip()
        match = ODD_BLANK.search(text)
        if match is None:
            continue
        number = len(ODD_BLANK.findall(text))
        name = unicodedata.name(match[0], "CHARACTER TABULATION").lower()
        message = f"{number} odd blanks in {value.column}, the first U+{ord(match[0]):04X} ({name})"
        if number == 1:
            message = f"U+{ord(match[0]):04X} ({name}) in {value.column}"
        yield Fault(value.at(match.start()), message, "write a plain blank, or none", _about(value.about))


def mojibake(release: Release) -> Iterator[Fault]:
    """Text that was UTF-8 and was read as Windows-1252: an apostrophe shows as three odd letters."""
    for value in release.values:
        if value.text.isascii():
            continue
        match = next((found for found in _MOJIBAKE.finditer(value.text) if read_again(found[0]) is not None), None)
        if match is not None:
            message = f"{match[0]!r} in {value.column} is {read_again(match[0])!r} read with the wrong encoding"
            yield Fault(value.at(match.start()), message, f"write {read_again(match[0])!r}", _about(value.about))
        elif "\ufffd" in value.text:
            message = f"U+FFFD in {value.column}: a character was lost when the text was read"
            yield Fault(value.at(value.text.index("\ufffd")), message, "write the character again", _about(value.about))


def read_again(garbled: str) -> str | None:
    r"""The text that was meant, or None where it was not garbled this way.

    >>> ascii(read_again("\u00e2\u20ac\u2122")), ascii(read_again("\u00c3\u00a9")), read_again("\u00c2\u00ab\u00c2")
    ("'\\u2019'", "'\\xe9'", None)
    """
    try:
        return garbled.encode("cp1252").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return None


def mended_encoding(text: str) -> str:
    """The text with every garbled run put right."""
    return _MOJIBAKE.sub(lambda match: read_again(match[0]) or match[0], text)


def _about(identifier: str) -> tuple[str, ...]:
    return (identifier,) if identifier else ()
