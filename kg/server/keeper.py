"""The keeper: holds the graph, forks workers that share it, kills those it is told to, and says how each ended.

``python -m kg.server.keeper DESCRIPTOR JSON`` is started by :mod:`kg.server.link`. It ends when the front is gone, and
takes its workers with it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import signal
import socket
import sys
import warnings
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.server.identity import identity_of
from kg.server.jobs import State
from kg.server.limits import Limits
from kg.server.wire import DIGITS, KILL, PREPARE, SPAWN, Message, packed
from kg.server.worker import run_worker
from kg.store.embedded import EmbeddedStore
from kg.store.guard import check_query
from kg.workspace import open_graph

if TYPE_CHECKING:
    from collections.abc import Mapping


def main() -> None:
    """Open what is to be served, say so, and obey the front until it is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    job = json.loads(sys.argv[2])
    try:
        state, hello = open_state(job)
    except KgError as error:
        _say(control, {"error": str(error)})
        return
    _say(control, hello)
    # The guard's patterns for names of every script are compiled when first needed: once, and not by each worker.
    check_query("ASK {} # \u00e9", graphs=None)
    # What is there now is shared with the workers; a collection would touch, and so copy, all of it.
    gc.collect()
    gc.freeze()
    Keeper(control, state).run()


def open_state(job: Mapping[str, Any]) -> tuple[State, dict[str, Any]]:
    """The state of workers, and what the front is told of it.

    Args:
        job: ``source`` (or null), ``limits``, ``public``.

    Raises:
        KgError: the source cannot be opened.
    """
    graph = open_graph(job["source"])
    # What lies at another endpoint is copied: strangers are not sent on to it.
    store = graph.store if isinstance(graph.store, EmbeddedStore) else EmbeddedStore.from_quads(graph.store.quads())
    graphs = store.graphs()
    state = State(store, graphs, Limits(**job["limits"]), job["public"])
    return state, {"identity": identity_of(store), "quads": len(store), "graphs": sorted(graphs)}


class Keeper:
    """The loop of the keeper."""

    def __init__(self, control: socket.socket, state: State) -> None:
        self._control = control
        self._state = state
        self._workers: set[int] = set()

    def run(self) -> None:
        """Obey until the front is gone."""
        reading, writing = os.pipe()
        control = self._control.fileno()
        self._state.private = (control, reading, writing)
        for end in (reading, writing):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # By an exception, so that the workers go too.
        signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
        try:
            while True:
                ready, _, _ = select.select([control, reading], [], [])
                if reading in ready:
                    os.read(reading, 4096)
                    self._bury()
                if control in ready and not self._obey():
                    return
        finally:
            for worker in self._workers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(worker, signal.SIGKILL)

    def _obey(self) -> bool:
        """Take one order; False where the front is gone."""
        try:
            order, descriptors, _, _ = socket.recv_fds(self._control, 1, 1)
        except ConnectionError:
            return False
        if order in {SPAWN, PREPARE}:
            if descriptors:
                self._spawn(descriptors[0], sealed=order == SPAWN)
            else:
                # The system leaves out what it has no room for.
                self._tell({"failed": "the process that holds the graph has too many open files"})
        elif order == KILL:
            worker = int(self._control.recv(DIGITS, socket.MSG_WAITALL))
            # One that is buried already may be somebody else's process by now.
            if worker in self._workers:
                os.kill(worker, signal.SIGKILL)
        return bool(order)

    def _spawn(self, descriptor: int, *, sealed: bool) -> None:
        channel = socket.socket(fileno=descriptor)
        try:
            with warnings.catch_warnings():
                # The engine's own threads have nothing to do with what a worker reads.
                warnings.simplefilter("ignore", DeprecationWarning)
                worker = os.fork()
        except OSError as error:
            channel.close()
            self._tell({"failed": str(error)})
            return
        if worker == 0:
            self._state.descriptor = descriptor
            run_worker(channel, self._state, sealed=sealed)
        channel.close()
        self._workers.add(worker)
        self._tell({"spawned": worker})

    def _bury(self) -> None:
        while self._workers:
            try:
                worker, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if worker == 0:
                return
            self._workers.discard(worker)
            self._tell({"died": worker, "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})

    def _tell(self, head: dict[str, object]) -> None:
        _say(self._control, head)


def _say(control: socket.socket, head: Mapping[str, object]) -> None:
    # Where nobody listens any more, the next order will not come.
    with contextlib.suppress(ConnectionError):
        control.sendall(packed(Message(head)))


if __name__ == "__main__":
    main()
