"""``kg why``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli import printable
from kg.cli.filters import filter_options
from kg.cli.options import open_source, output_options, source_option, write_data

if TYPE_CHECKING:
    from kg.analysis.evidence import Case, Evidence
    from kg.filters import Filters

KINDS = {"TableRow": "table row", "Observation": "inline group", "TechniqueUse": "use"}
"""What a kind of evidence is called; any other goes by its own name."""


@click.command(epilog="Example: kg why T0143.003 T0097.202")
@click.argument("techniques", nargs=-1, required=True, metavar="TECHNIQUE...")
@source_option
@click.option("--exact", is_flag=True, help="Do not count sub-techniques as the technique above them.")
@click.option("--top", "most", type=int, default=20, show_default=True, metavar="K", help="Tell so many incidents.")
@filter_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Form of the answer.")
@output_options
def command(
    techniques: tuple[str, ...],
    source: str | None,
    exact: bool,
    most: int,
    filters: Filters,
    format_: str,
    output: str | None,
    force: bool,
) -> None:
    """Show why techniques are said to go together: incidents, passages, places, articles, repairs.

    Incidents in which one place tells of all the techniques come first: there they were one act. The words are shown
    where the source holds them; the embedded facts hold the passage's hash and the span instead.
    """
    with open_source(source) as graph:
        found = graph.why(*techniques, exact=exact, most=most, filters=filters)
    if format_ == "json":
        import dataclasses
        import json

        write_data(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2) + "\n", output, force=force)
    else:
        write_data("\n".join(_lines(found)) + "\n", output, force=force)


def _lines(found: Evidence) -> list[str]:
    lines = [f"{name}  {printable(label)}: {_incidents(found.with_each[name])}" for name, label in found.techniques]
    together = sum(case.together for case in found.cases)
    holds = "holds" if found.incidents == 1 else "hold"
    what = "it" if len(found.techniques) == 1 else "all of them"
    lines += ["", f"{_incidents(found.incidents)} {holds} {what}"]
    if len(found.techniques) > 1 and found.cases:
        lines[-1] += f"; of the {len(found.cases)} told here, {together} in one act (marked *)"
    if found.filters:
        lines.append(f"counted: {'; '.join(found.filters)}")
    lines += found.notes
    for case in found.cases:
        lines += ["", *_case(case)]
    rest = found.incidents - len(found.cases)
    if rest > 0:
        lines += ["", f"{rest} more; --top {found.incidents} tells all"]
    return [printable(line) for line in lines]


def _incidents(number: int) -> str:
    return "1 incident" if number == 1 else f"{number} incidents"


def _case(case: Case) -> list[str]:
    when = {"stated": f"{case.year}", "text": f"{case.year} (read in the text)"}.get(case.basis)
    dated = when or (f"year of the act unknown, first reported {case.published}" if case.published else "year unknown")
    lines = [f"{case.incident}  {case.title}", f"  when: {dated}"]
    for item in case.statements:
        mark = "*" if item.together else " "
        status = "" if item.status == "accepted" else f", {item.status}"
        span = f", passage {item.passage}" if item.passage else ""
        if item.start is not None:
            span += f" [{item.start}:{item.end}]"
        kind = KINDS.get(item.kind, item.kind)
        lines.append(f"  {mark} {' '.join(item.techniques)}: {kind}, {item.place}{span}{status}")
        if item.quote:
            lines.append(f"      {' '.join(item.quote.split())}")
    for passage in case.passages:
        words = " ".join(passage.text.split())
        lines.append(
            f"  passage {passage.identifier}: {words or f'{passage.length} characters, sha256 {passage.sha256}'}"
        )
    for article in case.references:
        told = ", ".join(part for part in (article.date, article.publisher) if part)
        lines.append(f"  article: {told + ': ' if told else ''}{article.url or 'no address'}")
        if article.archive:
            lines.append(f"    archived: {article.archive}")
    lines += [
        f"  finding: {item.code}: {item.message}{'; ' + item.fix if item.fix else ''} ({item.place})"
        for item in case.findings
    ]
    return lines
