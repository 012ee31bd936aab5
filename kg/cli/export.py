"""``kg export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import open_source, say, source_option, write_data


@click.command(epilog="Example: kg export -o disarm.ttl --no-provenance")
@source_option
@click.option("-o", "--output", metavar="FILE", default="-", show_default="stdout", help="The file to write.")
@click.option(
    "--format",
    "format_",
    metavar="NAME",
    help="turtle, ntriples, nquads, trig, jsonld or rdfxml; by default FILE's extension.",
)
@click.option(
    "--network",
    metavar="NAME",
    help="A network instead of the graph: cooccurrence, framework or incidents, as .graphml or .gexf.",
)
@click.option("--provenance/--no-provenance", default=True, help="Keep the nodes that say who states what, and where.")
@click.option("--text/--no-text", default=True, help="Keep sentences, where the source holds them.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(  # one argument an option
    source: str | None,
    output: str,
    format_: str | None,
    network: str | None,
    provenance: bool,
    text: bool,
    force: bool,
) -> None:
    """Write the graph as Turtle, N-Triples, N-Quads, TriG, JSON-LD, RDF/XML, or a network for Gephi.

    Forms without named graphs (Turtle, N-Triples, RDF/XML) hold the default graph. The same graph gives the same bytes.
    A network is GraphML or GEXF, by FILE's extension or --format.
    """
    if network is not None:
        _write_network(source, network, output, format_, force=force)
        return
    with open_source(source) as graph:
        if output == "-":
            for chunk in graph.render(format_ or "turtle", provenance=provenance, text=text):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            graph.export(Path(output), format_, provenance=provenance, text=text, force=force)
            say(f"wrote {output}")


def _write_network(source: str | None, name: str, output: str, format_: str | None, *, force: bool) -> None:
    from kg.exports import network_form, render_network

    if click.get_current_context().get_parameter_source("text") is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--text: a network holds no sentences; leave it out")
    form = format_ or ("graphml" if output == "-" else network_form(Path(output)))
    with open_source(source) as graph:
        write_data(render_network(graph.network(name), form), output, force=force)
    if output != "-":
        say(f"wrote {output}")
