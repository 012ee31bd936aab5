"""``kg lint``."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from kg.cli import ANSWER_IS_NO
from kg.cli.options import TABULAR, form, output_options, say, source_option, write_data, write_rows
from kg.errors import SourceError
from kg.store.addresses import is_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting import Report

COLUMNS = ("code", "severity", "file", "line", "sheet", "cell", "message", "fix", "about")


@click.command(epilog="Example: kg lint -s DISARMframeworks-17 --format sarif -o findings.sarif")
@source_option
@click.option("--select", metavar="CODES", help="Only these rules, with commas between them.")
@click.option("--ignore", metavar="CODES", help="Not these rules, with commas between them.")
@click.option("--strict", is_flag=True, help="Exit with status 1 where there is a finding worse than a note.")
@click.option("--summary", is_flag=True, help="Only what was found in words.")
@click.option("--fix", metavar="OUT", help="Write a corrected copy to the new folder OUT, with a patch in it.")
@click.option("--rules", is_flag=True, help="List every rule with a sentence.")
@click.option(
    "--format",
    "format_",
    type=click.Choice((*TABULAR, "sarif")),
    help="Form of the findings; by default a table on a terminal and CSV in a pipe.",
)
@output_options
def command(
    source: str | None,
    select: str | None,
    ignore: str | None,
    strict: bool,
    summary: bool,
    fix: str | None,
    rules: bool,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Find every fault of a release as it is published: pages, workbooks and STIX bundle.

    SOURCE is a release folder, a folder of pages, a page, a workbook, a bundle, or any other file kg reads ('-' is
    stdin). Each finding has a code, a severity, a file with line or cell, and what would be right; in SARIF those that
    can be mended at a click have their edit. The source is never changed.

    With --fix a copy is written in which everything is mended that nobody has to decide on: OUT holds the whole
    source again, kg-lint.patch (for 'git apply' or 'patch -p1') and kg-lint-cells.csv (the changed cells of the
    workbooks). What is found before and after is listed by code. --select and --ignore say what to mend.
    """
    if rules:
        _list_rules(format_, output, force=force)
        return
    if source is None:
        raise click.UsageError("lint reads files as published; name them with -s (for RDF there is 'kg validate')")
    chosen = _codes(select, "--select"), _codes(ignore, "--ignore")
    if fix is not None and (summary or not fix):
        raise click.UsageError("--fix takes the name of a new folder, and no --summary")
    if is_address(source):
        raise SourceError(f"{source}: is an endpoint; lint reads files as published, so give a release folder")
    with _at(source) as path:
        if fix is not None:
            report = _mend(path, fix, chosen, (format_, output), force=force)
        elif summary:
            report = _report(path, *chosen)
            _only_words(report, format_, output, force=force)
        else:
            report = _report(path, *chosen)
            _write(report, format_, output, force=force)
            _say_words(report)
    if strict and any(finding.severity != "info" for finding in report.findings):
        click.get_current_context().exit(ANSWER_IS_NO)


@contextlib.contextmanager
def _at(source: str) -> Iterator[str]:
    """The path of a source; of what is piped in, a file that holds it for so long."""
    if source != "-":
        yield source
        return
    from kg.sources.stdin import spooled

    with spooled(sys.stdin.buffer) as path:
        yield str(path)


def _report(source: str, select: tuple[str, ...], ignore: tuple[str, ...]) -> Report:
    from kg.maintenance import lint

    return lint(source, select=select, ignore=ignore)


def _mend(
    source: str,
    out: str,
    chosen: tuple[tuple[str, ...], tuple[str, ...]],
    form_and_output: tuple[str | None, str | None],
    *,
    force: bool,
) -> Report:
    from kg.maintenance import mend

    select, ignore = chosen
    format_, output = form_and_output
    mending = mend(source, out, select=select, ignore=ignore)
    if format_ == "sarif":
        _write(mending.left, format_, output, force=force)
    else:
        columns = ("code", "before", "after", "note")
        write_rows(columns, mending.account(), format_, title="findings", output=output, force=force)
    left = len(mending.left.findings)
    pages = sum(name.endswith(".md") for name in mending.files)
    say(f"{out}: {pages} pages and {len(mending.cells)} cells of workbooks changed; {left} findings are left")
    return mending.left


def _codes(given: str | None, option: str) -> tuple[str, ...]:
    if given is None:
        return ()
    codes = tuple(code.strip() for code in given.split(",") if code.strip())
    if not codes:
        raise click.UsageError(f"{option} names no rule; 'kg lint --rules' lists them")
    return codes


def _list_rules(format_: str | None, output: str | None, *, force: bool) -> None:
    from kg.linting import RULES
    from kg.linting.fixes import FIXED

    if format_ == "sarif":
        from kg.linting.sarif import render_sarif

        write_data(render_sarif(()), output, force=force)
        return
    rows = [(code, rule.severity.value, rule.sentence, FIXED.get(code, "")) for code, rule in sorted(RULES.items())]
    write_rows(("code", "severity", "rule", "mended"), rows, format_, title="rules", output=output, force=force)


def _only_words(report: Report, format_: str | None, output: str | None, *, force: bool) -> None:
    from kg.linting.summary import summarise

    if format_ is not None:
        raise click.UsageError("--summary has one form; leave --format out")
    write_data("".join(f"{sentence}\n" for sentence in summarise(report)), output, force=force)


def _say_words(report: Report) -> None:
    from kg.linting.summary import summarise

    for sentence in summarise(report):
        say(sentence)


def _write(report: Report, format_: str | None, output: str | None, *, force: bool) -> None:
    findings = report.findings
    if format_ == "sarif":
        from kg.linting.sarif import render_sarif
        from kg.linting.suggestions import find_edits

        write_data(render_sarif(findings, find_edits(report)), output, force=force)
        return
    if form(format_, output) == "table":
        short = [(item.code, item.severity.value, str(item.place), item.message, item.fix) for item in findings]
        columns = ("code", "severity", "place", "message", "fix")
        write_rows(columns, short, "table", title="findings", output=output, force=force)
        return
    rows = [
        (
            finding.code,
            finding.severity.value,
            finding.place.file,
            finding.place.line or None,
            finding.place.sheet,
            finding.place.cell,
            finding.message,
            finding.fix,
            " ".join(finding.about),
        )
        for finding in findings
    ]
    write_rows(COLUMNS, rows, format_, output=output, force=force)
