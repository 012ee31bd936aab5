"""The kernel of :mod:`kg.analysis.counting` on a cluster: Apache Spark deals out whole units, and counts are added.

Rows are dealt out and sorted by unit, each partition is counted as a stream of Arrow batches, and what comes back is
one row for each pair of techniques that a partition saw: the answer is as large as the matrix, never as the table.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.analysis.counting import PairCounts, Triangle
from kg.analysis.streaming import StreamCounter, StreamedCounts
from kg.errors import KgError, SourceError
from kg.incidence.files import MOST_TECHNIQUES, column_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_MARGIN, _UNITS, _ROWS = -1, -2, -3
"""Kinds of rows that come back beside the pairs, which are numbered from 0."""

_SCHEMA = "kind long, number long, amount long"
_PIECE_ROWS = 1 << 18


def count_parquet(
    path: str | os.PathLike[str], *, master: str | None = None, partitions: int | None = None
) -> tuple[tuple[str, ...], StreamedCounts]:
    """Count pairs in Parquet on Spark; rows in any order, repeated ones count once.

    Args:
        path: A Parquet file or folder with the columns ``unit`` (or ``incident``) and ``technique``, or two columns in
            this order. Whatever Spark can read: ``hdfs://`` and ``s3a://`` addresses too, where the cluster is set up
            for them.
        master: The address of the cluster, such as ``spark://host:7077`` or ``local[2]``; left out, a running session
            or Spark's own configuration is used, or else this machine.
        partitions: Into how many parts the units are dealt; left out, Spark decides.

    Returns:
        The names of the techniques, sorted, and the counts.

    Raises:
        SourceError: pyspark is not installed, or Spark cannot read the file.
        KgError: Spark failed.
    """
    sql, errors = _pyspark()
    session = _session(sql, master)
    functions = importlib.import_module("pyspark.sql.functions")
    try:
        table = session.read.parquet(str(path))
        unit, technique = column_names(str(path), table.columns)
        pairs = table.select(functions.col(unit).alias("unit"), functions.col(technique).alias("technique")).na.drop()
        names, numbered = _names(pairs, functions)
        dealt = pairs.repartition(partitions, "unit") if partitions else pairs.repartition("unit")
        sorted_ = dealt.sortWithinPartitions("unit", "technique")
        partial = sorted_.mapInArrow(_kernel(names, numbered=numbered), _SCHEMA)
        totals = partial.groupBy("kind", "number").agg(functions.sum("amount").alias("amount")).toArrow()
    except errors.AnalysisException as error:
        raise SourceError(f"{path}: Spark cannot read it: {_first_line(error)}") from error
    except errors.PySparkException as error:
        raise KgError(f"{path}: Spark failed: {_first_line(error)}") from error
    return names, _added(totals, len(names))


def _kernel(names: tuple[str, ...], *, numbered: bool) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What each worker runs over the Arrow batches of one partition."""

    def count(batches: Iterator[Any]) -> Iterator[Any]:
        arrow, compute = (importlib.import_module(name) for name in ("pyarrow", "pyarrow.compute"))

        counter = StreamCounter(len(names))
        places = arrow.array(names, type=arrow.string())
        last: tuple[object, int] | None = None
        number = -1
        for batch in batches:
            if not batch.num_rows:
                continue
            units = batch.column(0)
            held = batch.column(1) if numbered else compute.index_in(batch.column(1), value_set=places)
            held = held.to_numpy().astype(np.int64)
            codes = compute.dictionary_encode(units).indices.to_numpy().astype(np.int64)
            # Sorted: equal units are neighbours, so that a new number is a new unit.
            steps = np.concatenate([[0], np.cumsum(codes[1:] != codes[:-1])])
            first = units[0].as_py()
            begin = number + (last is None or last[0] != first)
            unit_index = begin + steps
            fresh = np.ones(len(held), dtype=np.bool_)
            fresh[1:] = (unit_index[1:] != unit_index[:-1]) | (held[1:] != held[:-1])
            fresh[0] = last != (first, int(held[0]))
            counter.add(unit_index[fresh], held[fresh])
            last, number = (units[len(units) - 1].as_py(), int(held[-1])), int(unit_index[-1])
        counts = counter.finish()
        triangle = Triangle(len(names))
        keys = triangle.numbers(counts.pairs.first, counts.pairs.second)
        kinds = np.concatenate([np.zeros(len(keys)), np.full(len(names), _MARGIN), [_UNITS, _ROWS]]).astype(np.int64)
        numbers = np.concatenate([keys, np.arange(len(names)), [0, 0]]).astype(np.int64)
        amounts = np.concatenate([counts.pairs.count, counts.margins, [counts.units, counts.rows]]).astype(np.int64)
        for start in range(0, len(kinds), _PIECE_ROWS):
            here = slice(start, start + _PIECE_ROWS)
            yield arrow.RecordBatch.from_arrays(
                [arrow.array(column[here]) for column in (kinds, numbers, amounts)], ["kind", "number", "amount"]
            )

    return count


def _names(pairs: Any, functions: Any) -> tuple[tuple[str, ...], bool]:  # noqa: ANN401 - pyspark is an extra
    """The names of the techniques in order, and whether they are numbers, which go from 0 to the highest."""
    if dict(pairs.dtypes)["technique"] in {"tinyint", "smallint", "int", "bigint"}:
        low, high = pairs.agg(functions.min("technique"), functions.max("technique")).collect()[0]
        if low is not None and (low < 0 or high >= MOST_TECHNIQUES):
            raise SourceError(f"technique {low if low < 0 else high}: number them from 0, below {MOST_TECHNIQUES:,}")
        return tuple(map(str, range((-1 if high is None else int(high)) + 1))), True
    found = [row[0] for row in pairs.select("technique").distinct().limit(MOST_TECHNIQUES + 1).collect()]
    if len(found) > MOST_TECHNIQUES:
        raise SourceError(f"more than {MOST_TECHNIQUES:,} techniques are named; are the two columns exchanged?")
    # Spark sorts text by its UTF-8 bytes, and so does this.
    return tuple(sorted(found)), False


def _added(totals: Any, techniques: int) -> StreamedCounts:  # noqa: ANN401 - pyarrow publishes no types
    kinds, numbers, amounts = (totals.column(name).to_numpy() for name in ("kind", "number", "amount"))
    margins = np.zeros(techniques, dtype=np.int64)
    margins[numbers[kinds == _MARGIN]] = amounts[kinds == _MARGIN]
    keys, counts = numbers[kinds == 0], amounts[kinds == 0]
    order = np.argsort(keys)
    pairs: PairCounts = Triangle(techniques).pairs(keys[order], counts[order])
    units, rows = (int(amounts[kinds == kind].sum()) for kind in (_UNITS, _ROWS))
    return StreamedCounts(pairs, margins, units, rows)


def _pyspark() -> tuple[Any, Any]:
    try:
        return importlib.import_module("pyspark.sql"), importlib.import_module("pyspark.errors")
    except ImportError as error:
        raise SourceError("engine spark needs pyspark and Java; run `pip install 'disarm-kg[spark]'`") from error


def _session(sql: Any, master: str | None) -> Any:  # noqa: ANN401 - pyspark is an extra
    running = sql.SparkSession.getActiveSession()
    if running is not None and master is None:
        return running
    builder = sql.SparkSession.builder.appName("disarm-kg").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    if (master or "local").startswith("local"):
        # Workers on this machine are this Python, not whichever one comes first in the path.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        session = builder.getOrCreate()
    except Exception as error:  # whatever Spark's Java process died of: there is no common error
        raise KgError(f"Spark did not start: {_first_line(error)}; is Java 17 or newer installed?") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _first_line(error: BaseException) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    # Of an error on a worker the last line says what it was, the first only that there was one.
    return lines[-1] if "Traceback" in str(error) else lines[0]
