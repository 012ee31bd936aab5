"""Things, pages and the JSON API, as a browser and a program see them."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, Page, expect

import kg
from tests.server.serving import Server, serving

if TYPE_CHECKING:
    from collections.abc import Iterator

ID = "https://w3id.org/disarm-kg/id/"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
EVIL = '</script><script>alert(1)</script>" onload="x'


class Markup(HTMLParser):
    """The tags, links and text of a page."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action"}]


def test_the_iri_of_a_thing_sends_to_where_it_is_told(server: Server) -> None:
    answer = server.ask("/id/technique/T0154.002")
    assert answer.status == 303
    assert urljoin("https://example.org/kg/id/technique/T0154.002", answer.headers["location"]) == (
        "https://example.org/kg/technique/T0154.002"
    )
    assert server.ask("/id/technique/T9999").status == 404


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        (BROWSER, "text/html"),
        ({}, "text/turtle"),
        ({"Accept": "*/*"}, "text/html"),
        ({"Accept": "text/turtle"}, "text/turtle"),
        ({"Accept": "application/ld+json"}, "application/ld+json"),
    ],
)
def test_a_thing_is_told_to_a_browser_as_a_page_and_to_a_program_as_rdf(
    server: Server, headers: dict[str, str], kind: str
) -> None:
    answer = server.ask("/technique/T0154.002", headers=headers)
    assert (answer.status, answer.kind) == (200, kind)
    assert "Accept" in answer.headers["vary"]


def test_a_form_that_is_not_to_be_had_is_406(server: Server) -> None:
    assert server.ask("/technique/T0154.002", headers={"Accept": "image/png"}).status == 406


def test_what_is_told_as_rdf_is_what_the_graph_says(server: Server) -> None:
    answer = server.ask("/incident/I00100", headers={"Accept": "application/n-triples"})
    got = {str(quad.triple) for quad in ox.parse(answer.body, ox.RdfFormat.N_TRIPLES)}
    node = ox.NamedNode(ID + "incident/I00100")
    with kg.open() as graph:
        native = graph.store.native  # type: ignore[attr-defined]
        out = native.quads_for_pattern(node, None, None, ox.DefaultGraph())
        into = native.quads_for_pattern(None, None, node, ox.DefaultGraph())
        assert got == {str(quad.triple) for quad in (*out, *into)}


def test_every_kind_of_thing_has_a_page_and_its_links_lead_somewhere(server: Server) -> None:
    rows = server.query(
        "SELECT ?class (MIN(?x) AS ?one) { ?x a ?class FILTER(STRSTARTS(STR(?x), STR(id:))) } GROUP BY ?class"
    ).json()["results"]["bindings"]
    things = sorted({row["one"]["value"] for row in rows})
    assert len(things) >= 12
    for thing in things:
        path = "/" + thing.removeprefix(ID)
        answer = server.ask(path, headers=BROWSER)
        assert answer.status == 200, path
        page = Markup(answer.body)
        assert "script" not in page.tags
        for link in page.links[:25]:
            if not link.startswith(("http", "?")):
                assert server.ask(urljoin(path, link)).status == 200, (path, link)


def test_a_page_shows_the_evidence(server: Server) -> None:
    body = server.ask("/incident/I00100", headers=BROWSER).body.decode()
    assert '<a href="../technique/T0154.002">T0154.002</a>' in body
    assert "Statements" in body
    assert re.search(r'href="https?://[^"]+" rel="nofollow noopener noreferrer"', body)


def test_no_text_of_the_data_becomes_markup(tmp_path: Path) -> None:
    source = tmp_path / "evil.nt"
    thing = f"<{ID}incident/I99999>"
    term = str(ox.Literal(EVIL))
    source.write_text(
        f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/disarm-kg/ns#Incident> .\n"
        f"{thing} <http://purl.org/dc/terms/title> {term} .\n"
        f'{thing} <http://purl.org/dc/terms/identifier> "I99999" .\n'
        f'{thing} <http://purl.org/dc/terms/references> "javascript:alert(1)" .\n'
        f"{thing} <http://purl.org/dc/terms/source> <javascript:alert(1)> .\n",
        encoding="utf-8",
    )
    with serving("--no-log", source=source) as server:
        for path in ("/incident/I99999", "/search?q=script", "/search?q=" + EVIL.replace(" ", "+").replace('"', "%22")):
            answer = server.ask(path.replace("<", "%3C").replace(">", "%3E"), headers=BROWSER)
            assert answer.status == 200
            page = Markup(answer.body)
            assert "script" not in page.tags
            assert not {name for name in page.attributes if name.startswith("on")}
            assert not [link for link in page.links if link.startswith("javascript")]
        assert server.ask("/explore").status in {200, 400}
        assert server.ask("/query").status == 200


def test_pages_carry_a_policy_that_lets_nothing_of_others_run(server: Server) -> None:
    for path in ("/", "/query", "/technique/T0154.002", "/search?q=x"):
        answer = server.ask(path, headers=BROWSER)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert not [link for link in Markup(answer.body).links if link.startswith(("http:", "https:", "//"))] or (
            path.startswith("/technique")
        )


def test_the_api_is_what_its_description_says(server: Server) -> None:
    described = server.ask("/openapi.json").json()
    schemas = described["components"]["schemas"]
    assert described["openapi"].startswith("3.1")
    for path, item in described["paths"].items():
        responses = item["get"]["responses"]
        asked = _example(path, item["get"]["parameters"])
        answers = {"200": server.ask(asked), "405": server.ask(asked, method="DELETE")}
        answers["304"] = server.ask(asked, headers={"If-None-Match": answers["200"].headers["etag"]})
        if "{" in path:
            answers["404"] = server.ask(re.sub(r"\{[^}]*\}", "T9999", path))
        answers["400"] = server.ask(path.replace("{", "").replace("}", "") + "?q=%ff")
        for status, answer in answers.items():
            assert answer.status == int(status), (asked, status)
            if status == "304":
                assert "content" not in responses[status]
                assert answer.body == b""
                continue
            ((kind, content),) = responses[status]["content"].items()
            assert answer.kind == kind, (asked, status)
            _check(answer.json(), schemas[content["schema"]["$ref"].rpartition("/")[2]], f"{asked} {status}")


def _example(path: str, parameters: list[dict[str, str]]) -> str:
    """The address that the examples of a description give."""
    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["example"])
        elif "example" in parameter:
            path += f"?{parameter['name']}={parameter['example']}"
    return path


def test_the_evidence_of_a_pair_comes_in_pages_and_whole_in_all(server: Server) -> None:
    path = "/api/pair/T0097.202/T0161.001"
    whole = server.ask(path).json()
    assert whole["next"] is None
    incidents, observations, page, pages = [], [], "?limit=7", 0
    while page:
        told = server.ask(path + page).json()
        assert max(len(told["incidents"]), len(told["observations"])) <= 7
        assert all(
            told[name] == whole[name] for name in ("count", "count_a", "count_b", "units", "observations_in_all")
        )
        incidents += told["incidents"]
        observations += told["observations"]
        page, pages = told["next"], pages + 1
    assert pages == -(-max(whole["count"], whole["observations_in_all"]) // 7)
    assert incidents == whole["incidents"]
    assert observations == whole["observations"]
    assert len(incidents) == whole["count"] > 7
    assert len(observations) == whole["observations_in_all"] > 7
    for wrong in ("limit=0", "limit=1001", "limit=7.5", "limit=", "offset=-1", "offset=99999999", "offset=%C2%B2"):
        assert server.ask(f"{path}?{wrong}").status == 400, wrong


def _check(value: object, schema: dict[str, object], where: str) -> None:
    """A value against the part of JSON Schema that the description uses."""
    kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "null": type(None)}
    if "const" in schema:
        assert value == schema["const"], where
        return
    wanted = schema["type"]
    if wanted == "object":
        assert isinstance(value, dict), where
        properties = schema.get("properties", {})
        assert set(schema.get("required", [])) <= value.keys(), where  # type: ignore[call-overload]
        for name, member in value.items():
            inner = properties.get(name, schema.get("additionalProperties"))  # type: ignore[attr-defined]
            assert inner is not None, f"{where}: {name} is not described"
            _check(member, inner, f"{where}.{name}")
    elif wanted == "array":
        assert isinstance(value, list), where
        for member in value:
            _check(member, schema["items"], where)  # type: ignore[arg-type]
    else:
        names = [str(name) for name in wanted] if isinstance(wanted, list) else [str(wanted)]
        assert isinstance(value, tuple(kinds[name] for name in names)), (where, value)


def test_a_pair_is_counted_as_the_command_counts_it(server: Server) -> None:
    with kg.open() as graph:
        rows = list(graph.cooccurrence().rows())
    for row in (rows[0], rows[len(rows) // 2], rows[-1]):
        told = server.ask(f"/api/pair/{row['technique_a']}/{row['technique_b']}").json()
        for name in ("count", "count_a", "count_b", "units"):
            assert told[name] == row[name]
        for name in ("jaccard", "lift", "npmi"):
            assert told["measures"][name] == pytest.approx(row[name], abs=1e-6)
        assert len(told["incidents"]) == row["count"]


def test_a_search_finds_by_id_by_all_words_and_takes_any_text(server: Server) -> None:
    first = server.ask("/api/search?q=t0154.002").json()["results"][0]
    assert (first["id"], first["kind"]) == ("T0154.002", "technique")
    both = server.ask("/api/search?q=platform+ai").json()["results"]
    assert [one["id"] for one in both[:2]] == ["T0154.001", "T0154.002"]
    for text in ("%22)%20}%20%23", "%5Cu0022", "%00", "a" * 5000, "", "%F0%9F%98%80", "'''"):
        assert server.ask(f"/api/search?q={text}").status == 200, text
    assert server.ask("/api/search?q=%ff").status == 400


def test_a_neighbourhood_says_how_much_of_it_is_shown(server: Server) -> None:
    told = server.ask("/api/neighbours/T0154.002").json()
    names = {node["id"] for node in told["nodes"]}
    assert {edge["target"] for edge in told["edges"]} | {"T0154.002"} == names
    assert sum(told["totals"].values()) == len(told["edges"])
    assert told["more"] is False


def test_whole_pages_are_known_again_and_packed(server: Server) -> None:
    for path in ("/", "/query", "/explore", "/ns", "/openapi.json"):
        answer = server.ask(path, headers={"Accept-Encoding": "gzip"})
        assert (answer.status, answer.headers["content-encoding"]) == (200, "gzip"), path
        assert (
            server.ask(path, headers={"Accept-Encoding": "gzip", "If-None-Match": answer.headers["etag"]}).status == 304
        )
    assert list(ox.parse(server.ask("/ns").body, ox.RdfFormat.TURTLE))


def test_a_graph_answers_at_its_own_address(server: Server) -> None:
    answer = server.ask("/graph/findings", headers={"Accept": "application/n-triples"})
    assert answer.body == server.ask("/data?graph=https://w3id.org/disarm-kg/graph/findings&format=ntriples").body
    assert server.ask("/graph/nothing").status == 404


def test_void_is_found_where_it_is_looked_for(server: Server) -> None:
    answer = server.ask("/.well-known/void")
    assert (answer.status, answer.headers["location"]) == (302, "../sparql")
    described = server.ask("/sparql", headers={"Accept": "application/n-triples"})
    assert b"<http://rdfs.org/ns/void#Dataset>" in described.body


def test_the_front_holds_no_engine(server: Server) -> None:
    file = Path(f"/proc/{server.process.pid}/maps")
    if not file.exists():
        pytest.skip("this system does not show what a process has loaded in /proc")
    maps = file.read_text(encoding="utf-8")
    assert "httptools" in maps
    assert "pyoxigraph" not in maps


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:
    context = browser.new_context()
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{server.port}/query")
    yield page
    context.close()
    assert [fault for fault in faults if "400" not in fault] == []


@pytest.mark.browser
def test_the_query_page_asks_highlights_completes_and_draws(page: Page) -> None:
    page.select_option("#named", "incidents-using-technique")
    assert page.locator("#shown .k").count() > 3
    page.click("#ask")
    expect(page.locator("#state")).to_contain_text("rows")
    assert page.locator("#table tbody tr").count() > 3
    page.fill("#text", "SELECT * { VALUES (?a ?b ?n) { (kg:x kg:y 7) (kg:x kg:z 7) } }")
    page.click("#ask")
    expect(page.locator("#state")).to_contain_text("2 rows")
    assert page.locator("#graph circle").count() == 3
    page.click("#tab-raw")
    expect(page.locator("#raw")).to_contain_text('"bindings"')
    page.fill("#text", "CONSTRUCT WHERE { incident:I00100 kg:usesTechnique ?t }")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#state")).to_contain_text("2 triples")
    page.click("#tab-graph")
    assert page.locator("#graph circle").count() == 3
    page.fill("#text", "ASK { ?s ")
    page.locator("#text").press("End")
    page.keyboard.type("kg:usesT")
    expect(page.locator("#offers li").first).to_contain_text("kg:usesTechnique")
    page.keyboard.press("Tab")
    assert page.input_value("#text") == "ASK { ?s kg:usesTechnique"


@pytest.mark.browser
def test_a_fault_is_marked_in_the_editor_and_a_link_carries_the_query(page: Page, server: Server) -> None:
    page.fill("#text", "SELECT *\n{ ?s ?p ?o } LIMITS 3")
    page.click("#ask")
    expect(page.locator("#state")).to_contain_text("query:2:14")
    assert page.locator("#shown .e").inner_text() == "LIMITS"
    page.fill("#text", "ASK { ?x ?y '<b>' }")
    page.click("#share")
    address = page.url
    page.goto("about:blank")
    page.goto(address)
    assert page.input_value("#text") == "ASK { ?x ?y '<b>' }"
    assert page.locator("#shown b").count() == 0
    with page.expect_download() as waiting:
        page.fill("#text", "SELECT ?id { incident:I00100 dcterms:identifier ?id }")
        page.select_option("#download", "csv")
    assert Path(waiting.value.path()).read_bytes().split() == [b"id", b"I00100"]
    assert f":{server.port}/" in address
