"""``kg mentions``: what it prints, a list of one's own, and bad input."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

SUMMARY = "In May 2021 accounts on Facebook were attributed to Russia. Storm Watch told of it. Vidblox was spared."
PAGE = f"""# Incident I99001: Paper Crane sings on Facebook

* **Summary:** {SUMMARY.replace("Facebook", "<i>Facebook</i>")}

* **incident type**: incident

* **Year started:**

* **Countries:**  ,\x20

* **Found via:**

* **Date added:**


| Reference | Pub Date | Authors | Org | Archive |
| --------- | -------- | ------- | --- | ------- |

| Technique | Description given for this incident |
| --------- | ------------------------- |
"""
NAMES = "id,name,category,kind\npaper-crane,Paper Crane,actor,operation\nstorm-watch,Storm Watch,reporter,\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "I99001.md"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.fixture
def names(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(NAMES, encoding="utf-8")
    return path


def test_mentions_are_printed_one_a_line_with_their_place_and_rule(kg: Run, page: Path, names: Path) -> None:
    done = kg("mentions", "-s", page, "--entities", names, "--format", "jsonl")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [(row["kind"], row["entity"], row["surface"], row["role"]) for row in rows] == [
        ("actor", "Paper Crane", "Paper Crane", "operator"),
        ("platform", "Facebook", "Facebook", "used"),
        ("date", "2021", "May 2021", "when"),
        ("platform", "Facebook", "Facebook", "used"),
        ("actor", "Russia", "Russia", "operator"),
    ]
    keys = [
        "incident",
        "kind",
        "entity",
        "surface",
        "field",
        "passage",
        "start",
        "end",
        "role",
        "confidence",
        "rule",
        "id",
    ]
    assert list(rows[0]) == keys
    texts = {"title": "Paper Crane sings on Facebook", "summary": SUMMARY}
    assert all(texts[row["field"]][row["start"] : row["end"]] == row["surface"] for row in rows)


def test_all_adds_who_reports_and_what_is_only_named(kg: Run, page: Path, names: Path) -> None:
    done = kg("mentions", "I99001", "-s", page, "--entities", names, "--all", "--format", "csv")
    assert "I99001,actor,Storm Watch,Storm Watch,summary,," in done.out
    assert ",reporter,0.8,reports,storm-watch\n" in done.out


def test_the_graph_of_a_page_has_the_edges_of_its_prose(kg: Run, page: Path) -> None:
    edges = "kg:attributedTo, kg:onPlatform, kg:yearInText"
    query = f"SELECT ?p ?o {{ incident:I99001 ?p ?o FILTER(?p IN ({edges})) }} ORDER BY ?p"
    done = kg("query", query, "-s", page, "--format", "csv")
    assert done.out.splitlines()[1:] == [
        "https://w3id.org/disarm-kg/ns#attributedTo,https://w3id.org/disarm-kg/id/country/RU",
        "https://w3id.org/disarm-kg/ns#onPlatform,https://w3id.org/disarm-kg/id/platform/facebook",
        "https://w3id.org/disarm-kg/ns#yearInText,2021",
    ]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("mentions", "I77777"), "is no incident of this graph"),
        (("mentions", "--entities", "names.csv"), "the embedded facts: holds mentions read before"),
    ],
)
def test_what_cannot_be_answered_is_one_line_and_status_3(kg: Run, arguments: tuple[str, ...], told: str) -> None:
    done = kg(*arguments)
    assert done.status == 3
    assert told in done.err
    assert done.err.count("\n") == 1


def test_a_wrong_list_is_told_with_its_line(kg: Run, page: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("id,name\nA B,A\n", encoding="utf-8")
    done = kg("mentions", "-s", page, "--entities", wrong)
    assert done.status == 3
    assert "wrong.csv:2: id 'A B' is no slug" in done.err


def test_the_card_marks_what_stands_where(kg: Run, page: Path) -> None:
    card = json.loads(kg("show", "I99001", "-s", page, "--format", "json").out)
    texts = {"title": card["title"], **dict(card["texts"])}
    marked = [(texts[mark["heading"]][mark["start"] : mark["end"]], mark["role"]) for mark in card["marks"]]
    assert marked == [("Facebook", "used"), ("May 2021", "when"), ("Facebook", "used"), ("Russia", "operator")]


def test_the_terminal_shows_a_name_in_the_style_of_its_role(kg: Run, page: Path) -> None:
    from kg.cli.show import STYLES, highlighted  # noqa: PLC0415 - what draws is loaded when it draws
    from kg.workspace import open_graph  # noqa: PLC0415 - the same

    del kg
    with open_graph(page) as graph:
        card = graph.show("I99001")
    shown = highlighted(card, "title", card.title)
    assert [(shown.plain[span.start : span.end], span.style) for span in shown.spans] == [("Facebook", STYLES["used"])]
    assert highlighted(card, "title", "other\x1b text").spans == []


def test_a_store_keeps_what_a_list_of_one_s_own_found(kg: Run, page: Path, names: Path, tmp_path: Path) -> None:
    assert kg("build", "-s", page, "--entities", names, tmp_path / "kept").status == 0
    done = kg("mentions", "-s", tmp_path / "kept", "--format", "csv")
    assert "I99001,actor,Paper Crane,Paper Crane,title,,0,11,operator," in done.out
