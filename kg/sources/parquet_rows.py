"""The program of the child process that reads a stranger's Parquet file: run by :mod:`kg.sources.parquet` alone.

``python -I parquet_rows.py JSON``: writes the names of the columns and each row as a list of texts, a line of JSON
each, and prints a verdict as one line of JSON. It may be killed at any moment, by its limits or by a fault of the
library that reads; the parent then says so.
"""

from __future__ import annotations

import json
import os
import sys

_ROWS_AT_ONCE = 1024


def _cell(value: object) -> str:
    """What a table in text would hold: numbers as they are read, a list by its members, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_cell, value))
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict) else str(value)


def _rows(job: dict[str, object]) -> dict[str, object]:
    try:
        import pyarrow as pa  # type: ignore[import-untyped] # noqa: PLC0415 - the limits must hold before it is there
        from pyarrow import parquet  # noqa: PLC0415 - as above
    except ImportError:
        return {"missing": "pyarrow"}
    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    try:
        with parquet.ParquetFile(str(job["path"]), thrift_string_size_limit=job["thrift"]) as file:
            names = file.schema_arrow.names
            if len(names) > int(str(job["columns"])):
                return {"fault": f"{len(names):,} columns; at most {job['columns']:,} are read"}
            with open(str(job["target"]), "w", encoding="utf-8") as target:  # noqa: PTH123 - importing pathlib costs 10 ms
                target.write(json.dumps(names) + "\n")
                for batch in file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False):
                    columns = [column.to_pylist() for column in batch.columns]
                    target.writelines(
                        json.dumps([_cell(value) for value in row]) + "\n" for row in zip(*columns, strict=True)
                    )
    except (pa.ArrowException, ValueError, OverflowError) as error:
        return {"fault": f"no Parquet that can be read ({_folded(error)})"}
    return {}


def _folded(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _verdict(job: dict[str, object]) -> dict[str, object]:
    try:
        return _rows(job)
    except MemoryError:
        return {"fault": "needs more memory than its size allows"}
    except OSError as error:
        full = os.path.exists(str(job["target"])) and os.path.getsize(str(job["target"])) == job["output"]  # noqa: PTH110, PTH202
        return {"fault": "holds more than is read" if full else f"cannot be read ({_folded(error)})"}


def main() -> None:
    """Do the job that the first argument describes."""
    job = json.loads(sys.argv[1])
    sys.path[:] = job["imports"]
    from kg.limits import limit_this_process  # noqa: PLC0415 - the path is known only now

    limit_this_process(memory=job["memory"], output=job["output"], seconds=job["seconds"])
    print(json.dumps(_verdict(job)), flush=True)  # noqa: T201 - the verdict


if __name__ == "__main__":
    main()
