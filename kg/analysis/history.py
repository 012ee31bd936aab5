"""The history of ids that a graph holds, and rows of it for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import unknown_name
from kg.lineage.history import History, Span
from kg.lineage.states import ASSESSMENTS, OBSERVATIONS, TECHNIQUES
from kg.lineage.successors import RELATIONS, Successor, Successors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.lineage.history import Event
    from kg.store.protocol import TripleStore

_GRAPH = "GRAPH <https://w3id.org/disarm-kg/graph/history>"
_LINES = {"technique": TECHNIQUES, "observation-type": OBSERVATIONS, "assessment": ASSESSMENTS}
_STATES = f"""
    SELECT ?of ?name ?tactic ?parent ?hash ?since ?until ?standing
    WHERE {{ {_GRAPH} {{
    ?s a kg:State ; kg:stateOf ?of ; kg:name ?name ; kg:standing ?standing ; kg:since ?a ; kg:until ?b .
    ?a owl:versionInfo ?since ; kg:ordinal ?n . ?b owl:versionInfo ?until .
    OPTIONAL {{ ?s kg:tactic|kg:category ?tactic }}
    OPTIONAL {{ ?s skos:broader ?parent }}
    OPTIONAL {{ ?s kg:sha256 ?hash }} }} }}
    ORDER BY ?of ?n
"""
_RELEASES = f"""
    SELECT DISTINCT ?name ?n ?of
    WHERE {{ {_GRAPH} {{ ?s kg:since|kg:until ?r ; kg:stateOf ?of . ?r owl:versionInfo ?name ; kg:ordinal ?n }} }}
    ORDER BY ?n ?name
"""
_SUCCESSIONS = f"""
    SELECT ?of ?to ?relation ?confidence ?basis ?reason
    WHERE {{ {_GRAPH} {{
    ?s a kg:Succession ; kg:predecessor ?of ; kg:relation ?relation ; kg:confidence ?confidence ; kg:basis ?basis .
    OPTIONAL {{ ?s kg:successor ?to }}
    OPTIONAL {{ ?s kg:reason ?reason }} }} }}
    ORDER BY ?of
"""
COLUMNS = ("id", "release", "what", "name", "tactic", "parent", "meaning", "successor", "confidence", "basis", "reason")
"""The columns of :func:`history_rows`."""


class Row(NamedTuple):
    """One event of an id, or what follows it; see :data:`COLUMNS`."""

    identifier: str
    release: str
    what: str
    name: str
    tactic: str
    parent: str
    meaning: str
    successor: str = ""
    confidence: str = ""
    basis: str = ""
    reason: str = ""


def history_of_store(store: TripleStore) -> History:
    """The history in ``graph/history`` of a store; empty where it holds none."""
    releases: dict[str, dict[str, None]] = {}
    for name, _, of in store.select(_RELEASES).values():
        line = _LINES.get(_kind(of), "")
        releases.setdefault(line, {})[name or ""] = None
    spans = []
    for of, name, tactic, parent, known, since, until, standing in store.select(_STATES).values():
        identifier, _, meaning = _last(of).partition("_")
        spans.append(
            Span(
                line=_LINES.get(_kind(of), ""),
                identifier=identifier,
                meaning=meaning,
                name=name or "",
                tactic=_last(tactic),
                parent=_last(parent),
                digest=known or "",
                since=since or "",
                until=until or "",
                standing=standing or "",
            )
        )
    order = {line: {name: at for at, name in enumerate(names)} for line, names in releases.items()}
    spans.sort(key=lambda span: (span.line, span.identifier, order[span.line][span.since]))
    return History({line: tuple(names) for line, names in releases.items()}, frozenset(), tuple(spans))


def successors_of_store(store: TripleStore) -> Successors:
    """The successions in ``graph/history`` of a store."""
    rows = []
    for of, to, relation, confidence, basis, reason in store.select(_SUCCESSIONS).values():
        identifier, _, meaning = _last(of).partition("_")
        known = next((each for each in RELATIONS if each == relation), RELATIONS[-1])
        rows.append(
            Successor(
                identifier, meaning, "", "", _last(to), known, float(confidence or 0), basis or "", reason or "", ""
            )
        )
    return Successors(rows)


def _last(iri: str | None) -> str:
    return (iri or "").rpartition("/")[2]


def _kind(iri: str | None) -> str:
    return (iri or "").split("/")[-2] if iri else ""


def history_rows(history: History, successors: Successors, identifiers: Iterable[str] = ()) -> list[Row]:
    """What happened to ids, release by release, each older meaning and each retired id with what follows it.

    Args:
        history: All spans.
        successors: What follows what.
        identifiers: The ids wanted; all where none is given.

    Raises:
        UnknownNameError: An id that never was.
    """
    wanted = list(dict.fromkeys(identifiers)) or sorted(history.by_identifier)
    rows: list[Row] = []
    for identifier in wanted:
        if identifier not in history.by_identifier:
            raise unknown_name("id", identifier, history.by_identifier)
        events = history.events(identifier)
        for position, event in enumerate(events):
            rows.append(_row(event))
            following = events[position + 1].span if position + 1 < len(events) else None
            if event.span.line != TECHNIQUES:
                continue
            is_last = following is None or following.line != TECHNIQUES
            ends = _is_retired(event) if following is None else following.key != event.span.key
            found = successors.find(identifier, event.span.meaning, event.span.name) if ends or is_last else None
            if found is not None:
                rows.append(_followed(event, found, is_later=not ends))
    return rows


def _is_retired(event: Event) -> bool:
    return "retired" in event.kinds or event.span.standing != "listed"


def _row(event: Event) -> Row:
    span = event.span
    return Row(
        span.identifier, event.release, ", ".join(event.kinds), span.name, span.tactic, span.parent, span.meaning
    )


def _followed(event: Event, row: Successor, *, is_later: bool) -> Row:
    """What follows an id: within its line, or (by the crosswalk) in 2.x, where the release is named that has it."""
    span = event.span
    followed = "followed by" if row.successor else "followed by nothing"
    what = followed if row.relation == "none" else f"{followed} ({row.relation})"
    return Row(
        span.identifier,
        row.retired if is_later else "",
        what,
        row.name or span.name,
        "",
        "",
        span.meaning,
        row.successor,
        f"{row.confidence:g}" if row.successor else "",
        row.basis,
        row.words,
    )


def counts_by_release(history: History) -> list[tuple[str, str, int]]:
    """Release, what happened, and to how many ids, in order of line, release and kind."""
    counts: dict[tuple[str, str], int] = {}
    for identifier in history.by_identifier:
        for event in history.events(identifier):
            for kind in event.kinds:
                counts[event.release, kind] = counts.get((event.release, kind), 0) + 1
    order = [name for names in history.releases.values() for name in names]
    return [
        (name, kind, counts[name, kind]) for name, kind in sorted(counts, key=lambda key: (order.index(key[0]), key[1]))
    ]
