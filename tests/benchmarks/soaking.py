"""Ten minutes of mixed load at eight clients: what the front of ``kg serve`` holds, once every twentieth of the time.

Look-ups, aggregates, graphs, large answers, pages, faulty queries, and queries whose time is up. The first twentieth
fills caches and is not counted; then the slope of a straight line through the rest tells whether anything grows.
``KG_BENCHMARK_SECONDS`` is the time.
"""

from __future__ import annotations

import asyncio
import os
import sys
from urllib.parse import quote

from kg.queries import bind, find_query
from tests.benchmarks.clients import HOST, LOOK_UPS, Peer, children_of, load_requests, memory_of, request_for, running
from tests.benchmarks.report import write_line, write_table

SECONDS = float(os.environ.get("KG_BENCHMARK_SECONDS", "600"))
CLIENTS = 8
PORT = 8712
_COMMAND = [sys.executable, "-m", "kg", "serve", "--port", str(PORT), "--no-log", "--timeout", "2"]
PEER = Peer("kg serve", _COMMAND, PORT, "/sparql")
PARTS = 20


def benchmark() -> None:
    """Print the series, and by how much the front grew in an hour."""
    requests = _requests()
    rows = []
    with running(PEER) as process:
        for part in range(PARTS):
            got = asyncio.run(load_requests(PORT, requests, CLIENTS, SECONDS / PARTS))
            workers = sum(memory_of(child) for child in children_of(process))
            minutes = (part + 1) * SECONDS / PARTS / 60
            rows.append((minutes, got.rate, got.median, got.late, got.longest, memory_of(process), workers))
    head = ("minutes", "per second", "p50 ms", "p99 ms", "longest ms", "front MB", "others MB")
    write_table(f"soaking: mixed load of {CLIENTS} clients", head, rows)
    settled = [(row[0], row[5]) for row in rows[1:]]
    write_line(f"the front grows by {60 * _slope(settled):.2f} MB an hour, from {settled[0][1]:.1f} MB")


def _requests() -> list[bytes]:
    queries = [
        *LOOK_UPS,
        *[bind(find_query("technique-pairs"), {})] * 5,
        *["CONSTRUCT { ?i a ?c } { ?i a ?c } LIMIT 500"] * 5,
        *["SELECT * { ?s ?p ?o }"] * 2,
        *["SELECT * { ?s ?p ?o } LIMITS 3", "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"] * 5,
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
        *(f'SELECT ?x {{ ?x dcterms:identifier "{number}" }}' for number in range(100)),
    ]
    paths = [
        "/technique/T0146",
        "/incident/I00100",
        "/search?q=image",
        "/healthz",
        "/metrics",
        "/nothing/here",
        "/query",
    ]
    paths += [f"/api/search?q={quote(word)}" for word in ("bot", "doppel", "deep fake")]
    return [request_for("/sparql", query) for query in queries] + [
        f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() for path in paths * 3
    ]


def _slope(points: list[tuple[float, float]]) -> float:
    """The slope of the straight line that is nearest to points by squares."""
    middle = [sum(each) / len(points) for each in zip(*points, strict=True)]
    above = sum((x - middle[0]) * (y - middle[1]) for x, y in points)
    return float(above / sum((x - middle[0]) ** 2 for x, _ in points))
