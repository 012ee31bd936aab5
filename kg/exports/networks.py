"""Networks as GraphML and GEXF, which Gephi, Cytoscape, yEd and igraph open.

Every node, edge and attribute of the network is written, in its order and without a date: the same network gives the
same bytes. An attribute has one type in all the file; what is not known (None, not a finite number) is left out. Edges
with a ``count`` get it as ``weight`` too, which is what these tools draw by.

The attributes of the network stand in the description of the file: GEXF has no other place for them, and of those of
GraphML Gephi says that they are at fault. GEXF is version 1.2, which every version of Gephi reads. What Gephi takes is
known from its importers (ImporterGEXF, ImporterGraphML, ImportContainerImpl at github.com/gephi/gephi): a key of
GraphML called ``d3`` is the label of nodes to it and ``d7`` that of edges, whatever their names, as yEd writes them.
"""

from __future__ import annotations

import io
import math
import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import networkx as nx

from kg.errors import OutputError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

# XML 1.0, section 2.2: what is no character there cannot be written, not even as a reference.
_NO_CHARACTER = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
# What networkx puts there: its own version, which would change the bytes, and attributes that the schema does not have.
_META = re.compile(rb"<meta[^>]*>.*?</meta>", re.DOTALL)
_NAME = re.compile(rb'(<graph [^>]*?) name="[^"]*"')
# In text a "<" is written as a reference, so these are elements.
_KEY = re.compile(rb'(<key id="|<data key=")d(?=\d+")')

_FAINT = 0.01
"""The weight of a pair never seen together: Gephi refuses 0 (its issue 1945), and this pulls next to nothing."""

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
    cast = _types(attributes for _, attributes in network.nodes(data=True))
    for node, attributes in network.nodes(data=True):
        clean.add_node(_text(str(node)), **_clean(attributes, cast))
    cast = _types(attributes for _, _, attributes in network.edges(data=True))
    for one, other, attributes in network.edges(data=True):
        weight = {"weight": float(attributes["count"]) or _FAINT} if "count" in attributes else {}
        clean.add_edge(_text(str(one)), _text(str(other)), **{**_clean(attributes, cast), **weight})
    buffer = io.BytesIO()
    told, clean.graph = clean.graph, {}
    NETWORK_FORMS[form](clean, buffer)
    description = escape("; ".join(f"{name}: {value}" for name, value in told.items()))
    return {"gexf": _gexf, "graphml": _graphml}[form](buffer.getvalue(), description)


def network_form(path: Path) -> str:
    """The form that a path's extension names.

    Raises:
        OutputError: It names none.
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in NETWORK_FORMS:
        raise OutputError(f"{path}: names no form of a network; end it in .graphml or .gexf, or name the format")
    return form


def _gexf(written: bytes, description: str) -> bytes:
    """What networkx writes, as the schema has it."""
    meta = f"<meta>\n    <creator>disarm-kg</creator>\n    <description>{description}</description>\n  </meta>"
    # A function, for a backslash in a replacement text would mean something.
    head, graph, rest = written.partition(b"<graph ")
    head = _META.sub(lambda _: meta.encode(), head, count=1)
    return head + _NAME.sub(lambda found: found[1], graph + rest, count=1)


def _graphml(written: bytes, description: str) -> bytes:
    """What networkx writes, with keys that no reader takes for something else."""
    root = written.index(b">", written.index(b"<graphml")) + 1
    told = f"\n  <desc>{description}</desc>" if description else ""
    return written[:root] + told.encode() + _KEY.sub(rb"\1k", written[root:])


def _types(every: Iterable[dict[str, Any]]) -> dict[str, Callable[[Any], Any]]:
    """For each attribute whose values differ in type the one that holds them all: float for numbers, else text."""
    kinds: dict[str, set[type]] = {}
    for attributes in every:
        for name, value in attributes.items():
            if value is not None:
                kinds.setdefault(name, set()).add(type(value))
    return {name: float if held <= {int, float} else str for name, held in kinds.items() if len(held) > 1}


def _clean(attributes: dict[str, Any], cast: dict[str, Callable[[Any], Any]] | None = None) -> dict[str, Any]:
    known = {name: value for name, value in attributes.items() if value is not None and not _is_endless(value)}
    typed = {name: (cast or {}).get(name, _as_it_is)(value) for name, value in known.items()}
    return {name: _text(value) if isinstance(value, str) else value for name, value in typed.items()}


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 - whatever an attribute holds
    return value


def _is_endless(value: object) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


def _text(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", text)
