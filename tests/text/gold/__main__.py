"""``python -m tests.text.gold RELEASE=MENTIONS ...`` or ``... MENTIONS [GOLD]``: every score of a gold file.

The first form scores the pages of every set, each release on the mentions that
``kg mentions --format jsonl`` read in it, the second one file of mentions on all pages of a gold file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.text.gold.countries import SIDES, read_country_gold, read_country_predictions
from tests.text.gold.scoring import FIELDS, HELD_OUT, SETS, added, read_lines, report, score, scores

if TYPE_CHECKING:
    from collections.abc import Iterator


def lines(given: list[tuple[str, Path]], gold: Path) -> Iterator[str]:
    """The reports of one gold file: actors, platforms, and the countries of each side."""
    for kind in FIELDS:
        yield report(kind, scores(kind, given, gold))
    for side in SIDES:
        parts = (
            score(read_country_gold(gold, side, release), read_country_predictions(read_lines(path), side))
            for release, path in given
        )
        yield report(side, added(parts))


def main(arguments: list[str]) -> int:
    """Print the score of each kind; 2 without a file of mentions."""
    if not arguments:
        print(__doc__, file=sys.stderr)  # noqa: T201 - the usage of this command
        return 2
    if "=" in arguments[0]:
        pairs = [argument.partition("=") for argument in arguments]
        given, golds = [(release, Path(path)) for release, _, path in pairs], list(SETS)
    else:
        given, golds = [("", Path(arguments[0]))], [Path(arguments[1]) if len(arguments) > 1 else HELD_OUT]
    for gold in golds:
        print(f"# {gold.name}", *lines(given, gold), sep="\n")  # noqa: T201 - its output
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
