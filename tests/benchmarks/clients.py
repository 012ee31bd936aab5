"""Clients of a server under measurement, the server's process, and the memory it takes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PREFIXES = "PREFIX kg: <https://w3id.org/disarm-kg/ns#> PREFIX incident: <https://w3id.org/disarm-kg/id/incident/> "
LOOK_UPS = [PREFIXES + f"SELECT ?t {{ incident:I{n:05} kg:usesTechnique ?t }}" for n in range(1, 200)]
"""Queries for one incident's techniques, another incident each."""

HOST = "127.0.0.1"


class Peer(NamedTuple):
    """A server: its name, how it is started, and its port and path."""

    name: str
    command: list[str]
    port: int
    path: str


class Load(NamedTuple):
    """What came of a load: answers a second; times in ms: median, 99th percentile, longest; how many were no 200."""

    rate: float
    median: float
    late: float
    longest: float
    bad: int


@contextlib.contextmanager
def running(peer: Peer) -> Iterator[int]:
    """A server until the block ends, once it answers; gives its process."""
    process = subprocess.Popen(
        peer.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if asyncio.run(load(peer, ["ASK {}"], 1, 0.01)).rate:
                    break
            time.sleep(0.2)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def request_for(path: str, query: str) -> bytes:
    """A query as bytes of HTTP."""
    accept = "Accept: application/sparql-results+json"
    return f"GET {path}?query={quote(query)} HTTP/1.1\r\nHost: {HOST}\r\n{accept}\r\n\r\n".encode()


async def load(peer: Peer, queries: Sequence[str], clients: int, seconds: float, pause: float = 0) -> Load:
    """Ask queries in turn. See :func:`load_requests`."""
    return await load_requests(peer.port, [request_for(peer.path, query) for query in queries], clients, seconds, pause)


async def load_requests(port: int, requests: Sequence[bytes], clients: int, seconds: float, pause: float = 0) -> Load:
    """Send requests in turn, by so many clients at once, each on one connection.

    Args:
        port: Of the server.
        requests: As HTTP writes them.
        clients: How many ask at once.
        seconds: For how long.
        pause: Seconds that each client waits between an answer and its next request.
    """
    times: list[float] = []
    bad = 0
    began = time.perf_counter()

    async def client(number: int) -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection(HOST, port)
        turn = number
        while True:
            asked = time.perf_counter()
            writer.write(requests[turn % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            await skip_body(reader, head.lower())
            times.append(time.perf_counter() - asked)
            bad += b" 200 " not in head[:16]
            turn += clients
            if time.perf_counter() - began > seconds:
                break
            if pause:
                await asyncio.sleep(pause)
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    took = time.perf_counter() - began
    times.sort()
    late = times[len(times) * 99 // 100]
    return Load(len(times) / took, times[len(times) // 2] * 1000, late * 1000, times[-1] * 1000, bad)


async def skip_body(reader: asyncio.StreamReader, head: bytes) -> None:
    """Read a body to its end and forget it."""
    if b" 304 " in head[:16]:
        return
    if b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


def memory_of(process: int) -> float:
    """MB of memory that a process holds of its own; 0 where the system does not tell."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1024
    return 0.0


def children_of(process: int) -> list[int]:
    """The processes below one, all generations."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            for child in map(int, task.read_text(encoding="ascii").split()):
                found += [child, *children_of(child)]
    return found
