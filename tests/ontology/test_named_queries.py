"""The queries of ontology/queries and how values are put into them."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import QueryError, UnknownNameError
from kg.queries import NamedQuery, Parameter, bind, find_query, named_queries, narrow, parse_named_query
from kg.rdf.namespaces import PREFIXES
from tests.ontology.engines import oxigraph, oxigraph_answer, rdflib_answer

NAMES = sorted(named_queries())
FEWEST = 14
# The small data set has made-up incidents and other associations; the other defaults fit it as they are.
SMALL = {"incident": "I99001", "actor": "puppets", "platform": "harbour-board"}
SMALL_OF = {"associated-techniques": {"technique": "T0087.001"}}
TACTIC = NamedQuery(
    "q", "", "", (Parameter("tactic", "TA01", ""),), 'SELECT ?given_tactic { VALUES ?given_tactic { "TA01" } }'
)


def bound(name: str, **params: str) -> str:
    query = find_query(name)
    known = {parameter.name for parameter in query.parameters}
    small = {**{key: value for key, value in SMALL.items() if key in known}, **SMALL_OF.get(name, {})}
    return bind(query, {**small, **params})


@pytest.mark.parametrize("name", NAMES)
def test_a_named_query_gives_the_same_rows_on_both_engines_and_some(name: str) -> None:
    rows = oxigraph_answer(bound(name))
    assert rows == rdflib_answer(bound(name))
    assert len(rows) > 1


@pytest.mark.parametrize("name", NAMES)
def test_a_named_query_says_what_it_is_and_what_may_be_set(name: str) -> None:
    query = find_query(name)
    assert query.title
    assert not query.title.endswith(".")
    assert query.description.endswith((".", "?"))
    given_names = set(re.findall(r"\?given_(\w+)", query.text))
    assert given_names == {parameter.name for parameter in query.parameters}
    for parameter in query.parameters:
        assert f'VALUES ?given_{parameter.name} {{ "{parameter.default}" }}' in query.text
        assert parameter.description
    assert "\nORDER BY " in query.text


@pytest.mark.parametrize("name", NAMES)
def test_a_named_query_declares_exactly_the_prefixes_it_uses(name: str) -> None:
    text = find_query(name).text
    body = re.sub(r'"[^"]*"', "", text.partition("\nSELECT ")[2])
    assert set(re.findall(r"^PREFIX (\w+):", text, re.MULTILINE)) == set(re.findall(r"(?<![\w?-])(\w+):\w", body))


@pytest.mark.parametrize("name", [name for name in NAMES if find_query(name).parameters])
def test_every_parameter_of_a_named_query_changes_what_it_answers(name: str) -> None:
    for parameter in find_query(name).parameters:
        # No incident or technique is called so, and no pair occurs so often.
        params = {parameter.name: "999"}
        assert oxigraph_answer(bound(name, **params))[1:] == []


def test_there_are_queries_enough() -> None:
    assert len(NAMES) >= FEWEST


def without(graph: ox.Store, dropped: set[str]) -> ox.Store:
    """The graph without any statement that names one of these incidents."""
    gone = {ox.NamedNode(incident) for incident in dropped}
    kept = ox.Store()
    kept.extend(quad for quad in graph if not {quad.subject, quad.object} & gone)
    return kept


def filled(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows that hold anything: rdflib makes one empty group of no rows, which SPARQL does not (18.5.1)."""
    return [row for row in rows if any(row)]


@pytest.mark.parametrize("name", [name for name in NAMES if "# narrow: " in find_query(name).text])
def test_a_narrowed_query_answers_as_if_there_were_no_other_incidents(name: str) -> None:
    graph = oxigraph()
    found = {row[0] for row in oxigraph_answer(f"SELECT ?i {{ ?i a <{PREFIXES['kg']}Incident> }}")[1:]}
    assert len(found) > 2
    given_itself = {row for row in found if name == "incidents-alike" and row.endswith(f"/{SMALL['incident']}")}
    for left_out in sorted(found - given_itself):
        text = narrow(find_query(name), bound(name), found - {left_out})
        expected = oxigraph_answer(bound(name), without(graph, {left_out}))
        assert oxigraph_answer(text) == expected
        assert filled(rdflib_answer(text)) == expected


@pytest.mark.parametrize("name", [name for name in NAMES if "# narrow: " in find_query(name).text])
def test_incidents_are_never_listed_in_a_group_that_is_asked_for_each_row(name: str) -> None:
    # 50,000 incidents in an OPTIONAL over 400 techniques are 20 million look-ups; a subquery or MINUS is asked once.
    text = find_query(name).text
    for marker in re.finditer("# narrow: ", text):
        opened = [found.start() for found in re.finditer(r"\{", text[: marker.start()])]
        group = max(at for at in opened if text.count("{", at, marker.start()) > text.count("}", at, marker.start()))
        assert not re.search(r"(?:OPTIONAL|EXISTS)\s*\Z", text[:group])


def test_each_query_that_counts_incidents_can_be_narrowed() -> None:
    # What counts or lists incidents names them in a variable without a given id; these ask of one, or of none.
    of_one = {"incident-overview", "observations-of-incident", "tactics-of-incident", "techniques-of-incident"}
    of_none = {"actors-for-technique", "associated-techniques", "counters-for-technique", "findings-by-code", "ledger"}
    assert {name for name in NAMES if "# narrow: " not in find_query(name).text} == of_one | of_none | {"why-named"}


def test_a_query_that_asks_of_no_set_of_incidents_is_not_narrowed() -> None:
    with pytest.raises(QueryError, match="query 'ledger': asks of no set of incidents"):
        narrow(find_query("ledger"), bound("ledger"), ["https://example.org/I1"])


def test_what_goes_with_ai_media_platforms_is_counted_by_incident_and_by_observation() -> None:
    # I99001 and I99002 use T0154.002. Beside it: T0087.001 in both, T0115 and T0146.006 in I99001, T0086.002 in I99002.
    # Accepted observations with it: T0154.002 T0087.001 T0115 (I99001) and T0154.002 T0086.002 (I99002).
    assert [row[0::2] + row[3:] for row in oxigraph_answer(bound("goes-with-technique"))[1:]] == [
        ("T0087.001", "2", "1"),
        ("T0086.002", "1", "1"),
        ("T0115", "1", "1"),
        ("T0146.006", "1", "0"),
    ]


def test_a_parent_stands_for_its_sub_techniques() -> None:
    # I99001 uses T0146.006, I99003 uses T0146: both count when one asks for T0146.
    rows = oxigraph_answer(bound("who-says-so", technique="T0146"))[1:]
    assert {row[0] for row in rows} == {"I99001", "I99003"}
    assert {row[0] for row in oxigraph_answer(bound("who-says-so", technique="T0146.006"))[1:]} == {"I99001"}


def test_pairs_are_listed_from_the_least_number_of_incidents_on() -> None:
    # I99001 uses four techniques (6 pairs), I99002 three (3 pairs, one of them in I99001 too), I99003 two (1 pair).
    assert len(oxigraph_answer(bound("technique-pairs", minimum="1"))[1:]) == 9
    # In two incidents: T0087.001 with T0154.002.
    assert oxigraph_answer(bound("technique-pairs", minimum="2"))[1:] == [("T0087.001", "T0154.002", "2")]


def test_counters_say_through_what_they_reach_a_technique() -> None:
    # C90002 counters T0154.002 and belongs to its tactic TA15; C90001 counters its parent T0154.
    rows = oxigraph_answer(bound("counters-for-technique"))[1:]
    assert [row[:2] for row in rows] == [
        ("1 technique", "C90002"),
        ("2 parent", "C90001"),
        ("4 belongs to tactic", "C90002"),
    ]
    # T0086.002 is named by no counter; its tactic TA06 is by C90003, and C90001 belongs to it.
    rows = oxigraph_answer(bound("counters-for-technique", technique="T0086.002"))[1:]
    assert [row[:2] for row in rows] == [("3 tactic", "C90003"), ("4 belongs to tactic", "C90001")]


def test_an_unknown_query_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'who-says-so'"):
        find_query("who-say-so")


def test_an_unknown_parameter_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'technique'"):
        bind(find_query("who-says-so"), {"technik": "T0146"})


@pytest.mark.parametrize("value", ["a\\u0022b", "\\U00000022", "a\0", "torn \udc80"])
def test_a_value_that_engines_could_read_otherwise_is_refused(value: str) -> None:
    with pytest.raises(QueryError, match="parameter tactic"):
        bind(TACTIC, {"tactic": value})


@given(st.text().filter(lambda text: "\0" not in text and not re.search(r"\\[uU]", text)))
def test_a_value_arrives_as_the_very_string_that_was_given(value: str) -> None:
    assert ox.Store().query(bind(TACTIC, {"tactic": value}))  # it parses
    assert oxigraph_answer(bind(TACTIC, {"tactic": value}), ox.Store()) == [("given_tactic",), (value,)]


@pytest.mark.parametrize(
    "value",
    ['" } ?s ?p ?o #', 'TA01" "TA02', '"', "\\", '\\"', "a\nb", "a\rb", "\\g<1>", "TA01' UNION", "Ä € 𝄞", "{}", ""],
)
def test_a_hostile_value_stays_one_string_on_both_engines(value: str) -> None:
    text = bind(TACTIC, {"tactic": value})
    assert oxigraph_answer(text) == [("given_tactic",), (value,)]
    assert rdflib_answer(text) == [("given_tactic",), (value,)]


def test_each_place_of_a_parameter_is_bound_and_nothing_else() -> None:
    parameters = (Parameter("technique", "T1", ""), Parameter("with", "T2", ""))
    text = 'VALUES ?given_technique { "T1" } "T1" VALUES ?given_with { "T2" } VALUES ?given_technique { "T1" }'
    query = NamedQuery("q", "", "", parameters, text)
    assert bind(query, {"technique": "T9"}) == (
        'VALUES ?given_technique { "T9" } "T1" VALUES ?given_with { "T2" } VALUES ?given_technique { "T9" }'
    )
    assert bind(query, {}) == text


def test_the_head_of_a_file_is_read() -> None:
    query = parse_named_query("q", "# title: Two\n# description: What.\n# param minimum: 2 -- least\n\nSELECT * {}\n")
    assert (query.title, query.description) == ("Two", "What.")
    assert query.parameters == (Parameter("minimum", "2", "least"),)
