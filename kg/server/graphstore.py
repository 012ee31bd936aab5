"""SPARQL 1.1 Graph Store HTTP Protocol, its reading half: ``/data?default`` and ``/data?graph=IRI``."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from kg.server.protocol import METHOD, preflight
from kg.server.requests import BAD_REQUEST, HttpError, header, pairs, takes_gzip
from kg.server.responses import NO_CONTENT, respond

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from kg.server.service import Service

READ = "GET, HEAD, OPTIONS"


class GraphStore:
    """The graphs, to be read."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        method = scope["method"]
        if method == "OPTIONS":
            await respond(send, NO_CONTENT, headers=preflight(READ))
            return
        if method not in {"GET", "HEAD"}:
            raise HttpError(METHOD, f"graphs are only read here; {READ} are answered", {"Allow": READ})
        given = pairs(scope["query_string"], "query string")
        direct = scope.get("path_params", {}).get("name")
        if direct is not None:
            given.append(("graph", quote(direct, safe="/._~-")))
        names = [name for name, _ in given if name in {"default", "graph"}]
        if len(names) != 1:
            raise HttpError(BAD_REQUEST, "name one graph: ?default, or ?graph=IRI")
        head: dict[str, object] = {
            "graph": next((value for name, value in given if name == "graph"), None),
            # The graph's own address: its IRI without the base.
            "own": direct is not None,
            "accept": header(scope, b"accept") or None,
            "format": next((value for name, value in given if name == "format"), ""),
            "gzip": takes_gzip(scope),
        }
        await self._service.reply(scope, send, "graph", head)
