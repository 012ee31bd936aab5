from __future__ import annotations

import base64
import copy
import hashlib
import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest

from kg.errors import KgError, UnknownNameError, ViewError
from kg.views import HEEDED, VIEWS, ViewOptions, render_view, view

if TYPE_CHECKING:
    from kg.store.embedded import EmbeddedStore


def data_of(page: str) -> dict[str, list[dict[str, object]]]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, list[dict[str, object]]] = json.loads(found[1])
    return data


def small() -> nx.Graph[str]:
    network: nx.Graph[str] = nx.Graph(name="Small")
    network.add_node("a", label="Apple", tactic="TA01", tactic_label="Pick", count=4)
    network.add_node("b", label="Bread", tactic="TA02", count=1)
    network.add_edge("a", "b", weight=3)
    return network


@pytest.mark.parametrize("name", VIEWS)
def test_the_same_store_gives_the_same_page_twice(name: str, store: EmbeddedStore) -> None:
    assert render_view(store, name).html == render_view(store, name).html


def test_the_page_does_not_depend_on_the_order_of_hashes() -> None:
    script = (
        "import hashlib, networkx as nx; from kg.views import view\n"
        "g = nx.les_miserables_graph()\n"
        "print(hashlib.sha256((view(g).html + view(g, threshold=4).html).encode()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script],
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_the_network_of_the_caller_stays_as_it_was(dense: nx.Graph[str]) -> None:
    before = copy.deepcopy(dense)

    view(dense)
    view(dense, threshold=5)

    assert nx.utils.graphs_equal(dense, before)
    assert dense.graph == before.graph


def test_the_page_says_its_language_its_encoding_and_its_title() -> None:
    page = view(small(), title="Fish & <chips>").html

    assert page.startswith("<!DOCTYPE html>")
    assert '<html lang="en">' in page
    assert '<meta charset="utf-8">' in page
    assert "<title>Fish &amp; &lt;chips&gt;</title>" in page
    assert "<h1>Fish &amp; &lt;chips&gt;</h1>" in page


def test_the_page_names_no_resource_outside_itself() -> None:
    page = view(small()).html

    own = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    assert re.search(r"\b(src|href|srcset|action|data|poster)\s*=", own) is None
    assert "http" not in own.replace("http-equiv", "")
    assert "sourceMappingURL" not in page
    assert "bootstrap" not in page.lower()


def test_the_policy_allows_these_very_scripts_and_this_style_and_nothing_else() -> None:
    page = view(small()).html
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))

    def hashed(tag: str) -> set[str]:
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        return {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in texts}

    assert rules["default-src"] == "'none'"
    assert set(rules["script-src"].split()) == hashed("script")
    assert set(rules["style-src"].split()) == hashed("style")


def test_vis_network_comes_with_its_licence() -> None:
    page = view(small()).html
    assert "Apache 2.0" in page
    assert "Almende" in page


def test_text_of_the_data_cannot_end_the_block_it_stands_in() -> None:
    network = small()
    network.nodes["a"]["label"] = "</script><script>alert(1)</script><!-- \u2028 & \ud800"

    page = view(network).html

    block = page.partition('id="data">')[2].partition("</script>")[0]
    assert not set(block) & set("<>&")
    assert page.count("</script>") == 3
    assert "<!-- \u2028" not in page
    assert "\u2028" not in page
    page.encode("utf-8")
    # A lone surrogate is no text that UTF-8 can carry; all the rest arrives as it was.
    assert data_of(page)["nodes"][0]["name"] == "</script><script>alert(1)</script><!-- \u2028 &"


def test_ids_and_numbers_of_any_library_are_made_plain() -> None:
    network: nx.Graph[object] = nx.Graph()
    network.add_node(1, count=np.int64(7))
    network.add_node("1", count=np.float32("nan"), other=float("inf"))
    network.add_node((2, "x"), share=np.float64(1 / 3))
    network.add_edge(1, "1", weight=np.float64(2.5))

    data = data_of(view(network).html)

    assert [node["label"] for node in data["nodes"]] == ["1", "1", "(2, 'x')"]
    assert [node["facts"] for node in data["nodes"]] == [[["count", "7"]], [], [["share", "0.3333"]]]
    assert [(edge["from"], edge["to"], edge["strength"]) for edge in data["edges"]] == [(0, 1, 2.5)]


def test_control_characters_do_not_reach_the_page() -> None:
    network = small()
    network.nodes["a"]["label"] = "A\x00\x1bB"
    assert data_of(view(network).html)["nodes"][0]["name"] == "A  B"


def test_physics_are_off_and_every_node_has_its_place(dense: nx.Graph[str]) -> None:
    data = data_of(view(dense).html)

    assert data["options"]["physics"] == {"enabled": False}  # type: ignore[call-overload] # options are a dict
    places = {(node["x"], node["y"]) for node in data["nodes"]}
    assert len(places) == 120


@pytest.mark.parametrize("make", [nx.MultiGraph, nx.MultiDiGraph, nx.DiGraph])
def test_networks_of_every_kind_are_drawn_with_all_their_edges(make: type[nx.Graph[str]]) -> None:
    network = make()
    network.add_edge("a", "b", weight=1)
    network.add_edge("a", "b", weight=2)
    network.add_edge("b", "b", weight=3)

    data = data_of(view(network).html)

    assert len(data["edges"]) == network.number_of_edges()
    assert [edge.get("arrows") == "to" for edge in data["edges"]] == [network.is_directed()] * len(data["edges"])
    assert len(data_of(view(network, threshold=2).html)["edges"]) == 2


def test_the_area_of_a_mark_grows_with_its_count() -> None:
    sizes = [node["size"] for node in data_of(view(small()).html)["nodes"]]
    # Radius 5 + 21 * sqrt(count / largest): 26 for 4 of 4, 15.5 for 1 of 4.
    assert sizes == [26.0, 15.5]


def test_the_page_of_pairs_says_what_is_counted(store: EmbeddedStore) -> None:
    page = html.unescape(render_view(store, "cooccurrence").html)

    facts = re.findall(r"<span>(.*?)</span>", page.partition('class="facts"')[2].partition("</p>")[0])
    assert facts == [
        "Counted: incidents in which two techniques occur together",
        "N = 3 incidents",
        "3 techniques",
        "3 pairs",
        "evidence: repaired",
        "DISARM release 9.9",
    ]


def test_pairs_carry_the_counts_worked_by_hand(store: EmbeddedStore) -> None:
    data = data_of(render_view(store, "cooccurrence").html)

    names = [node["label"] for node in data["nodes"]]
    counted = {(names[int(str(edge["from"]))], names[int(str(edge["to"]))]): edge["strength"] for edge in data["edges"]}
    assert counted == {("T0001", "T0002"): 3, ("T0001", "T0003"): 1, ("T0002", "T0003"): 1}


def test_a_threshold_leaves_out_weaker_pairs_and_says_so(store: EmbeddedStore) -> None:
    page = render_view(store, "cooccurrence", threshold=2).html

    assert [node["label"] for node in data_of(page)["nodes"]] == ["T0001", "T0002"]
    assert "threshold 2: 2 weaker pairs left out" in page


def test_the_legend_stands_in_the_order_of_the_kill_chain(store: EmbeddedStore) -> None:
    groups = data_of(render_view(store, "cooccurrence").html)["groups"]
    assert [(group["text"], group["number"]) for group in groups] == [("TA09 Fold", 2), ("TA02 Sail", 1)]


def test_the_framework_without_sub_techniques_says_so(store: EmbeddedStore) -> None:
    page = render_view(store, "framework", level="parent").html

    assert "T0004.001" not in page
    assert "4 techniques, sub-techniques left out" in page


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_refuses_an_option_it_does_not_take(name: str, store: EmbeddedStore) -> None:
    values: dict[str, str | int] = {"unit": "observation", "evidence": "rows", "units": 9}
    for option in sorted(values.keys() - set(HEEDED[name])):
        with pytest.raises(ViewError, match=f"view {name}: takes no {option}"):
            render_view(store, name, **{option: values[option]})


def test_every_option_is_taken_by_some_view() -> None:
    assert set(ViewOptions.__dataclass_fields__) == {option for options in HEEDED.values() for option in options}


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("cooccurence", {}, "did you mean 'cooccurrence'"),
        ("incidents", {"levl": "parent"}, "did you mean 'level'"),
        ("incidents", {"level": "parents"}, "did you mean 'parent'"),
        ("framework", {"threshold": "3"}, "whole number"),
        ("cooccurrence", {"unit": 3}, "must be a name"),
    ],
)
def test_a_wrong_name_or_value_is_refused(
    name: str, options: dict[str, str | int], said: str, store: EmbeddedStore
) -> None:
    with pytest.raises(KgError, match=said) as caught:
        render_view(store, name, **options)
    assert isinstance(caught.value, UnknownNameError | ViewError)


def test_an_empty_network_is_refused() -> None:
    with pytest.raises(ViewError, match="nothing can be drawn"):
        view(nx.Graph())
