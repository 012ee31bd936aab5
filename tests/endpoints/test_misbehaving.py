"""Endpoints that are slow, broken, cut short or not what they say: a clear error, and again only where that is safe."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

import kg
from kg.errors import KgError, SourceError, StoreError
from kg.store import transport
from kg.store.remote import RemoteStore
from tests.server.serving import ROOT, serving

if TYPE_CHECKING:
    import http.server
    from pathlib import Path

    from tests.endpoints.conftest import Script

JSON = "application/sparql-results+json"
FALSE = json.dumps({"head": {}, "boolean": False}).encode()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_PAUSE", 0.01)
    for name in ("KG_ENDPOINT_USER", "KG_ENDPOINT_PASSWORD", "KG_ENDPOINT_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NETRC", "/nonexistent")


def reply(
    handler: http.server.BaseHTTPRequestHandler, body: bytes, kind: str = JSON, status: int = 200, **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", headers.pop("length", str(len(body))))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def opened(script: Script) -> RemoteStore:
    script.answer = lambda handler, _body: reply(handler, FALSE)
    store = RemoteStore(script.address)
    script.asked.clear()
    return store


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"<html>Sign in</html>", "text/html", "sends text/html, no SPARQL result"),
        (b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":', JSON, "the answer is not whole"),
        (b'{"head":{"vars":["s"]}}', JSON, "the answer is not whole"),
        (b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"no iri"}}]}}', JSON, "not whole"),
        (b"[" * 100_000, JSON, "not whole"),
        (FALSE, JSON, "answered with something else than rows"),
    ],
)
def test_an_answer_that_is_none_is_an_error_that_says_so(script: Script, body: bytes, kind: str, said: str) -> None:
    store = opened(script)
    script.answer = lambda handler, _body: reply(handler, body, kind)
    with pytest.raises(StoreError, match=said):
        store.select("SELECT ?s { ?s ?p ?o }")


def test_an_answer_that_breaks_off_is_asked_for_again_and_then_an_error(script: Script) -> None:
    store = opened(script)
    script.answer = lambda handler, _body: reply(handler, b"{", length="1000")
    with pytest.raises(StoreError, match="broke off"):
        store.select("SELECT ?s { ?s ?p ?o }")
    assert len(script.asked) == 3


def test_a_server_that_is_busy_is_asked_again_and_one_that_fails_is_not(script: Script) -> None:
    store = opened(script)
    empty = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()

    def busy_once(handler: http.server.BaseHTTPRequestHandler, _body: bytes) -> None:
        reply(handler, empty, status=503 if len(script.asked) == 1 else 200)

    script.answer = busy_once
    assert len(store.select("SELECT ?s { ?s ?p ?o }")) == 0
    assert len(script.asked) == 2
    script.asked.clear()
    script.answer = lambda handler, _body: reply(handler, b"java.lang.OutOfMemoryError\n at x", "text/plain", 500)
    with pytest.raises(StoreError, match=r"answers 500: java\.lang\.OutOfMemoryError at x"):
        store.select("SELECT ?s { ?s ?p ?o }")
    assert len(script.asked) == 1


def test_silence_is_an_error_after_the_time_that_is_given(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    store = opened(script)

    def impatient(address: str, method: str, body: bytes | None, headers: dict[str, str], _: float) -> object:
        return once(address, method, body, headers, 0.3)

    monkeypatch.setattr(transport, "_once", impatient)
    script.answer = lambda _handler, _body: time.sleep(2)
    with pytest.raises(StoreError, match=r"within 0.3 s"):
        store.select("SELECT ?s { ?s ?p ?o }")


once = transport._once


def test_an_anytime_answer_is_never_taken_for_the_whole(script: Script) -> None:
    store = opened(script)
    some = json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": []}}).encode()
    script.answer = lambda handler, _body: reply(handler, some, X_SQL_State="S1TAT")
    with pytest.raises(StoreError, match="gave up before the end"):
        store.select("SELECT ?s { ?s ?p ?o }")


def test_rows_that_change_between_pages_are_noticed(script: Script) -> None:
    store = opened(script)

    def rows(number: int) -> bytes:
        some = [{"s": {"type": "literal", "value": str(index)}} for index in range(number)]
        return json.dumps({"head": {"vars": ["s"]}, "results": {"bindings": some}}).encode()

    def answer(handler: http.server.BaseHTTPRequestHandler, body: bytes) -> None:
        query = parse_qs(body.decode())["query"][0]
        if "COUNT" in query:
            count = {"head": {"vars": ["n"]}, "results": {"bindings": [{"n": {"type": "literal", "value": "1200"}}]}}
            reply(handler, json.dumps(count).encode())
        else:
            reply(handler, rows(0 if "OFFSET 1000" in query else 500))

    script.answer = answer
    with pytest.raises(StoreError, match="gives 1000 of 1200 rows and no more"):
        store.select("SELECT ?s { ?s ?p ?o }")


def test_a_redirect_is_not_followed_and_takes_no_password_along(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "secret")
    script.answer = lambda handler, _body: reply(handler, b"", status=307, Location="http://127.0.0.1:9/other")
    with pytest.raises(StoreError, match=r"sends elsewhere \(307\)"):
        RemoteStore(script.address)


def test_a_token_is_sent_and_never_shown(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_ENDPOINT_TOKEN", "secret-token")
    script.answer = lambda handler, _body: reply(handler, b"no", "text/plain", 403)
    with pytest.raises(StoreError, match="refuses") as caught:
        RemoteStore(script.address)
    assert script.asked[0][0]["Authorization"] == "Bearer secret-token"
    assert "secret-token" not in str(caught.value)


def test_netrc_is_read(script: Script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "netrc"
    file.write_text("machine 127.0.0.1 login ada password lovelace\n", encoding="utf-8")
    file.chmod(0o600)
    monkeypatch.setenv("NETRC", str(file))

    def challenge(handler: http.server.BaseHTTPRequestHandler, _body: bytes) -> None:
        if handler.headers.get("Authorization") == "Basic YWRhOmxvdmVsYWNl":
            reply(handler, FALSE)
        else:
            reply(handler, b"", status=401, WWW_Authenticate='Basic realm="x"')

    script.answer = challenge
    assert RemoteStore(script.address).path is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://example.org/sparql", "http can be read and changed on the way"),
        ("https://ada:lovelace@example.org/sparql", "ends up in logs"),
        ("http://[::1/x", "is no address"),
        ("https://", "is no address"),
        ("http://127.0.0.1:99999/", "is no address"),
        ("https://example.org/a b", "is no address"),
    ],
)
def test_an_address_that_must_not_be_asked_is_refused_without_its_secrets(address: str, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        kg.open(address)
    assert "lovelace" not in str(caught.value)


def test_a_port_where_nobody_listens_is_one_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kg", "stats", "-s", "http://127.0.0.1:9/sparql"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.startswith("kg: http://127.0.0.1:9/sparql: cannot be reached")
    assert done.stderr.count("\n") == 1


def test_our_own_server_is_read_whole_though_it_cuts_answers() -> None:
    with contextlib.ExitStack() as stack:
        server = stack.enter_context(serving("--rows", "1000", "--no-log"))
        embedded = stack.enter_context(kg.open())
        remote = stack.enter_context(kg.open(f"http://127.0.0.1:{server.port}/sparql"))
        assert remote.stats() == embedded.stats()
        query = "SELECT ?s ?p ?o { ?s ?p ?o . ?s a kg:Technique }"
        ours, theirs = embedded.store.select(query), remote.store.select(query)
        assert len(ours) > 4000
        assert sorted(map(str, ours)) == sorted(map(str, theirs))
        ordered = "SELECT ?t { ?t a kg:Technique ; skos:notation ?n } ORDER BY DESC(?n)"
        assert list(remote.store.select(ordered)) == list(embedded.store.select(ordered))
        with pytest.raises(KgError, match="cuts the graph short"):
            remote.query("CONSTRUCT WHERE { ?s ?p ?o }")
