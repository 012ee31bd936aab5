"""``kg demo``: the main job end to end."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli.options import open_source, print_table, say, source_option

if TYPE_CHECKING:
    from kg.workspace import KnowledgeGraph

SHOWN = 8


@click.command(epilog="Example: kg demo -o demo")
@source_option
@click.option(
    "-o",
    "--output",
    "folder",
    type=click.Path(file_okay=False),
    default="kg-demo",
    show_default=True,
    help="The folder to write to; files of an earlier demo there are replaced.",
)
def command(source: str | None, folder: str) -> None:
    """Build the graph, ask it, write Turtle and a page: the whole product in one go."""
    from kg.errors import OutputError

    target = Path(folder)
    turtle, page = target / "disarm.ttl", target / "cooccurrence.html"
    try:
        if not folder:
            raise OutputError("-o names nothing; give a folder")
        target.mkdir(parents=True, exist_ok=True)
        for path in (turtle, page):
            if path.exists() and not _is_of_a_demo(path):
                raise OutputError(f"{path}: exists and is not of an earlier demo; choose another folder with -o")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made ({error.strerror}); choose another folder with -o") from error
    with open_source(source) as graph:
        stats = graph.stats()
        say(
            f"1. The graph of {graph.origin}: {len(graph):,} quads; {stats['incidents']} incidents, "
            f"{stats['techniques']} techniques, {stats['observations']} observations, {stats['findings']} findings."
        )
        _ask(graph)
        graph.export(turtle, force=True)
        say(f"3. The graph as Turtle: {turtle} ({turtle.stat().st_size:,} bytes)")
        graph.view("cooccurrence").save(page, force=True)
        say(f"4. Which techniques occur together, as a page that opens offline: {page}")
        say("Next: kg query --names | kg show T0154.002 | kg cooccurrence --top 10")


def _is_of_a_demo(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        head = file.read(4096)
    return head.startswith("@prefix kg:") or "<title>Techniques that occur together" in head


def _ask(graph: KnowledgeGraph) -> None:
    """Put an analyst's question in SPARQL: what goes with AI-generated content, and who says so?"""
    from kg.store.answers import Solutions

    identifier, name = _example(graph)
    say(f"2. A question in SPARQL: which techniques go with {identifier} {name}, and who says so?")
    for query in ("goes-with-technique", "who-says-so"):
        answer = graph.named_query(query, technique=identifier)
        if isinstance(answer, Solutions):
            rows = list(answer.values())
            print_table(answer.variables, rows[:SHOWN])
            shown = f"{min(SHOWN, len(rows))} of {len(rows)} rows"
            say(f"   {shown}: kg query --name {query} --param technique={identifier}")


def _example(graph: KnowledgeGraph) -> tuple[str, str]:
    """The technique to ask about: the most used that speaks of AI-generated content, else the most used."""
    rows = [(row[0] or "", row[1] or "", int(row[3] or 0)) for row in graph.list("techniques").values()]
    generated = [row for row in rows if "ai-generated" in row[1].lower()]
    identifier, name, _ = max(generated or rows, key=lambda row: row[2], default=("T0146", "Account Asset", 0))
    return identifier, name
