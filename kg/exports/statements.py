"""The statements of one graph as sorted N-Triples lines, in memory that does not grow with the graph.

A line here is without its final `` .`` and has rdf:type spelt as one control character, which N-Triples never holds
unescaped and which sorts first. That makes plain byte order the order of reading: subject by subject, the type on top.
"""

from __future__ import annotations

import heapq
import itertools
import re
import tempfile
from bisect import bisect_left
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, TypeAlias, cast

import pyoxigraph as ox

from kg.exports.selection import KINDS, REST
from kg.rdf.namespaces import ID, PREFIXES
from kg.store.blanks import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.protocol import TripleStore

Graph: TypeAlias = "ox.NamedNode | ox.BlankNode | ox.DefaultGraph"

TYPE = b"\x01"
"""How a line spells rdf:type."""

# With what follows, so that rdf:type is left as it is where it is an object.
_TYPE_IRI = f" <{PREFIXES['rdf']}type> <".encode()
_TYPE_MARK = b" " + TYPE + b" <"
_END = b" .\n"
_BLANK = re.compile(rb"_:|[^ ]+ [^ ]+ _:")
_WRITE_BYTES = 1 << 17
_RUN_BYTES = 1 << 27
_BLOCK_LINES = 2000


def graphs_of(store: TripleStore) -> list[Graph]:
    """The graphs of a store in order, the default graph first."""
    rows = store.select("SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }")
    named = [term for (term,) in rows if isinstance(term, (ox.NamedNode, ox.BlankNode))]
    return [ox.DefaultGraph(), *sorted(named, key=str)]


def as_ntriples(lines: Iterable[bytes], graph: bytes = b"") -> bytes:
    """Lines as N-Triples or, with the term of a graph, as N-Quads."""
    end = b" " + graph + _END if graph else _END
    block = end.join(lines)
    return without_marks(block + end) if block else b""


def without_marks(data: bytes) -> bytes:
    """Lines, or texts from them, with rdf:type spelt out; a text may hold what looks like it and was marked as well."""
    return data.replace(_TYPE_MARK, _TYPE_IRI)


class SortedLines:
    """Lines of one graph, sorted in memory up to a bound and in temporary files beyond it.

    A context manager: the temporary files are gone afterwards.
    """

    def __init__(self, exclude: re.Pattern[bytes] | None = None, run_bytes: int = _RUN_BYTES) -> None:
        """Nothing yet.

        Args:
            exclude: Lines that start like this are left out.
            run_bytes: How much is sorted at once; the memory needed is about twice as much.
        """
        self._exclude = exclude
        self._run_bytes = run_bytes
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._run = _Run()
        self._run_size = 0
        self._runs: list[_Run] = []
        self._blank = False
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def fill(self, store: TripleStore, graph: Graph) -> None:
        """Take in the statements of one graph of a store.

        Where a stranger's file brought blank nodes into the default graph they are named by their place in the graph,
        so that two readings of the file give the same bytes (only while the graph fits into one run).
        """
        # An embedded store shows its engine, which dumps text without making an object of every term.
        native = getattr(store, "native", None)
        if isinstance(native, ox.Store):
            native.dump(self._file(), ox.RdfFormat.N_TRIPLES, from_graph=graph)
        else:
            where = "?s ?p ?o" if isinstance(graph, ox.DefaultGraph) else f"GRAPH {graph} {{ ?s ?p ?o }}"
            rows = store.select(f"SELECT ?s ?p ?o WHERE {{ {where} }}")
            self._take(ox.Triple(*row) for row in rows)  # type: ignore[arg-type]
        self._cut()
        if self._blank and isinstance(graph, ox.DefaultGraph) and not self._runs:
            parsed = ox.parse(as_ntriples(self._run.sorted_lines), ox.RdfFormat.N_TRIPLES, lenient=True)
            self._run = _Run()
            self._take(in_order(quad.triple for quad in parsed))
        self._end_run(spill=bool(self._runs))

    def write(self, data: bytes) -> int:
        """Take in a piece of N-Triples, cut anywhere; what serializers call."""
        self._pending.append(data)
        self._pending_bytes += len(data)
        if self._pending_bytes >= _WRITE_BYTES:
            self._cut()
        return len(data)

    def flush(self) -> None:
        """Nothing; what serializers call at the end."""

    def kinds(self) -> list[str]:
        """The kinds of subject there are, in the order of writing."""
        return [kind for kind in KINDS if any(run.places[kind] for run in self._runs)]

    def blocks(self) -> Iterator[list[bytes]]:
        """All lines in order, some thousands at a time; a block ends where a subject ends."""
        for kind in self.kinds():
            runs = [run.lines(kind) for run in self._runs]
            yield from _cut_at_subjects(runs[0] if len(runs) == 1 else heapq.merge(*runs, key=_KEYS.get(kind)))

    def _take(self, triples: Iterable[ox.Triple]) -> None:
        ox.serialize(triples, self._file(), ox.RdfFormat.N_TRIPLES)
        self._cut()

    def _file(self) -> IO[bytes]:
        # The engine calls write and flush alone.
        return cast("IO[bytes]", self)

    def _cut(self) -> None:
        """Turn what was written so far into lines."""
        whole = b"".join(self._pending).replace(_TYPE_IRI, _TYPE_MARK)
        lines = whole.split(_END)
        rest = lines.pop()
        self._pending, self._pending_bytes = [rest], len(rest)
        if self._exclude is not None:
            excluded = self._exclude.match
            lines = [line for line in lines if not excluded(line)]
        if b"_:" in whole and not self._blank:
            self._blank = any(map(_BLANK.match, lines))
        self._run.sorted_lines += lines
        self._run_size += len(whole)
        if self._run_size >= self._run_bytes:
            self._end_run(spill=True)

    def _end_run(self, *, spill: bool) -> None:
        """Sort what is in memory and, unless it is all there is, move it to a file."""
        self._run.sort()
        if spill:
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="kg-export-")
            self._run.move_to(Path(self._folder.name) / str(len(self._runs)))
        self._runs.append(self._run)
        self._run, self._run_size = _Run(), 0


class _Run:
    """Some lines, sorted, in memory or in a file, with the stretches that each kind of subject takes in them."""

    def __init__(self) -> None:
        self.sorted_lines: list[bytes] = []
        self.places: dict[str, list[tuple[int, int]]] = {}
        self._file: Path | None = None

    def sort(self) -> None:
        """Sort the lines and find the kinds; in bytes the subjects of one kind lie side by side."""
        lines = self.sorted_lines
        lines.sort()
        bounds = {}
        for kind in KINDS:
            first = f"<{ID}{kind}/".encode()
            if kind != REST:
                # "0" follows "/", so this is the place after the last subject of the kind.
                bounds[kind] = (bisect_left(lines, first), bisect_left(lines, first[:-1] + b"0"))
        edges = [0, *itertools.chain.from_iterable(sorted(bounds.values())), len(lines)]
        self.places = {kind: [place] if place[0] < place[1] else [] for kind, place in bounds.items()}
        self.places[REST] = [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
        for kind, key in _KEYS.items():
            for start, end in self.places[kind]:
                lines[start:end] = sorted(lines[start:end], key=key)

    def move_to(self, path: Path) -> None:
        """Write the lines to a file and forget them; from then on places are byte offsets."""
        offsets = {kind: list[tuple[int, int]]() for kind in KINDS}
        with path.open("wb") as file:
            for kind, places in self.places.items():
                start = file.tell()
                for first, last in places:
                    file.writelines(line + b"\n" for line in self.sorted_lines[first:last])
                if places:
                    offsets[kind] = [(start, file.tell())]
        self.sorted_lines, self.places, self._file = [], offsets, path

    def lines(self, kind: str) -> Iterator[bytes]:
        """The lines about subjects of one kind, in order."""
        for start, end in self.places[kind]:
            if self._file is None:
                yield from self.sorted_lines[start:end]
            else:
                with self._file.open("rb") as file:
                    file.seek(start)
                    left = end - start
                    while left > 0:
                        line = file.readline()
                        left -= len(line)
                        yield line[:-1]


def _parent_first(line: bytes) -> bytes:
    # ">" sorts after ".", which would put T0146.001 before T0146.
    return line.replace(b">", b"\x02", 1)


_KEYS = {"technique": _parent_first}
"""Kinds whose subjects are not in byte order, with the key to sort them by."""


def _cut_at_subjects(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    block = list(itertools.islice(lines, _BLOCK_LINES))
    while block:
        subject = block[-1].partition(b" ")[0] + b" "
        following: list[bytes] = []
        for line in lines:
            if not line.startswith(subject):
                following.append(line)
                break
            block.append(line)
        yield block
        block = following
        block.extend(itertools.islice(lines, _BLOCK_LINES - len(block)) if block else ())
