"""The front's side of the processes: a keeper that is started, and workers that are asked."""

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
from typing import TYPE_CHECKING, Any, cast

from kg.errors import StoreError
from kg.server.replies import Reply
from kg.server.stream import Stream
from kg.server.wire import Unpacker, WireError

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.server.limits import Limits
    from kg.server.wire import Message

SPAWN, PREPARE, KILL = b"s", b"p", b"k"
_OPENING = 600
"""Seconds a source may take to be opened."""
_SAYING = 0.3
"""Seconds to wait for word on how a worker ended."""
_DIGITS = 10


class WorkerGoneError(Exception):
    """A worker ended before it answered.

    Attributes:
        signal: The number of the signal that ended it, 0 where it is not known.
    """

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by signal {number}")
        self.signal = number


class Worker(asyncio.Protocol):
    """A worker as the front sees it.

    Attributes:
        keeper: Whose it is.
        process: Its process id.
        jobs: How many it has done.
        alive: Whether its channel is open.
    """

    def __init__(self, keeper: Keeper, on_end: Callable[[Worker], None]) -> None:
        self.keeper = keeper
        self.process = 0
        self.jobs = 0
        self.alive = True
        self._on_end = on_end
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
            self._waiting.set_exception(WorkerGoneError(0))
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
        """The worker is gone."""
        del exc
        self.alive = False
        self._on_end(self)

    def end(self, number: int) -> None:
        """Tell whoever waits that it ended, and how."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(WorkerGoneError(number))
        if self._stream is not None:
            self._stream.break_off(f"its process ended by signal {number}")
            self._stream = None

    def kill(self) -> None:
        """End it in the middle of what it does."""
        self.keeper.kill(self)

    def close(self) -> None:
        """Let go of it; a worker that is idle ends by that."""
        self.alive = False
        if self._transport is not None:
            self._transport.abort()


class Keeper(asyncio.Protocol):
    """A keeper process as the front sees it.

    Attributes:
        hello: What it said of the graph it holds: ``identity``, ``quads``, ``graphs``.
        alive: Whether it is there.
    """

    def __init__(self, control: socket.socket, process: subprocess.Popen[bytes]) -> None:
        self.hello: dict[str, Any] = {}
        self.alive = True
        self.on_end: Callable[[], None] = lambda: None
        self._control = control
        self._process = process
        self._unpacker = Unpacker()
        self._said: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._spawning: list[asyncio.Future[int]] = []
        self._workers: dict[int, Worker] = {}
        self._ended: dict[int, int] = {}

    @classmethod
    async def start(cls, source: str | None, limits: Limits, public: str) -> Keeper:
        """Start a keeper and wait until it has opened the source.

        Raises:
            StoreError: it cannot open it.
        """
        ours, theirs = socket.socketpair()
        job = json.dumps({"source": source, "limits": asdict(limits), "public": public})
        paths = [str(Path(__file__).parent.parent.parent), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
        # Arguments are ours. In a session of its own: Ctrl-C is for the front, which then ends it.
        process = subprocess.Popen(  # noqa: S603, ASYNC220 - it returns at once
            [sys.executable, "-m", "kg.server.keeper", str(theirs.fileno()), job],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
        )
        theirs.close()
        ours.settimeout(0)
        # The transport owns the socket; orders with a descriptor need a handle of their own on it.
        keeper = cls(ours.dup(), process)
        await asyncio.get_running_loop().create_connection(lambda: keeper, sock=ours)
        try:
            said = await asyncio.wait_for(asyncio.shield(keeper._said), _OPENING)
        except (TimeoutError, WorkerGoneError) as error:
            keeper.close()
            message = f"{source or 'the embedded facts'}: could not be opened by the server's own process; see above"
            raise StoreError(message) from error
        if "error" in said:
            keeper.close()
            raise StoreError(said["error"])
        keeper.hello = said
        return keeper

    async def spawn(self, on_end: Callable[[Worker], None], order: bytes = SPAWN) -> Worker:
        """A new worker.

        Args:
            on_end: Called when its channel has closed.
            order: :data:`SPAWN`, or :data:`PREPARE` for one that may read our own files.

        Raises:
            WorkerGoneError: the system has no room for another process, or the keeper is gone.
        """
        if not self.alive:
            raise WorkerGoneError(0)
        ours, theirs = socket.socketpair()
        spawned: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._spawning.append(spawned)
        worker = Worker(self, lambda worker: self._ending(worker, on_end))
        with theirs:
            try:
                socket.send_fds(self._control, [order], [theirs.fileno()])
            except OSError as error:
                ours.close()
                self._spawning.remove(spawned)
                raise WorkerGoneError(0) from error
        try:
            worker.process = await spawned
        except WorkerGoneError:
            ours.close()
            raise
        ours.settimeout(0)
        await asyncio.get_running_loop().create_connection(lambda: worker, sock=ours)
        if worker.process not in self._ended:
            self._workers[worker.process] = worker
        return worker

    def kill(self, worker: Worker) -> None:
        """End a worker in the middle of what it does."""
        with contextlib.suppress(OSError):
            self._control.send(KILL + f"{worker.process:0{_DIGITS}}".encode())

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
                self._answer_spawning(0)
            elif "died" in said:
                self._bury(said["died"], said["signal"])
            elif not self._said.done():
                self._said.set_result(said)

    def connection_lost(self, exc: Exception | None) -> None:
        """The keeper is gone."""
        del exc
        self.alive = False
        self._control.close()
        if not self._said.done():
            self._said.set_exception(WorkerGoneError(0))
        while self._spawning:
            self._answer_spawning(0)
        for worker in list(self._workers.values()):
            worker.close()
            worker.end(signal.SIGKILL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            # It has closed its end as the last thing it did; this loop must not be held up for it.
            self._process.wait(0.1)
        self.on_end()

    def _answer_spawning(self, process: int) -> None:
        if not self._spawning:
            return
        spawned = self._spawning.pop(0)
        if spawned.done():
            return
        if process:
            spawned.set_result(process)
        else:
            spawned.set_exception(WorkerGoneError(0))

    def _bury(self, process: int, number: int) -> None:
        self._ended[process] = number
        worker = self._workers.pop(process, None)
        if worker is not None and not worker.alive:
            worker.end(number)
        if len(self._ended) > 1000:  # noqa: PLR2004 - kept only until the channel of each is found closed
            self._ended.pop(next(iter(self._ended)))

    def _ending(self, worker: Worker, on_end: Callable[[Worker], None]) -> None:
        """A channel has closed: the word on how its worker ended is here, or will be soon."""
        on_end(worker)
        if worker.process in self._ended:
            worker.end(self._ended.pop(worker.process))
        else:
            asyncio.get_running_loop().call_later(_SAYING, worker.end, 0)
