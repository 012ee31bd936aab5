"""The protocol, as a client sees it."""

from __future__ import annotations

import csv
import gzip
import io
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest

if TYPE_CHECKING:
    from tests.server.serving import Server

SELECT = "SELECT ?id { incident:I00100 kg:usesTechnique/dcterms:identifier ?id } ORDER BY ?id"
CONSTRUCT = "CONSTRUCT { ?i kg:usesTechnique ?t } WHERE { VALUES ?i { incident:I00100 } ?i kg:usesTechnique ?t }"
IDS = ["T0146.006", "T0154.002"]
FORM = "application/x-www-form-urlencoded"


def test_a_query_is_answered_by_get_by_form_and_directly_alike(server: Server) -> None:
    got = server.query(SELECT)
    form = server.ask(
        "/sparql", method="POST", body=urlencode({"query": SELECT}).encode(), headers={"Content-Type": FORM}
    )
    direct = server.ask(
        "/sparql", method="POST", body=SELECT.encode(), headers={"Content-Type": "application/sparql-query"}
    )
    assert [got.status, form.status, direct.status] == [200] * 3
    assert got.body == form.body == direct.body
    assert [row["id"]["value"] for row in got.json()["results"]["bindings"]] == IDS


def test_rows_come_in_four_forms_with_the_same_content(server: Server) -> None:
    as_csv = list(csv.reader(io.StringIO(server.query(SELECT, "text/csv").body.decode())))
    as_tsv = server.query(SELECT, "text/tab-separated-values").body.decode().splitlines()
    as_xml = ET.fromstring(server.query(SELECT, "application/sparql-results+xml").body)  # noqa: S314 - our own answer
    assert as_csv == [["id"], *([name] for name in IDS)]
    assert as_tsv == ["?id", *(f'"{name}"' for name in IDS)]
    assert [found.text for found in as_xml.iter("{http://www.w3.org/2005/sparql-results#}literal")] == IDS


@pytest.mark.parametrize(
    ("media_type", "syntax"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ],
)
def test_a_graph_comes_in_every_form_of_rdf(server: Server, media_type: str, syntax: ox.RdfFormat) -> None:
    answer = server.query(CONSTRUCT, media_type)
    assert answer.kind == media_type
    assert {quad.object.value.rpartition("/")[2] for quad in ox.parse(answer.body, syntax)} == set(IDS)


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, text/*", "text/csv"),
        ("image/png, text/csv;q=0.001", "text/csv"),
        ("application/json", "application/sparql-results+json"),
    ],
)
def test_accept_chooses_the_form(server: Server, accept: str, kind: str) -> None:
    assert server.query(SELECT, accept).kind == kind


def test_a_form_that_is_not_to_be_had_is_406_and_says_which_are(server: Server) -> None:
    answer = server.query(SELECT, "image/png, application/sparql-results+json;q=0")
    assert answer.status == 406
    assert b"text/csv" in answer.body


def test_a_fault_is_told_with_line_and_column(server: Server) -> None:
    answer = server.query("SELECT *\n{ ?s ?p ?o } LIMITS 3")
    assert answer.status == 400
    assert (answer.json()["line"], answer.json()["column"]) == (2, 14)
    plain = server.query("SELECT *\n{ ?s ?p ?o } LIMITS 3", "text/csv")
    assert plain.body.startswith(b"query:2:14: syntax error")


@pytest.mark.parametrize(
    "query", ["query=ASK{}&query=ASK{}", "default-graph-uri=x:y", "query=ASK{}&default-graph-uri=x"]
)
def test_a_request_that_asks_nothing_or_twice_is_400(server: Server, query: str) -> None:
    assert server.ask(f"/sparql?{query}").status == 400


def test_updates_are_refused_in_every_form(server: Server) -> None:
    update = "DROP ALL"
    assert server.ask(f"/sparql?{urlencode({'update': update})}").status == 403
    form = {"Content-Type": FORM}
    assert server.ask("/sparql", method="POST", body=urlencode({"update": update}).encode(), headers=form).status == 403
    direct = {"Content-Type": "application/sparql-update"}
    assert server.ask("/sparql", method="POST", body=update.encode(), headers=direct).status == 403
    assert server.query(update).status == 403
    for method in ("PUT", "DELETE", "PATCH"):
        answer = server.ask("/data?default", method=method)
        assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_head_has_the_headers_of_get_and_no_body(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": SELECT})
    got, head = server.ask(path), server.ask(path, method="HEAD")
    assert head.body == b""
    assert {**got.headers, "date": ""} == {**head.headers, "date": ""}


def test_any_page_may_ask_and_no_origin_is_reflected(server: Server) -> None:
    answer = server.ask("/sparql", method="OPTIONS", headers={"Origin": "https://evil.example"})
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers
    assert "POST" in answer.headers["access-control-allow-methods"]


def test_an_answer_is_known_again_by_its_tag(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": SELECT})
    tag = server.ask(path).headers["etag"]
    again = server.ask(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert server.ask(path, headers={"If-None-Match": '"other"'}).status == 200
    assert server.ask(path, headers={"Accept": "text/csv"}).headers["etag"] != tag


def test_what_changes_at_each_asking_has_no_tag(server: Server) -> None:
    for query in ("SELECT (NOW() AS ?n) {}", "SELECT (uuid () AS ?n) {}", r"SELECT (RAND() AS ?n) {}"):
        answer = server.query(query)
        assert answer.status == 200
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


def test_gzip_is_used_where_it_is_taken(server: Server) -> None:
    path = "/sparql?" + urlencode({"query": "SELECT ?t { ?t a kg:Technique } ORDER BY ?t"})
    plain = server.ask(path)
    packed = server.ask(path, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    refused = server.ask(path, headers={"Accept-Encoding": "gzip;q=0"})
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body == refused.body
    assert "content-encoding" not in refused.headers
    assert len(packed.body) < len(plain.body) / 4


def test_an_answer_that_is_cut_says_so_in_head_and_body(server: Server) -> None:
    query = "SELECT ?s { ?s ?p ?o }"
    as_json = server.query(query)
    assert len(as_json.json()["results"]["bindings"]) == 1000
    assert as_json.json()["head"]["link"] == ["#truncated-after-1000-rows"]
    assert as_json.headers["kg-truncated"].startswith("after 1000 rows")
    link = ET.fromstring(server.query(query, "application/sparql-results+xml").body).find(".//{*}link")  # noqa: S314 - our own answer
    assert link is not None
    assert link.get("href") == "#truncated-after-1000-rows"
    turtle = server.query("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "text/turtle")
    assert turtle.body.startswith(b"# truncated after 1000 triples\n")
    assert len(list(ox.parse(turtle.body, ox.RdfFormat.TURTLE))) == 1000


def test_an_answer_of_exactly_as_many_rows_as_may_be_is_whole(server: Server) -> None:
    answer = server.query("SELECT ?s { ?s ?p ?o } LIMIT 1000")
    assert len(answer.json()["results"]["bindings"]) == 1000
    assert "kg-truncated" not in answer.headers
    assert "link" not in answer.json()["head"]


def test_graphs_are_chosen_beside_the_query_and_never_fetched(server: Server) -> None:
    findings = "https://w3id.org/disarm-kg/graph/findings"
    query = "ASK { ?f a kg:Finding }"
    assert server.query(query).json()["boolean"] is False
    assert server.query(query, **{"default-graph-uri": findings}).json()["boolean"] is True
    named = server.query("ASK { GRAPH ?g { ?f a kg:Finding } ?s ?p ?o }", **{"named-graph-uri": findings})
    assert named.json()["boolean"] is False
    assert server.query("ASK { ?s ?p ?o }", **{"default-graph-uri": "http://127.0.0.1:9/x"}).json()["boolean"] is False


def test_a_graph_is_read_whole_by_the_graph_store_protocol(server: Server) -> None:
    graph = "https://w3id.org/disarm-kg/graph/findings"
    answer = server.ask("/data?" + urlencode({"graph": graph}), headers={"Accept": "application/n-triples"})
    said = server.query(f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}").json()
    assert len(answer.body.splitlines()) == int(said["results"]["bindings"][0]["n"]["value"])
    assert server.ask("/data?graph=x:none").status == 404
    assert server.ask("/data").status == 400
    assert server.ask("/data?default&graph=x:y").status == 400
    assert server.ask("/data?default", method="HEAD").status == 200


def test_control_characters_are_replaced_in_xml_and_kept_elsewhere(server: Server) -> None:
    query = r'SELECT ("a\u0001b" AS ?x) {}'
    root = ET.fromstring(server.query(query, "application/sparql-results+xml").body)  # noqa: S314 - our own answer
    assert [found.text for found in root.findall(".//{*}literal")] == ["a\ufffdb"]
    assert server.query(query).json()["results"]["bindings"][0]["x"]["value"] == "a\x01b"


def test_a_body_that_is_packed_is_refused_and_never_unpacked(server: Server) -> None:
    said = {"Content-Type": "application/sparql-query", "Content-Encoding": "gzip"}
    answer = server.ask("/sparql", method="POST", body=gzip.compress(b"ASK {}"), headers=said)
    assert answer.status == 415
    assert b"send it plain" in answer.body
    said["Content-Encoding"] = "identity"
    assert server.ask("/sparql", method="POST", body=b"ASK {}", headers=said).status == 200


def test_a_form_is_decoded_once(server: Server) -> None:
    query = 'SELECT ("100%25+1" AS ?x) {}'
    body = urlencode({"query": query}).encode()
    answer = server.ask("/sparql", method="POST", body=body, headers={"Content-Type": FORM})
    assert answer.json()["results"]["bindings"][0]["x"]["value"] == "100%25+1"


def test_the_host_that_a_request_names_decides_nothing(server: Server) -> None:
    said = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    for path in ("/sparql", "/sparql?" + urlencode({"query": "SELECT (IRI('x') AS ?x) {}"})):
        answer = server.ask(path, headers=said)
        assert answer.status == 200
        assert b"evil" not in answer.body
