"""``kg mentions``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.filters import incident_options, say_chosen
from kg.cli.options import (
    entities_option,
    form,
    open_source,
    output_options,
    source_option,
    write_data,
    write_rows,
)

if TYPE_CHECKING:
    from kg.filters import Filters

_FORMATS = ("table", "csv", "tsv", "json", "jsonl")


@click.command(epilog="Example: kg mentions I00096 --format jsonl")
@click.argument("incident", metavar="[ID]", required=False)
@source_option
@entities_option
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Also what is only mentioned, who reports, targets that are no country, and what is too unsure for an edge.",
)
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="Form of the rows; jsonl is one object a line.")
@output_options
@incident_options
def command(  # one argument an option
    incident: str | None,
    source: str | None,
    entities: str | None,
    everything: bool,
    format_: str | None,
    output: str | None,
    force: bool,
    filters: Filters,
) -> None:
    """Print the actors, platforms, countries and dates read in the prose of incidents, each with its place.

    START and END count characters of the plain text of FIELD (title, summary, or the passage whose id is given), as
    'kg show -s SOURCE' prints it. ROLE is operator, enabler, used, target, aligned (pro-Russian, Russia-based), when,
    and with --all also reporter and mentioned; RULE says what in the sentence decided, CONFIDENCE how sure that is.
    Without ID, filters narrow the incidents: --platform Telegram prints all that is read on pages of those on Telegram.

    A list of your own has the columns id and name, and as needed category (actor, platform, reporter), kind, type,
    aliases and former_names (parted by |), country, owner, wikidata, misp_uuid, source, and context: strict for a name
    that is an ordinary word too, strict:NAME|NAME for some of the names.
    """
    from kg.analysis.mentions import MentionRow

    if incident is not None and filters.on_incidents:
        raise click.UsageError(f"{incident}: is one incident; leave the filters out, or the id")
    with open_source(source, entities) as graph:
        rows = graph.narrow(filters).mentions(incident, everything=everything)
        say_chosen(graph, filters)
    name = form(format_, output)
    if name == "jsonl":
        import json

        lines = (json.dumps(row._asdict(), ensure_ascii=False) for row in rows)
        write_data("".join(f"{line}\n" for line in lines).encode(), output, force=force)
    else:
        write_rows(MentionRow._fields, rows, name, title="mentions", output=output, force=force)
