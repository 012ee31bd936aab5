"""Files for other tools, each written whole or not at all.

:data:`EXPORTS` is the list of what can be exported: name to a function from a store to the bytes of the file in pieces.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kg.exports.networks import NETWORK_FORMS, network_form, render_network
from kg.exports.rdf import RDF_FORMS, form_name, format_of, render_rdf, write_rdf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "EXPORTS",
    "NETWORK_FORMS",
    "RDF_FORMS",
    "form_name",
    "format_of",
    "network_form",
    "render_network",
    "render_rdf",
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
