"""Requests a second and their 99th percentile at 1, 8 and 64 clients: ``kg serve``, Oxigraph's server, rdflib-endpoint.

All serve the embedded facts, in one run, one after the other; limits on, answers unpacked, nothing cached. A look-up is
one incident's techniques, another incident each time; an aggregate counts all pairs of techniques. The programs of the
peers are those of the packages ``oxigraph`` and ``rdflib-endpoint``, found on the PATH or named by ``KG_OXIGRAPH`` and
``KG_RDFLIB_ENDPOINT``; one that is not there is left out, in words.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

import kg
from kg.queries import bind, find_query
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = float(os.environ.get("KG_BENCHMARK_SECONDS", "3"))
CLIENTS = (1, 8, 64)
_PREFIXES = "PREFIX kg: <https://w3id.org/disarm-kg/ns#> PREFIX incident: <https://w3id.org/disarm-kg/id/incident/> "


class Peer(NamedTuple):
    """A server: its name, how it is started, and its port and path."""

    name: str
    command: list[str]
    port: int
    path: str


class Load(NamedTuple):
    """What came of a load: answers a second, the median and the 99th percentile in ms, and answers that were no 200."""

    rate: float
    median: float
    late: float
    bad: int


def benchmark() -> None:
    """Print both tables; rows are servers, columns numbers of clients."""
    look_ups = [_PREFIXES + f"SELECT ?t {{ incident:I{n:05} kg:usesTechnique ?t }}" for n in range(1, 200)]
    pairs = [bind(find_query("technique-pairs"), {})]
    with tempfile.TemporaryDirectory() as folder, kg.open() as graph:
        file = Path(folder, "facts.nt")
        graph.export(file)
        peers = list(_peers(file, Path(folder)))
        for title, queries in (("look-ups", look_ups), ("aggregates: all pairs of techniques", pairs)):
            rows = [row for peer in peers for row in _measured(peer, queries)]
            write_table(f"serving, {title}", ("server", "clients", "per second", "p50 ms", "p99 ms", "not 200"), rows)


def _measured(peer: Peer, queries: list[str]) -> Iterator[tuple[object, ...]]:
    with _running(peer):
        asyncio.run(_load(peer, queries, 4, 1))
        for clients in CLIENTS:
            load = asyncio.run(_load(peer, queries, clients, SECONDS))
            yield peer.name, clients, load.rate, load.median, load.late, load.bad


def _peers(file: Path, folder: Path) -> Iterator[Peer]:
    yield Peer(
        "kg serve",
        [sys.executable, "-m", "kg", "serve", "-s", str(file), "--port", "8701", "--no-log"],
        8701,
        "/sparql",
    )
    oxigraph = os.environ.get("KG_OXIGRAPH") or shutil.which("oxigraph")
    if oxigraph:
        store = folder / "oxigraph"
        subprocess.run(
            [oxigraph, "load", "--location", str(store), "--file", str(file)], check=True, capture_output=True
        )
        command = [oxigraph, "serve-read-only", "--location", str(store), "--bind", "127.0.0.1:8702"]
        yield Peer("oxigraph serve", command, 8702, "/query")
    else:
        write_line("oxigraph is not there and left out")
    endpoint = os.environ.get("KG_RDFLIB_ENDPOINT") or shutil.which("rdflib-endpoint")
    if endpoint:
        yield Peer(
            "rdflib-endpoint", [endpoint, "serve", "--host", "127.0.0.1", "--port", "8703", str(file)], 8703, "/"
        )
    else:
        write_line("rdflib-endpoint is not there and left out")


@contextlib.contextmanager
def _running(peer: Peer) -> Iterator[None]:
    process = subprocess.Popen(
        peer.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        end = time.monotonic() + 120
        while time.monotonic() < end:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                if asyncio.run(_load(peer, ["ASK {}"], 1, 0.01)).rate:
                    break
            time.sleep(0.2)
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


async def _load(peer: Peer, queries: list[str], clients: int, seconds: float) -> Load:
    requests = [
        f"GET {peer.path}?query={quote(query)} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        "Accept: application/sparql-results+json\r\n\r\n".encode()
        for query in queries
    ]
    times: list[float] = []
    bad = 0
    began = time.perf_counter()

    async def client(number: int) -> None:
        nonlocal bad
        reader, writer = await asyncio.open_connection("127.0.0.1", peer.port)
        turn = number
        while True:
            asked = time.perf_counter()
            writer.write(requests[turn % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            await _skip_body(reader, head.lower())
            times.append(time.perf_counter() - asked)
            bad += b" 200 " not in head[:16]
            turn += clients
            if time.perf_counter() - began > seconds:
                break
        writer.close()

    await asyncio.gather(*(client(number) for number in range(clients)))
    took = time.perf_counter() - began
    times.sort()
    return Load(len(times) / took, times[len(times) // 2] * 1000, times[len(times) * 99 // 100] * 1000, bad)


async def _skip_body(reader: asyncio.StreamReader, head: bytes) -> None:
    if b"content-length:" in head:
        await reader.readexactly(int(head.split(b"content-length:")[1].split(b"\r\n")[0]))
        return
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()
