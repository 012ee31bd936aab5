"""``kg push``."""

from __future__ import annotations

import click

from kg.cli.options import open_source, say, source_option


@click.command(epilog="Example: kg push -s ./store http://127.0.0.1:7878/query --update http://127.0.0.1:7878/update")
@click.argument("endpoint")
@source_option
@click.option("--update", default="", metavar="URL", help="Address that takes SPARQL Update; found by its usual names.")
@click.option("--store", default="", metavar="URL", help="Address of the Graph Store Protocol, instead of --update.")
@click.option("--batch", type=click.IntRange(1, 100_000), default=1000, show_default=True, help="Statements a request.")
@click.option("--replace", is_flag=True, help="Empty each graph there before it is sent.")
def command(endpoint: str, source: str | None, update: str, store: str, batch: int, replace: bool) -> None:
    """Send the graph to a SPARQL 1.1 endpoint of somebody else's, and count there that all of it arrived.

    ENDPOINT is the address of the queries: https, or http on this machine. Broken off, the same command takes it up
    again. User and password come from KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, from KG_ENDPOINT_TOKEN, or from netrc.
    Where the default graph there is the union of all graphs, ours goes to the graph <.../graph/default>, which
    '-s ENDPOINT' takes for the default graph by itself.
    """
    if update and store:
        raise click.UsageError("--update and --store are two ways to send; give one")
    from kg.exports.push import Pushed, found_target, push_graph

    def tell(pushed: Pushed) -> None:
        name = "default graph" if pushed.graph is None else pushed.graph
        say(f"{name}: {pushed.statements:,} statements, {pushed.sent} batches sent, {pushed.found} there already")

    target = found_target(endpoint, update, store)
    with open_source(source) as graph:
        push_graph(graph.store, target, batch=batch, replace=replace, tell=tell)
    say(f"all of it is there: kg stats -s {endpoint}")
