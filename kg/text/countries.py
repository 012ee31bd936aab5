"""Names of countries to ISO 3166-1 codes, and the names that are no country."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache

from kg.model import Area
from kg.resources import data_folder


def _key(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(char for char in decomposed.casefold() if char.isalnum())


@cache
def areas() -> dict[str, Area]:
    """Every area by its identifier, in the order of the table."""
    return {area.identifier: area for area, _ in _table()}


@cache
def _by_name() -> dict[str, Area]:
    names: dict[str, Area] = {}
    for area, aliases in _table():
        for name in (area.name, area.identifier, *aliases):
            names.setdefault(_key(name), area)
    return names


@cache
def _table() -> tuple[tuple[Area, tuple[str, ...]], ...]:
    with (data_folder() / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            (Area(row["kind"], row["id"], row["name"]), tuple(filter(None, row["aliases"].split(";"))))
            for row in csv.DictReader(file)
        )


def resolve_area(name: str) -> Area | None:
    """The area a name stands for, whatever its case, blanks and accents; None where no area has that name.

    >>> resolve_area("SaudiArabia").identifier, resolve_area("UK").identifier, resolve_area("Unknown")
    ('SA', 'GB', None)
    """
    return _by_name().get(_key(name))


def area_names() -> list[str]:
    """The names of all areas, for suggestions."""
    return [area.name for area in areas().values()]
