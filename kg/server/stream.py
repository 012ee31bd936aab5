"""The front's side of an answer that comes in pieces: no more of it is read than its client takes."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

AHEAD = 16 << 20
"""Bytes that may wait for a client: all of an answer within the default limits, so that its worker is free at once."""


class BrokenOffError(Exception):
    """An answer cannot be sent to its end; part of it has been."""


class Stream:
    """The pieces of one answer, from a worker to a client.

    Attributes:
        length: Bytes of all pieces, or None where they are not known before.
        ended: Done when the worker has sent all, or is gone; then True where it has sent all.
        abandon: Called to end the worker in the middle of it.
    """

    def __init__(self, length: int | None, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        self.length = length
        self.ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.abandon: Callable[[], None] = lambda: None
        self._pause = pause
        self._resume = resume
        self._paused = False
        self._pieces: deque[bytes] = deque()
        self._held = 0
        self._news = asyncio.Event()
        self._broken = ""

    def feed(self, piece: bytes, *, last: bool, broken: str = "") -> None:
        """Take in a piece."""
        if piece:
            self._pieces.append(piece)
            self._held += len(piece)
        if last:
            self._end(broken)
        elif self._held > AHEAD and not self._paused:
            self._paused = True
            self._pause()
        self._news.set()

    def break_off(self, why: str) -> None:
        """The worker is gone."""
        if not self.ended.done():
            self._end(why)

    async def pieces(self) -> AsyncIterator[bytes]:
        """The pieces, as they come.

        Raises:
            BrokenOffError: there will be no more, and the last has not come.
        """
        while True:
            while self._pieces:
                piece = self._pieces.popleft()
                self._held -= len(piece)
                if self._paused and self._held <= AHEAD // 2:
                    self._paused = False
                    self._resume()
                yield piece
            if self._broken:
                raise BrokenOffError(self._broken)
            if self.ended.done():
                return
            self._news.clear()
            await self._news.wait()

    async def whole(self) -> bytes:
        """All pieces in one.

        Raises:
            BrokenOffError: the last does not come.
        """
        return b"".join([piece async for piece in self.pieces()])

    def close(self) -> None:
        """Nobody wants the rest: a worker that still works on it is ended."""
        if not self.ended.done():
            self.abandon()

    def _end(self, broken: str) -> None:
        self._broken = broken
        self.ended.set_result(not broken)
        self._news.set()
