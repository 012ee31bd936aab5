"""The front's side of a worker: it is asked, and answers whole or in pieces, or is gone."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast

from kg.server.replies import Reply
from kg.server.stream import Stream
from kg.server.wire import Unpacker, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.server.link import Keeper
    from kg.server.wire import Message

_SAYING = 0.3
"""Seconds to wait for word on how a worker ended."""


class WorkerGoneError(Exception):
    """A worker ended before it answered, or there is none to be had.

    Attributes:
        signal: The number of the signal that ended it, 0 where it is not known.
    """

    def __init__(self, number: int = 0, why: str = "") -> None:
        super().__init__(why or f"ended by signal {number}")
        self.signal = number


class Worker(asyncio.Protocol):
    """A worker as the front sees it.

    Attributes:
        keeper: Whose it is.
        process: Its process id.
        jobs: How many it has done.
        alive: Whether its channel is open.
        on_end: Called when its channel has closed.
    """

    def __init__(self, keeper: Keeper) -> None:
        self.keeper = keeper
        self.process = 0
        self.jobs = 0
        self.alive = True
        self.on_end: Callable[[Worker], None] = lambda _: None
        self._ended_by: int | None = None
        self._unpacker = Unpacker()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._stream: Stream | None = None

    def ask(self, job: bytes) -> asyncio.Future[Reply]:
        """Send a packed job; the future has the reply, or :class:`WorkerGoneError`.

        A reply may have a stream, by which the rest of it comes.
        """
        self._waiting = asyncio.get_running_loop().create_future()
        if self._transport is None or not self.alive:
            self._waiting.set_exception(WorkerGoneError())
        else:
            self._transport.write(job)
        return self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the channel."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a reply."""
        try:
            for message in self._unpacker.feed(data):
                self._take(message)
        except (WireError, TypeError, asyncio.InvalidStateError):
            self.close()

    def _take(self, message: Message) -> None:
        head = dict(message.head)
        more = bool(head.pop("more", False))
        if not more:
            self.jobs += 1
        if self._stream is not None:
            self._stream.feed(message.body, last=not more, broken=head.get("broken", ""))
            if not more:
                self._stream = None
        elif self._waiting is not None and not self._waiting.done():
            if more and self._transport is not None:
                transport = self._transport
                self._stream = Stream(head.pop("length", None), transport.pause_reading, transport.resume_reading)
            self._waiting.set_result(Reply.read(head, message.body, self._stream))

    def connection_lost(self, exc: Exception | None) -> None:
        """The channel has closed: the word on how the worker ended is here, or will be soon."""
        del exc
        self.alive = False
        self.on_end(self)
        if self._ended_by is None:
            asyncio.get_running_loop().call_later(_SAYING, self._tell_end, 0)
        else:
            self._tell_end(self._ended_by)

    def bury(self, number: int) -> None:
        """The keeper says by which signal it ended; what it wrote before may still be on its way."""
        self._ended_by = number
        if not self.alive:
            self._tell_end(number)

    def kill(self) -> None:
        """End it in the middle of what it does."""
        self.keeper.kill(self)

    def close(self) -> None:
        """Let go of it; a worker that is idle ends by that."""
        self.alive = False
        if self._transport is not None:
            self._transport.abort()

    def _tell_end(self, number: int) -> None:
        """Tell whoever waits that it ended, and how."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(WorkerGoneError(number))
        if self._stream is not None:
            self._stream.break_off(f"its process ended by signal {number}")
            self._stream = None
