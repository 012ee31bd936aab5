"""What a query gives: rows (SELECT), a truth value (ASK) or triples (CONSTRUCT and DESCRIBE).

All three are held in memory, can be iterated any number of times and know nothing of the engine they came from. How
they are written to a file is in :mod:`kg.store.formats`.
"""

from __future__ import annotations

import datetime as dt
import html
import importlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from kg.errors import KgError
from kg.store.blanks import in_order
from kg.store.prefixes import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    import pandas as pd
    import polars as pl

Term: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row: TypeAlias = tuple[Term | None, ...]
Value: TypeAlias = str | int | float | bool | dt.date | None

_XSD = "http://www.w3.org/2001/XMLSchema#"
_DOUBLE = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[+-]?INF|NaN")
_INTEGER_TYPES = (
    *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_AS_TEXT: tuple[re.Pattern[str], Callable[[str], Value]] = (re.compile(r"(?!)"), str)
_CONVERSIONS: dict[str, tuple[re.Pattern[str], Callable[[str], Value]]] = {
    **{_XSD + name: (re.compile(r"[+-]?[0-9]{1,4000}"), int) for name in _INTEGER_TYPES},
    _XSD + "boolean": (re.compile(r"true|false|1|0"), lambda text: text in {"true", "1"}),
    _XSD + "decimal": (re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)"), float),
    _XSD + "double": (_DOUBLE, float),
    _XSD + "float": (_DOUBLE, float),
    _XSD + "date": (re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), dt.date.fromisoformat),
}
_SHOWN_ROWS = 25


class Solutions:
    """The rows of a SELECT query: iterating gives tuples of pyoxigraph terms, with None where nothing is bound.

    Attributes:
        variables: The names of the columns, without ``?``.
        truncated: Whether rows were left out because there were too many.
    """

    __slots__ = ("_rows", "truncated", "variables")

    def __init__(self, variables: Iterable[str], rows: Iterable[Row], *, truncated: bool = False) -> None:
        self.truncated = truncated
        self.variables: tuple[str, ...] = tuple(variables)
        self._rows: list[Row] = list(rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<Solutions: {_count(len(self), 'row')} of {', '.join(self.variables)}>"

    def values(self) -> Iterator[tuple[str | None, ...]]:
        """The rows as text: of an IRI the IRI, of a literal its lexical form, of a blank node ``_:label``."""
        for row in self._rows:
            yield tuple([None if term is None else text_of(term) for term in row])

    def records(self) -> Iterator[dict[str, Value]]:
        """The rows as dicts from column to a Python value by datatype.

        Whole numbers are int; decimals, floats and doubles float; booleans bool; dates without a time zone
        datetime.date; all else, and a literal that is not what its datatype says, its text.
        """
        for row in self._rows:
            yield dict(zip(self.variables, (value_of(term) for term in row), strict=True))

    def to_pandas(self) -> pd.DataFrame:
        """The rows as a pandas table of Python values.

        Raises:
            KgError: pandas is not installed.
        """
        frame: pd.DataFrame = _optional("pandas").DataFrame(list(self.records()), columns=list(self.variables))
        return frame

    def to_polars(self) -> pl.DataFrame:
        """The rows as a polars table of Python values; a column of mixed types becomes text.

        Raises:
            KgError: polars is not installed.
        """
        columns = {name: _uniform([record[name] for record in self.records()]) for name in self.variables}
        frame: pl.DataFrame = _optional("polars").DataFrame(columns, strict=False)
        return frame

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.variables)
        body = "".join(
            f"<tr>{''.join(f'<td>{html.escape(_shown(term))}</td>' for term in row)}</tr>"
            for row in self._rows[:_SHOWN_ROWS]
        )
        rest = len(self) - _SHOWN_ROWS
        note = f" ({rest} more not shown)" if rest > 0 else ""
        return (
            f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table><p>{_count(len(self), 'row')}{note}</p>"
        )


@dataclass(frozen=True, slots=True)
class Truth:
    """The answer to an ASK query."""

    holds: bool

    def __bool__(self) -> bool:
        return self.holds

    def _repr_html_(self) -> str:
        return f"<p>{'true' if self.holds else 'false'}</p>"


class Triples:
    """The graph that a CONSTRUCT or DESCRIBE query gives: distinct triples in a stable order.

    Blank nodes are labelled anew, by their place in the graph, so that the same graph has the same labels.

    Attributes:
        truncated: Whether triples were left out because there were too many.
    """

    __slots__ = ("_triples", "truncated")

    def __init__(self, triples: Iterable[ox.Triple], *, truncated: bool = False) -> None:
        self.truncated = truncated
        self._triples: list[ox.Triple] = in_order(triples)

    def __iter__(self) -> Iterator[ox.Triple]:
        return iter(self._triples)

    def __len__(self) -> int:
        return len(self._triples)

    def __repr__(self) -> str:
        return f"<Triples: {_count(len(self), 'triple')}>"

    def _repr_html_(self) -> str:
        return Solutions(("subject", "predicate", "object"), (tuple(triple) for triple in self))._repr_html_()


Answer: TypeAlias = Solutions | Truth | Triples


def text_of(term: Term) -> str:
    """The text of a term: the IRI, the lexical form, ``_:label``, or a triple term as N-Triples writes it."""
    if isinstance(term, (ox.NamedNode, ox.Literal)):
        return term.value
    return str(term)


def value_of(term: Term | None) -> Value:
    """The Python value of a term.

    >>> value_of(ox.Literal(7)), value_of(ox.Literal("x", language="en")), value_of(None)
    (7, 'x', None)
    """
    if term is None:
        return None
    if not isinstance(term, ox.Literal):
        return text_of(term)
    return _literal_value(term.value, term.datatype.value)


def _literal_value(text: str, datatype: str) -> Value:
    pattern, convert = _CONVERSIONS.get(datatype, _AS_TEXT)
    if not pattern.fullmatch(text):
        return text
    try:
        return convert(text)
    except ValueError:
        # 2016-02-30 has the form of a date and is none.
        return text


def _shown(term: Term | None) -> str:
    if term is None:
        return ""
    return shortened(term.value) if isinstance(term, ox.NamedNode) else text_of(term)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _uniform(column: list[Value]) -> list[Value]:
    kinds = {type(value) for value in column if value is not None}
    if len(kinds) <= 1 or kinds == {int, float}:
        return column
    return [None if value is None else str(value) for value in column]


def _optional(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        message = f"{name}: is not installed; run `pip install {name}`, or use .records()"
        raise KgError(message) from error
