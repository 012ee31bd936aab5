"""An article finds its like: likeness by hand, no leak from tags or the incident itself, titles where no prose is."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.analysis.matching import TextIndex, evaluate_matching, match, texts_of, word_counts
from kg.errors import KgError
from kg.incidence import incidence
from kg.store.embedded import EmbeddedStore
from tests.graphs import store_of

FACTS = """
disarm:T0001 a kg:Technique ; dcterms:identifier "T0001" ; skos:notation "T0001" ; skos:prefLabel "Paint Boats"@en .
disarm:T0002 a kg:Technique ; dcterms:identifier "T0002" ; skos:notation "T0002" ; skos:prefLabel "Ring Bells"@en .
disarm:T0003 a kg:Technique ; dcterms:identifier "T0003" ; skos:notation "T0003" ; skos:prefLabel "Bake Bread"@en .
<id:incident/I90001> a kg:Incident ; dcterms:identifier "I90001" ; dcterms:title "Regatta" ;
  kg:usesTechnique disarm:T0001 ;
  dcterms:description "Sailors painted forged numbers on the harbour fleet by night." .
<id:incident/I90002> a kg:Incident ; dcterms:identifier "I90002" ; dcterms:title "Church" ;
  kg:usesTechnique disarm:T0002 .
<id:passage/p2> a kg:Passage ; kg:about <id:incident/I90002> ;
  rdf:value "The bell tower was rung by strangers (T0002: Ring Bells)." .
<id:incident/I90003> a kg:Incident ; dcterms:identifier "I90003" ; dcterms:title "Oven" ;
  kg:usesTechnique disarm:T0003 .
<id:passage/p3> a kg:Passage ; kg:about <id:incident/I90003> ;
  rdf:value "Sailors of the harbour fleet, forged numbers." .
<id:line/3> kg:passage <id:passage/p3> ; kg:incident <id:incident/I90003> ; kg:placement "suspect" .
"""

ARTICLE = "At night unknown sailors forged the numbers of a fleet in the harbour."


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    return store_of(FACTS)


def test_the_like_case_comes_first_with_its_reasons_and_techniques(store: EmbeddedStore) -> None:
    found = match(store, incidence(store), ARTICLE)
    assert found.prose
    assert found.compared == 3
    assert found.cases[0].incident == "I90001"
    assert found.cases[0].techniques == ("T0001",)
    assert found.techniques[0].technique == "T0001"
    assert found.techniques[0].incidents == ("I90001",)
    assert found.techniques[0].popularity == pytest.approx(1 / 3)


def test_a_passage_that_is_suspected_to_be_anothers_says_nothing(store: EmbeddedStore) -> None:
    assert "Sailors" not in texts_of(store).told["I90003"]
    assert all(case.incident != "I90003" for case in match(store, incidence(store), ARTICLE).cases)


def test_cosines_worked_by_hand() -> None:
    # "a" stands in both texts and weighs nothing; "b" and "c" weigh ln 2 each, "c" twice as often: 1 + ln 2.
    index = TextIndex(["a b c c", "a d"])
    heavy = 1 + math.log(2)
    (cosines,) = index.likeness(["b x"])
    assert cosines.tolist() == pytest.approx([1 / math.sqrt(1 + heavy**2), 0.0])
    assert index.likeness(["a"]).tolist() == [[0.0, 0.0]]
    assert index.likeness(["a d d d"])[0].tolist() == pytest.approx([0.0, 1.0])


def test_what_the_article_names_itself_is_told_and_compared_with_nothing(store: EmbeddedStore) -> None:
    tagged = match(store, incidence(store), f"{ARTICLE} They rang (T0002: Ring Bells). This was not T0003.")
    plain = match(store, incidence(store), f"{ARTICLE} They rang . This was not .")
    assert tagged.tagged == ("T0002",)
    assert [case.similarity for case in tagged.cases] == [case.similarity for case in plain.cases]


def test_an_article_that_shares_nothing_has_no_like(store: EmbeddedStore) -> None:
    found = match(store, incidence(store), "xylophone quartet zither yodel waltz")
    assert (found.cases, found.techniques) == ((), ())


def test_too_few_words_a_graph_without_incidents_and_no_number_are_refused(store: EmbeddedStore) -> None:
    with pytest.raises(KgError, match="fewer than 5 words"):
        match(store, incidence(store), "T0146 only two words")
    empty = EmbeddedStore.from_quads([])
    with pytest.raises(KgError, match="no incident"):
        match(empty, incidence(empty), ARTICLE)
    with pytest.raises(KgError, match="1 or more"):
        match(store, incidence(store), ARTICLE, most=0)


@given(st.text(max_size=400))
def test_any_text_can_be_compared(text: str) -> None:
    (row,) = TextIndex(["Sailors painted boats", "Bells rang", text]).likeness([text]).tolist()
    assert all(0.0 <= cosine <= 1.0 + 1e-9 for cosine in row)
    if word_counts(text).keys() - word_counts("Sailors painted boats Bells rang").keys():
        assert row[2] == pytest.approx(1.0)


def test_no_incident_is_found_by_its_own_text() -> None:
    # Two pairs of like incidents, each cited by one article: what is alike never votes, so nothing is found.
    with kg.open() as graph:
        table = incidence(graph.store)
        everyone = [(0, place) for place in range(1, len(table.units))]
        alone = evaluate_matching(graph.store, table, linked=everyone)
        apart = graph.evaluate_matching()
    recall = {(score.method, score.measure): score.value for score in alone.scores}
    # Without any other group to learn from, ranks are those of ids.
    assert recall["titles", "recall@10"] == recall["popularity", "recall@10"]
    gains = {score.measure: score for score in apart.scores if score.method == "titles"}
    assert gains["gain@10"].low > 0


def test_the_embedded_facts_are_compared_by_titles_and_names() -> None:
    with kg.open() as graph:
        found = graph.match("A clip made with AI tools was said to show the robbery of a bank, experts told the agency")
        titles = texts_of(graph.store).titles
    assert not found.prose
    assert found.compared == len(titles)
