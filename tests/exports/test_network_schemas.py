"""GEXF 1.2 and GraphML 1.0 as their schemas have them: elements, attributes, types, references; nothing else.

What Gephi makes of them is told in :mod:`tests.exports.test_gephi`.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

import kg
from kg.exports import render_network

if TYPE_CHECKING:
    from collections.abc import Callable

GEXF = "{http://www.gexf.net/1.2draft}"
GRAPHML = "{http://graphml.graphdrawing.org/xmlns}"
SCHEMA_PLACE = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

# Element: (the attributes it must have, those it may have, what may stand in it), from the published schemas.
GEXF_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "gexf": ({"version"}, {SCHEMA_PLACE}, {"meta", "graph"}),
    "meta": (set(), {"lastmodifieddate"}, {"creator", "keywords", "description"}),
    "creator": (set(), set(), set()),
    "description": (set(), set(), set()),
    "graph": (set(), {"defaultedgetype", "mode", "idtype"}, {"attributes", "nodes", "edges"}),
    "attributes": ({"class"}, {"mode"}, {"attribute"}),
    "attribute": ({"id", "title", "type"}, set(), {"default", "options"}),
    "nodes": (set(), {"count"}, {"node"}),
    "node": ({"id"}, {"label", "pid"}, {"attvalues"}),
    "edges": (set(), {"count"}, {"edge"}),
    "edge": ({"id", "source", "target"}, {"type", "label", "weight"}, {"attvalues"}),
    "attvalues": (set(), set(), {"attvalue"}),
    "attvalue": ({"for", "value"}, set(), set()),
}
GRAPHML_RULES: dict[str, tuple[set[str], set[str], set[str]]] = {
    "graphml": (set(), {SCHEMA_PLACE}, {"desc", "key", "graph"}),
    "desc": (set(), set(), set()),
    "key": ({"id", "for"}, {"attr.name", "attr.type"}, set()),
    "graph": ({"edgedefault"}, {"id"}, {"desc", "data", "node", "edge"}),
    "node": ({"id"}, set(), {"data"}),
    "edge": ({"source", "target"}, {"id", "directed"}, {"data"}),
    "data": ({"key"}, set(), set()),
}
TYPES: dict[str, Callable[[str], object]] = {"long": int, "double": float, "string": str, "int": int, "integer": int}


def check_rules(root: ET.Element, space: str, rules: dict[str, tuple[set[str], set[str], set[str]]]) -> None:
    for element in root.iter():
        assert element.tag.startswith(space)
        needed, allowed, inside = rules[element.tag.removeprefix(space)]
        assert needed <= set(element.attrib) <= needed | allowed, element.tag
        assert {child.tag.removeprefix(space) for child in element} <= inside


def check_value(kind: str, text: str) -> None:
    value = TYPES[kind](text)
    assert not isinstance(value, float) or math.isfinite(value)


def check_gexf(data: bytes, *, directed: bool) -> None:
    root = ET.fromstring(data)  # noqa: S314 - our own
    check_rules(root, GEXF, GEXF_RULES)
    graph = root.find(f"{GEXF}graph")
    assert root.get("version") == "1.2"
    assert graph is not None
    assert graph.get("defaultedgetype") == ("directed" if directed else "undirected")
    assert graph.get("mode") == "static"
    kinds: dict[str, dict[str, str]] = {}
    for block in graph.iter(f"{GEXF}attributes"):
        titles = [each.attrib["title"] for each in block]
        assert len(titles) == len(set(titles))
        kinds[block.attrib["class"]] = {each.attrib["id"]: each.attrib["type"] for each in block}
    for name in ("node", "edge"):
        every = list(graph.iter(f"{GEXF}{name}"))
        assert len({each.attrib["id"] for each in every}) == len(every)
        for value in (value for each in every for value in each.iter(f"{GEXF}attvalue")):
            check_value(kinds[name][value.attrib["for"]], value.attrib["value"])
    nodes = {each.attrib["id"] for each in graph.iter(f"{GEXF}node")}
    for edge in graph.iter(f"{GEXF}edge"):
        assert {edge.attrib["source"], edge.attrib["target"]} <= nodes
        assert 0 < float(edge.get("weight", "1")) < math.inf


def check_graphml(data: bytes, *, directed: bool) -> None:
    root = ET.fromstring(data)  # noqa: S314 - our own
    check_rules(root, GRAPHML, GRAPHML_RULES)
    keys = {each.attrib["id"]: each for each in root.iter(f"{GRAPHML}key")}
    named = [(each.attrib["for"], each.attrib["attr.name"]) for each in keys.values()]
    assert len(named) == len(set(named))
    graph = root.find(f"{GRAPHML}graph")
    assert graph is not None
    assert graph.attrib["edgedefault"] == ("directed" if directed else "undirected")
    nodes = [each.attrib["id"] for each in graph.iter(f"{GRAPHML}node")]
    assert len(set(nodes)) == len(nodes)
    # The schema's NMTOKEN: no blanks, and few signs.
    assert all(set(node) - set("._-:") and all(sign.isalnum() or sign in "._-:" for sign in node) for node in nodes)
    for holder in graph.iter():
        for value in holder.findall(f"{GRAPHML}data"):
            key = keys[value.attrib["key"]]
            assert key.attrib["for"] == holder.tag.removeprefix(GRAPHML)
            check_value(key.attrib["attr.type"], value.text or "")
            if key.attrib["attr.name"] == "weight":
                assert float(value.text or "") > 0
    for edge in graph.iter(f"{GRAPHML}edge"):
        assert {edge.attrib["source"], edge.attrib["target"]} <= set(nodes)


READERS: dict[str, Callable[..., nx.Graph[str]]] = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}
CHECKS = {"gexf": check_gexf, "graphml": check_graphml}


@pytest.mark.parametrize("form", CHECKS)
@pytest.mark.parametrize("name", ["cooccurrence", "incidents", "framework"])
def test_every_network_of_the_embedded_facts_is_what_the_schema_allows(form: str, name: str) -> None:
    network = kg.open().network(name)
    CHECKS[form](render_network(network, form), directed=network.is_directed())


@pytest.mark.parametrize("form", CHECKS)
def test_pairs_never_seen_together_are_written_with_a_weight_that_gephi_reads(form: str) -> None:
    pairs = kg.open().cooccurrence(evidence="rows", minimum=0, measures=["phi", "yule-q"])
    assert 0 in pairs.count
    CHECKS[form](render_network(pairs.network(), form), directed=False)


@pytest.mark.parametrize("form", CHECKS)
def test_what_is_not_known_is_left_out_and_an_attribute_has_one_type(form: str) -> None:
    network: nx.Graph[str] = nx.Graph(name="a name", kind="x & <y>")
    network.add_node("a", year=2016, mixed=1, none=None)
    network.add_node("b", year=2016.5, mixed="one", none=math.nan)
    network.add_edge("a", "b", count=2, lift=math.inf, weight=7)
    data = render_network(network, form)
    CHECKS[form](data, directed=False)
    assert b"none" not in data
    assert b"lift" not in data
    again = READERS[form](io.BytesIO(data))
    assert (again.nodes["a"]["year"], again.nodes["a"]["mixed"]) == (2016.0, "1")
    assert again.edges["a", "b"]["weight"] == 2.0


def test_the_rules_catch_what_gephi_would_refuse() -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_edge("a", "b", count=2)
    data = render_network(network, "gexf")
    with pytest.raises(AssertionError):
        check_gexf(data.replace(b'weight="2.0"', b'weight="0"'), directed=False)
    with pytest.raises(AssertionError):
        check_gexf(data.replace(b'mode="static">', b'mode="static" name="">', 1), directed=False)
    with pytest.raises(AssertionError):
        check_graphml(render_network(network, "graphml").replace(b'target="b"', b'target="c"'), directed=False)


@pytest.mark.parametrize(("form", "place"), [("gexf", f"{GEXF}meta/{GEXF}description"), ("graphml", f"{GRAPHML}desc")])
def test_what_a_network_of_pairs_counts_stands_in_the_description_of_a_file(form: str, place: str) -> None:
    pairs = kg.open().cooccurrence()
    told = ET.fromstring(render_network(pairs.network(), form)).findtext(place)  # noqa: S314 - our own
    assert told == f"kind: cooccurrence; unit: incident; units: {pairs.units}; evidence: repaired; level: technique"
