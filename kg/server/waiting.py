"""What waits for a worker: jobs that are known to be quick, new ones, and long ones, each in turns over the clients."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from kg.server.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.server.limits import Limits
    from kg.server.workers import Worker

T = TypeVar("T")


class BusyError(Exception):
    """There is no room for another job now."""


class Waiting:
    """Three queues, of as many jobs in all as a limit allows.

    Attributes:
        known: Jobs that were quick before, waiting for a worker.
        new: Jobs of which nothing is known, waiting for a worker.
        long: Jobs that were long before, waiting for one of the places for such.
    """

    def __init__(self, limits: Limits) -> None:
        self.known: Turns[asyncio.Future[Worker]] = Turns()
        self.new: Turns[asyncio.Future[Worker]] = Turns()
        self.long: Turns[asyncio.Future[None]] = Turns()
        self._limits = limits

    def __len__(self) -> int:
        return len(self.known) + len(self.new) + len(self.long)

    async def for_worker(self, client: str, give_back: Callable[[Worker], None], *, new: bool) -> Worker:
        """A worker, when it is this job's turn; ``give_back`` gets one that comes when nobody wants it any more.

        Raises:
            BusyError: too many wait already, or it waited too long.
        """
        most = self._limits.queue
        # A quarter of it is for jobs that are known.
        if len(self) >= (most - most // 4 if new else most):
            raise BusyError
        return await self._turn(self.new if new else self.known, client, give_back)

    async def for_long_place(self, client: str, give_back: Callable[[None], None]) -> None:
        """A place among the long ones, when it is this job's turn.

        Raises:
            BusyError: as above.
        """
        # Only half of the queue is for these: there is always room for others.
        if len(self.long) >= self._limits.queue // 2:
            raise BusyError
        await self._turn(self.long, client, give_back)

    async def _turn(self, queue: Turns[asyncio.Future[T]], client: str, give_back: Callable[[T], None]) -> T:
        waiting: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        queue.append(client, waiting)
        try:
            return await asyncio.wait_for(waiting, self._limits.wait)
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiting.done() and not waiting.cancelled():
                # It came in the very moment that nobody wanted it any more.
                give_back(waiting.result())
            if isinstance(error, TimeoutError):
                raise BusyError from error
            raise
        finally:
            queue.remove(client, waiting)


def give_next(queue: Turns[asyncio.Future[T]], what: T) -> bool:
    """Give something to the job whose turn it is; whether there was one."""
    while len(queue):
        waiting = queue.popleft()
        if not waiting.done():
            waiting.set_result(what)
            return True
    return False
