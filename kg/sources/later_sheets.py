"""The sheets of a workbook of DISARM 2.x: groups, categories and what was observed, under the names of 1.x."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Category, Facet, Group
from kg.sources.facets import LaterKinds
from kg.sources.sheets import identifier_of, sheet_rows
from kg.sources.values import is_later_id, split_ids
from kg.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.model import Place
    from kg.sources.workbook import SheetRow, Workbook

_ASSESSMENT = re.compile(r"A\d{4}(?:\.\d{3})?")
_GROUP, _CATEGORY = re.compile(r"P\d{2}"), re.compile(r"TA\d{2}")
NOTHING = LaterKinds((), (), (), ())


def is_of_later_line(books: Sequence[Workbook]) -> bool:
    """Whether a workbook is of 2.x: its sheet of techniques holds ids of observation types or assessments."""
    ids = [identifier_of(row) for _, _, row in sheet_rows(books, "techniques")]
    return any(is_later_id(found) or _ASSESSMENT.fullmatch(found) for found in ids)


def read_later_sheets(books: Sequence[Workbook]) -> LaterKinds:
    """The groups, categories, observation types and assessments that the sheets list, each in order of id."""
    groups = tuple(
        Group(identifier=found, name=name, place=place, summary=told, rank=rank)
        for rank, (found, name, told, place, _) in enumerate(_rows(books, "phases", _GROUP), 1)
    )
    ranks = {group.identifier: group.rank for group in groups}
    categories = [
        Category(identifier=found, name=name, place=place, summary=told, rank=0, group=_first(row["phase_id"], "P"))
        for found, name, told, place, row in _rows(books, "tactics", _CATEGORY)
    ]
    # As of the pages: in the order of their groups, then of their ids.
    last = len(ranks) + 1
    ordered = sorted(categories, key=lambda item: (ranks.get(item.group or "", last), item.identifier))
    places = {item.identifier: rank for rank, item in enumerate(ordered, 1)}
    return LaterKinds(
        groups,
        tuple(replace(item, rank=places[item.identifier]) for item in categories),
        tuple(_facets(books, re.compile(r"T[2-8]\d{3}(?:\.\d{3})?"))),
        tuple(_facets(books, _ASSESSMENT)),
    )


def _facets(books: Sequence[Workbook], form: re.Pattern[str]) -> Iterator[Facet]:
    for found, name, told, place, row in _rows(books, "techniques", form):
        parent, dot, _ = found.partition(".")
        yield Facet(
            identifier=found,
            name=name,
            place=place,
            summary=told,
            category=_first(row["tactic_id"], "TA"),
            parent=parent if dot else None,
        )


def _rows(
    books: Sequence[Workbook], sheet: str, form: re.Pattern[str]
) -> Iterator[tuple[str, str, str, Place, SheetRow]]:
    """Id, name, summary, place and row of each id of a form, the first row that has it, in order of id."""
    rows: dict[str, tuple[str, str, Place, SheetRow]] = {}
    for book, at, row in sheet_rows(books, sheet):
        identifier = identifier_of(row)
        if form.fullmatch(identifier) and identifier not in rows:
            name = " ".join(row.raw("name").split())
            rows[identifier] = (name, plain_text(row.raw("summary")), book.place(at, row), row)
    for identifier, (name, told, place, row) in sorted(rows.items()):
        yield identifier, name, told, place, row


def _first(cell: str, prefix: str) -> str | None:
    return next((found for found in split_ids(cell) if found.rstrip("0123456789.") == prefix), None)
