from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import CLASSES, ID, NS
from tests.benchmarks.generator import generated_incidence, generated_store, statement_blocks, technique_id


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


def test_the_generated_table_is_sorted_and_distinct() -> None:
    unit, technique = generated_incidence(10_000, 50)
    places = list(zip(unit.tolist(), technique.tolist(), strict=True))
    assert places == sorted(set(places))
    assert 0 <= min(technique) <= max(technique) < 50
