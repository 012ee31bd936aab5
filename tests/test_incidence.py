from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import KgError, UnknownNameError
from kg.incidence import incidence, incidence_of
from kg.store.embedded import EmbeddedStore

PREFIXES = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .
@prefix incident: <https://w3id.org/disarm-kg/id/incident/> .
@prefix row: <https://w3id.org/disarm-kg/id/row/> .
@prefix o: <https://w3id.org/disarm-kg/id/observation/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix graph: <https://w3id.org/disarm-kg/graph/> .
"""

# I1 has two rows, of which one is rejected; its group o:1 is repeated as o:2, and o:3 is suspect. I2 has one group.
# What the default graph asserts of I1 is neither the rows nor the groups, so that no evidence can pass for another.
GRAPH = """
disarm:T0001 a kg:Technique ; skos:prefLabel "Boats"@en, "Boote"@de .
disarm:T0001.001 a kg:Technique ; skos:prefLabel "Paper Boats"@en ; skos:broader disarm:T0001 .
disarm:T0002 a kg:Technique ; skos:prefLabel "Kites" .
disarm:T0003.009 a kg:Technique ; skos:prefLabel "Moved"@en ; skos:broader disarm:T0002 .
incident:I1 kg:usesTechnique disarm:T0001.001, disarm:T0002 .
incident:I2 kg:usesTechnique disarm:T0004.001 .
row:I1-1 a kg:TableRow ; kg:incident incident:I1 ; kg:technique disarm:T0001 ; kg:status "accepted" .
row:I1-2 a kg:TableRow ; kg:incident incident:I1 ; kg:technique disarm:T0003.009 ; kg:status "rejected" .
o:1 a kg:Observation ; kg:ofIncident incident:I1 ; kg:technique disarm:T0001.001, disarm:T0002 ;
  kg:techniqueList "T0001.001 T0002" ; kg:status "accepted" .
o:2 a kg:Observation ; kg:ofIncident incident:I1 ; kg:technique disarm:T0001.001, disarm:T0002 ;
  kg:techniqueList "T0001.001 T0002" ; kg:status "suspect" .
o:3 a kg:Observation ; kg:ofIncident incident:I1 ; kg:technique disarm:T0001, disarm:T0001.001 ;
  kg:techniqueList "T0001.001 T0001" ; kg:status "suspect" .
o:4 a kg:Observation ; kg:ofIncident incident:I2 ; kg:technique disarm:T0002 ;
  kg:techniqueList "T0002" ; kg:status "accepted" .
graph:release\\/0 { incident:I3 kg:usesTechnique disarm:T0002 . }
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.from_quads(ox.parse(PREFIXES + GRAPH, ox.RdfFormat.TRIG))


def pairs(store: EmbeddedStore, unit: str, evidence: str, level: str = "technique") -> list[tuple[str, str]]:
    table = incidence(store, unit=unit, evidence=evidence, level=level)
    return [(table.units[u], table.techniques[t]) for u, t in zip(table.unit_index, table.technique_index, strict=True)]


def test_rows_are_taken_as_published_whatever_their_status(store: EmbeddedStore) -> None:
    assert pairs(store, "incident", "rows") == [("I1", "T0001"), ("I1", "T0003.009")]


def test_inline_evidence_is_every_group_as_published(store: EmbeddedStore) -> None:
    assert pairs(store, "incident", "inline") == [
        ("I1", "T0001"),
        ("I1", "T0001.001"),
        ("I1", "T0002"),
        ("I2", "T0002"),
    ]


def test_all_evidence_is_the_union_of_rows_and_groups(store: EmbeddedStore) -> None:
    assert set(pairs(store, "incident", "all")) == set(
        pairs(store, "incident", "rows") + pairs(store, "incident", "inline")
    )


def test_repaired_evidence_is_what_the_default_graph_asserts_and_no_other_graph(store: EmbeddedStore) -> None:
    assert pairs(store, "incident", "repaired") == [("I1", "T0001.001"), ("I1", "T0002"), ("I2", "T0004.001")]


def test_an_observation_is_a_distinct_list_of_techniques_in_an_incident(store: EmbeddedStore) -> None:
    first, other = "I1 T0001.001 T0002", "I1 T0001.001 T0001"
    assert pairs(store, "observation", "inline") == [
        (other, "T0001"),
        (other, "T0001.001"),
        (first, "T0001.001"),
        (first, "T0002"),
        ("I2 T0002", "T0002"),
    ]
    assert pairs(store, "observation", "all") == pairs(store, "observation", "inline")


def test_repaired_observations_are_the_accepted_ones(store: EmbeddedStore) -> None:
    assert incidence(store, unit="observation", evidence="repaired").units == ("I1 T0001.001 T0002", "I2 T0002")


def test_parents_come_from_the_graph_and_from_the_id_where_the_graph_has_none(store: EmbeddedStore) -> None:
    # T0003.009 lies under T0002 by skos:broader; T0004.001 stands in the graph without a parent.
    assert pairs(store, "incident", "rows", "parent") == [("I1", "T0001"), ("I1", "T0002")]
    assert pairs(store, "incident", "repaired", "parent") == [("I1", "T0001"), ("I1", "T0002"), ("I2", "T0004")]


def test_an_observation_of_a_technique_and_its_parent_holds_one_technique_when_rolled_up(store: EmbeddedStore) -> None:
    assert ("I1 T0001.001 T0001", "T0001") in pairs(store, "observation", "inline", "parent")
    assert len(pairs(store, "observation", "inline", "parent")) == 4


def test_labels_are_english_or_the_id(store: EmbeddedStore) -> None:
    assert incidence(store, evidence="all").labels["T0001"] == "Boats"
    assert incidence(store, evidence="all").labels["T0002"] == "Kites"
    assert incidence(store).labels["T0004.001"] == "T0004.001"


def test_margins_count_units_for_each_technique(store: EmbeddedStore) -> None:
    table = incidence(store, evidence="inline")
    assert dict(zip(table.techniques, table.margins().tolist(), strict=True)) == {
        "T0001": 1,
        "T0001.001": 1,
        "T0002": 2,
    }


def test_rows_hold_no_observations_and_the_message_names_what_does(store: EmbeddedStore) -> None:
    with pytest.raises(KgError, match=r"evidence 'rows'.*use evidence all, inline, repaired, or unit incident"):
        incidence(store, unit="observation", evidence="rows")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("unit", "incidents", "unknown unit 'incidents'; did you mean 'incident'"),
        ("evidence", "row", "unknown evidence 'row'; did you mean 'rows'"),
        ("level", "tecnique", "unknown level 'tecnique'; did you mean 'technique'"),
    ],
)
def test_misspelt_options_are_refused_with_a_suggestion(
    store: EmbeddedStore, option: str, value: str, message: str
) -> None:
    with pytest.raises(UnknownNameError, match=message):
        incidence(store, **{option: value})  # type: ignore[arg-type]


def test_a_graph_without_incidents_gives_an_empty_table() -> None:
    empty = EmbeddedStore.from_quads([])
    for unit, evidence in (("incident", "all"), ("observation", "inline")):
        table = incidence(empty, unit=unit, evidence=evidence)
        assert (table.units, table.techniques, len(table), table.margins().tolist()) == ((), (), 0, [])


@given(st.lists(st.tuples(st.sampled_from(["I1", "I2", "I10"]), st.sampled_from(["T1", "T2", "T1.1"]))))
def test_the_arrays_are_sorted_distinct_and_say_what_was_given(given_pairs: list[tuple[str, str]]) -> None:
    table = incidence_of((unit for unit, _ in given_pairs), (technique for _, technique in given_pairs))
    places = list(zip(table.unit_index.tolist(), table.technique_index.tolist(), strict=True))
    assert places == sorted(set(places))
    assert table.unit_index.dtype == table.technique_index.dtype == "int32"
    assert {(table.units[u], table.techniques[t]) for u, t in places} == set(given_pairs)
    assert list(table.units) == sorted({unit for unit, _ in given_pairs})
    assert list(table.techniques) == sorted({technique for _, technique in given_pairs})
