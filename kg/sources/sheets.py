"""The sheets of the workbooks beside ``incidenttechniques``: the framework, and what reaches no page at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar, cast

from kg.model import Concept, Entry, Outcome, Severity
from kg.sources.response_sheets import ResponseLinks, with_counter_links, with_detection_links
from kg.sources.values import or_nothing, parse_address
from kg.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kg.model import Corpus, Counter, Detection, Incident
    from kg.sources.ledger import Ledger
    from kg.sources.workbook import Sheet, SheetRow, Workbook

    _At = tuple[Workbook, Sheet, SheetRow]

Kind = TypeVar("Kind", bound=Concept)
Other = TypeVar("Other", bound=Concept)


@dataclass(frozen=True, slots=True)
class _EntrySheet:
    kind: str
    topics: tuple[str, ...] = ()


ENTRY_SHEETS = {
    "frameworks": _EntrySheet("framework"),
    "playbooks": _EntrySheet("playbook"),
    "resources": _EntrySheet("resource", ("resource_type",)),
    "examples": _EntrySheet("example"),
    "narratives": _EntrySheet("narrative", ("main_topic", "subtopic")),
    "externalgroups": _EntrySheet("external group", ("sector", "primary_role", "secondary_role", "country")),
    "tools": _EntrySheet("tool", ("category", "platform")),
    "moe": _EntrySheet("measure of effectiveness"),
    "mop": _EntrySheet("measure of performance"),
}
"""Sheet -> what its rows are, and the columns that sort them."""


ACTIVITIES = "externalgroupcounters"
"""The sheet that says which counter or detection an external group carries out."""


def identifier_of(row: SheetRow) -> str:
    """The id of a row; old workbooks name the column otherwise."""
    return row["disarm_id"] or row["amitt_id"] or row["id"]


def sheet_rows(books: Sequence[Workbook], name: str) -> Iterator[tuple[Workbook, Sheet, SheetRow]]:
    """The rows of a sheet in every workbook that has it."""
    for book in books:
        sheet = book.sheet(name)
        if sheet is not None:
            for row in sheet.rows:
                yield book, sheet, row


def with_sheets(corpus: Corpus, books: Sequence[Workbook], ledger: Ledger) -> Corpus:
    """The corpus of the pages with what only the workbooks say: German names, the order of tactics, names of sectors.

    Where page and workbook differ the page stands, and the difference is a finding.
    """
    if not books:
        return corpus
    ranks = _ranks(books)
    tactics, categories = _of_one_sheet(corpus.tactics, corpus.categories, "tactics", books, ledger)
    if ranks and all(tactic.identifier in ranks for tactic in tactics):
        order = sorted(tactics, key=lambda tactic: (ranks[tactic.identifier], tactic.identifier))
        places = {tactic.identifier: place for place, tactic in enumerate(order, 1)}
        tactics = tuple(replace(tactic, rank=places[tactic.identifier]) for tactic in tactics)
    links = _links_into(corpus, ledger)
    phases, groups = _of_one_sheet(corpus.phases, corpus.groups, "phases", books, ledger)
    # 2.x keeps its groups, categories, observation types and assessments in the sheets of 1.x.
    facets = (*corpus.observation_types, *corpus.assessments)
    techniques, facets = _of_one_sheet(corpus.techniques, facets, "techniques", books, ledger)
    kinds = len(corpus.observation_types)
    return replace(
        corpus,
        phases=phases,
        groups=groups,
        tactics=tactics,
        categories=categories,
        techniques=techniques,
        observation_types=facets[:kinds],
        assessments=facets[kinds:],
        tasks=tuple(_completed(corpus.tasks, "tasks", books, ledger)),
        counters=tuple(_completed(corpus.counters, "countermeasures", books, ledger, _counter_links(links))),
        metatechniques=tuple(_completed(corpus.metatechniques, "metatechniques", books, ledger)),
        response_types=tuple(_completed(corpus.response_types, "responsetypes", books, ledger)),
        actor_types=tuple(_completed(corpus.actor_types, "actortypes", books, ledger)),
        detections=tuple(_completed(corpus.detections, "detections", books, ledger, _detection_links(links))),
        sectors=tuple(_completed(corpus.sectors, "sectors", books, ledger)),
        entries=read_entries(books, links, ledger),
    )


def _of_one_sheet(
    first: tuple[Kind, ...], second: tuple[Other, ...], name: str, books: Sequence[Workbook], ledger: Ledger
) -> tuple[tuple[Kind, ...], tuple[Other, ...]]:
    """Two kinds that share a sheet, each completed by its rows, which are booked once."""
    both: tuple[Kind | Other, ...] = (*first, *second)
    whole = tuple(_completed(both, name, books, ledger))
    return cast("tuple[Kind, ...]", whole[: len(first)]), cast("tuple[Other, ...]", whole[len(first) :])


def _links_into(corpus: Corpus, ledger: Ledger) -> ResponseLinks:
    """What reads the links of counters and detections to the things that this release has."""
    kinds: tuple[Iterable[Concept | Incident], ...] = (
        corpus.tactics,
        corpus.actor_types,
        corpus.incidents,
        corpus.counters,
        corpus.detections,
    )
    existing = frozenset(item.identifier for kind in kinds for item in kind)
    return ResponseLinks({item.identifier: item.name for item in corpus.techniques}, existing, ledger)


def _counter_links(links: ResponseLinks) -> Callable[[_At, Counter], Counter]:
    return lambda at, counter: with_counter_links(counter, links.read(at, counter.identifier, "workbook_counter_links"))


def _detection_links(links: ResponseLinks) -> Callable[[_At, Detection], Detection]:
    return lambda at, found: with_detection_links(found, links.read(at, found.identifier, "workbook_detection_links"))


def _completed(
    concepts: Iterable[Kind],
    name: str,
    books: Sequence[Workbook],
    ledger: Ledger,
    more: Callable[[_At, Kind], Kind] | None = None,
) -> Iterator[Kind]:
    rows: dict[str, tuple[Workbook, Sheet, SheetRow]] = {}
    known = {concept.identifier for concept in concepts}
    booked = f"workbook_{name}_rows"
    for book, sheet, row in sheet_rows(books, name):
        identifier = identifier_of(row)
        if identifier in known and identifier not in rows:
            ledger.stored(booked)
            rows[identifier] = (book, sheet, row)
            continue
        ledger.count(booked, Outcome.REPORTED)
        what = "stands twice" if identifier in rows else "has no page" if identifier else "has no id"
        ledger.report("workbook-row", book.place(sheet, row), f"{identifier or 'a row'} {what}", fix="not loaded")
    for concept in concepts:
        found = rows.get(concept.identifier)
        if found is None:
            yield concept
            continue
        book, sheet, row = found
        name_here = " ".join(row.raw("name").split())
        # The pages give a sector as its id alone.
        named = replace(concept, name=name_here) if name == "sectors" and name_here else concept
        if name_here and name_here.casefold() != " ".join(named.name.split()).casefold():
            message = f"{concept.identifier} is called {name_here[:60]!r} here and {named.name[:60]!r} on its page"
            place = book.place(sheet, row)
            ledger.report("workbook-differs", place, message, about=(concept.identifier,), severity=Severity.INFO)
        whole = replace(
            named, name_de=or_nothing(row.raw("name_de")), summary_de=plain_text(or_nothing(row.raw("summary_de")))
        )
        yield more(found, whole) if more else whole


def _ranks(books: Sequence[Workbook]) -> dict[str, int]:
    """Id of a tactic -> its place in the order of the kill chain; nothing where a rank is missing or no number."""
    found = {identifier_of(row): row["rank"] for _, _, row in sheet_rows(books, "tactics")}
    found.pop("", None)
    return {name: int(rank) for name, rank in found.items()} if all(map(str.isdecimal, found.values())) else {}


def read_entries(books: Sequence[Workbook], links: ResponseLinks, ledger: Ledger) -> tuple[Entry, ...]:
    """What the sheets list that reach no page: examples, narratives, groups, tools, playbooks ... in order of id."""
    entries: dict[str, Entry] = {}
    for name, form in ENTRY_SHEETS.items():
        booked = f"workbook_{name}_rows"
        for book, sheet, row in sheet_rows(books, name):
            place, identifier = book.place(sheet, row), identifier_of(row)
            title = " ".join(row.raw("name").split())
            if not identifier or identifier in entries:
                ledger.count(booked, Outcome.REPORTED)
                what = "stands twice" if identifier else "has no id"
                ledger.report("workbook-row", place, f"{identifier or title[:40] or 'a row'} {what}", fix="not loaded")
                continue
            ledger.stored(booked)
            entries[identifier] = Entry(
                identifier=identifier,
                name=title or identifier,
                place=place,
                summary=plain_text(row.raw("summary")),
                kind=form.kind,
                concerns=links.concerned((book, sheet, row), "object_id", identifier),
                url=_address(row["url"]),
                topics=tuple(dict.fromkeys(filter(None, (or_nothing(row.raw(column)) for column in form.topics)))),
            )
    _add_activities(entries, books, links, ledger)
    return tuple(entries[identifier] for identifier in sorted(entries))


def _add_activities(entries: dict[str, Entry], books: Sequence[Workbook], links: ResponseLinks, ledger: Ledger) -> None:
    """What an external group does, by the sheet that leads from groups to counters and detections."""
    booked, blank = f"workbook_{ACTIVITIES}_rows", 0
    at: tuple[Workbook, Sheet, SheetRow]
    for at in sheet_rows(books, ACTIVITIES):
        group, activity = at[2]["externalgroup_id"], at[2]["activity_id"]
        if group in entries and activity:
            found = links.concerned(at, "activity_id", group)
            entries[group] = replace(entries[group], concerns=tuple(dict.fromkeys((*entries[group].concerns, *found))))
            ledger.count(booked, Outcome.STORED if found else Outcome.REPORTED)
            continue
        ledger.count(booked, Outcome.REPORTED)
        blank += not activity
        if activity:
            message = f"group {group[:20]!r} does not exist"
            ledger.report("workbook-row", at[0].place(at[1], at[2]), message, fix="not loaded")
    if blank:
        book, sheet, _ = next(sheet_rows(books, ACTIVITIES))
        message = f"{blank:,} rows name a group and nothing that it does"
        ledger.report("workbook-row", book.place(sheet), message, fix="not loaded", severity=Severity.INFO)


def _address(text: str) -> str:
    try:
        return parse_address(text) if text else ""
    except ValueError:
        return ""


def names_in(books: Sequence[Workbook]) -> Mapping[str, str]:
    """Technique id -> name, as the workbooks list them."""
    rows = ((identifier_of(row), row["name"]) for _, _, row in sheet_rows(books, "techniques"))
    return {identifier: name for identifier, name in rows if identifier}
