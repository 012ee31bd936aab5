"""No text of the data becomes markup or script, with the page's policy and without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import pytest

from kg.views import view

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.views.conftest import Opened

pytestmark = pytest.mark.browser

HOSTILE = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "</title><script>window.hit=1</script>",
    "</style><script>window.hit=1</script>",
    "--><script>window.hit=1</script><!--",
    "<!--<script>",
    "]]><script>window.hit=1</script>",
    "<img src=x onerror=window.hit=1>",
    "<svg onload=window.hit=1>",
    "<svg><script>window.hit=1</script></svg>",
    "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>",
    "<iframe src=javascript:parent.hit=1></iframe>",
    "<a href='javascript:window.hit=1'>click</a>",
    "<details open ontoggle=window.hit=1>",
    "<input autofocus onfocus=window.hit=1>",
    "<body onload=window.hit=1>",
    "<math><mtext><img src=x onerror=window.hit=1></mtext></math>",
    "<link rel=stylesheet href=https://example.org/x.css>",
    "<base href=https://example.org/>",
    "<meta http-equiv=refresh content='0;url=https://example.org/'>",
    "<object data=javascript:window.hit=1></object>",
    "' onmouseover='window.hit=1",
    '" onmouseover="window.hit=1',
    "');window.hit=1;//",
    '");window.hit=1;//',
    "`${window.hit=1}`",
    "{{constructor.constructor('window.hit=1')()}}",
    "$title ${script} $$ $policy",
    "\\u003cimg src=x onerror=window.hit=1\\u003e",
    "&lt;img src=x onerror=window.hit=1&gt;",
    "\u2028window.hit=1;\u2029",
    "javascript:window.hit=1",
    "__proto__",
    "constructor",
    "*bold* _it_ `code` <b>b</b>",
)


def hostile_network() -> nx.Graph[str]:
    """Each text as an id, a name, a group, a group's name, an attribute's name and value, and on edges."""
    network: nx.Graph[str] = nx.Graph(name=HOSTILE[2], title=HOSTILE[2], unit=HOSTILE[1], evidence=HOSTILE[7])
    for index, text in enumerate(HOSTILE):
        network.add_node(text, label=f"Name {text}", title=text, count=index + 1, **{text: text})
        network.nodes[text]["tactic"] = text
        network.nodes[text]["tactic_label"] = text
    for index, text in enumerate(HOSTILE):
        other = HOSTILE[(index + 1) % len(HOSTILE)]
        network.add_edge(text, other, weight=index + 1, label=text, title=text, **{text: other})
    return network


@pytest.mark.parametrize("policy", ["with", "without"])
def test_hostile_text_stays_text(policy: str, open_page: Callable[..., Opened]) -> None:
    opened = open_page(view(hostile_network()).html, bypass_csp=policy == "without")
    page = opened.page

    for text in HOSTILE:
        page.get_by_label("Find by id or name").fill(" ".join(text.split()))
        page.keyboard.press("Enter")
        assert page.locator("#details h3").inner_text() == "2 edges"
        page.locator("#details .plain.number").first.click()
        assert page.locator("#details h2").inner_text() == "Edge"
    for box in page.locator("#legend input").all():
        box.uncheck()
        box.check()
    page.get_by_text("Clear selection").click()
    page.get_by_text("Whole picture").click()
    area = page.locator("#graph").bounding_box()
    assert area is not None
    for label in page.evaluate("() => kgPage.state().nodes"):
        at = page.evaluate("(label) => kgPage.place(label)", label)
        page.mouse.move(area["x"] + at["x"], area["y"] + at["y"])
    page.locator(".vis-tooltip").wait_for(state="visible")
    page.wait_for_timeout(150)

    assert page.evaluate("() => window.hit") is None
    assert page.evaluate("() => document.scripts.length") == 3
    strange = "img, iframe, object, embed, link, base, a, math, details, #graph svg, meta[http-equiv=refresh], b"
    assert page.evaluate("(names) => document.querySelectorAll(names).length", strange) == 0
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    assert opened.faults == []
    assert page.title() == HOSTILE[2]


def test_the_corpus_would_be_seen_to_execute_if_it_did(open_page: Callable[..., Opened]) -> None:
    page = open_page(view(nx.path_graph(2)).html, bypass_csp=True).page
    page.evaluate("(text) => { document.getElementById('details').innerHTML = text; }", HOSTILE[7])
    page.wait_for_function("() => window.hit === 1")
    assert page.evaluate("() => document.querySelectorAll('img').length") == 1


def test_the_policy_would_stop_what_slipped_through(open_page: Callable[..., Opened]) -> None:
    opened = open_page(view(nx.path_graph(2)).html)
    opened.page.evaluate("(text) => { document.getElementById('details').innerHTML = text; }", HOSTILE[7])
    opened.page.wait_for_timeout(200)

    assert opened.page.evaluate("() => window.hit") is None
    assert any("policy" in fault for fault in opened.faults)
