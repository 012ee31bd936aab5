"""Text of strangers in every field of every kind stays text, with the page's policy and without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.store.embedded import EmbeddedStore
from kg.views.explorer import render_explorer
from tests.views.explorer.conftest import FACTS, FINDING, VIEWS, store_of
from tests.views.test_injection import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.views.explorer.conftest import Shown

    Show = Callable[..., Shown]

pytestmark = pytest.mark.browser

MORE = (
    "data:text/html,<script>parent.hit=1</script>",
    "javascript:/*--></title></style></textarea></script><svg/onload='window.hit=1'>",
    'https://example.org/" onmouseover="window.hit=1',
    "//example.org/x",
    "\x01\x02<img src=x onerror=window.hit=1>",
    '=HYPERLINK("https://example.org")',
    "\u202e<script>window.hit=1</script>",
    "%3Cscript%3Ewindow.hit=1%3C/script%3E",
)
CORPUS = (*HOSTILE, *MORE)
TITLE = ox.NamedNode("http://purl.org/dc/terms/title")
STRANGE = "img, iframe, object, embed, base, math, link, meta[http-equiv=refresh]"


def hostile_store(text: str) -> EmbeddedStore:
    """Every literal that is no number, day or id of the fictional facts becomes the hostile text."""
    kept = re.compile(r"[A-Z]*\d[\d.-]*|accepted|sound|gull|pond|aa|bb|cc|dd|I00001-.*|T\d.*|GB")

    def turned(quad: ox.Quad) -> ox.Quad:
        value = quad.object
        if isinstance(value, ox.Literal) and not kept.fullmatch(value.value):
            value = (
                ox.Literal(text, language=value.language)
                if value.language
                else ox.Literal(text, datatype=value.datatype)
            )
        return ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)

    return EmbeddedStore.from_quads([turned(quad) for quad in store_of(FACTS, FINDING).quads()])


def test_the_corpus_is_large_enough() -> None:
    assert len(set(CORPUS)) >= 40


@pytest.mark.parametrize("policy", ["with", "without"])
def test_hostile_text_in_every_field_executes_nothing(policy: str, show: Show) -> None:
    # Without the policy whatever slips through runs; with it some are enough to see that the page itself keeps to it.
    for text in CORPUS if policy == "without" else CORPUS[::4]:
        shown = show(render_explorer(hostile_store(text), origin=text), bypass_csp=policy == "without")
        for view in VIEWS:
            shown.set(view=view, chosen=["T0001", "T0002"])
        for view in ("page", "network"):
            shown.ask(
                "([view, keys]) => { for (const focus of keys) kgExplorer.set({ view, focus }); }",
                [view, ["I00001", "T0001", "actor:gull", "platform:pond", "country:GB", ""]],
            )
        shown.page.locator("#find").fill("T0001")
        shown.ask("() => document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        for script in ("csv", "svg", "turtle", "layer", "query"):
            shown.ask(f"() => kgExplorer.{script}()")
        turtle = ox.parse(shown.ask("() => kgExplorer.turtle()").encode(), format=ox.RdfFormat.TURTLE)
        assert {quad.object.value for quad in turtle if quad.predicate == TITLE} == {text}
        assert shown.ask("() => window.hit") is None, text
        assert shown.ask("() => document.scripts.length") == 2
        assert shown.ask("(names) => document.querySelectorAll(names).length", STRANGE) == 0
        hrefs = shown.ask("() => [...document.querySelectorAll('a')].map((item) => item.protocol)")
        assert set(hrefs) <= {"http:", "https:"}
        assert [url for url in shown.requests if not url.startswith("file:")] == []
        assert shown.faults == [], text
        shown.page.context.close()


def test_a_cell_that_a_spreadsheet_would_run_is_defused(show: Show) -> None:
    shown = show(render_explorer(hostile_store('=HYPERLINK("https://example.org")')), "view=framework")
    assert '"\'=HYPERLINK(""https://example.org"")"' in shown.ask("() => kgExplorer.csv()")
