"""``kg search WORDS``."""

from __future__ import annotations

import click

from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows


@click.command(epilog="Examples: kg search AI-generated images; kg search --kind incident hurricane")
@click.argument("words", nargs=-1, required=True)
@source_option
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only things of this kind. Repeatable.")
@click.option("--top", "most", type=click.IntRange(1), default=20, show_default=True, metavar="K", help="At most K.")
@tabular_option
@output_options
def command(
    words: tuple[str, ...],
    source: str | None,
    kinds: tuple[str, ...],
    most: int,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Find techniques, incidents, actors, platforms ... by words of their names, or by a part of an id.

    Order, case, accents and plural do not matter. What has all the words comes first; column missing names the words
    that the others lack, also_called the other name that was meant. KIND is technique, tactic, incident, actor,
    platform, country, counter, ...
    """
    with open_source(source) as graph:
        found = graph.search(*words, kinds=kinds)
    rows = [(hit.identifier, hit.kind, hit.name, hit.matched, " ".join(hit.missing)) for hit in found[:most]]
    write_rows(("id", "kind", "name", "also_called", "missing"), rows, format_, output=output, force=force)
    if len(found) > most:
        say(f"{len(found) - most:,} more; add a word, or ask for more with --top")
    elif not found:
        say("nothing is called so")
