"""HTTP as it stands on the wire: what may be read in two ways is refused, and the standard is kept."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest

from tests.server.serving import ROOT, Server, serving, until

POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
BEHIND = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
TINY = ROOT / "ontology" / "examples" / "tiny.ttl"

NOT_ONE_REQUEST = {
    "both lengths": CHUNKED + b"Content-Length: 6\r\n\r\n0\r\n\r\n",
    "both lengths, the other way": POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 6\r\nContent-Length: 5\r\n\r\nASK {}",
    "a list of lengths": POST + b"Content-Length: 6, 6\r\n\r\nASK {}",
    "a length with a sign": POST + b"Content-Length: +6\r\n\r\nASK {}",
    "a coding that is not known": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "two codings": POST + b"Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": POST + b"Content-Length: 6\r\nTransfer-Encoding : chunked\r\n\r\nASK {}",
    "chunks in HTTP/1.0": CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n6\r\nASK {}\r\n0\r\n\r\n",
    "a chunk larger than a number": CHUNKED + b"\r\nFFFFFFFFFFFFFFFFF1\r\nASK {}",
    "a chunk below nothing": CHUNKED + b"\r\n-6\r\nASK {}",
    "lines that end otherwise": CHUNKED + b"\r\n6\nASK {}\n0\n\n",
    "a header in two lines": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n",
    "a null in a header": b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: b\x00c\r\n\r\n",
    "a null in the path": b"GET /technique/T0\x0046 HTTP/1.1\r\nHost: x\r\n\r\n",
    "a host that is none": b"GET /healthz HTTP/1.1\r\nHost: a/b@c\r\n\r\n",
    "two hosts in HTTP/1.0": b"GET /healthz HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
    "another version": b"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
    "no version": b"GET /healthz\r\n\r\n",
}


@pytest.mark.parametrize("name", NOT_ONE_REQUEST)
def test_what_a_proxy_may_read_otherwise_is_refused_and_what_stands_behind_it_is_not_answered(
    server: Server, name: str
) -> None:
    said = server.raw(NOT_ONE_REQUEST[name] + BEHIND)
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1


def test_what_stands_behind_a_body_is_no_header_and_is_bounded(server: Server) -> None:
    said = server.raw(CHUNKED + b"\r\n6\r\nASK {}\r\n0\r\nAccept: text/csv\r\n\r\n" + BEHIND)
    assert b'"boolean":true' in said
    assert said.count(b"HTTP/1.1 200 ") == 2
    for begun in (b"\r\n0\r\nX-Long: ", b"\r\n6;"):
        sent = 0
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
            connection.sendall(CHUNKED + begun)
            with contextlib.suppress(ConnectionError):
                while sent < 64:
                    connection.sendall(b"a" * (1 << 20))
                    sent += 1
        # What is in the buffers of the system counts too.
        assert sent < 32


def test_nothing_is_written_into_the_middle_of_an_answer(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /explore HTTP/1.1\r\nHost: x\r\n\r\n")
        said = connection.recv(1)
        connection.sendall(b"no http at all\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            while part := connection.recv(1 << 16):
                said += part
    assert said.startswith(b"HTTP/1.1 200 ")
    assert said.count(b"Invalid HTTP") == (1 if said.endswith(b"Invalid HTTP request received.") else 0)
    head, _, body = said.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    # Whole and followed by the refusal, or broken off: never with the refusal inside.
    assert b"HTTP/1.1 400 " not in body[:length]


@pytest.mark.parametrize("path", ["*", "/sparql", "/data", "/healthz", "/metrics", "/api/search", "/technique/T0046"])
def test_options_tell_the_methods_of_the_server_and_of_each_address(server: Server, path: str) -> None:
    said = server.raw(f"OPTIONS {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()).lower()
    assert said.startswith(b"http/1.1 204 ")
    assert b"\r\nallow: get, head, " in said
    assert b"\r\naccess-control-allow-methods: get, head, " in said


def test_a_target_may_be_a_whole_address_whose_host_means_nothing_to_us(server: Server) -> None:
    said = server.raw(
        b"GET http://other.example:99/sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    )
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b"other.example" not in said


def test_requests_in_a_row_are_answered_in_their_order(server: Server) -> None:
    asked = b"".join(
        b"GET /sparql?format=csv&query=SELECT%%20(%d%%20AS%%20%%3Fn)%%7B%%7D HTTP/1.1\r\nHost: x\r\n\r\n" % number
        for number in range(5)
    )
    said = server.raw(asked + BEHIND)
    places = [said.index(b"n\r\n%d\r\n" % number) for number in range(5)]
    assert places == sorted(places)
    assert said.count(b"HTTP/1.1 200 ") == 6


def test_requests_in_a_row_with_no_http_behind_them_leave_no_line_without_structure() -> None:
    asked = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n" * 2 + b"no http at all\r\n\r\n"
    with serving(source=TINY) as server:
        for _ in range(5):
            server.raw(asked)
        server.ask("/healthz")
        assert until(lambda: any("/healthz" in line for line in server.log))
        assert all(line.startswith("{") for line in server.log[1:])


def test_any_tag_stands_for_what_is_there_and_not_for_what_is_not(server: Server) -> None:
    any_of_them = {"If-None-Match": "*"}
    assert server.ask("/api/technique/T0154.002", headers=any_of_them).status == 304
    assert server.ask("/api/technique/T9999", headers=any_of_them).status == 404
    query = {"Content-Type": "application/sparql-query", **any_of_them}
    assert server.ask("/sparql", method="POST", body=b"ASK {}", headers=query).status == 200


def test_a_server_on_an_address_of_ipv6_says_how_it_is_reached_and_answers() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this system has no ::1")
    with serving("--host", "::1", source=TINY) as server:
        assert any(line == f"serving at http://[::1]:{server.port}/" for line in server.log)
        with socket.create_connection(("::1", server.port), timeout=10) as connection:
            host = f"[::1]:{server.port}".encode()
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n")
            said = b""
            while part := connection.recv(65536):
                said += part
        assert b'"url": "http://' + host + b'"' in said


def test_where_few_files_may_be_open_fewer_connections_are_and_nobody_is_locked_out() -> None:
    with serving("--no-log", "--workers", "2", source=TINY, files=64) as server:
        assert any("at most 12 connections and not 2000: only 64 files may be open" in line for line in server.log)
        held = []
        for _ in range(300):
            connection = socket.socket()
            connection.settimeout(0)
            connection.connect_ex(("127.0.0.1", server.port))
            held.append(connection)
        began = time.monotonic()
        assert server.ask("/sparql?query=ASK%7B%7D").status == 200
        # The system of a client whose connection finds no place asks again after a second, then after two.
        assert time.monotonic() - began < 10
        for connection in held:
            connection.close()
        assert not [line for line in server.log if "Error" in line]
