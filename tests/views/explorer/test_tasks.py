"""Five tasks of a new user on the embedded facts, by what the page shows alone: labels, names of buttons, keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
import rdflib

from kg.analysis.significance import Significance

if TYPE_CHECKING:
    from collections.abc import Callable

    import kg
    from tests.views.explorer.conftest import Shown

    Show = Callable[..., Shown]

pytestmark = pytest.mark.browser


def test_which_techniques_go_with_generated_images_and_who_says_so(real: str, show: Show) -> None:
    shown = show(real)
    page = shown.page
    page.get_by_role("combobox", name="Find").fill("AI-generated image")
    page.get_by_role("option", name=re.compile("(?<!retired) technique$")).first.click()
    # What is chosen is told in the evidence, with its page beside it.
    panel = page.get_by_role("complementary", name="Evidence")
    assert re.search("AI-Generated", panel.get_by_role("heading").first.inner_text(), re.IGNORECASE)
    panel.get_by_role("button", name="Open its page").click()
    view = page.get_by_label("View", exact=True)
    row = view.get_by_role("table").first.get_by_role("row").nth(1)
    row.get_by_role("button", name=re.compile("^Why")).click()
    assert panel.get_by_role("heading", name="Why these two?").is_visible()
    assert panel.get_by_role("link", name=re.compile("http")).count() > 0


def test_what_one_actor_did_on_one_platform(real: str, show: Show, facts: kg.KnowledgeGraph) -> None:
    shown = show(real)
    page = shown.page
    controls = page.get_by_label("Filters and settings")
    controls.get_by_text("Actors", exact=False).first.click()
    controls.get_by_label(re.compile("^ *Spamouflage")).check()
    controls.get_by_text("Platforms", exact=False).first.click()
    controls.get_by_label(re.compile("^ *YouTube")).check()
    rows = facts.store.select(
        """SELECT DISTINCT ?i ?t { ?i kg:attributedTo|kg:alignedWith ?a ; kg:onPlatform ?p ; kg:usesTechnique ?t .
        ?a dcterms:identifier "spamouflage" . ?p skos:prefLabel "YouTube"@en }"""
    ).values()
    incidents = {row[0] or "" for row in rows}
    assert len(incidents) > 1
    assert f"N = {len(incidents)} incidents" in controls.get_by_role("status").inner_text()
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Pages").click()
    listed = page.get_by_label("View", exact=True).get_by_role("table").inner_text()
    for incident in incidents:
        assert incident.rpartition("/")[2] in listed


def test_which_pairs_are_more_than_chance(real: str, show: Show, facts: kg.KnowledgeGraph) -> None:
    shown = show(real)
    panel = shown.page.get_by_role("complementary", name="Evidence")
    told = panel.get_by_role("heading", name="More than chance").inner_text()
    pairs = facts.cooccurrence(unit="incident", level="parent", significance=Significance())
    # The sentences of the command line tell the same number.
    number = told.rpartition(" ")[2]
    assert re.search(rf"\b{number}\b", " ".join(pairs.sentences()))
    assert int(number) > 0
    panel.get_by_role("listitem").first.get_by_role("button").focus()
    shown.page.keyboard.press("Enter")
    assert panel.get_by_role("heading", name="Why these two?").is_visible()
    assert "More often than chance at 5 %." in panel.inner_text()


def test_what_changed_between_two_years(real: str, show: Show) -> None:
    shown = show(real)
    page = shown.page
    page.get_by_role("navigation", name="Views").get_by_role("button", name="Timeline").click()
    page.get_by_label("first period").fill("2020")
    page.get_by_label("second period").fill("2023")
    page.get_by_role("button", name="Compare").click()
    view = page.get_by_label("View", exact=True)
    assert re.search(r"2020: N \d+; 2023: N \d+", view.inner_text())
    assert view.get_by_role("table").get_by_role("row").count() > 10


def test_a_selection_is_taken_away_as_turtle_and_as_a_picture(real: str, show: Show) -> None:
    shown = show(real)
    page = shown.page
    panel = page.get_by_role("complementary", name="Evidence")
    panel.get_by_role("listitem").first.get_by_role("button").click()
    found = re.search(r"(\d+) incidents of N", panel.inner_text())
    assert found
    kept = {}
    for name in ("Turtle of the selection", "PNG picture"):
        page.get_by_text("Take away", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        kept[name] = download.value.path().read_bytes()
    assert kept["PNG picture"].startswith(b"\x89PNG\r\n")
    graph = rdflib.Graph().parse(data=kept["Turtle of the selection"], format="turtle")
    incident = rdflib.URIRef("https://w3id.org/disarm-kg/ns#Incident")
    assert len(list(graph.subjects(rdflib.RDF.type, incident))) == int(found[1]) > 1


def test_who_chooses_a_sub_technique_by_search_sees_it_counted(real: str, show: Show, facts: kg.KnowledgeGraph) -> None:
    shown = show(real)
    shown.page.get_by_role("combobox", name="Find").fill("T0154.002")
    shown.page.keyboard.press("Enter")
    query = "SELECT DISTINCT ?i { ?i a kg:Incident ; kg:usesTechnique disarm:T0154.002 }"
    rows = facts.store.select(query).values()
    assert f"{len(list(rows))} incidents of N" in shown.panel
    assert "T0154" not in shown.state["folded"]
    # Folding everything again leaves the parent chosen.
    shown.page.get_by_label("sub-techniques as their parent").check()
    assert (shown.state["chosen"], shown.state["folded"]) == (["T0154"], "all")


def test_what_is_retired_comes_last_in_the_search_and_says_so(real: str, show: Show) -> None:
    shown = show(real)
    shown.page.get_by_role("combobox", name="Find").fill("AI-generated image")
    hits = shown.page.locator("#hits").get_by_role("option").all_inner_texts()
    assert hits[-1] == "T0086.002 Develop AI-Generated Images (Deepfakes) retired technique"
    assert not any("retired" in hit for hit in hits[:-1])
