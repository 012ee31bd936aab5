"""How much a query asks of the engine, counted over its tokens.

What ends the engine was measured on pyoxigraph 0.5.13 (8 MiB of stack, one core). Its parser recurses: the stack is
gone at 2,300 nested ``{``, 5,100 ``(`` in an expression, 700 ``(EXISTS {``, 770 nested aggregates, 896 nested calls,
and at chains of 6,600 ``+``, 9,200 ``!``, 10,200 ``|``, 6,100 UNION and of 2,500 MINUS, sort keys ``(1)``, values
``(1 AS ?x)`` or resources of DESCRIBE. Its planner is cubic in the patterns that are joined: 140 take a second, 1,000
minutes. Where a last argument may be left out, and behind ``!`` in a text that is not SPARQL, it parses twice at each
level: 18 nested ``REGEX(`` or ``!(`` take a second, 40 a month. The limits leave a factor of about ten to the stack, so
that they hold in a thread with 1 MiB of it too.
"""

from __future__ import annotations

from typing import NamedTuple

from kg.store.tokens import OPERANDS, ForbiddenError, Kind, Token

DEEPEST = 64
"""Brackets that may be open at once."""
MOST_JOINS = 128
"""Patterns, steps of a path and members of a list that the engine has to put in order, roughly."""
MOST_OPERATORS = 256
"""Arithmetic, logical and path operators."""
MOST_BRACKETS = 256
"""Brackets in all, outside VALUES."""
MOST_NAMED = 128
"""Resources that DESCRIBE names, and values that AS names."""
DEEPEST_TWICE = 6
"""``!`` and functions whose last argument may be left out, each within the other."""

_OPTIONAL = ("regex", "substr", "replace", "group_concat")
_PATTERNS = ("filter", "bind", "values")
_OPERATORS = frozenset({"!", "+", "-", "*", "/", "|", "||", "&&", "^", "=", "!=", "<", ">", "<=", ">="})
_SEPARATORS = frozenset(".;,/")
_WEIGHTS = {"[": 1, "<<": 2, "{": 1}
_MEMBER = 2


class _Frame(NamedTuple):
    """An open bracket.

    Attributes:
        bracket: Its text.
        data: Whether it holds data of VALUES.
        template: Whether it holds a template, where nothing is joined.
        twice: How often what it holds may be parsed, as a power of two.
    """

    bracket: str
    data: bool
    template: bool
    twice: int


_OUTSIDE = _Frame("", data=False, template=False, twice=0)


class Burden:
    """The counts of one query, fed with its tokens one after the other."""

    def __init__(self, deepest: int = DEEPEST) -> None:
        self._deepest = deepest
        self._stack: list[_Frame] = []
        self._top = _OUTSIDE
        self._last: Token | None = None
        self._values = ""
        self._counts: dict[str, int] = {}
        self._twice = 0
        self._negations = 0

    @property
    def outside(self) -> bool:
        """Whether no bracket is open."""
        return not self._stack

    def take(self, token: Token) -> None:
        """Take in the next token.

        Raises:
            ForbiddenError: one of the limits is passed.
        """
        if token.kind is Kind.OPEN:
            self._open(token)
        elif token.kind is Kind.CLOSE:
            self._close()
        else:
            self._follow_values(token)
            self._follow_negations(token)
            if not self._top.data:
                self._piece(token)
        self._last = token

    def _open(self, token: Token) -> None:
        called = self._last.text.lower() if self._last and self._last.kind is Kind.WORD else ""
        braced = token.text == "{"
        frame = _Frame(
            token.text,
            data=self._top.data or (braced and self._values == "body"),
            template=self._top.template or (braced and called.endswith("construct")),
            twice=self._negations + (token.text == "(" and called.endswith(_OPTIONAL)),
        )
        self._values = "names" if self._values == "head" and token.text == "(" else ""
        if not frame.data:
            self._count("brackets", 1, MOST_BRACKETS, token, "use VALUES, or split the query")
            self._join(token, _WEIGHTS.get(token.text, 0) + (_MEMBER if self._is_member() else 0))
        self._stack.append(frame)
        self._top = frame
        self._twice += frame.twice
        self._negations = 0
        if len(self._stack) > self._deepest:
            message = f"brackets are nested deeper than {self._deepest}; write it flatter"
            raise ForbiddenError(message, token.start)
        self._check_twice(token)

    def _check_twice(self, token: Token) -> None:
        if self._twice + self._negations > DEEPEST_TWICE:
            message = f"! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than {DEEPEST_TWICE}; use BIND"
            raise ForbiddenError(message, token.start)

    def _close(self) -> None:
        self._twice -= self._stack.pop().twice
        self._negations = 0
        self._top = self._stack[-1] if self._stack else _OUTSIDE
        self._values = "body" if self._values == "names" else ""

    def _follow_values(self, token: Token) -> None:
        """Follow ``VALUES ?x {`` and ``VALUES (?x ?y) {`` to the bracket that opens their data."""
        if token.kind is Kind.WORD:
            self._values = "head" if token.text.lower().endswith("values") else ""
        elif self._values == "head" and token.kind is Kind.VARIABLE:
            self._values = "body"
        elif self._values != "names":
            self._values = ""

    def _follow_negations(self, token: Token) -> None:
        if token.text == "!":
            self._negations += 1
            self._check_twice(token)
        elif token.kind not in {Kind.WORD, Kind.NAME, Kind.IRI}:
            # Those may be functions, and what they are called with is behind the negation too.
            self._negations = 0

    def _piece(self, token: Token) -> None:
        if token.kind is Kind.OPERATOR:
            self._operator(token)
        elif token.kind is Kind.WORD:
            self._word(token)
        elif self._is_member():
            self._join(token, _MEMBER)
        elif self.outside and token.kind in {Kind.NAME, Kind.IRI} and not self._is_declared(token):
            self._count("resources to describe", 1, MOST_NAMED, token, "ask for fewer at a time")

    def _operator(self, token: Token) -> None:
        last = self._last
        if token.text in _OPERATORS:
            # A sign before a number is no operation, unless it follows another operator.
            sign = token.text in "+-" and last is not None and last.kind not in OPERANDS and last.text not in _OPERATORS
            self._count("operators", 0 if sign else 1, MOST_OPERATORS, token, "use IN or VALUES")
        if token.text == "~" or (token.text == "|" and last is not None and last.text == "{"):
            self._join(token, 2)
        elif token.text in _SEPARATORS and not (token.text == "," and self._top.bracket == "("):
            self._join(token, 1)

    def _word(self, token: Token) -> None:
        word = token.text.lower()
        if self._top.bracket == "(":
            # The engine wants no blanks and reads `truetrue` as two members of a list.
            self._join(token, _MEMBER * (word.count("true") + word.count("false")))
            if word.endswith("as"):
                self._count("values named with AS", 1, MOST_NAMED, token, "split the query")
        elif any(name in word for name in _PATTERNS):
            self._join(token, 1)

    def _is_declared(self, token: Token) -> bool:
        """Whether this is what PREFIX or BASE declares; an IRI behind a name counts as that, wherever it stands."""
        if self._last is None:
            return False
        return self._last.text.upper() in {"PREFIX", "BASE"} or (
            token.kind is Kind.IRI and self._last.kind is Kind.NAME
        )

    def _is_member(self) -> bool:
        """Whether the next token follows a term in round brackets with no operator between: both are in a list then."""
        last = self._last
        if last is None or self._top.bracket != "(" or last.kind not in OPERANDS:
            return False
        return last.kind is not Kind.WORD or last.text.lower().endswith(("true", "false"))

    def _join(self, token: Token, weight: int) -> None:
        if weight and not self._top.template:
            self._count("patterns to join", weight, MOST_JOINS, token, "split the query")

    def _count(self, what: str, weight: int, most: int, token: Token, remedy: str) -> None:
        self._counts[what] = self._counts.get(what, 0) + weight
        if self._counts[what] > most:
            message = f"more than {most} {what}; {remedy}"
            raise ForbiddenError(message, token.start)
