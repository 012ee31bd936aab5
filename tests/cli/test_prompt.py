from __future__ import annotations

import contextvars
import threading
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

import kg as package
from kg.cli.prompt import TermCompleter, is_complete, run_prompt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.workspace import KnowledgeGraph


@pytest.fixture(scope="module")
def graph() -> Iterator[KnowledgeGraph]:
    with package.open() as opened:
        yield opened


def _completions(graph: KnowledgeGraph, text: str) -> list[str]:
    return [found.text for found in TermCompleter(graph).get_completions(Document(text), CompleteEvent())]


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("SELECT * {", False),
        ("SELECT * { ?s ?p ?o }", True),
        ('ASK { ?s ?p "{" }', True),
        ("ASK { ?s ?p '}'", False),
        ("ASK { # }\n ?s ?p ?o", False),
        ("ASK { <a}b> ?p ?o }", True),
        ("SELECT *", False),
        ("DESCRIBE disarm:T0146", True),
        (".help", True),
    ],
)
def test_enter_runs_what_is_whole_and_continues_what_is_not(text: str, complete: bool) -> None:  # noqa: FBT001 - a table of cases
    assert is_complete(text) is complete


def test_prefixes_terms_ids_and_variables_are_completed(graph: KnowledgeGraph) -> None:
    assert "kg:" in _completions(graph, "SELECT * { ?x a k")
    assert "kg:usesTechnique" in _completions(graph, "SELECT * { ?x kg:uses")
    assert "kg:Incident" in _completions(graph, "SELECT * { ?x a kg:Inc")
    assert "disarm:T0154.002" in _completions(graph, "ASK { disarm:T0154")
    assert "incident:I00100" in _completions(graph, "ASK { incident:I0010")
    assert "?incident" in _completions(graph, "SELECT * { ?incident ?p ?i")
    assert _completions(graph, "") == []


def test_a_session_answers_and_survives_faults_and_ctrl_c(
    graph: KnowledgeGraph, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    typed = (
        "ASK {\r disarm:T0146 a kg:Technique }\r"  # over two lines
        "SELECT * { SERVICE <http://h/> {} }\r"
        "SELECT * { ?s ?p\x03"  # Ctrl-C clears the line
        ".run who-says-so technique=T0154.002\r"
        ".nonsense\r"
        "\x04"  # Ctrl-D leaves
    )
    with create_pipe_input() as keys:
        keys.send_text(typed)
        with create_app_session(input=keys, output=DummyOutput()):
            # A thread of its own, for another test may have left an event loop in this one.
            session = threading.Thread(target=contextvars.copy_context().run, args=(run_prompt, graph))
            session.start()
            session.join(timeout=60)
    assert not session.is_alive()
    out, err = capsys.readouterr()
    assert "yes" in out
    assert "refused" in err
    assert "I00103" in out
    assert ".queries" in out
    assert "ASK {" in (tmp_path / "disarm-kg/history").read_text(encoding="utf-8")
