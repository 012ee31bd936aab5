"""A graph of some of its incidents: what goes, what stays, and what is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import kg
from kg.errors import KgError, UnknownNameError
from kg.filters import NO_FILTERS, Filters
from kg.narrowing import narrowed
from kg.resources import ontology_folder
from tests.graphs import store_of

if TYPE_CHECKING:
    from kg.store.answers import Solutions
    from kg.store.protocol import GraphStore
    from kg.workspace import KnowledgeGraph

ID = "https://w3id.org/disarm-kg/id/"
# Kite and Boat are told of in one article and one passage; the actor and the platform are Kite's, the country both's.
SMALL = """
<id:incident/Kite> a kg:Incident ; dcterms:references <id:reference/both>, <id:reference/kites> ;
  kg:attributedTo <id:actor/gull>, <id:country/XA> ; kg:onPlatform <id:platform/plume> ;
  kg:usesTechnique <id:technique/T1> .
<id:incident/Boat> a kg:Incident ; dcterms:references <id:reference/both> ; kg:attributedTo <id:country/XA> .
<id:actor/gull> a kg:Actor . <id:country/XA> a kg:Country . <id:platform/plume> a kg:Platform .
<id:reference/both> schema:url "https://a.example/" . <id:reference/kites> schema:url "https://b.example/" .
<id:technique/T1> a kg:Technique . <id:counter/C1> kg:seenIn <id:incident/Kite> ; kg:counters <id:technique/T1> .
<id:statement/1> rdf:subject <id:incident/Kite> ; rdf:object <id:reference/kites> .
<id:passage/p> kg:about <id:incident/Kite>, <id:incident/Boat> . <id:passage/q> kg:about <id:incident/Kite> .
<id:use/1> kg:incident <id:incident/Boat> ; kg:statedIn <id:observation/lent> .
<id:observation/lent> a kg:Observation ; kg:ofIncident <id:incident/Boat> ; kg:borrowedFrom <id:incident/Kite> ;
  kg:inPassage <id:passage/q> ; oa:hasTarget <id:target/lent> .
<id:target/lent> oa:hasSelector <id:selector/lent> . <id:selector/lent> oa:start 1 .
"""
MENTIONS = """
<id:mention/k> kg:ofIncident <id:incident/Kite> ; kg:mentions <id:platform/plume> .
<id:mention/b> kg:ofIncident <id:incident/Boat> ; kg:mentions <id:country/XA> .
"""


def _nodes(store: GraphStore) -> set[str]:
    terms = [term for quad in store.quads() for term in (quad.subject, quad.object)]
    return {value.removeprefix(ID) for term in terms if (value := str(getattr(term, "value", ""))).startswith(ID)}


@pytest.fixture(scope="module")
def tiny() -> KnowledgeGraph:
    return kg.open(ontology_folder() / "examples" / "tiny.ttl")


def test_what_belongs_to_one_that_goes_goes_and_what_is_shared_stays() -> None:
    store = narrowed(store_of(SMALL, text=MENTIONS), {f"{ID}incident/Boat"})
    assert _nodes(store) == {
        *("incident/Boat", "reference/both", "passage/p", "mention/b", "country/XA"),
        *("technique/T1", "counter/C1"),
    }


def test_a_store_that_cannot_be_asked_for_its_union_is_narrowed_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(SMALL, text=MENTIONS)
    whole, ask = narrowed(store, {f"{ID}incident/Boat"}), store.select

    def select(query: str, *, union: bool = False) -> Solutions:
        assert not union
        return ask(query)

    monkeypatch.setattr(store, "select", select)
    assert set(narrowed(store, {f"{ID}incident/Boat"}).quads()) == set(whole.quads())


def test_a_text_that_reads_like_the_address_of_one_that_goes_is_a_text() -> None:
    facts = f'<id:incident/Kite> a kg:Incident . <id:technique/T1> rdfs:comment "{ID}incident/Kite" .'
    assert len(narrowed(store_of(facts), set())) == 1


def test_what_is_shared_goes_with_the_last() -> None:
    assert _nodes(narrowed(store_of(SMALL, text=MENTIONS), set())) == {"technique/T1", "counter/C1", "country/XA"}


def test_with_every_incident_nothing_goes(tiny: KnowledgeGraph) -> None:
    every = {row[0] or "" for row in tiny.store.select("SELECT ?i { ?i a kg:Incident }").values()}
    assert set(narrowed(tiny.store, every).quads()) == set(tiny.store.quads())


@pytest.mark.parametrize("incident", ["I99001", "I99002", "I99003"])
def test_of_any_one_incident_the_graph_still_conforms_and_names_no_other(tiny: KnowledgeGraph, incident: str) -> None:
    alone = kg.KnowledgeGraph(narrowed(tiny.store, {f"{ID}incident/{incident}"}), "alone")
    assert alone.validate().conforms
    assert {name for name in _nodes(alone.store) if name.startswith("incident/")} == {f"incident/{incident}"}


def test_a_narrowed_graph_tells_its_n_and_none_is_made_without_a_filter(tiny: KnowledgeGraph) -> None:
    assert tiny.narrow(NO_FILTERS) is tiny
    some = tiny.narrow(Filters(year_from=1900))
    left = tiny.store.select("SELECT ?i { ?i a kg:Incident ; kg:yearStarted ?y }").values()
    assert f"N {len(list(left))} of 4 incidents: years 1900 to any" in some.origin


def test_no_incident_that_passes_is_told_so_and_so_is_a_name_that_is_not_there(tiny: KnowledgeGraph) -> None:
    with pytest.raises(KgError, match=r"no incident of .* passes years any to 1800"):
        tiny.narrow(Filters(year_to=1800))
    with pytest.raises(UnknownNameError, match="unknown platform 'Nowhere'"):
        tiny.narrow(Filters(platform=("Nowhere",)))
