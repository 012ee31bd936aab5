"""How the front answers: headers that are the same everywhere, errors as text or problem+json, entity tags."""

from __future__ import annotations

import asyncio
import hashlib
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from kg.server.requests import header
from kg.server.stream import BrokenOffError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope, Send

    from kg.server.replies import Reply
    from kg.server.stream import Stream

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # Anyone may read, nobody with credentials: there are none.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, KG-Rows, KG-Truncated, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
NO_PAGE = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Content-Security-Policy of what is data: a browser that shows it runs nothing."""

_PIECE = 128 * 1024
NOT_MODIFIED, NO_CONTENT, SERVER_FAULT = 304, 204, 500


async def respond(
    send: Send, status: int, body: bytes = b"", content_type: str = "", headers: Mapping[str, str] | None = None
) -> None:
    """Send an answer. Header values are ours or checked; what a client wrote never becomes one."""
    given = dict(headers or {})
    if content_type:
        given["Content-Type"] = content_type
    if status not in {NO_CONTENT, NOT_MODIFIED}:
        given["Content-Length"] = str(len(body))
    await send({"type": "http.response.start", "status": status, "headers": _raw(given)})
    # In pieces: only between them is it waited for a client that reads slowly.
    for start in range(0, len(body) - _PIECE, _PIECE):
        await send({"type": "http.response.body", "body": body[start : start + _PIECE], "more_body": True})
    rest = (len(body) - 1) // _PIECE * _PIECE if body else 0
    await send({"type": "http.response.body", "body": body[rest:]})


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they are sent, with those of every answer."""
    given = {**ALWAYS, "Content-Security-Policy": NO_PAGE, **headers}
    return [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in given.items() if value]


async def respond_error(scope: Scope, send: Send, reply: Reply, headers: Mapping[str, str] | None = None) -> None:
    """Send what is wrong: one line as text, or problem+json (RFC 9457) to a client that takes JSON."""
    # A client of the API is one, whatever it says.
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    if "json" in header(scope, b"accept") or path.startswith("/api/"):
        problem: dict[str, object] = {
            "title": HTTPStatus(reply.status).phrase,
            "status": reply.status,
            "detail": reply.error,
        }
        if reply.line:
            problem |= {"line": reply.line, "column": reply.column, "excerpt": reply.excerpt}
        body, kind = json.dumps(problem, indent=1).encode() + b"\n", "application/problem+json"
    else:
        text = reply.error + "\n" + (reply.excerpt + "\n" if reply.excerpt else "")
        body, kind = text.encode("utf-8", "replace"), "text/plain; charset=utf-8"
    await respond(send, reply.status, body, kind, {"Cache-Control": "no-store", "Vary": "Accept", **(headers or {})})


async def respond_reply(scope: Scope, send: Send, reply: Reply, headers: Mapping[str, str]) -> None:
    """Send what a worker gave."""
    if reply.error:
        extra = {"Retry-After": "5"} if reply.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
        await respond_error(scope, send, reply, extra)
        return
    given = dict(headers)
    if "ETag" in given and reply.status == HTTPStatus.OK and header(scope, b"if-none-match").strip() == "*":
        # Any: whether there is one was not known before.
        if reply.stream is not None:
            reply.stream.close()
        await respond(send, NOT_MODIFIED, headers=given)
        return
    if reply.encoding:
        given["Content-Encoding"] = reply.encoding
    if reply.location:
        given["Location"] = reply.location
    if reply.rows or reply.truncated:
        given["KG-Rows"] = str(reply.rows)
    if reply.truncated:
        given["KG-Truncated"] = f"after {reply.rows} rows; use LIMIT and OFFSET with ORDER BY to read on"
    if reply.stream is None:
        await respond(send, reply.status, reply.body, reply.content_type, given)
    else:
        await _respond_stream(scope, send, reply, reply.stream, given)


async def _respond_stream(scope: Scope, send: Send, reply: Reply, stream: Stream, headers: Mapping[str, str]) -> None:
    """Send a body as it comes.

    Raises:
        BrokenOffError: it does not come to its end; the connection was ended, so that nobody takes it for whole.
    """
    connection = scope.get("extensions", {}).get("kg.connection")
    length = {} if stream.length is None else {"Content-Length": str(stream.length)}
    given = {"Content-Type": reply.content_type, **length, **headers}
    task = asyncio.current_task()
    if connection is not None and task is not None:
        connection.on_lost = task.cancel
    try:
        await send({"type": "http.response.start", "status": reply.status, "headers": _raw(given)})
        if scope["method"] != "HEAD":
            async for piece in stream.pieces():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    except BrokenOffError:
        if connection is not None:
            connection.on_lost = None
            connection.abort()
            # Until it is taken note of.
            await asyncio.sleep(0)
        raise
    finally:
        if connection is not None:
            connection.on_lost = None
        stream.close()


def entity_tag(*parts: object) -> str:
    """An entity tag for what is told by these parts."""
    said = json.dumps(parts, default=str).encode()
    return f'"{hashlib.blake2b(said, digest_size=12).hexdigest()}"'


def matches(scope: Scope, tag: str) -> bool:
    """Whether If-None-Match names this entity tag (RFC 9110, 13.1.2: weakly compared)."""
    return tag in {item.strip().removeprefix("W/") for item in header(scope, b"if-none-match").split(",")}
