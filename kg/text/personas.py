"""Names that DISARM's own tags call authentic: "NAME (T0143.001: Authentic Persona, ...)" posts under its own name.

The tag stands for a judgement of the analyst: whoever is tagged so in an account of an operation takes part in it as
himself. It is context, as a verb is; the name itself is read in the words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.page import Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.text.page import Page
    from kg.text.prose import Prose

AUTHENTIC = "T0143.001"
READING = Reading(Role.ENABLER, 0.7, "authentic-persona")

_REACH = 130
_DIRECT = re.compile(r"\s*(?:\([^()]{1,15}\)\s*)?")
_APPOSED = re.compile(r",\s[^.;:]{0,90}")


def tags_authentic(page: Page) -> bool:
    """Whether any group of the page has the tag."""
    return any(m.technique == AUTHENTIC for prose in page.fields for group in prose.groups for m in group.mentions)


def authentic_places(page: Page, unlisted: Iterable[tuple[Prose, int, int]]) -> frozenset[tuple[int, int]]:
    """Where a name is tagged as an authentic persona: identity of the field and start of the name.

    Args:
        page: The page; of its lists' names those of actors count.
        unlisted: The names that no list has: field, start and end.
    """
    names: dict[int, list[tuple[int, int]]] = {}
    for spot in page.spots:
        if any(form.thing.category == "actor" for form in spot.hit.forms):
            names.setdefault(id(spot.prose), []).append((spot.hit.start, spot.hit.end))
    for prose, start, end in unlisted:
        names.setdefault(id(prose), []).append((start, end))
    return frozenset(
        (id(prose), start) for prose in page.fields for start in _tagged(prose, sorted(names.get(id(prose), ())))
    )


def _tagged(prose: Prose, names: list[tuple[int, int]]) -> Iterator[int]:
    at = 0
    for group in sorted(prose.groups, key=lambda item: item.start):
        if all(mention.technique != AUTHENTIC for mention in group.mentions):
            continue
        while at < len(names) and names[at][1] < group.start - _REACH:
            at += 1
        begin = prose.sentence_at(group.start).start
        near = [name for name in names[at : at + _REACH] if begin <= name[0] and name[1] <= group.start]
        # "N. N., a correspondent of the Daily (T0143.001 ...)": the person is meant, not the paper.
        apposed = [start for start, end in near if _APPOSED.fullmatch(prose.words, end, group.start)]
        direct = [start for start, end in near if _DIRECT.fullmatch(prose.words, end, group.start)]
        yield from (apposed[:1] or direct[-1:])
