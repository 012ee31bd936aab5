r"""Turtle and TriG from sorted lines: grouped by subject, prefixed, with an empty line between subjects.

Written here and not by the engine, whose serializer puts prefixes in another order on each run and writes
``id:use\/I00100`` for a name below a prefix.

References:
    W3C (2014). RDF 1.1 Turtle; RDF 1.1 TriG.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.exports.selection import REST
from kg.exports.statements import TYPE, without_marks
from kg.rdf.namespaces import ID, PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable

# A subset of what may follow a prefix: what needs no escape.
_NAME = re.compile(rb"<(.*[/#])([A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)>", re.DOTALL)
_INTEGER = re.compile(rb'"([+-]?[0-9]+)"\^\^<http://www\.w3\.org/2001/XMLSchema#integer>')
_REMEMBERED = 100_000
_QUOTE, _LESS, _GREATER = b'"<>'


def kind_prefixes(kinds: Iterable[str]) -> dict[str, str]:
    """A prefix for each kind of thing that :data:`~kg.rdf.namespaces.PREFIXES` has none for, named like the kind."""
    known = set(PREFIXES.values())
    return {kind: f"{ID}{kind}/" for kind in kinds if kind != REST and f"{ID}{kind}/" not in known}


def render_prefixes(prefixes: dict[str, str]) -> bytes:
    """The lines that declare prefixes, and an empty one."""
    lines = [f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in prefixes.items()]
    return "".join([*lines, "\n"]).encode() if lines else b""


class TurtleWriter:
    """Writes blocks of sorted lines; remembers how terms are written, so that most cost one look-up."""

    def __init__(self) -> None:
        self._terms = _Terms()

    def declare(self, prefixes: dict[str, str]) -> bytes:
        """Use these prefixes from now on; gives their declaration, without those declared before."""
        fresh = {prefix: namespace for prefix, namespace in prefixes.items() if self._terms.add(prefix, namespace)}
        return render_prefixes(fresh)

    def term(self, term: bytes) -> bytes:
        """A term of N-Triples as Turtle writes it."""
        return self._terms[term]

    def render(self, lines: Iterable[bytes], indent: bytes = b"") -> bytes:
        """The statements of some subjects, each subject once; lines of a subject must lie side by side."""
        terms = self._terms
        following: dict[bytes, bytes] = {}
        out: list[bytes] = []
        add = out.append
        last_subject = last_predicate = b""
        for line in lines:
            subject, predicate, value = line.split(b" ", 2)
            if subject != last_subject:
                add(b"%b%b%b %b " % (b" .\n\n" if last_subject else b"", indent, terms[subject], terms[predicate]))
                last_subject = subject
            elif predicate == last_predicate:
                add(b", ")
            elif predicate in following:
                add(following[predicate])
            else:
                following[predicate] = b" ;\n\t%b%b " % (indent, terms[predicate])
                add(following[predicate])
            last_predicate = predicate
            add(terms[value])
        if out:
            add(b" .\n\n")
        return without_marks(b"".join(out))


class _Terms(dict[bytes, bytes]):
    """Term of N-Triples to term of Turtle; what is missing is worked out and, if it may come again, remembered."""

    def __init__(self) -> None:
        super().__init__({TYPE: b"a"})
        self._prefixes: dict[bytes, bytes] = {}

    def add(self, prefix: str, namespace: str) -> bool:
        """Use a prefix for a namespace; False when the namespace has one already."""
        if namespace.encode() in self._prefixes:
            return False
        self._prefixes[namespace.encode()] = prefix.encode() + b":"
        self._forget()
        return True

    def __missing__(self, term: bytes) -> bytes:
        first, last = term[0], term[-1]
        if last != _GREATER:
            return term
        if first == _LESS:
            short = self._shortened(term)
        elif first == _QUOTE:
            number = _INTEGER.fullmatch(term)
            value, _, datatype = term.rpartition(b"^^")
            short = number[1] if number else value + b"^^" + self._shortened(datatype)
        else:
            return term
        if len(self) > _REMEMBERED:
            self._forget()
        self[term] = short
        return short

    def _shortened(self, iri: bytes) -> bytes:
        match = _NAME.fullmatch(iri)
        prefix = self._prefixes.get(match[1]) if match else None
        return iri if match is None or prefix is None else prefix + match[2]

    def _forget(self) -> None:
        self.clear()
        self[TYPE] = b"a"
