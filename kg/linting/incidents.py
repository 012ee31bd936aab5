"""Rules about incidents: what their pages and rows leave out, say twice, or say in another way than the rest."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kg.linting.agreement import pairs
from kg.linting.release import Fault
from kg.model import Place
from kg.sources.markdown import parse_link, split_id
from kg.sources.values import or_nothing, split_countries
from kg.text import digest, find_mentions, plain_text
from kg.text.countries import resolve_area

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release
    from kg.sources.markdown import Page, Row

INCIDENT_TYPES = ("apt", "campaign", "incident")
_FIELDS = ("incident type", "year started", "countries", "date added")
_FLOAT_YEAR = re.compile(r"\d{4}\.0+")


def year_form(release: Release) -> Iterator[Fault]:
    """A year printed as a decimal number: 2016.0."""
    for page in release.pages.get("Incident", ()):
        text = page.value("year started")
        if _FLOAT_YEAR.fullmatch(text):
            place = Place(page.name, page.line("year started"))
            yield Fault(place, f"the year is written {text!r}", f"write {text[:4]}", (page.identifier,))
    for file, index in release.indexes.values():
        for entry in index.entries:
            text = entry.text("year_started")
            if _FLOAT_YEAR.fullmatch(text):
                fault = Fault(Place(file, entry.line), f"the year is written {text!r}", f"write {text[:4]}")
                yield fault._replace(about=(entry.identifier,))


def unfilled_fields(release: Release) -> Iterator[Fault]:
    """An incident that leaves fields of its page empty."""
    for page in release.pages.get("Incident", ()):
        empty = [label for label in _FIELDS if not or_nothing(page.value(label).strip(" ,"))]
        if not page.value("summary"):
            empty.insert(0, "summary")
        if empty:
            line = page.line(empty[0])
            yield Fault(Place(page.name, line), f"{', '.join(empty)}: empty", "fill them in", (page.identifier,))


def incident_type(release: Release) -> Iterator[Fault]:
    """An incident of a type that is none of incident, campaign, apt."""
    known = ", ".join(INCIDENT_TYPES)
    for page in release.pages.get("Incident", ()):
        text = or_nothing(page.value("incident type"))
        if text and text.casefold() not in INCIDENT_TYPES:
            place = Place(page.name, page.line("incident type"))
            yield Fault(place, f"the type {text[:40]!r} is none of {known}", "use one of them", (page.identifier,))


def countries_form(release: Release) -> Iterator[Fault]:
    """A field of countries without the mark between who did it and where: all names would be taken for who did it."""
    for page in release.pages.get("Incident", ()):
        value = page.value("countries").replace("\u00a0", " ")
        if value and " , " not in f" {value} ":
            place = Place(page.name, page.line("countries"))
            fix = "write 'who did it , where it was found'"
            yield Fault(place, "the countries have no ' , ' between them", fix, (page.identifier,))


def country_spelling(release: Release) -> Iterator[Fault]:
    """A country spelt otherwise than elsewhere in the release, or with its blank lost: US and USA, SaudiArabia."""
    found = [
        (place, identifier, name, area.name)
        for place, identifier, names in _countries(release)
        for name in names
        if (area := resolve_area(name)) is not None
    ]
    spelt: dict[str, Counter[str]] = {}
    for _, _, name, country in found:
        spelt.setdefault(country, Counter())[name] += 1
    usual = {country: _commonest(counts) for country, counts in spelt.items()}
    for place, identifier, name, country in found:
        lost_blank = " " in country and name == country.replace(" ", "")
        right = country if lost_blank else usual[country]
        if name != right:
            why = "its blank is lost" if lost_blank else f"{spelt[country][right]} times it is {right!r}"
            yield Fault(place, f"country {name[:40]!r}: {why}", f"write {right}", (identifier,))


def _countries(release: Release) -> Iterator[tuple[Place, str, tuple[str, ...]]]:
    """Each field or cell of countries: its place, the incident, the names."""
    for page in release.pages.get("Incident", ()):
        for side in split_countries(page.value("countries")):
            yield Place(page.name, page.line("countries")), page.identifier, side
    for entry in release.entries("incidents"):
        for column in ("attributions_seen", "found_in_country"):
            yield entry.place(column), entry.identifier, split_countries(f"{entry.text(column)} , ")[0]


def _commonest(counts: Counter[str]) -> str:
    """The commonest spelling; of equally common ones the longer, for "Saudi Arabia" says more than "SA"."""
    return max(counts, key=lambda name: (counts[name], len(name), name))


def repeated_row(release: Release) -> Iterator[Fault]:
    """A row that says the same technique with the same description as a row above it."""
    first: dict[tuple[str, str, str], int] = {}
    texts: dict[str, str] = {}
    for page, row, technique, cell in _rows(release):
        text = texts.get(cell) or texts.setdefault(cell, digest(plain_text(cell)))
        line = first.setdefault((page.name, technique, text), row.line)
        if technique and line != row.line:
            message = f"{technique} stands twice with the same description, first in line {line}"
            yield Fault(Place(page.name, row.line), message, "delete the row", (page.identifier, technique))


def no_techniques(release: Release) -> Iterator[Fault]:
    """An incident without any technique."""
    for page in release.pages.get("Incident", ()):
        if not page.rows("technique"):
            yield Fault(Place(page.name, 1), "no technique is listed", "list what was used", (page.identifier,))


def no_references(release: Release) -> Iterator[Fault]:
    """An incident without any reference, so that nobody can look it up."""
    for page in release.pages.get("Incident", ()):
        if not page.rows("reference"):
            yield Fault(Place(page.name, 1), "no reference is given", "cite an article", (page.identifier,))


def untagged_description(release: Release) -> Iterator[Fault]:
    """A row whose description names no technique at all, so that nothing ties it to its row."""
    tags: dict[str, bool] = {}
    for page, row, technique, cell in _rows(release):
        if cell and not tags.setdefault(cell, any(find_mentions(plain_text(cell)))):
            message = f"the description of {technique} tags no technique"
            place = Place(page.name, row.line)
            yield Fault(place, message, f"tag it where it is told: ({technique}: ...)", (page.identifier, technique))


def tag_without_row(release: Release) -> Iterator[Fault]:
    """A technique tagged in an incident's text, in a group, that has no row of its own."""
    corpus = release.corpus
    known = release.names.get("Technique", {})
    held = {(pair.incident, pair.technique) for pair in pairs(release)}
    for incident in corpus.incidents if corpus else ():
        rowed = {row.technique for row in incident.rows}
        told: set[str] = set()
        for row in incident.rows:
            for group in row.passage.groups if row.passage and not row.suspect else ():
                for mention in group.mentions:
                    found = mention.technique
                    if found in rowed or found in told or (known and found not in known):
                        continue
                    # What the workbook has and the page lost is another fault.
                    if (incident.identifier, found) in held:
                        continue
                    told.add(found)
                    message = f"{found} is tagged in the text of {row.technique}, but has no row"
                    yield Fault(row.place, message, f"add a row for {found}", (incident.identifier, found))


def shared_reference(release: Release) -> Iterator[Fault]:
    """An article cited by two incidents, which may be one."""
    first: dict[str, str] = {}
    for page in release.pages.get("Incident", ()):
        for row in page.rows("reference"):
            link = parse_link(row.cells[0]) if row.cells else None
            address = or_nothing(link[1] if link else "")
            if not address:
                continue
            other = first.setdefault(address, page.identifier)
            if other != page.identifier:
                message = f"the article is cited by {other} as well"
                fix = "one incident of the two may be enough"
                yield Fault(Place(page.name, row.line), message, fix, (page.identifier, other))


def _rows(release: Release) -> Iterator[tuple[Page, Row, str, str]]:
    """The technique rows of the incidents: page, row, id, description as it stands."""
    for page in release.pages.get("Incident", ()):
        for row in page.rows("technique"):
            if len(row.cells) > 1:
                link = parse_link(row.cells[0])
                yield page, row, split_id(link[0] if link else row.cells[0])[0], row.cells[1]
