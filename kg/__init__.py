"""disarm-kg: an open graph knowledge base of disinformation incidents.

>>> import kg
>>> with kg.open() as graph:
...     bool(graph.query("ASK { disarm:T0146 skos:prefLabel 'Account Asset'@en }"))
True
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg._version import __version__

if TYPE_CHECKING:
    import networkx as nx

    from kg.maintenance import diff, history, lint, mend, migrate
    from kg.views import View
    from kg.workspace import KnowledgeGraph, open_graph

    open = open_graph

__all__ = [
    "KgError",
    "KnowledgeGraph",
    "__version__",
    "diff",
    "history",
    "lint",
    "mend",
    "migrate",
    "open",
    "view",
]

_HOMES = {
    "open": ("kg.workspace", "open_graph"),
    "KnowledgeGraph": ("kg.workspace", "KnowledgeGraph"),
    "KgError": ("kg.errors", "KgError"),
    **{name: ("kg.maintenance", name) for name in ("diff", "history", "lint", "mend", "migrate")},
}


def view(network: nx.Graph[str]) -> View:
    """A page of any networkx graph: ``kg.view(network).save("page.html")``."""
    from kg.views import view as view_network

    return view_network(network)


def __getattr__(name: str) -> object:
    # Importing kg alone must stay quick: the engine is loaded when something is opened.
    if name in _HOMES:
        import importlib

        module, attribute = _HOMES[name]
        return getattr(importlib.import_module(module), attribute)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")
