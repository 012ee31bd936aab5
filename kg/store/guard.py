r"""The query guard: refuses a text that would leave the graph or end the engine, before any engine sees it.

It reads tokens (:mod:`kg.store.tokens`) in one pass and linear time. It knows what pyoxigraph takes that the standard
does not: keywords run into what follows, so that ``SERVICE:x{}`` and ``trueSERVICE<...>{}`` are calls. And it reads a
text with ``\u`` escapes twice, since the standard replaces them before reading and that engine does not.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import QueryError, QueryRefusedError
from kg.store.burden import DEEPEST, Burden
from kg.store.faults import place_of, query_error
from kg.store.prologue import Prologue
from kg.store.tokens import ForbiddenError, Kind, TextError, Token, decoded, tokens

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 64 * 1024
"""Bytes of UTF-8 in a query."""

_UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "COPY", "MOVE", "ADD", "WITH"})
_TARGETS = frozenset({Kind.VARIABLE, Kind.IRI, Kind.NAME})
_ANSWERED = "SELECT, ASK, CONSTRUCT and DESCRIBE are answered"


def check_query(text: str, *, graphs: Collection[str] | None, longest: int = LONGEST, deepest: int = DEEPEST) -> None:
    """Refuse a query that would leave the graph, change it, or end the engine.

    Args:
        text: The query as its author wrote it.
        graphs: IRIs of the graphs that ``FROM`` may name; None where they are not known here.
        longest: Bytes of UTF-8 it may have.
        deepest: Brackets that may be open at once.

    Raises:
        QueryRefusedError: and nothing else, whatever the text is.
    """
    if len(text) > longest or len(text.encode("utf-8", "surrogatepass")) > longest:
        message = f"query refused: it is longer than {longest / 1024:g} kB; put long lists of values into the graph"
        raise QueryRefusedError(message)
    plain, places = decoded(text)
    if places:
        _check(plain, graphs, _Original(text, places), deepest)
    _check(text, graphs, _Original(text, []), deepest)


class _Original(NamedTuple):
    """The text as written, and for each escape replaced in it the place behind it, in the new text and in the old."""

    text: str
    places: list[tuple[int, int]]


def _check(text: str, graphs: Collection[str] | None, written: _Original, deepest: int) -> None:
    burden, prologue = Burden(deepest), Prologue(graphs)
    last = last_but_one = Token(Kind.OPERATOR, "", 0)
    try:
        for token in tokens(text):
            if token.kind is Kind.WORD:
                _check_word(token)
            elif token.text == "{":
                _check_call(token, last, last_but_one)
            prologue.take(token, outside=burden.outside)
            burden.take(token)
            last, last_but_one = token, last
    except TextError as fault:
        raise _refusal(fault, written.text, written.places) from fault


def _check_word(token: Token) -> None:
    word = token.text.upper()
    if "SERVICE" in word or "SILENT" in word:
        message = "SERVICE would call another host"
        raise ForbiddenError(message, token.start)
    if word in _UPDATES:
        would = "LOAD would fetch a document" if word == "LOAD" else f"{word} would change the graph"
        message = f"{would}; {_ANSWERED}"
        raise ForbiddenError(message, token.start)


def _check_call(token: Token, last: Token, last_but_one: Token) -> None:
    """Refuse ``NAME {`` and ``NAME TARGET {`` where the name may hide SERVICE, as in ``SERVICE:x {``."""
    graph = last_but_one.kind is Kind.WORD and last_but_one.text.upper().endswith("GRAPH")
    hidden = (_may_hide_service(last) and not graph) or (last.kind in _TARGETS and _may_hide_service(last_but_one))
    if hidden:
        message = "SERVICE would call another host; where it is part of a name, put a dot before the bracket"
        raise ForbiddenError(message, token.start)


def _may_hide_service(token: Token) -> bool:
    return token.kind is Kind.NAME and "SERVICE" in token.text.upper()


def _refusal(fault: TextError, written: str, places: list[tuple[int, int]]) -> QueryError:
    start = fault.start
    if places:
        at = bisect_right(places, (start, len(written))) - 1
        start = places[at][1] + start - places[at][0] if at >= 0 else start
    if isinstance(fault, ForbiddenError):
        message = f"query refused: {fault}"
    else:
        line, column = place_of(written, start)
        message = f"query:{line}:{column}: {fault}"
    return query_error(message, written, start, kind=QueryRefusedError)
