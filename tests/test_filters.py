"""What is counted when a question is narrowed, on a small fictional graph of five incidents."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.errors import KgError, UnknownNameError
from kg.filters import NO_FILTERS, Filters
from kg.incidence import Incidence, incidence
from kg.store.embedded import EmbeddedStore

# I1 has the year of the act, I2 a year in its text and a later article, I3 an article alone, I4 nothing, I5 no
# technique. Passage p1 is sound; p2 stands under I2 and is not its own. I9 is known from an earlier release alone.
GRAPH = """
@prefix kg: <https://w3id.org/disarm-kg/ns#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .
@prefix tactic: <https://w3id.org/disarm-kg/id/tactic/> .
@prefix incident: <https://w3id.org/disarm-kg/id/incident/> .
@prefix row: <https://w3id.org/disarm-kg/id/row/> .
@prefix o: <https://w3id.org/disarm-kg/id/observation/> .
@prefix use: <https://w3id.org/disarm-kg/id/use/> .
@prefix passage: <https://w3id.org/disarm-kg/id/passage/> .
@prefix country: <https://w3id.org/disarm-kg/id/country/> .
@prefix actor: <https://w3id.org/disarm-kg/id/actor/> .
@prefix platform: <https://w3id.org/disarm-kg/id/platform/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix graph: <https://w3id.org/disarm-kg/graph/> .

tactic:TA01 a kg:Tactic ; skos:prefLabel "Build"@en .
tactic:TA02 a kg:Tactic ; skos:prefLabel "Sail"@en .
disarm:T0001 a kg:Technique ; skos:prefLabel "Boats"@en ; kg:tactic tactic:TA01 .
disarm:T0001.001 a kg:Technique ; skos:prefLabel "Paper Boats"@en ; skos:broader disarm:T0001 ; kg:tactic tactic:TA01 .
disarm:T0001.002 a kg:Technique ; skos:prefLabel "Tin Boats"@en ; skos:broader disarm:T0001 ; kg:tactic tactic:TA01 .
disarm:T0002 a kg:Technique ; skos:prefLabel "Kites"@en ; kg:tactic tactic:TA02 .

country:XA a kg:Country ; dcterms:identifier "XA" ; skos:prefLabel "Arcadia"@en ; skos:notation "XA" .
country:XB a kg:Country ; dcterms:identifier "XB" ; skos:prefLabel "Boeotia"@en .
actor:harbour-board a kg:Actor ; dcterms:identifier "harbour-board" ; skos:prefLabel "Harbour Board"@en ;
  skos:altLabel "HB" .
platform:pigeon-post a kg:Platform ; dcterms:identifier "pigeon-post" ; skos:prefLabel "Pigeon Post"@en .

incident:I1 a kg:Incident ; kg:yearStarted 2016 ; kg:datePublished "2019-03-01"^^xsd:date ;
  kg:targetCountry country:XA ; kg:attributedTo actor:harbour-board, country:XB ; kg:onPlatform platform:pigeon-post ;
  kg:usesTechnique disarm:T0001, disarm:T0001.001, disarm:T0002 .
incident:I2 a kg:Incident ; kg:yearInText 2018, 2020 ; kg:datePublished "2021-05-05"^^xsd:date ;
  kg:targetCountry country:XB ; kg:alignedWith country:XB ; kg:usesTechnique disarm:T0001.001, disarm:T0001.002 .
incident:I3 a kg:Incident ; kg:datePublished "2022-01-31"^^xsd:date ; kg:targetCountry country:XA, country:XB ;
  kg:usesTechnique disarm:T0002, disarm:T0777 .
incident:I4 a kg:Incident ; kg:usesTechnique disarm:T0002 .
incident:I5 a kg:Incident ; kg:yearStarted 2016 .

use:1 a kg:TechniqueUse ; kg:incident incident:I4 ; kg:technique disarm:T0001 ; kg:status "suspect" .
row:1 a kg:TableRow ; kg:incident incident:I1 ; kg:technique disarm:T0001 ; kg:passage passage:p1 ; kg:status "accepted"
;
  kg:placement "sound" .
row:2 a kg:TableRow ; kg:incident incident:I1 ; kg:technique disarm:T0002 ; kg:passage passage:p1 ; kg:status "accepted"
;
  kg:placement "sound" .
row:3 a kg:TableRow ; kg:incident incident:I2 ; kg:technique disarm:T0001.001 ; kg:passage passage:p2 ;
  kg:status "accepted" ; kg:placement "suspect" .
o:1 a kg:Observation ; kg:ofIncident incident:I1 ; kg:technique disarm:T0001.001 ; kg:techniqueList "T0001.001" ;
  kg:inPassage passage:p1 ; kg:status "accepted" .
o:2 a kg:Observation ; kg:ofIncident incident:I2 ; kg:technique disarm:T0001.002 ; kg:techniqueList "T0001.002" ;
  kg:inPassage passage:p2 ; kg:status "suspect" .

graph:recovered { incident:I9 kg:usesTechnique disarm:T0001.002 . incident:I1 kg:usesTechnique disarm:T0001.002 . }
<https://w3id.org/disarm-kg/graph/release/0.9> { incident:I8 kg:usesTechnique disarm:T0002 .
  row:8 a kg:TableRow ; kg:incident incident:I8 ; kg:technique disarm:T0001 . }
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return EmbeddedStore.from_quads(ox.parse(GRAPH, ox.RdfFormat.TRIG))


def held(table: Incidence) -> dict[str, list[str]]:
    """Unit to its techniques; a unit without any too."""
    units: dict[str, list[str]] = {unit: [] for unit in table.units}
    for unit, technique in zip(table.unit_index.tolist(), table.technique_index.tolist(), strict=True):
        units[table.units[unit]].append(table.techniques[technique])
    return units


def incidents(store: EmbeddedStore, filters: Filters) -> list[str]:
    return list(incidence(store, filters=filters).units)


def test_without_filters_every_incident_with_a_technique_is_a_unit(store: EmbeddedStore) -> None:
    assert incidents(store, NO_FILTERS) == ["I1", "I2", "I3", "I4"]
    assert NO_FILTERS.words() == ()


@pytest.mark.parametrize(
    ("basis", "first", "last", "expected"),
    [
        (("act",), 2016, 2016, ["I1"]),
        (("act",), None, 2030, ["I1"]),
        (("text",), 2020, None, ["I2"]),
        (("text",), 2019, 2019, []),
        (("published",), 2019, 2021, ["I1", "I2"]),
        (("act", "text"), 2016, 2018, ["I1", "I2"]),
        (("act", "published"), 2017, 2022, ["I2", "I3"]),
    ],
)
def test_a_year_rests_on_the_first_basis_that_an_incident_has(
    store: EmbeddedStore, basis: tuple[str, ...], first: int | None, last: int | None, expected: list[str]
) -> None:
    assert incidents(store, Filters(year_from=first, year_to=last, year_basis=basis)) == expected


def test_how_many_incidents_lack_a_year_is_said(store: EmbeddedStore) -> None:
    notes = incidence(store, filters=Filters(year_from=2016)).notes
    # I2, I3 and I4 have no year of the act; I1 and I5 have.
    assert notes == ("3 of 5 incidents are left out, for they lack the year of the act, from the incident's field",)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(country=("XA",)), ["I1", "I3"]),
        (Filters(country=("arcadia",)), ["I1", "I3"]),
        (Filters(country=("XA", "Boeotia")), ["I1", "I2", "I3"]),
        (Filters(actor=("HB",)), ["I1"]),
        (Filters(actor=("harbour-board",)), ["I1"]),
        (Filters(actor=("XB",)), ["I1"]),
        (Filters(actor=("XB",), with_aligned=True), ["I1", "I2"]),
        (Filters(platform=("Pigeon Post",)), ["I1"]),
        (Filters(platform=("Pigeon Post",), country=("XB",)), []),
    ],
)
def test_places_and_actors_are_found_by_id_or_name(store: EmbeddedStore, filters: Filters, expected: list[str]) -> None:
    assert incidents(store, filters) == expected


def test_a_tactic_narrows_techniques_and_leaves_n_as_it_is(store: EmbeddedStore) -> None:
    table = incidence(store, filters=Filters(tactic=("TA02",)))
    assert held(table) == {"I1": ["T0002"], "I2": [], "I3": ["T0002"], "I4": ["T0002"]}
    assert table.margins().tolist() == [3]
    assert "1 of the 4 units hold no technique of these tactics" in table.notes


def test_rolled_up_to_tactics_what_has_none_is_left_out_and_said(store: EmbeddedStore) -> None:
    table = incidence(store, level="tactic")
    assert held(table) == {"I1": ["TA01", "TA02"], "I2": ["TA01"], "I3": ["TA02"], "I4": ["TA02"]}
    assert table.labels == {"TA01": "Build", "TA02": "Sail"}
    assert "1 statements are left out, for their technique has no tactic in this graph" in table.notes


def test_a_passage_holds_its_rows_and_its_groups_where_they_are_believed(store: EmbeddedStore) -> None:
    assert held(incidence(store, unit="passage")) == {"I1 p1": ["T0001", "T0001.001", "T0002"]}
    assert held(incidence(store, unit="passage", evidence="rows")) == {
        "I1 p1": ["T0001", "T0002"],
        "I2 p2": ["T0001.001"],
    }
    assert held(incidence(store, unit="passage", evidence="inline")) == {"I1 p1": ["T0001.001"], "I2 p2": ["T0001.002"]}


def test_what_is_held_back_counts_when_asked_for(store: EmbeddedStore) -> None:
    suspect = Filters(with_suspect=True)
    assert held(incidence(store, filters=suspect))["I4"] == ["T0001", "T0002"]
    assert held(incidence(store, unit="passage", filters=suspect))["I2 p2"] == ["T0001.001", "T0001.002"]
    assert held(incidence(store, unit="observation", filters=suspect)) == {
        "I1 T0001.001": ["T0001.001"],
        "I2 T0001.002": ["T0001.002"],
    }


def test_what_a_later_release_dropped_counts_when_asked_for(store: EmbeddedStore) -> None:
    table = held(incidence(store, filters=Filters(with_recovered=True)))
    assert table["I9"] == ["T0001.002"]
    assert table["I1"] == ["T0001", "T0001.001", "T0001.002", "T0002"]


def test_where_nothing_is_recovered_it_is_said(store: EmbeddedStore) -> None:
    assert incidence(store, filters=Filters(with_recovered=True)).notes == ()
    empty = EmbeddedStore.from_quads([])
    assert incidence(empty, filters=Filters(with_recovered=True)).notes == (
        "no recovered statement counts: this graph holds none, or none that passes the filters",
    )


def test_a_release_is_counted_as_it_was_published(store: EmbeddedStore) -> None:
    release = Filters(release="0.9")
    assert held(incidence(store, filters=release)) == {"I8": ["T0002"]}
    assert held(incidence(store, evidence="rows", filters=release)) == {"I8": ["T0001"]}
    assert held(incidence(store, evidence="inline", filters=release)) == {}


def test_parents_are_kept_for_the_techniques_that_occur(store: EmbeddedStore) -> None:
    assert incidence(store).parents == {"T0001.001": "T0001", "T0001.002": "T0001"}
    assert incidence(store, level="parent").parents == {}


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(country=("Arcadja",)), "unknown country 'Arcadja'; did you mean 'Arcadia'"),
        (Filters(actor=("nobody",)), "unknown actor 'nobody'"),
        (Filters(platform=("pigeonpost",)), "unknown platform 'pigeonpost'; did you mean 'pigeon-post'"),
        (Filters(tactic=("TA2",)), "unknown tactic 'TA2'; did you mean 'TA02'"),
        (Filters(release="0.8"), r"unknown release '0.8'; did you mean '0.9'"),
    ],
)
def test_unknown_names_are_refused_with_a_suggestion(store: EmbeddedStore, filters: Filters, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        incidence(store, filters=filters)


@pytest.mark.parametrize("name", ["1.7> { ?s ?p ?o } #", "", "a b", "../x"])
def test_the_name_of_a_release_cannot_leave_its_place_in_the_query(store: EmbeddedStore, name: str) -> None:
    with pytest.raises(KgError, match=r"is no name of a release|unknown release"):
        incidence(store, filters=Filters(release=name))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"evidence": "rows", "filters": Filters(with_suspect=True)}, "counts all as published, suspect or not"),
        ({"unit": "observation", "filters": Filters(with_recovered=True)}, "use unit incident, not inline"),
        ({"evidence": "inline", "filters": Filters(with_recovered=True)}, "use unit incident, not inline"),
    ],
)
def test_a_filter_that_cannot_apply_is_an_error(store: EmbeddedStore, options: dict[str, object], message: str) -> None:
    with pytest.raises(KgError, match=message):
        incidence(store, **options)  # type: ignore[arg-type]


def test_a_graph_without_actors_says_so() -> None:
    empty = EmbeddedStore.from_quads([])
    with pytest.raises(KgError, match="actor 'HB': this graph names no actor; leave the filter out"):
        incidence(empty, filters=Filters(actor=("HB",)))


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"year_basis": ("acts",)}, "unknown basis of a year 'acts'; did you mean 'act'"),
        ({"year_basis": ()}, "names nothing; give one or more of act, text, published"),
        ({"year_from": 2020, "year_to": 2016}, "years 2020 to 2016: end before they begin"),
        ({"year_from": 0}, "year 0: is no year"),
        ({"with_aligned": True}, "no actor is named"),
    ],
)
def test_filters_that_make_no_sense_are_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(KgError, match=message):
        Filters(**values)  # type: ignore[arg-type]


def test_what_was_asked_for_is_told_in_words() -> None:
    filters = Filters(tactic=("TA01", "TA02"), year_from=2016, year_basis=("act", "text"), with_suspect=True)
    assert filters.words() == ("tactic TA01, TA02", "with suspect", "years 2016 to any (basis: act, text)")
