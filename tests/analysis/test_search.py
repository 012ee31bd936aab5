"""Words find what people mean: the order of hits is worked by hand on a small graph."""

from __future__ import annotations

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.lookup import find_thing
from kg.analysis.search import LONGEST, MOST_WORDS, NameIndex, folded, search
from kg.errors import KgError, UnknownNameError
from kg.store.embedded import EmbeddedStore
from tests.graphs import store_of

# Seven things; "Boat" is a technique's name, and a platform's other name.
FACTS = """
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:notation "T0001" ; skos:prefLabel "Paint Boats"@en .
disarm:T0001.001 a kg:Technique ; dcterms:identifier "T0001.001" ; skos:notation "T0001.001" ;
  skos:prefLabel "Paint Deepwater Boats"@en .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:notation "T0002" ; skos:prefLabel "Boat"@en .
<id:incident/I90001> a kg:Incident ; dcterms:identifier "I90001" ; dcterms:title "The boat that was painted in Perú" .
<id:actor/kettle> a kg:Actor ; dcterms:identifier "kettle" ; skos:prefLabel "Kettle Group"@en ;
  skos:altLabel "Storm-0042", "Teapot Brigade" .
<id:platform/pondbook> a kg:Platform ; dcterms:identifier "pondbook" ; skos:prefLabel "Pondbook"@en ;
  skos:altLabel "Boat" .
<id:counter/C00001> a kg:Counter ; dcterms:identifier "C00001" ; skos:prefLabel "Teach knitting"@en, "Stricken"@de .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return store_of(FACTS)


def found(store: EmbeddedStore, asked: str) -> list[str]:
    return [hit.identifier for hit in search(store, asked)]


def test_an_id_comes_first_and_its_parts_after_it(store: EmbeddedStore) -> None:
    assert found(store, "t0001") == ["T0001", "T0001.001"]
    assert found(store, "T0001.001") == ["T0001.001"]


def test_a_name_in_full_precedes_names_that_hold_it(store: EmbeddedStore) -> None:
    assert found(store, "boats") == ["T0002", "pondbook", "T0001", "T0001.001", "I90001"]


def test_the_order_of_words_their_case_accents_and_plural_do_not_matter(store: EmbeddedStore) -> None:
    assert found(store, "BOAT paint")[:2] == ["T0001", "T0001.001"]
    assert found(store, "Perus") == found(store, "perú") == ["I90001"]


def test_other_names_find_and_say_which_was_meant(store: EmbeddedStore) -> None:
    (hit,) = search(store, "teapot")
    assert (hit.identifier, hit.kind, hit.name, hit.matched) == ("kettle", "actor", "Kettle Group", "Teapot Brigade")
    assert next(iter(search(store, "kettle"))).matched == ""
    assert found(store, "storm-0042") == ["kettle"]


def test_from_four_letters_on_the_inside_of_a_word_counts(store: EmbeddedStore) -> None:
    assert found(store, "water") == ["T0001.001"]
    assert found(store, "ate") == []


def test_a_misspelt_word_stands_for_its_nearest(store: EmbeddedStore) -> None:
    assert found(store, "pondbok") == ["pondbook"]
    assert found(store, "xylophone") == []


def test_what_lacks_a_word_follows_and_says_so_unless_it_says_too_little(store: EmbeddedStore) -> None:
    hits = search(store, "kettle boat")
    # "kettle" is rarer than "boat": of those that have one word only the actor has more than half of what was asked.
    assert [(hit.identifier, hit.missing) for hit in hits] == [("kettle", ("boat",))]


def test_a_name_in_another_language_is_none_of_the_first_names(store: EmbeddedStore) -> None:
    assert [hit.name for hit in search(store, "knitting")] == ["Teach knitting"]


def test_kinds_narrow_and_unknown_ones_are_refused(store: EmbeddedStore) -> None:
    assert [hit.identifier for hit in search(store, "boat", kinds=("platform",))] == ["pondbook"]
    with pytest.raises(UnknownNameError, match=r"unknown kind 'boats'.*platform"):
        search(store, "boat", kinds=("boats",))


def test_a_search_without_words_is_refused(store: EmbeddedStore) -> None:
    for nothing in ("", "  ", "!?"):
        with pytest.raises(KgError, match="holds no word"):
            search(store, nothing)


def test_an_empty_graph_has_nothing(store: EmbeddedStore) -> None:
    del store
    assert search(EmbeddedStore.from_quads([]), "boat") == ()


def test_a_technique_is_shown_by_its_name_and_others_go_before_it(store: EmbeddedStore) -> None:
    assert find_thing(store, "paint boats").identifier == "T0001"
    assert find_thing(store, "Boat").identifier == "pondbook"
    with pytest.raises(UnknownNameError, match="kg search"):
        find_thing(store, "Paint")


@given(st.text(max_size=300))
def test_any_text_can_be_asked(asked: str) -> None:
    index = NameIndex([("a/technique/T1", "T1", "Paint Boats", ""), ("a/actor/k", "k", "Kettle", "Storm")])
    hits = list(index.search(asked))
    assert len({hit.iri for hit in hits}) == len(hits)
    assert bool(hits) <= bool(folded(asked))


@given(st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8), min_size=1, max_size=6))
def test_everything_is_found_by_its_own_name(words: list[str]) -> None:
    name = " ".join(words)
    index = NameIndex([("a/technique/T1", "T1", name, ""), ("a/actor/k", "k", "Kettle Group", "Storm")])
    if folded(name) and len(name) <= LONGEST:
        assert next(index.search(name)).iri == "a/technique/T1"


def test_a_long_search_costs_no_more_than_its_first_words() -> None:
    index = NameIndex([(f"a/technique/T{at}", f"T{at}", f"Word{at} Other{at % 7}", "") for at in range(2_000)])
    asked = " ".join(f"other{at}" for at in range(50_000))
    assert len(folded(asked[:LONGEST]).split()) > MOST_WORDS
    assert len(list(islice(index.search(asked), 3))) <= 3
