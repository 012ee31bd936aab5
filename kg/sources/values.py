"""The values of fields and cells: years, dates, countries, ids, addresses; or a sentence that says why not."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import urlsplit

_YEAR = re.compile(r"(\d{4})(?:\.0+)?")
_DATE = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_NAMED_MONTH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?\s+(?:(\d{1,2})(?:st|nd|rd|th)?,?\s+)?(\d{4})"
)
_LATER_ID = re.compile(r"T[2-8]\d{3}(?:\.\d{3})?")
_EARLIEST_YEAR = 1000
_MONTHS_IN_A_YEAR = 12
# Most addresses are of this form, and to see that is ten times as fast as to take them apart.
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*/[A-Za-z0-9._~/?=&%#,:;@!+-]*")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\"{}|\\^`\x00-\x20\x7f]")
NONE_MARKS = frozenset({"", "-", "\u2013", "\u2014", "n/a", "none", "nan", "unknown"})
_NO_NAMES = NONE_MARKS - {"unknown"}


def parse_year(text: str) -> int:
    """The year in ``2016`` or ``2016.0`` (the column was read as floating point upstream).

    Raises:
        ValueError: It is no four-digit year; the message says what would be right.
    """
    match = _YEAR.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"year {_shown(text)} is not four digits; write 2016 or leave it empty")
    year = int(match[1])
    if year < _EARLIEST_YEAR:
        raise ValueError(f"year {_shown(text)} is before {_EARLIEST_YEAR}; write the year of the incident")
    return year


def parse_date(text: str) -> dt.date:
    """The day in ``2019/03/03``, ``2022-02-25 00:00:00``, ``25 February 2022`` or ``Feb 25, 2022``.

    Raises:
        ValueError: It is no such date, or it names no day, or day and month cannot be told apart.
    """
    stripped = text.strip()
    for read in (_year_first, _day_first, _named_month):
        try:
            found = read(stripped)
        except ValueError as error:
            raise ValueError(f"date {_shown(text)} {error}; write 2019-03-31") from error
        if found is not None:
            return found
    raise ValueError(f"date {_shown(text)} is not year-month-day; write 2019-03-31")


_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_FIRST_DAY = dt.date(1899, 12, 30)
_SERIALS = range((dt.date(1970, 1, 1) - _FIRST_DAY).days, (dt.date(2100, 1, 1) - _FIRST_DAY).days)


def parse_serial(text: str) -> dt.date | None:
    """The day of a spreadsheet's serial number, as stands where a day lost its format; None where it is none.

    Days are counted from 1899-12-30, and those from 1970 to 2099 are read.

    >>> parse_serial("45292"), parse_serial("2016")
    (datetime.date(2024, 1, 1), None)
    """
    match = _SERIAL.fullmatch(text.strip())
    number = int(match[1]) if match is not None else 0
    return _FIRST_DAY + dt.timedelta(days=number) if number in _SERIALS else None


def mended_date(text: str) -> tuple[dt.date, bool]:
    """The day in a cell, and whether it had to be worked out of a serial number.

    Raises:
        ValueError: As for :func:`parse_date`.
    """
    serial = parse_serial(text)
    return (serial, True) if serial is not None else (parse_date(text), False)


def mended_year(text: str) -> tuple[int, bool]:
    """The year in a cell, and whether it is that of a day, written out or as a serial number.

    Raises:
        ValueError: As for :func:`parse_year`.
    """
    try:
        return parse_year(text.replace(",0", ".0")), False
    except ValueError:
        # Of 01.02.2016 day and month cannot be told apart, and the year can.
        day_first = _DAY_FIRST.fullmatch(text.strip())
        if day_first is not None:
            return int(day_first[3]), True
        try:
            return mended_date(text)[0].year, True
        except ValueError:
            pass
        raise


def _year_first(text: str) -> dt.date | None:
    match = _DATE.fullmatch(text)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _day_first(text: str) -> dt.date | None:
    match = _DAY_FIRST.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), int(match[3])
    if first <= _MONTHS_IN_A_YEAR and second <= _MONTHS_IN_A_YEAR and first != second:
        raise ValueError("may be day-month or month-day")
    return _day(year, second, first) if second <= _MONTHS_IN_A_YEAR else _day(year, first, second)


def _named_month(text: str) -> dt.date | None:
    match = _NAMED_MONTH.fullmatch(text)
    day = (match[1] or match[3]) if match else None
    month = _month(match[2]) if match else None
    return _day(int(match[4]), month, int(day)) if match and day and month else None


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError("does not exist") from error


def _month(name: str) -> int | None:
    short = name.lower()
    found = [number for number, month in enumerate(_MONTHS, 1) if month.startswith(short) or short == month[:3] + "t"]
    return found[0] if len(found) == 1 else None


def split_countries(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names on either side of the first `` , `` of a Countries field: who did it, and where it was found.

    >>> split_countries("Russia,Mexico , Mexico")
    (('Russia', 'Mexico'), ('Mexico',))
    >>> split_countries(" , France")
    ((), ('France',))
    """
    # Upstream prints "{attributions_seen} , {found_in_country}"; either may be empty.
    padded = " " + text.replace("\u00a0", " ").strip(" ") + " "
    left, _, right = padded.partition(" , ")
    return _names(left), _names(right)


def _names(text: str) -> tuple[str, ...]:
    names = (" ".join(name.split()) for name in re.split(r"[,;]", text))
    return tuple(dict.fromkeys(name for name in names if name.lower() not in _NO_NAMES))


def split_ids(text: str) -> tuple[str, ...]:
    """The ids of a cell such as ``S001, S002``, in order, each once.

    >>> split_ids("M006 - Scoring, M005 - Removal")
    ('M006', 'M005')
    """
    return tuple(
        dict.fromkeys(re.findall(r"(?<![A-Za-z0-9])(?:TA|TK|FW|[A-Z])\d{2,5}(?:\.\d{3})?(?![A-Za-z0-9])", text))
    )


def is_later_id(identifier: str) -> bool:
    """Whether an id is one of DISARM 2.x, which has observations (T2001.001) in the place of techniques (T0146).

    >>> is_later_id("T2001.001"), is_later_id("T0146")
    (True, False)
    """
    return _LATER_ID.fullmatch(identifier) is not None


def parse_address(text: str) -> str:
    """An absolute http(s) address, with blanks and characters no IRI can hold percent-encoded.

    Raises:
        ValueError: It is no http or https address.
    """
    stripped = text.strip()
    if _PLAIN_ADDRESS.fullmatch(stripped):
        return stripped
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
    except ValueError as error:
        raise ValueError(f"address {_shown(text)} cannot be read; write https://host/path") from error
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise ValueError(f"address {_shown(text)} is not http or https; write https://host/path")
    return _UNSAFE_IN_ADDRESS.sub(lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()), stripped)


def or_nothing(text: str) -> str:
    """The text with white space folded, or an empty string where it is a mark for none (``-``)."""
    folded = " ".join(text.split())
    return "" if folded.lower() in NONE_MARKS else folded


def _shown(text: str) -> str:
    limit = 40
    folded = " ".join(text.split())
    return repr(folded if len(folded) <= limit else folded[: limit - 1] + "\u2026")
