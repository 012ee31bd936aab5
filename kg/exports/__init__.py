"""Files for other tools, each written whole or not at all.

:data:`EXPORTS` is the list of what can be exported: name to a function from a store to the bytes of the file in pieces.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import UnknownNameError, unknown_name
from kg.exports.layer import render_layer
from kg.exports.networks import NETWORK_FORMS, network_form, render_network
from kg.exports.rdf import RDF_FORMS, form_name, format_of, render_rdf, write_rdf
from kg.exports.stix import CONTAINERS, render_bundle
from kg.files import atomic_write

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from kg.store.protocol import TripleStore

__all__ = [
    "CASE_EXPORTS",
    "CONTAINERS",
    "EXPORTS",
    "NETWORK_FORMS",
    "RDF_FORMS",
    "export_name",
    "form_name",
    "format_of",
    "network_form",
    "render_export",
    "render_network",
    "render_rdf",
    "write_export",
    "write_rdf",
]

EXPORTS: dict[str, Callable[..., Iterator[bytes]]] = {
    "turtle": partial(render_rdf, format="turtle"),
    "ntriples": partial(render_rdf, format="ntriples"),
    "nquads": partial(render_rdf, format="nquads"),
    "trig": partial(render_rdf, format="trig"),
    "jsonld": partial(render_rdf, format="jsonld"),
    "rdfxml": partial(render_rdf, format="rdfxml"),
}
"""Name to function; each takes the store and, as keywords, ``provenance`` and ``text``."""

CASE_EXPORTS: dict[str, Callable[..., Iterator[bytes]]] = {"stix": render_bundle, "layer": render_layer}
"""Name to function: incidents in the words of other tools. Each takes the store and, as keywords, ``incidents``,
``filters`` and ``text``. A file of that kind is told by the extension before its last: ``cases.stix.json``.
"""


def export_name(given: str | os.PathLike[str] | None, path: str | os.PathLike[str]) -> str:
    """The name of the export that is meant: by its name or extension, else by the path.

    >>> export_name(None, "cases.stix.json"), export_name("ttl", "-"), export_name(None, "kg.nq")
    ('stix', 'turtle', 'nquads')

    Raises:
        UnknownNameError: There is no such format.
        OutputError: The path has no extension that tells it.
    """
    if given is None:
        suffixes = [suffix.lower().lstrip(".") for suffix in Path(path).suffixes[-2:]]
        if len(suffixes) > 1 and suffixes[0] in CASE_EXPORTS and suffixes[1] == "json":
            return suffixes[0]
        return format_of(path)
    plain = str(given).lower()
    if plain in CASE_EXPORTS:
        return plain
    try:
        return form_name(str(given))
    except UnknownNameError:
        raise unknown_name("format", str(given), (*RDF_FORMS, *CASE_EXPORTS)) from None


def render_export(store: TripleStore, name: str, *, provenance: bool = True, **options: Any) -> Iterator[bytes]:  # noqa: ANN401 - those of the function of that name
    """The pieces of an export by its name.

    Args:
        store: The graph.
        name: What :func:`export_name` gives.
        provenance: Of RDF: with the nodes that say who says so and where.
        options: What the function of that name takes.
    """
    if name in CASE_EXPORTS:
        return CASE_EXPORTS[name](store, **options)
    return EXPORTS[name](store, provenance=provenance, **options)


def write_export(
    store: TripleStore,
    path: str | os.PathLike[str],
    name: str,
    *,
    force: bool = False,
    **options: Any,  # noqa: ANN401 - as above
) -> None:
    """Write an export to a file, whole or not at all.

    Raises:
        OutputError: The path exists or cannot be written, or the format cannot hold the graph.
        UnknownNameError: An incident or a filter names what is not there.
    """
    pieces = render_export(store, name, **options)
    with atomic_write(path, force=force) as file:
        for piece in pieces:
            file.write(piece)
