"""Faults that only show when records are laid side by side: names that differ, ids and tables that disagree."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.model import Finding, Outcome, Place, Severity
from kg.sources.framework import read_link, row_kind
from kg.sources.values import is_later_id
from kg.text.fields import MOST_PROSE, length_of_prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.model import Corpus, Incident, InlineGroup, Mention, Passage, Reference
    from kg.sources.ledger import Ledger
    from kg.sources.markdown import Page


def _same(left: str, right: str) -> bool:
    return _key(left) == _key(right)


@lru_cache(maxsize=65536)
def _key(name: str) -> str:
    return "".join(char for char in name.casefold() if char.isalnum())


def report_names(corpus: Corpus, known: Mapping[str, str], ledger: Ledger) -> None:
    """Report links of incident rows whose label is not the name of the technique, and names that two ids share."""
    for incident in corpus.incidents:
        for row in incident.rows:
            name = known.get(row.technique)
            if name is not None and row.label and not _same(row.label, name):
                message = f"{row.technique} is called {row.label[:60]!r} here and {name!r} on its page"
                ledger.report(
                    "name-differs",
                    row.place,
                    message,
                    about=(row.technique, incident.identifier),
                    severity=Severity.INFO,
                )
    first: dict[str, str] = {}
    for technique in corpus.techniques:
        other = first.setdefault(_key(technique.name), technique.identifier)
        if other != technique.identifier:
            message = f"{technique.identifier} has the same name as {other}"
            ledger.report("duplicate-name", technique.place, message, about=(technique.identifier, other))
        if technique.parent is not None and known and technique.parent not in known:
            message = f"the parent {technique.parent} of {technique.identifier} does not exist"
            ledger.report("unknown-technique", technique.place, message, about=(technique.identifier,))


def find_long_prose(incidents: Iterable[Incident]) -> Iterator[Finding]:
    """The incidents whose prose is longer than what is read for names; its text is stored whole."""
    for incident in incidents:
        more = length_of_prose(incident) - MOST_PROSE
        if more > 0:
            message = f"{more:,} characters more than the {MOST_PROSE:,} of an incident that are read for names"
            fix = "split the incident, or shorten its texts"
            yield Finding("long-prose", incident.place, Severity.WARNING, message, fix, (incident.identifier,))


def report_references(corpus: Corpus, ledger: Ledger) -> None:
    """Report an article that two incidents date differently; the earliest date stands."""
    first: dict[str, tuple[Incident, Reference]] = {}
    for incident in corpus.incidents:
        for reference in incident.references:
            if not reference.url or reference.published is None:
                continue
            other, same = first.setdefault(reference.url, (incident, reference))
            if same.published != reference.published:
                message = f"the article is dated {reference.published} here and {same.published} in {other.identifier}"
                about = (incident.identifier, other.identifier)
                ledger.report("dates-differ", reference.place, message, fix="the earliest is used", about=about)


def report_passages(corpus: Corpus, known: Mapping[str, str], ledger: Ledger) -> None:
    """Book every inline group and every id in it, and report what does not fit, once for each incident and passage."""
    mentions = _Mentions(known, ledger)
    tellers: dict[str, tuple[Place, list[str]]] = {}
    for incident, told in _passages(corpus):
        passage, place = told.passage, told.place
        tellers.setdefault(passage.sha256, (place, []))[1].append(incident.identifier)
        about = (incident.identifier,)
        ledger.stored("inline_groups", len(passage.groups) * told.times)
        ledger.stored("descriptions")
        _book_variants(incident, told, ledger)
        if told.suspect:
            message = "the description tags techniques, but not that of its row; it is probably another incident's"
            fix = "put the description of this incident here"
            ledger.report("suspect-placement", place, message, fix=fix, about=about)
        for group in passage.groups:
            if not group.closed:
                _report_unclosed(group, place, about, ledger)
            mentions.book(group.mentions, place, about)
        for item in passage.loose:
            found = item.mention.technique
            ledger.count("loose_mentions", Outcome.REPORTED)
            code, what = (
                ("negated-mention", "is denied") if item.negated else ("loose-mention", "stands in running text")
            )
            message = f"{found} {what} at {item.mention.start}; never counted as a use"
            ledger.report(code, place, message, about=(*about, found), severity=Severity.INFO)
    for sha256, (place, incidents) in sorted(tellers.items()):
        if len(incidents) > 1:
            message = f"passage {sha256[:16]} stands in {len(incidents)} incidents: {', '.join(incidents)}"
            ledger.report("shared-passage", place, message, about=tuple(incidents))


@dataclass(slots=True)
class _Told:
    """A passage of an incident: where it stands first, whether suspect, how often, and the hashes of its cells."""

    passage: Passage
    place: Place
    suspect: bool
    times: int = 0
    cells: set[str] = field(default_factory=set)


def _passages(corpus: Corpus) -> Iterator[tuple[Incident, _Told]]:
    """Each incident with each of its distinct passages."""
    for incident in corpus.incidents:
        found: dict[str, _Told] = {}
        for row in incident.rows:
            if row.passage is not None:
                told = found.get(row.passage.sha256)
                if told is None:
                    told = found[row.passage.sha256] = _Told(row.passage, row.place, row.suspect)
                told.times += 1
                told.cells.add(row.cell_sha256)
        for told in found.values():
            yield incident, told


def _book_variants(incident: Incident, told: _Told, ledger: Ledger) -> None:
    """Book the cells of an incident that hold this passage with other markup or white space."""
    forms = len(told.cells)
    if forms > 1:
        ledger.count("descriptions", Outcome.REPAIRED, forms - 1)
        message = f"passage {told.passage.identifier} stands in {forms} forms that differ in markup or blanks only"
        ledger.report(
            "description-variants",
            told.place,
            message,
            fix="kept once",
            about=(incident.identifier,),
            severity=Severity.INFO,
        )


def _report_unclosed(group: InlineGroup, place: Place, about: tuple[str, ...], ledger: Ledger) -> None:
    message = f"the group at {group.start} is never closed"
    ledger.report("unclosed-group", place, message, fix="read to the end of its sentence; add the ')'", about=about)


class _Mentions:
    """Books the ids of groups, and reports those that do not exist, are not written so, or bear another name.

    Args:
        known: Technique id to name; empty where the source holds no framework, and then no id is checked.
        ledger: Where they are booked and faults reported.
    """

    def __init__(self, known: Mapping[str, str], ledger: Ledger) -> None:
        self._known = known
        self._ids_by_name = {_key(name): identifier for identifier, name in known.items()}
        self._ledger = ledger
        self._sound: set[tuple[str, str, str]] = set()

    def book(self, mentions: Iterable[Mention], place: Place, about: tuple[str, ...]) -> None:
        """Book the ids of one group of an incident."""
        stored, sound = 0, self._sound
        for mention in mentions:
            # Most are in order, and the same few thousand over and over.
            key = mention[:3]  # the id, as it is written, its name
            if key in sound or self._is_sound(mention):
                sound.add(key)
                stored += 1
            else:
                self._book_faulty(mention, place, about)
        if stored:
            self._ledger.stored("group_mentions", stored)

    def _is_sound(self, mention: Mention) -> bool:
        """Whether an id exists, is written as it should be, and bears its own name or none."""
        known, found = self._known, mention.technique
        if mention.written != found or (found not in known and (known or is_later_id(found))):
            return False
        return not mention.name or found not in known or _same(mention.name, known[found])

    def _book_faulty(self, mention: Mention, place: Place, about: tuple[str, ...]) -> None:
        known, ledger, found = self._known, self._ledger, mention.technique
        namesake = self._ids_by_name.get(_key(mention.name)) if mention.name else None
        concerned = (*about, found)
        if is_later_id(found) and found not in known:
            ledger.count("group_mentions", Outcome.REPORTED)
            message = f"{found} in the group at {mention.start} is an observation of DISARM 2.x; not counted"
            ledger.report("later-id", place, message, fix="write the technique of 1.x", about=about)
            return
        if known and found not in known:
            ledger.count("group_mentions", Outcome.REPORTED)
            fix = f"its name is that of {namesake}" if namesake else "use an id of this release"
            message = f"technique {mention.written} in the group at {mention.start} does not exist"
            ledger.report("unknown-technique", place, message, fix=fix, about=about)
            return
        repaired = mention.written != found
        ledger.count("group_mentions", Outcome.REPAIRED if repaired else Outcome.STORED)
        if repaired:
            message = f"{mention.written!r} at {mention.start} is read as {found}"
            fix = f"write {found}"
            ledger.report("repaired-id", place, message, fix=fix, about=concerned, severity=Severity.INFO)
        name = known.get(found)
        if name is None or not mention.name or _same(mention.name, name):
            return
        if namesake is not None:
            message, fix = (
                f"{found} at {mention.start} is given the name of {namesake}; the id is kept",
                "correct the id or the name",
            )
            ledger.report("name-of-another", place, message, fix=fix, about=(*concerned, namesake))
        else:
            message = f"{found} at {mention.start} is not given its name {name!r}"
            ledger.report("name-differs", place, message, about=concerned, severity=Severity.INFO)


def report_one_sided(corpus: Corpus, kept: Mapping[str, list[Page]], ledger: Ledger) -> None:
    """Compare the tables that show a fact from its other side with the side it is read from."""
    uses = {(row.technique, incident.identifier) for incident in corpus.incidents for row in incident.rows}
    counters = corpus.counters
    countered = {(link.target, counter.identifier) for counter in counters for link in counter.techniques}
    forward: dict[tuple[str, str, str], set[tuple[str, str]]] = {
        ("Technique", "incident", "I"): uses,
        ("Technique", "counters", "C"): countered,
        ("Tactic", "tasks", "TK"): {(task.tactic or "", task.identifier) for task in corpus.tasks},
        ("Tactic", "techniques", "T"): {(item.tactic or "", item.identifier) for item in corpus.techniques},
        ("Tactic", "counters", "C"): {(item.tactic or "", item.identifier) for item in counters},
        ("Metatechnique", "counters", "C"): {
            (found, item.identifier) for item in counters for found in item.metatechniques
        },
        ("Category", "observations", "T"): {
            (item.category or "", item.identifier) for item in corpus.observation_types
        },
        ("Category", "assessments", "A"): {(item.category or "", item.identifier) for item in corpus.assessments},
        ("Actor", "counters", "C"): {(link.target, item.identifier) for item in counters for link in item.actor_types},
    }
    has = {"incident": bool(corpus.incidents), "counters": bool(counters), "tasks": True, "techniques": True}
    has |= {"observations": True, "assessments": True}
    for (kind, column, prefix), pairs in forward.items():
        if not has[column]:
            continue
        booked = row_kind(kind, column)
        for page in kept[kind]:
            for row in page.rows(column):
                link = read_link(page, row, prefix, booked, ledger)
                if link is not None and (page.identifier, link.target) not in pairs:
                    message = (
                        f"{page.identifier} lists {link.target}, but {link.target} does not name {page.identifier}"
                    )
                    about = (page.identifier, link.target)
                    ledger.report("one-sided", Place(page.name, row.line), message, about=about)
