"""Answers that are sent while their query still runs: whole to the last byte, or plainly not."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import json
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.store.embedded import EmbeddedStore
from kg.store.remote import RemoteStore
from kg.store.rows import RESULTS, RowsWriter, render_rows
from tests.server.serving import path_of, serving, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.server.serving import Server

MANY = "SELECT * { ?s ?p ?o } LIMIT 40000"
"""Some 12 MB of JSON."""
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
MIB = 1 << 20


UNBOUND = ("--no-log", "--rows", "0", "--answer", "100000")


@pytest.fixture(scope="module")
def open_handed() -> Iterator[Server]:
    """A server without a bound of rows or bytes, and with time enough for a machine that is busy besides."""
    with serving(*UNBOUND, "--timeout", "60", "--patience", "60") as running:
        yield running


@pytest.fixture(scope="module")
def hasty() -> Iterator[Server]:
    """A server on which only time ends an answer, and soon."""
    with serving(*UNBOUND, "--timeout", "3") as running:
        yield running


def _memory(process: int) -> int:
    """Bytes of memory that a process holds of its own."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line.split()[1] for line in lines if line.startswith("RssAnon")))


def test_a_large_answer_comes_in_chunks_and_is_whole(open_handed: Server) -> None:
    answer = open_handed.query(MANY)
    assert answer.headers["transfer-encoding"] == "chunked"
    assert "content-length" not in answer.headers
    assert len(answer.body) > 4 * MIB
    said = answer.json()
    assert list(said["head"]) == ["vars"]
    assert sorted(said["head"]["vars"]) == ["o", "p", "s"]
    assert len(said["results"]["bindings"]) == 40_000
    packed = open_handed.ask(path_of(MANY), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == answer.body
    assert packed.headers["etag"] != answer.headers["etag"]


def test_the_engine_of_others_reads_an_answer_whose_head_comes_last(open_handed: Server) -> None:
    read = ox.parse_query_results(open_handed.query(MANY).body, ox.QueryResultsFormat.JSON)
    assert isinstance(read, ox.QuerySolutions)
    assert sorted(variable.value for variable in read.variables) == ["o", "p", "s"]
    assert sum(1 for _ in read) == 40_000


def test_an_answer_whose_time_is_up_is_broken_off_and_never_ends_like_a_whole_one(hasty: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=30)
    began = time.monotonic()
    connection.request("GET", path_of(ENDLESS))
    response = connection.getresponse()
    assert response.status == 200
    assert response.read(1000).startswith(b'{"results":{"bindings":[{"a":')
    # Its first rows were there before its time was up.
    assert time.monotonic() - began < 3
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()
    connection.close()
    assert hasty.query("ASK {}").status == 200


def test_a_client_that_does_not_read_holds_up_its_worker_and_fills_no_memory(hasty: Server) -> None:
    before = _memory(hasty.process.pid)
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", hasty.port))
        connection.sendall(f"GET {path_of(ENDLESS)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(2)
        # What may wait for a client, and some for what is on its way through.
        assert _memory(hasty.process.pid) - before < 40 * MIB
        assert hasty.query("ASK {}").status == 200


def test_a_client_that_leaves_in_the_middle_takes_its_query_with_it(hasty: Server) -> None:
    def long_ones() -> bytes:
        return next(line for line in hasty.ask("/metrics").body.splitlines() if line.startswith(b"kg_pool_idle "))

    assert until(lambda: long_ones() != b"kg_pool_idle 0")
    idle = long_ones()
    connection = http.client.HTTPConnection("127.0.0.1", hasty.port, timeout=30)
    connection.request("GET", path_of(ENDLESS))
    response = connection.getresponse()
    response.read(1000)
    response.close()
    connection.close()
    assert until(lambda: long_ones() == idle, 2)


def test_where_only_the_end_of_the_connection_would_tell_the_end_the_answer_is_whole_before(
    open_handed: Server,
) -> None:
    said = open_handed.raw(f"GET {path_of(MANY)} HTTP/1.0\r\n\r\n".encode(), seconds=30)
    head, _, body = said.partition(b"\r\n\r\n")
    assert f"content-length: {len(body)}".encode() in head
    assert len(json.loads(body)["results"]["bindings"]) == 40_000


def test_rows_and_graphs_that_are_cut_say_so_at_their_end_or_are_broken_off() -> None:
    bounds = ("--rows", "30000", "--answer", "64", "--timeout", "60", "--patience", "60")
    with serving("--no-log", *bounds) as server:
        said = server.query("SELECT * { ?s ?p ?o }", "application/sparql-results+xml")
        assert said.headers["transfer-encoding"] == "chunked"
        assert said.body.endswith(b"</results></sparql><?kg-truncated after 30000 rows?>")
        cut = server.query("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
        assert cut.headers["transfer-encoding"] == "chunked"
        assert cut.body.endswith(b"\n# truncated after 30000 triples\n")
        # What kg itself asks for it takes for what it is.
        with pytest.raises(StoreError, match="cuts the graph short"):
            RemoteStore(f"http://127.0.0.1:{server.port}/sparql").query("CONSTRUCT WHERE { ?s ?p ?o }")
        long = ", ".join(["STR(?s)"] * 12)
        with pytest.raises((http.client.IncompleteRead, ConnectionError)):
            server.query(f"SELECT (CONCAT({long}) AS ?x) {{ ?s ?p ?o }}", "text/csv")
        # What is finished before it is sent says so in a header.
        small = server.query("SELECT ?n { ?s ?p ?o . BIND(1 AS ?n) }", "text/csv")
        assert int(small.headers["content-length"]) == len(small.body)
        assert small.headers["kg-truncated"].startswith("after 30000 rows")


def test_a_long_answer_that_is_cut_says_so_at_its_end_and_kg_reads_on() -> None:
    with serving("--no-log", "--rows", "25000", "--answer", "64", "--timeout", "60", "--patience", "60") as server:
        answer = server.query(MANY)
        assert answer.headers["transfer-encoding"] == "chunked"
        assert answer.json()["head"]["link"] == ["#truncated-after-25000-rows"]
        assert len(answer.json()["results"]["bindings"]) == 25_000
        remote = RemoteStore(f"http://127.0.0.1:{server.port}/sparql")
        read = remote.select("SELECT ?s ?p ?o { ?s ?p ?o }")
        counted = server.query("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json()
        assert len(read) == len(set(read)) == int(counted["results"]["bindings"][0]["n"]["value"]) > 25_000


@pytest.mark.parametrize("name", RESULTS)
def test_blocks_make_the_same_document_as_all_rows_at_once(name: str) -> None:
    store = ox.Store()
    store.load('<x:a> <x:b> "1", "x\\r\\n,\\"<&"@en, 2, _:c, <x:d> .', ox.RdfFormat.TURTLE)
    rows = EmbeddedStore(store).select("SELECT ?o ?none { ?s ?p ?o }")
    writer = RowsWriter(rows.variables, name)
    listed = list(rows)
    blocks = [writer.block(listed[start : start + 3]) for start in range(0, len(listed), 3)]
    assert writer.opening() + writer.between.join(blocks) + writer.ending() == render_rows(rows, name)


def test_metrics_count_what_was_broken_off_once(hasty: Server) -> None:
    def counted() -> int:
        text = hasty.ask("/metrics").body.decode()
        return int(text.partition("\nkg_answers_broken_off_total ")[2].split()[0])

    before = counted()
    with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
        hasty.ask(path_of(ENDLESS))
    assert until(lambda: counted() == before + 1)
