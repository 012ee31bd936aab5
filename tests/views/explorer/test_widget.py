"""The explorer in a notebook: the same page in a frame without rights, its address in step with Python."""

from __future__ import annotations

import importlib.resources
import json
import sys
from typing import TYPE_CHECKING

import pytest

from kg.errors import ViewError
from kg.views.explorer.widget import explorer_widget
from tests.views.explorer.conftest import FACTS, store_of

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

ESM = importlib.resources.files("kg.views.explorer").joinpath("widget.js").read_text(encoding="utf-8")

# What a notebook does with a widget, in the smallest: a model with traits, and a place to draw.
NOTEBOOK = """<!DOCTYPE html><div id="cell"></div><script type="module">
const traits = JSON.parse(document.getElementById("traits").textContent);
const heard = {};
window.model = {
  get: (name) => traits[name],
  set: (name, value) => { traits[name] = value; },
  save_changes: () => { window.saved = (window.saved ?? 0) + 1; },
  on: (name, call) => { heard[name] = call; },
  off: (name) => { delete heard[name]; },
  fromPython: (address) => { traits.address = address; heard["change:address"](); },
};
%s
window.leave = widget.render({ model, el: document.getElementById("cell") });
</script>"""


def test_the_widget_holds_the_page_and_an_address() -> None:
    pytest.importorskip("anywidget", reason="the extra notebook is not installed")
    widget = explorer_widget(store_of(FACTS), address="view=sets")
    state = widget.get_state()
    assert state["address"] == "view=sets"
    assert "Regatta" in state["page"]
    assert state["_esm"] == ESM


def test_without_anywidget_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ViewError, match=r"pip install 'disarm-kg\[notebook\]'"):
        explorer_widget(store_of(FACTS))


@pytest.mark.browser
def test_the_frame_and_python_keep_one_address(tiny: str, browser: Browser, tmp_path: Path) -> None:
    traits = json.dumps({"page": tiny, "address": "view=framework", "height": 500}).replace("<", "\\u003c")
    body = NOTEBOOK % ESM.replace("export default", "const widget =")
    file = tmp_path / "notebook.html"
    file.write_text(f'<script type="application/json" id="traits">{traits}</script>{body}', encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    frame = page.frame_locator("iframe[sandbox='allow-scripts allow-downloads']")
    frame.locator("#tabs [aria-current]", has_text="Framework").wait_for()
    frame.get_by_role("button", name="Sets").click()
    page.wait_for_function("() => model.get('address') === 'view=sets' && window.saved > 0")
    page.evaluate("() => model.fromPython('view=timeline')")
    frame.locator("#tabs [aria-current]", has_text="Timeline").wait_for()
    # Another frame of the notebook speaks: nobody listens.
    page.evaluate("() => window.postMessage({ kg: 'address', address: 'view=matrix' }, '*')")
    page.wait_for_timeout(100)
    assert page.evaluate("() => model.get('address')") == "view=timeline"
    page.evaluate("() => leave()")
    context.close()
