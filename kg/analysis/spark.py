"""The kernel of :mod:`kg.analysis.counting` on a cluster: Apache Spark deals out whole units, and counts are added.

Spark moves rows one by one, so few rows are given to it: each worker packs what it reads, a million rows at a time,
into one block of Arrow for each *bucket* of units, and Spark deals out the blocks. Who has all blocks of a bucket sorts
it in NumPy and counts. Memory of a worker holds one bucket, about a million rows, and the matrix. What comes back is
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
    from collections.abc import Callable, Iterable, Iterator

_MARGIN, _UNITS, _ROWS = -1, -2, -3
"""Kinds of rows that come back beside the pairs, which are numbered from 0."""

_SCHEMA = "kind long, number long, amount long"
_PIECE_ROWS = 1 << 18
_BLOCK_ROWS = _BUCKET_ROWS = 1 << 20
_BUCKETS = 64
"""So many at least, so that they can be dealt out evenly."""

_WHOLE = frozenset({"tinyint", "smallint", "int", "bigint"})


def count_parquet(
    path: str | os.PathLike[str], *, master: str | None = None, partitions: int | None = None
) -> tuple[tuple[str, ...], StreamedCounts]:
    """Count pairs in Parquet on Spark; rows in any order, repeated ones count once.

    Args:
        path: A Parquet file or folder with the columns ``unit`` (or ``incident``) and ``technique``, or two columns in
            this order; whole numbers or text. Whatever Spark can read: ``hdfs://`` and ``s3a://`` addresses too, where
            the cluster is set up for them.
        master: The address of the cluster, such as ``spark://host:7077`` or ``local[2]``; left out, a running session
            or Spark's own configuration is used, or else this machine.
        partitions: Into how many parts the units are dealt; left out, Spark decides.

    Returns:
        The names of the techniques, sorted, and the counts.

    Raises:
        SourceError: pyspark is not installed, Spark cannot read the file, or a column is not as it should be.
        KgError: Spark failed.
    """
    sql, errors = _pyspark()
    session = _session(sql, master)
    functions = importlib.import_module("pyspark.sql.functions")
    try:
        table = session.read.parquet(str(path))
        unit, technique = column_names(str(path), table.columns)
        for name, kind in table.select(unit, technique).dtypes:
            if kind not in _WHOLE | {"string"}:
                raise SourceError(f"{path}: column {name!r} is of type {kind}; write whole numbers or text")
        pairs = table.select(functions.col(unit).alias("unit"), functions.col(technique).alias("technique"))
        names, rows, numbered = _names(str(path), (unit, technique), pairs, functions)
        buckets = max(_BUCKETS, -(-rows // _BUCKET_ROWS))
        bucket = functions.pmod(functions.hash("unit"), functions.lit(buckets)).alias("bucket")
        packed = pairs.select("unit", "technique", bucket).mapInArrow(
            _packer(names, numbered=numbered), "bucket int, block binary"
        )
        dealt = packed.repartition(partitions, "bucket") if partitions else packed.repartition("bucket")
        partial = dealt.sortWithinPartitions("bucket").mapInArrow(_kernel(len(names)), _SCHEMA)
        totals = partial.groupBy("kind", "number").agg(functions.sum("amount").alias("amount")).toArrow()
    except errors.AnalysisException as error:
        raise SourceError(f"{path}: Spark cannot read it: {_first_line(error)}") from error
    except errors.PySparkException as error:
        raise KgError(f"{path}: Spark failed: {_first_line(error)}") from error
    return names, _added(totals, len(names))


def _packer(names: tuple[str, ...], *, numbered: bool) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What each worker runs over what it reads: rows to blocks of one bucket each, techniques as numbers."""

    def pack(batches: Iterator[Any]) -> Iterator[Any]:
        arrow, compute = (importlib.import_module(name) for name in ("pyarrow", "pyarrow.compute"))
        known = arrow.array(names, type=arrow.string())
        for table in _gathered(arrow, batches):
            units, held, bucket = (table.column(number).combine_chunks() for number in range(3))
            if not numbered:
                held = compute.index_in(held, value_set=known)
            bucket = bucket.to_numpy()
            order = np.argsort(bucket, kind="stable")
            block = arrow.record_batch([units.take(order), held.take(order).cast(arrow.int32())], ["unit", "technique"])
            found, starts, rows = np.unique(bucket[order], return_index=True, return_counts=True)
            places = zip(starts.tolist(), rows.tolist(), strict=True)
            blocks = [_packed(arrow, block.slice(start, length)) for start, length in places]
            yield arrow.record_batch(
                [arrow.array(found, type=arrow.int32()), arrow.array(blocks, type=arrow.binary())], ["bucket", "block"]
            )

    return pack


def _gathered(arrow: Any, batches: Iterable[Any]) -> Iterator[Any]:  # noqa: ANN401 - pyarrow publishes no types
    """Batches as tables of about a million rows."""
    waiting: list[Any] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _BLOCK_ROWS:
            yield arrow.Table.from_batches(waiting)
            waiting, rows = [], 0
    if rows:
        yield arrow.Table.from_batches(waiting)


def _packed(arrow: Any, block: Any) -> bytes:  # noqa: ANN401 - the same
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, block.schema) as stream:
        stream.write_batch(block)
    return bytes(sink.getvalue())


def _kernel(techniques: int) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What each worker runs over the blocks of one partition, which come bucket by bucket."""

    def count(batches: Iterator[Any]) -> Iterator[Any]:
        arrow = importlib.import_module("pyarrow")
        counter = StreamCounter(techniques)
        units = 0
        for blocks in _buckets(batches):
            table = arrow.concat_tables([arrow.ipc.open_stream(block).read_all() for block in blocks])
            names = table.column("unit").combine_chunks().dictionary_encode()
            # Sorted by unit, then technique, without repeats. Which number a unit gets does not matter.
            keys = names.indices.to_numpy().astype(np.int64) * techniques + table.column("technique").to_numpy()
            keys.sort()
            keys = keys[np.concatenate([[True], keys[1:] != keys[:-1]])]
            counter.add(units + keys // techniques, keys % techniques)
            units += len(names.dictionary)
        counts = counter.finish()
        keys = Triangle(techniques).numbers(counts.pairs.first, counts.pairs.second)
        kinds = np.concatenate([np.zeros(len(keys)), np.full(techniques, _MARGIN), [_UNITS, _ROWS]]).astype(np.int64)
        numbers = np.concatenate([keys, np.arange(techniques), [0, 0]]).astype(np.int64)
        amounts = np.concatenate([counts.pairs.count, counts.margins, [counts.units, counts.rows]]).astype(np.int64)
        for start in range(0, len(kinds), _PIECE_ROWS):
            here = slice(start, start + _PIECE_ROWS)
            yield arrow.RecordBatch.from_arrays(
                [arrow.array(column[here]) for column in (kinds, numbers, amounts)], ["kind", "number", "amount"]
            )

    return count


def _buckets(batches: Iterable[Any]) -> Iterator[list[bytes]]:
    """The blocks of each bucket; those of one bucket follow one another."""
    last = -1
    blocks: list[bytes] = []
    for batch in batches:
        for bucket, block in zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True):
            if bucket != last and blocks:
                yield blocks
                blocks = []
            last = bucket
            blocks.append(block)
    if blocks:
        yield blocks


def _names(path: str, columns: tuple[str, str], pairs: Any, functions: Any) -> tuple[tuple[str, ...], int, bool]:  # noqa: ANN401 - pyspark is an extra
    """The names of the techniques in order, how many rows there are, and whether techniques are numbered from 0."""
    counts = [functions.count(functions.lit(1)), functions.count("unit"), functions.count("technique")]
    numbered = dict(pairs.dtypes)["technique"] in _WHOLE
    if numbered:
        rows, *filled, low, high = pairs.agg(*counts, functions.min("technique"), functions.max("technique")).first()
        if low is not None and (low < 0 or high >= MOST_TECHNIQUES):
            number = low if low < 0 else high
            raise SourceError(f"{path}: technique {number}: number them from 0, below {MOST_TECHNIQUES:,}")
        names = tuple(map(str, range((-1 if high is None else int(high)) + 1)))
    else:
        # One more than are allowed, and the empty one.
        found = pairs.groupBy("technique").agg(*counts).limit(MOST_TECHNIQUES + 2).collect()
        rows, *filled = (sum(row[place] for row in found) for place in (1, 2, 3))
        # Spark sorts text by its UTF-8 bytes, and so does this.
        names = tuple(sorted(row[0] for row in found if row[0] is not None))
        if len(names) > MOST_TECHNIQUES:
            raise SourceError(f"{path}: names more than {MOST_TECHNIQUES:,} techniques; are the two columns exchanged?")
    for column, number in zip(columns, filled, strict=True):
        if number < rows:
            raise SourceError(f"{path}: column {column!r} has empty cells; leave these rows out")
    return names, rows, numbered


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
