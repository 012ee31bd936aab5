"""Names that a column or an object of a source gives: found in the lists of actors and platforms, or taken as new."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from kg.lineage.states import name_key
from kg.model import Outcome, Place, Severity, StatedName
from kg.named import Role, Thing
from kg.sources.values import or_nothing
from kg.text.countries import resolve_area
from kg.text.lexicon import shipped_lexicon, unlisted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.sources.foreign import ForeignSource

CATEGORIES = {Role.OPERATOR: "actor", Role.USED: "platform"}
"""Role -> the category of things that have it."""

_LONGEST_NAME = 120
_NOBODY = frozenset({"unknown", "unattributed", "multiple", "various", "other", "others", "n/a", "tbd"})


def is_platform(name: str) -> bool:
    """Whether a name is that of a platform in the lists."""
    return ("platform", name_key(name)) in _by_name()


def split_names(cell: str) -> list[str]:
    """The names in a cell; one that is in the lists as it stands is not taken apart.

    >>> split_names("Internet Research Agency, GRU*"), split_names("Reporters and Friends")
    (['Internet Research Agency', 'GRU*'], ['Reporters and Friends'])
    """
    if any((category, name_key(cell)) in _by_name() for category in CATEGORIES.values()):
        return [cell]
    parts = re.split(r"[/,;|\n]", re.sub(r"(?i)\bn/a\b", "", cell))
    return [name for part in parts if (name := or_nothing(part))]


def state_names(
    source: ForeignSource, names: Iterable[str], role: Role, line: int, about: tuple[str, ...]
) -> list[StatedName]:
    """What is stated by names, each once; one that marks doubt (``IRA*``) is reported, and so is one that is none."""
    found: dict[Thing, None] = {}
    for written in names:
        name = or_nothing(written.strip(" *?`"))
        if not name or name.lower() in _NOBODY:
            continue
        if len(name) > _LONGEST_NAME or not name_key(name):
            source.ledger.count("stated_names", Outcome.REPORTED)
            source.report("no-name", line, f"{name[:40]!r} is no name of one thing", "write its name", about=about)
            continue
        if written.strip() != name and written.strip(" `") != name:
            message = f"{written[:40]!r} is marked as uncertain"
            source.report("uncertain-name", line, message, "the name is kept", about=about, severity=Severity.INFO)
        source.ledger.stored("stated_names")
        found[thing_named(CATEGORIES[role], name)] = None
    return [StatedName(role=role, thing=thing, place=Place(source.name, line)) for thing in found]


def is_area(name: str) -> bool:
    """Whether a name is that of a country or region: states stand in the graph as such."""
    return resolve_area(name.strip(" *?`")) is not None


def thing_named(category: str, name: str) -> Thing:
    """The thing of that name in the lists, or a new one that has nothing but its name."""
    known = _by_name().get((category, name_key(name)))
    return known or unlisted(category, name)


@cache
def _by_name() -> dict[tuple[str, str], Thing]:
    """Every name of the lists that stands for one thing; a name goes before an alias of another thing."""
    found: dict[tuple[str, str], Thing] = {}
    for thing in shipped_lexicon().things():
        found.setdefault((thing.category, name_key(thing.name)), thing)
    for form in shipped_lexicon().forms:
        if not form.adjective and not form.metonym:
            found.setdefault((form.thing.category, name_key(form.text)), form.thing)
    return found
