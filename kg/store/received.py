"""SPARQL results as an endpoint sends them, turned into answers; what they hold is a stranger's."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from kg.errors import SourceError, StoreError
from kg.store.answers import Solutions, Triples, Truth
from kg.store.graphs import ends_cut
from kg.store.parse import read_rdf
from kg.store.rows import CUT

if TYPE_CHECKING:
    from kg.store.answers import Answer, Row, Term
    from kg.store.transport import Received

ROWS = "application/sparql-results+json, application/json;q=0.5"
"""What to accept for rows and truth values."""
GRAPHS = "application/n-triples, text/turtle;q=0.5, application/rdf+xml;q=0.3"
"""What to accept for graphs."""

_EXTENSIONS = {
    "application/n-triples": ".nt",
    "text/ntriples": ".nt",
    "text/plain": ".nt",
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/rdf+xml": ".rdf",
}
_SHOWN = 80
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_VIRTUOSO_ASK = "__ASK_RETVAL"
"""The column by which Virtuoso answers ASK in JSON, as rows."""
_DEEPEST = 8


def read_answer(received: Received, where: str) -> Answer:
    """An answer of whatever form.

    Raises:
        StoreError: it is none, or breaks off.
    """
    if received.media_type in {"application/sparql-results+json", "application/json"}:
        return _read_rows(received, where)
    if received.media_type in _EXTENSIONS:
        # Ours says at the end of a long answer that it was cut; what is sent before cannot.
        return Triples(_read_triples(received, where), truncated=ends_cut(received.body))
    begins = " ".join(received.body[:_SHOWN].decode("utf-8", "replace").split())
    message = f"{where}: sends {received.media_type}, no SPARQL result ({begins!r}); check that it is an endpoint"
    raise StoreError(message)


def _read_rows(received: Received, where: str) -> Solutions | Truth:
    try:
        said = json.loads(received.body)
        if "boolean" in said:
            return Truth(bool(said["boolean"]))
        names = [str(name) for name in said["head"]["vars"]]
        bindings = said["results"]["bindings"]
        if names == [_VIRTUOSO_ASK]:
            return Truth(bool(bindings) and bindings[0][_VIRTUOSO_ASK]["value"] not in {"0", "false"})
        rows = [_row(names, binding) for binding in bindings]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        message = f"{where}: the answer is not whole, or no SPARQL result in JSON; ask for less, or see its log"
        raise StoreError(message) from error
    links = said["head"].get("link")
    # Ours says at the end of a long answer that it was cut; what is sent before cannot.
    cut = isinstance(links, list) and any(isinstance(link, str) and link.startswith(CUT) for link in links)
    return Solutions(names, rows, truncated=cut)


def _row(names: list[str], binding: dict[str, Any]) -> Row:
    return tuple([_term(binding[name], 0) if name in binding else None for name in names])


def _term(value: dict[str, Any], depth: int) -> Term:
    kind, text = value["type"], value["value"]
    if kind == "uri":
        return ox.NamedNode(text)
    if kind == "bnode":
        # Labels of others may hold what ours may not.
        return ox.BlankNode("".join(char if char.isascii() and char.isalnum() else f"x{ord(char):x}" for char in text))
    if kind == "triple":
        if depth > _DEEPEST:
            raise ValueError
        parts = [_term(text[name], depth + 1) for name in ("subject", "predicate", "object")]
        # The constructor checks them.
        return ox.Triple(*parts)  # type: ignore[arg-type]
    language = value.get("xml:lang")
    if language:
        return ox.Literal(text, language=language)
    datatype = value.get("datatype")
    if datatype == _BOOLEAN:
        # Virtuoso's form of it; ours is what the standard calls canonical.
        text = {"1": "true", "0": "false"}.get(text, text)
    return ox.Literal(text, datatype=ox.NamedNode(datatype)) if datatype else ox.Literal(text)


def _read_triples(received: Received, where: str) -> list[ox.Triple]:
    """Triples, parsed like a stranger's file: in a process that may die."""
    if not received.body.strip():
        return []
    extension = _EXTENSIONS[received.media_type]
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        file = Path(folder, f"answer{extension}")
        file.write_bytes(received.body)
        try:
            return [quad.triple for quad in read_rdf(file).quads()]
        except SourceError as error:
            message = f"{where}: sends {received.media_type} that cannot be read; see its log"
            raise StoreError(message) from error
