"""``kg coverage``."""

from __future__ import annotations

from collections import Counter

import click

from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows


@click.command(epilog="Example: kg coverage --link none")
@source_option
@click.option("--all", "every", is_flag=True, help="Techniques that no incident uses too.")
@click.option(
    "--link", metavar="LINK", help="Only what is reached through listed, parent, child, migrated, inferred; or none."
)
@tabular_option
@output_options
def command(
    source: str | None, every: bool, link: str | None, format_: str | None, output: str | None, force: bool
) -> None:
    """Tell which observed techniques have a counter, through which link, and which have none.

    Columns: technique, name, incidents, link (the surest), counters, others (further ones through weaker links).
    """
    from kg.analysis.coverage import LINKS

    with open_source(source) as graph:
        found = graph.coverage(observed=not every, link=link)
    rows = [
        (item.technique, item.label, item.incidents, item.link, " ".join(item.counters), item.others) for item in found
    ]
    columns = ("technique", "name", "incidents", "link", "counters", "others")
    write_rows(columns, rows, format_, output=output, force=force)
    links = Counter(item.link for item in found)
    told = ", ".join(f"{links[name]} {name}" for name in (*LINKS, "none") if links[name])
    say(f"{len(found)} techniques: {told}")
