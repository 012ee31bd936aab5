from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import kg
from kg.errors import QueryError, QueryRefusedError, SourceError
from kg.store.child import in_child

ROOT = Path(__file__).parent.parent.parent
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")


def test_the_child_gives_what_it_made() -> None:
    assert in_child(lambda: ("x", 1), seconds=30, megabytes=0) == ("x", 1)
    assert in_child(lambda: b"y" * 3_000_000, seconds=30, megabytes=0) == b"y" * 3_000_000


def test_an_error_of_the_child_is_raised_with_its_place() -> None:
    def fail() -> bytes:
        raise QueryError("query:1:2: wrong", line=1, column=2, excerpt="x")

    with pytest.raises(QueryError, match="query:1:2: wrong") as caught:
        in_child(fail, seconds=30, megabytes=0)
    assert (caught.value.line, caught.value.column, caught.value.excerpt) == (1, 2, "x")


def test_any_error_of_ours_keeps_its_class() -> None:
    def fail() -> bytes:
        raise SourceError("x.md:1: wrong")

    with pytest.raises(SourceError, match=r"x\.md:1"):
        in_child(fail, seconds=30, megabytes=0)


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(QueryError, match=r"has not ended after 0\.2 s"):
        in_child(lambda: time.sleep(600), seconds=0.2, megabytes=0)


def test_a_child_that_dies_is_an_error() -> None:
    def die() -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(QueryError, match="ended for lack of memory"):
        in_child(die, seconds=30, megabytes=0)


def _start(*arguments: str) -> subprocess.Popen[str]:
    environment = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-m", "kg", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_query_without_end_is_ended_and_said_so() -> None:
    _, err = (started := _start("query", "--timeout", "1", ENDLESS)).communicate(timeout=60)
    assert started.returncode == 3
    assert err == "kg: query: has not ended after 1 s; narrow it, or give it more time (--timeout)\n"


def _wait_for_child(started: subprocess.Popen[str]) -> None:
    """Until the question runs in its child: a signal before that meets an interpreter that is still importing."""
    children = Path(f"/proc/{started.pid}/task/{started.pid}/children")
    for _ in range(300):
        time.sleep(0.1)
        if children.is_file() and children.read_text(encoding="ascii").strip():
            return
    if children.is_file():
        pytest.fail("no child within half a minute")


def test_ctrl_c_ends_a_query_at_once() -> None:
    started = _start("query", ENDLESS)
    _wait_for_child(started)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=30)
    assert started.returncode == 130
    assert err.strip() == "kg: interrupted"


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is limited on Linux only")
def test_a_query_that_wants_too_much_memory_is_refused_it() -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a"
    _, err = (started := _start("query", "--memory", "300", query)).communicate(timeout=90)
    assert started.returncode == 3
    assert err == "kg: query: its process ended for lack of memory; narrow it, or give it more memory (--memory)\n"


@pytest.mark.parametrize("timeout", [0, -1, float("nan"), float("inf")])
def test_a_limit_that_is_none_is_an_error(timeout: float) -> None:
    with pytest.raises(QueryError, match=r"query: timeout .* is no limit; give seconds above 0"):
        kg.open().query("ASK {}", timeout=timeout)
    with pytest.raises(QueryError, match=r"query: memory -5 is no limit; give megabytes above 0"):
        kg.open().query("ASK {}", memory=-5)


def test_a_limit_that_cannot_hold_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "fork")
    with pytest.raises(QueryError, match="cannot fork, so no limit would hold"):
        kg.open().query("ASK {}", timeout=5)


def test_a_question_from_python_ends_at_its_deadline() -> None:
    with kg.open() as graph:
        before = time.monotonic()
        with pytest.raises(QueryError, match=r"has not ended after 0\.5 s"):
            graph.query(ENDLESS, timeout=0.5)
        assert time.monotonic() - before < 20
        assert graph.query("ASK { ?x a kg:Incident }")


def test_an_answer_is_the_same_with_a_limit_and_without() -> None:
    with kg.open() as graph:
        rows = (
            "SELECT ?i ?t ?n { ?i a kg:Incident ; dcterms:title ?t . OPTIONAL { ?i kg:none ?n } } ORDER BY ?i LIMIT 9"
        )
        assert list(graph.query(rows, timeout=60)) == list(graph.query(rows))  # type: ignore[arg-type]
        triples = "CONSTRUCT { ?t kg:x [ kg:y ?n ] } { ?t a kg:Tactic ; skos:prefLabel ?n }"
        assert list(graph.query(triples, memory=2000)) == list(graph.query(triples))  # type: ignore[arg-type]
        assert bool(graph.query("ASK { ?x a kg:Incident }", timeout=60, memory=2000))
        with pytest.raises(QueryRefusedError):
            graph.query("LOAD <http://127.0.0.1:9/>", timeout=60)
