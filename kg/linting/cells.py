"""Rules about values of the workbook that become fields of pages: years, dates, countries, addresses."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from kg.linting.release import Fault
from kg.sources.values import or_nothing, parse_address, parse_date, parse_year, split_countries
from kg.text.countries import area_names, resolve_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.linting.release import Entry, Release


def bad_year(release: Release) -> Iterator[Fault]:
    """A year in the sheet of incidents that is none."""
    return _unreadable(release, "incidents", "year_started", parse_year)


def bad_date(release: Release) -> Iterator[Fault]:
    """A date in the sheet of incidents or of addresses that cannot be read."""
    yield from _unreadable(release, "incidents", "when_added", parse_date)
    yield from _unreadable(release, "urls", "pub_date", parse_date)


def bad_address(release: Release) -> Iterator[Fault]:
    """An address that is not one of http or https."""
    for sheet, columns in (("urls", ("url_id", "archive_link")), ("incidents", ("urls",))):
        for entry in release.entries(sheet):
            for column in columns:
                for address in filter(or_nothing, entry.text(column).split()):
                    fault = _fault(entry, column, address, parse_address)
                    if fault is not None:
                        yield fault


def unknown_country(release: Release) -> Iterator[Fault]:
    """A country in the sheet of incidents whose name is not known."""
    for entry in release.entries("incidents"):
        for column in ("attributions_seen", "found_in_country"):
            for name in split_countries(f"{entry.text(column)} , ")[0]:
                if resolve_area(name) is None and name.casefold() != "unknown":
                    near = difflib.get_close_matches(name[:60], area_names(), n=1, cutoff=0.75)
                    fix = f"did you mean {near[0]!r}?" if near else "write the English name of a country"
                    message = f"country {name[:40]!r} is not known"
                    yield Fault(entry.place(column), message, fix, (entry.identifier,))


def self_association(release: Release) -> Iterator[Fault]:
    """A row of the sheet of associations that names one technique twice."""
    for entry in release.entries("associatedtechniques"):
        one, other = entry.text("technique_id"), entry.text("associated_technique_id")
        if one and one == other:
            place = entry.place("associated_technique_id")
            yield Fault(place, f"{one} is associated with itself", "delete the row", (one,))


def _unreadable(release: Release, sheet: str, column: str, parse: Callable[[str], object]) -> Iterator[Fault]:
    for entry in release.entries(sheet):
        text = or_nothing(entry.text(column))
        fault = _fault(entry, column, text, parse) if text else None
        if fault is not None:
            yield fault


def _fault(entry: Entry, column: str, text: str, parse: Callable[[str], object]) -> Fault | None:
    try:
        parse(text)
    except ValueError as error:
        message, _, fix = str(error).partition("; ")
        return Fault(entry.place(column), message, fix, (entry.identifier,) if entry.identifier else ())
    return None
