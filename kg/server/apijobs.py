"""Jobs of the JSON API: search, cards, pairs and neighbourhoods."""

from __future__ import annotations

import json
import math
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.analysis.association import MEASURES
from kg.analysis.cards import card
from kg.analysis.contingency import parse_table
from kg.analysis.search import LONGEST
from kg.errors import KgError, UnknownNameError
from kg.rdf.iris import by_disarm_id
from kg.server.negotiation import HTML
from kg.server.pages import render_results
from kg.server.replies import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.server.jobs import State
    from kg.server.wire import Message

NOT_FOUND, BAD_REQUEST = 404, 400
MOST_FOUND = 50
"""What a search gives at most."""
MOST_NEIGHBOURS = 200
"""Neighbours of a kind that a neighbourhood holds at most; it says how many there are."""
_COUNTS = """
    SELECT (COUNT(DISTINCT ?i) AS ?n) WHERE { ?i a kg:Incident ; kg:usesTechnique %s }
"""
_BOTH = "?i a kg:Incident ; kg:usesTechnique %s, %s ."
_TOGETHER = f"""
    SELECT ?id (MIN(?name) AS ?title) WHERE {{
      {_BOTH} ?i dcterms:identifier ?id OPTIONAL {{ ?i dcterms:title ?name }}
    }} GROUP BY ?id ORDER BY ?id
"""
_ONE_ACT = '?o a kg:Observation ; kg:status "accepted" ; kg:technique %s, %s ; kg:ofIncident/dcterms:identifier ?id .'
_ACTS = f"SELECT ?id ?observation {{ {_ONE_ACT} BIND(STR(?o) AS ?observation) }} ORDER BY ?id ?observation"
_BESIDE = """
    SELECT ?id ?label (COUNT(DISTINCT ?i) AS ?n) WHERE {
      ?i kg:usesTechnique %s, ?x . FILTER(?x != %s)
      ?x skos:notation ?id ; skos:prefLabel ?label . FILTER(LANG(?label) = "en")
    } GROUP BY ?id ?label ORDER BY DESC(?n) ?id
"""
_INCIDENTS = """
    SELECT ?id ?label WHERE { ?i kg:usesTechnique %s ; dcterms:identifier ?id ; dcterms:title ?label } ORDER BY ?id
"""
_TECHNIQUES = """
    SELECT ?id ?label WHERE {
      %s kg:usesTechnique ?x . ?x skos:notation ?id ; skos:prefLabel ?label . FILTER(LANG(?label) = "en")
    } ORDER BY ?id
"""


def search(state: State, message: Message) -> Reply:
    """What has the words of ``q`` in its id or a name, best first. Head: ``q``, ``html`` (a page?), ``gzip``."""
    asked = " ".join(str(message.head["q"]).split())[:LONGEST]
    hits = list(islice(state.names().search(asked), MOST_FOUND + 1))
    found = [{"iri": hit.iri, "id": hit.identifier, "label": hit.name, "kind": hit.kind} for hit in hits[:MOST_FOUND]]
    more = len(hits) > MOST_FOUND
    if message.head.get("html"):
        body = render_results(asked, found, more).encode()
        return Reply(body=body, content_type=HTML.content_type).packed(wanted=bool(message.head.get("gzip")))
    return _json({"query": asked, "results": found, "more": more}, message)


def tell_card(state: State, message: Message) -> Reply:
    """A card. Head: ``of`` (the kind it should be of), ``id``, ``gzip``."""
    try:
        found = card(state.store, message.head["id"])
    except UnknownNameError:
        return _unknown(message.head["id"])
    if found.kind != message.head["of"]:
        return Reply.of_error(NOT_FOUND, f"{found.identifier} is no {message.head['of']}; it is of kind {found.kind}")
    # What the description promises, by name: a card may have more to show than an API should promise.
    said: dict[str, object] = {name: getattr(found, name) for name in ("identifier", "kind", "iri", "title")}
    said["fields"] = dict(found.fields)
    said["texts"] = dict(found.texts)
    said["sections"] = [
        {"title": section.title, "rows": [dict(zip(section.columns, row, strict=True)) for row in section.rows]}
        for section in found.sections
    ]
    return _json(said, message)


def tell_pair(state: State, message: Message) -> Reply:
    """Two techniques together, with N, the margins, measures and the evidence in pages.

    Head: ``a``, ``b``, ``limit``, ``offset``, ``gzip``.
    """
    try:
        first, second = (_technique(state, str(message.head[name])) for name in ("a", "b"))
    except UnknownNameError as error:
        return _unknown(*error.args)
    if first == second:
        return Reply.of_error(BAD_REQUEST, "a pair is of two different techniques")
    limit, offset = (int(message.head[name]) for name in ("limit", "offset"))

    def rows(query: str) -> Iterator[tuple[str | None, ...]]:
        return state.store.select(f"{query % (first, second)} LIMIT {limit} OFFSET {offset}").values()

    counts = {
        "count": _number(state, f"SELECT (COUNT(DISTINCT ?i) AS ?n) {{ {_BOTH % (first, second)} }}"),
        "count_a": _number(state, _COUNTS % first),
        "count_b": _number(state, _COUNTS % second),
        "units": _number(state, _COUNTS % "?any"),
    }
    acts = _number(state, f"SELECT (COUNT(*) AS ?n) {{ {_ONE_ACT % (first, second)} }}")
    more = offset + limit < max(counts["count"], acts)
    return _json(
        {
            "technique_a": message.head["a"],
            "technique_b": message.head["b"],
            "unit": "incident",
            **counts,
            "measures": _measures(counts),
            "incidents": [{"id": row[0], "title": row[1] or ""} for row in rows(_TOGETHER)],
            "observations": [{"incident": row[0], "observation": row[1]} for row in rows(_ACTS)],
            "observations_in_all": acts,
            "limit": limit,
            "offset": offset,
            "next": f"?limit={limit}&offset={offset + limit}" if more else None,
        },
        message,
    )


def tell_neighbours(state: State, message: Message) -> Reply:
    """What a technique or an incident stands beside, as nodes and edges. Head: ``id``, ``gzip``."""
    try:
        found = card(state.store, str(message.head["id"]))
    except UnknownNameError:
        return _unknown(message.head["id"])
    centre = f"<{found.iri}>"
    nodes = {found.identifier: {"id": found.identifier, "kind": found.kind, "label": found.title}}
    edges: list[dict[str, object]] = []
    totals: dict[str, int] = {}
    kinds = {
        "technique": (
            ("technique", _BESIDE % (centre, centre), "together"),
            ("incident", _INCIDENTS % centre, "used by"),
        ),
        "incident": (("technique", _TECHNIQUES % centre, "uses"),),
    }
    for kind, query, relation in kinds.get(found.kind, ()):
        rows = list(state.store.select(f"{query} LIMIT {MOST_NEIGHBOURS}").values())
        many = len(rows) == MOST_NEIGHBOURS
        totals[kind] = _number(state, f"SELECT (COUNT(*) AS ?n) {{ {{ {query} }} }}") if many else len(rows)
        for row in rows:
            name = row[0] or ""
            nodes[name] = {"id": name, "kind": kind, "label": row[1] or ""}
            count = int(row[2] or 0) if len(row) > 2 else 1  # noqa: PLR2004 - id, label, and a count where there is one
            edges.append({"source": found.identifier, "target": name, "relation": relation, "count": count})
    shown = {"id": found.identifier, "nodes": list(nodes.values()), "edges": edges, "totals": totals}
    return _json({**shown, "more": any(total > MOST_NEIGHBOURS for total in totals.values())}, message)


def _unknown(identifier: str) -> Reply:
    said = unquote(identifier, errors="replace")
    return Reply.of_error(NOT_FOUND, f"nothing is known as {said!r} here; /api/search finds things by their words")


def _technique(state: State, identifier: str) -> str:
    try:
        found = card(state.store, identifier)
    except UnknownNameError as error:
        raise UnknownNameError(identifier) from error
    if found.kind != "technique":
        raise UnknownNameError(identifier)
    return f"<{by_disarm_id(found.identifier) or found.iri}>"


def _measures(counts: Mapping[str, int]) -> dict[str, float | None]:
    """Every measure of a pair; null where it is 0/0 or without bound."""
    told: dict[str, float | None] = {}
    for name, formula in MEASURES.items():
        try:
            table = parse_table(counts["count"], counts["count_a"], counts["count_b"], counts["units"])
            value = float(formula(table.n11, table.n1, table.n2, table.n))
        except KgError:
            value = math.nan
        told[name] = round(value, 6) if math.isfinite(value) else None
    return told


def _number(state: State, query: str) -> int:
    return int(next(state.store.select(query).values())[0] or 0)


def _json(said: object, message: Message) -> Reply:
    body = json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"
    return Reply(body=body, content_type="application/json").packed(wanted=bool(message.head.get("gzip")))
