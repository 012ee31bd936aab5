"""``kg export``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kg.cli.options import open_source, say, source_option


@click.command(epilog="Example: kg export -o disarm.ttl --no-provenance")
@source_option
@click.option("-o", "--output", metavar="FILE", default="-", show_default="stdout", help="The file to write.")
@click.option(
    "--format",
    "format_",
    metavar="NAME",
    help="turtle, ntriples, nquads, trig, jsonld or rdfxml; by default FILE's extension.",
)
@click.option("--provenance/--no-provenance", default=True, help="Keep the nodes that say who states what, and where.")
@click.option("--text/--no-text", default=True, help="Keep sentences, where the source holds them.")
@click.option("--force", is_flag=True, help="Overwrite FILE if it exists.")
def command(  # one argument an option
    source: str | None, output: str, format_: str | None, provenance: bool, text: bool, force: bool
) -> None:
    """Write the graph as Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML.

    Forms without named graphs (Turtle, N-Triples, RDF/XML) hold the default graph. The same graph gives the same bytes.
    """
    with open_source(source) as graph:
        if output == "-":
            for chunk in graph.render(format_ or "turtle", provenance=provenance, text=text):
                sys.stdout.buffer.write(chunk)
            sys.stdout.buffer.flush()
        else:
            graph.export(Path(output), format_, provenance=provenance, text=text, force=force)
            say(f"wrote {output}")
