"""Records of what tells of an incident beside its page: rows of the workbook, and descriptions that were put back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Incident, Passage, Place
    from kg.named import Role, Thing


@dataclass(frozen=True, slots=True)
class WorkbookRow:
    """One row of the workbook's sheet ``incidenttechniques``: several techniques of one incident, and one description.

    ``identifier`` is the row's own id (``IT00000215``), or the number of the row where it has none. A row whose ids
    were deleted while its description stayed has no ``incident``. ``suspect`` is as for a :class:`TechniqueRow`.
    ``techniques`` exist in the framework of the release; ``retired`` are ids of techniques that do not, and
    ``responses`` the ids of counters and detections that old releases list among them.
    """

    identifier: str
    incident: str
    techniques: tuple[str, ...]
    passage: Passage | None
    place: Place
    suspect: bool = False
    retired: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()

    @property
    def listed(self) -> tuple[str, ...]:
        """Every technique the row lists, those that the framework of its release has dropped included."""
        return (*self.techniques, *self.retired)


class Evidence(StrEnum):
    """What says that a misplaced description belongs to an incident."""

    ORDER = "tags in order"
    TAGS = "tags"
    EARLIER = "earlier release"
    BOTH = "earlier release and tags"


@dataclass(frozen=True, slots=True)
class Placement:
    """A description put back where it belongs.

    Attributes:
        passage: The description.
        incident: The incident it belongs to.
        techniques: What the rows list that it was written for; empty where those rows are gone.
        evidence: What says so.
        confidence: How sure it is, from 0 to 1; measured as DECISIONS.md 50 tells.
        place: Where it was read.
        found_under: The incidents under which the release shows it; empty where it stands under none.
        release: The earlier release that knows it; empty where none was asked or knows it.
        current: False where the rows it was written for have been withdrawn: it is then no evidence for this release.
    """

    passage: Passage
    incident: str
    techniques: tuple[str, ...]
    evidence: Evidence
    confidence: float
    place: Place
    found_under: tuple[str, ...] = ()
    release: str = ""
    current: bool = True


@dataclass(frozen=True, slots=True)
class ToldPassage:
    """A description that stands under an incident, or was put back there.

    Attributes:
        passage: The description.
        place: Where it was read first.
        believed: Whether it is this incident's; False where it is held back as another's.
        published: Whether a page shows it under this incident.
    """

    passage: Passage
    place: Place
    believed: bool
    published: bool


def told_passages(incident: Incident) -> dict[str, ToldPassage]:
    """Every description of an incident once, by its sha256: of pages, of the workbook, and what was put back.

    What an incident's story is made of are those that are ``believed``.
    """
    found: dict[str, ToldPassage] = {}
    lines: list[tuple[Passage | None, Place, bool, bool]] = []
    lines += [(row.passage, row.place, not row.suspect, True) for row in incident.rows]
    lines += [(row.passage, row.place, not row.suspect, False) for row in incident.workbook_rows]
    lines += [(item.passage, item.place, True, False) for item in incident.placements if item.current]
    for passage, place, believed, published in lines:
        if passage is None:
            continue
        known = found.get(passage.sha256)
        if known is not None:
            place, believed, published = known.place, known.believed or believed, known.published or published  # noqa: PLW2901
        found[passage.sha256] = ToldPassage(passage, place, believed, published)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedName:
    """What a column or an object of a source says of an incident: who ran it (operator), what carried it (used)."""

    role: Role
    thing: Thing
    place: Place
