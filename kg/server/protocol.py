"""SPARQL 1.1 Protocol: from a request to a job, and from a reply to an answer.

Read-only: updates are refused by their form, and by the guard in whatever form they come.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kg.server.requests import (
    BAD_REQUEST,
    NOT_SUPPORTED,
    HttpError,
    header,
    media_type,
    pairs,
    read_body,
    takes_gzip,
    text_body,
)
from kg.server.responses import NO_CONTENT, NOT_MODIFIED, entity_tag, matches, respond, respond_reply
from kg.server.wire import Message, packed

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from kg.server.service import Service

FORBIDDEN, METHOD, TOO_LONG = 403, 405, 414
METHODS = "GET, HEAD, POST, OPTIONS"
_FORM, _QUERY, _UPDATE = (
    "application/x-www-form-urlencoded",
    "application/sparql-query",
    "application/sparql-update",
)
_KNOWN = frozenset({"query", "default-graph-uri", "named-graph-uri", "format", "output"})
_VOLATILE = re.compile("NOW|RAND|UUID|BNODE|\\\\U", re.IGNORECASE)
_VARYING = re.compile(r"""[0-9]+|"[^"\n]*"|'[^'\n]*'|\s+""")
_UPDATES_REFUSED = "updates are refused: this service is read-only; it answers SELECT, ASK, CONSTRUCT and DESCRIBE"


class Asked(NamedTuple):
    """A query as a client asks it: its text, the graphs it names beside it, and the form it wants by name."""

    query: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    form: str


class Sparql:
    """The endpoint."""

    def __init__(self, service: Service) -> None:
        self._service = service
        # Percent-encoded, three bytes stand for one.
        self._longest = 3 * service.limits.query

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        method = scope["method"]
        if method == "OPTIONS":
            await respond(send, NO_CONTENT, headers=preflight(METHODS))
            return
        if method not in {"GET", "HEAD", "POST"}:
            raise HttpError(METHOD, f"{method[:20]} is not answered here; {METHODS} are", {"Allow": METHODS})
        given = pairs(scope["query_string"], "query string", self._longest)
        if method == "POST":
            given = await self._with_body(scope, receive, given)
        asked = _asked(given, described=method != "POST")
        if asked is None:
            await self._service.reply(scope, send, "description", {"accept": header(scope, b"accept") or None})
        else:
            await self._answer(scope, send, asked)

    async def _with_body(self, scope: Scope, receive: Receive, given: list[tuple[str, str]]) -> list[tuple[str, str]]:
        kind, charset = media_type(scope)
        if kind == _UPDATE:
            raise HttpError(FORBIDDEN, _UPDATES_REFUSED)
        if kind not in {_FORM, _QUERY}:
            what = "has a media type that is not known" if kind else "has no media type"
            raise HttpError(NOT_SUPPORTED, f"the request body {what}; send {_QUERY} or {_FORM}")
        if header(scope, b"content-encoding").strip().lower() not in {"", "identity"}:
            raise HttpError(NOT_SUPPORTED, "the request body is packed; send it plain")
        limits = self._service.limits
        data = await read_body(scope, receive, most=limits.body, seconds=limits.slow)
        if kind == _FORM:
            text_body(b"", charset)
            return given + pairs(data, "form", self._longest)
        if any(name == "query" for name, _ in given):
            raise HttpError(BAD_REQUEST, "a query in the body and one in the address; send one")
        return [*given, ("query", text_body(data, charset))]

    async def _answer(self, scope: Scope, send: Send, asked: Asked) -> None:
        service = self._service
        head: dict[str, object] = {"kind": "query", "accept": header(scope, b"accept") or None}
        if asked.form:
            head["format"] = asked.form
        if asked.default or asked.named:
            head |= {"default": asked.default, "named": asked.named}
        if takes_gzip(scope):
            head["gzip"] = True
        if scope["http_version"] != "1.0":
            # Where only the end of a connection tells the end of a body, nobody sees that one has broken off.
            head["stream"] = True
        headers = {"Vary": "Accept, Accept-Encoding", "Cache-Control": "no-store"}
        # To be asked for again by its tag an answer needs an address, which that of a POST is not.
        tagged = scope["method"] != "POST" and not _VOLATILE.search(asked.query)
        said = (service.limits.rows, service.limits.answer, head, asked.query)
        if tagged:
            headers |= {"ETag": entity_tag(service.identity, *said), "Cache-Control": "no-cache"}
            if matches(scope, headers["ETag"]):
                await respond(send, NOT_MODIFIED, headers=headers)
                return
        body = asked.query.encode()
        if len(body) > service.limits.query:
            most = service.limits.query
            raise HttpError(TOO_LONG, f"query refused: it is longer than {most / 1024:g} kB")
        reply = await service.ask(scope, packed(Message(head, body)), hash(_VARYING.sub("", asked.query)))
        if tagged:
            # While it waited another graph may have been opened.
            headers["ETag"] = entity_tag(reply.graph, *said)
        await respond_reply(scope, send, reply, headers)


def preflight(methods: str) -> dict[str, str]:
    """Headers of the answer to OPTIONS."""
    return {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match",
        "Access-Control-Max-Age": "86400",
    }


def _asked(given: list[tuple[str, str]], *, described: bool) -> Asked | None:
    """What is asked; None where nothing is, so that the service describes itself."""
    values: dict[str, list[str]] = {}
    for name, value in given:
        values.setdefault(name, []).append(value)
    if "update" in values or "using-graph-uri" in values or "using-named-graph-uri" in values:
        raise HttpError(FORBIDDEN, _UPDATES_REFUSED)
    queries = values.get("query", [])
    if len(queries) > 1:
        raise HttpError(BAD_REQUEST, f"{len(queries)} queries in one request; send one")
    if not queries:
        if described and not values.keys() & _KNOWN:
            return None
        raise HttpError(BAD_REQUEST, "no query in the request; send one as query=...")
    forms = values.get("format", []) + values.get("output", [])
    default, named = values.get("default-graph-uri", []), values.get("named-graph-uri", [])
    for iri in default + named:
        if not _is_iri(iri):
            raise HttpError(BAD_REQUEST, "default-graph-uri and named-graph-uri take an absolute IRI")
    return Asked(queries[0], tuple(default), tuple(named), forms[0] if forms else "")


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|^`\\]*")


def _is_iri(text: str) -> bool:
    return _IRI.fullmatch(text) is not None
