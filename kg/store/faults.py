"""What an engine says of a faulty query, told in the user's own lines and columns."""

from __future__ import annotations

import re
import unicodedata

from kg.errors import EvaluationError, QueryError
from kg.rdf.namespaces import PREFIXES
from kg.store.prefixes import undeclared

PADDING = "\n" + " " * 20
"""Put behind a query that the engine parses, so that :func:`syntax_fault` can tell where it stopped.

To look for a keyword the engine takes as many characters as the keyword has, and reports the place behind them, or the
end of the text where there are fewer.
"""

_PLACED = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_ITEM = re.compile(r'"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^,\s"\[][^,"\[]*')
_KEYWORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_SENTENCES = {
    "Duplicated variable name in SELECT": "a variable is selected twice",
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither grouped nor aggregated",
    "IRI parsing failed": "the IRI before this place is not valid",
    "language tag parsing failed": "the language tag before this place is not valid",
    "BIND is overriding an existing variable": "BIND gives a variable that has a value already",
}
_WORD = re.compile(r"[\w:?$@.-]+")
_WINDOW = 96
_LONGEST_WORD = 30


def place_of(text: str, start: int) -> tuple[int, int]:
    """1-based line and column (in code points) of a 0-based place in a text; lines end with a line feed."""
    before = text[: max(start, 0)]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def excerpt_of(text: str, line: int, column: int) -> str:
    """The line of a fault with a caret below its column; cut to a window where the line is long.

    Control characters are replaced, so that the excerpt can be shown on a terminal.
    """
    lines = text.split("\n")
    if not 1 <= line <= len(lines):
        return ""
    whole = "".join(char if char.isprintable() else " " for char in lines[line - 1])
    left = max(0, min(column - 1 - _WINDOW // 2, len(whole) - _WINDOW))
    shown = whole[left : left + _WINDOW]
    before = shown[: column - 1 - left]
    head, tail = "…" if left else "", "…" if left + _WINDOW < len(whole) else ""
    return f"{head}{shown.rstrip()}{tail}\n{' ' * (len(head) + _width(before))}^"


def query_error(message: str, text: str, start: int, *, kind: type[QueryError] = QueryError) -> QueryError:
    """An error of the given kind that points at a 0-based place of the user's text."""
    line, column = place_of(text, start)
    return kind(message, line=line, column=column, excerpt=excerpt_of(text, line, column))


def syntax_fault(said: str, text: str) -> QueryError:
    """The error for a query that the engine could not parse, from what the engine said."""
    for name, token in undeclared(text).items():
        if name not in PREFIXES:
            line, column = place_of(text, token.start)
            message = f"query:{line}:{column}: prefix '{name}:' is not declared; write PREFIX {name}: <...> before it"
            return query_error(message, text, token.start)
    placed = _PLACED.match(said)
    if placed is None:
        return QueryError(f"query: {_one_line(said)}; write a SPARQL 1.1 query")
    expected = _ITEM.findall(placed[3])
    start = _start_of(text, int(placed[1]), int(placed[2]), expected)
    line, column = place_of(text, start)
    message = f"query:{line}:{column}: {_complaint(placed[3], expected, text[start:])}"
    return query_error(message, text, start)


def evaluation_fault(said: str) -> QueryError:
    """The error for a query that parses and cannot be evaluated, from what the engine said."""
    return EvaluationError(f"query: cannot be evaluated: {_one_line(said)}")


def _start_of(text: str, line: int, column: int, expected: list[str]) -> int:
    lines = text.split("\n")
    start = sum(len(before) + 1 for before in lines[: line - 1]) + column - 1
    wanted = [item for item in expected if item != "[_]"]
    if wanted and all(_KEYWORD.fullmatch(item) for item in wanted):
        start -= min(len(item) for item in wanted)
    start = max(0, min(start, len(text.rstrip())))
    return len(text) - len(text[start:].lstrip()) if text[start:].strip() else start


def _complaint(said: str, expected: list[str], rest: str) -> str:
    for theirs, ours in _SENTENCES.items():
        if theirs in said:
            return ours
    word = _WORD.match(rest)
    standing = word[0][:_LONGEST_WORD] if word else rest[:1].strip()
    # The engine also names keywords, but only those of one length; they lead astray.
    wanted = sorted({item[1:-1].replace('\\"', '"') for item in expected if item.startswith('"')})
    here = f"syntax error at {standing!r}" if standing else "the query ends too early"
    if not wanted:
        return here + ("" if standing else "; finish the pattern, or start with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return f"{here}; expected {'one of ' if len(wanted) > 1 else ''}{' '.join(wanted)}"


def _one_line(said: str) -> str:
    return " ".join(said.split()) or "the engine gives no reason"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
