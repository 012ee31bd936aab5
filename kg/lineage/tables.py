"""The tables in ``data/`` that this package is fed with, and their checks: a fault names file and line."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.lineage.history import LEFT_OVER, LISTED, History, Span
from kg.lineage.states import TECHNIQUES, State, Version
from kg.lineage.successors import RELATIONS, WITHOUT_SUCCESSOR, Successor

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_ID = re.compile(r"[TA]\d{4}(?:\.\d{3})?")
_BASES = frozenset({"exact-name", "same-name", "reviewed"})
RELEASE_COLUMNS = ("release", "line", "date", "commit", "repository", "partial")
SPAN_COLUMNS = tuple(field.name for field in fields(Span))
SUCCESSOR_COLUMNS = tuple(field.name for field in fields(Successor))


def read_rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file with its 1-based line numbers; the columns must be these, in this order.

    Raises:
        SourceError: The file is missing, or its header or a row is not as it should be.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read ({error.strerror}); install disarm-kg again") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            raise SourceError(f"{path.name}:1: the columns are {', '.join(header)}; they must be {', '.join(columns)}")
        for cells in reader:
            if len(cells) != len(columns):
                raise SourceError(f"{path.name}:{reader.line_num}: {len(cells)} cells; there must be {len(columns)}")
            yield reader.line_num, dict(zip(columns, cells, strict=True))
    except csv.Error as error:
        raise SourceError(f"{path.name}:{reader.line_num}: no CSV ({error}); close each quote") from error


def read_successors(path: Path) -> tuple[Successor, ...]:
    """The rows of ``successors.csv``.

    Raises:
        SourceError: A row is not as :class:`Successor` says, or an id and meaning stands twice.
    """
    found: dict[tuple[str, str], Successor] = {}
    for line, row in read_rows(path, SUCCESSOR_COLUMNS):
        where = f"{path.name}:{line}"
        relation = next((known for known in RELATIONS if known == row["relation"]), None)
        if relation is None:
            raise SourceError(
                f"{where}: relation {row['relation']!r} is not known; write one of {', '.join(RELATIONS)}"
            )
        if row["basis"] not in _BASES:
            raise SourceError(f"{where}: basis {row['basis']!r} is not known; write one of {', '.join(sorted(_BASES))}")
        for identifier in filter(None, (row["identifier"], row["successor"])):
            if not _ID.fullmatch(identifier):
                raise SourceError(f"{where}: {identifier!r} is no id; write one such as T0146.001")
        if (relation in WITHOUT_SUCCESSOR) == bool(row["successor"]):
            none = ", ".join(sorted(WITHOUT_SUCCESSOR))
            raise SourceError(f"{where}: a successor is given exactly where the relation is none of {none}")
        key = (row["identifier"], row["meaning"])
        if key in found:
            raise SourceError(f"{where}: {key[0]} stands twice with one meaning; keep one row")
        found[key] = Successor(
            identifier=row["identifier"],
            meaning=row["meaning"],
            name=row["name"],
            retired=row["retired"],
            successor=row["successor"],
            relation=relation,
            confidence=_confidence(row["confidence"], where),
            basis=row["basis"],
            reason=row["reason"],
            evidence=row["evidence"],
        )
    return tuple(found.values())


def _confidence(text: str, where: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise SourceError(f"{where}: confidence {text!r} is no number from 0 to 1")
    return value


def write_successors(rows: Iterable[Successor]) -> str:
    """The text of ``successors.csv``, in order of id and meaning."""
    ordered = sorted(rows, key=lambda row: (row.identifier, row.meaning))
    return _text(SUCCESSOR_COLUMNS, ([*astuple(row)[:6], f"{row.confidence:g}", *astuple(row)[7:]] for row in ordered))


def read_history(spans: Path, releases: Path) -> History:
    """The history of ``history.csv`` with the order of releases of ``releases.csv``.

    Raises:
        SourceError: A row is not as it should be.
    """
    order: dict[str, list[str]] = {}
    partial = set()
    for _, row in read_rows(releases, RELEASE_COLUMNS):
        order.setdefault(row["line"], []).append(row["release"])
        if row["partial"]:
            partial.add(row["release"])
    found = []
    for line, row in read_rows(spans, SPAN_COLUMNS):
        where = f"{spans.name}:{line}"
        known = order.get(row["line"], [])
        if row["since"] not in known or row["until"] not in known:
            raise SourceError(f"{where}: {row['since']} or {row['until']} is no release of line {row['line']}")
        if row["standing"] not in {LISTED, LEFT_OVER}:
            raise SourceError(f"{where}: standing {row['standing']!r} is neither {LISTED} nor {LEFT_OVER}")
        found.append(Span(**row))
    return History({line: tuple(names) for line, names in order.items()}, frozenset(partial), tuple(found))


def write_history(history: History) -> str:
    """The text of ``history.csv``."""
    return _text(SPAN_COLUMNS, (astuple(span) for span in history.spans))


def read_older(path: Path) -> dict[str, dict[str, State]]:
    """Release -> states of ``older-names.csv``: names and tactics of releases of which no folder is at hand.

    Raises:
        SourceError: A row is not as it should be.
    """
    found: dict[str, dict[str, State]] = {}
    for line, row in read_rows(path, ("release", "identifier", "name", "tactic")):
        if not _ID.fullmatch(row["identifier"]) or not row["name"]:
            raise SourceError(f"{path.name}:{line}: {row['identifier']!r} is no id with a name")
        found.setdefault(row["release"], {})[row["identifier"]] = State(row["identifier"], row["name"], row["tactic"])
    return found


def read_releases(path: Path) -> dict[str, Version]:
    """Release -> an empty version with its line, date and commit, in the order of ``releases.csv``.

    Raises:
        SourceError: A row is not as it should be.
    """
    return {
        row["release"]: Version(
            release=row["release"],
            line=row["line"] or TECHNIQUES,
            date=row["date"],
            commit=row["commit"],
            partial=bool(row["partial"]),
        )
        for _, row in read_rows(path, RELEASE_COLUMNS)
    }


def _text(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return buffer.getvalue()
