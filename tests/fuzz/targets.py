"""What is fuzzed: every reader of a stranger's bytes, with sound files in the real form to begin from."""

from __future__ import annotations

import contextlib
import signal
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import KgError
from kg.rdf.corpus import corpus_nquads
from kg.sources import read_source
from kg.sources.workbook import parse_workbook
from kg.store.embedded import EmbeddedStore
from kg.store.parse import RDF_EXTENSIONS, read_rdf
from tests.sources.foreign_checks import KNOWN
from tests.sources.xlsx import Cell, workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIXTURES = Path(__file__).parent.parent / "fixtures"
TINY = Path(__file__).parent.parent.parent / "ontology/examples/tiny.ttl"
SECONDS = 20
"""Seconds of CPU that no file of these sizes (kilobytes) may take."""


@dataclass(frozen=True)
class Target:
    """Sound bytes, the name of a file with them, and how it is read."""

    name: str
    data: bytes = field(repr=False)
    read: Callable[[Path], object]


class TooSlowError(BaseException):
    """A file took more than :data:`SECONDS`; no reader may catch this."""


@cache
def targets() -> tuple[Target, ...]:
    """All of them, in order of name."""
    found = [
        *_sources(),
        *_graphs(),
        Target("book.xlsx", _workbook(), lambda path: parse_workbook(path.read_bytes(), path.name)),
    ]
    return tuple(sorted(found, key=lambda target: target.name))


def outcome(target: Target, data: bytes) -> str:
    """How reading these bytes ended: empty where they were read, else the one line of the error.

    Raises:
        TooSlowError: It took too long.
        Exception: Anything else than an error of ours: a fault of the reader.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, target.name)
        path.write_bytes(data)
        try:
            with bounded():
                target.read(path)
        except KgError as error:
            return str(error)
    return ""


@contextlib.contextmanager
def bounded(seconds: float = SECONDS) -> Iterator[None]:
    """Raise TooSlowError where this process works longer than that."""
    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGPROF, _too_slow)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _too_slow(*_: object) -> None:
    raise TooSlowError


def _sources() -> Iterator[Target]:
    for path in sorted(FIXTURES.rglob("*")):
        if path.is_file() and path.suffix in {".json", ".csv", ".tsv", ".md"} and path.name != "README.md":
            yield Target(path.name, path.read_bytes(), _read_source)


def _read_source(path: Path) -> None:
    """From bytes to a graph, with a ledger that balances."""
    corpus = read_source(path, framework=KNOWN)
    assert all(line.read == line.stored + line.repaired + line.reported for line in corpus.ledger)
    assert len(EmbeddedStore.from_nquads(corpus_nquads(corpus)))


def _graphs() -> Iterator[Target]:
    quads = list(ox.parse(path=TINY, format=ox.RdfFormat.TURTLE))
    for extension in RDF_EXTENSIONS:
        syntax = ox.RdfFormat.from_extension(extension[1:])
        if syntax is not None:
            data = ox.serialize(quads if syntax.supports_datasets else [quad.triple for quad in quads], format=syntax)
            yield Target(f"tiny{extension}", data or b"", read_rdf)


def _workbook() -> bytes:
    rows: list[list[Cell]] = [
        ["disarm_id", "name", "technique_ids", "year"],
        ["I00001", "Tea", "T0146, T0002", 2016.0],
        [None, "x", True],
    ]
    return workbook({"incidents": rows, "incidenttechniques": rows})
