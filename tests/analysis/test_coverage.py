"""How techniques are countered, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.analysis.coverage import coverage
from kg.errors import UnknownNameError
from tests.graphs import store_of

if TYPE_CHECKING:
    from kg.store.embedded import EmbeddedStore

FACTS = """
tactic:TA01 a kg:Tactic . tactic:TA02 a kg:Tactic .
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:prefLabel "Boats"@en .
disarm:T0001.001 a kg:Technique ; dcterms:identifier "T0001.001" ; skos:prefLabel "Rafts"@en ;
  skos:broader disarm:T0001 .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:prefLabel "Kites"@en .
disarm:T0002.001 a kg:Technique ; dcterms:identifier "T0002.001" ; skos:prefLabel "Gliders"@en ;
  skos:broader disarm:T0002 .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:prefLabel "Hats"@en ; kg:tactic tactic:TA01 .
disarm:T0004 a kg:Technique ; dcterms:identifier "T0004" ; skos:prefLabel "Lamps"@en .
disarm:T0005 a kg:Technique ; dcterms:identifier "T0005" ; skos:prefLabel "Bells"@en ; kg:tactic tactic:TA02 .
disarm:T0006 a kg:Technique ; dcterms:identifier "T0006" ; skos:prefLabel "Unseen"@en .
disarm:T0007 a kg:Technique ; dcterms:identifier "T0007" ; skos:prefLabel "Drums"@en .
disarm:T0007.001 a kg:Technique ; dcterms:identifier "T0007.001" ; skos:prefLabel "Snares"@en ;
  skos:broader disarm:T0007 .
disarm:T0008 a kg:Technique ; dcterms:identifier "T0008" ; skos:prefLabel "Horns"@en .
<id:counter/C6> a kg:Counter ; dcterms:identifier "C6" ; kg:counters disarm:T0007, disarm:T0008 .
# C6 names a retired technique that T0007 follows; T0008 it names itself in one row, and by its old id in another.
<id:statement/1> rdf:subject <id:counter/C6> ; rdf:predicate kg:counters ; rdf:object disarm:T0007 ;
  kg:formerly "T0098" .
<id:statement/2> rdf:subject <id:counter/C6> ; rdf:predicate kg:counters ; rdf:object disarm:T0008 ;
  kg:formerly "T0097" .
<id:statement/3> rdf:subject <id:counter/C6> ; rdf:predicate kg:counters ; rdf:object disarm:T0008 .
<id:counter/C1> a kg:Counter ; dcterms:identifier "C1" ; kg:counters disarm:T0001 .
<id:counter/C2> a kg:Counter ; dcterms:identifier "C2" ; kg:counters disarm:T0002.001 .
<id:counter/C3> a kg:Counter ; dcterms:identifier "C3" ; kg:counters tactic:TA01 .
<id:counter/C4> a kg:Counter ; dcterms:identifier "C4" ; kg:counters disarm:T0099 .
<id:counter/C5> a kg:Counter ; dcterms:identifier "C5" ; kg:counters tactic:TA02, disarm:T0001 .
incident:I1 kg:usesTechnique disarm:T0001, disarm:T0001.001, disarm:T0002, disarm:T0003, disarm:T0004, disarm:T0005 .
incident:I2 kg:usesTechnique disarm:T0004 ; dcterms:title "Two" .
incident:I1 kg:usesTechnique disarm:T0007, disarm:T0007.001, disarm:T0008 .
"""
HISTORY = "disarm:T0099 dcterms:isReplacedBy disarm:T0004 ."


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return store_of(FACTS, history=HISTORY)


def test_each_technique_has_its_surest_link(store: EmbeddedStore) -> None:
    found = {item.technique: (item.incidents, item.link, item.counters, item.others) for item in coverage(store)}
    assert found == {
        "T0004": (2, "migrated", ("C4",), 0),
        "T0001": (1, "listed", ("C1", "C5"), 0),
        "T0001.001": (1, "parent", ("C1", "C5"), 0),
        "T0002": (1, "child", ("C2",), 0),
        "T0003": (1, "inferred", ("C3",), 0),
        "T0007": (1, "migrated", ("C6",), 0),
        "T0007.001": (1, "migrated", ("C6",), 0),
        "T0008": (1, "listed", ("C6",), 0),
        # C5 names a technique, so its tactic alone says nothing of T0005.
        "T0005": (1, "none", (), 0),
    }


def test_the_most_used_stand_first_and_unseen_ones_when_asked_for(store: EmbeddedStore) -> None:
    assert coverage(store)[0].technique == "T0004"
    assert "T0006" in {item.technique for item in coverage(store, observed=False)}


def test_one_link_can_be_asked_for(store: EmbeddedStore) -> None:
    assert [item.technique for item in coverage(store, link="none")] == ["T0005"]
    with pytest.raises(UnknownNameError, match="link"):
        coverage(store, link="guessed")


def test_a_report_s_techniques_are_asked_for_by_their_ids_and_by_its_own(store: EmbeddedStore) -> None:
    assert [item.technique for item in coverage(store, ["I2"])] == ["T0004"]
    found = {item.technique: item.incidents for item in coverage(store, ["I2", "t0006"])}
    assert found == {"T0004": 2, "T0006": 0}
    with pytest.raises(UnknownNameError, match="unknown id 'T0010'; did you mean 'T000"):
        coverage(store, ["T0010"])
