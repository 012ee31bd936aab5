"""What ended or hung other servers: here it costs its own client an error, and nobody else anything."""

from __future__ import annotations

import contextlib
import json
import os
import random
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.server.serving import Server, path_of, serving, until

if TYPE_CHECKING:
    from collections.abc import Iterator

PRODUCT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORT = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?a) ?f LIMIT 1"
GROUPED = "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }"
PATHS = "SELECT (COUNT(*) AS ?n) { ?a (!rdf:nil)* ?b . ?b (!rdf:nil)* ?c }"
REGEX = 'SELECT * { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), CONCAT("(.*a){30}", STR(?f)))) }'
POISON = {
    "braces": "ASK " + "{" * 3000 + "}" * 3000,
    "brackets": "ASK { FILTER(" + "(" * 10_000 + "1" + ")" * 10_000 + ") }",
    "lists": "ASK { ?s ?p " + "(" * 300 + ")" * 300 + " }",
    "joins": "SELECT * { " + " . ".join(f"?s{i} ?p{i} ?o{i}" for i in range(1000)) + " }",
    "product": PRODUCT,
    "sort": SORT,
    "grouped": GROUPED,
    "paths": PATHS,
    "regex": REGEX,
    "large": "SELECT * { ?a ?b ?c . ?d ?e ?f }",
}
REFUSED = {400, 403, 414, 503, 504, 507}
QUIET = 3.0
"""Seconds within which a well-behaved client is answered whatever else goes on, on a machine that is busy besides."""


@pytest.fixture(scope="module")
def target() -> Iterator[Server]:
    with serving("--timeout", "2", "--memory", "300", "--slow", "2", "--idle", "3", "--no-log") as running:
        yield running


def _asked(server: Server) -> float:
    """Seconds that the plainest query takes."""
    began = time.monotonic()
    answer = server.ask(path_of("ASK {}"))
    assert answer.json() == {"head": {}, "boolean": True}
    return time.monotonic() - began


@pytest.mark.parametrize("name", POISON)
def test_a_poisonous_query_costs_its_own_client_an_error_and_nobody_else_anything(target: Server, name: str) -> None:
    front = target.process.pid
    for _ in range(2):
        answer = target.ask(path_of(POISON[name]))
        cut = answer.status == 200 and bool(answer.json()["head"].get("link"))
        assert cut or answer.status in REFUSED
        assert answer.status == 200 or answer.body.count(b"\n") <= 4
    _asked(target)
    assert target.process.poll() is None
    assert target.process.pid == front


def test_a_query_that_is_stopped_is_stopped_in_time_and_says_so(target: Server) -> None:
    began = time.monotonic()
    answer = target.ask(path_of(PRODUCT))
    assert answer.status in {503, 504}
    assert time.monotonic() - began < 2 + 4
    assert b"narrow it" in answer.body or b"try again" in answer.body


def test_memory_that_a_query_may_not_have_ends_it_and_not_the_server(target: Server) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    assert target.ask(path_of(query)).status in {503, 504, 507}
    _asked(target)


def test_many_long_queries_leave_room_for_quick_ones() -> None:
    with serving("--timeout", "4", "--no-log") as server:
        stop = threading.Event()

        def attack(number: int) -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    server.ask(path_of(f"# {number}\n" + PRODUCT), timeout=20)

        attackers = [threading.Thread(target=attack, args=(number,), daemon=True) for number in range(12)]
        for thread in attackers:
            thread.start()
        time.sleep(2.5)
        times = sorted(_asked(server) for _ in range(60))
        stop.set()
        for thread in attackers:
            thread.join(30)
        assert times[len(times) * 9 // 10] < QUIET
        assert until(lambda: server.ask("/healthz").status == 200)


def test_half_open_requests_block_nobody_and_are_closed(target: Server) -> None:
    held = [socket.create_connection(("127.0.0.1", target.port)) for _ in range(300)]
    try:
        for number, connection in enumerate(held):
            connection.sendall(b"GET /sparql HTTP/1.1\r\nHost: x\r\nX-A: " if number % 2 else b"")
        assert _asked(target) < QUIET
        for connection in held:
            connection.settimeout(15)
            with contextlib.suppress(ConnectionError):
                while connection.recv(4096):
                    pass
    finally:
        for connection in held:
            connection.close()


def test_a_body_is_refused_before_it_is_read(target: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    said = target.raw(head + b"Content-Length: 50000000\r\n\r\n" + b"x" * 1000)
    assert said.startswith(b"HTTP/1.1 413 ")
    chunks = b"".join(b"100000\r\n" + b" " * 0x100000 + b"\r\n" for _ in range(3))
    try:
        said = target.raw(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunks)
    except ConnectionError:
        return
    assert said.startswith((b"HTTP/1.1 413 ", b""))


def test_a_body_that_does_not_come_is_not_waited_for(target: Server) -> None:
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
    assert target.raw(head + b"Content-Length: 10\r\n\r\nASK").startswith(b"HTTP/1.1 408 ")


def test_heads_that_never_end_are_cut_off(target: Server) -> None:
    said = b""
    with contextlib.suppress(ConnectionError):
        said = target.raw(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 400_000)
    assert said == b"" or said.startswith(b"HTTP/1.1 431 ")
    _asked(target)


def test_too_many_headers_and_too_many_requests_in_a_row_are_refused(target: Server) -> None:
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(5000))
    assert target.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n").startswith(b"HTTP/1.1 400 ")
    with contextlib.suppress(ConnectionError):
        target.raw(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 5000)
    _asked(target)


def test_text_that_is_no_http_is_refused(target: Server) -> None:
    for data in (
        b"\x16\x03\x01\x02\x00",
        b"GET\r\n\r\n",
        b"GET /%zz HTTP/9.9\r\n\r\n",
        b"\x00" * 100,
        b"GET /\xff HTTP/1.1\r\n\r\n",
    ):
        with contextlib.suppress(ConnectionError):
            assert target.raw(data).startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")) or not data.strip(b"\x00")
    smuggled = (
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /"
    )
    assert target.raw(smuggled).startswith(b"HTTP/1.1 400 ")
    for hosts in (b"", b"Host: x\r\nHost: y\r\n"):
        assert target.raw(b"GET /healthz HTTP/1.1\r\n" + hosts + b"\r\n").startswith(b"HTTP/1.1 400 ")
    assert target.raw(b"GET /healthz HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    _asked(target)


def test_above_the_most_connections_the_one_that_is_idle_longest_goes() -> None:
    with serving("--no-log", "--connections", "10", "--idle", "60") as server:
        held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(12)]
        _asked(server)
        held[0].settimeout(10)
        with contextlib.suppress(ConnectionError):
            assert held[0].recv(1) == b""
        held[-1].sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert held[-1].recv(12) == b"HTTP/1.1 200"
        for connection in held:
            connection.close()


def test_a_client_that_does_not_read_is_cut_off_and_holds_no_worker(target: Server) -> None:
    path = "/sparql?query=" + "SELECT%20*%20%7B%20%3Fa%20%3Fb%20%3Fc%20%7D"
    held = []
    for _ in range(12):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", target.port))
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        held.append(connection)
    time.sleep(1)
    assert _asked(target) < QUIET
    # Cut off: what was not yet in the buffers of the system never comes.
    time.sleep(4)
    for connection in held:
        connection.settimeout(10)
        got = 0
        with contextlib.suppress(OSError):
            while part := connection.recv(65536):
                got += len(part)
        assert got < 1_500_000
        connection.close()


def test_answers_that_nobody_reads_are_bounded_in_all() -> None:
    # The default graph is some 11 MB as N-Triples: three of them may be on their way, and eight are asked for.
    with serving("--no-log", "--sending", "40", "--rows", "0") as server:
        held = []
        for _ in range(8):
            connection = socket.socket()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", server.port))
            connection.sendall(b"GET /data?default&format=ntriples HTTP/1.1\r\nHost: x\r\n\r\n")
            held.append(connection)
        path = "/data?default&format=ntriples"
        assert until(lambda: server.ask(path, method="HEAD").status == 503)
        _asked(server)
        for connection in held:
            connection.close()
        assert until(lambda: server.ask(path).status == 200)


def test_a_client_that_goes_away_takes_its_query_with_it(target: Server) -> None:
    with socket.create_connection(("127.0.0.1", target.port)) as connection:
        connection.sendall(f"GET {path_of('# gone' + chr(10) + PRODUCT)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.2)
    assert until(lambda: b"kg_pool_long 0\n" in target.ask("/metrics").body, 3)


CALLS = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE#x\n<{0}> {{ ?s ?p ?o }} }}",
    "PREFIX x: <{0}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}",
    "PREFIX x: <{0}> SELECT * {{ SERVICEx: {{ ?s ?p ?o }} }}",
    "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    r"SELECT * {{ \u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "BASE <{0}> SELECT * FROM <> {{ ?s ?p ?o }}",
    "LOAD <{0}>",
    "ASK {{}} ; LOAD <{0}>",
    "LOAD <{0}> INTO GRAPH <x:y>",
)


def test_no_other_host_is_ever_called(target: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for call in CALLS:
            assert target.ask(path_of(call.format(address))).status in {400, 403}, call
        for name in ("default-graph-uri", "named-graph-uri"):
            assert target.query("ASK { ?s ?p ?o }", **{name: address}).json()["boolean"] is False
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("name", ["file:///etc/hostname", "/etc/hostname"])
def test_no_file_of_the_machine_can_be_read(target: Server, name: str) -> None:
    assert target.ask(path_of(f"ASK FROM <{name}> {{ }}")).status == 403
    for path in ("/../../../../etc/hostname", "/assets/..%2f..%2f..%2fetc/hostname", f"/data?graph={name}"):
        assert target.ask(path).status in {400, 404}


def test_workers_in_memory_can_open_no_file_and_no_socket(target: Server) -> None:
    children = target.children()
    workers = [child for child, parent in children.items() if parent != target.process.pid]
    assert workers
    for worker in workers:
        limits = Path(f"/proc/{worker}/limits").read_text(encoding="ascii")
        line = next(line for line in limits.splitlines() if line.startswith("Max open files"))
        assert line.split()[3:5] == ["4", "4"]
        assert sorted(os.listdir(f"/proc/{worker}/fd")) == ["0", "1", "2", "3"]  # noqa: PTH208


def test_no_line_of_the_log_can_be_forged_and_no_header_injected() -> None:
    with serving() as server:
        forged = '{"time": "x"}'
        server.ask("/" + quote("a\n" + forged), headers={"User-Agent": "a\t" + forged})
        server.raw(b"no http at all\r\n\r\n")
        server.ask("/sparql?query=ASK%7B%7D&format=%0d%0aX-Injected:1")
        assert until(lambda: len(server.log) >= 3)
        assert all(line.startswith("{") for line in server.log[1:])
        records = [json.loads(line) for line in server.log if line.startswith("{")]
        assert [record["path"] for record in records] == ["/a\n" + forged, "/sparql"]
        assert all(line.isprintable() for line in server.log)


MUTATIONS = int(os.environ.get("KG_MUTATIONS", "400"))
"""How many mutated queries are sent; the issue of 10,000 takes a minute and is run by hand."""
SEEDS = [
    "SELECT ?id (COUNT(*) AS ?n) { ?i a kg:Incident ; dcterms:identifier ?id . OPTIONAL { ?i ?p ?o } } GROUP BY ?id",
    "PREFIX x: <http://x/> CONSTRUCT { ?s x:p ?o } WHERE { GRAPH ?g { ?s ?p ?o } FILTER(REGEX(STR(?o), 'a')) } LIMIT 9",
    "DESCRIBE incident:I00100",
    "ASK { VALUES (?a ?b) { (1 2) (UNDEF 'x'@en) } BIND(IF(?a > 1, ?b, ?a) AS ?c) MINUS { ?s (^a|!rdf:type)+ ?c } }",
    "SELECT * { { SELECT DISTINCT ?t { ?i kg:usesTechnique/skos:broader* ?t } ORDER BY DESC(?t) } UNION { ?t ?p [] } }",
    "SELECT * FROM <https://w3id.org/disarm-kg/graph/findings> { ?s ?p (1 [ a kg:Finding ] '''x''') }",
]
PIECES = [*"{}()[]<>'\"\\#\n*+/!.;-\x00\ud7ff\U0001f600", "?x", "1e999", "^^", "@en", "<<", ">>"]
PIECES += ["SERVICE", "UNION", "OPTIONAL {", "FILTER(", "NOT EXISTS {"]


def _mutated(chance: random.Random) -> str:
    text = chance.choice(SEEDS)
    for _ in range(chance.randint(1, 6)):
        at, to = sorted(chance.choices(range(len(text) + 1), k=2))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + chance.choice(PIECES) + text[at:]
        elif kind == 1:
            text = text[:at] + text[min(to, at + 5) :]
        elif kind == 2:
            text = text[:at] + text[at : min(to, at + 40)] * chance.randint(2, 30) + text[at:]
        else:
            text = text[:at] + chance.choice(SEEDS)[at:]
    return text[:8000]


def test_after_each_mutated_query_the_server_is_the_same_and_answers(target: Server) -> None:
    chance = random.Random(20261125)  # noqa: S311 - the same queries each time
    late = 0
    for _ in range(MUTATIONS):
        query = _mutated(chance)
        answer = target.ask(
            "/sparql", method="POST", body=query.encode(), headers={"Content-Type": "application/sparql-query"}
        )
        assert answer.status in REFUSED | {200, 501}, query
        late += _asked(target) > QUIET
    assert target.process.poll() is None
    # A machine that is busy with other things may once be slow; a server that is held up always is.
    assert late <= MUTATIONS // 100
