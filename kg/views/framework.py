"""The view of the framework: phases, tactics, techniques and sub-techniques in the order of the kill chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import networkx as nx

from kg.network import framework_network
from kg.views.facts import release_fact, tactics_in_order, with_threshold
from kg.views.limits import MOST_EDGES
from kg.views.picture import Picture, Words

if TYPE_CHECKING:
    from collections.abc import Hashable

    from kg.store.protocol import TripleStore
    from kg.views.picture import ViewOptions


def framework_picture(store: TripleStore, options: ViewOptions) -> Picture:
    """The framework in columns, read from the top down.

    Heeds ``level`` (``parent`` leaves out sub-techniques) and ``threshold`` (incidents that use it, at least).
    """
    network = framework_network(store)
    attributes = network.nodes
    left_out = [node for node in network if options.level == "parent" and "parent" in attributes[node]]
    network.remove_nodes_from(left_out)
    rank = {"phase": 0, "tactic": 1, "technique": 2}
    order = sorted(network, key=lambda node: (rank[attributes[node]["kind"]], attributes[node].get("rank", 0), node))
    ordered: nx.DiGraph[str] = nx.DiGraph()
    for node in order:
        # A tactic has the colour of its techniques.
        tactic = attributes[node]["kind"] == "tactic"
        own = {"tactic": node, "tactic_label": attributes[node]["label"]} if tactic else {}
        ordered.add_node(node, **attributes[node], **own)
    place = {node: index for index, node in enumerate(order)}
    for source, target in sorted(network.edges, key=lambda edge: (place[edge[0]], place[edge[1]])):
        ordered.add_edge(source, target, incidents=attributes[target]["count"])
    kinds = [str(own["kind"]) for _, own in ordered.nodes(data=True)]
    facts = (
        f"{kinds.count('phase')} phases",
        f"{kinds.count('tactic')} tactics",
        f"{kinds.count('technique')} techniques" + (", sub-techniques left out" if left_out else " and sub-techniques"),
        "count = incidents that use it or anything below it, evidence: repaired",
        *release_fact(store),
    )
    picture = Picture(
        network=cast("nx.Graph[Hashable]", ordered),
        title="The DISARM framework",
        facts=facts,
        words=Words(
            node=("entry", "entries"),
            edge=("link", "links"),
            strength="Used in … or more incidents",
            count="incidents",
            legend="Tactic",
        ),
        strength="incidents",
        group="tactic",
        groups=tactics_in_order(store),
        layout="layers",
        even_lines=True,
        most_edges=MOST_EDGES,
    )
    return with_threshold(picture, options.threshold, lowest=0)
