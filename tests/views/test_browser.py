from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.views import VIEWS, render_view, view

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from kg.store.embedded import EmbeddedStore
    from tests.views.conftest import Opened

    OpenPage = Callable[..., Opened]

pytestmark = pytest.mark.browser


def pairs_page(store: EmbeddedStore) -> str:
    return render_view(store, "cooccurrence").html


def state(page: Page) -> dict[str, object]:
    found: dict[str, object] = page.evaluate("() => kgPage.state()")
    return found


def spot(page: Page, label: str) -> tuple[float, float]:
    """Where a node stands in the window."""
    box = page.locator("#graph").bounding_box()
    assert box is not None
    place = page.evaluate("(label) => kgPage.place(label)", label)
    return box["x"] + place["x"], box["y"] + place["y"]


@pytest.mark.parametrize("name", VIEWS)
def test_a_page_opens_with_the_network_cut_and_asks_for_nothing(
    name: str, store: EmbeddedStore, open_page: OpenPage
) -> None:
    opened = open_page(render_view(store, name).html)

    assert [url.partition(":")[0] for url in opened.requests] == ["file"]
    assert opened.faults == []
    assert opened.page.title() == opened.page.locator("h1").inner_text()
    assert opened.page.evaluate("() => document.documentElement.lang") == "en"


def test_something_is_really_drawn(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    distinct = page.evaluate(
        """() => { const c = document.querySelector("#graph canvas");
        const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data; const seen = new Set();
        for (let i = 0; i < d.length; i += 4) if (d[i + 3] === 255) seen.add(d[i] + "," + d[i + 1] + "," + d[i + 2]);
        return [...seen]; }"""
    )
    # TA09 stands first in the legend (orange), TA02 second (sky blue).
    assert {"230,159,0", "86,180,233"} <= set(distinct)


def test_labels_never_lie_on_each_other(dense: nx.Graph[str], open_page: OpenPage) -> None:
    page = open_page(view(dense).html).page
    for _ in range(3):
        boxes = [label["box"] for label in page.evaluate("() => kgPage.state().labels")]
        assert len(boxes) > 20
        for a, b in itertools.combinations(boxes, 2):
            assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]
        page.get_by_label("Zoom in").click()


def test_the_hub_has_its_name(store: EmbeddedStore, open_page: OpenPage) -> None:
    labels = open_page(pairs_page(store)).page.evaluate("() => kgPage.state().labels")
    assert ["T0001", "Boats"] in [label["rows"] for label in labels]


def test_search_finds_by_name_and_says_how_many(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page

    page.get_by_label("Find by id or name").fill("kIt")
    assert page.locator("#hits-said").inner_text() == "1 found"
    page.keyboard.press("Enter")

    assert page.locator("#details h2").inner_text() == "T0002 Kites"


def test_search_finds_by_id_and_arrows_lead_through_the_hits(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page

    page.get_by_label("Find by id or name").fill("T000")
    assert page.locator("#hits li").count() == 3
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    # By count, then id: T0001 and T0002 in three incidents each, T0003 in one.
    assert page.locator("#details h2").inner_text() == "T0002 Kites"
    assert page.locator("#hits").is_hidden()


def test_search_without_a_hit_says_so(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    page.get_by_label("Find by id or name").fill("zeppelin")
    assert page.locator("#hits-said").inner_text() == "0 found"


def test_the_threshold_hides_weak_edges_and_says_how_many(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    assert page.locator("#shown").inner_text() == (
        "Showing 3 of 3 techniques and 3 of 3 pairs (pairs seen together in 1 or more incidents)."
    )

    page.get_by_label("Pairs seen together in … or more incidents").focus()
    page.keyboard.press("ArrowRight")

    # The next strength above 1 is 3: only T0001 + T0002 are left.
    assert page.locator("#shown").inner_text() == (
        "Showing 2 of 3 techniques and 1 of 3 pairs (pairs seen together in 3 or more incidents)."
    )
    assert state(page)["nodes"] == ["T0001", "T0002"]
    assert state(page)["edges"] == 1


def test_a_node_that_is_chosen_lists_its_neighbours_with_counts(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page

    page.mouse.click(*spot(page, "T0001"))

    assert page.locator("#details h2").inner_text() == "T0001 Boats"
    rows = [row.inner_text().split("\n") for row in page.locator("#details li").all()]
    assert rows == [["T0002 Kites", "3"], ["T0003 Hats", "1"]]
    page.get_by_role("button", name="T0003 Hats", exact=True).click()
    assert page.locator("#details h2").inner_text() == "T0003 Hats"


def test_an_edge_shows_its_measures(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    page.mouse.click(*spot(page, "T0003"))

    page.get_by_role("button", name="pair with T0001 Boats: 1; show its numbers").click()

    facts = page.locator("#details dl").inner_text().split("\n")
    # T0001 is in 3 of 3 incidents, T0003 in 1: jaccard 1/3, lift 1 * 3 / (3 * 1) = 1, pmi log2 1 = 0, npmi 0.
    assert dict(zip(facts[::2], facts[1::2], strict=True)) == {
        "incidents": "1",
        "jaccard": "0.3333",
        "lift": "1",
        "pmi": "0",
        "npmi": "0",
    }


def test_an_edge_can_be_clicked_in_the_drawing(open_page: OpenPage) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_edge("left", "right", weight=5)
    page = open_page(view(network).html).page
    (x0, y0), (x1, y1) = spot(page, "left"), spot(page, "right")

    page.mouse.click((x0 + x1) / 2, (y0 + y1) / 2)

    assert page.locator("#details h2").inner_text() == "Edge"
    assert page.locator("#details dl").inner_text().split("\n") == ["weight", "5"]


def test_hovering_shows_name_and_count_as_text(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page

    page.mouse.move(*spot(page, "T0001"))

    tip = page.locator(".vis-tooltip")
    tip.wait_for(state="visible")
    assert tip.inner_text().split("\n") == ["T0001 Boats", "tactic: TA02 Sail", "incidents: 3"]


def test_the_legend_hides_a_group(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page

    page.get_by_label("TA09 Fold").focus()
    page.keyboard.press("Space")

    assert state(page)["nodes"] == ["T0001"]
    assert state(page)["edges"] == 0


def test_the_drawing_can_be_moved_zoomed_and_cleared_by_keys(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    page.mouse.click(*spot(page, "T0001"))
    page.locator("#graph").focus()
    x, y = spot(page, "T0001")

    page.keyboard.press("ArrowRight")
    assert spot(page, "T0001") == pytest.approx((x - 60, y), abs=1)
    before = page.evaluate("() => kgPage.state().scale")
    page.keyboard.press("+")
    assert page.evaluate("() => kgPage.state().scale") == pytest.approx(1.25 * before)
    page.keyboard.press("Escape")
    assert page.locator("#details h2").inner_text() == "3 techniques shown"


def test_every_control_can_be_reached_by_tab_and_has_a_name(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.id || document.activeElement.textContent"))

    assert reached[:7] == ["find", "threshold", "closer", "farther", "fit", "clear", "graph"]
    assert "T0001 Boats" in reached
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input")].filter((one) =>
        !(one.labels?.length || one.getAttribute("aria-label") || one.textContent.trim())).length"""
    )
    assert nameless == 0


def test_a_reader_who_chooses_in_the_panel_stays_in_the_panel(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store)).page
    page.get_by_role("button", name="T0002 Kites").focus()
    page.keyboard.press("Enter")

    assert page.evaluate("() => document.activeElement.id") == "details"
    assert page.locator("#chosen-said").inner_text() == "T0002 Kites: 2 pairs"


def test_dark_is_dark_and_black_marks_turn_white(open_page: OpenPage) -> None:
    network: nx.Graph[str] = nx.Graph()
    network.add_nodes_from((f"N{index}", {"group": f"G{index}"}) for index in range(8))
    html = view(network).html
    grounds = {}
    marks = {}
    for scheme in ("light", "dark"):
        page = open_page(html, color_scheme=scheme).page
        grounds[scheme] = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
        marks[scheme] = page.evaluate(
            """(at) => { const c = document.querySelector("#graph canvas");
            return [...c.getContext("2d").getImageData(at.x, at.y, 1, 1).data]; }""",
            page.evaluate("() => kgPage.place('N7')"),
        )

    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 28)"}
    # The eighth colour of the palette is black.
    assert marks == {"light": [0, 0, 0, 255], "dark": [255, 255, 255, 255]}


@pytest.mark.parametrize(("motion", "arrives"), [("reduce", "at once"), ("no-preference", "later")])
def test_nothing_glides_for_those_who_asked_for_less_motion(
    motion: str, arrives: str, dense: nx.Graph[str], open_page: OpenPage
) -> None:
    page = open_page(view(dense).html, reduced_motion=motion).page
    arrived = page.evaluate(
        """() => { const before = kgPage.place("N055"); document.getElementById("find").value = "N055";
        document.getElementById("controls").requestSubmit(); const at = kgPage.place("N055");
        const holder = document.getElementById("graph");
        return Math.hypot(at.x - holder.clientWidth / 2, at.y - holder.clientHeight / 2) < 2; }"""
    )
    assert ("at once" if arrived else "later") == arrives


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_runs_out_of_the_window(width: int, store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store), viewport={"width": width, "height": 800}).page
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= width


def test_on_paper_there_are_no_controls(store: EmbeddedStore, open_page: OpenPage) -> None:
    page = open_page(pairs_page(store), color_scheme="dark").page
    page.emulate_media(media="print")

    assert page.locator("#controls").is_hidden()
    assert page.locator("#legend").is_visible()
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_a_page_works_in_the_frame_of_a_notebook(store: EmbeddedStore, open_page: OpenPage) -> None:
    notebook = open_page(pairs_page(store)).page.context.new_page()
    faults: list[str] = []
    notebook.on("console", lambda message: faults.append(message.text))
    notebook.set_content(render_view(store, "cooccurrence")._repr_html_())
    frame = notebook.frames[1]
    frame.wait_for_function("() => window.kgPage && kgPage.state().scale > 0")

    assert frame.evaluate("() => kgPage.state().nodes") == ["T0001", "T0002", "T0003"]
    assert frame.evaluate("() => origin") == "null"
    assert faults == []
