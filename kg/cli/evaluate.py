"""``kg evaluate``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from kg.cli.filters import counted_options
from kg.cli.options import open_source, output_options, say, source_option, tabular_option, write_rows

if TYPE_CHECKING:
    from kg.analysis.evaluation import Evaluated


@click.command(epilog="Example: kg evaluate suggest --method knn --split whole")
@click.argument("what", metavar="WHAT", type=click.Choice(["suggest", "match"]))
@source_option
@click.option("--method", "methods", multiple=True, metavar="NAME", help="A method beside popularity; all by default.")
@click.option("--split", default="leave-one-out", show_default=True, help="leave-one-out or whole (half of a unit).")
@counted_options("unit", "evidence")
@click.option("--seed", type=int, default=0, show_default=True, help="Of the halves and of the bootstrap.")
@tabular_option
@output_options
def command(
    what: str,
    source: str | None,
    methods: tuple[str, ...],
    split: str,
    unit: str,
    evidence: str,
    seed: int,
    format_: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Measure how well suggestions find what was hidden, beside the popularity baseline.

    WHAT is suggest, or match: the techniques of each incident from its text alone (kg match; takes --evidence and
    --seed). Columns: method, measure (recall, precision and NDCG at 5, 10 and 20, MRR, and gain@10: recall at 10 above
    popularity's), value, low, high (95 % bootstrap over groups of units). Near-duplicate incidents, and those that cite
    one article, are left out together.
    """
    if what == "match":
        with open_source(source) as graph:
            found = graph.evaluate_matching(evidence=evidence, seed=seed)
        _tell(found, format_, output, force=force)
        return
    with (
        open_source(source) as graph,
        click.progressbar(length=1000, label="evaluating", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar,
    ):
        found = graph.evaluate_suggestions(
            methods=methods or None,
            split=split,
            unit=unit,
            evidence=evidence,
            seed=seed,
            progress=lambda done, total: bar.update(max(0, done * 1000 // total - bar.pos)),
        )
    _tell(found, format_, output, force=force)


def _tell(found: Evaluated, format_: str | None, output: str | None, *, force: bool) -> None:
    rows = [
        (score.method, score.measure, f"{score.value:.4f}", f"{score.low:.4f}", f"{score.high:.4f}")
        for score in found.scores
    ]
    write_rows(("method", "measure", "value", "low", "high"), rows, format_, output=output, force=force)
    for sentence in found.sentences():
        say(sentence)
