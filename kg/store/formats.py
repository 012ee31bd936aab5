"""How answers are written: one table of formats, and :func:`render_answer`.

SPARQL 1.1 Query Results CSV and TSV, JSON and XML formats; Turtle, N-Triples, JSON-LD and RDF/XML for graphs. The same
answer gives the same bytes: rows in the order the query gave them, triples sorted.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OutputError, unknown_name
from kg.store.answers import Solutions, Triples, Truth
from kg.store.graphs import render_triples
from kg.store.rows import RESULTS, render_rows

if TYPE_CHECKING:
    from kg.store.answers import Answer


@dataclass(frozen=True, slots=True)
class Format:
    """A format that answers are written in.

    Attributes:
        media_type: As HTTP names it.
        extension: Of files, with the dot.
        rows: Whether it holds rows and truth values.
        graphs: Whether it holds triples.
    """

    media_type: str
    extension: str
    rows: bool = False
    graphs: bool = False


FORMATS: dict[str, Format] = {
    "csv": Format("text/csv", ".csv", rows=True),
    "tsv": Format("text/tab-separated-values", ".tsv", rows=True),
    "json": Format("application/sparql-results+json", ".srj", rows=True),
    "xml": Format("application/sparql-results+xml", ".srx", rows=True),
    "turtle": Format("text/turtle", ".ttl", graphs=True),
    "ntriples": Format("application/n-triples", ".nt", graphs=True),
    "jsonld": Format("application/ld+json", ".jsonld", graphs=True),
    "rdfxml": Format("application/rdf+xml", ".rdf", graphs=True),
}
"""Name to format."""


def render_answer(answer: Answer, format: str, *, replace: bool = False) -> bytes:  # noqa: A002 - the word every RDF library uses
    """An answer in a format of :data:`FORMATS`, in UTF-8.

    Args:
        answer: What a query gave. One that is cut short says so where the format has a place for it.
        format: A name of :data:`FORMATS`.
        replace: Put U+FFFD for characters that XML cannot hold, instead of an error.

    Raises:
        UnknownNameError: there is no such format.
        OutputError: the format holds rows and the answer is a graph, or the reverse.
    """
    found = FORMATS.get(format)
    if found is None:
        raise unknown_name("format", format, FORMATS)
    if isinstance(answer, Triples):
        if not found.graphs:
            raise _misfit(format, "a graph", graphs=True)
        return render_triples(answer, format, replace=replace)
    if not found.rows:
        raise _misfit(format, "rows" if isinstance(answer, Solutions) else "true or false", graphs=False)
    if isinstance(answer, Truth):
        return _truth(answer, format)
    return render_rows(answer, format, replace=replace)


def _misfit(name: str, what: str, *, graphs: bool) -> OutputError:
    fitting = ", ".join(other for other, format_ in FORMATS.items() if format_.graphs is graphs)
    return OutputError(f"format {name!r}: cannot hold {what}; choose {fitting}")


def _truth(truth: Truth, name: str) -> bytes:
    said = ox.parse_query_results(json.dumps({"head": {}, "boolean": bool(truth)}), ox.QueryResultsFormat.JSON)
    out = io.BytesIO()
    said.serialize(out, format=RESULTS[name])
    return out.getvalue()
