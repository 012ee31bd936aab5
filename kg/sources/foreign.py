"""What the readers of other tools' files share: identifiers, countries, references, rows, the closed corpus."""

from __future__ import annotations

import difflib
import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kg.lineage.states import name_key
from kg.model import Corpus, Outcome, Place, Reference, Severity, TechniqueRow
from kg.sources.assembly import technique_stubs
from kg.sources.checks import report_names, report_passages
from kg.sources.ledger import Ledger
from kg.sources.passages import Passages
from kg.sources.values import or_nothing, parse_address
from kg.text.countries import area_names, resolve_area

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.model import Area, Finding, Incident, Passage, SourceDocument, Technique

TECHNIQUE_ID = re.compile(r"T0\d{3}(?:\.\d{3})?")
"""An id of DISARM 1.x; ATT&CK begins at T1001 and DISARM 2.0 at T2001."""

_SEGMENT = re.compile(r"[A-Za-z0-9._~-]{1,80}")
_LONGEST_SLUG = 40

_MOST_SUGGESTED = 1000

MOST_FINDINGS = 10_000
"""Findings of one code that are kept: a file can be made of nothing but faults."""


def slug(name: str, told: str = "") -> str:
    """An identifier for a thing that only has a name: stable, readable, and another for another name or ``told``.

    >>> slug("I00001"), slug("Ghost Stories: 2016")
    ('I00001', 'ghost-stories-2016-e0d4a604')
    """
    if not told and re.fullmatch(r"I\d{5}", name):
        return name
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only)[:_LONGEST_SLUG].strip("-")
    whole = f"{name}\n{told}" if told else name
    return f"{words or 'incident'}-{hashlib.sha256(whole.encode('utf-8', 'replace')).hexdigest()[:8]}"


def segment(identifier: str, prefix: str) -> str:
    """A foreign identifier as it stands where it can be a part of an IRI, else a slug of it."""
    return identifier if _SEGMENT.fullmatch(identifier) else slug(f"{prefix} {identifier}")


@dataclass(slots=True)
class ForeignSource:
    """One file of another tool while it is read.

    Attributes:
        name: The file, as it stands in messages.
        known: The ids that exist and their names; empty where nobody gave a framework, and then none is checked.
    """

    name: str
    known: dict[str, str]
    ledger: Ledger = field(default_factory=Ledger)
    passages: Passages = field(default_factory=Passages)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _reported: Counter[str] = field(default_factory=Counter)

    def report(
        self,
        code: str,
        line: int,
        message: str,
        fix: str = "",
        *,
        about: tuple[str, ...] = (),
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Keep a finding about a line of the file; of one code :data:`MOST_FINDINGS`, the rest as a number."""
        self._reported[code] += 1
        if self._reported[code] <= MOST_FINDINGS:
            self.ledger.report(code, Place(self.name, line), message, fix=fix, about=about, severity=severity)

    def name_techniques(self, names: Mapping[str, str]) -> None:
        """Learn which id each name stands for."""
        for identifier, name in names.items():
            ids = self._by_name.setdefault(name_key(name), [])
            if identifier not in ids:
                ids.append(identifier)

    def named(self, name: str) -> list[str]:
        """The ids of that name."""
        return self._by_name.get(name_key(name), [])

    def areas(self, names: Iterable[str], line: int, about: tuple[str, ...]) -> tuple[Area, ...]:
        """The countries and regions of these names; what is none is reported."""
        found: dict[Area, None] = {}
        for name in dict.fromkeys(filter(None, map(or_nothing, names))):
            area = resolve_area(name)
            if area is not None:
                found[area] = None
                self.ledger.stored("country_names")
                continue
            self.ledger.count("country_names", Outcome.REPORTED)
            # A third of a millisecond each: enough for those who write a name wrong, no time for a file of noise.
            asked = self._reported["unknown-country"] < _MOST_SUGGESTED
            near = difflib.get_close_matches(name[:60], area_names(), n=1, cutoff=0.75) if asked else []
            fix = f"did you mean {near[0]!r}?" if near else "write the English name of a country, or World, EU"
            self.report("unknown-country", line, f"country {name[:40]!r} is not known", fix, about=about)
        return tuple(found)

    def references(self, cited: Iterable[tuple[str, str, int]], about: tuple[str, ...]) -> tuple[Reference, ...]:
        """References out of address, publisher and line; one without a web address is reported, one cited twice too."""
        found: dict[str, Reference] = {}
        for address, publisher, line in cited:
            try:
                url = parse_address(address)
            except ValueError as error:
                message, _, fix = str(error).partition("; ")
                self.ledger.count("references", Outcome.REPORTED)
                self.report("bad-address", line, message, fix, about=about)
                continue
            if url in found:
                self.ledger.count("references", Outcome.REPORTED)
                self.report(
                    "duplicate-reference", line, "the same address is cited twice", about=about, severity=Severity.INFO
                )
                continue
            self.ledger.stored("references")
            found[url] = Reference(url, len(found) + 1, Place(self.name, line), organisation=or_nothing(publisher))
        return tuple(found.values())

    def rows(self, about: str) -> Rows:
        """The table of an incident, empty."""
        return Rows(self, about)

    def close(
        self,
        release: str,
        documents: tuple[SourceDocument, ...],
        incidents: Iterable[Incident],
        techniques: tuple[Technique, ...] = (),
    ) -> Corpus:
        """The corpus of what was read: sorted, its names and passages checked, its ledger closed."""
        ordered = tuple(sorted(incidents, key=lambda incident: incident.identifier))
        corpus = Corpus(
            release=release,
            documents=documents,
            techniques=tuple(sorted(techniques, key=lambda item: item.identifier))
            or technique_stubs(ordered, self.known),
            incidents=ordered,
        )
        report_names(corpus, self.known, self.ledger)
        report_passages(corpus, self.known, self.ledger)
        return self.balance(corpus)

    def balance(self, corpus: Corpus) -> Corpus:
        """The corpus with the findings and the ledger as they stand now."""
        for code, number in sorted(self._reported.items()):
            if number > MOST_FINDINGS:
                message = f"{number - MOST_FINDINGS:,} more of {code}, which are not listed one by one"
                self.ledger.report(code, Place(self.name), message, fix="mend those that are listed first")
        return replace(corpus, findings=tuple(_in_order(self.ledger.findings)), ledger=self.ledger.lines())


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(set(findings), key=lambda item: (item.place.file, item.place.line, item.code, item.message))


class Rows:
    """The techniques of one incident, each once, in the order they were read."""

    def __init__(self, source: ForeignSource, incident: str) -> None:
        self._source = source
        self._incident = incident
        self._found: dict[str, TechniqueRow] = {}

    def __len__(self) -> int:
        """How many techniques stand in it."""
        return len(self._found)

    def __contains__(self, technique: str) -> bool:
        """Whether a technique stands in it."""
        return technique in self._found

    def records(self) -> tuple[TechniqueRow, ...]:
        """The rows."""
        return tuple(self._found.values())

    def add(self, technique: str, label: str, line: int, *, text: str = "", repaired: bool = False) -> bool:
        """Add and book one row; what does not exist or stands twice is reported, and False is given back."""
        source, about = self._source, (self._incident,)
        fault = self._fault(technique)
        if fault:
            source.ledger.count("technique_rows", Outcome.REPORTED)
            code, message, fix = fault
            severity = Severity.INFO if code == "duplicate-row" else Severity.VIOLATION
            source.report(code, line, message, fix, about=about, severity=severity)
            return False
        passage: Passage | None = source.passages.intern(text)
        cell = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
        row = TechniqueRow(technique, label, passage, len(self._found) + 1, Place(source.name, line), cell)
        self._found[technique] = row
        source.ledger.count("technique_rows", Outcome.REPAIRED if repaired else Outcome.STORED)
        return True

    def add_named(self, written: str, line: int, *, text: str = "") -> bool:
        """Add the technique of an id, or of a name that only one technique has."""
        identifier = TECHNIQUE_ID.search(written.upper())
        if identifier is not None:
            label = (written[: identifier.start()] + written[identifier.end() :]).strip(" -_:\u2013\u2014()\t")
            return self.add(identifier[0], label, line, text=text, repaired=identifier[0] not in written)
        ids = self._source.named(written)
        if len(ids) == 1:
            return self.add(ids[0], written, line, text=text)
        self._source.ledger.count("technique_rows", Outcome.REPORTED)
        code, message, fix = (
            ("ambiguous-name", f"the name {written[:60]!r} is that of {' and '.join(sorted(ids))}", "write the id")
            if ids
            else ("unknown-technique", f"technique {written[:60]!r} is not known", "use a name or id of this release")
        )
        self._source.report(code, line, message, fix, about=(self._incident,), severity=Severity.VIOLATION)
        return False

    def _fault(self, technique: str) -> tuple[str, str, str] | None:
        known = self._source.known
        if known and technique not in known:
            fix = "use an id of this release; 'kg migrate' writes the file with the ids that followed"
            return "unknown-technique", f"technique {technique[:40]} does not exist", fix
        if not known and not TECHNIQUE_ID.fullmatch(technique):
            return "foreign-technique", f"{technique[:40]!r} is no id of DISARM 1.x", "ids are like T0146 or T0146.006"
        if technique in self._found:
            first = self._found[technique].place.line
            return "duplicate-row", f"{technique} stands twice, first in line {first}", "kept once"
        return None
