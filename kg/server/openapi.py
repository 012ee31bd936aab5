"""The description of the JSON API, OpenAPI 3.1: what ``/openapi.json`` gives."""

from __future__ import annotations

from typing import TypeAlias

from kg._version import __version__

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

A_PAGE, LARGEST_PAGE, FURTHEST = 200, 1000, 9_999_999
"""Rows of each list of a pair where nobody says how many, the most that may be asked for, and where they may begin."""

_TEXT: Json = {"type": "string"}
_ID: Json = {"type": "string", "pattern": "^[A-Za-z0-9._~-]{1,64}$"}
_COUNT: Json = {"type": "integer", "minimum": 0}


def _id(name: str, about: str, example: str) -> Json:
    return {"name": name, "in": "path", "required": True, "description": about, "schema": _ID, "example": example}


def _number(name: str, about: str, least: int, most: int, otherwise: int) -> Json:
    schema: Json = {"type": "integer", "minimum": least, "maximum": most, "default": otherwise}
    return {"name": name, "in": "query", "description": about, "schema": schema}


def _object(**members: Json) -> Json:
    return {"type": "object", "required": list(members), "properties": members}


def _list(items: Json) -> Json:
    return {"type": "array", "items": items}


def _gives(about: str, schema: Json, *parameters: Json) -> Json:
    problem: Json = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses: Json = {
        "200": {"description": about, "content": {"application/json": {"schema": schema}}},
        "304": {"description": "What If-None-Match names is still right."},
        "400": {"description": "A parameter is missing, or not what it may be.", "content": problem},
        "404": {"description": "There is nothing of this id.", "content": problem},
        "405": {"description": "It is only read: Allow says how.", "content": problem},
        "429": {"description": "Too many requests of one address; Retry-After says when to go on.", "content": problem},
        "503": {"description": "Too many requests wait; Retry-After says when to come again.", "content": problem},
        "504": {"description": "It took too long.", "content": problem},
        "default": {"description": "What else may go wrong.", "content": problem},
    }
    return {"get": {"summary": about, "parameters": list(parameters), "responses": responses}}


def _card(kind: str, example: str) -> Json:
    return _gives(
        f"Everything known of one {kind}, with its evidence",
        {"$ref": "#/components/schemas/Card"},
        _id("id", f"The id of the {kind}", example),
    )


_CARDS = {
    "incident": "I00100",
    "technique": "T0154.002",
    "tactic": "TA06",
    "counter": "C00008",
    "actor": "spamouflage",
    "platform": "youtube",
    "country": "RU",
}
"""Kinds of things that have a card, each with an id."""

_SCHEMAS: Json = {
    "Problem": {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "title": _TEXT,
            "status": _COUNT,
            "detail": _TEXT,
            "line": _COUNT,
            "column": _COUNT,
            "excerpt": _TEXT,
        },
    },
    "Card": _object(
        identifier=_TEXT,
        kind=_TEXT,
        iri={"type": "string", "format": "uri"},
        title=_TEXT,
        fields={"type": "object", "additionalProperties": _TEXT},
        texts={"type": "object", "additionalProperties": _TEXT},
        sections=_list(_object(title=_TEXT, rows=_list({"type": "object", "additionalProperties": _TEXT}))),
    ),
    "Pair": _object(
        technique_a=_TEXT,
        technique_b=_TEXT,
        unit={"const": "incident"},
        count=_COUNT,
        count_a=_COUNT,
        count_b=_COUNT,
        units=_COUNT,
        measures={"type": "object", "additionalProperties": {"type": ["number", "null"]}},
        incidents=_list(_object(id=_TEXT, title=_TEXT)),
        observations=_list(_object(incident=_TEXT, observation=_TEXT)),
        observations_in_all=_COUNT,
        limit=_COUNT,
        offset=_COUNT,
        next={"type": ["string", "null"]},
    ),
    "Neighbours": _object(
        id=_TEXT,
        nodes=_list(_object(id=_TEXT, kind=_TEXT, label=_TEXT)),
        edges=_list(_object(source=_TEXT, target=_TEXT, relation=_TEXT, count=_COUNT)),
        totals={"type": "object", "additionalProperties": _COUNT},
        more={"type": "boolean"},
    ),
    "Found": _object(
        query=_TEXT, results=_list(_object(iri=_TEXT, id=_TEXT, label=_TEXT, kind=_TEXT)), more={"type": "boolean"}
    ),
}


def openapi(public: str) -> Json:
    """The document, for an API that is reached below ``public``."""

    def schema(name: str) -> Json:
        return {"$ref": f"#/components/schemas/{name}"}

    words: Json = {
        "name": "q",
        "in": "query",
        "required": True,
        "description": "Words",
        "schema": _TEXT,
        "example": "deepfake",
    }
    page = "Rows of each list: incidents by id, and observations"
    pair = (
        _id("a", "A technique", "T0097.202"),
        _id("b", "Another", "T0161.001"),
        _number("limit", page, 1, LARGEST_PAGE, A_PAGE),
        _number("offset", "Rows of each to leave out; `next` leads on by it", 0, FURTHEST, 0),
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "disarm-kg",
            "version": __version__,
            "description": "Incidents of disinformation and the techniques they use. SPARQL is at /sparql.",
            "license": {"name": "Apache-2.0 (code)", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": public.rstrip("/")}],
        "paths": {
            "/api/search": _gives(
                "Things whose id or name holds all the words",
                schema("Found"),
                words,
            ),
            **{f"/api/{kind}/{{id}}": _card(kind, example) for kind, example in _CARDS.items()},
            "/api/pair/{a}/{b}": _gives(
                "Two techniques together: counts, measures, and in pages who says so", schema("Pair"), *pair
            ),
            "/api/neighbours/{id}": _gives(
                "What a technique or an incident stands beside, as a network",
                schema("Neighbours"),
                _id("id", "A technique or an incident", "T0154.002"),
            ),
        },
        "components": {"schemas": _SCHEMAS},
    }
