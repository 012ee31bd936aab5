"""The names read in prose, asked of the graph: who, on what, against whom and when, each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.analysis.lookup import find_thing
from kg.errors import UnknownNameError
from kg.named import ASSERTED, Role
from kg.rdf.iris import TEXT_GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.protocol import TripleStore

_MENTIONS = """
SELECT ?i ?thing ?year ?surface ?field ?passage ?start ?end ?role ?confidence ?rule WHERE {
  GRAPH <$TEXT> {
    $THIS
    ?m a kg:Mention ; kg:ofIncident ?i ; kg:field ?field ; kg:surface ?surface ; oa:start ?start ; oa:end ?end ;
       kg:role ?role ; kg:confidence ?confidence ; kg:rule ?rule .
    OPTIONAL { ?m kg:inPassage ?passage }
    OPTIONAL { ?m kg:mentions ?thing }
    OPTIONAL { ?m kg:yearInText ?year }
  }
}"""

_LABELS = """
SELECT ?thing ?label WHERE {
  VALUES ?class { kg:Actor kg:Platform kg:Country kg:Region kg:Organisation }
  ?thing a ?class ; skos:prefLabel ?label
} ORDER BY ?thing ?label"""

_FIELDS = ("title", "summary", "passage")
_ACTING = frozenset({Role.OPERATOR, Role.ENABLER})
_BELIEVED = frozenset({*_ACTING, Role.USED, Role.WHEN})
_OF_COUNTRIES = frozenset({Role.TARGET, Role.ALIGNED})


class MentionRow(NamedTuple):
    """One mention: the columns of ``kg mentions``.

    ``kind`` is actor, platform, country or date (a country that acts is an actor); ``passage`` and ``id`` are empty
    where there is none; offsets are 0-based code points of the field's plain text, the end exclusive.
    """

    incident: str
    kind: str
    entity: str
    surface: str
    field: str
    passage: str
    start: int
    end: int
    role: str
    confidence: float
    rule: str
    id: str


def find_mentions(store: TripleStore, incident: str | None = None, *, everything: bool = False) -> list[MentionRow]:
    """The mentions of a graph, in order of incident, field and place.

    Args:
        store: The graph.
        incident: The id of one incident; by default all of them.
        everything: Also what is only mentioned, reports, or falls below the confidence of an edge; by default what the
            graph believes: who ran or carried the operation, on what, against which country, and when.

    Raises:
        UnknownNameError: It is no id of an incident, or the graph has no such incident.
    """
    this = "" if incident is None else f"VALUES ?i {{ <{_incident(store, incident)}> }}"
    rows = _rows(store, _MENTIONS.replace("$TEXT", TEXT_GRAPH).replace("$THIS", this))
    kept = [row for row in rows if everything or _is_believed(row)]
    return sorted(kept, key=lambda row: (row.incident, _FIELDS.index(row.field), row.passage, row.start, row.end, row))


def _incident(store: TripleStore, given: str) -> str:
    try:
        named = find_thing(store, given)
    except UnknownNameError:
        named = None
    if named is None or named.kind != "incident":
        raise UnknownNameError(f"{given!r} is no incident of this graph; 'kg list incidents' names them")
    return named.iri


def _rows(store: TripleStore, query: str) -> Iterator[MentionRow]:
    labels = {thing: label or "" for thing, label in store.select(_LABELS).values()}
    for row in store.select(query).values():
        # A graph of someone else's may hold what no shape allows; such a mention cannot be placed.
        incident, thing, year, surface, field, passage, start, end, role, confidence, rule = (
            cell or "" for cell in row
        )
        if field not in _FIELDS or not (start.isdecimal() and end.isdecimal()):
            continue
        yield MentionRow(
            incident=_last(incident),
            kind=_kind(thing, role),
            entity=labels.get(thing, _last(thing)) if thing else year,
            surface=surface,
            field=field,
            passage=_last(passage),
            start=int(start),
            end=int(end),
            role=role,
            confidence=_number(confidence),
            rule=rule,
            id=_last(thing),
        )


def _kind(thing: str, role: str) -> str:
    if not thing:
        return "date"
    category = thing.rpartition("/")[0].rpartition("/")[2]
    if category in {"country", "region"}:
        return "actor" if role in _ACTING else "country"
    return "platform" if category == "platform" else "actor"


def _is_believed(row: MentionRow) -> bool:
    if row.confidence < ASSERTED:
        return False
    return row.role in _BELIEVED or (row.kind == "country" and row.role in _OF_COUNTRIES)


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
