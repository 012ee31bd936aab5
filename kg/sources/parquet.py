"""Parquet: a 0/1 matrix, or two columns of incidents and techniques, as in :mod:`kg.sources.matrix` and ``pairs``.

Read by pyarrow in a process of its own, since a file made to end the reader must not end this one. Rows are numbered
from 1, and findings name them by that number.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import SourceDocument
from kg.sources.csv_text import MAX_COLUMNS, Record, Table
from kg.sources.json_text import clean
from kg.sources.matrix import names_techniques, read_matrix_table
from kg.sources.pairs import names_pairs, read_pairs_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.model import Corpus

MAX_BYTES = 256 << 20
"""The largest file that is read, and the most that its rows may take as text."""

_MAGIC = b"PAR1"
_MEMORY = 2 << 30
_SECONDS = 120
_THRIFT = 16 << 20
_CHUNK = 1 << 20
_LOOKED_AT = 20


def is_parquet(path: Path) -> bool:
    """Whether a file begins and ends as Parquet does."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return False
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC)) == _MAGIC
            file.seek(-len(_MAGIC), os.SEEK_END)
            return begins and file.read() == _MAGIC
    except (OSError, ValueError):
        return False


def read_parquet(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read a table of incidents and techniques.

    Args:
        path: The file.
        release: The name of the release; ``local`` by default.
        framework: Technique id to name; where given, an id that is not in it is reported and left out.

    Raises:
        SourceError: pyarrow is not installed, the file is damaged, too large, or neither form of table.
    """
    name = path.name
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        document = _document(path, name)
        rows = Path(folder, "rows.jsonl")
        _judge(name, _extract(path, rows))
        table = Table(name, document, [], _records(rows))
        first = next(table.records)
        if names_techniques(first):
            return read_matrix_table(table.behind(first), release=release, framework=framework)
        head = [first, *itertools.islice(table.records, _LOOKED_AT)]
        if names_pairs(head):
            return read_pairs_table(table.behind(*head), release=release, framework=framework)
    shown = ", ".join(first.cells)[:80]
    raise SourceError(
        f"{name}: its columns ({shown}) are neither incident and technique nor named after techniques "
        "(T0146_Account Asset); name them so"
    )


def _document(path: Path, name: str) -> SourceDocument:
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise SourceError(f"{name}: {size:,} bytes; at most {MAX_BYTES >> 20} MB are read, so split the file")
        sha256 = hashlib.sha256()
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                sha256.update(chunk)
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror}); check the file and its mode") from error
    return SourceDocument(name, sha256.hexdigest())


def _extract(path: Path, target: Path) -> subprocess.CompletedProcess[bytes]:
    job = {
        "path": os.fspath(path.absolute()),
        "target": os.fspath(target),
        "imports": sys.path,
        "memory": _MEMORY,
        "output": MAX_BYTES,
        "seconds": _SECONDS,
        "columns": MAX_COLUMNS,
        "thrift": _THRIFT,
    }
    program = os.fspath(Path(__file__).with_name("parquet_rows.py"))
    try:
        # Arguments are ours: the interpreter, our own program and a job in JSON.
        return subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", program, json.dumps(job)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(f"{path.name}: not read within {_SECONDS} s; split the file") from error


def _judge(name: str, ended: subprocess.CompletedProcess[bytes]) -> None:
    try:
        verdict = json.loads(ended.stdout)
    except ValueError as error:
        complaint = ended.stderr.decode(errors="replace")
        if ended.returncode >= 0 and "memory" not in complaint:
            # Not the file's fault: the child could not start.
            raise RuntimeError(f"the reader of Parquet did not start: {complaint}") from error
        raise SourceError(f"{name}: ended the reader; it is damaged, or made to do so") from error
    if "missing" in verdict:
        raise SourceError(f"{name}: Parquet needs pyarrow; run `pip install 'disarm-kg[parquet]'`, or write it as CSV")
    if "fault" in verdict:
        raise SourceError(f"{name}: {verdict['fault']}; write the table anew, or as CSV")


def _records(rows: Path) -> Iterator[Record]:
    """The names of the columns as row 0, then the rows that hold anything."""
    with rows.open(encoding="utf-8") as file:
        for number, line in enumerate(file):
            cells = [clean(cell) for cell in json.loads(line)]
            if any(cells) or not number:
                yield Record(number, cells)
