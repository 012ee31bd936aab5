"""Errors that the user can mend, and nothing else.

::

    KgError                     the input, the question or the machine is at fault; one line says how to mend it
    ├── SourceError             a file or folder that cannot be read as what it should be
    ├── StoreError              a store folder that is missing, locked, damaged or of another version
    ├── QueryError              a SPARQL query that does not parse or cannot be evaluated
    │   ├── EvaluationError     a SPARQL query that parses and cannot be evaluated
    │   └── QueryRefusedError   a SPARQL query that is never run: too deep, too long, or it would leave the graph
    ├── UnknownNameError        a measure, format, id or query name that does not exist
    ├── OutputError             a path that exists, cannot be written, or has no known format
    ├── ViewError               a picture that would not be legible or cannot be drawn
    └── UndefinedMeasureError   a measure that is 0/0 for these counts

A message reads ``where: what is wrong, with the value; what would be right``. Any other exception is a bug of ours
and keeps its traceback.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class KgError(Exception):
    """Something the user can mend; its text is shown as it stands, on one line."""


class SourceError(KgError):
    """A source that cannot be read as what it should be."""


class StoreError(KgError):
    """A store folder that is missing, locked, damaged or of another version."""


class QueryError(KgError):
    """A SPARQL query that does not parse or cannot be evaluated.

    Attributes:
        line: 1-based line of the fault, or None where the engine names no place.
        column: 1-based column of the fault in code points, or None.
        excerpt: The faulty line with a caret below the column, or an empty string.
    """

    def __init__(self, message: str, *, line: int | None = None, column: int | None = None, excerpt: str = "") -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.excerpt = excerpt


class EvaluationError(QueryError):
    """A SPARQL query that parses and cannot be evaluated, such as one that calls a function nobody knows."""


class QueryRefusedError(QueryError):
    """A SPARQL query that is refused before any engine sees it."""


class UnknownNameError(KgError):
    """A name that is not among those that exist; the message suggests the nearest."""


class OutputError(KgError):
    """An output path that exists, cannot be written, or has no known format."""


class ViewError(KgError):
    """A picture that would not be legible, or that cannot be drawn."""


class UndefinedMeasureError(KgError):
    """A measure that is 0/0 for the counts it was given."""


def unknown_name(kind: str, given: str, known: Iterable[str]) -> UnknownNameError:
    """The error for a misspelt name, with the nearest known name and, where they are few, all of them.

    >>> str(unknown_name("measure", "lfit", ["lift", "pmi"]))
    "unknown measure 'lfit'; did you mean 'lift'? (lift, pmi)"
    """
    names = sorted(known)
    near = difflib.get_close_matches(given, names, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    few = 30
    listing = f" ({', '.join(names)})" if names and len(names) <= few else ""
    return UnknownNameError(f"unknown {kind} {given!r}{hint}{listing}")
