"""Records of the framework: phases, tactics, techniques, counters and what else a release lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Place


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a table to another object: its id, the label given there, and the place.

    Where the source names a technique that was given up, ``former`` is that one (``T0053_2022-first`` for an older
    meaning of an id), and ``confidence`` and ``basis`` say how sure it is, and by what, that ``target`` follows it.
    """

    target: str
    label: str
    place: Place
    note: str = ""
    confidence: float = 1.0
    basis: str = ""
    former: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """What every object of the framework has: id, name, summary and place; texts are plain and may be empty.

    ``also`` are further places that say the same of it. ``shown`` are fields that are believed to be otherwise than the
    release shows them, each with what it shows: an id, or nothing.
    """

    identifier: str
    name: str
    place: Place
    summary: str = ""
    name_de: str = ""
    summary_de: str = ""
    also: tuple[Place, ...] = ()
    shown: tuple[tuple[str, str], ...] = ()

    def published(self, field: str) -> str | None:
        """The id that the release shows in a field, whatever is believed; None where it shows none."""
        value: str | None = dict(self.shown).get(field, getattr(self, field))
        return value or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase(Concept):
    """A phase (P01); ``rank`` is its 1-based place in the kill chain."""

    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tactic(Concept):
    """A tactic (TA01); ``rank`` is its 1-based place in the kill chain."""

    rank: int
    phase: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Technique(Concept):
    """A technique (T0146) or sub-technique (T0146.001); only a sub-technique has a parent."""

    tactic: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Concept):
    """A group of categories of DISARM 2.x (P05); ``rank`` is its 1-based place in the index."""

    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Concept):
    """A category of DISARM 2.x (TA21); ``rank`` is its 1-based place in the order of groups."""

    rank: int
    group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet(Concept):
    """What DISARM 2.x has in the place of techniques: an observation type (T2001.001) or an assessment (A0001.001)."""

    category: str | None = None
    parent: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Concept):
    """A task (TK0001)."""

    tactic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Concept):
    """A countermeasure (C00001) with what it counters and who can carry it out.

    ``given_up`` are techniques it names that no longer exist and that nothing follows for sure.
    """

    tactic: str | None = None
    metatechniques: tuple[str, ...] = ()
    response_type: str | None = None
    playbooks: str = ""
    resources: str = ""
    actor_types: tuple[Link, ...] = ()
    sectors: tuple[str, ...] = ()
    tactics: tuple[Link, ...] = ()
    techniques: tuple[Link, ...] = ()
    incidents: tuple[Link, ...] = ()
    given_up: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Metatechnique(Concept):
    """A higher-level grouping of counters (M001)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseType(Concept):
    """A course-of-action category (D01)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection(Concept):
    """A detection (F00001); stands in the index and the workbook, with no page."""

    tactic: str | None = None
    response_type: str | None = None
    metatechniques: tuple[str, ...] = ()
    tactics: tuple[Link, ...] = ()
    techniques: tuple[Link, ...] = ()
    incidents: tuple[Link, ...] = ()
    actor_types: tuple[Link, ...] = ()
    given_up: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActorType(Concept):
    """A kind of person who can carry out counters (A001)."""

    sectors: tuple[str, ...] = ()
    viewpoints: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector(Concept):
    """A sector of society (S001); pages only name its id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Concept):
    """A row of a sheet that reaches no page: an example, a narrative, an external group, a tool, a playbook ...

    ``kind`` says which; ``concerns`` are the ids it is given for, ``topics`` the words it is sorted by.
    """

    kind: str
    concerns: tuple[str, ...] = ()
    url: str = ""
    topics: tuple[str, ...] = ()
