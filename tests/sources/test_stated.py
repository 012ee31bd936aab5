"""Actors and platforms that columns and objects name: in the graph, with their place, by their usual names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import kg
from kg.sources import read_source
from kg.sources.stated import is_platform, split_names, thing_named
from tests.sources.foreign_checks import codes, counts, written

if TYPE_CHECKING:
    from pathlib import Path

    from kg.workspace import KnowledgeGraph

MATRIX = (
    "Name,Year,Country of Origin,Threat Actor,Telegram,VKontakte,Region,Platform,T0146_Account Asset,T0097_Persona\n"
    "The garden letter,2019,Russia*,IRA*/Society of Spouts,1,0,Europe,TikTok; Teapotgram,1,0\n"
    "The radio affair,2020,,Iran,0,maybe,Asia,,0,1\n"
    "The market rumour,2021,Unknown,Unknown,`1,1,,,1,1\n"
)
STATED = (
    "SELECT ?title ?verb ?name ?line { ?s rdf:subject ?i ; rdf:predicate ?verb ; rdf:object ?x ; kg:line ?line . "
    "?i ?verb ?x ; dcterms:title ?title . ?x skos:prefLabel ?name VALUES ?verb { kg:attributedTo kg:onPlatform } } "
    "ORDER BY ?title ?verb ?name"
)


def rows(graph: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    return [tuple((cell or "").rpartition("#")[2] for cell in row) for row in graph.query(query).values()]  # type: ignore[union-attr]


def test_actors_and_platforms_of_a_matrix_reach_the_graph_with_their_line(tmp_path: Path) -> None:
    with kg.open(written(MATRIX, tmp_path, "given.csv")) as graph:
        assert rows(graph, STATED) == [
            ("The garden letter", "attributedTo", "Internet Research Agency", "2"),
            ("The garden letter", "attributedTo", "Society of Spouts", "2"),
            ("The garden letter", "onPlatform", "Teapotgram", "2"),
            ("The garden letter", "onPlatform", "Telegram", "2"),
            ("The garden letter", "onPlatform", "TikTok", "2"),
            ("The market rumour", "onPlatform", "Telegram", "4"),
            ("The market rumour", "onPlatform", "VKontakte", "4"),
        ]
        states = (
            "SELECT ?title ?c { ?i kg:attributedTo ?x ; dcterms:title ?title . ?x a kg:Country ; skos:notation ?c }"
        )
        assert sorted(rows(graph, states)) == [("The garden letter", "RU"), ("The radio affair", "IR")]
        assert graph.validate().conforms


def test_what_is_uncertain_or_no_flag_is_a_finding_and_nothing_vanishes(tmp_path: Path) -> None:
    corpus = read_source(written(MATRIX, tmp_path, "given.csv"))
    found = codes(corpus)
    assert found["uncertain-name"] == ["given.csv:2"]
    assert found["bad-cell"] == ["given.csv:3"]
    assert found["column-not-read"] == ["given.csv:1"]
    # Of ten columns one, the region, has no place.
    assert counts(corpus, "matrix_columns") == (9, 0, 1)
    # Two actors and five platforms; a state is a country, and "Unknown" is nobody.
    assert counts(corpus, "stated_names") == (7, 0, 0)


def test_actors_and_channels_of_a_bundle_reach_the_graph(tmp_path: Path) -> None:
    def leads(number: int, verb: str, target: str) -> dict[str, str]:
        ends = {"source_ref": "campaign--1", "target_ref": target}
        return {"type": "relationship", "id": f"relationship--{number}", "relationship_type": verb, **ends}

    objects = [
        {"type": "campaign", "id": "campaign--1", "name": "The radio affair", "description": "Seen on Facebook."},
        {"type": "threat-actor", "id": "threat-actor--1", "name": "Society of Spouts"},
        {"type": "channel", "id": "channel--1", "name": "telegram"},
        {"type": "narrative", "id": "narrative--1", "name": "Tea is bad"},
        leads(1, "attributed-to", "threat-actor--1"),
        leads(2, "uses", "channel--1"),
        leads(3, "uses", "narrative--1"),
    ]
    path = written(json.dumps({"type": "bundle", "objects": objects}, indent=0), tmp_path, "given.json")
    with kg.open(path) as graph:
        assert [row[:3] for row in rows(graph, STATED)] == [
            ("The radio affair", "attributedTo", "Society of Spouts"),
            ("The radio affair", "onPlatform", "Telegram"),
        ]
        assert graph.validate().conforms


def test_threat_actors_that_an_event_is_tagged_with_reach_the_graph(tmp_path: Path) -> None:
    event = {
        "info": "The harbour lights",
        "uuid": "00000000-0000-4000-8000-000000000001",
        "Tag": [{"name": 'misp-galaxy:threat-actor="Society of Spouts"'}, {"name": "tlp:clear"}],
    }
    with kg.open(written(json.dumps({"Event": event}), tmp_path, "given.json")) as graph:
        assert [row[:3] for row in rows(graph, STATED)] == [("The harbour lights", "attributedTo", "Society of Spouts")]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Internet Research Agency", ["Internet Research Agency"]),
        ("GRU / SVR,FSB", ["GRU", "SVR", "FSB"]),
        ("", []),
        (" - ; n/a", []),
    ],
)
def test_a_cell_is_taken_apart_where_it_is_no_name(cell: str, names: list[str]) -> None:
    assert split_names(cell) == names


def test_a_name_in_any_spelling_is_the_thing_of_the_lists_and_another_is_new() -> None:
    assert is_platform("tik tok")
    assert not is_platform("Attribution Source: Government")
    assert thing_named("platform", "TIKTOK").identifier == thing_named("platform", "TikTok").identifier == "tiktok"
    new = thing_named("actor", "Society of Spouts")
    assert new.identifier == "society-of-spouts"
    assert thing_named("actor", "Society of Spouts") == new
