"""The service that all routes share: the pool, the limits, and how a job is asked and its client watched."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from kg.server.link import Keeper
from kg.server.pool import Pool
from kg.server.replies import Reply
from kg.server.requests import client_of
from kg.server.responses import NOT_MODIFIED, entity_tag, matches, respond, respond_reply
from kg.server.running import BUG, UNAVAILABLE
from kg.server.waiting import BusyError
from kg.server.wire import Message, packed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Scope, Send

    from kg.server.limits import Limits

LOG = logging.getLogger("kg.server")
BAD_REQUEST = 400
_BUSY = "too many requests are waiting already; try again in a moment"
_AGAIN = 1.0
_PREPARING = 60.0
_WEIGHTY = frozenset({"graph"})
"""Kinds of jobs of our own that may take their time."""


class Service:
    """A graph that is served.

    Attributes:
        source: What is served; None for the embedded facts.
        limits: What a client may cost.
        public: Base of the addresses that the service gives of itself; never what a request says it is.
        ready: Whether questions are answered now.
    """

    def __init__(self, source: str | None, limits: Limits, public: str) -> None:
        self.source = source
        self.limits = limits
        self.public = public
        self._pool: Pool | None = None
        self._stopping = False
        self._reloading = asyncio.Lock()
        # A page that takes long holds up none of another kind.
        self._preparing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._prepared: dict[tuple[str, str], Reply] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the source and fork the workers.

        Raises:
            StoreError: the source cannot be opened.
        """
        keeper = await Keeper.start(self.source, self.limits, self.public)
        keeper.on_end = self._keeper_ended
        self._pool = Pool(keeper, self.limits)
        await self._pool.start()

    async def stop(self) -> None:
        """Let what runs end, and end the processes."""
        self._stopping = True
        await self.pool.drain(self.limits.seconds)

    async def reload(self) -> None:
        """Open the source again, and go over to it; no request is dropped. Where it cannot be opened, the old stays."""
        async with self._reloading:
            keeper = await Keeper.start(self.source, self.limits, self.public)
            keeper.on_end = self._keeper_ended
            await self.pool.replace(keeper)

    @property
    def pool(self) -> Pool:
        """The workers."""
        if self._pool is None:
            message = "the service has not started"
            raise RuntimeError(message)
        return self._pool

    @property
    def ready(self) -> bool:
        """Whether questions are answered now."""
        return self._pool is not None and not self._stopping and self._pool.counts["workers"] > 0

    @property
    def identity(self) -> str:
        """The hash of the graph."""
        return str(self.pool.hello["identity"])

    async def ask(self, scope: Scope, job: bytes, key: int, *, ours: bool = False) -> Reply:
        """The reply to a packed job, for as long as the client is there to get it. See :meth:`Pool.do`."""
        connection = scope.get("extensions", {}).get("kg.connection")
        task = asyncio.current_task()
        if connection is not None and task is not None:
            connection.on_lost = task.cancel
        try:
            reply = await self.pool.do(job, key, client_of(scope), ours=ours)
        except BusyError:
            return Reply.of_error(UNAVAILABLE, _BUSY)
        finally:
            if connection is not None:
                connection.on_lost = None
        if reply.bug:
            LOG.error("a job failed: %s", reply.bug)
            return Reply.of_error(BUG, "the service failed to work this out; its log says more")
        return reply

    async def prepared(self, kind: str) -> Reply:
        """What is made once for a graph and kept: a page, or a file of ours."""
        async with self._preparing[kind]:
            identity = self.identity
            known = self._prepared.get((identity, kind))
            if known is None:
                seconds = max(_PREPARING, self.limits.seconds)
                try:
                    known = await self.pool.prepare(packed(Message({"kind": kind, "seconds": seconds})), seconds)
                except BusyError:
                    return Reply.of_error(UNAVAILABLE, _BUSY)
                if known.bug:
                    LOG.error("a page could not be made: %s", known.bug)
                    known = Reply.of_error(BUG, "the service failed to make this page; its log says more")
                if not known.error or known.status == BAD_REQUEST:
                    # Those of a graph that is no longer served are let go.
                    kept = {key: reply for key, reply in self._prepared.items() if key[0] == identity}
                    self._prepared = {**kept, (identity, kind): known}
        return known

    async def reply(
        self, scope: Scope, send: Send, kind: str, head: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> None:
        """Do one of our own jobs and send what it gives, or that the client has it already."""
        whole = {"kind": kind, **head}
        tag = entity_tag(self.identity, whole)
        given = {"Vary": "Accept, Accept-Encoding", "ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
        if matches(scope, tag):
            await respond(send, NOT_MODIFIED, headers=given)
            return
        reply = await self.ask(scope, packed(Message(whole)), hash(repr(whole)), ours=kind not in _WEIGHTY)
        # While it waited another graph may have been opened: its answer has the tag of the graph that was asked.
        await respond_reply(scope, send, reply, given | {"ETag": entity_tag(reply.graph, whole)})

    def _keeper_ended(self) -> None:
        """The process that holds the graph is gone: start another."""
        if not self._stopping:
            LOG.error("the process that holds the graph ended; starting another")
            task = asyncio.ensure_future(self._again())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _again(self) -> None:
        from kg.errors import KgError  # noqa: PLC0415 - seldom

        while not self._stopping:
            try:
                await self.reload()
            except KgError as error:
                LOG.error("%s", error)  # noqa: TRY400 - the message is all there is to say
                await asyncio.sleep(_AGAIN)
            else:
                return
