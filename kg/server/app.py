"""The application: which address is answered by what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.routing import Route, Router

from kg.server.gate import Gate
from kg.server.graphstore import GraphStore
from kg.server.metrics import CONTENT_TYPE, Metrics
from kg.server.protocol import METHOD, METHODS, Sparql, preflight
from kg.server.reading import Reading
from kg.server.requests import HttpError
from kg.server.responses import NO_CONTENT, respond

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

    from kg.server.accesslog import AccessLog
    from kg.server.service import Service

READ = "GET, HEAD, OPTIONS"
NOT_FOUND, FOUND, OK, UNAVAILABLE = 404, 302, 200, 503


class Named:
    """An application under a name that metrics count it by."""

    def __init__(self, name: str, app: ASGIApp) -> None:
        self._name = name
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        scope["kg.route"] = self._name
        await self._app(scope, receive, send)


class Told:
    """An application that only tells something: GET and HEAD."""

    def __init__(self, tell: Callable[[Scope, Send], Awaitable[None]]) -> None:
        self._tell = tell

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        del receive
        if scope["method"] == "OPTIONS":
            await respond(send, NO_CONTENT, headers=preflight(READ))
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise HttpError(METHOD, f"this address is only read; {READ} are answered", {"Allow": READ})
        await self._tell(scope, send)


def build_app(service: Service, log: AccessLog | None = None) -> Gate:
    """The application of a service."""
    metrics = Metrics()

    async def health(scope: Scope, send: Send) -> None:
        del scope
        ready = service.ready
        said = {"status": "ok" if ready else "starting", "graph": service.identity if ready else ""}
        body = json.dumps(said).encode() + b"\n"
        await respond(send, OK if ready else UNAVAILABLE, body, "application/json", {"Cache-Control": "no-store"})

    async def figures(scope: Scope, send: Send) -> None:
        del scope
        pool = service.pool
        counters = {"workers_forked_total": pool.forked, "workers_died_total": pool.died}
        if log is not None:
            counters["log_lines_dropped_total"] = log.dropped
        text = metrics.render({f"pool_{name}": number for name, number in pool.counts.items()}, counters)
        await respond(send, OK, text.encode(), CONTENT_TYPE, {"Cache-Control": "no-store"})

    def read(kind: str) -> Named:
        return Named(kind, Reading(service, kind))

    sparql = Named("sparql", Sparql(service))
    store = Named("data", GraphStore(service))
    routes = [
        Route("/sparql", sparql),
        Route("/sparql/", sparql),
        Route("/data", store),
        Route("/healthz", Named("healthz", Told(health))),
        Route("/metrics", Named("metrics", Told(figures))),
        Route("/.well-known/void", Named("void", Told(_to_description))),
        Route("/", read("home")),
        Route("/query", read("query-page")),
        Route("/explore", read("explorer")),
        Route("/ns", read("ontology")),
        Route("/openapi.json", read("openapi")),
        Route("/search", read("search")),
        Route("/api/search", read("search")),
        Route("/api/pair/{a}/{b}", read("pair")),
        Route("/api/neighbours/{id}", read("neighbours")),
        Route("/api/{kind}/{id}", read("card")),
        Route("/graph/{name:path}", store),
        Route("/id/{kind}/{identifier}", read("see-thing")),
        Route("/{kind}/{identifier}", read("thing")),
    ]
    return Gate(Router(routes, redirect_slashes=False, default=_nothing_here), service.limits, metrics, log)


async def _to_description(scope: Scope, send: Send) -> None:
    """Where VoID is looked for: the endpoint describes itself and its data."""
    del scope
    await respond(send, FOUND, headers={"Location": "../sparql"})


async def _nothing_here(scope: Scope, receive: Receive, send: Send) -> None:
    del receive
    if scope["method"] == "OPTIONS" and scope["path"] == scope["root_path"] + "*":
        # RFC 9110, 9.3.7: the server as a whole is asked.
        await respond(send, NO_CONTENT, headers=preflight(METHODS))
        return
    raise HttpError(NOT_FOUND, "nothing is at this address; the endpoint is /sparql")
