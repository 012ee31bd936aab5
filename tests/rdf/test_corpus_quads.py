"""Records to triples: the fictional release as a graph, asked with an engine that is not ours (rdflib)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Corpus, Incident, Passage, Place, Reference, SourceDocument, Technique, TechniqueRow
from kg.rdf.corpus import corpus_quads
from kg.rdf.iris import by_disarm_id, mint, url_hash
from kg.rdf.namespaces import ID, NS, PREFIXES
from kg.sources import read_source
from kg.text import digest, parse_groups

if TYPE_CHECKING:
    from pathlib import Path

_SEGMENT = re.compile(r"[A-Za-z0-9._~-]+")


@pytest.fixture(scope="module")
def store(release_folder: Path) -> ox.Store:
    native = ox.Store()
    native.bulk_extend(corpus_quads(read_source(release_folder)))
    return native


def _rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(getattr(term, "value", "") for term in row) for row in found]


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    assert not isinstance(term, ox.Triple)
    return term.value


def _pairs(store: ox.Store, query: str) -> list[tuple[str, str]]:
    return [(first, second) for first, second in _rows(store, query)]


def test_the_simple_question_has_a_simple_query(store: ox.Store) -> None:
    # I00003 uses T0146.006 in its table; what its suspect description tags is not asserted.
    assert _rows(
        store,
        "SELECT ?i ?t { ?incident a kg:Incident ; dcterms:identifier ?i ; kg:usesTechnique/dcterms:identifier ?t }"
        " ORDER BY ?i ?t",
    ) == [
        ("I00001", "T0086.002"),
        ("I00001", "T0097.109"),
        ("I00001", "T0146"),
        ("I00002", "T0097.102"),
        ("I00002", "T0146"),
        ("I00003", "T0146.006"),
    ]


def test_a_use_that_only_a_suspect_description_states_is_held_back(store: ox.Store) -> None:
    query = 'SELECT ?u { ?use a kg:TechniqueUse ; kg:status "suspect" ; dcterms:identifier ?u } ORDER BY ?u'
    assert _rows(store, query) == [("I00003-T0002",), ("I00003-T0097.102",)]
    published = "SELECT ?t { GRAPH graph:release\\/9.9 { incident:I00003 kg:usesTechnique ?t } } ORDER BY ?t"
    assert [row[0].rpartition("/")[2] for row in _rows(store, published)] == ["T0002", "T0097.102", "T0146.006"]


def test_a_denied_mention_is_never_asserted(store: ox.Store) -> None:
    assert _rows(store, "SELECT ?s { ?s kg:incident incident:I00002 ; kg:technique disarm:T0002 }") == []


def test_every_statement_keeps_file_line_and_hash(store: ox.Store, release_folder: Path) -> None:
    rows = _rows(
        store,
        "SELECT ?path ?line ?hash { id:use\\/I00001-T0086.002 kg:statedIn ?row . ?row a kg:TableRow ; kg:line ?line ; "
        "prov:wasDerivedFrom ?document . ?document kg:path ?path ; kg:sha256 ?hash }",
    )
    ((path, line, sha256),) = rows
    text = (release_folder / path).read_bytes()
    assert sha256 == hashlib.sha256(text).hexdigest()
    assert b"T0086.002" in text.split(b"\n")[int(line) - 1]


def test_offsets_of_observations_point_at_the_quoted_text(store: ox.Store) -> None:
    rows = _rows(
        store,
        "SELECT ?text ?start ?end ?quote { ?o a kg:Observation ; kg:inPassage/rdf:value ?text ; oa:hasTarget ?target . "
        "?target oa:hasSelector ?position, ?words . ?position oa:start ?start ; oa:end ?end . ?words oa:exact ?quote }",
    )
    assert len(rows) == 4  # one group in D1, two in D2, one in D3
    assert all(text[int(start) : int(end)] == quote for text, start, end, quote in rows)


def test_countries_are_iso_codes_and_regions_are_no_countries(store: ox.Store) -> None:
    query = """SELECT ?i ?c ?class {
        ?incident kg:attributedTo|kg:targetCountry ?area ; dcterms:identifier ?i . ?area a ?class ; skos:notation ?c
    } ORDER BY ?i ?c"""
    assert _rows(store, query) == [
        ("I00001", "BY", NS + "Country"),
        ("I00001", "GB", NS + "Country"),
        ("I00001", "RU", NS + "Country"),
        ("I00003", "EU", NS + "Region"),
    ]


def test_the_date_of_publication_is_kept_apart_from_the_year_of_the_act(store: ox.Store) -> None:
    query = """SELECT ?i ?y ?d {
        ?x a kg:Incident ; dcterms:identifier ?i . OPTIONAL { ?x kg:yearStarted ?y } OPTIONAL { ?x kg:datePublished ?d }
    } ORDER BY ?i"""
    assert _rows(store, query) == [("I00001", "2016", "2019-03-03"), ("I00002", "", "2019-03-03"), ("I00003", "", "")]


def test_there_is_no_blank_node_and_every_minted_iri_ends_in_its_identifier(release_folder: Path) -> None:
    quads = list(corpus_quads(read_source(release_folder)))
    assert not [
        quad for quad in quads if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode)
    ]
    name = PREFIXES["dcterms"] + "identifier"
    identified = {_value(quad.subject): _value(quad.object) for quad in quads if quad.predicate.value == name}
    minted = {iri for quad in quads if (iri := _value(quad.subject)).startswith(ID)}
    assert minted == set(identified)
    for iri, identifier in identified.items():
        assert iri.rpartition("/")[2] == identifier
        assert all(_SEGMENT.fullmatch(part) for part in iri.removeprefix(ID).split("/"))


def test_without_text_no_sentence_is_written(release_folder: Path) -> None:
    values = [
        quad.object.value
        for quad in corpus_quads(read_source(release_folder), text=False)
        if isinstance(quad.object, ox.Literal)
    ]
    joined = "\n".join(values)
    for words in ("wrote to the mayor", "got letters", "called itself", "What it is", "Make accounts", "money"):
        assert words not in joined
    with_text = "\n".join(
        quad.object.value for quad in corpus_quads(read_source(release_folder)) if isinstance(quad.object, ox.Literal)
    )
    assert "wrote to the mayor" in with_text


def test_the_same_source_gives_the_same_quads(release_folder: Path) -> None:
    assert list(corpus_quads(read_source(release_folder))) == list(corpus_quads(read_source(release_folder)))


def test_ids_of_every_kind_have_their_iri() -> None:
    kinds = {"T0146.006": "technique", "TA01": "tactic", "TK0001": "task", "I00001": "incident", "C00001": "counter"}
    kinds |= {
        "P01": "phase",
        "M001": "metatechnique",
        "A001": "actor-type",
        "D01": "response-type",
        "F00001": "detection",
    }
    for identifier, kind in kinds.items():
        assert by_disarm_id(identifier) == mint(kind, identifier)
    assert by_disarm_id("X1") is None
    assert by_disarm_id("") is None


_NAMES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).map(str.strip).filter(bool)


@st.composite
def corpora(draw: st.DrawFn) -> Corpus:
    techniques = tuple(
        Technique(identifier=f"T{number:04}", name=draw(_NAMES), place=Place("t.md", 1))
        for number in range(draw(st.integers(1, 4)))
    )
    ids = [technique.identifier for technique in techniques]
    incidents = []
    for number in range(draw(st.integers(0, 3))):
        rows = []
        for ordinal in range(1, draw(st.integers(0, 3)) + 1):
            text = (
                draw(_NAMES)
                + " ("
                + ", ".join(f"{name}: x" for name in draw(st.lists(st.sampled_from(ids), max_size=3)))
                + ")"
            )
            groups, loose = parse_groups(text)
            passage = Passage(digest(text), text, groups, loose)
            rows.append(
                TechniqueRow(draw(st.sampled_from(ids)), "x", passage, ordinal, Place("i.md", ordinal), "0" * 64)
            )
        url = "https://a.example/" + draw(st.text("abc/?=&é", max_size=8))
        incidents.append(
            Incident(
                identifier=f"I{number:05}",
                title=draw(_NAMES),
                place=Place("i.md", 1),
                summary=draw(_NAMES),
                year_started=draw(st.none() | st.integers(1000, 9999)),
                references=(Reference(url, 1, Place("i.md", 9), draw(st.none() | st.dates())),),
                rows=tuple(rows),
            )
        )
    documents = (SourceDocument("i.md", "1" * 64), SourceDocument("t.md", "2" * 64))
    return Corpus(release="9.9", documents=documents, techniques=techniques, incidents=tuple(incidents))


@given(corpora())
def test_triples_read_back_to_equal_records(corpus: Corpus) -> None:
    store = ox.Store()
    store.bulk_extend(corpus_quads(corpus))
    titles = _rows(
        store,
        "SELECT ?i ?t ?s { ?x a kg:Incident ; dcterms:identifier ?i ; dcterms:title ?t ; "
        "dcterms:description ?s } ORDER BY ?i",
    )
    assert titles == [(incident.identifier, incident.title, incident.summary) for incident in corpus.incidents]
    years: dict[str, str] = dict(
        _pairs(store, "SELECT ?i ?y { ?x a kg:Incident ; dcterms:identifier ?i ; kg:yearStarted ?y }")
    )
    assert years == {
        incident.identifier: str(incident.year_started) for incident in corpus.incidents if incident.year_started
    }
    rows = _rows(
        store,
        "SELECT ?i ?n ?t ?text { ?r a kg:TableRow ; kg:incident/dcterms:identifier ?i ; kg:ordinal ?n ; "
        "kg:technique/dcterms:identifier ?t ; kg:passage/rdf:value ?text }",
    )
    expected = {
        (incident.identifier, str(row.ordinal), row.technique) for incident in corpus.incidents for row in incident.rows
    }
    assert {row[:3] for row in rows} == expected
    published: dict[str, str] = dict(
        _pairs(store, "SELECT ?u ?d { ?r a kg:Reference ; schema:url ?u ; schema:datePublished ?d }")
    )
    for incident in corpus.incidents:
        for reference in incident.references:
            if reference.published is not None and len(published) == len(corpus.incidents):
                assert published[reference.url] == reference.published.isoformat()
    labels = _rows(store, "SELECT ?n ?l { ?t a kg:Technique ; skos:notation ?n ; skos:prefLabel ?l } ORDER BY ?n")
    assert labels == [(technique.identifier, technique.name) for technique in corpus.techniques]


def test_a_reference_is_named_by_its_address_and_one_without_by_its_place() -> None:
    references = (
        Reference("https://a.example/", 1, Place("i.md", 3), dt.date(2020, 1, 2)),
        Reference("", 2, Place("i.md", 4)),
    )
    incident = Incident(identifier="I00001", title="x", place=Place("i.md", 1), references=references)
    store = ox.Store()
    store.bulk_extend(corpus_quads(Corpus(release="9.9", incidents=(incident,))))
    found = [row[0] for row in _rows(store, "SELECT ?id { incident:I00001 dcterms:references/dcterms:identifier ?id }")]
    assert url_hash("https://a.example/") in found
    assert len(found) == 2
