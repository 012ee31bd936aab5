"""``kg match ARTICLE``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kg.cli import printable
from kg.cli.filters import filter_options
from kg.cli.options import open_source, output_options, say, source_option, write_data
from kg.errors import KgError

if TYPE_CHECKING:
    from kg.analysis.matching import LikeCase, Matched
    from kg.analysis.suggestion import Suggestion
    from kg.filters import Filters

MAX_ARTICLE_BYTES = 1_000_000


@click.command(epilog="Example: kg match article.txt -s DISARMframeworks-17")
@click.argument("article", metavar="ARTICLE")
@source_option
@click.option("--top", "most", type=int, default=3, show_default=True, metavar="K", help="Name so many incidents.")
@click.option("--techniques", type=int, default=10, show_default=True, metavar="K", help="Name so many techniques.")
@filter_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", help="Form of the answer.")
@output_options
def command(
    article: str,
    source: str | None,
    most: int,
    techniques: int,
    filters: Filters,
    format_: str,
    output: str | None,
    force: bool,
) -> None:
    """Tell whether an article's behaviour was seen before: like incidents, and the techniques to check it for.

    ARTICLE is a file of text, or '-' for stdin. It is compared with the prose of incidents where the source holds it,
    with their titles and the names of their techniques otherwise. How good the answer is: kg evaluate match.
    """
    text = _read(article)
    with open_source(source) as graph:
        found = graph.match(text, most=most, techniques=techniques, filters=filters)
    if format_ == "json":
        import dataclasses
        import json

        write_data(json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=2) + "\n", output, force=force)
    else:
        write_data("\n".join(printable(line) for line in _lines(found)) + "\n", output, force=force)
    if not found.prose:
        say("compared with titles and names of techniques, for this source holds no prose; a release folder does (-s)")
    say("a technique told here is one to check for, not one that was seen")


def _read(article: str) -> str:
    try:
        if article == "-":
            data = sys.stdin.buffer.read(MAX_ARTICLE_BYTES + 1)
        else:
            with Path(article).open("rb") as file:
                data = file.read(MAX_ARTICLE_BYTES + 1)
    except OSError as error:
        raise KgError(f"{article}: cannot be read ({error.strerror}); name a file of text, or '-' for stdin") from error
    if len(data) > MAX_ARTICLE_BYTES:
        raise KgError(f"{article}: is longer than {MAX_ARTICLE_BYTES:,} bytes; give one article")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise KgError(f"{article}: byte {error.start:,} is not UTF-8; save it as text in UTF-8") from error


def _lines(found: Matched) -> list[str]:
    lines = [f"{found.compared:,} incidents compared; the most alike:"]
    for case in found.cases:
        lines += ["", *_case(case)]
    if not found.cases:
        lines += ["", "none shares a word that tells it from the others"]
    if found.tagged:
        lines += ["", f"techniques that the article names: {' '.join(found.tagged)}"]
    if found.techniques:
        lines += ["", "techniques of like incidents (share of their likeness, share of all incidents, told by)", ""]
        lines += [_technique(one) for one in found.techniques]
    return lines


def _case(case: LikeCase) -> list[str]:
    return [
        f"{case.incident}  {case.title}",
        f"  likeness {case.similarity:.2f}, by: {' '.join(case.words)}",
        f"  techniques: {' '.join(case.techniques) or 'none'}",
    ]


def _technique(one: Suggestion) -> str:
    return f"{one.technique:<10} {one.label}: {one.score:.2f}, {one.popularity:.2f}, {' '.join(one.incidents)}"
