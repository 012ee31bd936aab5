"""Records: what the sources read and the graph is built from. Frozen dataclasses, standard library only.

A record holds what its source says after the *form* was repaired (a stray blank in an id, ``2016.0`` for a year); what
it *means* is decided in :mod:`kg.rdf`. Every record knows its :class:`Place`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from kg.model.account import LedgerLine as LedgerLine  # noqa: TC001 - sources import it from here
from kg.model.account import Outcome as Outcome
from kg.model.evidence import Evidence as Evidence
from kg.model.evidence import Placement as Placement  # noqa: TC001 - sources import it from here
from kg.model.evidence import StatedName as StatedName  # noqa: TC001 - the same
from kg.model.evidence import ToldPassage as ToldPassage
from kg.model.evidence import WorkbookRow as WorkbookRow  # noqa: TC001 - the same
from kg.model.evidence import told_passages as told_passages
from kg.model.framework import ActorType as ActorType  # noqa: TC001 - the same
from kg.model.framework import Category as Category  # noqa: TC001 - the same
from kg.model.framework import Concept as Concept
from kg.model.framework import Counter as Counter  # noqa: TC001 - the same
from kg.model.framework import Detection as Detection  # noqa: TC001 - the same
from kg.model.framework import Entry as Entry  # noqa: TC001 - the same
from kg.model.framework import Facet as Facet  # noqa: TC001 - the same
from kg.model.framework import Group as Group  # noqa: TC001 - the same
from kg.model.framework import Link as Link
from kg.model.framework import Metatechnique as Metatechnique  # noqa: TC001 - the same
from kg.model.framework import Phase as Phase  # noqa: TC001 - the same
from kg.model.framework import ResponseType as ResponseType  # noqa: TC001 - the same
from kg.model.framework import Sector as Sector  # noqa: TC001 - the same
from kg.model.framework import Tactic as Tactic  # noqa: TC001 - the same
from kg.model.framework import Task as Task  # noqa: TC001 - the same
from kg.model.framework import Technique as Technique  # noqa: TC001 - the same

if TYPE_CHECKING:
    import datetime as dt

    from kg.named import NameMention


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file of the source and a 1-based line (0: the file as a whole).

    In a workbook ``sheet`` is the name of the sheet, ``line`` the number of the row that a spreadsheet shows, and
    ``cell`` the address (``D17``) where one cell is meant.
    """

    file: str
    line: int = 0
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        where = f"{self.file}[{self.sheet}]" if self.sheet else self.file
        if self.cell:
            return f"{where}:{self.cell}"
        return f"{where}:{self.line}" if self.line else where


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """One file that was read: its path relative to the source, with ``/``, and the sha256 of its bytes in hex."""

    path: str
    sha256: str


class Severity(StrEnum):
    """How bad a finding is, in the words of SHACL."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in what was read, or one repair that was made.

    Attributes:
        code: Kebab-case name of the kind of fault, such as ``unknown-technique``.
        place: File and line.
        severity: How bad it is.
        message: What is wrong, with the value; never a sentence of the source.
        fix: What would be right, or what was done; empty where nothing can be said.
        about: The DISARM ids concerned, the main one first.
    """

    code: str
    place: Place
    severity: Severity
    message: str
    fix: str = ""
    about: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" + (f"; {self.fix}" if self.fix else "")


class Mention(NamedTuple):
    """An id in a text: the id as repaired, as it was written, the name given to it, and where.

    A tuple, since a page holds dozens: it is made in a third of the time, and the collector of cycles passes over it.
    ``start`` and ``end`` are 0-based code points of the plain text, end exclusive, over the id alone.
    """

    technique: str
    written: str
    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class InlineGroup:
    """Techniques seen together in one act: ``(T0146: Account Asset, T0154.002: AI Media Platform)``.

    ``start`` and ``end`` are 0-based code points of the plain text, end exclusive, parentheses included. Mentions are
    in the order of the text. ``closed`` is False where the closing parenthesis is missing.
    """

    start: int
    end: int
    mentions: tuple[Mention, ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class LooseMention:
    """An id in running text, outside any group; ``negated`` where the sentence denies its use."""

    mention: Mention
    negated: bool


@dataclass(frozen=True, slots=True)
class Passage:
    """One distinct description: plain text (markup stripped), its hash, and what it tags.

    ``sha256`` is over the UTF-8 of the NFC form of ``text`` with white space folded, in hex.
    """

    sha256: str
    text: str
    groups: tuple[InlineGroup, ...] = ()
    loose: tuple[LooseMention, ...] = ()

    @property
    def identifier(self) -> str:
        """The first 16 hex digits of the hash."""
        return self.sha256[:16]

    @property
    def tagged(self) -> frozenset[str]:
        """Every technique id the text names, in a group or outside, denied or not."""
        grouped = {mention.technique for group in self.groups for mention in group.mentions}
        return frozenset(grouped | {item.mention.technique for item in self.loose})


@dataclass(frozen=True, slots=True)
class TechniqueRow:
    """One row of an incident's table: this incident uses this technique, as this passage tells.

    ``ordinal`` is the 1-based place of the row in the table. ``suspect`` says that the passage is probably another
    incident's: it tags techniques, and not that of every row it explains here. ``cell_sha256`` is over the UTF-8 of the
    description cell as published, markup and all. ``upstream_id`` is the id that releases until 1.4 print before the
    description (``IT00000011``, in AMITT ``I00005T004``).
    """

    technique: str
    label: str
    passage: Passage | None
    ordinal: int
    place: Place
    cell_sha256: str
    suspect: bool = False
    upstream_id: str = ""


@dataclass(frozen=True, slots=True)
class Association:
    """A row "Associated Technique" of a technique page, with the passage that explains it.

    ``also`` are further places that say the same.
    """

    technique: str
    associated: str
    label: str
    passage: Passage | None
    place: Place
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A country (``identifier`` is its ISO 3166-1 alpha-2 code) or a region such as World or EU."""

    kind: str
    identifier: str
    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cited article.

    ``url`` is empty where the page gives ``-``; ``published`` is None where it gives no date or none that can be read.
    ``ordinal`` is the 1-based place of the row in the table; ``also`` are further places that give the reference.
    """

    url: str
    ordinal: int
    place: Place
    published: dt.date | None = None
    authors: str = ""
    organisation: str = ""
    archive_url: str = ""
    also: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident: its page, the rows of the workbook for it, and the descriptions that were put back here."""

    identifier: str
    title: str
    place: Place
    summary: str = ""
    incident_type: str = ""
    year_started: int | None = None
    attributed_to: tuple[Area, ...] = ()
    target_countries: tuple[Area, ...] = ()
    found_via: str = ""
    date_added: dt.date | None = None
    references: tuple[Reference, ...] = ()
    rows: tuple[TechniqueRow, ...] = ()
    workbook_rows: tuple[WorkbookRow, ...] = ()
    placements: tuple[Placement, ...] = ()
    stated: tuple[StatedName, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Everything read from one source, with its findings and its ledger. Sequences are in order of id.

    ``left_over`` are the techniques of pages that the index does not list: what other releases left behind.
    """

    release: str
    documents: tuple[SourceDocument, ...] = ()
    phases: tuple[Phase, ...] = ()
    tactics: tuple[Tactic, ...] = ()
    techniques: tuple[Technique, ...] = ()
    tasks: tuple[Task, ...] = ()
    counters: tuple[Counter, ...] = ()
    metatechniques: tuple[Metatechnique, ...] = ()
    response_types: tuple[ResponseType, ...] = ()
    detections: tuple[Detection, ...] = ()
    actor_types: tuple[ActorType, ...] = ()
    sectors: tuple[Sector, ...] = ()
    groups: tuple[Group, ...] = ()
    categories: tuple[Category, ...] = ()
    observation_types: tuple[Facet, ...] = ()
    assessments: tuple[Facet, ...] = ()
    left_over: tuple[Technique, ...] = ()
    entries: tuple[Entry, ...] = ()
    incidents: tuple[Incident, ...] = ()
    associations: tuple[Association, ...] = ()
    names: tuple[NameMention, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    ledger: tuple[LedgerLine, ...] = ()
