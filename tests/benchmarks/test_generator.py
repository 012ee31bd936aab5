from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyoxigraph as ox
import pytest
from scipy import sparse

from kg.rdf.namespaces import CLASSES, ID, NS
from tests.benchmarks.generator import generated_store, statement_blocks, technique_id
from tests.benchmarks.incidences import incidence_arrays
from tests.benchmarks.peers import run

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = (b"".join(statement_blocks(5_000, seed)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("statements", [5_000, 20_000])
def test_a_store_has_the_size_asked_for_and_at_most_one_incident_more(statements: int) -> None:
    assert statements <= len(generated_store(statements)) < statements + 400


def test_every_line_is_valid_and_names_only_what_our_graph_could_hold() -> None:
    quads = list(ox.parse(b"".join(statement_blocks(8_000)), ox.RdfFormat.N_QUADS))
    assert len(quads) == len(set(quads))
    assert not [quad for quad in quads if isinstance(quad.subject, ox.BlankNode)]
    types = {str(quad.object.value) for quad in quads if quad.predicate.value.endswith("#type")}
    assert {name.removeprefix(NS) for name in types if name.startswith(NS)} <= set(CLASSES)
    held = {quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)}
    used = {quad.object.value for quad in quads if quad.predicate.value == NS + "usesTechnique"}
    assert used <= held
    assert all(name.startswith(ID + "technique/") for name in used)


def test_techniques_are_numbered_parent_first() -> None:
    assert [technique_id(index) for index in (0, 1, 4, 5)] == ["T0001", "T0001.001", "T0001.004", "T0002"]


@pytest.mark.parametrize(("rows", "techniques"), [(1, 1), (10_000, 50), (700_000, 2_000)])
def test_a_table_has_exactly_the_rows_asked_for_sorted_and_distinct(
    rows: int, techniques: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.benchmarks.incidences.PIECE_UNITS", 50_000)
    table = incidence_arrays(rows, techniques)
    keys = table[0].astype(np.int64) * techniques + table[1]
    assert len(keys) == rows
    assert (np.diff(keys) > 0).all()
    assert table[1].max() < techniques
    assert (incidence_arrays(rows, techniques) == table).all()


def test_few_techniques_of_a_table_are_common_and_few_units_large() -> None:
    units, techniques = incidence_arrays(200_000, 400)
    margins = np.sort(np.bincount(techniques, minlength=400))[::-1]
    assert margins[:40].sum() > 0.35 * margins.sum()
    sizes = np.bincount(units)
    assert sizes.mean() < 5
    assert sizes.max() > 30


def test_every_peer_that_is_installed_comes_to_the_same_counts(tmp_path: Path) -> None:
    table = incidence_arrays(3_000, 40)
    np.save(tmp_path / "held.npy", table)
    ran = {name: run(name, tmp_path / "held.npy", 40) for name in ("kg", "scipy", "sparql")}
    matrix = sparse.csr_array((np.ones(3_000, dtype=np.int64), (table[0], table[1])))
    joint = np.triu((matrix.T @ matrix).toarray(), 1)
    expected = (int((joint > 0).sum()), int(joint.sum()), int((joint**2).sum()))
    assert {name: each.counts for name, each in ran.items()} == dict.fromkeys(ran, expected)


def test_a_peer_that_takes_too_much_is_ended_and_said(tmp_path: Path) -> None:
    np.save(tmp_path / "held.npy", incidence_arrays(3_000, 40))
    assert run("kg", tmp_path / "held.npy", 40, memory=1 << 20).shown == "over 0 GB"
    assert run("kg", tmp_path / "held.npy", 40, seconds=0.0).shown == "over 0 s"
    assert str(run("kg", tmp_path / "nowhere.npy", 40).shown).startswith("failed: FileNotFoundError")
