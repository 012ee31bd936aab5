"""What a user names is found by id, by name and by IRI, and its card tells what hangs on it: worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.analysis.cards import card
from kg.analysis.lookup import find_thing
from kg.analysis.mentions import find_mentions
from kg.errors import UnknownNameError
from kg.rdf.namespaces import ID
from tests.graphs import store_of

if TYPE_CHECKING:
    from kg.store.embedded import EmbeddedStore

# Two incidents of another source, of which one is of the Kettle Group on Pondbook; "Pond" names two things.
FACTS = """
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:notation "T0001" ; skos:prefLabel "Boats"@en .
<id:incident/case--1> a kg:Incident ; dcterms:identifier "case--1" ; dcterms:title "Regatta" ;
  kg:usesTechnique disarm:T0001 ; kg:attributedTo <id:actor/kettle> ; kg:onPlatform <id:platform/pondbook> .
<id:incident/case--2> a kg:Incident ; dcterms:identifier "case--2" ; dcterms:title "Storm" ;
  kg:usesTechnique disarm:T0001 ; kg:enabledBy <id:actor/kettle> ;
  kg:targetCountry <id:country/SJ> ; kg:yearStarted 2020 .
<id:incident/O%27Hara> a kg:Incident ; dcterms:identifier "O'Hara" ; dcterms:title "A title" .
<id:actor/kettle> a kg:Actor ; dcterms:identifier "kettle" ; skos:prefLabel "Kettle Group"@en ;
  skos:altLabel "The \\"K\\"" .
<id:actor/pond-club> a kg:Actor ; dcterms:identifier "pond-club" ; skos:prefLabel "Pond Club"@en ;
  skos:altLabel "Pond" .
<id:platform/pondbook> a kg:Platform ; dcterms:identifier "pondbook" ; skos:prefLabel "Pondbook"@en ;
  skos:altLabel "POND" .
<id:country/SJ> a kg:Country ; dcterms:identifier "SJ" ; skos:prefLabel "Svalbard"@en .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return store_of(FACTS)


@pytest.mark.parametrize(
    ("given", "kind", "identifier"),
    [
        (" t0001 ", "technique", "T0001"),
        ("case--1", "incident", "case--1"),
        ("case--1\r", "incident", "case--1"),
        ("O'Hara", "incident", "O'Hara"),
        ("kettle", "actor", "kettle"),
        ("kettle GROUP", "actor", "kettle"),
        ('the "k"', "actor", "kettle"),
        ("sj", "country", "SJ"),
        (f"{ID}platform/pondbook", "platform", "pondbook"),
        (f"{ID}incident/O%27Hara", "incident", "O'Hara"),
    ],
)
def test_a_thing_is_found_by_its_id_its_name_and_its_iri(
    store: EmbeddedStore, given: str, kind: str, identifier: str
) -> None:
    found = find_thing(store, given)
    assert (found.kind, found.identifier) == (kind, identifier)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ("T0002", "unknown id 'T0002'; did you mean 'T0001'?"),
        ("pond", "'pond' is the name of the actor pond-club and the platform pondbook; write the id of one"),
        ("Ketle Group", "did you mean 'Kettle Group'?"),
        ('x" } DROP ALL #', "unknown name"),
        (f"{ID}actor/x> ?p ?o . <y", "unknown name"),
    ],
)
def test_what_is_not_there_or_not_one_thing_is_said(store: EmbeddedStore, given: str, message: str) -> None:
    with pytest.raises(UnknownNameError) as caught:
        find_thing(store, given)
    assert message in str(caught.value)


def test_the_card_of_an_actor_tells_its_incidents_techniques_and_platforms(store: EmbeddedStore) -> None:
    shown = card(store, "Kettle Group")
    assert dict(shown.fields) == {"also called": 'The "K"'}
    assert {section.title: section.rows for section in shown.sections} == {
        "incidents": (
            ("case--1", "Regatta", "attributed to it", "", ""),
            ("case--2", "Storm", "enabled by it", "2020", ""),
        ),
        "techniques": (("T0001", "Boats", "2"),),
        "platforms": (("pondbook", "Pondbook", "1"),),
        "target countries": (("SJ", "Svalbard", "1"),),
    }


def test_the_card_of_a_platform_and_of_a_country_tell_theirs(store: EmbeddedStore) -> None:
    titles = {section.title: section.rows for section in card(store, "pondbook").sections}
    assert titles["actors"] == (("kettle", "Kettle Group", "1"),)
    assert titles["incidents"] == (("case--1", "Regatta", "on it", "", ""),)
    aimed = {section.title: section.rows for section in card(store, "SJ").sections}
    assert aimed["techniques of what is aimed at it"] == (("T0001", "Boats", "1"),)
    assert "techniques of what is attributed to it" not in aimed


def test_mentions_are_asked_of_incidents_only(store: EmbeddedStore) -> None:
    assert find_mentions(store, "case--1") == []
    for given in ("kettle", "case--9"):
        with pytest.raises(UnknownNameError, match=f"'{given}' is no incident of this graph"):
            find_mentions(store, given)


def test_a_detection_leads_to_what_it_detects_and_back() -> None:
    store = store_of(
        """
        <id:detection/F00001> a kg:Detection ; skos:notation "F00001" ; skos:prefLabel "Listen"@en ;
            dcterms:identifier "F00001" ; kg:detects <id:technique/T0146> ; kg:actorType <id:actor-type/A001> ;
            kg:seenIn <id:incident/I00901> .
        <id:technique/T0146> a kg:Technique ; skos:notation "T0146" ; skos:prefLabel "Account Asset"@en ;
            dcterms:identifier "T0146" .
        <id:actor-type/A001> a kg:ActorType ; skos:notation "A001" ; skos:prefLabel "Scientist"@en ;
            dcterms:identifier "A001" .
        <id:incident/I00901> a kg:Incident ; dcterms:identifier "I00901" ; dcterms:title "Harbour" .
        """
    )

    def tables(identifier: str) -> dict[str, tuple[tuple[str, ...], ...]]:
        return {section.title: section.rows for section in card(store, identifier).sections}

    found = tables("F00001")
    assert found["detects techniques and tactics"] == (("T0146", "Account Asset"),)
    assert found["actor types"] == (("A001", "Scientist"),)
    assert found["seen in incidents"] == (("I00901", "Harbour"),)
    assert tables("T0146")["detections"] == (("F00001", "Listen"),)
    # A detection is no counter of who carries it out.
    assert tables("A001")["detections"] == (("F00001", "Listen"),)
    assert "counters" not in tables("A001")
