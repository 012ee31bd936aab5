"""Pages of the framework to records: phases, tactics, techniques, tasks, counters and who can carry them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import (
    ActorType,
    Association,
    Counter,
    Link,
    Metatechnique,
    Outcome,
    Phase,
    Place,
    Severity,
    Tactic,
    Task,
    Technique,
)
from kg.sources.markdown import parse_link, split_id
from kg.sources.values import or_nothing, split_ids
from kg.text import plain_text

if TYPE_CHECKING:
    from kg.sources.ledger import Ledger
    from kg.sources.markdown import Page, Row
    from kg.sources.passages import Passages


_ROW_KINDS = {
    ("Incident", "technique"): "technique_rows",
    ("Incident", "reference"): "references",
    ("Technique", "associated technique"): "association_rows",
}


def row_kind(page_kind: str, column: str) -> str:
    """The name under which the ledger books the rows of a table, given the kind of page and its first column."""
    other = f"{page_kind}_page_{column}_rows".lower().replace(" ", "_")
    return _ROW_KINDS.get((page_kind, column.lower()), other)


def one_id(page: Page, label: str, ledger: Ledger, prefix: str) -> str | None:
    """The one id a field names; None with a finding where it names none or none of the right kind."""
    value = page.value(label)
    ids = [found for found in split_ids(value) if found.startswith(prefix)]
    if not ids:
        place = Place(page.name, page.line(label))
        shown = or_nothing(value)[:40]
        message = f"{label} {shown!r} names no {prefix}... id" if shown else f"{label} is empty"
        ledger.report("missing-field", place, message, fix=f"write the id of the {label}", about=(page.identifier,))
        return None
    return ids[0]


def _place(page: Page) -> Place:
    return Place(page.name, 1)


def phase_record(page: Page, rank: int) -> Phase:
    """A phase with its rank in the kill chain."""
    return Phase(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        rank=rank,
    )


def tactic_record(page: Page, rank: int, ledger: Ledger) -> Tactic:
    """A tactic with its phase and its rank in the kill chain."""
    return Tactic(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        rank=rank,
        phase=one_id(page, "belongs to phase", ledger, "P"),
    )


def technique_record(page: Page, ledger: Ledger) -> Technique:
    """A technique; until 1.4 the tactic stands under another label and the parent only in the id."""
    label = "tactic" if "tactic" in page.fields else "belongs to tactic stage"
    parent = None
    if "parent technique" in page.fields:
        parent = one_id(page, "parent technique", ledger, "T")
    elif "." in page.identifier:
        parent = page.identifier.partition(".")[0]
    return Technique(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        tactic=one_id(page, label, ledger, "TA"),
        parent=parent,
    )


def task_record(page: Page, ledger: Ledger) -> Task:
    """A task with its tactic."""
    return Task(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        tactic=one_id(page, "belongs to tactic stage", ledger, "TA"),
    )


def metatechnique_record(page: Page) -> Metatechnique:
    """A metatechnique; the counters it groups name it themselves."""
    summary = plain_text(page.value("summary"))
    return Metatechnique(identifier=page.identifier, name=page.title, place=_place(page), summary=summary)


def actor_type_record(page: Page) -> ActorType:
    """A kind of person who can carry out counters."""
    return ActorType(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        sectors=split_ids(page.value("sector")),
        viewpoints=split_ids(page.value("viewpoint")),
    )


def counter_record(page: Page, response_type: str | None, ledger: Ledger) -> Counter:
    """A counter; its response type stands in the index and in the tables of other pages only."""
    actor_types: list[Link] = []
    sectors: list[str] = []
    for row in page.rows("actor types"):
        link = read_link(page, row, "A", row_kind("Counter", "actor types"), ledger)
        if link is not None:
            actor_types.append(link)
            sectors.extend(split_ids(row.cells[1]) if len(row.cells) > 1 else ())
    return Counter(
        identifier=page.identifier,
        name=page.title,
        place=_place(page),
        summary=plain_text(page.value("summary")),
        tactic=one_id(page, "belongs to tactic stage", ledger, "TA"),
        metatechniques=split_ids(page.value("metatechnique")),
        response_type=response_type,
        playbooks=plain_text(page.value("playbooks")),
        resources=plain_text(page.value("resources needed")),
        actor_types=tuple(actor_types),
        sectors=tuple(sorted(set(sectors))),
        tactics=_links(page, "counters these tactics", "TA", ledger),
        techniques=_links(page, "counters these techniques", "T", ledger),
        incidents=_links(page, "seen in incidents", "I", ledger),
    )


def _links(page: Page, column: str, prefix: str, ledger: Ledger) -> tuple[Link, ...]:
    links = (read_link(page, row, prefix, row_kind("Counter", column), ledger) for row in page.rows(column))
    return tuple(link for link in links if link is not None)


def read_link(page: Page, row: Row, prefix: str, kind: str, ledger: Ledger) -> Link | None:
    """The link a row begins with, booked under ``kind``; None with a finding where it is no link to such an id."""
    place = Place(page.name, row.line)
    parsed = parse_link(row.cells[0]) if row.cells else None
    identifier, name = split_id(parsed[0]) if parsed else ("", "")
    if not identifier.startswith(prefix):
        ledger.count(kind, Outcome.REPORTED)
        ledger.report(
            "bad-row",
            place,
            f"the row does not begin with a link to a {prefix}... id",
            fix="write [ID name](page)",
            about=(page.identifier,),
        )
        return None
    ledger.stored(kind)
    return Link(identifier, name, place)


def association_records(page: Page, passages: Passages, ledger: Ledger) -> tuple[Association, ...]:
    """The rows "Associated Technique" of a technique page."""
    found = []
    for row in page.rows("associated technique"):
        link = read_link(page, row, "T", row_kind("Technique", "associated technique"), ledger)
        if link is not None:
            text = row.cells[1] if len(row.cells) > 1 else ""
            found.append(Association(page.identifier, link.target, link.label, passages.intern(text), link.place))
    return tuple(found)


def note_form(page: Page, ledger: Ledger) -> None:
    """Report what the form of a page shows: no closing mark, lines and fields that belong nowhere."""
    about = (page.identifier,) if page.identifier else ()
    if not page.ended:
        ledger.report(
            "no-end-mark", Place(page.name), "the closing line is missing, so the page may be cut", about=about
        )
    if page.notes:
        ledger.report(
            "notes-below",
            Place(page.name),
            f"{page.notes} lines of notes stand below the closing line; not read",
            about=about,
            severity=Severity.INFO,
        )
    for line in page.stray:
        ledger.report("stray-line", Place(page.name, line), "a line that belongs to no field or table", about=about)
    for extra in page.repeated:
        ledger.report(
            "repeated-field", Place(page.name, extra.line), "a field given twice; the first is used", about=about
        )
