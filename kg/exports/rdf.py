"""The graph as an RDF file: Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML.

The formats of triples hold the default graph, those of quads all graphs. The same graph gives the same bytes: subjects
in the order of :data:`kg.exports.selection.KINDS`, then everything in byte order. The exception are graphs that hold
blank nodes, which ours do not: outside the default graph they keep the labels that the store has for them.

Cost, measured on generated data of our shape: Turtle 2 microseconds a triple at 1e6 triples and 3 at 1e7; beside the
store at most about 300 MB of memory at any size, and from 128 MB of N-Triples on as much temporary disk as they take.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import OutputError, unknown_name
from kg.exports.selection import excluded_graphs, excluded_lines, excluded_parts
from kg.exports.statements import SortedLines, as_ntriples, graphs_of
from kg.exports.turtle import TurtleWriter, kind_prefixes
from kg.files import atomic_write
from kg.rdf.namespaces import PREFIXES

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator

    from kg.store.protocol import TripleStore

Part: TypeAlias = "tuple[bytes, SortedLines]"
"""The term of a graph, empty for the default graph, and its lines."""

_NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
_NO_XML_NAME = re.compile(rb'<oxprefix:[ >/]+xmlns:oxprefix="([^"]*)"')


@dataclass(frozen=True, slots=True)
class RdfForm:
    """One RDF format: what it is called, whether it holds named graphs, and the function that writes it."""

    media_type: str
    extensions: tuple[str, ...]
    quads: bool
    render: Callable[[Iterable[Part]], Iterator[bytes]]


def write_rdf(
    store: TripleStore,
    path: str | os.PathLike[str],
    *,
    format: str | None = None,  # noqa: A002 - the word that users of every command and of rdflib know
    provenance: bool = True,
    text: bool = True,
    force: bool = False,
) -> None:
    """Write the graph to a file, whole or not at all.

    Args:
        store: The graph.
        path: The file; its extension names the format where ``format`` does not.
        format: A name or an extension of :data:`RDF_FORMS`.
        provenance: With the nodes that say who says so and where.
        text: With descriptions and quotes, where the graph has them.
        force: Replace a file that is there already.

    Raises:
        UnknownNameError: no such format.
        OutputError: the path exists or cannot be written, has no extension, or the format cannot hold the graph.
    """
    name = format_of(path) if format is None else format
    chunks = render_rdf(store, name, provenance=provenance, text=text)
    with atomic_write(path, force=force) as file:
        for chunk in chunks:
            file.write(chunk)


def render_rdf(store: TripleStore, format: str, *, provenance: bool = True, text: bool = True) -> Iterator[bytes]:  # noqa: A002 - as above
    """The graph as pieces of a file, one after the other.

    Args:
        store: The graph.
        format: A name or an extension of :data:`RDF_FORMS`.
        provenance: With the nodes that say who says so and where.
        text: With descriptions and quotes, where the graph has them.

    Raises:
        UnknownNameError: no such format; raised before the first piece is asked for.
        OutputError: the format cannot hold the graph; raised while pieces are made.
    """
    form = RDF_FORMS[form_name(format)]
    without = excluded_parts(provenance=provenance, text=text)

    def parts() -> Iterator[Part]:
        left_out = excluded_graphs(without)
        for graph in graphs_of(store) if form.quads else (ox.DefaultGraph(),):
            if isinstance(graph, ox.NamedNode) and graph.value in left_out:
                continue
            with SortedLines(excluded_lines(without)) as lines:
                lines.fill(store, graph)
                yield b"" if isinstance(graph, ox.DefaultGraph) else str(graph).encode(), lines

    return form.render(parts())


def render_graph(store: TripleStore, format: str, graph: str | None) -> Iterator[bytes]:  # noqa: A002 - as above
    """One graph, named by its IRI or the default graph, as pieces of a file that holds it as its default graph.

    Raises:
        UnknownNameError: no such format; raised before the first piece is asked for.
        OutputError: the format cannot hold the graph; raised while pieces are made.
    """
    form = RDF_FORMS[form_name(format)]

    def parts() -> Iterator[Part]:
        with SortedLines() as lines:
            lines.fill(store, ox.DefaultGraph() if graph is None else ox.NamedNode(graph))
            yield b"", lines

    return form.render(parts())


def form_name(given: str) -> str:
    """The name of a format from a name, an extension or ``rdf/xml``.

    >>> form_name("ttl"), form_name("Turtle"), form_name("rdf/xml")
    ('turtle', 'turtle', 'rdfxml')

    Raises:
        UnknownNameError: no such format.
    """
    plain = given.lower().lstrip(".").replace("/", "").replace("-", "")
    for name, form in RDF_FORMS.items():
        if plain == name or plain in form.extensions:
            return name
    raise unknown_name("format", given, RDF_FORMS)


def format_of(path: str | os.PathLike[str]) -> str:
    """The name of the format that the extension of a path stands for.

    Raises:
        UnknownNameError: no such extension.
        OutputError: the path has no extension.
    """
    extension = Path(path).suffix
    if not extension:
        listing = ", ".join(form.extensions[0] for form in RDF_FORMS.values())
        message = f"{path}: has no extension that tells the format; use one of {listing}, or name the format"
        raise OutputError(message)
    return form_name(extension)


def _ntriples(parts: Iterable[Part]) -> Iterator[bytes]:
    for graph, lines in parts:
        for block in lines.blocks():
            yield as_ntriples(block, graph)


def _turtle(parts: Iterable[Part]) -> Iterator[bytes]:
    writer = TurtleWriter()
    yield writer.declare(PREFIXES)
    for graph, lines in parts:
        yield writer.declare(kind_prefixes(lines.kinds()))
        if graph:
            yield writer.term(graph) + b" {\n\n"
        for block in lines.blocks():
            yield writer.render(block, b"\t" if graph else b"")
        if graph:
            yield b"}\n\n"


def _jsonld(parts: Iterable[Part]) -> Iterator[bytes]:
    between = b"[\n"
    for graph, lines in parts:
        for block in lines.blocks():
            quads = ox.parse(as_ntriples(block, graph), ox.RdfFormat.N_QUADS, lenient=True)
            nodes = (ox.serialize(quads, format=ox.RdfFormat.JSON_LD) or b"").strip()
            # A quote ends every string, so this sequence is never inside one.
            yield between + nodes[1:-1].replace(b']},{"@id":', b']},\n{"@id":')
            between = b",\n"
    yield b"[]\n" if between == b"[\n" else b"\n]\n"


def _rdfxml(parts: Iterable[Part]) -> Iterator[bytes]:
    declared = "".join(f'\n\txmlns:{prefix}="{namespace}"' for prefix, namespace in PREFIXES.items())
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{declared}>\n'.encode()
    for _, lines in parts:
        for block in lines.blocks():
            quads = ox.parse(as_ntriples(block), ox.RdfFormat.N_TRIPLES, lenient=True)
            triples = map(attrgetter("triple"), quads)
            whole = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
            start = whole.index(b">\n", whole.index(b"<rdf:RDF")) + len(b">\n")
            # XML reads a bare carriage return as a line feed.
            yield _checked_xml(whole[start : whole.rindex(b"</rdf:RDF>")]).replace(b"\r", b"&#13;")
    yield b"</rdf:RDF>\n"


def _checked_xml(body: bytes) -> bytes:
    character = _NOT_IN_XML.search(body)
    nameless = _NO_XML_NAME.search(body)
    if character:
        message = f"RDF/XML: XML has no character {character[0].decode()!r}, which a text of this graph holds"
    elif nameless:
        message = f"RDF/XML: the predicate <{nameless[1].decode()}> ends in nothing that XML takes for a name"
    else:
        return body
    raise OutputError(message + "; choose another format, such as turtle")


RDF_FORMS: dict[str, RdfForm] = {
    "turtle": RdfForm("text/turtle", ("ttl",), quads=False, render=_turtle),
    "ntriples": RdfForm("application/n-triples", ("nt",), quads=False, render=_ntriples),
    "nquads": RdfForm("application/n-quads", ("nq",), quads=True, render=_ntriples),
    "trig": RdfForm("application/trig", ("trig",), quads=True, render=_turtle),
    "jsonld": RdfForm("application/ld+json", ("jsonld", "json"), quads=True, render=_jsonld),
    "rdfxml": RdfForm("application/rdf+xml", ("rdf", "xml", "owl"), quads=False, render=_rdfxml),
}
"""Name to format: the one list of RDF formats that can be written."""
