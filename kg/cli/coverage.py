"""``kg coverage``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from kg.cli.filters import incident_options, say_chosen
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.filters import Filters


@click.command(epilog="Example: kg coverage I00100 --each")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@source_option
@click.option("--all", "every", is_flag=True, help="Techniques that no incident uses too.")
@click.option(
    "--link", metavar="LINK", help="Only what is reached through listed, parent, child, migrated, inferred; or none."
)
@click.option("--each", is_flag=True, help="One row a counter, with its name.")
@tabular_option
@output_options
@incident_options
def command(  # one argument an option
    ids: tuple[str, ...],
    source: str | None,
    every: bool,
    link: str | None,
    each: bool,
    format_: str | None,
    output: str | None,
    force: bool,
    filters: Filters,
) -> None:
    """Tell which observed techniques have a counter, through which link, and which have none.

    IDs of techniques, and of incidents for the techniques they use, ask for these alone: what can be done about this
    report? Filters narrow the incidents: what of all that was seen on Telegram has none? Columns: technique, name,
    incidents, link (the surest), counters, others (more through weaker links).
    """
    from kg.analysis.coverage import LINKS, counter_names

    with open_source(source) as graph:
        say_chosen(graph, filters)
        graph = graph.narrow(filters)  # noqa: PLW2901 - what is asked from here on
        found = graph.coverage(*ids, observed=not every, link=link)
        names = counter_names(graph.store) if each else {}
    columns: tuple[str, ...]
    rows: list[tuple[str | int, ...]]
    if each:
        columns = ("technique", "name", "link", "counter", "counter_name")
        rows = [
            (item.technique, item.label, item.link, counter, names.get(counter, ""))
            for item in found
            for counter in item.counters
        ]
    else:
        columns = ("technique", "name", "incidents", "link", "counters", "others")
        rows = [
            (item.technique, item.label, item.incidents, item.link, " ".join(item.counters), item.others)
            for item in found
        ]
    write_rows(columns, rows, format_, output=output, force=force)
    links = Counter(item.link for item in found)
    told = ", ".join(f"{links[name]} {name}" for name in (*LINKS, "none") if links[name])
    say(f"{len(found)} techniques: {told}")
