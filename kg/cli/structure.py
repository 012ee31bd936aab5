"""``kg structure``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options, filter_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg structure --minimum 2 --backbone 0.2")
@source_option
@counted_options()
@click.option("--minimum", type=int, default=1, show_default=True, help="Leave out pairs seen fewer times.")
@click.option("--backbone", type=float, metavar="ALPHA", help="Only edges that stand out of their ends' at this level.")
@click.option("--seeds", type=int, default=20, show_default=True, help="How many seeds of the communities.")
@filter_options
@tabular_option
@output_options
def command(
    source: str | None,
    unit: str,
    evidence: str,
    level: str,
    minimum: int,
    backbone: float | None,
    seeds: int,
    filters: Filters,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Tell communities of techniques, how stable they are, and which techniques are central.

    Columns: technique, name, community (0 is the largest), certainty (how often, over the seeds, it stands with its
    community), degree, strength, betweenness, eigenvector.
    """
    with open_source(source) as graph:
        pairs = graph.cooccurrence(unit=unit, evidence=evidence, level=level, minimum=minimum, filters=filters)
    from kg.analysis.structure import backbone as kept
    from kg.analysis.structure import centralities, communities
    from kg.network import cooccurrence_network

    network = cooccurrence_network(pairs)
    network.remove_nodes_from([node for node, degree in list(network.degree) if not degree])
    edges = network.number_of_edges()
    if backbone is not None:
        network = kept(network, alpha=backbone)
    found, central = communities(network, seeds=seeds), centralities(network)
    order = sorted(network, key=lambda node: (found.of[node], -central[node]["strength"], node))
    rows = [
        (
            node,
            pairs.labels.get(node, node),
            found.of[node],
            f"{found.certainty[node]:.3f}",
            int(central[node]["degree"]),
            int(central[node]["strength"]),
            f"{central[node]['betweenness']:.4f}",
            f"{central[node]['eigenvector']:.4f}",
        )
        for node in order
    ]
    columns = ("technique", "name", "community", "certainty", "degree", "strength", "betweenness", "eigenvector")
    write_rows(columns, rows, format_, output=output, force=force)
    say(f"{len(network)} techniques, {network.number_of_edges()} of {edges} pairs; N {pairs.units} {unit}s")
    say(
        f"{len(set(found.of.values()))} communities, modularity {found.modularity:.3f}; over {seeds} seeds they agree "
        f"by {found.stability:.3f} (adjusted Rand index; 1 is always the same, 0 is chance)"
    )
