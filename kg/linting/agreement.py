"""Rules that lay a workbook beside the pages made from it: what never reached them, and what they say otherwise."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.linting.release import SHEETS, Fault
from kg.model import Place
from kg.sources.incidents import split_upstream_id
from kg.sources.markdown import parse_link, split_id
from kg.sources.values import or_nothing, split_ids
from kg.text import digest, plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Entry, Linked, Release
    from kg.sources.markdown import Page

_ID_COLUMNS = ("technique_ids", "technique_id")
_COMPARED: dict[str, dict[str, tuple[str, ...]]] = {
    "Tactic": {"phase_id": ("belongs to phase",)},
    "Technique": {"tactic_id": ("tactic", "belongs to tactic stage", "belongs to tactic")},
    "Task": {"tactic_id": ("belongs to tactic stage", "belongs to tactic")},
    "Incident": {
        "objecttype": ("incident type",),
        "year_started": ("year started",),
        "when_added": ("date added",),
        "found_via": ("found via",),
    },
}
"""Kind -> column of the sheet -> labels of the field it becomes."""


class Pair(NamedTuple):
    """A technique of an incident as the workbook has it; ``blank`` where a blank stands beside the id in its cell.

    ``again`` says that a row above names the same pair, with a description of its own.
    """

    entry: Entry
    column: str
    incident: str
    technique: str
    blank: bool
    again: bool = False

    @property
    def text(self) -> str:
        """The description of its row, as it stands."""
        return self.entry.row.raw("name") or self.entry.row.raw("summary")


def pairs(release: Release) -> Iterator[Pair]:
    """Every incident-technique pair of the workbook whose two ids exist, each once, in the order of the rows."""
    return (pair for pair in told_pairs(release) if not pair.again)


def told_pairs(release: Release) -> Iterator[Pair]:
    """The same, and again for every further row that names the pair with another description."""
    techniques, incidents = (release.names.get(kind, {}) for kind in ("Technique", "Incident"))
    seen: dict[tuple[str, str], set[str]] = {}
    for entry in release.entries("incidenttechniques"):
        column = next((name for name in _ID_COLUMNS if name in entry.sheet.columns), "")
        incident = entry.text("incident_id")
        for part in entry.row.raw(column).split(",") if column else ():
            technique = part.strip()
            if incident not in incidents or technique not in techniques:
                continue
            pair = Pair(entry, column, incident, technique, part != technique, (incident, technique) in seen)
            texts = seen.setdefault((incident, technique), set())
            if not pair.again or pair.text.strip() not in texts:
                texts.add(pair.text.strip())
                yield pair


def dropped_pair(release: Release) -> Iterator[Fault]:
    """A pair of the workbook that its page lacks, or will lack: an id beside a blank is lost when pages are made."""
    pages = {page.identifier: page for page in release.pages.get("Incident", ())}
    for pair in pairs(release):
        page = pages.get(pair.incident)
        if page is not None and pair.technique in _listed(page):
            continue
        if page is None and not pair.blank:
            continue
        lost = "never reaches its page" if page is not None else "will not reach its page"
        why = ": a blank stands before its id, and pages are made by splitting at ','" if pair.blank else ""
        fix = "remove the blank and make the pages anew" if pair.blank else "make the pages anew"
        about = (pair.incident, pair.technique)
        yield Fault(
            pair.entry.place(pair.column), f"{pair.incident} uses {pair.technique}, which {lost}{why}", fix, about
        )


def pair_not_in_workbook(release: Release) -> Iterator[Fault]:
    """A technique row of a page that the workbook does not have."""
    if not release.entries("incidenttechniques"):
        return
    known = {(pair.incident, pair.technique) for pair in pairs(release)}
    rows = {entry.text("incident_id") for entry in release.entries("incidenttechniques")}
    for item in release.linked:
        pair = (item.page.identifier, item.identifier)
        if item.page.kind == "Incident" and item.column == "technique" and pair not in known and rows:
            message = f"the row {item.identifier} is not in the sheet incidenttechniques"
            yield Fault(item.place, message, "add it to the workbook, or make the page anew", pair)


def dropped_reference(release: Release) -> Iterator[Fault]:
    """An address of an incident that the sheet of addresses does not hold: the reference never reaches the page."""
    pages = {page.identifier: page for page in release.pages.get("Incident", ())}
    held = {entry.text("url_id") for entry in release.entries("urls")}
    for entry in release.entries("incidents"):
        page = pages.get(entry.identifier)
        cited = _cited(page) if page is not None else held
        for address in addresses(entry):
            if address.rstrip(",;") in cited or address in cited or (page is None and not release.entries("urls")):
                continue
            why = "" if address in held else ", for the sheet urls has no row of it"
            lost = "never reaches its page" if page is not None else "will not reach its page"
            message = f"a reference of {entry.identifier} {lost}{why}: {_host(address)}"
            fix = "make the page anew" if address in held else "add the address to the sheet urls"
            yield Fault(entry.place("urls"), message, fix, (entry.identifier,))


def unused_address(release: Release) -> Iterator[Fault]:
    """A row of the sheet of addresses that no incident cites."""
    cited = {address for entry in release.entries("incidents") for address in addresses(entry)}
    for entry in release.entries("urls") if cited else ():
        if entry.text("url_id") and entry.text("url_id") not in cited:
            yield Fault(
                entry.place("url_id"),
                f"no incident cites this address ({_host(entry.text('url_id'))})",
                "cite or delete it",
            )


def page_differs(release: Release) -> Iterator[Fault]:
    """A page that says otherwise than the workbook it is made from."""
    for entry, kind, page in _made(release):
        if page is None:
            continue
        for column, label in _fields(kind, page):
            given, shown = entry.text(column), page.title if label == "title" else page.value(label)
            if column in entry.sheet.columns and not _agree(given, shown, ids=column.endswith("_id")):
                place = Place(page.name, page.line(label))
                message = f"{label} differs from {column} in the workbook ({entry.place(column).cell})"
                yield Fault(place, message, "make the page anew", (page.identifier,))
        if kind == "Incident" and {"attributions_seen", "found_in_country"} <= set(entry.sheet.columns):
            given = f"{entry.text('attributions_seen')} , {entry.text('found_in_country')}"
            if not _agree(given.strip(" ,"), page.value("countries").strip(" ,"), ids=False):
                place = Place(page.name, page.line("countries"))
                yield Fault(place, "countries differ from the workbook", "make the page anew", (page.identifier,))


def description_differs(release: Release) -> Iterator[Fault]:
    """A technique row of a page that tells otherwise than the row of the workbook it is made from."""
    told: dict[tuple[str, str], set[str]] = {}
    for pair in told_pairs(release):
        told.setdefault((pair.incident, pair.technique), set()).add(digest(plain_text(pair.text)))
    for key, item, text in _described(release) if told else ():
        if key in told and text not in told[key]:
            message = f"the description of {item.identifier} differs from that of the workbook"
            yield Fault(item.place, message, "make the page anew", key)


def dropped_description(release: Release) -> Iterator[Fault]:
    """A second description that the workbook has for a pair and its page lacks, as it lacks every id beside a blank."""
    shown: dict[tuple[str, str], set[str]] = {}
    for key, _, text in _described(release):
        shown.setdefault(key, set()).add(text)
    told: dict[tuple[str, str], dict[str, Pair]] = {}
    for pair in told_pairs(release):
        told.setdefault((pair.incident, pair.technique), {}).setdefault(digest(plain_text(pair.text)), pair)
    for key, texts in told.items():
        missing = [pair for text, pair in texts.items() if text not in shown.get(key, ())]
        for pair in missing[: max(len(texts) - len(shown.get(key, ())), 0)] if key in shown else ():
            message = f"{pair.incident} uses {pair.technique}, and this description of it never reaches its page"
            fix = "remove the blank and make the pages anew" if pair.blank else "make the pages anew"
            yield Fault(pair.entry.place(pair.column), message, fix, key)


def _described(release: Release) -> Iterator[tuple[tuple[str, str], Linked, str]]:
    """The technique rows of the pages of incidents: incident and technique, the row, the hash of its description."""
    for item in release.linked:
        if (item.page.kind, item.column) == ("Incident", "technique") and len(item.row.cells) > 1:
            # Until 1.6 the id of the workbook's row stood before its text.
            text = digest(plain_text(split_upstream_id(item.row.cells[1])[1]))
            yield (item.page.identifier, item.identifier), item, text


def row_without_page(release: Release) -> Iterator[Fault]:
    """A row of a sheet whose page is missing or not in the index."""
    for entry, kind, page in _made(release):
        if page is None and entry.identifier and release.pages.get(kind):
            message = f"{entry.identifier} has no page in this release"
            yield Fault(entry.place("disarm_id"), message, "make the pages anew", (entry.identifier,))


def page_without_row(release: Release) -> Iterator[Fault]:
    """A page of the release that no row of its sheet stands behind."""
    for sheet, kind in SHEETS.items():
        entries = release.entries(sheet)
        held = {entry.identifier for entry in entries}
        for page in release.pages.get(kind, ()) if entries else ():
            if page.identifier not in held:
                message = f"{page.identifier} is in no row of the sheet {sheet}"
                yield Fault(Place(page.name, 1), message, "add the row or delete the page", (page.identifier,))


def _made(release: Release) -> Iterator[tuple[Entry, str, Page | None]]:
    """Each row of a sheet that pages are made from, with its kind and its page."""
    for sheet, kind in SHEETS.items():
        pages = {page.identifier: page for page in release.pages.get(kind, ())}
        for entry in release.entries(sheet) if pages else ():
            yield entry, kind, pages.get(entry.identifier)


def _fields(kind: str, page: Page) -> Iterator[tuple[str, str]]:
    """The columns of a kind's sheet with the label of the field each becomes on this page."""
    yield "name", "title"
    yield "summary", "summary"
    for column, labels in _COMPARED.get(kind, {}).items():
        label = next((found for found in labels if found in page.fields), None)
        if label is not None:
            yield column, label


def _agree(given: str, shown: str, *, ids: bool) -> bool:
    left, right = (" ".join(plain_text(text).split()) for text in (given, shown))
    if left == right or re.sub(r"\.0+$", "", left) == re.sub(r"\.0+$", "", right):
        return True
    return ids and split_ids(left) == split_ids(right)


def _listed(page: Page) -> set[str]:
    links = (parse_link(row.cells[0]) for row in page.rows("technique") if row.cells)
    return {split_id(link[0])[0] for link in links if link is not None}


def _cited(page: Page) -> set[str]:
    links = (parse_link(row.cells[0]) for row in page.rows("reference") if row.cells)
    return {or_nothing(link[1]) for link in links if link is not None}


def addresses(entry: Entry) -> list[str]:
    """The addresses in the cell ``urls`` of an incident."""
    return [address for address in entry.text("urls").split() if or_nothing(address)]


def _host(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?", "", address).partition("/")[0][:60]
