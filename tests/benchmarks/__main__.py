"""``python -m tests.benchmarks [NAME ...]``: ratios against peers within one run. Nothing fails on a wall-clock figure.

What does fail is a peer that gives another result. ``load`` reads the release named by DISARM_FRAMEWORKS; ``query``
uses it too and falls back on the embedded facts.
"""

from __future__ import annotations

import importlib
import platform
import sys

from kg.errors import unknown_name
from tests.benchmarks.report import write_line

BENCHMARKS = {
    "load": "tests.benchmarks.loading",
    "query": "tests.benchmarks.querying",
    "export": "tests.benchmarks.exporting",
    "commands": "tests.benchmarks.commands",
    "growth": "tests.benchmarks.growth",
    "pairs": "tests.benchmarks.counting",
    "pairs-large": "tests.benchmarks.counting_large",
    "pairs-stream": "tests.benchmarks.counting_stream",
    "spark": "tests.benchmarks.cluster",
    "signal": "tests.benchmarks.signal",
    "null": "tests.benchmarks.randomising",
    "bundles": "tests.benchmarks.bundles",
    "serving": "tests.benchmarks.serving",
    "placing": "tests.benchmarks.placing",
    "attack": "tests.benchmarks.attacking",
    "soak": "tests.benchmarks.soaking",
    "reading": "tests.benchmarks.reading",
    "names": "tests.benchmarks.naming",
    "drawing": "tests.benchmarks.drawing",
    "models": "tests.benchmarks.models",
}
"""Name to the module whose ``benchmark()`` is run."""


def main(names: list[str]) -> None:
    """Run the named benchmarks, or all of them."""
    for name in names:
        if name not in BENCHMARKS:
            raise unknown_name("benchmark", name, BENCHMARKS)
    write_line(f"Python {platform.python_version()} on {platform.machine()}")
    for name in names or BENCHMARKS:
        importlib.import_module(BENCHMARKS[name]).benchmark()


if __name__ == "__main__":
    main(sys.argv[1:])
