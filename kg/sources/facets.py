"""What DISARM 2.x has in the place of phases, tactics and techniques: groups, categories, observations, assessments.

The pages have the form of 1.x with other words. Nothing here is joined with 1.x by its id: ``A0001.001`` is no actor
type, and ``TA21`` no tactic.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from kg.model import Category, Facet, Group, Place
from kg.sources.framework import one_id
from kg.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kg.sources.ledger import Ledger
    from kg.sources.markdown import Page


_FORMS = {"Observation": ("T", "parent observation"), "Assessment": ("A", "parent assessment")}


class LaterKinds(NamedTuple):
    """The records of the kinds of DISARM 2.x, each in order of id."""

    groups: tuple[Group, ...]
    categories: tuple[Category, ...]
    observation_types: tuple[Facet, ...]
    assessments: tuple[Facet, ...]


def read_later_kinds(kept: Mapping[str, list[Page]], ranks: Mapping[str, int], ledger: Ledger) -> LaterKinds:
    """The records of the pages that are kept.

    Args:
        kept: Word of the heading -> pages in order of id.
        ranks: Id of a group -> its 1-based place in the index.
        ledger: Where faults are reported.
    """
    return LaterKinds(
        groups=tuple(
            Group(
                identifier=page.identifier,
                name=page.title,
                place=Place(page.name, 1),
                summary=plain_text(page.value("summary")),
                rank=ranks[page.identifier],
            )
            for page in kept["Group"]
        ),
        categories=_categories(kept["Category"], ranks, ledger),
        observation_types=tuple(facet_record(page, ledger) for page in kept["Observation"]),
        assessments=tuple(facet_record(page, ledger) for page in kept["Assessment"]),
    )


def _categories(pages: list[Page], ranks: Mapping[str, int], ledger: Ledger) -> tuple[Category, ...]:
    """Categories in the order of their groups, then of their ids: 2.x has no kill chain, but its tables this order."""
    unranked = [
        Category(
            identifier=page.identifier,
            name=page.title,
            place=Place(page.name, 1),
            summary=plain_text(page.value("summary")),
            rank=0,
            group=one_id(page, "belongs to group", ledger, "P"),
        )
        for page in pages
    ]
    last = len(ranks) + 1
    ordered = sorted(unranked, key=lambda item: (ranks.get(item.group or "", last), item.identifier))
    place = {item.identifier: rank for rank, item in enumerate(ordered, 1)}
    return tuple(replace(item, rank=place[item.identifier]) for item in unranked)


def facet_record(page: Page, ledger: Ledger) -> Facet:
    """An observation type or an assessment, told by the word of its heading."""
    prefix, label = _FORMS[page.kind]
    parent = one_id(page, label, ledger, prefix) if label in page.fields else None
    if parent is None and "." in page.identifier:
        parent = page.identifier.partition(".")[0]
    return Facet(
        identifier=page.identifier,
        name=page.title,
        place=Place(page.name, 1),
        summary=plain_text(page.value("summary")),
        category=one_id(page, "category", ledger, "TA"),
        parent=parent,
    )
