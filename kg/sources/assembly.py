"""From a set of pages to one corpus: what the indexes list is stored, what they do not is reported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.model import Corpus, Detection, Outcome, Place, ResponseType, Sector, Technique
from kg.sources import framework as read
from kg.sources.association_sheet import with_association_rows
from kg.sources.bundle_beside import with_bundles
from kg.sources.checks import find_long_prose, report_names, report_one_sided, report_passages, report_references
from kg.sources.facets import read_later_kinds
from kg.sources.incident_sheet import with_incident_rows
from kg.sources.incidents import IncidentReader
from kg.sources.ledger import Ledger
from kg.sources.passages import Passages
from kg.sources.placement import put_back
from kg.sources.sheet_account import report_unread_sheets
from kg.sources.sheet_rows import with_sheet_rows
from kg.sources.sheets import with_sheets
from kg.sources.structure import with_structure
from kg.sources.values import is_later_id, split_ids

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import ActorType, Counter, Incident, Tactic
    from kg.sources.index import Index, IndexEntry
    from kg.sources.markdown import Page
    from kg.sources.pages import PageSet


def assemble(pages: PageSet) -> Corpus:
    """Turn pages and indexes into records, check them against one another, and close the ledger."""
    ledger, passages = pages.ledger, Passages()
    kept = {kind: _listed(pages, kind) for kind in pages.pages}
    phase_rank = _rank_in_index(pages, "Phase", kept["Phase"])
    phases = tuple(read.phase_record(page, phase_rank[page.identifier]) for page in kept["Phase"])
    tactics = _tactics(pages, kept["Tactic"], phase_rank)
    techniques = tuple(read.technique_record(page, ledger) for page in kept["Technique"])
    known = {technique.identifier: technique.name for technique in techniques} or dict(pages.framework)
    responses = _response_types_of_counters(pages)
    counters = tuple(read.counter_record(page, responses.get(page.identifier), ledger) for page in kept["Counter"])
    actor_types = tuple(read.actor_type_record(page) for page in kept["Actor"])
    later = read_later_kinds(kept, _rank_in_index(pages, "Group", kept["Group"]), ledger)
    reader = IncidentReader(passages, ledger, known)
    incidents = tuple(reader.read(page) for page in kept["Incident"])
    incidents = with_incident_rows(incidents, pages.books, ledger)
    incidents = put_back(*with_sheet_rows(incidents, pages.books, passages, ledger, known), pages.earlier, ledger)
    associations = tuple(
        found for page in kept["Technique"] for found in read.association_records(page, passages, ledger)
    )
    associations = with_association_rows(associations, pages.books, passages, ledger, known)
    corpus = Corpus(
        release=pages.release,
        phases=phases,
        tactics=tactics,
        techniques=techniques or technique_stubs(incidents, known),
        tasks=tuple(read.task_record(page, ledger) for page in kept["Task"]),
        counters=counters,
        metatechniques=tuple(read.metatechnique_record(page) for page in kept["Metatechnique"]),
        response_types=tuple(_response_type(name, entry) for name, entry in _entries(pages, "Response type")),
        detections=tuple(_detection(name, entry) for name, entry in _entries(pages, "Detection")),
        actor_types=actor_types,
        sectors=_sectors(counters, actor_types),
        **later._asdict(),
        left_over=_left_over(pages, kept["Technique"]),
        incidents=incidents,
        associations=associations,
    )
    corpus = with_sheets(corpus, pages.books, ledger)
    report_unread_sheets(pages.books, ledger)
    corpus = with_structure(corpus, pages.books, pages.bundles, ledger)
    corpus = with_bundles(corpus, pages.bundles, ledger)
    report_names(corpus, known, ledger)
    report_passages(corpus, known, ledger)
    ledger.findings.extend(find_long_prose(corpus.incidents))
    report_references(corpus, ledger)
    report_one_sided(corpus, kept, ledger)
    return _closed(corpus, pages)


def _closed(corpus: Corpus, pages: PageSet) -> Corpus:
    pages.ledger.close()
    findings = sorted(
        set(pages.ledger.findings), key=lambda item: (item.place.file, item.place.line, item.code, item.message)
    )
    read = [*pages.documents, *(book.document for book in pages.books)]
    read += [document for bundle in pages.bundles for document in bundle.documents]
    documents = tuple(sorted(read, key=lambda document: document.path))
    return replace(corpus, documents=documents, findings=tuple(findings), ledger=pages.ledger.lines())


def _listed(pages: PageSet, kind: str) -> list[Page]:
    """The pages of a kind that its index lists, in order of id; the others and the empty entries are reported."""
    found = pages.pages[kind]
    booked = f"{kind.lower()}_pages"
    if not found and kind not in pages.indexes:
        return []
    if kind not in pages.indexes:
        pages.ledger.stored(booked, len(found))
        return [found[identifier] for identifier in sorted(found)]
    name, index = pages.indexes[kind]
    listed = _unique(pages, kind, name, index)
    for identifier, page in sorted(found.items()):
        if identifier in listed:
            continue
        blank = not page.title and not page.value("summary")
        what = "blank and " if blank else ""
        pages.ledger.count(booked, Outcome.REPORTED)
        for column, table in page.tables.items():
            pages.ledger.count(read.row_kind(kind, column), Outcome.REPORTED, len(table.rows))
        pages.ledger.report(
            "orphan-page",
            Place(page.name, 1),
            f"{identifier} is {what}not in {name}; not loaded",
            fix="list it in the index or delete the page",
            about=(identifier,),
        )
    for identifier, entry in sorted(listed.items()):
        if identifier not in found:
            pages.ledger.report(
                "index-without-page", Place(name, entry.line), f"{identifier} has no page", about=(identifier,)
            )
    kept = [found[identifier] for identifier in sorted(found) if identifier in listed]
    if kept:
        pages.ledger.stored(booked, len(kept))
    return kept


def _left_over(pages: PageSet, kept: list[Page]) -> tuple[Technique, ...]:
    """The techniques of the pages that the index does not list; these are booked as reported already."""
    listed, unbooked = {page.identifier for page in kept}, Ledger()
    left = (page for identifier, page in sorted(pages.pages["Technique"].items()) if identifier not in listed)
    return tuple(read.technique_record(page, unbooked) for page in left)


def _unique(pages: PageSet, kind: str, name: str, index: Index) -> dict[str, IndexEntry]:
    booked = f"{kind.lower().replace(' ', '_')}_index_rows"
    listed: dict[str, IndexEntry] = {}
    for entry in index.entries:
        if entry.identifier in listed:
            pages.ledger.count(booked, Outcome.REPORTED)
            message = f"{entry.identifier} is listed twice"
            pages.ledger.report("duplicate-index-row", Place(name, entry.line), message, about=(entry.identifier,))
        else:
            pages.ledger.stored(booked)
            listed[entry.identifier] = entry
    for line in index.faulty_lines:
        pages.ledger.count(booked, Outcome.REPORTED)
        pages.ledger.report("bad-index-row", Place(name, line), "the row names no id")
    return listed


def _entries(pages: PageSet, kind: str) -> list[tuple[str, IndexEntry]]:
    """The rows of an index whose kind has no pages."""
    if kind not in pages.indexes:
        return []
    name, index = pages.indexes[kind]
    return [(name, entry) for _, entry in sorted(_unique(pages, kind, name, index).items())]


def _rank_in_index(pages: PageSet, kind: str, kept: list[Page]) -> dict[str, int]:
    """The 1-based place of each id: as its index lists them, else in order of id."""
    if kind in pages.indexes:
        order = list(dict.fromkeys(entry.identifier for entry in pages.indexes[kind][1].entries))
    else:
        order = [page.identifier for page in kept]
    return {identifier: rank for rank, identifier in enumerate(order, 1)}


def _tactics(pages: PageSet, kept: list[Page], phase_rank: dict[str, int]) -> tuple[Tactic, ...]:
    """Tactics in the order of their phases, then of their ids: pages carry no finer order of the kill chain."""
    unranked = [read.tactic_record(page, 0, pages.ledger) for page in kept]
    last = len(phase_rank) + 1
    ordered = sorted(unranked, key=lambda tactic: (phase_rank.get(tactic.phase or "", last), tactic.identifier))
    ranks = {tactic.identifier: rank for rank, tactic in enumerate(ordered, 1)}
    return tuple(replace(tactic, rank=ranks[tactic.identifier]) for tactic in unranked)


def _response_types_of_counters(pages: PageSet) -> dict[str, str]:
    """Counter to response type, as the index of counters gives it."""
    if "Counter" not in pages.indexes:
        return {}
    found: dict[str, str] = {}
    for entry in pages.indexes["Counter"][1].entries:
        ids = [identifier for identifier in split_ids(entry.text("responsetype")) if identifier[0] == "D"]
        if ids:
            found.setdefault(entry.identifier, ids[0])
    return found


def _response_type(name: str, entry: IndexEntry) -> ResponseType:
    return ResponseType(
        identifier=entry.identifier,
        name=entry.text("name"),
        place=Place(name, entry.line),
        summary=entry.text("summary"),
    )


def _detection(name: str, entry: IndexEntry) -> Detection:
    tactics = [found for found in split_ids(entry.text("tactic")) if found.startswith("TA")]
    responses = [found for found in split_ids(entry.text("responsetype")) if found.startswith("D")]
    return Detection(
        identifier=entry.identifier,
        name=entry.text("name"),
        place=Place(name, entry.line),
        summary=entry.text("summary"),
        tactic=tactics[0] if tactics else None,
        response_type=responses[0] if responses else None,
        metatechniques=tuple(found for found in split_ids(entry.text("metatechnique")) if found[0] == "M"),
    )


def _sectors(counters: Iterable[Counter], actor_types: Iterable[ActorType]) -> tuple[Sector, ...]:
    places: dict[str, Place] = {}
    named = [(item.sectors, item.place) for item in actor_types] + [(item.sectors, item.place) for item in counters]
    for identifiers, place in named:
        for identifier in identifiers:
            places.setdefault(identifier, place)
    return tuple(Sector(identifier=found, name=found, place=places[found]) for found in sorted(places))


def technique_stubs(incidents: tuple[Incident, ...], known: dict[str, str]) -> tuple[Technique, ...]:
    """The techniques that incidents name, where the source holds no technique page: id, name and parent."""
    named: dict[str, tuple[str, Place]] = {}
    seen: set[str] = set()
    for incident in incidents:
        for row in incident.rows:
            named.setdefault(row.technique, (known.get(row.technique, row.label), row.place))
            if row.passage is None or row.passage.sha256 in seen:
                continue
            seen.add(row.passage.sha256)
            for group in row.passage.groups:
                for mention in group.mentions:
                    found = mention.technique
                    if found not in named and (found in known or not (known or is_later_id(found))):
                        named[found] = (known.get(found, mention.name), row.place)
    for identifier, (_, place) in list(named.items()):
        parent = identifier.partition(".")[0]
        if parent != identifier:
            named.setdefault(parent, (known.get(parent, parent), place))
    return tuple(
        Technique(
            identifier=identifier,
            name=name or identifier,
            place=place,
            parent=identifier.partition(".")[0] if "." in identifier else None,
        )
        for identifier, (name, place) in sorted(named.items())
    )
