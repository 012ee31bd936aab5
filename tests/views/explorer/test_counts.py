"""What the page counts is what the command line counts, and what it tests is what scipy tests."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy.stats import false_discovery_control, fisher_exact

from kg.analysis.significance import Significance
from kg.views.explorer import render_explorer
from tests.views.explorer.conftest import FACTS, store_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    import kg
    from tests.views.explorer.conftest import Shown

    Show = Callable[..., Shown]

pytestmark = pytest.mark.browser


def rows(shown: Shown) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(shown.ask("() => kgExplorer.csv()"))))


@pytest.mark.parametrize(
    ("unit", "evidence"),
    [
        ("incident", "repaired"),
        ("incident", "rows"),
        ("incident", "inline"),
        ("incident", "all"),
        ("observation", "repaired"),
        ("observation", "all"),
    ],
)
@pytest.mark.parametrize("level", ["technique", "parent"])
def test_the_page_counts_as_the_command_line_does(
    unit: str, evidence: str, level: str, facts: kg.KnowledgeGraph, real: str, show: Show
) -> None:
    shown = show(real)
    shown.set(unit=unit, evidence=evidence, folded="all" if level == "parent" else [])
    pairs = facts.cooccurrence(unit=unit, evidence=evidence, level=level)

    expected = {(row["technique_a"], row["technique_b"]): row for row in pairs.rows()}
    found = rows(shown)
    assert len(found) == len(expected) > 50
    for row in found:
        told = expected[row["technique_a"], row["technique_b"]]
        for name in ("count", "count_a", "count_b", "units"):
            assert int(row[name]) == told[name]
        for name in ("jaccard", "lift", "npmi"):
            value = told[name]
            assert isinstance(value, float)
            assert float(row[name]) == pytest.approx(value, abs=1e-6)


def test_p_values_are_those_of_scipy_and_q_values_too(real: str, show: Show) -> None:
    shown = show(real)
    found = shown.ask(
        """() => { const c = kgExplorer.counts(), t = kgExplorer.tested(), out = [];
        for (const a of c.shown) for (const b of c.shown) if (a < b)
          out.push([c.both[a * c.size + b], c.margins[a], c.margins[b], t.p(a, b), t.q(a, b)]);
        return { units: c.units, pairs: out, testable: t.testable }; }"""
    )
    units = found["units"]

    def table(both: int, a: int, b: int) -> NDArray[np.int64]:
        return np.array([[both, a - both], [b - both, units - a - b + both]])

    tested = [pair for pair in found["pairs"] if min(pair[1:3]) >= 3]
    assert len(tested) == found["testable"] > 100
    expected = [float(fisher_exact(table(*pair[:3])).pvalue) for pair in tested]
    assert [pair[3] for pair in tested] == pytest.approx(expected, rel=1e-9, abs=1e-14)
    assert [pair[4] for pair in tested] == pytest.approx(list(false_discovery_control(expected)), rel=1e-9)


@pytest.mark.parametrize(
    ("unit", "level"), [("incident", "parent"), ("incident", "technique"), ("observation", "parent")]
)
def test_the_page_says_what_the_command_line_says_of_chance(
    unit: str, level: str, facts: kg.KnowledgeGraph, real: str, show: Show
) -> None:
    shown = show(real)
    shown.set(unit=unit, folded="all" if level == "parent" else [])
    sentences = " ".join(facts.cooccurrence(unit=unit, level=level, significance=Significance()).sentences())
    tested = shown.ask("() => { const t = kgExplorer.tested(); return [t.survivors, t.testable, t.unlike]; }")
    assert f"{tested[0]:,} of {tested[1]:,} testable pairs survive" in sentences
    if tested[2] > 1.5:
        assert f"differ in size {tested[2]:.1f} times" in sentences
        assert f"differ in size {tested[2]:.1f} times" in shown.page.locator("#counts-said").inner_text()
    else:
        assert "differ in size" not in sentences


def test_the_query_of_the_page_gives_the_rows_of_the_page(facts: kg.KnowledgeGraph, real: str, show: Show) -> None:
    shown = show(real)
    changes: tuple[dict[str, object], ...] = (
        {},
        {"folded": []},
        {"unit": "observation"},
        {"evidence": "all", "folded": ["T0097", "T0146"]},
        {"things": ["country:RU"], "least": 1},
        {"from": 2019, "to": 2022, "basis": "published"},
        {"release": "1.6-first", "folded": []},
        {"recovered": True, "folded": []},
        {"from": 2015, "undated": True, "tactics": ["TA06", "TA14"], "least": 2},
    )
    for change in changes:
        shown.ask("(change) => kgExplorer.set({ ...kgExplorer.start, ...change })", change)
        answer = facts.query(shown.ask("() => kgExplorer.query()"))
        pairs = {(row[0], row[1], row[2]) for row in answer.values()}  # type: ignore[union-attr] # it is a SELECT
        page = {(row["technique_a"], row["technique_b"], row["count"]) for row in rows(shown)}
        assert page == pairs, change


def test_filters_of_one_kind_are_alternatives_and_kinds_must_all_be_met(tiny: str, show: Show) -> None:
    shown = show(tiny)

    def units(**change: object) -> int:
        shown.ask("(change) => kgExplorer.set({ ...kgExplorer.start, ...change })", change)
        found: int = shown.ask("() => kgExplorer.counts().units")
        return found

    # The Gull did I00001 and I00002, only the former on the Pond.
    assert units() == 4
    assert units(things=["actor:gull"]) == 2
    assert units(things=["actor:gull", "platform:pond"]) == 1
    # Years of the act: 2018 stated, 2020 read; I00003 has only a publication, I00004 nothing.
    assert units(**{"from": 2018}) == 2
    assert units(**{"from": 2018, "to": 2019}) == 1
    assert units(**{"from": 2018, "basis": "published"}) == 3
    assert units(**{"from": 2018, "undated": True}) == 4


def test_folding_counts_a_sub_technique_as_its_parent_once(tiny: str, show: Show) -> None:
    shown = show(tiny)
    # Folded, T0001 + T0002 stand in three incidents; unfolded, in two, and T0001.001 + T0002 in one.
    assert [row["count"] for row in rows(shown) if (row["technique_a"], row["technique_b"]) == ("T0001", "T0002")] == [
        "3"
    ]
    shown.set(folded=[])
    found = {(row["technique_a"], row["technique_b"]): row["count"] for row in rows(shown)}
    assert found["T0001", "T0002"] == "2"
    assert found["T0001.001", "T0002"] == "1"


def test_turtle_of_the_page_holds_only_what_the_graph_holds(show: Show) -> None:
    import pyoxigraph as ox  # noqa: PLC0415 - only here

    store = store_of(FACTS)
    from kg.views.explorer import render_explorer  # noqa: PLC0415 - only here

    shown = show(render_explorer(store))
    shown.set(chosen=["T0001", "T0003"])
    text = shown.ask("() => kgExplorer.turtle()")

    triples = {quad.triple for quad in ox.parse(text.encode(), format=ox.RdfFormat.TURTLE)}
    incidents = {
        triple.subject.value.rpartition("/")[2]
        for triple in triples
        if triple.object == ox.NamedNode("https://w3id.org/disarm-kg/ns#Incident")
    }
    # T0001, folded, and T0003 stand together in I00001 alone.
    assert incidents == {"I00001"}
    held = {quad.triple for quad in store.quads(ox.DefaultGraph())}
    notation = ox.NamedNode("http://www.w3.org/2004/02/skos/core#notation")
    assert {triple for triple in triples if triple.predicate != notation} <= held


def test_counts_alone_give_the_same_pairs(facts: kg.KnowledgeGraph, real: str, show: Show) -> None:
    from kg.views.explorer import render_explorer  # noqa: PLC0415 - only here

    told = rows(show(real))
    counted = show(render_explorer(facts.store, counts_only=True))
    assert rows(counted) == told
    counted.set(chosen=["T0097", "T0143"])
    assert "counts alone" in counted.panel
    for view in ("framework", "network", "timeline", "sets", "page"):
        counted.set(view=view)
    assert counted.faults == []


RELEASES = """
GRAPH <https://w3id.org/disarm-kg/graph/release/8.8> {
  incident:I00001 kg:usesTechnique disarm:T0002, disarm:T0007 . incident:I00004 kg:usesTechnique disarm:T0002 .
}
GRAPH <https://w3id.org/disarm-kg/graph/history> {
  disarm:T0007 owl:deprecated true ; dcterms:identifier "T0007" ; skos:hiddenLabel "Rafts" .
}
"""


def test_a_release_is_counted_as_it_was_published_with_what_is_retired_since(show: Show) -> None:
    shown = show(render_explorer(store_of(FACTS, graphs=RELEASES)), "folded=")
    shown.page.get_by_label("Release").select_option(label="8.8 as published")
    # By hand: I00001 holds T0002 and T0007, I00004 holds T0002; the graph as it stands has four incidents.
    assert [(row["technique_a"], row["technique_b"], row["count"], row["units"]) for row in rows(shown)] == [
        ("T0002", "T0007", "1", "2")
    ]
    assert "N = 2 incidents" in shown.page.locator("#counts-said").inner_text()
    assert "T0007 Rafts" in shown.page.locator("#panel").inner_text().replace("\n", " ")
    assert "technique/T0007>" in shown.ask("() => kgExplorer.turtle()")
    shown.page.get_by_role("button", name="Clear filters").click()
    assert "N = 4 incidents" in shown.page.locator("#counts-said").inner_text()


def test_an_address_with_a_release_the_page_does_not_hold_counts_what_it_holds(real: str, show: Show) -> None:
    shown = show(real, "release=0.1&unit=observation")
    assert (shown.state["release"], shown.state["unit"]) == ("", "observation")
    shown.set(release="1.4")
    assert (shown.state["release"], shown.state["unit"]) == ("1.4", "incident")
    # As `SELECT (COUNT(*) AS ?n)` over GRAPH <.../release/1.4> tells: 68 pairs in 24 incidents.
    assert shown.ask("() => kgExplorer.counts().units") == 24
