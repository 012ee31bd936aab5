"""A page of counts asks the server it came from, that one alone, and shows what it answers as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from kg.server.apijobs import search, tell_card, tell_neighbours, tell_pair
from kg.server.jobs import State
from kg.server.limits import Limits
from kg.server.openapi import A_PAGE
from kg.server.wire import Message
from kg.views.explorer import render_explorer
from tests.views.explorer.conftest import FACTS, store_of
from tests.views.explorer.test_injection import hostile_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page, Route

    from kg.store.embedded import EmbeddedStore

    Serve = Callable[..., Page]

pytestmark = pytest.mark.browser

HOST = "http://kg.test"
NAMED = FACTS + "".join(
    f'disarm:{name} skos:notation "{name}" .\n' for name in ("T0001", "T0001.001", "T0002", "T0003")
)


@pytest.fixture
def serve(browser: Browser) -> Iterator[Serve]:
    """Opens the page of counts of a store at a host where the server's own jobs answer; all else is refused."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})

    def served(store: EmbeddedStore, address: str = "", *, broken: bool = False) -> Page:
        state = State(store, frozenset(), Limits(), "")
        html = render_explorer(store, counts_only=True, api="api/")

        def answer(route: Route) -> None:
            path = [unquote(part) for part in urlsplit(route.request.url).path.split("/")[1:]]
            asked = parse_qs(urlsplit(route.request.url).query)
            match path:
                case ["explore"]:
                    route.fulfill(body=html, content_type="text/html")
                    return
                case ["api", *_] if broken:
                    route.fulfill(status=503, body=json.dumps({"detail": "the server is busy"}))
                    return
                case ["api", "search"]:
                    reply = search(state, Message({"q": asked["q"][0]}))
                case ["api", "pair", a, b]:
                    reply = tell_pair(state, Message({"a": a, "b": b, "limit": A_PAGE, "offset": 0}))
                case ["api", "neighbours", identifier]:
                    reply = tell_neighbours(state, Message({"id": identifier}))
                case ["api", kind, identifier]:
                    reply = tell_card(state, Message({"of": kind, "id": identifier}))
                case _:
                    route.abort()
                    return
            body = json.dumps({"detail": reply.error}).encode() if reply.error else reply.body
            route.fulfill(status=reply.status, body=body, content_type="application/json")

        context.route("**/*", answer)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.goto(f"{HOST}/explore#{address}")
        page.wait_for_function("() => window.kgExplorer")
        return page

    yield served
    context.close()


def test_what_the_page_does_not_hold_comes_from_the_server(serve: Serve) -> None:
    page = serve(store_of(NAMED), "folded=")
    assert "Regatta" not in page.content()
    page.get_by_role("combobox", name="Find").fill("regat")
    page.get_by_role("option", name="I00001 Regatta incident").click()
    page.get_by_role("heading", name="I00001 Regatta").wait_for()
    article = page.locator("article")
    assert "The Gull" in article.inner_text()
    article.get_by_role("button", name="T0002").first.click()
    page.get_by_role("heading", name="T0002 Kites").first.wait_for()
    panel = page.get_by_role("complementary", name="Evidence")
    # In the facts: T0002 stands in I00001, I00002 and I00003.
    panel.get_by_role("heading", name="3 incidents").wait_for()
    page.evaluate("() => kgExplorer.set({ chosen: ['T0001', 'T0002'] })")
    panel.get_by_role("heading", name="2 incidents").wait_for()
    assert panel.locator(".cases li").all_inner_texts() == ["I00002 Storm", "I00003 Calm"]


def test_the_network_of_an_incident_comes_from_the_server(serve: Serve) -> None:
    page = serve(store_of(NAMED), "folded=&view=network&focus=I00001")
    page.get_by_text("showing 3 of 3 neighbours").wait_for()


def test_a_server_that_does_not_answer_is_told_and_asked_again(serve: Serve) -> None:
    page = serve(store_of(FACTS), "view=page&focus=I00001", broken=True)
    page.get_by_text("The server did not answer: the server is busy").wait_for()
    assert "N = 4" in page.locator("#counts-said").inner_text()


def test_a_thing_the_server_does_not_know_is_told(serve: Serve) -> None:
    page = serve(store_of(FACTS), "view=page&focus=I09999")
    page.get_by_role("alert").filter(has_text="I09999").wait_for()


def test_what_the_server_answers_is_text(serve: Serve) -> None:
    text = "<img src=x onerror=window.hit=1></script><script>window.hit=1</script>"
    page = serve(hostile_store(text), "folded=&view=page&focus=I00001&chosen=T0001 T0002")
    page.locator("article h3").first.wait_for()
    page.locator(".cases li").first.wait_for()
    assert page.evaluate("() => window.hit") is None
    assert page.locator("#view img, #panel img").count() == 0


def test_a_page_in_a_file_may_ask_nobody(tiny: str) -> None:
    assert "connect-src" not in tiny.partition("<body>")[0]
    served = render_explorer(store_of(FACTS), api="api/")
    assert "connect-src 'self'" in served.partition("<body>")[0]
