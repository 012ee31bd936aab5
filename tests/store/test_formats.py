"""How answers are written; read back by other libraries, or compared with what the standards print."""

from __future__ import annotations

import csv
import io
import json
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
import rdflib
import rdflib.compare
from hypothesis import given
from hypothesis import strategies as st
from rdflib.query import Result

from kg.errors import OutputError, UnknownNameError
from kg.store.answers import Row, Solutions, Triples, Truth
from kg.store.formats import FORMATS, render_answer

XSD = "http://www.w3.org/2001/XMLSchema#"
KG = "https://w3id.org/disarm-kg/"


def iri(text: str) -> ox.NamedNode:
    return ox.NamedNode(text)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=iri(XSD + datatype))


# The example of SPARQL 1.1 Query Results CSV and TSV Formats, section 3.3 (its rows 1 and 3 to 5 and more).
EXAMPLE = Solutions(
    ["x", "literal"],
    [
        (iri("http://example/x"), ox.Literal("String")),
        (iri("http://example/x"), ox.Literal('String-with-dquote"')),
        (ox.BlankNode("b0"), ox.Literal("Blank node")),
        (None, ox.Literal("Missing 'x'")),
        (None, None),
        (iri("http://example/x"), None),
        (ox.BlankNode("b1"), ox.Literal("String-with-lang", language="en")),
        (ox.BlankNode("b1"), typed("123", "integer")),
    ],
)


def test_csv_is_as_the_standard_prints_it() -> None:
    assert render_answer(EXAMPLE, "csv").decode() == (
        "x,literal\r\n"
        "http://example/x,String\r\n"
        'http://example/x,"String-with-dquote"""\r\n'
        "_:b0,Blank node\r\n"
        ",Missing 'x'\r\n"
        ",\r\n"
        "http://example/x,\r\n"
        "_:b1,String-with-lang\r\n"
        "_:b1,123\r\n"
    )


def test_tsv_is_as_the_standard_prints_it() -> None:
    assert render_answer(EXAMPLE, "tsv").decode() == (
        "?x\t?literal\n"
        '<http://example/x>\t"String"\n'
        '<http://example/x>\t"String-with-dquote\\""\n'
        '_:b0\t"Blank node"\n'
        "\t\"Missing 'x'\"\n"
        "\t\n"
        "<http://example/x>\t\n"
        '_:b1\t"String-with-lang"@en\n'
        "_:b1\t123\n"
    )


def test_json_is_as_the_standard_has_it() -> None:
    assert json.loads(render_answer(EXAMPLE, "json")) == {
        "head": {"vars": ["x", "literal"]},
        "results": {
            "bindings": [
                {"x": {"type": "uri", "value": "http://example/x"}, "literal": {"type": "literal", "value": "String"}},
                {
                    "x": {"type": "uri", "value": "http://example/x"},
                    "literal": {"type": "literal", "value": 'String-with-dquote"'},
                },
                {"x": {"type": "bnode", "value": "b0"}, "literal": {"type": "literal", "value": "Blank node"}},
                {"literal": {"type": "literal", "value": "Missing 'x'"}},
                {},
                {"x": {"type": "uri", "value": "http://example/x"}},
                {
                    "x": {"type": "bnode", "value": "b1"},
                    "literal": {"type": "literal", "value": "String-with-lang", "xml:lang": "en"},
                },
                {
                    "x": {"type": "bnode", "value": "b1"},
                    "literal": {"type": "literal", "value": "123", "datatype": XSD + "integer"},
                },
            ],
        },
    }


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "xml"])
def test_a_truth_value_has_a_form_in_every_format_of_rows(name: str) -> None:
    assert b"true" in render_answer(Truth(holds=True), name)
    assert b"false" in render_answer(Truth(holds=False), name)


def test_truth_in_xml_and_json_is_read_by_rdflib() -> None:
    for name, form in (("json", "json"), ("xml", "xml")):
        assert Result.parse(io.BytesIO(render_answer(Truth(holds=True), name)), format=form).askAnswer is True


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8) | st.sampled_from(
    ["a,b", 'q"', "a\tb", "a\nb", "a\r\nb", "]]>", "&<>", " ", "'", "é😀"],
)
TERMS: st.SearchStrategy[ox.NamedNode | ox.Literal | None] = st.one_of(
    st.none(),
    st.sampled_from([iri("http://example/a?b=c&d"), iri(KG + "id/incident/I00001")]),
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="de")),
    st.integers().map(lambda number: typed(str(number), "integer")),
)


@given(st.lists(st.tuples(TERMS, TERMS), max_size=5))
def test_rows_in_xml_and_json_are_read_back_by_rdflib(rows: list[Row]) -> None:
    def expected(row: Row) -> dict[str, str]:
        return {
            name: rdflib.URIRef(term.value).n3()
            if isinstance(term, ox.NamedNode)
            else rdflib.Literal(term.value, lang=term.language).n3()
            if term.language
            else rdflib.Literal(
                term.value, datatype=None if "string" in term.datatype.value else term.datatype.value
            ).n3()
            for name, term in zip("ab", row, strict=True)
            if isinstance(term, (ox.NamedNode, ox.Literal))
        }

    for name in ("json", "xml"):
        found = Result.parse(io.BytesIO(render_answer(Solutions("ab", rows), name)), format=name)
        read = [{str(key): value.n3() for key, value in binding.items()} for binding in found.bindings]
        assert read == [expected(row) for row in rows]


@given(st.lists(TEXTS, max_size=5))
def test_csv_is_read_back_by_the_standard_library(texts: list[str]) -> None:
    rows = Solutions(["a", "b"], [(ox.Literal(text), ox.Literal("x")) for text in texts])
    read = list(csv.reader(io.StringIO(render_answer(rows, "csv").decode(), newline="")))
    assert read == [["a", "b"], *([text, "x"] for text in texts)]


GRAPH = Triples(
    [
        ox.Triple(
            iri(KG + "id/technique/T0001"),
            iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            iri(KG + "ns#Technique"),
        ),
        ox.Triple(iri(KG + "id/technique/T0001"), iri(KG + "ns#rank"), typed("2", "integer")),
        ox.Triple(
            iri(KG + "id/technique/T0001"),
            iri("http://www.w3.org/2004/02/skos/core#prefLabel"),
            ox.Literal('A "b"', language="en"),
        ),
        ox.Triple(iri(KG + "id/incident/I1"), iri("http://purl.org/dc/terms/references"), ox.BlankNode("x")),
        ox.Triple(ox.BlankNode("x"), iri("http://purl.org/dc/terms/date"), typed("2016-05-01", "date")),
    ],
)


def test_turtle_is_grouped_prefixed_and_sorted() -> None:
    assert render_answer(GRAPH, "turtle").decode() == (
        "@prefix kg: <https://w3id.org/disarm-kg/ns#> .\n"
        "@prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .\n"
        "@prefix incident: <https://w3id.org/disarm-kg/id/incident/> .\n"
        "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "\n"
        "incident:I1 dcterms:references _:b0 .\n"
        "\n"
        "disarm:T0001 a kg:Technique ;\n"
        '    skos:prefLabel "A \\"b\\""@en ;\n'
        "    kg:rank 2 .\n"
        "\n"
        '_:b0 dcterms:date "2016-05-01"^^xsd:date .\n'
    )


def test_jsonld_carries_the_prefixes_it_uses_and_no_address_to_fetch() -> None:
    said = json.loads(render_answer(GRAPH, "jsonld"))
    assert said["@context"]["kg"] == KG + "ns#"
    assert said["@graph"][1]["@id"] == "disarm:T0001"
    assert said["@graph"][1]["@type"] == ["kg:Technique"]
    assert said["@graph"][1]["kg:rank"] == [{"@value": "2", "@type": "xsd:integer"}]


READERS = {"turtle": "turtle", "ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
NODES = st.sampled_from(
    [iri("urn:a"), iri("http://e/b#c(d)"), iri(KG + "id/incident/I1."), ox.BlankNode("x"), ox.BlankNode("y")]
)
VERBS = st.sampled_from(
    [
        iri("http://e/ns#p"),
        iri(KG + "ns#1st"),
        iri("http://e/a-b.c"),
        iri("urn:x:p"),
        iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ]
)
OBJECTS = st.one_of(
    NODES,
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="en-GB")),
    st.sampled_from(
        [typed("1", "integer"), typed("-1.5", "decimal"), typed("1.0E0", "double"), typed("true", "boolean")]
    ),
    st.sampled_from(
        [typed("01", "integer"), typed("x", "integer"), typed("5.", "decimal"), typed("2016-05-01", "date")]
    ),
)


@given(st.lists(st.builds(ox.Triple, NODES, VERBS, OBJECTS), max_size=8), st.sampled_from(sorted(READERS)))
def test_graphs_are_read_back_equal_by_rdflib(triples: list[ox.Triple], name: str) -> None:
    graph = Triples(triples)
    written = render_answer(graph, name)
    found = rdflib.Graph().parse(data=written, format=READERS[name])
    lines = "".join(f"{triple} .\n" for triple in graph)
    # Lexical forms count, so the texts are compared and not the values.
    expected = rdflib.Graph().parse(data=lines, format="nt")
    assert rdflib.compare.isomorphic(found, expected)
    assert written == render_answer(Triples(reversed(list(graph))), name)


def test_an_empty_graph_is_written_in_every_format() -> None:
    for name, reader in READERS.items():
        assert len(rdflib.Graph().parse(data=render_answer(Triples([]), name), format=reader)) == 0


@pytest.mark.parametrize("name", ["csv", "tsv", "json", "xml"])
def test_an_answer_without_rows_is_written_in_every_format(name: str) -> None:
    assert render_answer(Solutions(["a"], []), name)


def test_xml_keeps_carriage_returns_and_refuses_what_it_cannot_hold() -> None:
    rows = Solutions(["a"], [(ox.Literal("x\ry"),)])
    assert "".join(ET.fromstring(render_answer(rows, "xml")).itertext()) == "x\ry"  # noqa: S314 - our own XML
    triple = ox.Triple(iri("urn:a"), iri("urn:p:q"), ox.Literal("x\x01"))
    for answer, name in ((Solutions(["a"], [(ox.Literal("x\x01"),)]), "xml"), (Triples([triple]), "rdfxml")):
        with pytest.raises(OutputError, match=r"XML cannot hold the character U\+0001"):
            render_answer(answer, name)


@pytest.mark.parametrize(
    ("triple", "name", "why"),
    [
        (
            ox.Triple(iri("urn:a"), iri("http://e/1"), iri("urn:a")),
            "rdfxml",
            "RDF/XML cannot name the property <http://e/1>",
        ),
        (
            ox.Triple(iri("urn:a"), iri("http://www.w3.org/1999/02/22-rdf-syntax-ns#li"), iri("urn:a")),
            "rdfxml",
            "RDF/XML cannot name the property",
        ),
        (ox.Triple(iri("kg:a"), iri("urn:p:q"), iri("urn:a")), "jsonld", "JSON-LD would take <kg:a> for a name"),
        (
            ox.Triple(iri("urn:a"), iri("urn:p:q"), ox.Triple(iri("urn:a"), iri("urn:p"), iri("urn:a"))),
            "rdfxml",
            "RDF/XML cannot hold a triple in a triple",
        ),
        (
            ox.Triple(iri("urn:a"), iri("urn:p:q"), ox.Triple(iri("urn:a"), iri("urn:p"), iri("urn:a"))),
            "jsonld",
            "JSON-LD cannot hold a triple in a triple",
        ),
    ],
)
def test_what_a_format_cannot_say_is_refused(triple: ox.Triple, name: str, why: str) -> None:
    with pytest.raises(OutputError) as caught:
        render_answer(Triples([triple]), name)
    assert str(caught.value).startswith(why)


def test_a_format_that_does_not_fit_the_answer_is_refused_with_those_that_do() -> None:
    with pytest.raises(
        OutputError, match=r"format 'csv': cannot hold a graph; choose turtle, ntriples, jsonld, rdfxml"
    ):
        render_answer(Triples([]), "csv")
    with pytest.raises(OutputError, match=r"format 'turtle': cannot hold rows; choose csv, tsv, json, xml"):
        render_answer(Solutions([], []), "turtle")
    with pytest.raises(UnknownNameError, match=r"unknown format 'turtel'; did you mean 'turtle'"):
        render_answer(Triples([]), "turtel")


def test_media_types_and_extensions_are_those_of_the_standards() -> None:
    assert FORMATS["json"].media_type == "application/sparql-results+json"
    assert FORMATS["xml"].extension == ".srx"
    assert len({found.extension for found in FORMATS.values()}) == len(FORMATS)
