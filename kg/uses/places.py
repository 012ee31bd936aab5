"""Places in a text: values of JSON and cells of CSV with where they stand, so that one can be changed and no other."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator

_DEEPEST = 200
_TOKEN = re.compile(
    r'[ \t\n\r]*(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")|(?P<mark>[{}\[\]:,])|(?P<bare>[^\s{}\[\]:,"]+))'
)
_BARE = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|-?Infinity|NaN")


class Span(NamedTuple):
    """A stretch of the text, end exclusive; ``kind`` says what stands there, ``form`` how it is written.

    ``kind`` is ``id`` or ``name``; ``form`` is ``json``, ``csv``, ``plain``, or, where it fills
    a CSV cell of its own, ``cell`` or ``quoted``.
    """

    start: int
    end: int
    kind: str
    form: str


@dataclass(slots=True)
class Occurrence:
    """One place (or several that belong together) that names a technique.

    Attributes:
        identifier: The id as it stands there; empty where a name stands alone.
        name: The name beside it, or alone; empty where there is none.
        line: The 1-based line.
        tags: How many uses hang on it: 1, or the marked cells of a column.
        spans: What would be rewritten.
    """

    identifier: str
    name: str
    line: int
    tags: int = 1
    spans: list[Span] = field(default_factory=list)


@dataclass(slots=True)
class Node:
    """A JSON value with its place: members of an object, items of a list, or a string.

    ``start`` and ``end`` of a string lie within its quotes.
    """

    start: int
    end: int = 0
    members: dict[str, Node] = field(default_factory=dict)
    items: list[Node] = field(default_factory=list)
    value: str | None = None

    def text(self, key: str) -> str:
        """The string under a key; empty where there is none."""
        found = self.members.get(key)
        return (found.value or "") if found is not None else ""

    def objects(self, key: str) -> list[Node]:
        """The objects of the list under a key, or the one object that stands there."""
        found = self.members.get(key)
        if found is None:
            return []
        return [item for item in (found.items or [found]) if item.members]

    def walk(self) -> Iterator[Node]:
        """This value and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += [*reversed(node.items), *reversed(node.members.values())]


def parse_places(text: str, name: str) -> Node:
    """The values of a JSON text with their places; of two equal keys the last counts, as for every decoder.

    Raises:
        SourceError: It is no JSON, or nested too deep; the message names the line.
    """
    return _Parser(text, name).document()


class _Parser:
    """Reads a JSON text token by token, without recursion: depth costs memory and no stack."""

    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        self._root = Node(0)
        self._open: list[tuple[Node, str]] = []
        self._key: str | None = None
        self._last = self._root
        # What may come next: a value, a key, a colon, a comma; and whether the bracket may close at once.
        self._awaited, self._may_close = "value", False

    def document(self) -> Node:
        position = 1 if self._text.startswith("\ufeff") else 0
        end = len(self._text.rstrip(" \t\n\r"))
        while position < end:
            token = _TOKEN.match(self._text, position)
            if token is None or (not self._open and self._root.items):
                raise self._fault(position)
            self._take(token)
            position = token.end()
        if self._open or not self._root.items:
            raise self._fault(end)
        return self._root.items[0]

    def _take(self, token: re.Match[str]) -> None:
        mark = token["mark"]
        if mark is not None and mark in "}]":
            self._close(token, mark)
        elif mark is not None and mark in ",:":
            if self._awaited != mark:
                raise self._fault(token.start("mark"))
            in_object = self._open[-1][1] == "}"
            self._awaited, self._may_close = ("key" if in_object and mark == "," else "value"), False
        elif self._awaited == "key" and token["string"] is not None:
            self._key = self._decoded(token["string"], token.start("string"))
            self._awaited, self._may_close = ":", False
        elif self._awaited == "value":
            self._place(self._node(token))
            if mark is not None:
                self._enter(token, mark)
            else:
                self._awaited, self._may_close = ",", True
        else:
            raise self._fault(token.end())

    def _place(self, node: Node) -> None:
        holder = self._open[-1][0] if self._open else self._root
        if self._key is None:
            holder.items.append(node)
        else:
            holder.members[self._key] = node
        self._last, self._key = node, None

    def _enter(self, token: re.Match[str], mark: str) -> None:
        if len(self._open) >= _DEEPEST:
            line = self._text.count("\n", 0, token.end()) + 1
            raise SourceError(f"{self._name}:{line}: nested more than {_DEEPEST} deep; flatten it")
        self._open.append((self._last, "}" if mark == "{" else "]"))
        self._awaited, self._may_close = ("key" if mark == "{" else "value"), True

    def _close(self, token: re.Match[str], mark: str) -> None:
        if not self._open or self._open[-1][1] != mark or not self._may_close:
            raise self._fault(token.start("mark"))
        node, _ = self._open.pop()
        node.end = token.end()
        self._awaited, self._may_close = ",", True

    def _node(self, token: re.Match[str]) -> Node:
        if token["string"] is not None:
            start = token.start("string")
            return Node(start + 1, token.end() - 1, value=self._decoded(token["string"], start))
        if token["bare"] is not None and not _BARE.fullmatch(token["bare"]):
            raise self._fault(token.start("bare"))
        return Node(token.end() - 1 if token["mark"] else token.start("bare"), token.end())

    def _decoded(self, literal: str, start: int) -> str:
        if "\\" not in literal:
            return literal[1:-1]
        try:
            return str(json.loads(literal))
        except ValueError as error:
            raise self._fault(start) from error

    def _fault(self, position: int) -> SourceError:
        line = self._text.count("\n", 0, position) + 1
        return SourceError(f"{self._name}:{line}: is no JSON from here on; check quotes, commas and brackets")


class Lines:
    """The 1-based line of any position of a text."""

    def __init__(self, text: str) -> None:
        self._ends = [match.start() for match in re.finditer("\n", text)]

    def at(self, position: int) -> int:
        """The line of a position."""
        return bisect.bisect_left(self._ends, position) + 1


class Cell(NamedTuple):
    """A cell of a CSV text: its place without outer quotes, what it says, and its 1-based line."""

    start: int
    end: int
    text: str
    line: int
    quoted: bool


def parse_cells(text: str, delimiter: str, name: str) -> Iterator[list[Cell]]:
    """The records of a CSV text, cell by cell; records that hold nothing are given as well.

    Raises:
        SourceError: A quote is never closed, or something stands behind it.
    """
    pattern = re.compile(rf'"(?P<quoted>(?:[^"]|"")*)"|(?P<bare>[^{re.escape(delimiter)}\r\n]*)')
    position, line = (1 if text.startswith("\ufeff") else 0), 1
    cells: list[Cell] = []
    while position <= len(text):
        match = pattern.match(text, position)
        if match is None or (text.startswith('"', position) and match["quoted"] is None):
            raise SourceError(f'{name}:{line}: a quote is opened here and never closed; close it, or write " as ""')
        kind = "quoted" if match["quoted"] is not None else "bare"
        said = match[kind].replace('""', '"') if kind == "quoted" else match[kind]
        cells.append(Cell(match.start(kind), match.end(kind), said, line, kind == "quoted"))
        line += match[0].count("\n")
        position = match.end()
        following = text[position : position + 2]
        if following[:1] == delimiter:
            position += 1
            continue
        if following and following[0] not in "\r\n":
            raise SourceError(f'{name}:{line}: something stands behind a closing quote; write " inside a cell as ""')
        if following != "" or len(cells) > 1 or cells[0].text:
            yield cells
        if not following:
            return
        cells, line = [], line + 1
        position += 2 if following == "\r\n" else 1
