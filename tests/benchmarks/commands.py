"""The command line: CPU seconds of a whole process, beside those of Python itself and of importing rdflib."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

from tests.benchmarks.report import write_table

QUERY = "SELECT ?incident WHERE { ?incident a kg:Incident } LIMIT 3"
COMMANDS: dict[str, tuple[str, ...]] = {
    "python -c pass": ("-c", "pass"),
    "python -c 'import rdflib'": ("-c", "import rdflib"),
    "kg --help (wanted: 0.15)": ("-m", "kg", "--help"),
    "kg query on the embedded facts (wanted: 0.6)": ("-m", "kg", "query", QUERY),
}
REPEATS = 7


def benchmark() -> None:
    """The shortest of some runs of each command."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    environment.pop("KG_SOURCE", None)
    rows = []
    for name, arguments in COMMANDS.items():
        times = []
        for _ in range(REPEATS):
            before = _children()
            subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=environment)
            times.append(_children() - before)
        rows.append((name, min(times), sorted(times)[len(times) // 2]))
    write_table("Commands (CPU seconds of the process)", ("command", "shortest", "median"), rows)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
