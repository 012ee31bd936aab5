"""The pool in all weathers: workers that die, clients that leave, forks that fail, graphs that are opened anew."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, cast

import pytest

from kg.errors import StoreError
from kg.server.limits import Limits
from kg.server.link import Keeper
from kg.server.pool import Pool
from kg.server.replies import Reply
from kg.server.stream import Stream
from kg.server.waiting import BusyError
from kg.server.workers import Worker, WorkerGoneError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

_NOBODY = (1 << 22) + 1
"""No process has this number."""
FORKING = 0.01


class Double(Worker):
    """A worker without a process: a job is ``b"long"``, ``b"dies"``, ``b"stream"``, or done at once."""

    def __init__(self, keeper: Forked) -> None:
        super().__init__(cast("Keeper", keeper))
        self.process = _NOBODY
        self._reply: asyncio.Future[Reply] | None = None
        self._pieces: Stream | None = None

    def ask(self, job: bytes) -> asyncio.Future[Reply]:
        loop = asyncio.get_running_loop()
        self._reply = loop.create_future()
        if not self.alive:
            self._reply.set_exception(WorkerGoneError())
        elif job == b"dies":
            loop.call_later(0.001, self.die)
        elif job == b"stream":
            self._pieces = Stream(None, lambda: None, lambda: None)
            self._answer(Reply(stream=self._pieces))
            loop.call_later(0.003, self._last_piece)
        else:
            loop.call_later(0.3 if job == b"long" else 0.001, self._answer, Reply(body=b"done"))
        return self._reply

    def kill(self) -> None:
        asyncio.get_running_loop().call_soon(self.die)

    def close(self) -> None:
        self.die()

    def die(self) -> None:
        if not self.alive:
            return
        self.alive = False
        keeper = cast("Forked", self.keeper)
        keeper.workers.discard(self)
        if self._reply is not None and not self._reply.done():
            self._reply.set_exception(WorkerGoneError(9))
        if self._pieces is not None:
            self._pieces.break_off("killed")
        asyncio.get_running_loop().call_soon(self.on_end, self)

    def _answer(self, reply: Reply) -> None:
        if self._reply is not None and not self._reply.done() and self.alive:
            self.jobs += 1
            self._reply.set_result(reply)

    def _last_piece(self) -> None:
        if self._pieces is not None and self.alive:
            self._pieces.feed(b"x", last=True)
            self._pieces = None


class Forked:
    """A keeper without a process."""

    def __init__(self, name: str = "graph") -> None:
        self.hello = {"identity": name}
        self.alive = True
        self.on_end: Callable[[], None] = lambda: None
        self.workers: set[Double] = set()
        self.born: Callable[[Double], None] = lambda _: None
        self.room = True
        self.closed = False

    @property
    def busy(self) -> bool:
        return bool(self.workers)

    async def spawn(self, _order: bytes = b"") -> Double:
        if not self.room:
            raise WorkerGoneError(why="Resource temporarily unavailable")
        worker = Double(self)
        self.workers.add(worker)
        try:
            await asyncio.sleep(FORKING)
        except asyncio.CancelledError:
            worker.die()
            raise
        self.born(worker)
        return worker

    def close(self) -> None:
        self.closed = True


def _pool(keeper: Forked, **limits: Any) -> Pool:  # noqa: ANN401 - of several types
    chosen = {"workers": 2, "long": 2, "patience": 0.05, "wait": 0.5, "seconds": 1.0, **limits}
    return Pool(cast("Keeper", keeper), Limits(**chosen))


def _run(work: Coroutine[object, object, None]) -> None:
    # In a thread of its own: where a browser is open, this one runs a loop already.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, work).result()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await asyncio.sleep(0.005)


def _is_at_rest(pool: Pool) -> bool:
    workers = pool.limits.workers
    return pool.counts == {"workers": workers, "idle": workers, "long": 0, "waiting": 0}


def test_clients_that_leave_while_their_worker_is_forked_take_no_place_with_them() -> None:
    async def work() -> None:
        pool = _pool(Forked())
        await pool.start()
        await pool.do(b"long", 1)
        for _ in range(5):
            job = asyncio.ensure_future(pool.do(b"long", 1))
            await asyncio.sleep(FORKING / 2)
            job.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await job
        assert (await pool.do(b"long", 1)).body == b"done"
        await _until(lambda: _is_at_rest(pool))

    _run(work())


def test_a_worker_that_dies_before_it_is_given_a_job_is_replaced() -> None:
    async def work() -> None:
        keeper = Forked()
        frail = 3

        def born(worker: Double) -> None:
            nonlocal frail
            if frail:
                frail -= 1
                worker.die()

        keeper.born = born
        pool = _pool(keeper)
        await pool.start()
        await _until(lambda: _is_at_rest(pool))
        assert (await pool.do(b"", 1)).body == b"done"

    _run(work())


def test_where_there_is_no_room_for_a_process_the_log_says_so_once_and_it_is_tried_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def work() -> None:
        keeper = Forked()
        keeper.room = False
        pool = _pool(keeper, wait=0.05)
        await pool.start()
        for _ in range(3):
            with pytest.raises(BusyError):
                await pool.do(b"", 1)
        keeper.room = True
        await _until(lambda: _is_at_rest(pool))
        assert (await pool.do(b"", 1)).body == b"done"

    with caplog.at_level(logging.ERROR, "kg.server"):
        _run(work())
    assert [record.getMessage() for record in caplog.records] == [
        "no worker could be started, which is tried again: Resource temporarily unavailable"
    ]


def test_what_waits_while_a_graph_is_opened_anew_is_asked_of_the_new_one() -> None:
    async def work() -> None:
        old, new = Forked("old"), Forked("new")
        pool = _pool(old, workers=1, patience=5)
        await pool.start()
        running = asyncio.ensure_future(pool.do(b"long", 1))
        await asyncio.sleep(0.01)
        waiting = asyncio.ensure_future(pool.do(b"", 2))
        await asyncio.sleep(0.01)
        await pool.replace(cast("Keeper", new))
        assert not old.closed
        assert (await running).graph == "old"
        assert (await waiting).graph == "new"
        # Nothing of it is at work any more.
        await _until(lambda: old.closed)
        await _until(lambda: _is_at_rest(pool))

    _run(work())


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_to_jobs_no_worker_and_no_place_is_lost(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same each time

    async def client(pool: Pool, number: int) -> None:
        await asyncio.sleep(chance.random() * 0.5)
        job = chance.choice([b"", b"", b"", b"long", b"dies", b"stream"])
        key = number if chance.random() < 0.5 else hash(job)
        task = asyncio.ensure_future(pool.do(job, key, str(number % 3), ours=chance.random() < 0.2))
        if chance.random() < 0.4:
            asyncio.get_running_loop().call_later(chance.random() * 0.1, task.cancel)
        with contextlib.suppress(BusyError, asyncio.CancelledError):
            reply = await task
            if reply.stream is not None and chance.random() < 0.5:
                reply.stream.close()

    async def work() -> None:
        keeper = Forked()
        pool = _pool(keeper, workers=4, queue=20, wait=0.2)
        await pool.start()
        clients = [asyncio.ensure_future(client(pool, number)) for number in range(150)]
        for _ in range(10):
            await asyncio.sleep(0.05)
            if keeper.workers and chance.random() < 0.5:
                chance.choice(sorted(keeper.workers, key=id)).die()
        fresh = Forked("fresh")
        await pool.replace(cast("Keeper", fresh))
        await asyncio.gather(*clients)
        await _until(lambda: _is_at_rest(pool))
        # And no more are at work as new ones than there are: all workers but the one that is kept free.
        jobs = [asyncio.ensure_future(pool.do(b"long", 10_000 + number)) for number in range(6)]
        await asyncio.sleep(0.02)
        assert pool.counts["idle"] == 1
        await asyncio.gather(*jobs, return_exceptions=True)
        await _until(lambda: _is_at_rest(pool) and keeper.closed)

    _run(work())


def test_a_source_for_which_no_process_can_be_started_is_an_error_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(24, "Too many open files")

    async def work() -> None:
        monkeypatch.setattr(socket, "socketpair", full)
        with pytest.raises(StoreError, match=r"tiny\.ttl: no process could be started for it \(Too many open files\)"):
            await Keeper.start("tiny.ttl", Limits(), "http://x/")

    _run(work())
