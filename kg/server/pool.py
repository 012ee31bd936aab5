"""Workers and what waits for them, so that one client's long job never holds up another's quick one.

Quick jobs run in a fixed number of workers. A job that outlasts the limit's ``patience`` is long: its process is put
behind the others (nice), it no longer counts among the quick, and another worker is forked in its place. So many may be
long at once; with all places taken, a job that turns out to be long while others wait is ended. What was long once is
known by its text, and waits for a long place from the start. What was quick the last time goes first, and some workers
are for such jobs alone: any number of new texts that turn out to be long leaves room for what is known. Jobs wait in
turns over the addresses of their clients. How long a job is, is told by the time its processor took.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from typing import TYPE_CHECKING

from kg.server.replies import Reply
from kg.server.running import BUG, Run, put_behind
from kg.server.stream import BrokenOffError
from kg.server.turns import Known
from kg.server.waiting import BusyError, Waiting, give_next
from kg.server.wire import PREPARE
from kg.server.workers import WorkerGoneError

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from kg.server.limits import Limits
    from kg.server.link import Keeper
    from kg.server.workers import Worker

LOG = logging.getLogger("kg.server")
_GRACE = 1.0
_OFTEN = 0.1
_MOST_JOBS = 20_000
_RESERVED = 8
"""One worker in so many, and at least one of several, is for jobs that were quick before."""
_STARVED = 4
"""So many times its patience a job may wait for processors that others have, before that counts as its own time."""
_QUICK = 0.1
"""Seconds of CPU within which a job is quick, and the next like it goes before those that nothing is known of."""


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
        self._waiting = Waiting(limits)
        self._running: set[Run] = set()
        # Workers for quick jobs, those of them that do or are about to do new ones, and long jobs.
        self._quick = self._new = self._long = 0
        self._known = Known()
        self._most_new = limits.workers - max(1, limits.workers // _RESERVED) if limits.workers > 1 else 1
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False
        self._complained = False

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
        return {"workers": self._quick, "idle": len(self._idle), "long": self._long, "waiting": len(self._waiting)}

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
        run = Run(worker, key, long=long, new=new)
        self._running.add(run)
        loop = asyncio.get_running_loop()
        overdue = loop.call_later(self.limits.patience, self._overdue, run)
        late = loop.call_later(self.limits.seconds + _GRACE, run.kill, "time")

        def end(_: object = None) -> None:
            overdue.cancel()
            late.cancel()
            self._running.discard(run)
            self._release(run)

        try:
            reply = await worker.ask(job)
        except WorkerGoneError as error:
            self.died += 1
            reply = run.last_words(self.limits, error.signal)
        except asyncio.CancelledError:
            run.kill("client")
            end()
            raise
        reply.graph = str(worker.keeper.hello["identity"])
        if reply.stream is None:
            end()
        else:
            # Its worker is at work until the last piece has come.
            reply.stream.abandon = lambda: run.kill("client")
            reply.stream.ended.add_done_callback(end)
        return reply

    async def prepare(self, job: bytes, seconds: float) -> Reply:
        """The reply to a job of ours that no client has a part in, done in a worker that may read our own files.

        Raises:
            BusyError: there is no process to be had.
        """
        try:
            worker = await self._keeper.spawn(PREPARE)
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
            if not self._running and not len(self._waiting):
                break
            await asyncio.sleep(_OFTEN)
        self._keeper.close()

    async def _retire(self, keeper: Keeper) -> None:
        # Each of its workers has a deadline of its own.
        while keeper.busy:  # noqa: ASYNC110 - workers come and go until there is none
            await asyncio.sleep(_OFTEN)
        keeper.on_end = lambda: None
        keeper.close()

    async def _quick_worker(self, client: str, *, new: bool) -> Worker:
        if self._idle and (not new or self._new < self._most_new):
            self._new += new
            return self._idle.popleft()
        return await self._waiting.for_worker(client, self._give_back if new else self._give, new=new)

    async def _long_worker(self, client: str) -> Worker:
        if self._long >= self.limits.long:
            await self._waiting.for_long_place(client, self._free_long_place)
        else:
            self._long += 1
        try:
            worker = await self._keeper.spawn()
        except WorkerGoneError as error:
            self._free_long_place()
            self._complain(error)
            raise BusyError from error
        except asyncio.CancelledError:
            self._free_long_place()
            raise
        self.forked += 1
        put_behind(worker)
        return worker

    def _overdue(self, run: Run) -> None:
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
            put_behind(run.worker)
            self._start(self._add_worker())
        elif len(self._waiting.known) or len(self._waiting.new):
            run.kill("others")
        else:
            asyncio.get_running_loop().call_later(_OFTEN, self._overdue, run)

    def _no_longer_new(self, run: Run) -> None:
        self._new -= run.new
        run.new = False

    def _release(self, run: Run) -> None:
        """A job has ended: its worker is for the next, or another is forked in its place."""
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
        elif run.ended_for or worker.jobs >= _MOST_JOBS:
            self._drop(worker)
        else:
            self._give(worker)

    def _give(self, worker: Worker) -> None:
        """Give a worker to the job whose turn it is, or let it be idle."""
        if not worker.alive or worker.keeper is not self._keeper:
            self._drop(worker)
        elif give_next(self._waiting.known, worker):
            pass
        elif self._new < self._most_new and give_next(self._waiting.new, worker):
            self._new += 1
        else:
            self._idle.append(worker)

    def _give_back(self, worker: Worker) -> None:
        """A worker that was given to a new job, which went away."""
        self._new -= 1
        self._give(worker)

    def _drop(self, worker: Worker) -> None:
        """A worker for quick jobs is of no more use: fork another."""
        worker.close()
        self._quick -= 1
        if not self._closing:
            # One that dies before it has done anything may not be the last to: the machine is left time to breathe.
            self._start(self._add_worker(0 if worker.jobs else _OFTEN))

    def _free_long_place(self, _: None = None) -> None:
        if not give_next(self._waiting.long, None):
            self._long -= 1

    def _ended(self, worker: Worker) -> None:
        """The channel of a worker has closed; one that was at work is told of where its job is."""
        if worker in self._idle:
            self._idle.remove(worker)
            self._drop(worker)

    async def _add_worker(self, after: float = 0) -> None:
        """Fork a worker for quick jobs, unless there are enough."""
        await asyncio.sleep(after)
        if self._closing or self._quick >= self.limits.workers:
            return
        self._quick += 1
        try:
            worker = await self._keeper.spawn()
        except WorkerGoneError as error:
            self._quick -= 1
            if self._keeper.alive and not self._closing:
                self._complain(error)
                self._start(self._add_worker(_OFTEN))
            return
        self._complained = False
        self.forked += 1
        worker.on_end = self._ended
        self._give(worker)

    def _complain(self, error: WorkerGoneError) -> None:
        """Say once that there is no room for another process, until there is again."""
        if not self._complained:
            LOG.error("no worker could be started, which is tried again: %s", error)
        self._complained = True

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
