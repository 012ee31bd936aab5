"""SPARQL text as tokens, read so that no engine can read it otherwise.

The scanner is strict: what is not lexically SPARQL 1.1 (a string that is not closed, an unknown escape, a stray
character, a bracket that closes another) raises, because an engine that recovers from it may take a comment for code
or code for a comment. It is linear in the length of the text and does not parse: :mod:`kg.store.guard` decides what the
tokens may say, :mod:`kg.store.prefixes` what they leave undeclared.

The one place where SPARQL's longest match is not what engines do is ``<``: in ``FILTER(?a<?b#>...`` a grammar-driven
engine sees a comparison and a comment, a longest-match lexer sees the IRI ``<?b#>``. Where both readings are possible
the scanner takes what is safe under both, or raises.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    NAME = auto()
    VARIABLE = auto()
    IRI = auto()
    STRING = auto()
    NUMBER = auto()
    LANGUAGE = auto()
    BLANK = auto()
    OPEN = auto()
    CLOSE = auto()
    OPERATOR = auto()


class Token(NamedTuple):
    """A token, its text as written and its 0-based place in the text."""

    kind: Kind
    text: str
    start: int


class TextError(ValueError):
    """Text that is not lexically SPARQL.

    Attributes:
        start: 0-based place of the fault.
    """

    def __init__(self, message: str, start: int) -> None:
        super().__init__(message)
        self.start = start


class ForbiddenError(TextError):
    """Text that says what a query must not say."""


_ASCII_LETTERS = "A-Za-z"
_LETTERS = _ASCII_LETTERS + (
    "\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MARKS = "\u00b7\u0300-\u036f\u203f\u2040"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_UCHAR = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = r"""\\[tbnrf"'\\]|""" + _UCHAR

_BLANK_SPACE = re.compile(r"(?:[ \t\r\n]+|#[^\r\n]*)+")
_IRI = re.compile(r'<(?:[^<>"{}|^`\\\x00-\x20]|' + _UCHAR + ")*>")
_STRING = re.compile(
    rf'"""(?:"{{0,2}}(?:[^"\\]|{_ESCAPE}))*"""'
    rf"|'''(?:'{{0,2}}(?:[^'\\]|{_ESCAPE}))*'''"
    rf'|"(?:[^"\\\r\n]|{_ESCAPE})*"'
    rf"|'(?:[^'\\\r\n]|{_ESCAPE})*'",
)
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+|\.(?=[eE]))?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_LANGUAGE = re.compile(r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?")
_OPERATOR = re.compile(r"\^\^|&&|\|\||!=|>=|<=|[.,;!+*/|^=<>?~-]")
_ABSOLUTE = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
_UNSAFE = re.compile(r"[#()\[\]]")
_ESCAPED = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PAIRS = {")": "(", "]": "[", "}": "{", ">>": "<<"}
_LAST_CODE_POINT = 0x10FFFF


class _Names(NamedTuple):
    """The patterns of what may hold letters of any script."""

    first: re.Pattern[str]
    run: re.Pattern[str]
    word: re.Pattern[str]
    local: re.Pattern[str]
    simple: tuple[tuple[Kind, re.Pattern[str]], ...]


@lru_cache(maxsize=2)
def _names(*, every_script: bool) -> _Names:
    """The patterns of names; those of every script take 35 ms to compile, and hardly a query needs them."""
    base, marks = (_LETTERS, _MARKS) if every_script else (_ASCII_LETTERS, "")
    start, chars = f"{base}_0-9", f"{base}_0-9{marks}\\-"
    return _Names(
        re.compile(f"[{base}:]"),
        re.compile(f"[{base}](?:[{chars}.]*[{chars}])?"),
        re.compile(f"[{base}][{start}]*"),
        re.compile(f"(?:[{start}:]|{_PLX})(?:(?:[{chars}.:]|{_PLX})*(?:[{chars}:]|{_PLX}))?"),
        (
            (Kind.VARIABLE, re.compile(f"[?$][{start}][{start}{marks}]*")),
            (Kind.NUMBER, _NUMBER),
            (Kind.LANGUAGE, _LANGUAGE),
            (Kind.BLANK, re.compile(f"_:[{start}](?:[{chars}.]*[{chars}])?")),
            (Kind.OPERATOR, _OPERATOR),
        ),
    )


OPERANDS = frozenset(
    {Kind.WORD, Kind.NAME, Kind.VARIABLE, Kind.IRI, Kind.STRING, Kind.NUMBER, Kind.LANGUAGE, Kind.BLANK, Kind.CLOSE},
)
"""Kinds of token after which a ``<`` may be a comparison."""


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a SPARQL text, without white space and comments.

    Raises:
        TextError: the text is not lexically SPARQL, or a ``<`` can be read in two ways that matter.
    """
    return _Scanner(text).run()


def decoded(text: str) -> tuple[str, list[tuple[int, int]]]:
    r"""The text with ``\uXXXX`` and ``\UXXXXXXXX`` replaced, as SPARQL 1.1 (19.2) does before reading a query.

    Returns:
        The text, and for each escape that was replaced the place behind it, in the new text and in the old one.
    """
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    done = length = 0
    for match in _ESCAPED.finditer(text):
        code = int(match[1] or match[2], 16)
        if code > _LAST_CODE_POINT:
            continue
        pieces += (text[done : match.start()], chr(code))
        length += match.start() - done + 1
        done = match.end()
        places.append((length, done))
    pieces.append(text[done:])
    return "".join(pieces), places


class _Scanner:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names = _names(every_script=not text.isascii())
        self._at = 0
        self._run_end = 0
        self._open: list[str] = []
        self._after_operand = False

    def run(self) -> Iterator[Token]:
        text, end = self._text, len(self._text)
        while True:
            blank = _BLANK_SPACE.match(text, self._at)
            if blank:
                self._at = blank.end()
            if self._at >= end:
                return
            token = self._next(text[self._at])
            self._at += len(token.text)
            self._after_operand = token.kind in OPERANDS
            yield token

    def _next(self, first: str) -> Token:
        if first in "([{":
            self._open.append(first)
            return self._token(Kind.OPEN, first)
        if first in ")]}" or (first == ">" and self._text.startswith(">>", self._at) and self._open[-1:] == ["<<"]):
            return self._closing(">>" if first == ">" else first)
        if first == "<":
            return self._angle()
        if first in "\"'":
            return self._string()
        return self._name() if self._names.first.match(first) else self._simple(first)

    def _simple(self, first: str) -> Token:
        for kind, pattern in self._names.simple:
            match = pattern.match(self._text, self._at)
            if match:
                return self._token(kind, match[0])
        message = f"unexpected character {first!r}"
        raise TextError(message, self._at)

    def _token(self, kind: Kind, text: str) -> Token:
        return Token(kind, text, self._at)

    def _closing(self, bracket: str) -> Token:
        opened = self._open.pop() if self._open else ""
        if opened != _PAIRS[bracket]:
            message = f"{bracket!r} closes {opened!r}" if opened else f"{bracket!r} closes nothing"
            raise TextError(message, self._at)
        return self._token(Kind.CLOSE, bracket)

    def _string(self) -> Token:
        match = _STRING.match(self._text, self._at)
        quote = self._text[self._at]
        # An empty string before a third quote is a long string that is not closed, or two strings without a blank.
        if match is None or (match[0] == quote * 2 and self._text.startswith(quote, match.end())):
            message = "the string that opens here is not closed, or holds an escape that SPARQL does not know"
            raise TextError(message, self._at)
        return self._token(Kind.STRING, match[0])

    def _name(self) -> Token:
        text, start = self._text, self._at
        if text[start] != ":":
            if start >= self._run_end:
                # The run is measured once: without this, a.a.a.a would be measured again at each of its words.
                match = self._names.run.match(text, start)
                self._run_end = match.end() if match else start
            if not text.startswith(":", self._run_end):
                match = self._names.word.match(text, start)
                return self._token(Kind.WORD, match[0] if match else text[start])
            colon = self._run_end
        else:
            colon = start
        local = self._names.local.match(text, colon + 1)
        return self._token(Kind.NAME, text[start : local.end() if local else colon + 1])

    def _angle(self) -> Token:
        text, start = self._text, self._at
        if text.startswith("<<", start):
            inner = _IRI.match(text, start + 1)
            if inner and _ABSOLUTE.match(inner[0]):
                return self._token(Kind.OPERATOR, "<")
            self._refuse_unsafe(inner)
            self._open.append("<<")
            return self._token(Kind.OPEN, "<<")
        iri = _IRI.match(text, start)
        if iri is None:
            return self._token(Kind.OPERATOR, "<=" if text.startswith("<=", start) else "<")
        comparable = self._after_operand and self._open[-1:] == ["("]
        # Read as a comparison, `scheme:` and `//` is a fault at once; nothing else is.
        if comparable and not _ABSOLUTE.match(iri[0]):
            self._refuse_unsafe(iri)
            return self._token(Kind.OPERATOR, "<")
        return self._token(Kind.IRI, iri[0])

    def _refuse_unsafe(self, iri: re.Match[str] | None) -> None:
        if iri and _UNSAFE.search(iri[0]):
            message = "'<' may be a comparison or open an IRI here; put a blank after it, or prefix the IRI"
            raise TextError(message, self._at)
