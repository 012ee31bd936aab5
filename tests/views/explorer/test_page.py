"""The page as a reader meets it: offline, by keyboard, with the evidence, and back again by its address."""

from __future__ import annotations

import gzip
import importlib.resources
import itertools
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

from kg.errors import ViewError
from kg.views.explorer import render_explorer
from kg.views.explorer.pack import json_block, pack_sets
from tests.views.explorer.conftest import FACTS, VIEWS, store_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import kg
    from tests.views.explorer.conftest import Shown

    Show = Callable[..., Shown]

browser = pytest.mark.browser


def test_the_same_facts_give_the_same_bytes_and_a_page_of_bounded_size(facts: kg.KnowledgeGraph, real: str) -> None:
    assert facts.explore().html == real
    assert len(real.encode()) < 1_000_000
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', real, re.DOTALL)
    assert data
    shell = len(real.encode()) - len(data[1].encode())
    assert shell < 150_000


def test_the_script_is_no_larger_than_it_may_be() -> None:
    script = (importlib.resources.files("kg.views.explorer") / "bundle" / "explorer.js").read_bytes()
    assert len(script) <= 120_000
    assert len(gzip.compress(script, 9)) <= 40_000


def test_nothing_of_another_host_stands_in_the_shell(tiny: str) -> None:
    shell = re.sub(r'(?s)<script type="application/json".*?</script>', "", tiny)
    hosts = set(re.findall(r"https?://[^\s\"'`<>)]+", shell))
    # Namespaces of XML and RDF, and the shape of an address that the search placeholder names none of.
    assert {host.split("/")[2] for host in hosts} <= {"www.w3.org", "purl.org"}


@pytest.mark.parametrize(
    ("origin", "told"),
    [
        ("/secret/case 7/DISARM-17", "DISARM-17"),
        ("C:\\secret\\DISARM-17\\", "DISARM-17"),
        ("https://kg.example/sparql", "https://kg.example/sparql"),
    ],
)
def test_a_page_that_is_passed_on_tells_no_folder_of_its_machine(origin: str, told: str) -> None:
    page = render_explorer(store_of(FACTS), origin=origin)
    assert told in page
    assert "secret" not in page


def test_a_graph_without_incidents_is_refused_in_one_line() -> None:
    with pytest.raises(ViewError, match="holds no incident"):
        render_explorer(store_of("<id:x> a kg:Technique .", ""))


def test_json_in_the_page_holds_no_markup() -> None:
    block = json_block({"a": "</script><!--&"})
    assert not set("<>&") & set(block)
    assert json.loads(block) == {"a": "</script><!--&"}


def test_sets_are_packed_by_gaps() -> None:
    # Sizes 2 and 0; gaps 5 and 200 = 0xC8 -> 0xC8 0x01.
    assert pack_sets([[5, 205], []]) == "AgXIAQA="


@browser
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_with_the_network_cut_and_asks_for_nothing(view: str, real: str, show: Show) -> None:
    shown = show(real, f"view={view}")
    shown.page.wait_for_timeout(100)
    assert [url.partition(":")[0] for url in shown.requests] == ["file"]
    assert shown.faults == []
    assert shown.page.locator("#tabs [aria-current]").inner_text().lower() in {view, "pages"}
    assert shown.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


@browser
def test_evidence_of_a_pair_names_incident_passage_article_and_finding(tiny: str, show: Show) -> None:
    shown = show(tiny, "chosen=T0001 T0002")
    panel = shown.page.locator("#panel")
    assert "3 incidents of N 4 hold all of them." in shown.panel
    assert panel.locator(".cases > li").count() == 3
    first = panel.locator(".cases > li").first
    assert first.locator("mark.own").inner_text() == "(T0001.001, T0002)"
    assert "2018 (year of the act, as stated)" in first.inner_text()
    assert first.locator("a").first.get_attribute("href") == "https://example.org/regatta"
    assert first.get_by_text("archived copy").get_attribute("href") == "https://example.net/copy"
    first.get_by_text("1 finding").click()
    assert "torn-sail the sail is torn; mend it generated_pages/incidents/I00001.md:7" in first.inner_text()


@browser
def test_a_description_that_was_put_back_says_on_what_that_rests(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=page&focus=I00001")
    told = shown.page.locator("#view section", has_text="Put back").inner_text()
    assert "passage bb was put back here: tags in order, confidence 0.99; the release shows it under I00002" in told


@browser
def test_a_publication_is_never_shown_as_the_year_of_the_act(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=page&focus=I00003")
    assert "year of the act unknown; first reported 2021-05-06" in shown.page.locator("#view").inner_text()


@browser
def test_search_finds_by_alias_and_opens_the_page(tiny: str, show: Show) -> None:
    shown = show(tiny)
    shown.page.keyboard.press("/")
    shown.page.keyboard.type("seagu")
    assert shown.page.locator("#hits [aria-selected=true]").inner_text() == "The Gull actor"
    shown.page.keyboard.press("Enter")
    assert shown.page.locator("#card-title").inner_text() == "The Gull"
    assert "Regatta" in shown.page.locator("#view").inner_text()
    assert shown.state["focus"] == "actor:gull"


@browser
def test_an_address_restores_the_whole_view_and_undo_goes_back(real: str, show: Show) -> None:
    shown = show(real)
    shown.set(view="framework", unit="observation", measure="npmi", least=2, chosen=["T0097.202"], folded=[])
    before = shown.state
    address = shown.page.url.partition("#")[2]
    assert show(real, address).state == before
    shown.set(view="sets")
    shown.page.keyboard.press("Control+z")
    assert shown.state == before
    shown.page.locator("#undo").click()
    assert shown.state["view"] == "matrix"


@browser
@pytest.mark.parametrize(
    "address",
    [
        "view=nowhere&least=-4&q=abc&from=x",
        "%E0%A4%A",
        "chosen=T9999 __proto__&focus=constructor&view=page",
        "things=actor:nobody&tactics=TA99&view=network&focus=I99999",
    ],
)
def test_an_address_that_cannot_be_is_no_fault(address: str, tiny: str, show: Show) -> None:
    shown = show(tiny, address)
    assert shown.faults == []
    assert shown.page.locator("#controls").inner_text()


@browser
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1920, 1080)])
def test_the_matrix_fills_its_canvas_and_names_every_row_and_column_in_full(
    width: int, height: int, real: str, show: Show
) -> None:
    shown = show(real, viewport={"width": width, "height": height})
    # The last cell of the diagonal is grey: it touches the right edge or the lower one.
    right, bottom = shown.ask("""() => {
      const canvas = document.querySelector("#view canvas");
      const { data, width, height } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let [right, bottom] = [0, 0];
      for (let at = 0; at < width * height; at++) {
        if (data[4 * at] !== 196 || data[4 * at + 1] !== 199 || data[4 * at + 2] !== 204) continue;
        [right, bottom] = [Math.max(right, at % width), Math.floor(at / width)];
      }
      return [width - right, height - bottom];
    }""")
    assert min(right, bottom) < 16
    names = [item.text for item in ET.fromstring(shown.ask("() => kgExplorer.svg()")).iter() if item.text]  # noqa: S314
    for technique in shown.ask("() => kgExplorer.csv()").splitlines()[1:3]:
        found = [name for name in names if name.lstrip("\u25b8\u25be ").startswith(technique.split(",")[0])]
        assert len(found) == 2
        assert not any(name.endswith("\u2026") for name in found)


@browser
def test_the_matrix_is_used_by_keyboard(tiny: str, show: Show) -> None:
    shown = show(tiny)
    shown.page.locator("#view canvas").focus()
    # In the order of the kill chain (TA09 first): T0002, T0003, T0004, T0001.
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight"):
        shown.page.keyboard.press(key)
    assert (
        shown.page.locator("#live")
        .inner_text()
        .startswith("T0002 Kites with T0001 Boats: 3 incidents of N 4, Jaccard 1")
    )
    shown.page.keyboard.press("Enter")
    assert shown.state["chosen"] == ["T0002", "T0001"]
    shown.page.locator("#view canvas").focus()
    for _ in range(3):
        shown.page.keyboard.press("ArrowDown")
    shown.page.keyboard.press("f")
    assert shown.state["folded"] == []


@browser
def test_the_network_is_used_by_keyboard_and_says_how_many_it_shows(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=network&focus=I00001")
    assert "showing 6 of 6 neighbours" in shown.page.locator("#network-said").inner_text()
    shown.page.locator("#view canvas").focus()
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press("ArrowRight")
    shown.page.keyboard.press("Enter")
    assert shown.state["focus"] not in {"", "I00001"}


@browser
def test_a_path_leads_through_incidents(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=network&focus=actor:gull&pathTo=T0003")
    assert "Path: actor:gull \u2013 I00001 \u2013 T0003." in shown.page.locator("#network-said").inner_text()
    shown.set(pathTo="T0004")
    assert "No path to T0004" in shown.page.locator("#network-said").inner_text()


@browser
def test_sets_are_exclusive_or_inclusive_and_say_which(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=sets&chosen=T0001 T0002 T0003")
    table = shown.ask("() => kgExplorer.csv()").splitlines()
    assert table == ["techniques,units_with_exactly_these,units", "T0001 T0002,2,4", "T0001 T0002 T0003,1,4"]
    shown.page.get_by_text("count units that hold at least these").click()
    table = shown.ask("() => kgExplorer.csv()").splitlines()
    assert table[1:] == ["T0001 T0002,3,4", "T0001 T0002 T0003,1,4"]
    assert "inclusive" in shown.page.locator("#view").inner_text()


@browser
def test_two_periods_are_compared_with_an_interval(tiny: str, show: Show) -> None:
    shown = show(tiny, "view=timeline&periodA=2018&periodB=2020")
    lines = shown.ask("() => kgExplorer.csv()").splitlines()
    assert lines[0] == "technique,name,count_2018,n_2018,count_2020,n_2020,difference,low,high"
    # One of one against none of one: Newcombe's interval of 0/1 - 1/1, with Wilson (0.2065, 1) and (0, 0.7935).
    hats = next(line for line in lines if line.startswith("T0003")).split(",")
    assert hats[2:6] == ["1", "1", "0", "1"]
    assert [float(value) for value in hats[6:]] == pytest.approx([-1.0, -1.0, 0.122113], abs=2e-3)


@browser
@pytest.mark.parametrize("view", [view for view in VIEWS if view != "page"])
def test_a_picture_of_every_view_is_well_formed_and_not_empty(view: str, real: str, show: Show) -> None:
    shown = show(real, f"view={view}")
    svg = shown.ask("() => kgExplorer.svg()")
    root = ET.fromstring(svg)  # noqa: S314 - made by our own page a moment ago
    assert len(list(root.iter())) > 40
    assert "<script" not in svg


@browser
def test_pictures_and_tables_are_saved(tiny: str, show: Show) -> None:
    shown = show(tiny)
    for name, ending in (
        ("PNG picture", ".png"),
        ("SVG picture", ".svg"),
        ("CSV table", ".csv"),
        ("Turtle of the selection", ".ttl"),
        ("Navigator layer", ".json"),
    ):
        shown.page.locator("#take").click()
        with shown.page.expect_download() as download:
            shown.page.get_by_role("button", name=name).click()
        assert download.value.suggested_filename.endswith(ending)
        assert download.value.path().stat().st_size > 100
    assert shown.faults == []


@browser
def test_the_layer_scores_by_units(tiny: str, show: Show) -> None:
    layer = json.loads(show(tiny).ask("() => kgExplorer.layer()"))
    assert layer["domain"] == "DISARM"
    assert {item["techniqueID"]: item["score"] for item in layer["techniques"]} == {
        "T0001": 3,
        "T0002": 3,
        "T0003": 1,
        "T0004": 1,
    }


@browser
def test_names_in_the_network_never_lie_on_each_other(real: str, show: Show) -> None:
    shown = show(real, "view=network&folded=", viewport={"width": 1920, "height": 1080})
    boxes = shown.ask("() => kgExplorer.part().scene.labels")
    assert len(boxes) > 20
    for a, b in itertools.combinations(boxes, 2):
        assert a[0] >= b[2] or b[0] >= a[2] or a[1] >= b[3] or b[1] >= a[3]


@browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_nothing(view: str, width: int, scheme: str, real: str, show: Show) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    height = 800 if width > 900 else 844
    address = f"view={view}&chosen=T0097 T0143" + ("&focus=I00100" if view in {"page", "network"} else "")
    shown = show(real, address, color_scheme=scheme, viewport={"width": width, "height": height}, bypass_csp=True)
    shown.page.wait_for_timeout(50)
    found = axe.Axe().run(shown.page)
    assert [
        (item["id"], [node["html"][:120] for node in item["nodes"][:3]]) for item in found.response["violations"]
    ] == []
