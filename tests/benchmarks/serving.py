"""Requests a second and their 99th percentile at 1, 8 and 64 clients: ``kg serve``, Oxigraph's server, rdflib-endpoint.

All serve the embedded facts, in one run, one after the other; limits on, answers unpacked, nothing cached. A look-up is
one incident's techniques, another incident each time; an aggregate counts all pairs of techniques. The programs of the
peers are those of the packages ``oxigraph`` and ``rdflib-endpoint``, found on the PATH or named by ``KG_OXIGRAPH`` and
``KG_RDFLIB_ENDPOINT``; one that is not there is left out, in words. Behind each rate stands how many times that of
rdflib-endpoint with as many clients it is.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import kg
from kg.queries import bind, find_query
from tests.benchmarks.clients import LOOK_UPS, Load, Peer, load, running
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = float(os.environ.get("KG_BENCHMARK_SECONDS", "3"))
CLIENTS = (1, 8, 64)
BASIS = "rdflib-endpoint"


def benchmark() -> None:
    """Print both tables; rows are servers, columns numbers of clients."""
    pairs = [bind(find_query("technique-pairs"), {})]
    head = ("server", "clients", "per second", f"times {BASIS}", "p50 ms", "p99 ms", "longest ms", "not 200")
    with tempfile.TemporaryDirectory() as folder, kg.open() as graph:
        file = Path(folder, "facts.nt")
        graph.export(file)
        peers = list(_peers(file, Path(folder)))
        for title, queries in (("look-ups", LOOK_UPS), ("aggregates: all pairs of techniques", pairs)):
            loads = {(peer.name, clients): each for peer in peers for clients, each in _measured(peer, queries)}
            write_table(f"serving, {title}", head, [_row(loads, *key) for key in loads])


def _row(loads: dict[tuple[str, int], Load], name: str, clients: int) -> tuple[object, ...]:
    got, basis = loads[name, clients], loads.get((BASIS, clients))
    times = got.rate / basis.rate if basis else "-"
    return name, clients, got.rate, times, got.median, got.late, got.longest, got.bad


def _measured(peer: Peer, queries: list[str]) -> Iterator[tuple[int, Load]]:
    with running(peer):
        asyncio.run(load(peer, queries, 4, 1))
        for clients in CLIENTS:
            yield clients, asyncio.run(load(peer, queries, clients, SECONDS))


def _peers(file: Path, folder: Path) -> Iterator[Peer]:
    command = [sys.executable, "-m", "kg", "serve", "-s", str(file), "--port", "8701", "--no-log"]
    yield Peer("kg serve", command, 8701, "/sparql")
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
    endpoint = os.environ.get("KG_RDFLIB_ENDPOINT") or shutil.which(BASIS)
    if endpoint:
        yield Peer(BASIS, [endpoint, "serve", "--host", "127.0.0.1", "--port", "8703", str(file)], 8703, "/")
    else:
        write_line(f"{BASIS} is not there and left out")
