"""Networks as GraphML and GEXF, which Gephi, Cytoscape, yEd and igraph open.

Every node, edge and attribute of the network is written, in its order and without a date: the same network gives the
same bytes. Edges with a ``count`` get it as ``weight`` too, which is what these tools draw by.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import networkx as nx

from kg.errors import OutputError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# XML 1.0, section 2.2: what is no character there cannot be written, not even as a reference.
_NO_CHARACTER = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
_DATE = re.compile(rb' lastmodifieddate="[^"]*"')

NETWORK_FORMS: dict[str, Callable[..., None]] = {"graphml": nx.write_graphml_xml, "gexf": nx.write_gexf}
"""Name, which is also the extension, to the function that writes it to a file."""


def render_network(network: nx.Graph[str], form: str) -> bytes:
    """The bytes of a network in a form of :data:`NETWORK_FORMS`.

    Raises:
        UnknownNameError: There is no such form.
    """
    if form not in NETWORK_FORMS:
        raise unknown_name("form of a network", form, NETWORK_FORMS)
    clean: nx.Graph[str] = network.__class__(**_clean(network.graph))
    for node, attributes in network.nodes(data=True):
        clean.add_node(_text(node), **_clean(attributes))
    for one, other, attributes in network.edges(data=True):
        weight = {"weight": attributes["count"]} if "count" in attributes else {}
        clean.add_edge(_text(one), _text(other), **weight, **_clean(attributes))
    buffer = io.BytesIO()
    NETWORK_FORMS[form](clean, buffer)
    return _DATE.sub(b"", buffer.getvalue())


def network_form(path: Path) -> str:
    """The form that a path's extension names.

    Raises:
        OutputError: It names none.
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in NETWORK_FORMS:
        raise OutputError(f"{path}: names no form of a network; end it in .graphml or .gexf, or name the format")
    return form


def _clean(attributes: dict[str, Any]) -> dict[str, Any]:
    return {name: _text(value) if isinstance(value, str) else value for name, value in attributes.items()}


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", text)
