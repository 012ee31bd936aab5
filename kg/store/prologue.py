"""What a query declares and names: PREFIX, BASE and FROM, resolved as the engine resolves them.

Every prefixed name is expanded and must be an IRI. The engine takes a name that is none (a prefix ``<http://a:>`` makes
``ex:SERVICE`` one) for the prefix alone and reads on behind the colon, so that what looks like a name is a keyword.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES
from kg.store.tokens import ForbiddenError, Kind, TextError, Token, decoded

if TYPE_CHECKING:
    from collections.abc import Collection

_DECLARING = frozenset({"PREFIX", "BASE", "VERSION"})
_ESCAPE = re.compile(r"\\(.)")


class Prologue:
    """The declarations of one query, fed with its tokens one after the other."""

    def __init__(self, graphs: Collection[str] | None) -> None:
        self._graphs = graphs
        self._prefixes: dict[str, str] = dict(PREFIXES)
        self._base: str | None = None
        self._declaring = True
        self._from = False
        self._last = self._last_but_one = ""
        self._name = ""

    def take(self, token: Token, *, outside: bool) -> None:
        """Take in the next token; ``outside`` is whether no bracket is open.

        Raises:
            TextError: a keyword that is run into a name; as ForbiddenError a name that is no IRI, or a graph that is
                not held.
        """
        word = token.text.upper() if token.kind is Kind.WORD else ""
        if word:
            self._take_word(token, word)
        elif token.kind is Kind.NAME:
            self._take_name(token, outside=outside)
        elif token.kind is Kind.IRI:
            self._take_iri(token)
        if word not in {"NAMED", "FROM"}:
            self._from = False
        self._last_but_one, self._last = self._last, word

    def _take_word(self, token: Token, word: str) -> None:
        if word not in _DECLARING:
            self._declaring = False
        if "FROM" in word and word != "FROM":
            message = "FROM must stand between blanks"
            raise ForbiddenError(message, token.start)
        if word == "FROM":
            self._from = True

    def _take_name(self, token: Token, *, outside: bool) -> None:
        prefix, _, local = token.text.partition(":")
        if self._declaring:
            if self._last != "PREFIX":
                message = "a keyword must be followed by a blank"
                raise TextError(message, token.start)
            self._name = prefix
            return
        if outside and prefix.upper().startswith(("FROM", "NAMED")):
            message = "FROM and NAMED must stand between blanks"
            raise ForbiddenError(message, token.start)
        namespace = self._prefixes.get(prefix)
        if namespace is None:
            if self._from:
                self._refuse_graph(token)
            return
        iri = namespace + _ESCAPE.sub(r"\1", local)
        try:
            ox.NamedNode(iri)
        except ValueError as error:
            message = f"{token.text} is no IRI: <{iri}>"
            raise ForbiddenError(message, token.start) from error
        if self._from and not self._holds(iri):
            self._refuse_graph(token)

    def _take_iri(self, token: Token) -> None:
        if self._declaring:
            resolved = self._resolved(token.text)
            if self._last == "BASE":
                self._base = resolved
            elif self._last_but_one == "PREFIX" and resolved is not None:
                self._prefixes[self._name] = resolved
        elif self._from and not self._holds(self._resolved(token.text)):
            self._refuse_graph(token)

    def _resolved(self, reference: str) -> str | None:
        """The IRI that the engine makes of ``<...>``; None where it makes none, and will say so."""
        try:
            quads = ox.parse(f"{reference} <x:y> <x:y> .", ox.RdfFormat.TURTLE, base_iri=self._base)
            subject = next(iter(quads)).subject
        except (SyntaxError, ValueError):
            return None
        return subject.value if isinstance(subject, ox.NamedNode) else None

    def _holds(self, iri: str | None) -> bool:
        return self._graphs is None or iri in self._graphs

    @staticmethod
    def _refuse_graph(token: Token) -> None:
        message = f"FROM names {decoded(token.text)[0]}, a graph that is not held here and would not be fetched"
        raise ForbiddenError(message, token.start)
