"""The front's side of a keeper: a process that is started, told to fork and kill workers, and closed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import StoreError
from kg.server.wire import DIGITS, KILL, SPAWN, Unpacker
from kg.server.workers import Worker, WorkerGoneError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.server.limits import Limits

_OPENING = 600
"""Seconds a source may take to be opened."""
_LOOK_EVERY = 0.1
_ENDING = 50
"""Looks after which a keeper that was told to end, and has not, is killed."""


class Keeper(asyncio.Protocol):
    """A keeper process as the front sees it.

    Attributes:
        hello: What it said of the graph it holds: ``identity``, ``quads``, ``graphs``.
        alive: Whether it is there.
        on_end: Called when it is gone.
    """

    def __init__(self, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self.hello: dict[str, Any] = {}
        self.alive = True
        self.on_end: Callable[[], None] = lambda: None
        self._control = control
        self._process = process
        self._unpacker = Unpacker()
        self._said: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        # It answers orders one after the other, and tells of a worker's birth before its death.
        self._spawning: list[tuple[Worker, asyncio.Future[None]]] = []
        self._workers: dict[int, Worker] = {}

    @classmethod
    async def start(cls, source: str | None, limits: Limits, public: str) -> Keeper:
        """Start a keeper and wait until it has opened the source.

        Raises:
            StoreError: it cannot open it, or the system has no room for it.
        """
        what = source or "the embedded facts"
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                job = json.dumps({"source": source, "limits": asdict(limits), "public": public})
                process = _started(theirs, job)
            # The transport owns the socket; orders with a descriptor need a handle of their own on it.
            keeper = cls(ours.dup(), process)
        except OSError as error:
            message = f"{what}: no process could be started for it ({error.strerror}); free descriptors or processes"
            raise StoreError(message) from error
        try:
            ours.settimeout(0)
            await asyncio.get_running_loop().create_connection(lambda: keeper, sock=ours)
            said = await asyncio.wait_for(asyncio.shield(keeper._said), _OPENING)
        except (TimeoutError, WorkerGoneError) as error:
            keeper.close()
            message = f"{what}: could not be opened by the server's own process; see above"
            raise StoreError(message) from error
        except asyncio.CancelledError:
            keeper.close()
            raise
        if "error" in said:
            keeper.close()
            raise StoreError(said["error"])
        keeper.hello = said
        return keeper

    @property
    def busy(self) -> bool:
        """Whether it has workers, or is about to."""
        return bool(self._workers or self._spawning)

    async def spawn(self, order: bytes = SPAWN) -> Worker:
        """A new worker.

        Args:
            order: ``SPAWN`` of :mod:`kg.server.wire`, or ``PREPARE`` for one that may read our own files.

        Raises:
            WorkerGoneError: the system has no room for another process, or the keeper is gone.
        """
        if not self.alive:
            raise WorkerGoneError(why="the process that holds the graph is gone")
        worker = Worker(self)
        spawned: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            ours, theirs = socket.socketpair()
        except OSError as error:
            raise WorkerGoneError(why=str(error)) from error
        try:
            with theirs:
                socket.send_fds(self._control, [order], [theirs.fileno()])
            self._spawning.append((worker, spawned))
            await spawned
            ours.settimeout(0)
            await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)
        except OSError as error:
            ours.close()
            raise WorkerGoneError(why=str(error)) from error
        except (WorkerGoneError, asyncio.CancelledError):
            # Of a worker that nobody wants any more this is the end: it reads that the other side is gone.
            ours.close()
            raise
        return worker

    def kill(self, worker: Worker) -> None:
        """End a worker in the middle of what it does."""
        with contextlib.suppress(OSError):
            self._control.send(KILL + f"{worker.process:0{DIGITS}}".encode())

    def close(self) -> None:
        """End the keeper, and with it all its workers."""
        self.alive = False
        with contextlib.suppress(OSError):
            self._control.shutdown(socket.SHUT_RDWR)
        self._control.close()
        with contextlib.suppress(OSError):
            self._process.terminate()

    def data_received(self, data: bytes) -> None:
        """Take in what the keeper says."""
        for message in self._unpacker.feed(data):
            said = dict(message.head)
            if "spawned" in said:
                self._answer_spawning(said["spawned"])
            elif "failed" in said:
                self._answer_spawning(0, said["failed"])
            elif "died" in said:
                worker = self._workers.pop(said["died"], None)
                if worker is not None:
                    worker.bury(said["signal"])
            elif not self._said.done():
                self._said.set_result(said)

    def connection_lost(self, exc: Exception | None) -> None:
        """The keeper is gone."""
        del exc
        self.alive = False
        self._control.close()
        if not self._said.done():
            self._said.set_exception(WorkerGoneError())
        while self._spawning:
            self._answer_spawning(0, "the process that holds the graph is gone")
        while self._workers:
            _, worker = self._workers.popitem()
            worker.close()
            worker.bury(signal.SIGKILL)
        self._reap(_ENDING)
        self.on_end()

    def _answer_spawning(self, process: int, why: str = "") -> None:
        if not self._spawning:
            return
        worker, spawned = self._spawning.pop(0)
        if process:
            worker.process = process
            self._workers[process] = worker
        if spawned.done():
            return
        if process:
            spawned.set_result(None)
        else:
            spawned.set_exception(WorkerGoneError(why=why))

    def _reap(self, looks: int) -> None:
        """Take note of the end of the process, which closes its channel a little before."""
        if self._process.poll() is not None:
            return
        if not looks:
            self._process.kill()
        asyncio.get_running_loop().call_later(_LOOK_EVERY, self._reap, looks - 1)


def _started(channel: socket.socket, job: str) -> subprocess.Popen[bytes]:
    paths = [str(Path(__file__).parent.parent.parent), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    # Arguments are ours. In a session of its own: Ctrl-C is for the front, which then ends it.
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "kg.server.keeper", str(channel.fileno()), job],
        pass_fds=[channel.fileno()],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
        env=environment,
    )
