"""Running the server: from limits and an address to a process that serves until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import uvicorn

from kg.errors import KgError
from kg.server.accesslog import AccessLog
from kg.server.app import build_app
from kg.server.connections import Connection, watch
from kg.server.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.server.limits import Limits

LOG = logging.getLogger("kg.server")
_LOOK_EVERY = 2.0
_DESCRIPTORS = 65_536
_BACKLOG = 1024
_OWN = 32
"""Descriptors that are neither of clients nor of workers, with room for pages that are being made."""
_FEWEST = 8
_ROUNDS = 8
"""So many times as many as may wait to be accepted are open before the first is closed for being one too many."""
_SEND_BUFFER = 256 * 1024


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server listens and how it is reached.

    Attributes:
        host: Address or name of the interface.
        port: Port; 0 for any that is free.
        public: Base of the public addresses, with a slash at the end; empty for the address itself.
        root_path: Path under which a proxy shows the server.
        proxies: Addresses of proxies whose X-Forwarded headers are believed, comma-separated; empty for none.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    public: str = ""
    root_path: str = ""
    proxies: str = ""


def serve(
    source: str | None, limits: Limits, address: Address, *, log: bool = True, ready: Callable[[str], None] = print
) -> None:
    """Serve a source until SIGINT or SIGTERM; SIGHUP opens it again, and so does a store that was built anew.

    Args:
        source: What :func:`kg.open` takes; None for the embedded facts.
        limits: What clients may cost.
        address: Where to listen.
        log: Whether to write the access log to stderr.
        ready: Called with the address once requests are answered.

    Raises:
        KgError: the source cannot be opened, the address cannot be had, or the system cannot fork.
    """
    if not hasattr(os, "fork"):
        message = "kg serve: needs a system that can fork processes, which this is not; run it in WSL or a container"
        raise KgError(message)
    limits, backlog = _fitted(limits)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(source, limits, address, backlog, sys.stderr if log else None, ready))


class _Server(uvicorn.Server):
    """uvicorn's, which ends by itself when it is told to, where its own would raise the signal again."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGINT and SIGTERM; the second time, at once."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _serve(
    source: str | None,
    limits: Limits,
    address: Address,
    backlog: int,
    stream: TextIO | None,
    ready: Callable[[str], None],
) -> None:
    listener = _listener(address, backlog)
    service = Service(source, limits, address.public or _address_of(listener))
    access = AccessLog(stream) if stream is not None else None
    try:
        await service.start()
        await _run(service, listener, address, backlog, access, ready)
    finally:
        listener.close()
        with contextlib.suppress(RuntimeError):
            await service.stop()
        if access is not None:
            access.close()


async def _run(
    service: Service,
    listener: socket.socket,
    address: Address,
    backlog: int,
    access: AccessLog | None,
    ready: Callable[[str], None],
) -> None:
    limits = service.limits
    config = uvicorn.Config(
        build_app(service, access),
        http=type("LimitedConnection", (Connection,), {"limits": limits}),
        ws="none",
        backlog=backlog,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=int(limits.idle) + 1,
        timeout_graceful_shutdown=int(limits.seconds + limits.wait) + 1,
        root_path=address.root_path,
        proxy_headers=bool(address.proxies),
        forwarded_allow_ips=address.proxies or None,
    )
    # It tells of what is no HTTP and of clients that left: a stranger could fill the log with lines that have no
    # structure. What goes wrong in the application the gate tells.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    server = _Server(config)
    helpers = [
        asyncio.ensure_future(watch(server.server_state.connections)),
        asyncio.ensure_future(_watch_source(service)),
        asyncio.ensure_future(_say_ready(server, listener, ready)),
    ]
    try:
        await server.serve(sockets=[listener])
    finally:
        for helper in helpers:
            helper.cancel()


async def _say_ready(server: uvicorn.Server, listener: socket.socket, ready: Callable[[str], None]) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn has a flag and no event
        await asyncio.sleep(0.01)
    ready(_address_of(listener))


def _address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    # What listens on all interfaces is reached by this name from this machine; --public says more.
    shown = "localhost" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104 - compared alone
    return f"http://{shown}:{port}/"


async def _watch_source(service: Service) -> None:
    """Open the source again on SIGHUP, or where the marker of a store has changed."""
    again = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, again.set)
    stamp = _stamp(service.source)
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(again.wait(), _LOOK_EVERY)
        now = _stamp(service.source)
        if not again.is_set() and now == stamp:
            continue
        again.clear()
        stamp = now
        try:
            await service.reload()
            LOG.warning("the source was opened again: graph %s", service.identity)
        except KgError as error:
            LOG.error("the source could not be opened again, the old one is served on: %s", error)  # noqa: TRY400 - no trace


def _stamp(source: str | None) -> object:
    """What changes when a store is built anew; None for any other source."""
    if source is None:
        return None
    try:
        found = (Path(source) / "kg-store.json").stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _listener(address: Address, backlog: int) -> socket.socket:
    try:
        family, _, _, _, place = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)[0]
        # With its protocol named: only then is Nagle's delay switched off for connections, 44 ms an answer.
        listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Or the system would keep megabytes of answers for clients that do not read; connections inherit it.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        listener.bind(place)
        listener.listen(backlog)
        return listener  # noqa: TRY300 - all of it may fail alike
    except (OSError, OverflowError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        message = f"{address.host}:{address.port}: cannot be listened on ({why}); choose another --port or --host"
        raise KgError(message) from error


def _fitted(limits: Limits) -> tuple[Limits, int]:
    """The limits, with no more connections than the system lets be open, and how many may wait to be accepted.

    Raises:
        KgError: it lets so few files be open that hardly anybody could be served.
    """
    import resource  # noqa: PLC0415 - there is none on Windows

    own = limits.workers + limits.long + _OWN
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _DESCRIPTORS if soft == resource.RLIM_INFINITY else soft
    wanted = min(_DESCRIPTORS, limits.connections + _ROUNDS * _BACKLOG + own)
    if most < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    backlog = min(_BACKLOG, max(2, (most - own) // (4 * _ROUNDS)))
    room = most - own - _ROUNDS * backlog
    if room < _FEWEST:
        message = f"kg serve: only {most} files may be open, which is too few; raise it (ulimit -n {wanted})"
        raise KgError(message)
    if room < limits.connections:
        LOG.warning("at most %d connections and not %d: only %d files may be open", room, limits.connections, most)
        limits = replace(limits, connections=room)
    return limits, backlog
