"""Networks on a page in headless Chromium without a GPU: the explorer beside pyvis, vis-network, cytoscape and sigma.

All draw the same graph at the same given places (pyvis lays out by itself, which it cannot be asked not to do by those
who only call it). The peers are npm packages; ``KG_BENCH_NODE`` names a folder with them and esbuild::

    npm install vis-network vis-data cytoscape sigma graphology esbuild

Without it the explorer is measured alone. Seconds are on the clock, from the start of navigation until the first frame
after the network was handed over; frames a second are counted by the page while the mouse drags and the wheel turns.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import networkx as nx
import pyoxigraph as ox

import kg
from kg.rdf.namespaces import PREFIXES
from kg.store.embedded import EmbeddedStore
from kg.views.explorer import render_explorer
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from playwright.sync_api import Page

Network: TypeAlias = "dict[str, list[list[float]]]"

SIZES = ((2_000, 6_000), (10_000, 37_000), (50_000, 188_000))
PATIENCE = 45_000
_PYVIS_MOST = 2_000
_STEPS = 40
_GROUPS = 40

_PEERS = {
    "vis-network": """
import { Network } from "vis-network/standalone";
const nodes = g.nodes.map(([x, y], id) => ({ id, x, y, label: "N" + id }));
const edges = g.edges.map(([from, to], id) => ({ id, from, to }));
new Network(box, { nodes, edges }, { physics: false, edges: { smooth: false }, nodes: { shape: "dot", size: 6 },
  interaction: { hideEdgesOnDrag: true, hideEdgesOnZoom: true } });
""",
    "cytoscape": """
import cytoscape from "cytoscape";
cytoscape({ container: box, layout: { name: "preset" }, hideEdgesOnViewport: true, textureOnViewport: true, style: [
  { selector: "node", style: { label: "data(label)", width: 8, height: 8, "min-zoomed-font-size": 8 } },
  { selector: "edge", style: { width: 1, "curve-style": "haystack" } }],
  elements: [...g.nodes.map(([x, y], id) => ({ data: { id: "n" + id, label: "N" + id }, position: { x, y } })),
    ...g.edges.map(([a, b], id) => ({ data: { id: "e" + id, source: "n" + a, target: "n" + b } }))] });
""",
    "sigma": """
import Graph from "graphology";
import Sigma from "sigma";
const graph = new Graph({ multi: true });
g.nodes.forEach(([x, y], id) => graph.addNode(id, { x, y, size: 3, label: "N" + id }));
g.edges.forEach(([a, b]) => graph.addEdge(a, b));
new Sigma(graph, box, { hideEdgesOnMove: true });
""",
}
_OURS = """() => {
  const g = JSON.parse(document.getElementById("graph").textContent);
  const nodes = g.nodes.map(([x, y], id) => (
    { key: "N" + id, label: "N" + id, shape: "disc", colour: [0, 114, 178], radius: 5, weight: 1, x, y }));
  kgExplorer.part().scene.show(nodes, g.edges.map(([from, to]) => ({ from, to, strength: 0.3 })), true);
  requestAnimationFrame(() => { window.ready = performance.now(); });
}"""
_COUNT = """() => {
  window.drawn = 0;
  window.since = performance.now();
  const step = () => { window.drawn++; window.going = requestAnimationFrame(step); };
  step();
}"""
_COUNTED = (
    "() => { cancelAnimationFrame(window.going); return 1000 * window.drawn / (performance.now() - window.since); }"
)


def benchmark() -> None:
    """One table a size of graph, and one of the matrix and the bytes of pages."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - of the tests alone

    folder = os.environ.get("KG_BENCH_NODE")
    with kg.open() as graph, sync_playwright() as driver, tempfile.TemporaryDirectory() as work:
        page_html = graph.explore().html
        browser = driver.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for nodes, edges in SIZES:
            drawn = made_up(nodes, edges)
            pages = {"explorer": page_html.replace("<script>", f"{_block(drawn)}<script>", 1)}
            pages |= _peers(drawn, Path(folder), Path(work)) if folder else {}
            rows = []
            for name, html in pages.items():
                file = Path(work) / "page.html"
                file.write_text(html, encoding="utf-8")
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                rows.append((name, *_measured(page, file, name), round(len(html.encode()) / 1000)))
                page.close()
            title = f"{nodes:,} nodes and {edges:,} edges"
            write_table(title, ("page", "interactive s", "pan fps", "zoom fps", "kB with the data"), rows)
        _matrix(browser.new_page(viewport={"width": 1280, "height": 800}), page_html, Path(work))
        browser.close()


def made_up(nodes: int, edges: int) -> Network:
    """A graph of groups with its places; the same numbers give the same graph."""
    dice = random.Random(nodes)  # noqa: S311 - no secret
    spots = [(dice.gauss(0, 1_500), dice.gauss(0, 1_000)) for _ in range(_GROUPS)]
    places = [
        [round(spots[node % _GROUPS][0] + dice.gauss(0, 250)), round(spots[node % _GROUPS][1] + dice.gauss(0, 250))]
        for node in range(nodes)
    ]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < edges:
        first = dice.randrange(nodes)
        near = dice.random() < 0.9
        other = (first + _GROUPS * dice.randrange(1, nodes // _GROUPS)) % nodes if near else dice.randrange(nodes)
        if first != other:
            pairs.add((min(first, other), max(first, other)))
    return {"nodes": [list(map(float, place)) for place in places], "edges": [[a, b] for a, b in sorted(pairs)]}


def _block(drawn: Network) -> str:
    return f'<script type="application/json" id="graph">{json.dumps(drawn)}</script>'


def _peers(drawn: Network, folder: Path, work: Path) -> dict[str, str]:
    pages: dict[str, str] = {}
    for name, code in _PEERS.items():
        imports = "\n".join(line for line in code.splitlines() if line.startswith("import"))
        rest = "\n".join(line for line in code.splitlines() if not line.startswith("import"))
        (folder / "peer.mjs").write_text(
            f"{imports}\nconst g = JSON.parse(document.getElementById('graph').textContent);\n"
            f"const box = document.getElementById('box');\n{rest}\n"
            "requestAnimationFrame(() => requestAnimationFrame(() => { window.ready = performance.now(); }));\n"
        )
        out = work / "peer.js"
        command = [folder / "node_modules/.bin/esbuild", "peer.mjs", "--bundle", "--minify", f"--outfile={out}"]
        subprocess.run([*map(str, command), "--log-level=error"], cwd=folder, check=True)
        script = out.read_text(encoding="utf-8").replace("</script", "<\\/script")
        style = "html,body,#box{margin:0;width:100%;height:100%}"
        body = f'<style>{style}</style><div id="box"></div>{_block(drawn)}<script>{script}</script>'
        pages[name] = f"<!DOCTYPE html><meta charset=utf-8>{body}"
    if len(drawn["nodes"]) <= _PYVIS_MOST:
        with contextlib.suppress(ImportError):
            pages["pyvis"] = _pyvis(drawn)
    return pages


def _pyvis(drawn: Network) -> str:
    from pyvis.network import Network as Drawing  # noqa: PLC0415 - a peer, measured where it is installed

    network: nx.Graph[int] = nx.Graph([(int(a), int(b)) for a, b in drawn["edges"]])
    drawing = Drawing(height="800px", width="100%", cdn_resources="in_line")
    drawing.from_nx(network)
    told = "network.once('stabilizationIterationsDone', () => { window.ready = performance.now(); });"
    html: str = drawing.generate_html()
    return html.replace("return network;", f"{told} return network;")


def _measured(page: Page, file: Path, name: str) -> tuple[object, object, object]:
    from playwright.sync_api import Error  # noqa: PLC0415 - of the tests alone

    try:
        page.goto(f"{file.as_uri()}#view=network" if name == "explorer" else file.as_uri(), timeout=PATIENCE)
        if name == "explorer":
            page.wait_for_function("() => window.kgExplorer")
            page.evaluate(_OURS)
        page.wait_for_function("() => window.ready > 0", timeout=PATIENCE)
        ready = float(page.evaluate("() => window.ready")) / 1000
        return ready, _frames(page, wheel=False), _frames(page, wheel=True)
    except Error:
        return f"over {PATIENCE // 1000}", "-", "-"


def _frames(page: Page, *, wheel: bool) -> float:
    # A place of the ground, where no node is caught: the corner under the tools.
    x, y = 300, 160
    page.mouse.move(x, y)
    page.evaluate(_COUNT)
    if not wheel:
        page.mouse.down()
    for step in range(_STEPS):
        if wheel:
            page.mouse.wheel(0, 60 if step < _STEPS // 2 else -60)
        else:
            page.mouse.move(x + 4 * step, y + 2 * step)
        page.wait_for_timeout(16)
    if not wheel:
        page.mouse.up()
    return float(page.evaluate(_COUNTED))


def _matrix(page: Page, html: str, work: Path) -> None:
    """Bytes, time until the first view can be used, and the redraw of a matrix of 391 techniques."""
    file = work / "explorer.html"
    file.write_text(html, encoding="utf-8")
    page.goto(file.as_uri())
    page.wait_for_function("() => window.kgExplorer")
    ready = page.evaluate("() => performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    many = work / "many.html"
    many.write_text(_many(techniques=391, incidents=100_000), encoding="utf-8")
    page.goto(f"{many.as_uri()}#folded=")
    page.wait_for_function("() => window.kgExplorer", timeout=PATIENCE)
    shown = page.evaluate("() => kgExplorer.counts().shown.length")
    redraw = page.evaluate("""() => {
      const times = [];
      for (let turn = 0; turn < 60; turn++) {
        const start = performance.now();
        kgExplorer.part().draw();
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[30];
    }""")
    write_table(
        "The explorer's page",
        ("figure", "value"),
        [
            ("embedded facts, kB", round(len(html.encode()) / 1000)),
            ("embedded facts, s to the first view", float(ready) / 1000),
            (f"matrix of {shown} techniques, ms a redraw (median of 60)", float(redraw)),
            ("counts of 100,000 incidents, kB of the whole page", round(many.stat().st_size / 1000)),
        ],
    )


def _many(techniques: int, incidents: int) -> str:
    """The page of made-up incidents of two to five techniques each."""
    dice = random.Random(techniques)  # noqa: S311 - no secret
    lines = [f"@prefix {prefix}: <{name}> ." for prefix, name in PREFIXES.items()]
    ids = [f"T{1000 + place:04}" for place in range(techniques)]
    lines += [
        f'disarm:{name} a kg:Technique ; dcterms:identifier "{name}" ; skos:prefLabel "Name {name}"@en .'
        for name in ids
    ]
    for place in range(incidents):
        uses = ", ".join(f"disarm:{ids[int(techniques * dice.random() ** 2)]}" for _ in range(2 + place % 4))
        lines.append(
            f'incident:I{place:06} a kg:Incident ; dcterms:identifier "I{place:06}" ; kg:usesTechnique {uses} .'
        )
    return render_explorer(EmbeddedStore.from_quads(ox.parse("\n".join(lines).encode(), format=ox.RdfFormat.TURTLE)))


if __name__ == "__main__":
    write_line(sys.version)
    benchmark()
