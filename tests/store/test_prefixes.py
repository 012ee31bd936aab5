"""The usual prefixes: added where they are missing, taken out of IRIs where a name remains."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.rdf.namespaces import PREFIXES
from kg.store.prefixes import shortened, undeclared, with_prefixes

SKOS = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"


def test_prefixes_that_are_used_and_not_declared_stand_on_one_line_before_the_query() -> None:
    query = "# skos:x\nSELECT *\n{ ?s a skos:Concept ; kg:rank 1 . FILTER(?s != 'dcterms:x') }"
    added, rest = with_prefixes(query).split("\n", 1)
    assert added == f"{SKOS} PREFIX kg: <https://w3id.org/disarm-kg/ns#>"
    assert rest == query


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        f"{SKOS} SELECT * {{ ?s a skos:Concept }}",
        "prefix skos: <http://example.org/> SELECT * { ?s a skos:Concept }",
        "SELECT * { ?s a mine:Thing }",
        "SELECT * { <skos:x> ?kg 'kg:x' } # kg:x",
    ],
)
def test_a_query_that_misses_none_of_them_is_left_alone(query: str) -> None:
    assert with_prefixes(query) == query


def test_a_query_with_a_base_stays_a_query() -> None:
    query = "BASE <http://example.org/> SELECT * { <a> a skos:Concept }"
    ox.Store().query(with_prefixes(query))


def test_undeclared_prefixes_are_found_with_their_place_even_before_a_fault() -> None:
    assert [(name, token.start) for name, token in undeclared("ASK { ?x a ex:T ; kg:p 'open").items()] == [
        ("ex", 11),
        ("kg", 18),
    ]


@pytest.mark.parametrize(
    ("iri", "short"),
    [
        ("https://w3id.org/disarm-kg/id/technique/T0146.006", "disarm:T0146.006"),
        ("https://w3id.org/disarm-kg/id/use/I1-T0146", "https://w3id.org/disarm-kg/id/use/I1-T0146"),
        ("https://w3id.org/disarm-kg/id/x", "id:x"),
        ("https://w3id.org/disarm-kg/ns#", "https://w3id.org/disarm-kg/ns#"),
        ("https://w3id.org/disarm-kg/ns#a.", "https://w3id.org/disarm-kg/ns#a."),
        ("https://w3id.org/disarm-kg/ns#<script>", "https://w3id.org/disarm-kg/ns#<script>"),
        ("urn:x", "urn:x"),
    ],
)
def test_an_iri_is_shortened_where_a_plain_name_remains(iri: str, short: str) -> None:
    assert shortened(iri) == short


@given(st.sampled_from(sorted(PREFIXES)), st.text(alphabet="aZ09_.-:/#%é(", max_size=6))
def test_what_is_shortened_is_read_back_by_the_engine(prefix: str, local: str) -> None:
    short = shortened(PREFIXES[prefix] + local)
    if short == PREFIXES[prefix] + local:
        return
    found = ox.Store().query(f"CONSTRUCT {{ {short} {short} {short} }} {{}}", prefixes=PREFIXES)
    assert isinstance(found, ox.QueryTriples)
    assert next(iter(found)).predicate.value == PREFIXES[prefix] + local
