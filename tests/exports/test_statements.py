from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.exports.selection import KINDS, PREDICATES, Part, excluded_lines
from kg.exports.statements import SortedLines, as_ntriples
from kg.rdf.namespaces import PREFIXES
from tests.benchmarks.generator import generated_store
from tests.exports.graphs import quads_of, small_store

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from kg.store.protocol import TripleStore


class Native:
    """A store as the exports see the embedded one."""

    def __init__(self, native: ox.Store) -> None:
        self.native = native


def lines_of(store: object, run_bytes: int = 1 << 27) -> tuple[list[str], list[bytes]]:
    with SortedLines(run_bytes=run_bytes) as lines:
        lines.fill(store, ox.DefaultGraph())  # type: ignore[arg-type]
        return lines.kinds(), [line for block in lines.blocks() for line in block]


def test_a_graph_that_does_not_fit_into_memory_gives_the_same_lines_and_leaves_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    store = Native(generated_store(30_000))
    seen: list[int] = []
    with SortedLines(run_bytes=1 << 19) as lines:
        lines.fill(store, ox.DefaultGraph())  # type: ignore[arg-type]
        seen.append(len(list(tmp_path.glob("*/*"))))
        spilled = lines.kinds(), [line for block in lines.blocks() for line in block]
    assert seen[0] > 3
    assert spilled == lines_of(store)
    assert not list(tmp_path.iterdir())


def test_no_statement_is_lost_or_doubled() -> None:
    store = generated_store(30_000)
    _, lines = lines_of(Native(store))
    read = [quad.triple for quad in ox.parse(as_ntriples(lines), ox.RdfFormat.N_TRIPLES)]
    assert len(read) == len(set(read))
    assert set(read) == {quad.triple for quad in store.quads_for_pattern(None, None, None, ox.DefaultGraph())}


def test_a_subject_with_more_lines_than_a_block_is_not_cut() -> None:
    quads = quads_of("ex:a ex:p 1 .", f"ex:b ex:p {', '.join(map(str, range(5000)))} .", "ex:c ex:p 1 .")
    store = Native(ox.Store())
    store.native.bulk_extend(quads)
    with SortedLines() as lines:
        lines.fill(store, ox.DefaultGraph())  # type: ignore[arg-type]
        blocks = list(lines.blocks())
    assert sum(map(len, blocks)) == 5002
    subjects = [{line.split()[0] for line in block} for block in blocks]
    assert sum(map(len, subjects)) == len(set().union(*subjects))


def test_a_parent_technique_stands_before_its_children() -> None:
    _, lines = lines_of(small_store())
    subjects = [line.split()[0] for line in lines if b"/technique/" in line.split()[0]]
    assert list(dict.fromkeys(subjects)) == [
        b"<https://w3id.org/disarm-kg/id/technique/T0001>",
        b"<https://w3id.org/disarm-kg/id/technique/T0001.002>",
    ]


def test_the_type_is_the_first_statement_about_every_subject() -> None:
    _, lines = lines_of(small_store())
    first: dict[bytes, bytes] = {}
    for line in lines:
        subject, predicate, _ = line.split(b" ", 2)
        first.setdefault(subject, predicate)
    assert set(first.values()) == {b"\x01"}


def test_everything_is_written_when_nothing_is_left_out() -> None:
    assert excluded_lines(Part.FACTS) is None


def test_the_tables_name_prefixes_that_exist_and_kinds_that_an_iri_can_hold() -> None:
    assert {name.partition(":")[0] for name in PREDICATES} <= set(PREFIXES)
    assert all(kind.replace("-", "").isalpha() or not kind for kind in KINDS)


def test_an_object_is_left_out_only_by_its_kind_and_not_by_a_text_that_looks_like_one() -> None:
    pattern = excluded_lines(Part.PROVENANCE)
    assert pattern is not None
    assert pattern.match(b"<urn:a> <urn:p> <https://w3id.org/disarm-kg/id/row/I1-1>")
    assert not pattern.match(b'<urn:a> <urn:p> "a <https://w3id.org/disarm-kg/id/row/I1-1>"')
    assert not pattern.match(b"<urn:a> <urn:p> <https://w3id.org/disarm-kg/id/rowing/I1>")


def test_a_store_without_an_engine_is_asked_in_sparql() -> None:
    asked: list[str] = []
    inner = small_store()

    class Endpoint:
        def select(self, query: str, *, union: bool = False) -> object:
            asked.append(query)
            return inner.select(query, union=union)

    store: TripleStore = Endpoint()  # type: ignore[assignment]
    assert lines_of(store) == lines_of(inner)
    assert asked
