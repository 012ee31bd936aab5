"""Counting pairs on Apache Spark: our kernel on its workers against the self-join of Spark SQL, on the same Parquet.

Each is a program of its own on a local cluster of two workers (processes with one core and 1 GB each) with Spark's own
settings, and both must come to the same counts. What it takes to start Spark is told beside them, and is in both.
``python -m tests.benchmarks.cluster NAME PARQUET`` is one of them. Needs pyspark, Java, and Linux for the seconds of
CPU, which are those of all processes that a program has started.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.analysis.outofcore import count_file
from tests.benchmarks.incidences import incidence_arrays
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

ROOT = Path(__file__).parent.parent.parent
MASTER = "local-cluster[2,1,1024]"
CELLS = ((1_000_000, 400), (10_000_000, 400), (30_000_000, 400))
SECONDS = 1_800
"""After so many seconds on the clock a program is ended."""

_TICKS = os.sysconf("SC_CLK_TCK")
_POLL = 0.2

SELF_JOIN = (
    "SELECT a.technique AS technique_a, b.technique AS technique_b, count(*) AS count FROM held a JOIN held b "
    "ON a.unit = b.unit AND a.technique < b.technique GROUP BY a.technique, b.technique"
)


@dataclass(frozen=True, slots=True)
class Ran:
    """What a program took, and found.

    Attributes:
        wall: Seconds on the clock.
        cpu: Seconds of CPU over all its processes.
        totals: How many pairs there are, the sum of their counts, and the sum of the squares of these.
    """

    wall: float
    cpu: float
    totals: list[int]


def benchmark(cells: Sequence[tuple[int, int]] = CELLS) -> None:
    """Seconds of both for each number of rows and techniques, and how many times ours the self-join takes."""
    start = run("start", Path())
    rows_of_table = []
    for rows, techniques in cells:
        with tempfile.TemporaryDirectory() as folder:
            file = write_pairs(Path(folder) / "pairs.parquet", rows, techniques)
            ours, theirs = run("kg", file), run("self-join", file)
        if ours.totals != theirs.totals:
            message = f"pairs, their sum and the sum of their squares differ: {ours.totals}, {theirs.totals}"
            raise AssertionError(message)
        took = (ours.wall, theirs.wall, ours.cpu, theirs.cpu)
        ratios = (theirs.wall / ours.wall, theirs.cpu / ours.cpu)
        beyond = (theirs.cpu - start.cpu) / max(ours.cpu - start.cpu, 0.1)
        rows_of_table.append((rows, techniques, ours.totals[1], *took, *ratios, beyond))
        write_line(f"{rows:,} rows x {techniques:,}: kg {ours.wall:.1f} s, self-join {theirs.wall:.1f} s on the clock")
    head = ("rows", "techniques", "pairs in units", "kg s", "self-join s", "kg CPU s", "self-join CPU s")
    title = (
        "Counting pairs on Spark, two workers of one core (seconds on the clock, then of CPU; start of Spark included)"
    )
    write_table(title, (*head, "self-join / kg", "of CPU", "of CPU beyond the start"), rows_of_table)
    write_line(f"To start Spark and ask for nothing takes {start.wall:.1f} s on the clock, {start.cpu:.1f} s of CPU.")


def write_pairs(path: Path, rows: int, techniques: int) -> Path:
    """A seeded table as Parquet, in groups of a million rows."""
    arrow, parquet = importlib.import_module("pyarrow"), importlib.import_module("pyarrow.parquet")
    units, held = incidence_arrays(rows, techniques)
    parquet.write_table(arrow.table({"unit": units, "technique": held}), path, row_group_size=1 << 20)
    return path


def run(name: str, file: Path) -> Ran:
    """Run one program in a session of its own, and add up what the processes of the session took."""
    taken: dict[int, float] = {}
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as complaint:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.cluster", name, str(file)],
            stdout=printed,
            stderr=complaint,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable},
            start_new_session=True,
        )
        while process.poll() is None:
            taken.update(_session_times(process.pid))
            if time.perf_counter() - begun > SECONDS:
                process.kill()
            time.sleep(_POLL)
        wall = time.perf_counter() - begun
        for stream in (printed, complaint):
            stream.seek(0)
        if process.returncode:
            message = f"{name}: status {process.returncode}: {complaint.read()[-2000:]}"
            raise AssertionError(message)
        return Ran(wall, sum(taken.values()), json.loads(printed.read()))


def _session_times(session: int) -> dict[int, float]:
    """Seconds of CPU of each process that is alive in a session, by its number."""
    times = {}
    for file in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Behind the name, which may hold blanks: state, parent, group, session, ...; see proc(5).
            fields = file.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[3]) == session:
            times[int(file.parent.name)] = (int(fields[11]) + int(fields[12])) / _TICKS
    return times


def _kernel(file: str) -> NDArray[np.int64]:
    """What ``kg cooccurrence --engine spark`` counts by."""
    return count_file(file, engine="spark", master=MASTER).pairs.count.astype(np.int64)


def _self_join(file: str) -> NDArray[np.int64]:
    session = _session()
    session.read.parquet(file).createOrReplaceTempView("held")
    counts: NDArray[np.int64] = session.sql(SELF_JOIN).toArrow().column("count").to_numpy()
    return counts


def _start(_: str) -> NDArray[np.int64]:
    return np.zeros(_session().range(1).count(), dtype=np.int64)


def _session() -> Any:  # noqa: ANN401 - pyspark is an extra
    sql: Any = importlib.import_module("pyspark.sql")
    session = sql.SparkSession.builder.master(MASTER).config("spark.ui.showConsoleProgress", "false").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


PROGRAMS: dict[str, Callable[[str], NDArray[np.int64]]] = {"kg": _kernel, "self-join": _self_join, "start": _start}
"""Name to what gives the count of each pair."""


if __name__ == "__main__":
    found = PROGRAMS[sys.argv[1]](sys.argv[2])
    write_line(json.dumps([len(found), int(found.sum()), int(np.dot(found, found))]))
