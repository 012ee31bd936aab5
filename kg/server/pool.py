"""Workers and what waits for them, so that one client's long job never holds up another's quick one.

Quick jobs run in a fixed number of workers. A job that outlasts the limit's ``patience`` is long: its process is put
behind the others (nice), it no longer counts among the quick, and another worker is forked in its place. So many may be
long at once; with all places taken, a job that turns out to be long while others wait is ended. What was long once is
known by its text, and waits for a long place from the start. What was quick the last time goes first, and some workers
are for such jobs alone: any number of new texts that turn out to be long leaves room for what is known. New and long
ones wait in turns over the addresses of their clients. How long a job is, is told by the time its processor took.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from kg.server.link import PREPARE, Keeper, Worker, WorkerGoneError
from kg.server.replies import Reply
from kg.server.stream import BrokenOffError
from kg.server.turns import Known, Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from kg.server.limits import Limits

NO_MEMORY, UNAVAILABLE, TOO_LATE, BUG = 507, 503, 504, 500
_GRACE = 1.0
_OFTEN = 0.1
_NICE = 15
_MOST_JOBS = 20_000
_RESERVED = 8
"""One worker in so many, and at least one of several, is for jobs that were quick before."""
_STARVED = 4
"""So many times its patience a job may wait for processors that others have, before that counts as its own time."""
_QUICK = 0.1
"""Seconds of CPU within which a job is quick, and the next like it goes before those that nothing is known of."""
_CLOCK_OF_PROCESS = 2
"""Linux: the clock of another process is its number, negated, above these three bits."""

T = TypeVar("T")


class BusyError(Exception):
    """There is no room for another job now."""


class _Run:
    """A job that is running."""

    __slots__ = ("_spent", "began", "ended_for", "key", "long", "new", "worker")

    def __init__(self, worker: Worker, key: int, *, long: bool, new: bool) -> None:
        self.worker = worker
        self.key = key
        self.long = long
        self.new = new
        self.began, self._spent = time.monotonic(), _spent_by(worker)
        self.ended_for = ""

    def spent(self) -> float:
        """Seconds of CPU it has taken, where the system tells them, or else seconds on the clock."""
        now = _spent_by(self.worker)
        return time.monotonic() - self.began if self._spent is None or now is None else now - self._spent


class Pool:
    """The workers of one keeper at a time.

    Attributes:
        limits: What jobs may cost.
        forked: Workers forked so far.
        died: Workers that died at work.
    """

    def __init__(self, keeper: Keeper, limits: Limits) -> None:
        self.limits = limits
        self.forked = self.died = 0
        self._keeper = keeper
        self._idle: deque[Worker] = deque()
        self._waiting: deque[asyncio.Future[Worker]] = deque()
        self._waiting_new: Turns[asyncio.Future[Worker]] = Turns()
        self._waiting_long: Turns[asyncio.Future[None]] = Turns()
        self._running: set[_Run] = set()
        self._quick = self._long = self._new = 0
        self._known = Known()
        self._most_new = limits.workers - max(1, limits.workers // _RESERVED) if limits.workers > 1 else 1
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    async def start(self) -> None:
        """Fork the first workers."""
        await asyncio.gather(*(self._add_worker() for _ in range(self.limits.workers)))

    @property
    def hello(self) -> dict[str, object]:
        """What the keeper says of the graph: ``identity``, ``quads``, ``graphs``."""
        return self._keeper.hello

    @property
    def counts(self) -> dict[str, int]:
        """How many workers and jobs there are now."""
        waiting = len(self._waiting) + len(self._waiting_new) + len(self._waiting_long)
        return {"workers": self._quick, "idle": len(self._idle), "long": self._long, "waiting": waiting}

    async def do(self, job: bytes, key: int, client: str = "", *, ours: bool = False) -> Reply:
        """The reply to a packed job; one that ends its worker is a reply too.

        Args:
            job: The job.
            key: The same for jobs that are alike, and so will be long alike.
            client: Whom it is for: those of one client wait for each other.
            ours: Whether it is of our own making, and so quick until it is seen to be otherwise.

        Raises:
            BusyError: too many wait already, or it waited too long.
        """
        long = self._known.is_long(key)
        new = not long and not ours and not self._known.is_quick(key)
        worker = await (self._long_worker(client) if long else self._quick_worker(client, new=new))
        run = _Run(worker, key, long=long, new=new)
        self._running.add(run)
        loop = asyncio.get_running_loop()
        overdue = loop.call_later(self.limits.patience, self._overdue, run)
        late = loop.call_later(self.limits.seconds + _GRACE, self._kill, run, "time")

        def end(_: object = None) -> None:
            overdue.cancel()
            late.cancel()
            self._running.discard(run)
            self._release(run)

        try:
            reply = await worker.ask(job)
        except WorkerGoneError as error:
            self.died += 1
            reply = self._last_words(run, error.signal)
        except asyncio.CancelledError:
            self._kill(run, "client")
            end()
            raise
        if reply.stream is None:
            end()
        else:
            # Its worker is at work until the last piece has come.
            reply.stream.abandon = lambda: self._kill(run, "client")
            reply.stream.ended.add_done_callback(end)
        return reply

    async def prepare(self, job: bytes, seconds: float) -> Reply:
        """The reply to a job of ours that no client has a part in, done in a worker that may read our own files."""
        try:
            worker = await self._keeper.spawn(lambda _: None, PREPARE)
        except WorkerGoneError as error:
            raise BusyError from error
        try:
            async with asyncio.timeout(seconds):
                reply = await worker.ask(job)
                if reply.stream is not None:
                    reply.body, reply.stream = await reply.stream.whole(), None
                return reply
        except (WorkerGoneError, BrokenOffError, TimeoutError):
            return Reply.of_error(BUG, "this page could not be made; it may need more --memory")
        finally:
            worker.kill()
            worker.close()

    async def replace(self, keeper: Keeper) -> None:
        """Go over to another keeper; what runs in the workers of the old one runs to its end."""
        old, self._keeper = self._keeper, keeper
        while self._idle:
            self._idle.popleft().close()
            self._quick -= 1
        missing = self.limits.workers - self._quick
        await asyncio.gather(*(self._add_worker() for _ in range(missing)))
        self._start(self._retire(old))

    async def drain(self, seconds: float) -> None:
        """Wait until nothing runs any more, at most so long, and end the keeper."""
        self._closing = True
        for _ in range(int(seconds / _OFTEN)):
            if not self._running and not self.counts["waiting"]:
                break
            await asyncio.sleep(_OFTEN)
        self._keeper.close()

    async def _retire(self, keeper: Keeper) -> None:
        await asyncio.sleep(self.limits.seconds + 2 * _GRACE)
        keeper.on_end = lambda: None
        keeper.close()

    async def _quick_worker(self, client: str, *, new: bool) -> Worker:
        if not new or self._new < self._most_new:
            while self._idle:
                worker = self._idle.popleft()
                if worker.alive:
                    self._new += new
                    return worker
        self._check_room(new=new)
        waiting: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        if new:
            self._waiting_new.append(client, waiting)
            return await self._waited(waiting, lambda: self._waiting_new.remove(client, waiting), self._give_back)
        self._waiting.append(waiting)
        return await self._waited(waiting, lambda: self._waiting.remove(waiting), self._give)

    async def _long_worker(self, client: str) -> Worker:
        if self._long >= self.limits.long:
            # Only half of the queue is for these: there is always room for others.
            if len(self._waiting_long) >= self.limits.queue // 2:
                raise BusyError
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting_long.append(client, waiting)
            forget = partial(self._waiting_long.remove, client, waiting)
            await self._waited(waiting, forget, lambda _: self._free_long_place())
        else:
            self._long += 1
        try:
            worker = await self._keeper.spawn(self._ended)
        except WorkerGoneError as error:
            self._free_long_place()
            raise BusyError from error
        self.forked += 1
        _put_behind(worker)
        return worker

    def _check_room(self, *, new: bool) -> None:
        """Refuse what the queue has no room for; a quarter of it is for jobs that are known."""
        waiting, most = self.counts["waiting"], self.limits.queue
        if waiting >= (most - most // 4 if new else most):
            raise BusyError

    async def _waited(
        self, waiting: asyncio.Future[T], forget: Callable[[], None], give_back: Callable[[T], None]
    ) -> T:
        try:
            return await asyncio.wait_for(waiting, self.limits.wait)
        except (TimeoutError, asyncio.CancelledError) as error:
            if waiting.done() and not waiting.cancelled():
                # It came in the very moment that nobody wanted it any more.
                give_back(waiting.result())
            if isinstance(error, TimeoutError):
                raise BusyError from error
            raise
        finally:
            with contextlib.suppress(ValueError):
                forget()

    def _overdue(self, run: _Run) -> None:
        """A job has run for longer than is quick, or has waited for its share of the processors."""
        if run not in self._running:
            return
        patience = self.limits.patience
        if run.spent() < patience / 2 and time.monotonic() - run.began < _STARVED * patience:
            asyncio.get_running_loop().call_later(_OFTEN, self._overdue, run)
            return
        self._known.was_long(run.key)
        if run.long:
            return
        if self._long < self.limits.long:
            run.long = True
            self._long += 1
            self._quick -= 1
            self._no_longer_new(run)
            _put_behind(run.worker)
            self._start(self._add_worker())
        elif self._waiting or self._waiting_new:
            self._kill(run, "others")
        else:
            asyncio.get_running_loop().call_later(_OFTEN, self._overdue, run)

    def _kill(self, run: _Run, why: str) -> None:
        run.ended_for = run.ended_for or why
        run.worker.kill()

    def _no_longer_new(self, run: _Run) -> None:
        self._new -= run.new
        run.new = False

    def _release(self, run: _Run) -> None:
        worker = run.worker
        self._no_longer_new(run)
        if not run.ended_for and run.spent() < _QUICK:
            self._known.was_quick(run.key)
        else:
            self._known.was_neither(run.key)
        if run.long:
            # It is behind the others for good, and may hold much memory.
            worker.close()
            self._free_long_place()
            return
        if worker.alive and not run.ended_for and worker.jobs < _MOST_JOBS and worker.keeper is self._keeper:
            self._give(worker)
            return
        worker.close()
        self._quick -= 1
        self._start(self._add_worker())

    def _give(self, worker: Worker) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(worker)
                return
        while self._waiting_new and self._new < self._most_new:
            waiting = self._waiting_new.popleft()
            if not waiting.done():
                self._new += 1
                waiting.set_result(worker)
                return
        self._idle.append(worker)

    def _give_back(self, worker: Worker) -> None:
        """A worker that was given to a new job, which went away."""
        self._new -= 1
        self._give(worker)

    def _free_long_place(self) -> None:
        while self._waiting_long:
            waiting = self._waiting_long.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._long -= 1

    def _ended(self, worker: Worker) -> None:
        """A worker's channel has closed."""
        if worker in self._idle:
            self._idle.remove(worker)
            self._quick -= 1
            self._start(self._add_worker())

    async def _add_worker(self) -> None:
        """Fork a worker for quick jobs, unless there are enough."""
        if self._closing or self._quick >= self.limits.workers:
            return
        self._quick += 1
        try:
            worker = await self._keeper.spawn(self._ended)
        except WorkerGoneError:
            self._quick -= 1
            if self._keeper.alive and not self._closing:
                await asyncio.sleep(_OFTEN)
                self._start(self._add_worker())
            return
        self.forked += 1
        self._give(worker)

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _last_words(self, run: _Run, number: int) -> Reply:
        limits = self.limits
        if run.ended_for == "time" or number == signal.SIGALRM:
            return Reply.of_error(TOO_LATE, f"query: has not ended after {limits.seconds:g} s; narrow it")
        if run.ended_for == "others":
            message = "query: takes long, and as many long ones as may are running; narrow it, or try again later"
            return Reply.of_error(UNAVAILABLE, message)
        if number == signal.SIGABRT:
            return Reply.of_error(NO_MEMORY, f"query: needs more than {limits.memory} MB of memory; narrow it")
        return Reply.of_error(BUG, "query: its process ended before it answered; try it again, or narrow it")


def _put_behind(worker: Worker) -> None:
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker.process, _NICE)


def _spent_by(worker: Worker) -> float | None:
    """Seconds of CPU that a worker has taken so far; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime(~worker.process << 3 | _CLOCK_OF_PROCESS)
    except OSError:
        return None
