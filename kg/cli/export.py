"""``kg export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.cli.filters import incident_options, say_chosen
from kg.cli.options import open_source, say, source_option, write_data

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg export -o spamouflage.stix.json --actor spamouflage")
@source_option
@click.option("-o", "--output", metavar="FILE", default="-", show_default="stdout", help="The file to write.")
@click.option(
    "--format",
    "format_",
    metavar="NAME",
    help="turtle, ntriples, nquads, trig, jsonld, rdfxml, stix or layer; by default FILE's extension.",
)
@click.option(
    "--network",
    metavar="NAME",
    help="A network instead of the graph: cooccurrence, framework or incidents, as .graphml or .gexf.",
)
@click.option("--incident", "incidents", multiple=True, metavar="ID", help="stix, layer: this incident. Repeatable.")
@click.option("--as", "container", metavar="TYPE", help="stix: incident (default), campaign or intrusion-set.")
@click.option("--provenance/--no-provenance", default=True, help="Keep the nodes that say who states what, and where.")
@click.option("--text/--no-text", default=True, help="Keep sentences, where the source holds them.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
@incident_options
def command(  # one argument an option
    source: str | None,
    output: str,
    format_: str | None,
    network: str | None,
    incidents: tuple[str, ...],
    container: str | None,
    provenance: bool,
    text: bool,
    force: bool,
    filters: Filters,
) -> None:
    """Write the graph as RDF, its incidents as STIX or a Navigator layer, or a network for Gephi.

    Turtle, N-Triples and RDF/XML hold the default graph; N-Quads, TriG and JSON-LD all graphs. FILE.stix.json is a STIX
    2.1 bundle of incidents, FILE.layer.json a layer of techniques by incidents; both take --incident. A network is
    GraphML or GEXF. Filters by year, country, actor and platform narrow the incidents of each, and what is said of
    them; the framework stays whole. The same graph gives the same bytes.
    """
    if network is not None:
        _refuse_choice(incidents, container, "a network")
        _write_network(source, network, output, format_, filters, force=force)
        return
    from kg.exports import CASE_EXPORTS, export_name, render_export, write_export

    name = export_name("turtle" if output == "-" and format_ is None else format_, output)
    options: dict[str, Any] = {"text": text}
    if name in CASE_EXPORTS:
        options |= {"incidents": incidents, "filters": filters}
        if container is not None:
            if name != "stix":
                raise click.UsageError(f"--as: says what an incident is in STIX; a {name} has no such thing")
            options["container"] = container
    else:
        _refuse_choice(incidents, container, name)
        options["provenance"] = provenance
    with open_source(source) as graph:
        store = graph.store if name in CASE_EXPORTS else graph.narrow(filters).store
        if output == "-":
            for chunk in render_export(store, name, **options):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            write_export(store, Path(output), name, force=force, **options)
            say(f"wrote {output}")
        say_chosen(graph, filters)


def _refuse_choice(incidents: tuple[str, ...], container: str | None, what: str) -> None:
    """Single incidents are for those who want cases; RDF and networks are narrowed by filters."""
    if incidents or container is not None:
        raise click.UsageError(
            f"{what} takes filters such as --actor; --incident and --as are for stix and layer alone"
        )


def _write_network(
    source: str | None, name: str, output: str, format_: str | None, filters: Filters, *, force: bool
) -> None:
    from kg.exports import network_form, render_network

    if click.get_current_context().get_parameter_source("text") is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--text: a network holds no sentences; leave it out")
    form = format_ or ("graphml" if output == "-" else network_form(Path(output)))
    with open_source(source) as graph:
        write_data(render_network(graph.narrow(filters).network(name), form), output, force=force)
        say_chosen(graph, filters)
    if output != "-":
        say(f"wrote {output}")
