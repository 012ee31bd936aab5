"""What an engine says of a faulty query, told in the user's own lines and columns."""

from __future__ import annotations

import re
import unicodedata

from kg.errors import QueryError
from kg.rdf.namespaces import PREFIXES
from kg.store.prefixes import undeclared

_PLACED = re.compile(r"error at (\d+):(\d+): (?:expected )?(?:one of )?(.*)", re.DOTALL)
_CLASS = re.compile(r"\[[^\]]*\](?:,\s*)?")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_SENTENCES = {
    "Duplicated variable name in SELECT": "a variable is selected twice",
    "The SELECT contains a variable that is unbound": "SELECT names a variable that is neither grouped nor aggregated",
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
    line, column = int(placed[1]), int(placed[2])
    excerpt = excerpt_of(text, line, column)
    message = f"query:{line}:{column}: {_complaint(placed[3], _standing_at(text, line, column))}"
    return QueryError(message, line=line, column=column, excerpt=excerpt)


def evaluation_fault(said: str) -> QueryError:
    """The error for a query that parses and cannot be evaluated, from what the engine said."""
    return QueryError(f"query: cannot be evaluated: {_one_line(said)}")


def _complaint(expected: str, standing: str) -> str:
    for said, sentence in _SENTENCES.items():
        if said in expected:
            return sentence
    # The engine also lists keywords, but only those it happened to try last; they lead astray.
    wanted = sorted({word[1:-1].replace('\\"', '"') for word in _QUOTED.findall(_CLASS.sub("", expected))})
    here = f"syntax error at {standing!r}" if standing else "the query ends too early"
    if not wanted:
        return here + ("" if standing else "; finish the pattern or name SELECT, ASK, CONSTRUCT or DESCRIBE")
    return f"{here}; expected {'one of ' if len(wanted) > 1 else ''}{' '.join(wanted)}"


def _standing_at(text: str, line: int, column: int) -> str:
    lines = text.split("\n")
    rest = lines[line - 1][column - 1 :] if line <= len(lines) else ""
    word = _WORD.match(rest)
    return (word[0] if word else rest[:1])[:_LONGEST_WORD] or ("" if line >= len(lines) else "end of line")


def _one_line(said: str) -> str:
    return " ".join(said.split()) or "the engine gives no reason"


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
