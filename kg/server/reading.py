"""What is read with a browser or by a program: things, pages and the JSON API. Each is a job of a worker."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg.server.openapi import A_PAGE, FURTHEST, LARGEST_PAGE, openapi
from kg.server.protocol import METHOD, preflight
from kg.server.replies import Reply
from kg.server.requests import BAD_REQUEST, HttpError, header, pairs, takes_gzip
from kg.server.responses import NO_CONTENT, NOT_MODIFIED, entity_tag, matches, respond, respond_reply
from kg.server.styles import EXPLORER_POLICY, POLICY, QUERY_POLICY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope, Send

    from kg.server.service import Service

_HEADS = {"kind": "of"}
READ = "GET, HEAD, OPTIONS"
_SEGMENT = re.compile(r"[A-Za-z0-9._~%-]{1,200}")
_POLICIES = {"query-page": QUERY_POLICY, "explorer": EXPLORER_POLICY, "home": POLICY}
PREPARED = frozenset({*_POLICIES, "ontology"})
"""Kinds that are made once for a graph."""


class Reading:
    """The addresses that are read.

    One instance for each; ``kind`` says which job answers, and how its head is made of the request.
    """

    def __init__(self, service: Service, kind: str) -> None:
        self._service = service
        self._kind = kind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        if scope["method"] == "OPTIONS":
            await respond(send, NO_CONTENT, headers=preflight(READ))
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise HttpError(METHOD, f"this address is only read; {READ} are answered", {"Allow": READ})
        given = dict(pairs(scope["query_string"], "query string"))
        if self._kind == "openapi":
            body = json.dumps(openapi(self._service.public), indent=1).encode() + b"\n"
            await self._send_whole(scope, send, Reply(body=body, content_type="application/json"))
        elif self._kind in PREPARED:
            await self._send_whole(scope, send, await self._service.prepared(self._kind))
        else:
            head = self._head(scope, given)
            headers = {"Content-Security-Policy": POLICY}
            await self._service.reply(scope, send, self._kind, head | {"gzip": takes_gzip(scope)}, headers)

    def _head(self, scope: Scope, given: Mapping[str, str]) -> dict[str, object]:
        path = scope.get("path_params", {})
        if self._kind == "search":
            wants_page = not scope["path"].endswith("/api/search")
            if "q" not in given and not wants_page:
                raise HttpError(BAD_REQUEST, "nothing is searched for; say what with ?q=WORDS")
            return {"q": given.get("q", ""), "html": wants_page}
        if self._kind in {"thing", "see-thing"}:
            told = "/".join(_segment(path[name]) for name in ("kind", "identifier"))
            head: dict[str, object] = {"path": told, "accept": header(scope, b"accept") or None}
            # Relative, so that it is right behind any proxy and names no host.
            return head | (
                {"to": f"../../{told}"} if self._kind == "see-thing" else {"format": given.get("format", "")}
            )
        told_of: dict[str, object] = {_HEADS.get(name, name): _segment(value) for name, value in path.items()}
        if self._kind != "pair":
            return told_of
        limit = _number(given, "limit", A_PAGE, range(1, LARGEST_PAGE + 1))
        return {**told_of, "limit": limit, "offset": _number(given, "offset", 0, range(FURTHEST + 1))}

    async def _send_whole(self, scope: Scope, send: Send, reply: Reply) -> None:
        """Send what was made once, or that the client has it already."""
        if reply.error:
            await respond_reply(scope, send, reply, {})
            return
        zipped = takes_gzip(scope)
        tag = entity_tag(hashlib.blake2b(reply.body, digest_size=12).hexdigest(), zipped)
        given = {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
        if self._kind in _POLICIES:
            given["Content-Security-Policy"] = _POLICIES[self._kind]
        if matches(scope, tag):
            await respond(send, NOT_MODIFIED, headers=given)
            return
        if zipped:
            # A page of megabytes takes a while to pack: not in the thread that serves.
            reply = await asyncio.to_thread(replace(reply).packed, wanted=True)
        await respond_reply(scope, send, reply, given)


def _number(given: Mapping[str, str], name: str, otherwise: int, allowed: range) -> int:
    """A number that a parameter gives."""
    text = given.get(name, str(otherwise))
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(allowed[-1])) and int(text) in allowed):
        raise HttpError(BAD_REQUEST, f"{name} is a number from {allowed[0]} to {allowed[-1]}")
    return int(text)


def _segment(text: str) -> str:
    """A part of a path as it stands in an IRI of ours."""
    coded = quote(text, safe="._~-")
    if not _SEGMENT.fullmatch(coded):
        raise HttpError(BAD_REQUEST, "an id is of letters, digits and . _ ~ -, and not longer than 200 characters")
    return coded
