"""Replies in pieces, in every form: what they hold, how they end, and what is finished before it is sent."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import OutputError
from kg.server import sending
from kg.server.negotiation import GRAPHS, ROWS, Form
from kg.server.sending import reply_of_graph, reply_of_rows
from kg.store.embedded import EmbeddedStore, Flow, GraphFlow
from kg.store.most import Most
from kg.store.rows import RESULTS

if TYPE_CHECKING:
    from kg.server.replies import Reply

THINGS = 800
READ = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
}
SELECT = "SELECT ?s ?o ?none { ?s ?p ?o }"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o . [] <x:about> ?s ; <x:again> [] } WHERE { ?s ?p ?o }"
TELLING = ("json", "xml", "turtle", "ntriples", "rdfxml")


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    text = "".join(
        f'<x:s{number}> <http://x/p> "{number} \\"<&\\r\\n, \u00e9"@en ; a <http://x/{number}> .\n'
        for number in range(THINGS)
    )
    native = ox.Store()
    native.load(text, ox.RdfFormat.TURTLE)
    return EmbeddedStore(native)


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE", 20_000)
    monkeypatch.setattr(sending, "UNTOLD", 20_000)


def _form(name: str) -> Form:
    return next(form for form in (*ROWS, *GRAPHS) if form.name == name)


def _reply(store: EmbeddedStore, name: str, most: int = 0, *, streamed: bool = True, packed: bool = False) -> Reply:
    found = store.ask(SELECT if name in RESULTS else CONSTRUCT, most=Most(most))
    if isinstance(found, Flow):
        return reply_of_rows(found, _form(name), streamed=streamed, gzip=packed)
    assert isinstance(found, GraphFlow)
    return reply_of_graph(found, _form(name), streamed=streamed, gzip=packed)


def _body(reply: Reply) -> bytes:
    assert reply.rest is not None
    pieces = list(reply.rest)
    assert len(pieces) > 2
    return b"".join(pieces)


def _rows(body: bytes, name: str) -> Counter[tuple[str, ...]]:
    if name == "csv":
        return Counter(tuple(row) for row in csv.reader(io.StringIO(body.decode(), newline="")))
    read = ox.parse_query_results(body, RESULTS[name])
    assert isinstance(read, ox.QuerySolutions)
    assert [variable.value for variable in read.variables] == ["s", "o", "none"]
    return Counter((str(row["s"]), str(row["o"]), str(row["none"])) for row in read)


def _triples(body: bytes, name: str) -> Counter[str]:
    """Triples with blank nodes that are all called the same: each stands in few of them."""
    return Counter(re.sub(r"_:\w+", "_:", str(quad.triple)) for quad in ox.parse(body, READ[name]))


@pytest.mark.parametrize("name", RESULTS)
def test_rows_in_pieces_are_those_that_are_whole_before(store: EmbeddedStore, name: str) -> None:
    whole = _reply(store, name, streamed=False)
    assert whole.rest is None
    body = _body(_reply(store, name))
    assert _rows(body, name) == _rows(whole.body, name)
    assert sum(_rows(body, name).values()) == 2 * THINGS + (name == "csv")
    assert gzip.decompress(_body_packed(_reply(store, name, packed=True))) == body


def _body_packed(reply: Reply) -> bytes:
    assert (reply.encoding, reply.body) == ("gzip", b"")
    assert reply.rest is not None
    return b"".join(reply.rest)


@pytest.mark.parametrize("name", READ)
def test_triples_in_pieces_are_those_that_are_whole_before(store: EmbeddedStore, name: str) -> None:
    whole = _reply(store, name, streamed=False)
    body = _body(_reply(store, name))
    assert _triples(body, name) == _triples(whole.body, name)
    assert sum(_triples(body, name).values()) == 6 * THINGS
    assert len({quad.subject for quad in ox.parse(body, READ[name])}) == THINGS + 2 * THINGS
    assert gzip.decompress(_body_packed(_reply(store, name, packed=True))) == body


@pytest.mark.parametrize("name", [*RESULTS, *READ])
def test_what_is_cut_says_so_at_its_end_or_does_not_come_to_it(store: EmbeddedStore, name: str) -> None:
    reply = _reply(store, name, most=1500)
    if name not in TELLING:
        with pytest.raises(OutputError, match="cut after 1500"):
            _body(reply)
        return
    body = _body(reply)
    assert b"truncated" in body[-80:]
    assert b"after" in body[-80:]
    assert b"1500" in body[-80:]
    found = _rows(body, name) if name in RESULTS else _triples(body, name)
    assert sum(found.values()) == 1500


@pytest.mark.parametrize("name", [*RESULTS, *READ])
def test_what_is_small_or_cannot_come_in_pieces_is_whole_and_counted(store: EmbeddedStore, name: str) -> None:
    for reply, rows, cut in (
        (_reply(store, name, most=50), 50, True),
        (_reply(store, name, streamed=False), (2 if name in RESULTS else 6) * THINGS, False),
    ):
        assert (reply.rest, reply.rows, reply.truncated) == (None, rows, cut)
        assert reply.body


def test_what_a_form_cannot_say_is_told_before_where_it_is_small_and_breaks_off_what_is_not() -> None:
    native = ox.Store()
    native.load("".join(f"<x:s> <http://x/{number}> 1 .\n" for number in range(1000)), ox.RdfFormat.TURTLE)
    store = EmbeddedStore(native)
    for most in (10, 0):
        found = store.ask("CONSTRUCT WHERE { ?s ?p ?o }", most=Most(most))
        assert isinstance(found, GraphFlow)
        with pytest.raises(OutputError, match="cannot name the property"):
            list(reply_of_graph(found, _form("rdfxml"), streamed=True, gzip=False).rest or ())
