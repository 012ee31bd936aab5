"""The columns of counters and detections that lead to other things: techniques, tactics, incidents, who can act.

Pages show the first technique of each cell. The cells name techniques as they were called in 2019 and after, so each id
is followed into the release at hand by what it meant under the name beside it: what is the same stands, what was
reviewed as followed by another is linked to that with its confidence, and all else is told and not linked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.lineage.embedded import embedded_history, embedded_successors
from kg.lineage.naming import Forwarder
from kg.model import Link, Outcome, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.lineage.naming import Meant
    from kg.lineage.successors import Verdict
    from kg.model import Counter, Detection, Place
    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, SheetRow, Workbook

_WRITTEN = re.compile(r"(?<![\w.])(TA\d{2}|T\d{4}(?:\.\d{3})?|A\d{3}|[CFI]\d{5})(?!\d)")
_GIVEN_UP = "given-up"
_AROUND_A_NAME = " \t\r\n\u00a0-\u2013\u2014:,;/|."
_COLUMNS = {"techniques": "T", "incident_ids": "I", "incidents": "I", "actortypes": "A"}
"""Column -> the first letter of the ids it lists; techniques and tactics share one column."""


@dataclass(frozen=True, slots=True)
class _Named:
    """An id of a cell, with the name that stands behind it."""

    identifier: str
    name: str


@dataclass(slots=True)
class Links:
    """What a row leads to, by kind; each link once."""

    techniques: tuple[Link, ...] = ()
    tactics: tuple[Link, ...] = ()
    incidents: tuple[Link, ...] = ()
    actor_types: tuple[Link, ...] = ()
    given_up: tuple[Link, ...] = ()


class ResponseLinks:
    """Reads the links of counters and detections against one release.

    Args:
        names: Technique id -> name in the release.
        existing: The ids of tactics, incidents and actor types of the release.
        ledger: Where each id that a cell names is booked.
    """

    def __init__(self, names: Mapping[str, str], existing: frozenset[str], ledger: Ledger) -> None:
        self._names = names
        self._existing = existing
        self._ledger = ledger
        self._made: Forwarder | None = None
        self._followed: dict[_Named, tuple[Meant | None, str, Verdict]] = {}

    def read(self, at: tuple[Workbook, Sheet, SheetRow], owner: str, kind: str) -> Links:
        """The links of one row; ``kind`` is what they are booked under."""
        book, sheet, row = at
        found: dict[str, dict[str, Link]] = {"T": {}, "TA": {}, "I": {}, "A": {}, _GIVEN_UP: {}}
        for column, letter in _COLUMNS.items():
            cell = row.raw(column)
            if not cell.strip():
                continue
            self._cell(_Cell(cell, letter, owner, kind, book.place(sheet, row, column)), found)
        parts = (tuple(links.values()) for links in found.values())
        return Links(*parts)

    def concerned(self, at: tuple[Workbook, Sheet, SheetRow], column: str, owner: str) -> tuple[str, ...]:
        """The ids that a row without a page is given for: techniques followed as above, counters, detections."""
        book, sheet, row = at
        found: dict[str, dict[str, Link]] = {"T": {}, "TA": {}, "": {}, _GIVEN_UP: {}}
        if row[column]:
            self._cell(_Cell(row.raw(column), "", owner, "workbook_entry_links", book.place(sheet, row, column)), found)
        return tuple(dict.fromkeys((*found[""], *found["TA"])))

    def _cell(self, cell: _Cell, found: dict[str, dict[str, Link]]) -> None:
        moved: list[str] = []
        unsure: list[str] = []
        named = list(parse_names(cell.text, cell.letter))
        if not named:
            self._ledger.count(cell.kind, Outcome.REPORTED)
            message = f"{' '.join(cell.text.split())[:40]!r} names no id"
            self._report("link-unsure", cell, message, "name what is meant by its id")
        for item in named:
            link, repaired, told = self._link(item, cell.place)
            if link is None or link.basis == _GIVEN_UP:
                self._ledger.count(cell.kind, Outcome.REPORTED)
                unsure.append(told)
                if link is not None:
                    found[_GIVEN_UP].setdefault(link.target, link)
                continue
            links = found["TA" if link.target.startswith("TA") else cell.letter]
            again = link.target in links
            links.setdefault(link.target, link)
            self._ledger.count(cell.kind, Outcome.REPAIRED if repaired or again else Outcome.STORED)
            if told:
                moved.append(told)
        if moved:
            message = f"{cell.owner} names what is called or numbered otherwise: {', '.join(dict.fromkeys(moved))}"
            self._report("link-migrated", cell, message, "linked to what follows it", Severity.INFO)
        if unsure:
            message = f"{cell.owner} names what no longer exists: {'; '.join(dict.fromkeys(unsure))}"
            self._report("link-unsure", cell, message, "not linked; name what is meant today")

    def _report(self, code: str, cell: _Cell, message: str, fix: str, severity: Severity = Severity.WARNING) -> None:
        self._ledger.report(code, cell.place, message, fix=fix, about=(cell.owner,), severity=severity)

    def _link(self, item: _Named, place: Place) -> tuple[Link | None, bool, str]:
        """The link an id gives, whether it had to be followed or its name corrected, and what is to be told of it."""
        if not re.fullmatch(r"T\d{4}(?:\.\d{3})?", item.identifier):
            if item.identifier in self._existing:
                return Link(item.identifier, item.name, place), False, ""
            return None, False, f"{item.identifier} does not exist"
        meant, former, verdict = self._follow(item)
        if verdict.outcome == "stays":
            gone = None if meant is None else Link(former, item.name, place, basis=_GIVEN_UP)
            return gone, False, f"{item.identifier} ({verdict.reason.partition(' (')[0]})"
        if verdict.outcome == "kept":
            told = "" if (meant and meant.exact) or not item.name else f"{item.identifier} as {item.name[:40]!r}"
            return Link(item.identifier, item.name, place), bool(told), told
        link = Link(verdict.target, item.name, place, "", verdict.confidence, verdict.basis, former)
        return link, True, f"{item.identifier} -> {verdict.target} ({verdict.confidence:g})"

    def _follow(self, item: _Named) -> tuple[Meant | None, str, Verdict]:
        found = self._followed.get(item)
        if found is None:
            # The tables of the history are read when the first cell needs them.
            self._made = self._made or Forwarder(embedded_history(), embedded_successors(), self._names)
            meant, verdict = self._made.follow(item.identifier, item.name)
            older = meant.meaning if meant is not None else ""
            former = f"{item.identifier}_{older}" if older else item.identifier
            found = self._followed[item] = (meant, former, verdict)
        return found


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of ids: its text, the letter its ids begin with, whose it is, and where it stands."""

    text: str
    letter: str
    owner: str
    kind: str
    place: Place


def parse_names(cell: str, letter: str) -> Iterator[_Named]:
    """The ids of a cell that begin with a letter, each with the name up to the next id.

    >>> [(found.identifier, found.name) for found in parse_names("T0021 - Memes T0053/T0054 - Bots", "T")]
    [('T0021', 'Memes'), ('T0053', ''), ('T0054', 'Bots')]
    """
    found = [match for match in _WRITTEN.finditer(cell) if match[1].startswith(letter)]
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(cell)
        name = " ".join(cell[match.end() : end].split()).strip(_AROUND_A_NAME)
        yield _Named(match[1], name)


def with_counter_links(counter: Counter, links: Links) -> Counter:
    """A counter with the links of its row beside those of its page."""
    return replace(
        counter,
        techniques=_both(counter.techniques, links.techniques),
        tactics=_both(counter.tactics, links.tactics),
        incidents=_both(counter.incidents, links.incidents),
        actor_types=_both(counter.actor_types, links.actor_types),
        given_up=links.given_up,
    )


def with_detection_links(detection: Detection, links: Links) -> Detection:
    """A detection with the links of its row."""
    return replace(
        detection,
        techniques=links.techniques,
        tactics=links.tactics,
        incidents=links.incidents,
        actor_types=links.actor_types,
        given_up=links.given_up,
    )


def _both(first: Sequence[Link], second: Sequence[Link]) -> tuple[Link, ...]:
    # What page and workbook both say is one edge with two sources.
    return (*first, *second)
