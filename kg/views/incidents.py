"""The view of incidents joined to the techniques they use."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kg.network import incident_network
from kg.views.facts import level_fact, release_fact, tactics_in_order, with_threshold
from kg.views.picture import Picture, Words

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

    from kg.store.protocol import TripleStore
    from kg.views.picture import ViewOptions


def incidents_picture(store: TripleStore, options: ViewOptions) -> Picture:
    """Incidents and techniques; heeds ``evidence``, ``level``, ``filters``, ``threshold`` (incidents with it)."""
    network = incident_network(store, evidence=options.evidence, level=options.level, filters=options.filters)
    incidents = sum(attributes["kind"] == "incident" for _, attributes in network.nodes(data=True))
    for incident, technique in network.edges:
        # The control hides rare techniques; an incident goes when none of its techniques is left.
        network.edges[incident, technique]["incidents with the technique"] = network.nodes[technique]["count"]
    facts = (
        f"{incidents} incidents with at least one technique",
        f"{network.number_of_nodes() - incidents} techniques{level_fact(options.level)}",
        f"{network.number_of_edges()} uses, evidence: {options.evidence}",
        *options.filters.words(),
        *release_fact(store),
    )
    picture = Picture(
        network=cast("nx.Graph[Hashable]", network),
        title="Incidents and their techniques",
        facts=facts,
        words=Words(
            node=("node", "nodes"),
            edge=("use", "uses"),
            strength="Techniques used in … or more incidents",
            count="uses",
            legend="Tactic of the technique",
        ),
        strength="incidents with the technique",
        group="tactic",
        groups=tactics_in_order(store),
        most_edges=450,
        even_lines=True,
    )
    return with_threshold(picture, options.threshold)
