"""Which RDF a file holds, told by its beginning: for files whose name does not say it (``.json``, ``.xml``, stdin)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HEAD = 1 << 16
_MOST_LINES = 50
_JSON = re.compile(r"\s*[{\[]\s*[\"{}\[\]0-9]")
_JSONLD = re.compile(r'"@(?:context|graph|id)"\s*:')
_XML = re.compile(r"<(?:rdf:RDF\b|[^<>]*http://www\.w3\.org/1999/02/22-rdf-syntax-ns#)")
_TURTLE = re.compile(
    r"(?:#[^\n]*\n|\s)*(?:@prefix\s|@base\s|(?:PREFIX\s+[\w.-]*:|BASE)\s*<|GRAPH\s*<|\{\s*(?:<|_:)|<[^<>\s]+>\s+(?:a|<[^<>\s]+>)\s)",
    re.IGNORECASE,
)
_NODE = r"(?:<[A-Za-z][^<>\"{}|^`\\\s:]*:[^<>\s]*>|_:\S+)"
_LITERAL = rf'"(?:[^"\\]|\\.)*"(?:\^\^{_NODE}|@[A-Za-z0-9-]+)?'
_LINE = re.compile(rf"\s*{_NODE}\s*<[^<>\s]+>\s*(?:{_NODE}|{_LITERAL})\s*(?:{_NODE}\s*)?\.\s*(?:#.*)?")


def rdf_extension(path: Path) -> str | None:
    """The extension under which the engine reads a file, ``.nq`` for one; None where it does not look like RDF."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return None
    return rdf_extension_of(head.decode("utf-8-sig", errors="replace"), whole=len(head) < _HEAD)


def rdf_extension_of(head: str, *, whole: bool) -> str | None:
    """The same for the beginning of a text, or the ``whole`` of it.

    >>> rdf_extension_of('{"@id": "urn:a:b"}', whole=True), rdf_extension_of("id,name", whole=True)
    ('.jsonld', None)
    """
    if _JSON.match(head):
        return ".jsonld" if _JSONLD.search(head) else None
    first = head.lstrip()[:2]
    if first in {"<?", "<!"} or first[:1] == "<":
        if _XML.search(head):
            return ".rdf"
        if first in {"<?", "<!"}:
            return None
    return _of_lines(head, whole=whole)


def _of_lines(head: str, *, whole: bool) -> str | None:
    """N-Quads where every line is one; TriG, of which Turtle is a part, where it begins like that."""
    lines = head.split("\n")
    if not whole:
        lines.pop()  # cut off in the middle
    told = [line for line in lines[:_MOST_LINES] if line.strip() and not line.lstrip().startswith("#")]
    if told and all(map(_LINE.fullmatch, told)):
        return ".nq"
    return ".trig" if _TURTLE.match(head) else None
