"""A sink for the statements of one graph, which spells each kind of term once.

It writes N-Quads, because text is what the engine takes in fastest: half the time of making an object for every term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.rdf.iris import mint, term

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

_XSD = "http://www.w3.org/2001/XMLSchema#"


class _Between(dict[str, str]):
    """What stands between subject and object, by the predicate, which may have a prefix."""

    def __missing__(self, predicate: str) -> str:
        iri = predicate if "://" in predicate else term(predicate)
        self[predicate] = f"> <{iri}> "
        return self[predicate]


_BETWEEN = _Between()
_TYPE, _IDENTIFIER = _BETWEEN["rdf:type"], _BETWEEN["dcterms:identifier"]


class QuadSink:
    """Collects the statements of one graph as lines of N-Quads; empty values make no statement.

    Args:
        graph: The IRI of a named graph; left out, the default graph.
    """

    def __init__(self, graph: str | None = None) -> None:
        self._end = " .\n" if graph is None else f" <{graph}> .\n"
        self._lines: list[str] = []

    def __iter__(self) -> Iterator[str]:
        """The lines in the order they were added."""
        return iter(self._lines)

    def __len__(self) -> int:
        """How many statements were added."""
        return len(self._lines)

    def blocks(self) -> Iterator[bytes]:
        """The lines in the order they were added, in UTF-8, some at a time."""
        # Few lines hold a wide character, and one makes the text it is joined to four times as large.
        lines, some = self._lines, 64
        return ("".join(lines[at : at + some]).encode() for at in range(0, len(lines), some))

    def node(self, kind: str, identifier: str, *types: str) -> str:
        """Mint a thing, give it its types and its ``dcterms:identifier``; its IRI."""
        subject = mint(kind, identifier)
        for name in types:
            self._lines.append(f"<{subject}{_TYPE}<{term(name)}>{self._end}")
        # The last part of the IRI, so that one can be found from the other; percent-encoded, it needs no escape.
        self._lines.append(f'<{subject}{_IDENTIFIER}"{subject.rpartition("/")[2]}"{self._end}')
        return subject

    def link(self, subject: str, predicate: str, target: str | None) -> None:
        """A statement whose object is a thing; all three are IRIs, the predicate may have a prefix."""
        if target is not None:
            self._lines.append(f"<{subject}{_BETWEEN[predicate]}<{target}>{self._end}")

    def text(self, subject: str, predicate: str, value: str, language: str = "") -> None:
        """A statement whose object is a plain or a language-tagged string."""
        if value:
            tag = f"@{language}" if language else ""
            self._lines.append(f"<{subject}{_BETWEEN[predicate]}{literal(value)}{tag}{self._end}")

    def whole(self, subject: str, predicate: str, value: int | None) -> None:
        """A statement whose object is an ``xsd:integer``: stores keep no other whole number as it was written."""
        if value is not None:
            self._lines.append(f'<{subject}{_BETWEEN[predicate]}"{value}"^^<{_XSD}integer>{self._end}')

    def fraction(self, subject: str, predicate: str, value: float) -> None:
        """A statement whose object is an ``xsd:decimal`` of at most two digits, in its canonical form."""
        self._typed(subject, predicate, f'"{f"{value:.2f}".rstrip("0").rstrip(".")}"', "decimal")

    def day(self, subject: str, predicate: str, value: dt.date | None) -> None:
        """A statement whose object is an ``xsd:date``."""
        if value is not None:
            self._typed(subject, predicate, f'"{value.isoformat()}"', "date")

    def address(self, subject: str, predicate: str, value: str) -> None:
        """A statement whose object is an ``xsd:anyURI``: an address is cited, it is no thing of ours."""
        if value:
            self._typed(subject, predicate, literal(value), "anyURI")

    def decimal(self, subject: str, predicate: str, value: float | None) -> None:
        """A statement whose object is an ``xsd:decimal``, of at most four places after the point."""
        if value is not None:
            self._typed(subject, predicate, f'"{f"{value:.4f}".rstrip("0").rstrip(".")}"', "decimal")

    def truth(self, subject: str, predicate: str) -> None:
        """A statement that something is so: the object is ``true``."""
        self._typed(subject, predicate, '"true"', "boolean")

    def _typed(self, subject: str, predicate: str, quoted: str, datatype: str) -> None:
        self._lines.append(f"<{subject}{_BETWEEN[predicate]}{quoted}^^<{_XSD}{datatype}>{self._end}")


def literal(value: str) -> str:
    r"""A string as N-Quads write it.

    >>> print(literal('a "b"\n\\c'))
    "a \"b\"\n\\c"
    """
    # The canonical form of N-Triples escapes these four and no more; replacing is faster than a table of characters.
    if "\\" in value:
        value = value.replace("\\", "\\\\")
    if '"' in value:
        value = value.replace('"', '\\"')
    if "\n" in value:
        value = value.replace("\n", "\\n")
    if "\r" in value:
        value = value.replace("\r", "\\r")
    return f'"{value}"'
