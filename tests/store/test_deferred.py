"""The graphs that few questions ask are loaded when one could see them, and never later."""

from __future__ import annotations

import threading

import pyoxigraph as ox
import pytest

from kg.store.deferred import DeferredStore

NEAR = '<https://e.example/a> <https://e.example/p> "near" . <https://w3id.org/disarm-kg/graph/findings> {'
NEAR += '<https://e.example/a> <https://e.example/p> "finding" }'
FAR = '<https://w3id.org/disarm-kg/graph/text> { <https://e.example/a> <https://e.example/p> "far" }'


@pytest.fixture
def store() -> DeferredStore:
    native = ox.Store()
    native.load(NEAR.encode(), format=ox.RdfFormat.TRIG)
    return DeferredStore(native, lambda rest: rest.load(FAR.encode(), format=ox.RdfFormat.TRIG))


@pytest.mark.parametrize(
    ("query", "union", "expected"),
    [
        ("SELECT ?o { ?s ?p ?o }", False, {"near"}),
        ("SELECT ?o { GRAPH graph:findings { ?s ?p ?o } }", False, {"finding"}),
        ("SELECT ?o { GRAPH graph:text { ?s ?p ?o } }", False, {"far"}),
        ("SELECT ?o { graph ?g { ?s ?p ?o } }", False, {"far", "finding"}),
        ("SELECT ?o FROM graph:text { ?s ?p ?o }", False, {"far"}),
        ("SELECT ?o { ?s ?p ?o }", True, {"near", "far", "finding"}),
    ],
)
def test_a_query_sees_every_graph_it_could_name(
    store: DeferredStore,
    query: str,
    union: bool,  # noqa: FBT001 - a case of the table
    expected: set[str],
) -> None:
    answer = store.query(query, union=union)
    assert {row[0] for row in answer.values()} == expected  # type: ignore[union-attr]


def test_a_question_to_the_default_graph_loads_nothing_more(store: DeferredStore) -> None:
    list(store.select("SELECT ?o { ?s ?p ?o }").values())
    list(store.select("SELECT ?o { GRAPH graph:findings { ?s ?p ?o } }").values())
    assert store._rest is not None


def test_what_few_ask_for_is_written_once_and_not_before() -> None:
    written = []

    def seldom() -> bytes:
        written.append(1)
        return b'<https://e.example/a> <https://e.example/p> "far" <https://w3id.org/disarm-kg/graph/text> .\n'

    store = DeferredStore.in_two(b'<https://e.example/a> <https://e.example/p> "near" .\n', seldom)
    assert list(store.select("SELECT ?o { ?s ?p ?o }").values()) == [("near",)]
    assert not written
    for _ in range(2):
        assert list(store.select("SELECT ?o { GRAPH graph:text { ?s ?p ?o } }").values()) == [("far",)]
    assert written == [1]


def test_counting_listing_and_export_see_the_whole(store: DeferredStore) -> None:
    assert len(store) == 3
    assert len(store.graphs()) == 2
    assert len(list(store.quads())) == 3


def test_threads_that_come_while_the_rest_is_loaded_wait_for_it() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(native: ox.Store) -> None:
        begun.set()
        assert go_on.wait(10)
        native.load(FAR.encode(), format=ox.RdfFormat.TRIG)

    store = DeferredStore(ox.Store(), slow)
    counts: list[int] = []
    threads = [threading.Thread(target=lambda: counts.append(len(store))) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert begun.wait(10)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert counts == [1, 1, 1, 1]
