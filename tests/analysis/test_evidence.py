"""Why two techniques are said to go together: worked by hand on three fictional incidents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg.analysis.evidence import evidence
from kg.errors import KgError, UnknownNameError
from kg.filters import Filters
from tests.graphs import store_of

if TYPE_CHECKING:
    from kg.store.embedded import EmbeddedStore

# I00001 holds T0001.001 and T0002 in one act and T0003 in a row; I00002 holds T0001 and T0002 in two places; I00003
# holds T0002, and T0001 only by a suspect group. An earlier release gave I00003 T0001 too.
FACTS = """
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:prefLabel "Boats"@en .
disarm:T0001.001 a kg:Technique ; dcterms:identifier "T0001.001" ; skos:prefLabel "Paper Boats"@en ;
  skos:broader disarm:T0001 .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:prefLabel "Kites"@en .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:prefLabel "Hats"@en .
incident:I00001 a kg:Incident ; dcterms:identifier "I00001" ; dcterms:title "Regatta" ; kg:yearInText 2018 ;
  kg:datePublished "2019-02-03"^^xsd:date ; kg:usesTechnique disarm:T0001.001, disarm:T0002, disarm:T0003 ;
  dcterms:references <id:reference/aa> .
incident:I00002 a kg:Incident ; dcterms:identifier "I00002" ; dcterms:title "Storm" ; kg:yearStarted 2020 ;
  kg:usesTechnique disarm:T0001, disarm:T0002 .
incident:I00003 a kg:Incident ; dcterms:identifier "I00003" ; dcterms:title "Calm" ; kg:usesTechnique disarm:T0002 .
<id:reference/aa> schema:url "https://example.org/regatta"^^xsd:anyURI ; schema:publisher "Pond Post" ;
  schema:datePublished "2019-02-03"^^xsd:date ; schema:archivedAt "https://example.net/copy"^^xsd:anyURI .
<id:document/cc> kg:path "incidents/I00001.md" .
<id:passage/bb> kg:sha256 "bbbb" ; kg:length 31 ; rdf:value "A boat sank (T0001.001, T0002)." .
<id:use/1> a kg:TechniqueUse ; kg:incident incident:I00001 ; kg:technique disarm:T0001.001 ; kg:status "accepted" ;
  kg:statedIn <id:observation/o1> .
<id:use/2> a kg:TechniqueUse ; kg:incident incident:I00001 ; kg:technique disarm:T0002 ; kg:status "accepted" ;
  kg:statedIn <id:observation/o1> .
<id:observation/o1> a kg:Observation ; kg:status "accepted" ; kg:inPassage <id:passage/bb> ; kg:line 24 ;
  prov:wasDerivedFrom <id:document/cc> ; oa:hasTarget <id:target/t1> .
<id:target/t1> oa:hasSelector <id:selector/s1> .
<id:selector/s1> oa:start 12 ; oa:end 30 .
<id:use/3> a kg:TechniqueUse ; kg:incident incident:I00002 ; kg:technique disarm:T0001 ; kg:status "accepted" ;
  kg:statedIn <id:row/r1> .
<id:use/4> a kg:TechniqueUse ; kg:incident incident:I00002 ; kg:technique disarm:T0002 ; kg:status "accepted" ;
  kg:statedIn <id:row/r2> .
<id:row/r1> a kg:TableRow ; kg:status "accepted" ; kg:line 7 ; prov:wasDerivedFrom <id:document/cc> .
<id:row/r2> a kg:TableRow ; kg:status "accepted" ; kg:line 8 ; prov:wasDerivedFrom <id:document/cc> .
<id:use/5> a kg:TechniqueUse ; kg:incident incident:I00003 ; kg:technique disarm:T0001 ; kg:status "suspect" ;
  kg:statedIn <id:observation/o2> .
<id:observation/o2> a kg:Observation ; kg:status "suspect" .
"""
RECOVERED = """
incident:I00003 kg:usesTechnique disarm:T0001 .
<id:use/6> a kg:TechniqueUse ; kg:incident incident:I00003 ; kg:technique disarm:T0001 ; kg:line 9 ;
  prov:wasDerivedFrom <id:document/cc> .
"""
FINDINGS = """
<id:finding/dd> a kg:Finding ; sh:focusNode incident:I00002 ; kg:code "torn-sail" ; sh:resultMessage "torn" ;
  kg:fix "mend it" ; kg:path "incidents/I00002.md" ; kg:line 3 .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return store_of(FACTS, recovered=RECOVERED, findings=FINDINGS)


def test_incidents_that_tell_of_all_in_one_act_come_first(store: EmbeddedStore) -> None:
    found = evidence(store, ["T0002", "T0001"])

    assert found.techniques == (("T0002", "Kites"), ("T0001", "Boats"))
    assert found.counted_as == {"T0002": ("T0002",), "T0001": ("T0001", "T0001.001")}
    assert found.with_each == {"T0002": 3, "T0001": 2}
    assert found.incidents == 2
    assert [(case.incident, case.together) for case in found.cases] == [("I00001", True), ("I00002", False)]


def test_a_statement_has_its_place_span_and_words(store: EmbeddedStore) -> None:
    case = evidence(store, ["T0001", "T0002"]).cases[0]

    (statement,) = case.statements
    assert statement.kind == "Observation"
    assert statement.techniques == ("T0001.001", "T0002")
    assert statement.place == "incidents/I00001.md:24"
    assert (statement.passage, statement.start, statement.end) == ("bb", 12, 30)
    assert statement.quote == "(T0001.001, T0002)"
    assert [(item.identifier, item.sha256, item.length) for item in case.passages] == [("bb", "bbbb", 31)]
    assert case.references[0].archive == "https://example.net/copy"
    assert (case.year, case.basis, case.published) == (2018, "text", "2019-02-03")


def test_repairs_that_touch_an_incident_are_told(store: EmbeddedStore) -> None:
    case = evidence(store, ["T0001", "T0002"]).cases[1]
    assert [(item.code, item.fix, item.place) for item in case.findings] == [
        ("torn-sail", "mend it", "incidents/I00002.md:3")
    ]


def test_exact_leaves_sub_techniques_out(store: EmbeddedStore) -> None:
    found = evidence(store, ["T0001", "T0002"], exact=True)
    assert [case.incident for case in found.cases] == ["I00002"]


def test_a_year_is_asked_of_the_act_alone(store: EmbeddedStore) -> None:
    found = evidence(store, ["T0002"], filters=Filters(year_from=2020))
    assert [case.incident for case in found.cases] == ["I00002"]
    assert found.notes


def test_suspect_and_recovered_uses_count_when_asked_for(store: EmbeddedStore) -> None:
    suspect = evidence(store, ["T0001", "T0002"], filters=Filters(with_suspect=True))
    assert [case.incident for case in suspect.cases] == ["I00001", "I00002", "I00003"]
    assert suspect.cases[2].statements[0].status == "suspect"

    recovered = evidence(store, ["T0001", "T0002"], filters=Filters(with_recovered=True))
    assert recovered.incidents == 3
    (statement,) = recovered.cases[2].statements
    assert (statement.status, statement.place) == ("recovered", "incidents/I00001.md:9")


def test_the_rest_is_counted_and_not_told(store: EmbeddedStore) -> None:
    found = evidence(store, ["T0002"], most=1)
    assert (found.incidents, len(found.cases)) == (3, 1)


def test_what_cannot_be_asked_is_one_line(store: EmbeddedStore) -> None:
    with pytest.raises(UnknownNameError, match="T0004"):
        evidence(store, ["T0004"])
    with pytest.raises(UnknownNameError):
        evidence(store, ['T0001> } { ?s ?p "'])
    with pytest.raises(KgError, match="no technique is given"):
        evidence(store, [])
    with pytest.raises(KgError, match="give 1 or more"):
        evidence(store, ["T0001"], most=0)
    with pytest.raises(KgError, match="no filter by tactic"):
        evidence(store, ["T0001"], filters=Filters(tactic=("TA01",)))


def test_every_pair_that_is_counted_has_its_incidents() -> None:
    embedded = kg.open()
    pairs = embedded.cooccurrence(minimum=4)
    assert len(pairs) > 10
    for row in pairs.rows():
        found = evidence(embedded.store, [str(row["technique_a"]), str(row["technique_b"])], exact=True, most=1)
        assert found.incidents == row["count"]
        assert found.cases[0].statements
