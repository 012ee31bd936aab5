"""The links of counters and detections in the workbook: ids of 2019 beside the names they had, read against today."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from kg.sources import read_source
from kg.sources.response_sheets import parse_names
from kg.workspace import open_graph
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

Sheets = dict[str, list[list[xlsx.Cell]]]
# Ids, names and successors are facts of DISARM: T0021 was "Memes" and is followed by T0086.001 (0.9, reviewed); T0001
# is followed by nothing; T0026 by T0085.007, of the same name; T0010 has its name of old; T0016 was renamed in place.
SHEETS: Sheets = {
    "tactics": [["disarm_id", "name", "rank"], ["TA06", "Develop Content", 1.0]],
    "techniques": [
        ["disarm_id", "name", "tactic_id"],
        ["T0010", "Cultivate Ignorant Agents", "TA06"],
        ["T0016", "Create Clickbait", "TA06"],
        ["T0085", "Develop Text-Based Content", "TA06"],
        ["T0085.007", "Create Fake Research", "TA06"],
        ["T0086", "Develop Image-Based Content", "TA06"],
        ["T0086.001", "Develop Memes", "TA06"],
    ],
    "actortypes": [["disarm_id", "name"], ["A001", "singer"]],
    "incidents": [["disarm_id", "name"], ["I00001", "The loud night"]],
    "countermeasures": [
        ["disarm_id", "name", "techniques", "incident_ids", "actortypes", "tactic"],
        [
            "C90001",
            "Sing back",
            "T0010 - Cultivate Ignorant Agents T0016 - Clickbait T0021 - Memes T0021 - Memes TA06 - Develop Content",
            "I00001,I00009",
            "A001 - singer",
            "TA06 Develop Content",
        ],
        [
            "C90002",
            "Hum",
            "T0001 - 5Ds (Dismiss, Distort) T0026 - Create Fake Reserch T0010 - Never So Called",
            None,
            None,
            None,
        ],
        ["C90003", "Wait", "All", None, None, None],
    ],
    "detections": [["disarm_id", "name", "techniques", "incidents"], ["F90001", "Listen", "T0021 - Memes", "I00001"]],
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("book") / "book.xlsx"
    made.write_bytes(xlsx.workbook(SHEETS))
    return made


@pytest.fixture(scope="module")
def corpus(path: Path) -> Corpus:
    return read_source(path)


def test_each_id_of_a_cell_is_linked_to_what_it_means_today_or_told(corpus: Corpus) -> None:
    first, second, third = corpus.counters
    assert [(link.target, link.former, link.confidence, link.basis) for link in first.techniques] == [
        ("T0010", "", 1.0, ""),
        ("T0016", "", 1.0, ""),
        ("T0086.001", "T0021_2022-first", 0.9, "reviewed"),
    ]
    assert [link.target for link in first.tactics] == ["TA06"]
    assert [link.target for link in first.incidents] == ["I00001"]
    assert [link.target for link in first.actor_types] == ["A001"]
    assert [(link.target, link.former) for link in second.techniques] == [("T0085.007", "T0026_2022-first")]
    assert [link.target for link in second.given_up] == ["T0001_2022-first"]
    assert third.techniques == ()


def test_what_is_followed_and_what_is_not_is_told_at_its_cell(corpus: Corpus) -> None:
    told = {(str(item.place), item.code): item.message for item in corpus.findings if item.code.startswith("link-")}
    assert told["book.xlsx[countermeasures]:C2", "link-migrated"].endswith("T0021 -> T0086.001 (0.9)")
    assert "I00009 does not exist" in told["book.xlsx[countermeasures]:D2", "link-unsure"]
    unsure = told["book.xlsx[countermeasures]:C3", "link-unsure"]
    assert "T0001 (none follows it" in unsure
    assert "T0010 (its name is none that it ever had)" in unsure
    assert "'All' names no id" in told["book.xlsx[countermeasures]:C4", "link-unsure"]


def test_every_id_of_a_cell_is_booked(corpus: Corpus) -> None:
    lines = {line.kind: (line.read, line.stored, line.repaired, line.reported) for line in corpus.ledger}
    # C90001: five in one cell, of which one is followed and one stands twice; two incidents, one unknown; one actor.
    # C90002: three, of which one is followed; C90003: a word.
    assert lines["workbook_counter_links"] == (6 - 1 + 2 + 1 + 3 + 1, 5, 3, 4)
    assert lines["workbook_detection_links"] == (2, 1, 1, 0)


def test_the_graph_says_which_technique_an_edge_follows_and_conforms(path: Path) -> None:
    with open_graph(path) as graph:
        rows = graph.store.select(
            "SELECT ?former ?sure ?basis { "
            "?s rdf:subject ?c ; rdf:predicate kg:counters ; rdf:object disarm:T0086.001 . "
            "?s kg:formerly ?former ; kg:confidence ?sure ; kg:basis ?basis . ?c kg:counters disarm:T0086.001 }"
        )
        assert [tuple(map(str, row)) for row in rows.values()] == [("T0021_2022-first", "0.9", "reviewed")]
        assert graph.query("ASK { ?f a kg:Detection ; kg:detects disarm:T0086.001 ; kg:seenIn incident:I00001 }")
        published = graph.store.select(
            "SELECT ?t { GRAPH <https://w3id.org/disarm-kg/graph/release/local> { ?c kg:counters ?t } "
            "FILTER(CONTAINS(STR(?t), '_')) } ORDER BY ?t"
        )
        names = [str(row[0]).rpartition("/")[2] for row in published.values()]
        assert names == ["T0001_2022-first", "T0021_2022-first", "T0026_2022-first"]
        assert graph.validate().conforms


def test_ids_without_a_name_of_their_own_are_read_one_by_one() -> None:
    found = [
        (item.identifier, item.name) for item in parse_names("T0053/T0054 \u2013 Bots;\nT0056: \u00a0Channels, ", "T")
    ]
    assert found == [("T0053", ""), ("T0054", "Bots"), ("T0056", "Channels")]


@pytest.mark.corpus
def test_every_id_of_the_sheets_of_the_release_is_booked_once(corpus_folder: Path) -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - the independent reader of this test

    corpus = read_source(corpus_folder)
    sheets = CalamineWorkbook.from_path(corpus_folder / "DISARM_MASTER_DATA/DISARM_FRAMEWORKS_MASTER.xlsx")
    booked = {line.kind: line.read for line in corpus.ledger}
    for name, kind in (("countermeasures", "counter"), ("detections", "detection")):
        header, *rows = sheets.get_sheet_by_name(name).to_python()
        told = 0
        for column in ("techniques", "incident_ids", "incidents", "actortypes"):
            at = [index for index, title in enumerate(header) if title == column]
            for cell in (str(row[index]) for row in rows for index in at if str(row[index]).strip()):
                # A cell that names no id at all is one thing that was read.
                told += len(re.findall(r"\b(?:TA\d\d|T\d{4}(?:\.\d{3})?|A\d{3}|I\d{5})\b", cell)) or 1
        assert booked[f"workbook_{kind}_links"] == told
