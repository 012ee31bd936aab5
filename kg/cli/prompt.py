"""The interactive prompt of ``kg query``: history, completion, several lines, safe to interrupt."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import Completer, Completion
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.lexers import PygmentsLexer
from pygments.lexers.rdf import SparqlLexer

from kg.cli import describe, printable
from kg.cli.options import say, table_text, write_data
from kg.cli.query import short
from kg.errors import KgError
from kg.rdf.namespaces import CLASSES, PREFIXES, PROPERTIES
from kg.store.answers import Solutions, Truth
from kg.store.child import in_child
from kg.store.formats import render_answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from prompt_toolkit.completion import CompleteEvent
    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding import KeyPressEvent

    from kg.store.answers import Answer
    from kg.workspace import KnowledgeGraph

KEYWORDS = (  # noqa: SIM905 - one word a line would fill a page
    "SELECT DISTINCT WHERE ASK CONSTRUCT DESCRIBE FILTER OPTIONAL UNION MINUS GRAPH BIND VALUES EXISTS NOT "
    "GROUP BY HAVING ORDER LIMIT OFFSET COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT REGEX CONTAINS STRSTARTS LCASE LANG"
).split()
HELP = """Type a SPARQL query; it runs when its braces close (Alt+Enter runs it as it is, Ctrl-C clears, Ctrl-D leaves).
  .queries         the named queries        .run NAME KEY=VALUE ...   run one
  .prefixes        the prefixes             .quit                     leave"""
_WORD = re.compile(r"[\w.?$:/-]*$")
_STRINGS = re.compile(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*',
    re.DOTALL,
)


class TermCompleter(Completer):
    """Completes prefixes, our terms, technique and incident ids with their names, variables and keywords."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._names: dict[str, list[tuple[str, str]]] = {}

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """The completions of the word before the cursor."""
        del complete_event
        match = _WORD.search(document.text_before_cursor)
        word = match[0] if match else ""
        if not word:
            return
        for text, meta in self._candidates(word, document.text):
            if text.lower().startswith(word.lower()) and text != word:
                yield Completion(text, start_position=-len(word), display_meta=printable(meta)[:60])

    def _candidates(self, word: str, text: str) -> Iterator[tuple[str, str]]:
        if word[0] in "?$":
            yield from ((name, "variable") for name in sorted(set(re.findall(r"[?$]\w+", text))))
            return
        prefix, colon, _ = word.partition(":")
        if not colon:
            yield from ((f"{name}:", namespace) for name, namespace in PREFIXES.items())
            yield from ((keyword, "keyword") for keyword in KEYWORDS)
        elif prefix == "kg":
            yield from ((f"kg:{name}", "class") for name in CLASSES)
            yield from ((f"kg:{name}", "property") for name in PROPERTIES)
        elif prefix in {"disarm", "incident", "tactic"}:
            kind = {"disarm": "techniques", "incident": "incidents", "tactic": "tactics"}[prefix]
            yield from ((f"{prefix}:{name}", label) for name, label in self._ids(kind))

    def _ids(self, kind: str) -> list[tuple[str, str]]:
        if kind not in self._names:
            rows = self._graph.list(kind).values()
            self._names[kind] = [(row[0] or "", row[1] or "") for row in rows]
        return self._names[kind]


def is_complete(text: str) -> bool:
    """Whether a query can run: a dot command, or text whose braces are closed outside strings, IRIs and comments.

    >>> is_complete("SELECT * {"), is_complete('ASK { ?s ?p "}" }'), is_complete("")
    (False, True, False)
    """
    stripped = text.strip()
    if stripped.startswith("."):
        return True
    bare = _STRINGS.sub(" ", stripped)
    return ("{" in bare and bare.count("{") <= bare.count("}")) or bare.upper().startswith("DESCRIBE")


def run_prompt(graph: KnowledgeGraph, *, seconds: float = 60, megabytes: int = 4096) -> None:
    """Ask and answer until the user leaves; each question may take so many seconds and so much memory."""
    session: PromptSession[str] = PromptSession(
        history=_history(),
        completer=TermCompleter(graph),
        complete_while_typing=True,
        lexer=PygmentsLexer(SparqlLexer),
        multiline=True,
        key_bindings=_keys(),
        prompt_continuation="... ",
    )
    say(f"{graph.origin}: {len(graph):,} quads. '.help' tells more.")
    while True:
        try:
            text = session.prompt("kg> ").strip()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return
        if text in {".quit", ".exit", ".q"}:
            return
        if text:
            _answer(graph, text, seconds, megabytes)


def _answer(graph: KnowledgeGraph, text: str, seconds: float, megabytes: int) -> None:
    """Run one input; neither a fault of the user nor Ctrl-C ends the prompt."""
    try:
        write_data(in_child(lambda: _said(graph, text), seconds=seconds, megabytes=megabytes), None)
    except KgError as error:
        say(describe(error))
    except KeyboardInterrupt:
        say("interrupted")


def _said(graph: KnowledgeGraph, text: str) -> str:
    """What one input is answered with."""
    if not text.startswith("."):
        return _rendered(graph.query(text))
    from kg.queries import named_queries

    name, *words = text.split()
    if name == ".queries":
        return table_text(("name", "title"), [(key, query.title) for key, query in named_queries().items()])
    if name == ".prefixes":
        return table_text(("prefix", "namespace"), list(PREFIXES.items()))
    if name == ".run" and words:
        pairs = (word.partition("=") for word in words[1:])
        return _rendered(graph.ask_named(words[0], {key: value for key, _, value in pairs}))
    return HELP + "\n"


def _rendered(answer: Answer) -> str:
    """An answer as text: yes or no, rows as a table, a graph as Turtle."""
    if isinstance(answer, Truth):
        return "yes\n" if answer else "no\n"
    if isinstance(answer, Solutions):
        rows = [[short(cell) for cell in row] for row in answer.values()]
        return f"{table_text(answer.variables, rows)}{len(rows):,} rows\n"
    return printable(render_answer(answer, "turtle").decode())


def _history() -> History:
    """History in the user's state folder; in memory where that cannot be written."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    path = Path(base) / "disarm-kg" / "history"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(path))


def _keys() -> KeyBindings:
    bindings = KeyBindings()

    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if is_complete(buffer.text):
            buffer.validate_and_handle()
        else:
            buffer.insert_text("\n")

    def run_now(event: KeyPressEvent) -> None:
        event.current_buffer.validate_and_handle()

    add: Callable[..., Callable[[Callable[[KeyPressEvent], None]], object]] = bindings.add
    add("enter")(enter)
    add("escape", "enter")(run_now)
    return bindings
