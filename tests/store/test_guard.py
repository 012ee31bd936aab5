"""What the guard refuses, and what it must let pass."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryRefusedError
from kg.store.embedded import EmbeddedStore
from kg.store.guard import LONGEST, check_query

if TYPE_CHECKING:
    from collections.abc import Iterator

HELD = frozenset({"http://example.org/held"})
OTHER = "<http://127.0.0.1:9/other>"
USUAL = "PREFIX ex: <http://example.org/> PREFIX : <http://example.org/> "

CALLS = [
    f"SERVICE {OTHER} {{}}",
    f"service{OTHER}{{}}",
    f"SERVICE SILENT {OTHER} {{}}",
    f"SERVICESILENT{OTHER}{{}}",
    "SERVICE ?where {}",
    "SERVICE:x{}",
    "SERVICE ex:x {}",
    "SERVICEex:x {}",
    "SERVICE#comment\nex:x#comment\n{}",
    f"?s ?p trueSERVICE{OTHER}{{}}",
    f"?s ?p 1SERVICE{OTHER}{{}}",
    "?s a falseSERVICEex:x{}",
    f"?s ?p 1.SERVICE{OTHER}{{}}",
    rf"SERV\u0049CE {OTHER} {{}}",
    rf"\U00000053ERVICE {OTHER} {{}}",
    # A comparison and a comment to the engine, an IRI and a long string to a lexer that takes the longest match.
    f"FILTER(?o<?b#>'''\n) SERVICE{OTHER}{{}} #'''\n",
    f"FILTER(?o<ex:b#>'''\n) SERVICE{OTHER}{{}} #'''\n",
    f"FILTER(?o<<http://x#>) SERVICE{OTHER}{{}}\n",
    # A name that is no IRI: the engine goes back to the bare prefix and reads a keyword.
    f"?s ?p bad:SERVICE{OTHER}{{}}",
    f"?s ?p bad:SERVICE#\n{OTHER}{{}}",
    "?s ?p bad:SERVICEex:x{}",
    "?s ?p far:x:SERVICE:x{}",
]


@pytest.mark.parametrize("pattern", CALLS)
def test_a_call_of_another_host_is_refused_however_it_is_written(pattern: str) -> None:
    query = f"{USUAL} PREFIX bad: <http://a:> PREFIX far: <http://a> SELECT * {{ ?s ?p ?o . {pattern} }}"
    with pytest.raises(QueryRefusedError):
        check_query(query, graphs=HELD)


def test_the_refusal_of_a_service_names_it_and_points_at_it() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check_query("SELECT * {\n  SERVICE <http://example.org/> {} }", graphs=None)
    assert str(caught.value) == "query refused: SERVICE would call another host"
    assert (caught.value.line, caught.value.column) == (2, 3)
    assert caught.value.excerpt == "  SERVICE <http://example.org/> {} }\n  ^"


def test_a_word_spelt_with_escapes_is_pointed_at_in_the_text_as_written() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check_query(r"SELECT ('\u0041' AS ?x) { SERV\u0049CE ?x {} }", graphs=None)
    assert str(caught.value) == "query refused: SERVICE would call another host"
    assert caught.value.column == 27


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service $SERVICE { ?service ?load ?insert }",
        "PREFIX ex: <http://example.org/> SELECT * { ex:load ex:SERVICE ex:DELETE . ?s ex:service ?o . }",
        "PREFIX service: <http://example.org/> SELECT * { GRAPH service:g { ?s service:x ?o } }",
        "SELECT * { <http://example.org/SERVICE> ?p 'SERVICE <x> {}' }",
        'SELECT * { ?s ?p """SERVICE \' " \\" <x> {""" } # SERVICE <x> {}\n',
        "SELECT * { ?s ?p '''a''b''' , ''''c''', '' }",
        "SELECT * FROM <http://example.org/held> FROM NAMED <http://example.org/held> {}",
        "PREFIX ex: <http://example.org/> SELECT * FROM ex:held {}",
        "BASE <http://example.org/> SELECT * FROM <held> {}",
        "BASE <http://example.org/a/> PREFIX : <../> SELECT * FROM NAMED :held {}",
        "SELECT * { ?s ?p ?o FILTER(?a<3&&?b>4) }",
        "SELECT * { ?s !(kg:a|^kg:b) ?o FILTER(!BOUND(?x)" + " && !BOUND(?x) && !(?x = 1)" * 40 + ") }",
        "SELECT * { FILTER(?x IN (<urn:a#b>, <urn:c#d>)) }",
        "SELECT * { ?x ?p (<http://example.org#b> <http://example.org#d>) }",
        "SELECT * { ?s skos:broader* disarm:T0154 . OPTIONAL { ?s ^kg:usesTechnique/dcterms:title ?t } }",
        "SELECT (COUNT(DISTINCT ?x) AS ?n) (GROUP_CONCAT(?y; SEPARATOR=', ') AS ?z) { ?x ?p ?y } GROUP BY ?x",
        "ASK { VALUES (?x ?y) {" + "(1 UNDEF)" * 3000 + "} }",
        "ASK { ?x ?p ?o FILTER(?o IN (" + ", ".join(["-1"] * 3000) + ")) }",
        'SELECT * { ?é ?p \'é\'@en-GB, """x"""^^xsd:string, 1.5e3, .5, true, _:b }',
        "SELECT * { <<( ?s ?p ?o )>> ?a ?b . ?s ?p ?o {| ?a ?b |} ~ ?r }",
        "SELECT * {",
        "",
    ],
)
def test_a_query_that_stays_in_the_graph_passes(query: str) -> None:
    check_query(query, graphs=HELD)


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "INSERT would change the graph"),
        ("PREFIX a: <a:b> delete where { ?s ?p ?o }", "DELETE would change the graph"),
        ("WITH <a:b> DELETE {} WHERE {}", "WITH would change the graph"),
        ("CLEAR ALL", "CLEAR would change the graph"),
        ("DROP ALL", "DROP would change the graph"),
        ("CREATE GRAPH <a:b>", "CREATE would change the graph"),
        ("COPY <a:b> TO <a:c>", "COPY would change the graph"),
        ("MOVE <a:b> TO <a:c>", "MOVE would change the graph"),
        ("ADD <a:b> TO <a:c>", "ADD would change the graph"),
        ("LOAD <http://example.org/>", "LOAD would fetch a document"),
        ("# x\nSELECT * {} ; DROP ALL", "DROP would change the graph"),
        (
            "SELECT * FROM <http://example.org/else> {}",
            "FROM names <http://example.org/else>, a graph",
        ),
        ("SELECT * FROM NAMED <file:///etc/passwd> {}", "FROM names <file:///etc/passwd>, a graph that is not held"),
        ("PREFIX e: <http://e/> SELECT * FROM e:x {}", "FROM names e:x, a graph that is not held"),
        ("SELECT * FROM unknown:x {}", "FROM names unknown:x, a graph that is not held"),
        ("SELECT * FROM <relative> {}", "FROM names <relative>, a graph that is not held"),
        ("SELECT * FROMkg:x {}", "FROM and NAMED must stand between blanks"),
        ("SELECT * FROMNAMED <http://example.org/held> {}", "FROM must stand between blanks"),
        ("SELECT * FROM NAMEDkg:x {}", "FROM and NAMED must stand between blanks"),
        ("PREFIX a: <http://a:> SELECT * { a:x ?p ?o }", "a:x is no IRI: <http://a:x>"),
        ("SELECT * {" + "(" * 65 + "}", "brackets are nested deeper than 64"),
        ("SELECT * " + "{" * 65, "brackets are nested deeper than 64"),
        ("SELECT * { ?s ?p " + "[ ?p " * 64, "brackets are nested deeper than 64"),
        ("SELECT * { VALUES ?x { " + "<<(" * 32, "brackets are nested deeper than 64"),
        ("SELECT * { FILTER(" + "REGEX(" * 7, "! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than 6"),
        (
            "SELECT (COUNT(DISTINCTREPLACE(" + "REPLACE(" * 7,
            "! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than 6",
        ),
        ("ASK { FILTER(" + "!" * 7 + "1) }", "! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than 6"),
        ("ASK { FILTER(" + "!kg:f#\n(" * 7, "! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than 6"),
        ("ASK { FILTER(" + "!REPLACE(" * 4, "! REGEX SUBSTR REPLACE GROUP_CONCAT are nested deeper than 6"),
        ("ASK { FILTER(1" + "+1" * 300 + ") }", "more than 256 operators"),
        ("ASK { FILTER(1" + "||1" * 300 + ") }", "more than 256 operators"),
        ("ASK { ?s ?p ?o" + ";?p ?o" * 200 + " }", "more than 128 patterns to join"),
        ("ASK { " + "?s ?p ?o FILTER(1) " * 200 + "}", "more than 128 patterns to join"),
        ("ASK { ?s ?p (" + "truefalse " * 50 + ") }", "more than 128 patterns to join"),
        ("ASK { {} " + "UNION {} " * 200 + "}", "more than 128 patterns to join"),
        ("DESCRIBE" + " <a:b>" * 200, "more than 128 resources to describe"),
        ("SELECT " + "(1 AS ?x)" * 200 + " {}", "more than 128 values named with AS"),
        ("SELECT * {} ORDER BY " + "(1)" * 600, "more than 256 brackets"),
        ("x" * (LONGEST + 1), "it is longer than 64 kB"),
        ("é" * (LONGEST // 2 + 1), "it is longer than 64 kB"),
    ],
)
def test_what_leaves_or_changes_the_graph_or_is_too_much_is_refused_with_its_reason(query: str, why: str) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check_query(query, graphs=HELD)
    assert str(caught.value).startswith(f"query refused: {why}")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT * { 'open }", "query:1:12: the string that opens here is not closed"),
        ("SELECT * { ?s ?p '''open' }", "query:1:18: the string that opens here is not closed"),
        (r"SELECT * { ?s ?p '\q' }", "query:1:18: the string that opens here is not closed, or holds an escape"),
        ("SELECT * {\n ?s ?p ) }", "query:2:8: ')' closes '{'"),
        ("SELECT * }", "query:1:10: '}' closes nothing"),
        ("PREFIXa:<http://a:> SELECT * {}", "query:1:1: a keyword must be followed by a blank"),
        ("SELECT \x00 * {}", "query:1:8: unexpected character '\\x00'"),
        ("SELECT * { ?s ?p \\u0041 }", "query:1:18: unexpected character '\\\\'"),
    ],
)
def test_text_that_is_not_sparql_at_all_is_refused_at_its_place(query: str, said: str) -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check_query(query, graphs=HELD)
    assert str(caught.value).startswith(said)


def test_where_the_graphs_are_not_known_from_may_name_any() -> None:
    check_query("SELECT * FROM <http://example.org/else> {}", graphs=None)


def test_the_length_is_counted_in_bytes_and_the_limit_itself_passes() -> None:
    check_query("#" + "é" * (LONGEST // 2 - 1) + "x", graphs=None)


@pytest.fixture
def listener() -> Iterator[tuple[int, list[object]]]:
    """A port on this machine that nobody must call, and who called it."""
    calls: list[object] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            calls.append(address)
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield server.getsockname()[1], calls
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(timeout=5)


def test_no_query_that_passes_reaches_another_host(listener: tuple[int, list[object]]) -> None:
    port, calls = listener
    store = EmbeddedStore.from_quads([])
    for pattern in CALLS:
        there = pattern.replace("http://127.0.0.1:9/", f"http://127.0.0.1:{port}/")
        query = f"{USUAL} PREFIX bad: <http://a:> PREFIX far: <http://a> SELECT * {{ {there} }}"
        with pytest.raises(QueryRefusedError):
            store.query(query)
    assert calls == []
    # The listener does hear: the engine alone does call.
    with pytest.raises(OSError):  # noqa: PT011 - what the engine says of a connection that is closed does not matter
        list(store.native.query(f"SELECT * {{ SERVICE <http://127.0.0.1:{port}/> {{ ?s ?p ?o }} }}"))  # type: ignore[arg-type]
    assert len(calls) > 0


BLANKS = st.sampled_from([" ", "\n", "\t", "\r\n", "#\n", "# it's \"\n", " # SELECT {\r"])
LETTER = st.sampled_from(["plain", "lower", "u", "U"])


@st.composite
def disguised(draw: st.DrawFn, word: str) -> str:
    """A keyword in any case, any letter of it as an escape."""
    out = []
    for char in word:
        how = draw(LETTER)
        cased = char.lower() if draw(st.booleans()) else char
        out.append(f"\\u{ord(cased):04X}" if how == "u" else f"\\U{ord(cased):08x}" if how == "U" else cased)
    return "".join(out)


@given(st.data())
def test_forbidden_words_are_found_in_any_case_escape_nesting_and_comment(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(["SERVICE", "LOAD", "INSERT", "DELETE", "DROP", "CLEAR", "CREATE"]))
    depth = data.draw(st.integers(0, 20))
    blank = data.draw(BLANKS)
    strings = data.draw(st.sampled_from(["", "'#'", '"""\'{"""', "'\\''", "<http://example.org/#>"]))
    spelt = data.draw(disguised(word))
    query = f"SELECT * {'{' * depth}{strings}{blank}{spelt}{blank}<http://e/> {{}}{'}' * depth}"
    with pytest.raises(QueryRefusedError):
        check_query(query, graphs=None)


@given(st.data())
def test_forbidden_words_pass_as_variables_names_strings_and_comments(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(["SERVICE", "LOAD", "INSERT", "DELETE", "FROM", "WITH", "VALUES", "REGEX"]))
    cased = data.draw(st.sampled_from([word, word.lower(), word.title()]))
    shape = data.draw(
        st.sampled_from(
            ["?{}", "${}", "kg:{}", "kg:a.{}", "<http://e/{}>", "<http://e/#{}>", "'{}'", '"""a{} b"""', "'''\n{} '''"],
        ),
    )
    check_query(f"SELECT * {{ ?s ?p {shape.format(cased)} . }} # {cased}\n", graphs=None)


def refusal(text: str) -> QueryRefusedError | None:
    try:
        check_query(text, graphs=HELD)
    except QueryRefusedError as refused:
        return refused
    return None


@given(st.text(alphabet="SERVICEservice\\u0<>#'\"(){}[]?:. \n|^-!a1é\u200c\ud800\x00", max_size=300))
def test_nothing_but_a_refusal_comes_of_any_text(text: str) -> None:
    assert refusal(text) is None or str(refusal(text))


@given(st.text(max_size=200))
def test_nothing_but_a_refusal_comes_of_any_unicode(text: str) -> None:
    found = refusal("SELECT * { " + text)
    assert found is None or found.line is not None
