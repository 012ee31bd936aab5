"""Why a file is no source: what a user who thought it one needs to be told."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.sources.csv_text import read_table
from kg.sources.json_reader import stream_json
from kg.sources.json_text import looks_like_json, sniff
from kg.sources.stream import TextStream

if TYPE_CHECKING:
    from pathlib import Path

_KINDS = (
    "give a release folder of DISARM, a page (.md), an RDF file, a STIX bundle, a MISP event or galaxy, "
    "a Navigator layer, or a CSV or Parquet of incidents and techniques"
)
_SPREADSHEETS = (
    (b"\xd0\xcf\x11\xe0", "an old .xls, or a workbook with a password"),
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)"),
)
_SHOWN = 60
_LOOKED_AT = 1000


def no_source(path: Path) -> SourceError:
    """The error for a path that no format recognises: what it is, or where it is damaged."""
    name = path.name
    if not path.is_file():
        return SourceError(f"{path}: no known kind of source; {_KINDS}")
    try:
        if not path.stat().st_size:
            return SourceError(f"{name}: is empty; {_KINDS}")
        if looks_like_json(sniff(path)):
            stream_json(TextStream(path, name).pieces(), name, (), lambda _: None)
            return SourceError(
                f"{name}: is JSON, but neither a STIX bundle, a MISP event or galaxy nor a Navigator layer; {_KINDS} "
                "(incidents that are plain objects go into such a CSV)"
            )
        return _of_text(path, name)
    except SourceError as error:
        return error
    except OSError as error:
        return SourceError(f"{name}: cannot be read ({error.strerror}); check the file and its mode")


def _of_text(path: Path, name: str) -> SourceError:
    """Of a text: what is wrong with it as a table, or which columns it has."""
    with path.open("rb") as file:
        if file.read(4) == b"PAR1":
            return SourceError(f"{name}: begins as Parquet and does not end so, it was cut off; fetch it again")
        file.seek(0)
        head = file.read(100)
    for mark, kind in _SPREADSHEETS:
        if mark in head:
            return SourceError(f"{name}: is {kind}; save it as .xlsx or CSV (UTF-8)")
    # Where it is no table at all, what is wrong with it as one would mislead.
    if path.suffix.lower() not in {".csv", ".tsv", ".txt"}:
        return SourceError(f"{name}: no known kind of source; {_KINDS}")
    records = list(itertools.islice(read_table(path).records, _LOOKED_AT))
    if not records:
        return SourceError(f"{name}: holds no row; {_KINDS}")
    columns = ", ".join(records[0].cells)
    shown = columns if len(columns) <= _SHOWN else columns[: _SHOWN - 1] + "\u2026"
    return SourceError(
        f"{name}:{records[0].line}: its columns ({shown}) are neither incident and technique nor named after "
        "techniques (T0146_Account Asset); name them so"
    )
