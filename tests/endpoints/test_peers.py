"""Real servers: what is pushed to them is asked of them, and gives what the embedded engine gives."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

import kg
from kg.errors import KgError
from kg.exports.push import Target, _update, found_target, push_graph
from kg.queries import named_queries
from kg.store.answers import Solutions
from kg.store.remote import DEFAULT, RemoteStore
from tests.server.serving import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.endpoints.conftest import Peer

pytestmark = pytest.mark.endpoints
LIMIT = 3000
"""The rows that Virtuoso gives at most, as the fixture has set it: far fewer than there are."""


@pytest.fixture(autouse=True)
def _credentials(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    if peer.user:
        monkeypatch.setenv("KG_ENDPOINT_USER", peer.user)
        monkeypatch.setenv("KG_ENDPOINT_PASSWORD", peer.password)


@pytest.fixture(scope="module")
def embedded() -> Iterator[kg.KnowledgeGraph]:
    with kg.open() as graph:
        yield graph


@pytest.fixture
def pushed(peer: Peer, embedded: kg.KnowledgeGraph) -> kg.KnowledgeGraph:
    """The embedded facts, at the peer; sent once, and found there from then on."""
    push_graph(embedded.store, Target(peer.query, update=peer.update))
    return kg.open(peer.query)


def _rows(answer: object) -> list[tuple[str | None, ...]]:
    assert isinstance(answer, Solutions)
    return list(answer.values())


def test_every_named_query_gives_the_same_rows(pushed: kg.KnowledgeGraph, embedded: kg.KnowledgeGraph) -> None:
    different = [
        name for name in named_queries() if _rows(pushed.named_query(name)) != _rows(embedded.named_query(name))
    ]
    assert len(named_queries()) >= 12
    assert different == []


def test_the_same_pairs_occur_together(pushed: kg.KnowledgeGraph, embedded: kg.KnowledgeGraph) -> None:
    for unit in ("incident", "observation"):
        ours, theirs = embedded.cooccurrence(unit=unit), pushed.cooccurrence(unit=unit)
        assert list(theirs.rows()) == list(ours.rows())


def test_counts_cards_lists_and_files_are_the_same(pushed: kg.KnowledgeGraph, embedded: kg.KnowledgeGraph) -> None:
    assert pushed.stats() == embedded.stats()
    assert pushed.show("T0154.002").title == embedded.show("T0154.002").title
    assert len(pushed) == len(embedded)
    assert _rows(pushed.list("incidents")) == _rows(embedded.list("incidents"))
    # More statements than the server gives rows: read in pages, none lost and none twice.
    assert len(embedded) > 10 * LIMIT
    assert b"".join(pushed.render("nquads")) == b"".join(embedded.render("nquads"))


def test_pictures_are_drawn_from_it(pushed: kg.KnowledgeGraph, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    pushed.view("cooccurrence").save(page)
    assert page.stat().st_size > 100_000


def test_graphs_truth_and_faults_are_answered(pushed: kg.KnowledgeGraph) -> None:
    described = pushed.query("CONSTRUCT WHERE { incident:I00100 kg:usesTechnique ?t }")
    assert len(described) == 2  # type: ignore[arg-type]
    assert pushed.query("ASK { incident:I00100 a kg:Incident }")
    assert not pushed.query("ASK { incident:I00100 a kg:Technique }")
    with pytest.raises(KgError, match="answers 400"):
        pushed.query("SELECT * { ?s ?p }")


def test_what_is_there_is_not_sent_again(peer: Peer, embedded: kg.KnowledgeGraph, pushed: kg.KnowledgeGraph) -> None:
    assert len(pushed) == len(embedded)
    again = push_graph(embedded.store, Target(peer.query, update=peer.update))
    assert [graph.sent for graph in again] == [0] * len(again)
    assert sum(graph.statements for graph in again) == len(embedded)
    assert (again[-1].graph == DEFAULT) is (peer.name == "virtuoso")


def test_a_push_that_is_killed_is_taken_up_where_it_stopped(peer: Peer, tmp_path: Path) -> None:
    graph = f"https://w3id.org/disarm-kg/graph/killed-{peer.name}"
    source = tmp_path / "many.nq"
    lines = (f"<x:s{n:05}> <x:p> <x:o{n}> <{graph}> .\n" for n in range(9000))
    source.write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "kg", "push", "-s", str(source), peer.query, "--batch", "20"]
    process = subprocess.Popen([*command, "--update", peer.update], cwd=ROOT, stderr=subprocess.DEVNULL)
    remote = RemoteStore(peer.query)
    end = time.monotonic() + 60
    while remote.count(graph) < 200 and time.monotonic() < end:
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = remote.count(graph)
    assert 0 < before < 9000
    done = push_graph(kg.open(source).store, Target(peer.query, update=peer.update), batch=20)
    assert done[0].found >= before // 20 - 1
    assert remote.count(graph) == 9000
    _update(peer.update, f"CLEAR GRAPH <{graph}>")


def test_the_graph_store_protocol_serves_as_well(peer: Peer, tmp_path: Path) -> None:
    graph = f"https://w3id.org/disarm-kg/graph/store-{peer.name}"
    source = tmp_path / "some.nq"
    source.write_text(f'<x:s> <x:p> "a\\nb\\"\\u00e9"@en, <{graph}> .\n'.replace(",", ""), encoding="utf-8")
    target = Target(peer.query, store=peer.store)
    done = push_graph(kg.open(source).store, target)
    assert done[0].statements == done[0].sent == 1
    assert RemoteStore(peer.query).count(graph) == 1
    push_graph(kg.open(source).store, target, replace=True)
    assert RemoteStore(peer.query).count(graph) == 1
    _update(peer.update, f"CLEAR GRAPH <{graph}>")


def test_where_to_send_updates_is_found_by_its_usual_name(peer: Peer) -> None:
    # Virtuoso's depends on how it is set up: there the user always names it, and nothing is claimed.
    if peer.name != "virtuoso":
        assert found_target(peer.query) == Target(peer.query, update=peer.update)


def test_an_endpoint_is_served_on_as_a_copy(pushed: kg.KnowledgeGraph) -> None:
    assert pushed.store.rdflib() is not None
