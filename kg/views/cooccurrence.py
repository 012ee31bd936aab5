"""The view of techniques that occur together."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from kg.analysis.cooccurrence import cooccurrence
from kg.analysis.pairs import UNIT_NAMES
from kg.analysis.structure import backbone
from kg.network import cooccurrence_network, technique_attributes
from kg.views.facts import level_fact, release_fact, tactics_in_order, with_threshold
from kg.views.picture import Picture, Words

if TYPE_CHECKING:
    from collections.abc import Hashable

    import networkx as nx

    from kg.store.protocol import TripleStore
    from kg.views.picture import ViewOptions


def cooccurrence_picture(store: TripleStore, options: ViewOptions) -> Picture:
    """Techniques joined where they occur together; heeds every option (``threshold``: units with both, at least)."""
    pairs = cooccurrence(
        store,
        unit=options.unit,
        evidence=options.evidence,
        level=options.level,
        units=options.units,
        filters=options.filters,
    )
    network = cooccurrence_network(pairs)
    known = technique_attributes(store)
    for technique in network:
        told = known.get(technique, {})
        network.nodes[technique].update({name: told[name] for name in ("tactic", "tactic_label") if name in told})
    occurring = network.number_of_nodes()
    # They are in no pair, so they are no part of this picture; the page says how many there are.
    network.remove_nodes_from([technique for technique, degree in list(network.degree) if not degree])
    alone = occurring - network.number_of_nodes()
    shown, left_out = _narrowed(network, options.backbone)
    units = UNIT_NAMES[options.unit]
    facts = (
        f"Counted: {units} in which two techniques occur together",
        f"N = {pairs.units} {units}",
        f"{occurring} techniques{level_fact(options.level)}" + (f", {alone} of them with no other" if alone else ""),
        f"{network.number_of_edges()} pairs",
        *left_out,
        f"evidence: {options.evidence}",
        *options.filters.words(),
        *pairs.notes,
        *release_fact(store),
    )
    picture = Picture(
        network=cast("nx.Graph[Hashable]", shown),
        title="Techniques that occur together",
        facts=facts,
        words=Words(
            node=("technique", "techniques"),
            edge=("pair", "pairs"),
            strength=f"Pairs seen together in … or more {units}",
            count=units,
            legend="Tactic",
        ),
        strength="count",
        group="tactic",
        groups=tactics_in_order(store),
    )
    return with_threshold(picture, options.threshold)


def _narrowed(network: nx.Graph[str], level: float | None) -> tuple[nx.Graph[str], tuple[str, ...]]:
    """The network, or its backbone with a phrase that says so."""
    if level is None:
        return network, ()
    kept = backbone(network, alpha=level)
    many = f"{kept.number_of_edges()} pairs between {kept.number_of_nodes()} techniques"
    return kept, (f"drawn: the backbone at {level:g}, {many} that stand out at one end (disparity filter)",)
