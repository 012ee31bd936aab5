"""The embedded store: what it answers, what it says of faults, and rdflib on the same quads."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.plugins.sparql

from kg.errors import QueryError, QueryRefusedError, StoreError
from kg.store.answers import Solutions, Triples, Truth
from kg.store.embedded import EmbeddedStore

P = ox.NamedNode("http://example.org/p")
A, B, G = (ox.NamedNode(f"http://example.org/{name}") for name in "abg")


@pytest.fixture
def store() -> EmbeddedStore:
    return EmbeddedStore.from_quads([ox.Quad(A, P, ox.Literal("default")), ox.Quad(B, P, ox.Literal("named"), G)])


def objects(answer: object) -> list[str | None]:
    assert isinstance(answer, Solutions)
    return sorted(row[0] or "" for row in answer.values())  # type: ignore[return-value]


def test_a_query_of_each_form_gives_its_kind_of_answer(store: EmbeddedStore) -> None:
    assert isinstance(store.query("SELECT * { ?s ?p ?o }"), Solutions)
    assert isinstance(store.query("ASK {}"), Truth)
    assert list(store.query("CONSTRUCT WHERE { ?s ?p ?o }")) == [ox.Triple(A, P, ox.Literal("default"))]  # type: ignore[arg-type]
    assert isinstance(store.query("DESCRIBE <http://example.org/a>"), Triples)


def test_the_usual_prefixes_need_not_be_declared_and_may_be_redeclared(store: EmbeddedStore) -> None:
    assert not store.query("ASK { ?x a skos:Concept }")
    assert store.query("PREFIX kg: <http://example.org/> ASK { kg:a kg:p ?o }")


def test_the_default_graph_is_asked_unless_the_union_is_wanted(store: EmbeddedStore) -> None:
    assert objects(store.query("SELECT ?o { ?s ?p ?o }")) == ["default"]
    assert objects(store.query("SELECT ?o { ?s ?p ?o }", union=True)) == ["default", "named"]
    assert objects(store.select("SELECT ?o { ?s ?p ?o }", union=True)) == ["default", "named"]


def test_from_takes_graphs_that_are_held_and_no_others(store: EmbeddedStore) -> None:
    assert objects(store.query("SELECT ?o FROM <http://example.org/g> { ?s ?p ?o }")) == ["named"]
    assert objects(store.query("SELECT ?o FROM NAMED <http://example.org/g> { GRAPH ?g { ?s ?p ?o } }")) == ["named"]
    with pytest.raises(QueryRefusedError, match="FROM names <file:///etc/hostname>"):
        store.query("SELECT ?o FROM <file:///etc/hostname> { ?s ?p ?o }")


def test_quads_are_those_of_all_graphs_or_of_one(store: EmbeddedStore) -> None:
    assert len(store) == 2
    assert len(list(store.quads())) == 2
    assert [quad.subject for quad in store.quads("http://example.org/g")] == [B]
    assert [quad.subject for quad in store.quads(ox.DefaultGraph())] == [A]
    assert store.graphs() == {"http://example.org/g"}


def test_select_takes_only_select(store: EmbeddedStore) -> None:
    with pytest.raises(TypeError, match=r"select\(\) takes a SELECT query"):
        store.select("ASK {}")


def test_an_unchecked_query_does_not_pass_the_guard(store: EmbeddedStore) -> None:
    nested = "SELECT ?o { " + "{" * 70 + "?s ?p ?o" + "}" * 70 + " }"
    assert objects(store.query(nested, checked=False)) == ["default"]
    with pytest.raises(QueryRefusedError):
        store.query(nested)


@pytest.mark.parametrize(
    ("query", "line", "column", "said", "excerpt"),
    [
        (
            "SELECT * {\n\t?s ?p 'é😀' ?o }",
            2,
            13,
            "query:2:13: syntax error at '?o'",
            " ?s ?p 'é😀' ?o }\n             ^",
        ),
        (
            "SELECT * { ?s ?p ?o OPTINAL { ?s ?p ?x } }",
            1,
            21,
            "query:1:21: syntax error at 'OPTINAL'",
            "SELECT * { ?s ?p ?o OPTINAL { ?s ?p ?x } }\n                    ^",
        ),
        (
            "SELCT * {}",
            1,
            1,
            "query:1:1: syntax error at 'SELCT'",
            "SELCT * {}\n^",
        ),
        (
            "# é\n  SELECT * {} LIMIT many # 漢",
            2,
            21,
            "query:2:21: syntax error at 'many'",
            "  SELECT * {} LIMIT many # 漢\n                    ^",
        ),
        (
            "SELECT * { ?s ?p ?o",
            1,
            20,
            "query:1:20: the query ends too early",
            "SELECT * { ?s ?p ?o\n                   ^",
        ),
        (
            "SELECT * { ?s a kg:Incident ; mine:p ?o }",
            1,
            31,
            "query:1:31: prefix 'mine:' is not declared",
            "SELECT * { ?s a kg:Incident ; mine:p ?o }\n                              ^",
        ),
        (
            "SELECT ?a (COUNT(*) AS ?n) { ?b ?p ?o }",
            1,
            40,
            "query:1:40: SELECT names a variable that is neither grouped nor aggregated",
            "SELECT ?a (COUNT(*) AS ?n) { ?b ?p ?o }\n" + " " * 39 + "^",
        ),
        ("", 1, 1, "query:1:1: the query ends too early", "\n^"),
    ],
)
def test_a_syntax_error_points_at_the_text_the_user_wrote(
    store: EmbeddedStore, query: str, line: int, column: int, said: str, excerpt: str
) -> None:
    with pytest.raises(QueryError) as caught:
        store.query(query)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert caught.value.excerpt == excerpt


def test_the_caret_stands_below_the_fault_behind_wide_and_combining_characters(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError) as caught:
        store.query("ASK { ?s ?p '漢漢e\u0301' ] }", checked=False)
    # Two characters that are two columns wide on a terminal, and an accent that has no width.
    assert caught.value.excerpt == "ASK { ?s ?p '漢漢e\u0301' ] }\n" + " " * 20 + "^"
    assert caught.value.column == 20


def test_a_long_line_is_cut_to_a_window_around_the_fault(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError) as caught:
        store.query("SELECT * { " + "?s ?p ?o . " * 60 + ", " + "?s ?p ?o . " * 30 + "}")
    first, second = caught.value.excerpt.split("\n")
    assert len(first) <= 98
    assert first.startswith("…")
    assert first.endswith("…")
    assert first[len(second) - 1] == ","


def test_control_characters_do_not_reach_the_terminal(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError) as caught:
        store.query("SELECT * { ?s '\x1b[31m' }")
    assert "\x1b" not in caught.value.excerpt + str(caught.value)


def test_what_parses_and_cannot_be_evaluated_is_an_error_of_the_query(store: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match=r"cannot be evaluated.*<http://example\.org/f>"):
        store.query("SELECT (<http://example.org/f>(1) AS ?x) {}")
    with pytest.raises(QueryError, match="cannot be evaluated"):
        store.query("SELECT ('\ud800' AS ?x) {}")


def test_an_error_in_an_expression_leaves_the_value_unbound_as_sparql_says(store: EmbeddedStore) -> None:
    assert list(store.query("SELECT (1/0 AS ?x) {}")) == [(None,)]  # type: ignore[arg-type]


def test_a_closed_store_says_so(store: EmbeddedStore) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.query("ASK {}")


def test_rdflib_and_the_store_see_each_others_triples(store: EmbeddedStore) -> None:
    dataset = store.rdflib()
    assert isinstance(dataset, rdflib.Dataset)
    a, p = rdflib.URIRef(A.value), rdflib.URIRef(P.value)
    assert (a, p, rdflib.Literal("default")) in dataset
    dataset.add((a, p, rdflib.Literal("added")))
    assert objects(store.query("SELECT ?o { ?s ?p ?o }")) == ["added", "default"]
    store.native.add(ox.Quad(A, P, ox.Literal("native")))
    rows = dataset.query("SELECT ?o { ?s ?p ?o FILTER(?o = 'native') }")
    assert [str(row[0]) for row in rows] == ["native"]  # type: ignore[index]
    assert dataset.graph(rdflib.URIRef(G.value)).value(rdflib.URIRef(B.value), p).toPython() == "named"  # type: ignore[union-attr]


def test_rdflib_knows_the_usual_prefixes_and_loads_nothing_that_from_names(store: EmbeddedStore) -> None:
    rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = True
    dataset = store.rdflib()
    assert rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS is False
    assert not list(dataset.query("SELECT * { ?s a skos:Concept }"))
    # oxrdflib asks the graph it is called on, whatever FROM says; what matters is that no file is read.
    rows = dataset.query("SELECT ?o FROM <file:///etc/hostname> { ?s ?p ?o }")
    assert [str(row[0]) for row in rows] == ["default"]  # type: ignore[index]
