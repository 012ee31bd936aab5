"""A picture as one HTML file that asks nothing of any other host.

pyvis gives the nodes, edges and options of vis-network, and vis-network itself; its template is not used, because it
loads Bootstrap from another host, joins text to markup and simulates physics in the browser. No text of the data ever
becomes markup or script: it stands in one JSON block and reaches the page through ``textContent`` and a canvas.
"""

from __future__ import annotations

import base64
import hashlib
import html
import importlib.resources
import json
import string
from typing import TYPE_CHECKING

from pyvis.network import Network

from kg.errors import ViewError
from kg.views.drawing import drawing_of
from kg.views.limits import check_size

if TYPE_CHECKING:
    from kg.views.drawing import Drawing
    from kg.views.picture import Picture

_VIS_NETWORK = "templates/lib/vis-9.1.2/vis-network.min.js"

OPTIONS: dict[str, object] = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "nodes": {"borderWidth": 1, "chosen": False},
    "edges": {"smooth": False, "chosen": False, "selectionWidth": 0},
    "interaction": {"hover": True, "tooltipDelay": 120, "hideEdgesOnDrag": False, "selectConnectedEdges": False},
}
"""What vis-network is told; positions come from :mod:`kg.views.layout`, so physics stay off."""


def render_page(picture: Picture) -> str:
    """The page of a picture; the same picture gives the same text.

    Raises:
        ViewError: there is nothing to draw, or too much to be read.
    """
    if not picture.network.number_of_nodes():
        raise ViewError(f"view: {picture.title}: the network has no {picture.words.node[1]}; nothing can be drawn")
    check_size(picture)
    drawing = drawing_of(picture)
    script, style, library = _asset("network.js"), _asset("network.css"), _vis_network()
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src {_hash(library)} {_hash(script)}",
            f"style-src {_hash(style)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    return string.Template(_asset("network.html")).substitute(
        policy=policy,
        title=html.escape(picture.title),
        subtitle=" · ".join(f"<span>{html.escape(fact)}</span>" for fact in picture.facts),
        style=style,
        library=library,
        data=_json_block(picture, drawing),
        script=script,
    )


def _json_block(picture: Picture, drawing: Drawing) -> str:
    """The data as JSON that no HTML parser can read as anything else: no ``<``, ``>``, ``&``, only ASCII."""
    network = Network(directed=picture.network.is_directed(), cdn_resources="in_line")
    network.set_options(json.dumps(OPTIONS))
    # Assigned in one go: add_edge compares each edge with all before it.
    network.nodes = drawing.nodes
    network.edges = drawing.edges
    nodes, edges, _, _, _, options = network.get_network_data()
    block = {
        "nodes": nodes,
        "edges": edges,
        "options": json.loads(options),
        "groups": drawing.groups,
        "stops": drawing.stops,
        "opening": drawing.opening,
        "layout": picture.layout,
        "even": picture.even_lines,
        "words": {
            "node": picture.words.node,
            "edge": picture.words.edge,
            "strength": picture.words.strength,
            "legend": picture.words.legend,
            "count": picture.words.count,
        },
    }
    text = json.dumps(block, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _asset(name: str) -> str:
    return importlib.resources.files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def _vis_network() -> str:
    """vis-network as pyvis ships it, without the pointer to its source map: a developer tool would follow it."""
    file = importlib.resources.files("pyvis").joinpath(_VIS_NETWORK)
    if not file.is_file():
        raise ViewError(f"view: the pyvis that is installed has no {_VIS_NETWORK}; install pyvis 0.3.2")
    text = file.read_text(encoding="utf-8")
    return text.partition("//# sourceMappingURL")[0].strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
