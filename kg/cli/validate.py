"""``kg validate``."""

from __future__ import annotations

from collections import Counter

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

COLUMNS = ("severity", "rule", "focus", "path", "value", "message")


@click.command(epilog="Example: kg validate -s my-incidents.ttl")
@source_option
@tabular_option
@output_options
def command(source: str | None, format_: str | None, output: str | None, force: bool) -> None:
    """Check a graph against the shapes and rules of the ontology.

    Shapes are SHACL Core; rules that span nodes are queries that must return no row. Exit status 1 where the graph
    does not conform.
    """
    with open_source(source) as graph:
        report = graph.validate()
        known = any(graph.stats().values())
    if report.violations or output is not None or format_ is not None:
        rows = [tuple(getattr(violation, name) for name in COLUMNS) for violation in report.violations]
        write_rows(COLUMNS, rows, format_, title="faults", output=output, force=force)
    counts = Counter(violation.severity for violation in report.violations)
    found = ", ".join(f"{number} of severity {severity}" for severity, number in sorted(counts.items())) or "no fault"
    say(f"{'conforms' if report.conforms else 'does not conform'}: {found}")
    if not known:
        say("but it holds nothing of ours (no kg:Incident, no kg:Technique ...), so nothing was checked")
    if not report.conforms:
        click.get_current_context().exit(ANSWER_IS_NO)
