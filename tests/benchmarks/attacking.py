"""A well-behaved client of ``kg serve`` while others attack it, with its limits as they are by default.

Attackers are a process of their own. Their queries change their variables each time, so that none is known by its text
from the one before, and all come from the same address as the client's. The client asks ten look-ups a second on each
of two connections. Memory is that of the front alone, and the most that all its processes took together.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import multiprocessing
import os
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING

from tests.benchmarks.clients import HOST, LOOK_UPS, Load, Peer, children_of, load, memory_of, request_for, running
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SECONDS = float(os.environ.get("KG_BENCHMARK_SECONDS", "10"))
PORT = 8711
PEER = Peer("kg serve", [sys.executable, "-m", "kg", "serve", "--port", str(PORT), "--no-log"], PORT, "/sparql")
ATTACKERS = 16
UNREAD = 20
CROWD = 1000
QUERIES = {
    "cartesian product": "SELECT (COUNT(*) AS ?n{0}) {{ ?a{0} ?b ?c . ?d ?e ?f . ?g ?h ?i }}",
    "regex bomb": 'SELECT * {{ ?a{0} ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT("(.*a){{30}}", STR(?f)))) }}',
    "answer of 10^7 rows": "SELECT * {{ ?a{0} ?b ?c . ?d ?e ?f }}",
    "sort of 10^10 rows": "SELECT * {{ ?a{0} ?b ?c . ?d ?e ?f }} ORDER BY DESC(?c) ?f",
}


def benchmark() -> None:
    """Print what the client saw under each attack, and under all at once."""
    rows = []
    for name, attacks in _scenarios():
        with running(PEER) as process:
            asyncio.run(load(PEER, LOOK_UPS, 4, 1))
            saw, front, whole = _under(attacks, process)
            after = asyncio.run(load(PEER, ["ASK {}"], 1, 0.01))
            rows.append((name, saw.rate, saw.median, saw.late, saw.longest, saw.bad, front, whole, after.bad == 0))
        write_line(f"{name}: done")
    head = ("attack", "per second", "p50 ms", "p99 ms", "longest ms", "not 200", "front MB", "all MB", "alive")
    write_table("attacking: what a well-behaved client sees", head, rows)


def _scenarios() -> Iterator[tuple[str, list[str]]]:
    yield "none", []
    names = [*QUERIES, "slow readers", "idle connections"]
    for name in names:
        yield name, [name]
    yield "all at once", names


def _under(attacks: list[str], process: int) -> tuple[Load, float, float]:
    """What the client saw; the most memory that the front took, and that all processes of the server took together."""
    context = multiprocessing.get_context("spawn")
    attackers = [context.Process(target=attack, args=(PORT, name, SECONDS + 2), daemon=True) for name in attacks]
    for attacker in attackers:
        attacker.start()
    most = [0.0, 0.0]
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(0.1):
            front = memory_of(process)
            whole = front + sum(memory_of(child) for child in children_of(process))
            most[:] = [max(most[0], front), max(most[1], whole)]

    watcher = threading.Thread(target=watch)
    watcher.start()
    time.sleep(0.5 if attacks else 0)
    saw = asyncio.run(load(PEER, LOOK_UPS, 2, SECONDS, pause=0.1))
    stop.set()
    watcher.join()
    for attacker in attackers:
        attacker.join(30)
        attacker.kill()
    return saw, most[0], most[1]


def attack(port: int, name: str, seconds: float) -> None:
    """Attack a server for some seconds; the entry of a process."""
    end = time.monotonic() + seconds
    if name == "slow readers":
        _hold(port, UNREAD, lambda _: request_for("/sparql", "SELECT * { ?a ?b ?c }"), end)
    elif name == "idle connections":
        _hold(port, CROWD, lambda number: b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-A: " if number % 2 else b"", end)
    else:
        asyncio.run(_ask_on(port, QUERIES[name], end))


def _hold(port: int, many: int, said: Callable[[int], bytes], end: float) -> None:
    """Keep so many connections that say something and never read; one that is closed is opened again."""
    held: list[socket.socket] = []
    while time.monotonic() < end:
        while len(held) < many:
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with contextlib.suppress(OSError):
                connection.connect((HOST, port))
                connection.sendall(said(len(held)))
            connection.settimeout(0)
            held.append(connection)
        time.sleep(0.5)
        held = [connection for connection in held if not _is_closed(connection)]


def _is_closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1, socket.MSG_PEEK) == b""
    except BlockingIOError:
        return False
    except OSError:
        return True


async def _ask_on(port: int, query: str, end: float) -> None:
    numbers = itertools.count()

    async def ask() -> None:
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, port)
                # Digits are left out where a server tells like from like.
                name = "".join(chr(ord("a") + int(digit)) for digit in str(next(numbers)))
                writer.write(request_for("/sparql", query.format(name)))
                # Closed by the server or not: the next one comes when this is answered.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(max(0.1, end - time.monotonic())):
                        await reader.readline()
                writer.close()

    await asyncio.gather(*(ask() for _ in range(ATTACKERS)))
