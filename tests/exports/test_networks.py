from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.nullmodel import NullModel
from kg.analysis.significance import Significance
from kg.errors import OutputError, UnknownNameError
from kg.exports import NETWORK_FORMS, network_form, render_network
from kg.incidence import incidence_of

if TYPE_CHECKING:
    from collections.abc import Callable

READERS: dict[str, Callable[..., nx.Graph[str]]] = {"graphml": nx.read_graphml, "gexf": nx.read_gexf}
UNITS = ["ab", "ab", "abc", "c", "d", "ab", "cd"]


def pairs_network() -> nx.Graph[str]:
    both = [(str(place), name) for place, unit in enumerate(UNITS) for name in unit]
    table = incidence_of((unit for unit, _ in both), (name for _, name in both))
    pairs = cooccurrence_of(
        table, measures=["phi"], significance=Significance(), null=NullModel(randomisations=20, workers=1)
    )
    return pairs.network()


def test_a_table_of_pairs_is_a_network_with_every_column_on_its_edges() -> None:
    edge = pairs_network().edges["a", "b"]
    assert (edge["count"], edge["verdict"], edge["null_verdict"]) == (4, "chance", "chance")
    # a and b in the same 4 of 7 units.
    assert edge["phi"] == 1.0
    assert {"p_value", "p_adjusted", "null_mean", "null_sd", "p_null"} <= set(edge)
    # c is in three units and d in two: too few to be tested.
    assert pairs_network().edges["c", "d"]["verdict"] == "not testable"
    assert "p_value" not in pairs_network().edges["c", "d"]


@pytest.mark.parametrize("form", NETWORK_FORMS)
def test_a_network_is_read_back_whole_and_written_the_same_twice(form: str) -> None:
    network = pairs_network()
    data = render_network(network, form)
    assert data == render_network(pairs_network(), form)
    again = READERS[form](io.BytesIO(data))
    assert set(again) == set(network)
    for one, other, attributes in network.edges(data=True):
        read = again.edges[one, other]
        assert {name: read[name] for name in attributes} == attributes
        assert read["weight"] == attributes["count"]


def test_no_date_is_written() -> None:
    assert b"lastmodified" not in render_network(pairs_network(), "gexf")


@pytest.mark.parametrize("form", NETWORK_FORMS)
@pytest.mark.parametrize("label", ["a<b>&\"'", "]]>", "\x00\x1b[31m", "\ufffe", "\U0001f600", "&lt;script&gt;"])
def test_any_name_is_text_and_what_xml_cannot_hold_is_replaced(form: str, label: str) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_node(label, label=label)
    again = READERS[form](io.BytesIO(render_network(network, form)))
    expected = "".join("\ufffd" if character in "\x00\x1b\ufffe" else character for character in label)
    assert list(again) == [expected]
    assert again.nodes[expected]["label"] == expected


def test_a_form_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="unknown form of a network 'gefx'; did you mean 'gexf'"):
        render_network(pairs_network(), "gefx")
    with pytest.raises(OutputError, match=r"x\.png: names no form of a network"):
        network_form(Path("x.png"))
