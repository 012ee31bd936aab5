"""Rules about the framework's own pages: tactics, parents, associations, summaries, indexes."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from typing import TYPE_CHECKING

from kg.lineage.states import name_key
from kg.linting.following import successor
from kg.linting.release import Fault
from kg.model import Place
from kg.sources.values import or_nothing, split_ids
from kg.text import digest, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release
    from kg.sources.markdown import Page

_TACTIC_LABELS = ("tactic", "belongs to tactic stage", "belongs to tactic")
_PREFIX_KINDS = {
    "TA": "Tactic",
    "P": "Phase",
    "M": "Metatechnique",
    "TK": "Task",
    "I": "Incident",
    "C": "Counter",
    "A": "Actor",
}
_FEW_WORDS = 40
_RARE = 10
_LABELS = (
    *("summary", "incident type", "year started", "countries", "found via", "date added", "tactic", "parent technique"),
    *("belongs to tactic stage", "belongs to tactic", "belongs to phase", "playbooks", "metatechnique"),
    *("resources needed", "sector", "viewpoint", "category", "group", "parent observation", "parent assessment"),
)
"""The labels of the fields of all releases."""


def tactic_mismatch(release: Release) -> Iterator[Fault]:
    """A sub-technique under another tactic than its parent."""
    tactics = dict(_tactics(release))
    for identifier, (tactic, place) in tactics.items():
        parent = identifier.partition(".")[0]
        if parent == identifier or parent not in tactics or tactics[parent][0] == tactic or not tactic:
            continue
        message = f"{identifier} is under {tactic}, its parent {parent} under {tactics[parent][0] or 'no tactic'}"
        yield Fault(place, message, "put both under one tactic", (identifier, parent))


def parent_mismatch(release: Release) -> Iterator[Fault]:
    """A sub-technique whose parent is not the one its id says, or that names none."""
    for page in release.pages.get("Technique", ()):
        said = split_ids(page.value("parent technique"))
        expected = page.identifier.partition(".")[0]
        if expected == page.identifier:
            if said:
                message = f"{page.identifier} has the parent {said[0]}, and an id without one"
                yield Fault(
                    _at(page, "parent technique"), message, "give it an id below its parent", (page.identifier,)
                )
        elif said and said[0] != expected:
            message = f"{page.identifier} has the parent {said[0]}; its id says {expected}"
            yield Fault(_at(page, "parent technique"), message, f"write {expected}", (page.identifier, said[0]))


def unknown_id(release: Release) -> Iterator[Fault]:
    """A field of a page that names a tactic, phase, metatechnique or incident that does not exist."""
    for pages in release.pages.values():
        for page in pages:
            for label, found in page.fields.items():
                if label in {"summary", "parent technique"}:
                    continue
                for identifier in split_ids(found.value):
                    if _is_unknown(release, identifier):
                        message = f"{label} names {identifier}, which does not exist"
                        yield Fault(
                            Place(page.name, found.line), message, "use an id of this release", (page.identifier,)
                        )
    for item in release.linked:
        if _is_unknown(release, item.identifier):
            message = f"the row names {item.identifier}, which does not exist"
            yield Fault(item.place, message, "use an id of this release", (item.page.identifier, item.identifier))


def retired_technique(release: Release) -> Iterator[Fault]:
    """A counter or an association that names a technique which does not exist in this release."""
    known = release.names.get("Technique", {})
    for item in release.linked:
        is_technique = re.fullmatch(r"T\d[\d.]*", item.identifier) is not None
        if is_technique and known and item.identifier not in known and item.page.kind != "Incident":
            message = f"{item.page.identifier} names {item.identifier}, which does not exist in this release"
            fix = successor(item.identifier, known, item.name)
            yield Fault(item.place, message, fix, (item.page.identifier, item.identifier))


def self_association(release: Release) -> Iterator[Fault]:
    """A technique associated with itself."""
    for item in release.linked:
        if item.column == "associated technique" and item.identifier == item.page.identifier:
            message = f"{item.identifier} is associated with itself"
            yield Fault(item.place, message, "delete the row", (item.identifier,))


def one_sided_association(release: Release) -> Iterator[Fault]:
    """An association that stands on the page of one technique and not of the other."""
    rows = [item for item in release.linked if item.column == "associated technique"]
    pairs = {(item.page.identifier, item.identifier) for item in rows}
    for item in rows:
        here, there = item.page.identifier, item.identifier
        if (there, here) not in pairs and there in release.names.get("Technique", {}):
            message = f"{here} is associated with {there}, but {there} not with {here}"
            yield Fault(item.place, message, f"add the row to {there}, where it holds both ways", (here, there))


def repeated_association(release: Release) -> Iterator[Fault]:
    """An association, or any other link, that a table lists twice."""
    first: dict[tuple[str, str, str], int] = {}
    for item in release.linked:
        if (item.page.kind, item.column) == ("Incident", "technique") or item.column in {"reference", "incident"}:
            continue
        line = first.setdefault((item.page.name, item.column, item.identifier), item.row.line)
        if line != item.row.line:
            message = f"{item.identifier} is listed twice, first in line {line}"
            yield Fault(item.place, message, "delete the row", (item.page.identifier, item.identifier))


def no_summary(release: Release) -> Iterator[Fault]:
    """An object of the framework without a summary."""
    for kind, pages in release.pages.items():
        for page in pages:
            if kind != "Incident" and not page.value("summary"):
                yield Fault(
                    _at(page, "summary"), f"{page.identifier} has no summary", "say what it is", (page.identifier,)
                )


def repeated_summary(release: Release) -> Iterator[Fault]:
    """Two objects of one kind with the same summary, word for word."""
    for pages in release.pages.values():
        first: dict[str, str] = {}
        for page in pages:
            text = plain_text(page.value("summary"))
            if len(text) < _FEW_WORDS:
                continue
            other = first.setdefault(digest(text), page.identifier)
            if other != page.identifier:
                message = f"{page.identifier} has the summary of {other}, word for word"
                yield Fault(_at(page, "summary"), message, "say what sets it apart", (page.identifier, other))


def duplicate_name(release: Release) -> Iterator[Fault]:
    """Two incidents, counters, tasks ... with one name; those of techniques are found by the reader."""
    for kind, pages in release.pages.items():
        first: dict[str, str] = {}
        for page in pages if kind != "Technique" else ():
            other = first.setdefault(name_key(page.title), page.identifier) if page.title else page.identifier
            if other != page.identifier:
                message = f"{page.identifier} has the same name as {other}"
                fix = "they may be one thing; else tell them apart by name"
                yield Fault(Place(page.name, 1), message, fix, (page.identifier, other))


def index_differs(release: Release) -> Iterator[Fault]:
    """A row of an index that says of a thing what its page does not: another summary, tactic, phase."""
    columns = {"summary": ("summary",), "tactic_id": _TACTIC_LABELS, "phase_id": ("belongs to phase",)}
    columns |= {"metatechnique": ("metatechnique",), "sector_ids": ("sector",), "objecttype": ("incident type",)}
    for kind, (file, index) in release.indexes.items():
        pages = {page.identifier: page for page in release.pages.get(kind, ())}
        for entry in index.entries:
            page = pages.get(entry.identifier)
            for column, labels in columns.items() if page else ():
                label = next((found for found in labels if page and found in page.fields), None)
                if page is None or label is None or column not in entry.columns:
                    continue
                given, there = entry.text(column), plain_text(page.value(label))
                if not _agree(given, there):
                    message = f"{column} of {entry.identifier} differs from {label} of its page"
                    fix = "make the index and the pages anew from one workbook"
                    yield Fault(Place(file, entry.line), message, fix, (entry.identifier,))


def unknown_field(release: Release) -> Iterator[Fault]:
    """A field whose label hardly any page of its kind has: it is misspelt, and the field that was meant is missing."""
    for pages in release.pages.values():
        labels = Counter(label for page in pages for label in page.fields)
        for page in pages:
            for label, found in page.fields.items():
                known = label in _LABELS or labels[label] * _RARE > len(pages) + _RARE
                if not known:
                    near = difflib.get_close_matches(label, _LABELS, n=1)
                    fix = f"did you mean {near[0]!r}?" if near else "use a label of the other pages"
                    place = Place(page.name, found.line)
                    yield Fault(place, f"the field {label[:40]!r} is not one of its kind", fix, (page.identifier,))


def file_name(release: Release) -> Iterator[Fault]:
    """A page whose file is not named after its id."""
    for pages in release.pages.values():
        for page in pages:
            base = page.name.rpartition("/")[2]
            if base != f"{page.identifier}.md" and release.folder:
                message = f"the page of {page.identifier} is in the file {base[:60]!r}"
                yield Fault(Place(page.name, 1), message, f"name it {page.identifier}.md", (page.identifier,))


def _agree(given: str, there: str) -> bool:
    left, right = " ".join(given.split()), " ".join(there.split())
    # An id with its name behind it says no more than the id.
    return left == right or (bool(left) and split_ids(left) == split_ids(right) != ())


def _tactics(release: Release) -> Iterator[tuple[str, tuple[str, Place]]]:
    """Technique -> the id of its tactic and where it is said: from the pages, else from the workbook."""
    pages = release.pages.get("Technique", ())
    for page in pages:
        label = next((found for found in _TACTIC_LABELS if found in page.fields), "tactic")
        ids = split_ids(page.value(label))
        yield page.identifier, (ids[0] if ids else "", _at(page, label))
    for entry in release.entries("techniques") if not pages else ():
        if entry.identifier:
            yield entry.identifier, (or_nothing(entry.text("tactic_id")), entry.place("tactic_id"))


def _is_unknown(release: Release, identifier: str) -> bool:
    # An assessment of 2.0 (A0001.001) is no actor type.
    match = re.match(r"(?!A\d{4})[A-Z]+", identifier)
    kind = _PREFIX_KINDS.get(match[0]) if match else None
    return kind is not None and kind in release.names and identifier not in release.names[kind]


def _at(page: Page, label: str) -> Place:
    return Place(page.name, page.line(label))
