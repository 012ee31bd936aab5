"""What Gephi makes of a network file, as its importers say: nodes, edges, columns, and what it complains of.

Told anew in our words from the sources of Gephi 0.10 (github.com/gephi/gephi, modules/ImportPlugin and ImportAPI:
``ImporterGraphML``, ``ImporterGEXF``, ``ImportContainerImpl``, ``ElementDraftImpl``). Where Gephi drops something in
silence (a value of an unknown column, what stands behind an end node that is not there) this complains too.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable

# By id first, then by name, capitals or not; the two with a "d" are what yEd writes.
NODE_PROPERTIES = {"label": "label", "d3": "label", "x": "x", "y": "y", "xpos": "x", "ypos": "y", "z": "z"}
NODE_PROPERTIES |= {name: name for name in ("size", "r", "g", "b", "color")}
EDGE_PROPERTIES = {"label": "label", "edgelabel": "label", "d7": "label", "weight": "weight", "edge weight": "weight"}
EDGE_PROPERTIES |= {"id": "id", "edgeid": "id"} | {name: name for name in ("r", "g", "b", "color")}
PROPERTIES = {"node": NODE_PROPERTIES, "edge": EDGE_PROPERTIES}

_DECIMAL = re.compile(r"[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)")
"""What ``Double.parseDouble`` of Java reads, but for hexadecimals and suffixes."""


def _decimal(text: str) -> float:
    if not _DECIMAL.fullmatch(text.strip()):
        raise ValueError(text)
    return float(text.replace("Infinity", "inf"))


def _whole(bits: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"[+-]?\d+", text) or not -(1 << (bits - 1)) <= int(text) < 1 << (bits - 1):
            raise ValueError(text)
        return int(text)

    return parse


TYPES: dict[str, Callable[[str], object]] = {
    "string": str,
    "boolean": lambda text: text.lower() == "true",
    "integer": _whole(32),
    "int": _whole(32),
    "long": _whole(64),
    "float": _decimal,
    "double": _decimal,
}
"""Those of its types that we could need; to GEXF's ``anyURI``, for one, it says no."""


@dataclass
class Element:
    """A node or an edge as Gephi holds it."""

    label: str | None = None
    weight: float = 1.0
    values: dict[str, object] = field(default_factory=dict)


@dataclass
class Imported:
    """What has arrived: by id, by pair of ids, and the complaints."""

    nodes: dict[str, Element] = field(default_factory=dict)
    edges: dict[tuple[str, str], Element] = field(default_factory=dict)
    directed: bool | None = None
    issues: list[str] = field(default_factory=list)

    def add_edge(self, number: str, source: str, target: str, edge: Element) -> None:
        """As the container takes it, and as it is looked at once more at the end."""
        if source not in self.nodes or target not in self.nodes:
            self.issues.append(f"edge {number}: {source} or {target} is made up")
        ends = (source, target) if self.directed else (min(source, target), max(source, target))
        if ends in self.edges:
            self.issues.append(f"edge {number}: parallel to another")
        if not edge.weight > 0 or not math.isfinite(edge.weight):
            self.issues.append(f"edge {number}: weight {edge.weight}")
        self.edges[ends] = edge


@dataclass(frozen=True)
class Column:
    """A declared attribute, under its title; ``place`` is what Gephi sets instead of a column."""

    title: str
    kind: str
    place: str | None = None


def read_as_gephi(data: bytes, form: str) -> Imported:
    """What Gephi would hold."""
    root = ET.fromstring(data)  # noqa: S314 - our own
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]  # it looks at local names alone
    return {"graphml": _graphml, "gexf": _gexf}[form](root)


def _edge_default(found: Imported, name: str) -> None:
    if name not in {"directed", "undirected"}:
        found.issues.append(f"edges are {name!r}")
    found.directed = name == "directed"


def _put(found: Imported, element: Element, column: Column | None, text: str, where: str) -> None:
    if column is None:
        found.issues.append(f"{where}: a value of no column")
        return
    try:
        if column.place == "label":
            element.label = text
        elif column.place == "weight":
            element.weight = _decimal(text)
        elif column.place is not None:
            found.issues.append(f"{where}: {column.title} is taken for {column.place}")
        elif text:
            element.values[column.title] = TYPES[column.kind](text)
    except (KeyError, ValueError):
        found.issues.append(f"{where}: {text!r} is no {column.kind}")


def _graphml(root: ET.Element) -> Imported:
    found = Imported()
    columns: dict[str, dict[str, Column]] = {"node": {}, "edge": {}}
    for key in root.iter("key"):
        number, of, kind = (key.get(name, "") for name in ("id", "for", "attr.type"))
        title = key.get("attr.name") or number
        if not number or of not in PROPERTIES:
            found.issues.append(f"key {number}: for {of!r}")
            continue
        place = PROPERTIES[of].get(number.lower()) or PROPERTIES[of].get(title.lower())
        if place is None and (kind not in TYPES or number in columns[of]):
            found.issues.append(f"key {number}: type {kind!r}, or twice")
        columns[of][number] = Column(title, kind, place)
    graph = root.find("graph")
    assert graph is not None
    _edge_default(found, graph.get("edgedefault", ""))
    for each in graph:
        if each.tag not in columns:
            continue
        element = Element()
        where = each.get("id") or f"{each.get('source')} - {each.get('target')}"
        for value in each.iter("data"):
            _put(found, element, columns[each.tag].get(value.get("key", "")), (value.text or "").strip(), where)
        if each.tag == "node":
            if not each.get("id"):
                found.issues.append("a node without id")
            found.nodes[each.get("id", "")] = element
        else:
            found.add_edge(where, each.get("source", ""), each.get("target", ""), element)
    return found


def _gexf(root: ET.Element) -> Imported:
    found = Imported()
    if root.get("version") not in {"1.0", "1.1", "1.2", "1.3"}:
        found.issues.append(f"version {root.get('version')}")
    graph = root.find("graph")
    assert graph is not None
    _edge_default(found, graph.get("defaultedgetype", "directed"))
    if graph.get("mode", "static") != "static" or graph.get("idtype", "string") not in {"string", "integer", "long"}:
        found.issues.append(f"mode {graph.get('mode')}, ids {graph.get('idtype')}")
    columns = _gexf_columns(graph, found)
    seen: set[str] = set()
    for each in (*graph.iter("node"), *graph.iter("edge")):
        number, element = each.get("id", ""), Element(label=each.get("label"))
        if (
            (each.tag, number) == ("node", "")
            or each.get("pid")
            or number in (seen if each.tag == "edge" else found.nodes)
        ):
            found.issues.append(f"{each.tag} {number}: no id, twice, or a parent")
        for value in each.iter("attvalue"):
            _put(found, element, columns[each.tag].get(value.get("for", "")), value.get("value", ""), number)
        if each.tag == "node":
            found.nodes[number] = element
            continue
        seen.add(number)
        _put(found, element, Column("weight", "float", "weight"), each.get("weight", "1"), number)
        if each.get("type", "directed") not in {"directed", "undirected"}:
            found.issues.append(f"edge {number}: type {each.get('type')}")
        found.add_edge(number, each.get("source", ""), each.get("target", ""), element)
    return found


def _gexf_columns(graph: ET.Element, found: Imported) -> dict[str, dict[str, Column]]:
    columns: dict[str, dict[str, Column]] = {"node": {}, "edge": {}}
    for block in graph.iter("attributes"):
        of = block.get("class", "")
        for each in block:
            number, title, kind = (each.get(name, "") for name in ("id", "title", "type"))
            if of not in columns or not number or kind not in TYPES or number in columns[of]:
                found.issues.append(f"attribute {number} of {of!r}: type {kind!r}, or twice")
            columns[of][number] = Column(title or number, kind)
    return columns
