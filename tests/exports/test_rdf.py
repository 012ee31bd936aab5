from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import warnings
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.compare import isomorphic, to_isomorphic

from kg.errors import OutputError, UnknownNameError
from kg.exports import EXPORTS, RDF_FORMS, form_name, render_rdf, write_rdf
from kg.store.embedded import EmbeddedStore
from tests.exports.graphs import NAMED, PREFIXES, SMALL, quads_of, small_store, tricky_store

if TYPE_CHECKING:
    from pathlib import Path

    from kg.store.answers import Answer, Solutions

FORMATS = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
OF_RDFLIB = {"ntriples": "nt", "jsonld": "json-ld", "rdfxml": "xml"}
QUADS = {"nquads", "trig", "jsonld"}
BLANK = "[] ex:knows [ ex:name 'a' ], [ ex:name 'b' ; ex:knows [ ex:name 'c' ] ] ."


def rendered(store: EmbeddedStore, name: str, *, provenance: bool = True, text: bool = True) -> bytes:
    return b"".join(render_rdf(store, name, provenance=provenance, text=text))


def expected(store: EmbeddedStore, name: str) -> set[ox.Quad]:
    return set(store.quads() if name in QUADS else store.quads(ox.DefaultGraph()))


def triples(store: EmbeddedStore, *, provenance: bool, text: bool) -> list[ox.Triple]:
    written = rendered(store, "ntriples", provenance=provenance, text=text)
    return [quad.triple for quad in ox.parse(written, ox.RdfFormat.N_TRIPLES)]


def test_the_list_of_exports_and_the_list_of_forms_hold_the_formats_that_are_promised() -> None:
    assert set(EXPORTS) == set(RDF_FORMS) == set(FORMATS)
    assert {name for name, form in RDF_FORMS.items() if form.quads} == QUADS


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "store", [small_store(), tricky_store(), EmbeddedStore.from_quads([])], ids=["small", "tricky", "empty"]
)
def test_each_format_reads_back_to_the_same_quads(name: str, store: EmbeddedStore) -> None:
    assert set(ox.parse(b"".join(EXPORTS[name](store)), FORMATS[name])) == expected(store, name)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("store", [small_store(), tricky_store()], ids=["small", "tricky"])
def test_each_format_is_read_by_rdflib_to_an_isomorphic_graph(name: str, store: EmbeddedStore) -> None:
    ours, theirs = rdflib.Dataset(), rdflib.Dataset()
    ours.parse(data=rendered(store, name), format=OF_RDFLIB.get(name, name))
    theirs.parse(data=ox.serialize(expected(store, name), format=ox.RdfFormat.N_QUADS), format="nquads")
    names = {graph.identifier for graph in theirs.graphs() if len(graph)}
    assert names == {graph.identifier for graph in ours.graphs() if len(graph)}
    for graph in names:
        assert isomorphic(ours.graph(graph), theirs.graph(graph))


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_in_which_quads_were_added_does_not_change_a_byte(name: str) -> None:
    quads = quads_of(SMALL, NAMED)
    random.Random(5).shuffle(quads)  # noqa: S311 - any order will do
    assert rendered(EmbeddedStore.from_quads(quads), name) == rendered(small_store(), name)


def test_two_processes_write_the_same_bytes() -> None:
    script = (
        "import hashlib; from kg.exports import EXPORTS; from tests.exports.graphs import small_store\n"
        "for name in EXPORTS: print(hashlib.sha256(b''.join(EXPORTS[name](small_store()))).hexdigest())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONHASHSEED": "7"}
    other = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, env=environment)
    ours = [hashlib.sha256(rendered(small_store(), name)).hexdigest() for name in EXPORTS]
    assert other.stdout.split() == ours


def test_turtle_is_grouped_prefixed_and_in_the_order_of_reading() -> None:
    text = rendered(small_store(), "turtle", provenance=False).decode()
    body = text[text.index("disarm:T0001 a") :]
    assert "@prefix kg: <https://w3id.org/disarm-kg/ns#> .\n" in text
    assert body == (
        "disarm:T0001 a skos:Concept, kg:Technique ;\n"
        '\tdcterms:description "What floats."@en ;\n'
        '\tskos:prefLabel "Boats"@en ;\n'
        "\tkg:associatedWith disarm:T0001.002 .\n\n"
        "disarm:T0001.002 a kg:Technique ;\n"
        "\tskos:broader disarm:T0001 ;\n"
        '\tskos:prefLabel "Paper Boats"@en .\n\n'
        "counter:C00001 a kg:Counter ;\n"
        '\tkg:playbooks "Dry the pond." ;\n'
        '\tkg:resourcesNeeded "Buckets." .\n\n'
        "incident:I1 a kg:Incident ;\n"
        '\tdcterms:description "It rained." ;\n'
        '\tdcterms:title "The \\"pond\\" affair" ;\n'
        '\tkg:datePublished "2021-02-03"^^xsd:date ;\n'
        "\tkg:usesTechnique disarm:T0001.002, disarm:T0001 .\n\n"
        "<https://example.org/other> a <https://example.org/Thing> ;\n"
        "\t<https://example.org/has> <https://example.org/B>, <https://example.org/a> .\n\n"
    )


def test_turtle_writes_whole_numbers_plainly_and_names_every_kind_of_node_by_a_prefix() -> None:
    text = rendered(small_store(), "turtle").decode()
    assert (
        "row:I1-1 a kg:TableRow ;\n\tprov:wasDerivedFrom document:aa ;\n\tkg:incident incident:I1 ;\n\tkg:line 20 ;"
        in text
    )
    assert "\\/" not in text


def test_statements_about_statements_come_after_the_facts() -> None:
    text = rendered(small_store(), "turtle").decode()
    subjects = [line.partition(" ")[0] for line in text.splitlines() if line and line[0] not in "@\t"]
    facts = ["disarm", "disarm", "counter", "incident", "<https"]
    evidence = ["passage", "use", "row", "observation", "target", "selector", "quote", "statement", "document"]
    assert [subject.partition(":")[0] for subject in subjects] == facts + evidence


def test_formats_of_triples_hold_the_default_graph_alone() -> None:
    assert b"wet-page" not in rendered(small_store(), "turtle")
    assert b"wet-page" in rendered(small_store(), "trig")


def test_without_provenance_nothing_of_it_is_left_and_nothing_points_at_it() -> None:
    store = small_store()
    left = triples(store, provenance=False, text=True)
    kinds = ["use", "row", "observation", "target", "selector", "quote", "statement", "document", "passage", "finding"]
    words = [f"/{kind}/" for kind in kinds] + ["wasDerivedFrom", "ns#line"]
    assert not [triple for triple in left if any(word in str(triple) for word in words)]
    # 5 of T0001 (line and source gone), 3 of T0001.002, 6 of I1, 3 of C00001, 3 of ex:other.
    assert len(left) == 5 + 3 + 6 + 3 + 3
    assert b"wet-page" not in rendered(store, "nquads", provenance=False)
    assert b"graph/release/0.1" in rendered(store, "nquads", provenance=False)


def test_without_text_no_sentence_is_left_and_no_quote_is_pointed_at() -> None:
    store = small_store()
    left = triples(store, provenance=True, text=False)
    gone = {quad.triple for quad in store.quads(ox.DefaultGraph())} - set(left)
    # Two descriptions, the passage's text, two texts of the counter; the quote's type and words, and the arrow to it.
    assert len(gone) == 2 + 1 + 2 + 2 + 1
    assert not [triple for triple in left if "rained" in str(triple) or "/quote/" in str(triple)]


@pytest.mark.parametrize("name", FORMATS)
def test_a_store_that_can_only_be_asked_gives_the_same_bytes(name: str) -> None:
    class Endpoint:
        def select(self, query: str, *, union: bool = False) -> Solutions:
            return small_store().select(query, union=union)

        def query(self, query: str, *, union: bool = False, checked: bool = True) -> Answer:
            return small_store().query(query, union=union, checked=checked)

    assert b"".join(render_rdf(Endpoint(), name)) == rendered(small_store(), name)


@pytest.mark.parametrize("name", ["turtle", "ntriples", "rdfxml"])
def test_blank_nodes_of_a_strangers_file_get_the_same_labels_on_every_reading(name: str) -> None:
    stores = [EmbeddedStore.from_quads(quads_of(BLANK)) for _ in range(2)]
    first, second = (rendered(store, name) for store in stores)
    assert first == second
    original = to_isomorphic(rdflib.Graph().parse(data=PREFIXES + BLANK, format="turtle"))
    assert original == to_isomorphic(rdflib.Graph().parse(data=first, format=OF_RDFLIB.get(name, name)))


@given(st.lists(st.tuples(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from("abc")), max_size=9))
def test_any_text_survives_every_format_but_rdfxml(texts: list[tuple[str, str]]) -> None:
    node = "https://example.org/"
    quads = [ox.Quad(ox.NamedNode(node + s), ox.NamedNode(node + "p"), ox.Literal(text)) for text, s in texts]
    store = EmbeddedStore.from_quads(quads)
    for name in set(FORMATS) - {"rdfxml"}:
        assert set(ox.parse(rendered(store, name), FORMATS[name])) == set(quads)


def test_a_text_that_xml_cannot_hold_is_refused_with_the_remedy() -> None:
    store = EmbeddedStore.from_quads(quads_of('ex:a ex:p "bell \\u0007" .'))
    with pytest.raises(OutputError, match=r"no character '\\x07'.*choose another format, such as turtle"):
        rendered(store, "rdfxml")


def test_a_predicate_that_is_no_xml_name_is_refused_with_the_remedy() -> None:
    store = EmbeddedStore.from_quads(quads_of("ex:a <https://example.org/p/12> ex:b ."))
    with pytest.raises(OutputError, match=r"predicate <https://example.org/p/12>.*choose another format"):
        rendered(store, "rdfxml")


def test_a_misspelt_format_is_refused_with_a_suggestion_before_anything_is_read() -> None:
    with pytest.raises(UnknownNameError, match="unknown format 'turtel'; did you mean 'turtle'"):
        render_rdf(small_store(), "turtel")


@pytest.mark.parametrize(
    ("given_name", "name"),
    [
        ("ttl", "turtle"),
        (".NT", "ntriples"),
        ("rdf/xml", "rdfxml"),
        ("json-ld", "jsonld"),
        ("nq", "nquads"),
        ("TriG", "trig"),
    ],
)
def test_formats_go_by_name_and_by_extension(given_name: str, name: str) -> None:
    assert form_name(given_name) == name


@pytest.mark.parametrize(("file", "name"), [("a.ttl", "turtle"), ("a.nq", "nquads"), ("a.tar.jsonld", "jsonld")])
def test_the_extension_of_a_path_names_the_format(tmp_path: Path, file: str, name: str) -> None:
    write_rdf(small_store(), tmp_path / file)
    assert (tmp_path / file).read_bytes() == rendered(small_store(), name)


def test_a_format_that_is_named_wins_over_the_extension(tmp_path: Path) -> None:
    write_rdf(small_store(), tmp_path / "a.txt", format="nt", text=False, provenance=False)
    assert (tmp_path / "a.txt").read_bytes() == rendered(small_store(), "ntriples", text=False, provenance=False)


def test_a_path_without_or_with_an_unknown_extension_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="has no extension"):
        write_rdf(small_store(), tmp_path / "graph")
    with pytest.raises(UnknownNameError, match=r"unknown format '\.docx'"):
        write_rdf(small_store(), tmp_path / "graph.docx")
    assert not list(tmp_path.iterdir())


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a.rdf"
    path.write_bytes(b"old")
    with pytest.raises(OutputError, match="no character"):
        write_rdf(EmbeddedStore.from_quads(quads_of('ex:a ex:p "\\u0007" .')), path, force=True)
    assert path.read_bytes() == b"old"
    assert [file.name for file in tmp_path.iterdir()] == ["a.rdf"]


def test_rdflib_warns_of_nothing_in_what_we_write() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        graph = rdflib.Graph().parse(data=rendered(small_store(), "turtle"), format="turtle")
    assert len(graph) == len(expected(small_store(), "turtle"))
