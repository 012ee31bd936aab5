"""A workbook alone as a source: the framework, the register of incidents, or both, without a page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from kg.errors import SourceError
from kg.model import (
    ActorType,
    Corpus,
    Counter,
    Detection,
    Incident,
    Metatechnique,
    Outcome,
    Phase,
    Place,
    Reference,
    ResponseType,
    Sector,
    Severity,
    Tactic,
    Task,
    Technique,
)
from kg.sources.addresses import AddressSheet, cited_addresses
from kg.sources.association_sheet import with_association_rows
from kg.sources.checks import report_names
from kg.sources.earlier import embedded_texts
from kg.sources.files import walk_markdown
from kg.sources.later_sheets import NOTHING, is_of_later_line, read_later_sheets
from kg.sources.ledger import Ledger
from kg.sources.passages import Passages
from kg.sources.placement import put_back
from kg.sources.release_parts import has_books, read_books
from kg.sources.sheet_account import missing_columns, report_unread_sheets
from kg.sources.sheet_rows import SHEET, with_sheet_rows
from kg.sources.sheet_table import read_sheet_table
from kg.sources.sheets import ENTRY_SHEETS, identifier_of, names_in, sheet_rows, with_sheets
from kg.sources.values import mended_date, mended_year, or_nothing, parse_address, split_ids
from kg.sources.workbook import column_key, is_workbook, read_workbook
from kg.text import plain_text
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from kg.model import Area
    from kg.sources.placement import Earlier
    from kg.sources.workbook import Sheet, SheetRow, Workbook

Value = TypeVar("Value")
_IDS = {"phases": "P", "tactics": "TA", "techniques": "T", "tasks": "TK", "incidents": "I"}
_SHEETS = frozenset({*_IDS, *ENTRY_SHEETS, SHEET, "countermeasures"})
_ID = re.compile(r"[A-Z]{1,2}\d{2,5}(?:\.\d{3})?")


def is_disarm_workbook(path: Path) -> bool:
    """Whether a path is a workbook, or a folder that holds workbooks and no page.

    Whether it is one of DISARM is told, in words, when it is read.
    """
    if path.is_dir():
        return has_books(path) and next(walk_markdown(path), None) is None
    return is_workbook(path)


def read_workbook_source(
    path: Path,
    *,
    release: str | None = None,
    framework: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
) -> Corpus:
    """Read a workbook of DISARM: its framework, its incidents, whichever sheets it has.

    Args:
        path: The file, or a folder whose workbooks are read together.
        release: The name of the release; by default ``local``.
        framework: Technique id to name, used where the workbook itself lists no technique.
        earlier: What earlier releases say of descriptions; left out, what the embedded facts know of them.

    Raises:
        SourceError: It cannot be read, or has no sheet of DISARM and none that is a table of incidents and techniques.
    """
    ledger = Ledger()
    books: list[Workbook] = []
    if path.is_dir():
        read_books(path, books, ledger)
    else:
        books.append(read_workbook(path))
        ledger.findings.extend(books[0].findings)
        ledger.count("files", Outcome.REPAIRED if books[0].findings else Outcome.STORED)
    found = [sheet for book in books for sheet in book.sheets if column_key(sheet.name) in _SHEETS]
    if not found:
        table = None if path.is_dir() else read_sheet_table(books[0], release=release, framework=framework)
        if table is not None:
            return table
        shown = ", ".join(sheet.name for book in books for sheet in book.sheets)[:120] or "none that can be read"
        raise SourceError(
            f"{path.name}: has no sheet of DISARM (it has {shown}); give a DISARM_..._MASTER.xlsx, or a sheet with the "
            "columns incident and technique or with columns named after techniques"
        )
    wrong = [message for sheet in found if (message := missing_columns(sheet))]
    if len(wrong) == len(found):
        raise SourceError(f"{path.name}: {wrong[0]}; name the columns as DISARM does, in one row above the others")
    return _Reader(books, ledger, release or "local").corpus(framework or {}, earlier)


class _Reader:
    """Workbooks while they become a corpus."""

    def __init__(self, books: list[Workbook], ledger: Ledger, release: str) -> None:
        self._books = books
        self._release = release
        self._ledger = ledger

    def corpus(self, framework: Mapping[str, str], earlier: Earlier | None) -> Corpus:
        """The records of every sheet, their placements, findings and ledger."""
        ledger = self._ledger
        known = dict(names_in(self._books)) or dict(framework)
        passages = Passages()
        incidents, strays = with_sheet_rows(self._incidents(), self._books, passages, ledger, known)
        texts = embedded_texts(before=self._release) if earlier is None else earlier
        incidents = put_back(incidents, strays, texts, ledger)
        later = is_of_later_line(self._books)
        facets = read_later_sheets(self._books) if later else NOTHING
        listed = () if later else self._concepts("techniques", Technique, self._technique)
        techniques = tuple(listed)
        corpus = Corpus(
            release=self._release,
            documents=tuple(book.document for book in self._books),
            phases=() if later else tuple(self._concepts("phases", Phase, lambda row: {"rank": _whole(row["rank"])})),
            tactics=() if later else tuple(self._concepts("tactics", Tactic, self._tactic)),
            **facets._asdict(),
            techniques=techniques or _stubs(incidents, known),
            tasks=tuple(self._concepts("tasks", Task, lambda row: {"tactic": _first(row["tactic_id"], "TA")})),
            counters=tuple(self._concepts("countermeasures", Counter, self._counter)),
            metatechniques=tuple(self._concepts("metatechniques", Metatechnique)),
            response_types=tuple(self._concepts("responsetypes", ResponseType)),
            actor_types=tuple(
                self._concepts("actortypes", ActorType, lambda row: {"sectors": split_ids(row["sector_ids"])})
            ),
            detections=tuple(self._concepts("detections", Detection, self._detection)),
            sectors=tuple(self._concepts("sectors", Sector)),
            incidents=incidents,
            associations=with_association_rows((), self._books, passages, ledger, known),
        )
        corpus = with_sheets(corpus, self._books, ledger)
        report_unread_sheets(self._books, ledger)
        report_names(corpus, known, ledger)
        findings = sorted(set(ledger.findings), key=lambda item: (item.place.line, item.code, item.message))
        return replace(corpus, findings=tuple(findings), ledger=ledger.lines())

    def _concepts(
        self, sheet: str, make: Callable[..., Value], more: Callable[[SheetRow], dict[str, object]] | None = None
    ) -> Iterator[Value]:
        """The records of a sheet in order of id; a row without an id, or with one that stands already, is left out.

        They are booked, and the faults told, where the sheet is compared with what was made of it.
        """
        rows = {identifier_of(row): (book, at, row) for book, at, row in _last_first(self._books, sheet)}
        for identifier, (book, at, row) in sorted(rows.items()):
            if _ID.fullmatch(identifier):
                name = " ".join(row.raw("name").split())
                told = plain_text(row.raw("summary"))
                rest = more(row) if more else {}
                yield make(identifier=identifier, name=name, place=book.place(at, row), summary=told, **rest)

    @staticmethod
    def _tactic(row: SheetRow) -> dict[str, object]:
        return {"rank": _whole(row["rank"]), "phase": _first(row["phase_id"], "P")}

    @staticmethod
    def _technique(row: SheetRow) -> dict[str, object]:
        parent, dot, _ = identifier_of(row).partition(".")
        return {"tactic": _first(row["tactic_id"], "TA"), "parent": parent if dot else None}

    @staticmethod
    def _detection(row: SheetRow) -> dict[str, object]:
        return {
            "tactic": _first(row["tactic"], "TA"),
            "metatechniques": tuple(found for found in split_ids(row["metatechnique"]) if found[0] == "M"),
            "response_type": _first(row["responsetype"], "D"),
        }

    @staticmethod
    def _counter(row: SheetRow) -> dict[str, object]:
        return {
            "tactic": _first(row["tactic"], "TA"),
            "metatechniques": tuple(found for found in split_ids(row["metatechnique"]) if found[0] == "M"),
            "response_type": _first(row["responsetype"], "D"),
            "resources": plain_text(row.raw("resources_needed")),
        }

    def _incidents(self) -> tuple[Incident, ...]:
        """The sheet of incidents; where there is none, the incidents that the rows of techniques name."""
        found: dict[str, Incident] = {}
        self._addresses = AddressSheet(self._books, self._ledger)
        for book, sheet, row in sheet_rows(self._books, "incidents"):
            identifier, place = identifier_of(row), book.place(sheet, row)
            if not re.fullmatch(r"I\d{5}", identifier) or identifier in found:
                self._ledger.count("workbook_incidents_rows", Outcome.REPORTED)
                what = "stands twice" if identifier in found else "has no id of an incident"
                self._report("workbook-row", place, f"{identifier[:20] or 'a row'} {what}", "not loaded")
                continue
            self._ledger.stored("workbook_incidents_rows")
            found[identifier] = self._incident(identifier, row, place)
        self._addresses.close()
        if not found:
            for book, sheet, row in sheet_rows(self._books, SHEET):
                name = row["incident_id"]
                if re.fullmatch(r"I\d{5}", name):
                    found.setdefault(name, Incident(identifier=name, title=name, place=book.place(sheet, row)))
        return tuple(found[identifier] for identifier in sorted(found))

    def _incident(self, identifier: str, row: SheetRow, place: Place) -> Incident:
        return Incident(
            identifier=identifier,
            title=" ".join(row.raw("name").split()),
            place=place,
            summary=plain_text(row.raw("summary")),
            incident_type=or_nothing(row.raw("objecttype")),
            year_started=self._mended(row["year_started"], mended_year, place, identifier),
            attributed_to=self._areas(row["attributions_seen"], place, identifier),
            target_countries=self._areas(row["found_in_country"], place, identifier),
            found_via=or_nothing(row.raw("found_via")),
            date_added=self._mended(row["when_added"], mended_date, place, identifier),
            references=self._references(row.raw("urls"), place, identifier),
        )

    def _value(self, text: str, parse: Callable[[str], Value], place: Place, about: str) -> Value | None:
        if not or_nothing(text):
            return None
        try:
            return parse(text)
        except ValueError as error:
            message, _, fix = str(error).partition("; ")
            self._report("bad-field", place, message, fix, about)
            return None

    def _mended(self, text: str, parse: Callable[[str], tuple[Value, bool]], place: Place, about: str) -> Value | None:
        """The value of a cell; one that had to be worked out is told."""
        found = self._value(text, parse, place, about)
        if found is not None and found[1]:
            self._report("repaired-date", place, f"{text[:20]!r} is read as {found[0]}", f"write {found[0]}", about)
        return found[0] if found is not None else None

    def _areas(self, cell: str, place: Place, about: str) -> tuple[Area, ...]:
        found: dict[Area, None] = {}
        for name in filter(None, map(or_nothing, re.split(r"[,;]", cell))):
            area = resolve_area(name)
            if area is not None:
                found[area] = None
            else:
                self._report("unknown-country", place, f"country {name[:40]!r} is not known", "write its name", about)
            self._ledger.count("country_names", Outcome.STORED if area else Outcome.REPORTED)
        return tuple(found)

    def _references(self, cell: str, place: Place, about: str) -> tuple[Reference, ...]:
        urls: dict[str, None] = {}
        for text in dict.fromkeys(cited_addresses(cell)):
            url = self._value(text, parse_address, place, about)
            self._ledger.count("references", Outcome.STORED if url else Outcome.REPORTED)
            if url:
                urls[url] = None
        cited = (Reference(url=url, ordinal=ordinal, place=place) for ordinal, url in enumerate(urls, 1))
        return tuple(map(self._addresses.completed, cited))

    def _report(self, code: str, place: Place, message: str, fix: str, about: str = "") -> None:
        concerned = (about,) if about else ()
        self._ledger.report(code, place, message, fix=fix, about=concerned, severity=Severity.WARNING)


def _last_first(books: list[Workbook], sheet: str) -> list[tuple[Workbook, Sheet, SheetRow]]:
    # Of two rows with one id the first stands, so it is put into the dict last.
    return list(sheet_rows(books, sheet))[::-1]


def _first(cell: str, prefix: str) -> str | None:
    return next((found for found in split_ids(cell) if found.rstrip("0123456789.") == prefix), None)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _stubs(incidents: tuple[Incident, ...], known: Mapping[str, str]) -> tuple[Technique, ...]:
    """The techniques that the rows and their descriptions name, where the workbook lists none."""
    named: dict[str, Place] = {}
    for incident in incidents:
        for row in incident.workbook_rows:
            groups = row.passage.groups if row.passage is not None else ()
            told = [mention.technique for group in groups for mention in group.mentions]
            for identifier in (*row.techniques, *(found for found in told if found in known)):
                named.setdefault(identifier.partition(".")[0], row.place)
                named.setdefault(identifier, row.place)
    return tuple(
        Technique(
            identifier=identifier,
            name=known.get(identifier, identifier),
            place=place,
            parent=identifier.partition(".")[0] if "." in identifier else None,
        )
        for identifier, place in sorted(named.items())
    )
