"""The named queries: the embedded engine against rdflib's own, on the same graph."""

from __future__ import annotations

import signal
from collections import Counter
from typing import TYPE_CHECKING

import rdflib
import rdflib.plugins.sparql

from kg.exports import render_rdf
from kg.queries import bind, named_queries
from kg.rdf.namespaces import PREFIXES
from kg.store.answers import Solutions
from kg.workspace import open_graph
from tests.benchmarks.loading import release_folder
from tests.benchmarks.report import geometric_mean, timed, write_line, write_table

if TYPE_CHECKING:
    from types import FrameType


DEADLINE = 60


class _TooLongError(Exception):
    """A query that rdflib did not finish."""


def benchmark() -> None:
    """CPU seconds of every named query with its defaults; both engines must give the same rows.

    A query that rdflib does not finish in a minute counts as a minute.
    """
    folder = release_folder()
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
    with open_graph(folder) as graph:
        peer = rdflib.Dataset()
        peer.parse(data=b"".join(render_rdf(graph.store, "nquads")), format="nquads")
        rows: list[tuple[object, ...]] = []
        ratios = []
        for name, query in named_queries().items():
            text = bind(query, {})
            ours, answer = timed(lambda text=text: graph.store.query(text, checked=False), repeats=3)  # type: ignore[misc]
            theirs, found, finished = _with_rdflib(peer, text)
            same = _rows(answer) == found if finished else "-"
            ratios.append(theirs / ours.cpu)
            rows.append((name, sum(_rows(answer).values()), ours.cpu, theirs, theirs / ours.cpu, same))
    head = ("query", "rows", "kg s", "rdflib s", "ratio", "same")
    write_table(f"Named queries on {folder.name if folder else 'the embedded facts'} (CPU seconds)", head, rows)
    write_line(f"geometric mean of the ratios: {geometric_mean(ratios):.0f} (wanted: 20)")
    differing = [str(row[0]) for row in rows if row[-1] is False]
    if differing:
        message = f"the engines differ on {', '.join(differing)}"
        raise AssertionError(message)


def _with_rdflib(peer: rdflib.Dataset, text: str) -> tuple[float, Counter[tuple[str, ...]], bool]:
    """CPU seconds, the rows, and whether there was time enough."""
    declared = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(DEADLINE)
    try:
        took, rows = timed(lambda: list(peer.query(declared + text)))
    except _TooLongError:
        return float(DEADLINE), Counter(), False
    finally:
        signal.alarm(0)
    found = Counter(tuple(_plain(term) for term in row) for row in rows if isinstance(row, tuple))
    return took.cpu, found, True


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _TooLongError


def _rows(answer: object) -> Counter[tuple[str, ...]]:
    if not isinstance(answer, Solutions):
        message = "a named query is a SELECT query"
        raise TypeError(message)
    return Counter(tuple(_plain(value) for value in row) for row in answer.values())


def _plain(value: object) -> str:
    """A value as text in which 1, 1.0 and 1.00 are the same."""
    if value is None:
        return ""
    text = str(value)
    try:
        return f"{float(text):.9g}"
    except ValueError:
        return text
