"""What earlier releases hold beside the current one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.rdf.corpus import corpus_nquads
from kg.rdf.recovered import earlier_nquads
from kg.sources import read_source
from kg.store.embedded import EmbeddedStore
from kg.workspace import open_graph
from tests.sources import test_placement as slid
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

RECOVERED = "GRAPH graph:recovered"


def rewritten(folder: Path, rows: list[list[xlsx.Cell]]) -> Path:
    """The release in a folder with another workbook; its pages have no rows."""
    for page in (folder / "generated_pages" / "incidents").glob("I*.md"):
        page.write_text(page.read_text(encoding="utf-8").partition("| Technique")[0], encoding="utf-8")
    header: list[xlsx.Cell] = ["disarm_id", "name", "incident_id", "technique_ids"]
    data = xlsx.workbook({"incidenttechniques": [header, *rows]})
    (folder / "DISARM_MASTER_DATA" / "DISARM_DATA_MASTER.xlsx").write_bytes(data)
    return folder


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """I10000 keeps one of its three techniques; I10001 loses all; the old release lists T9999 and a counter there."""
    everything = {identifier: identifier for identifier in slid.LISTED}
    old = rewritten(
        slid.release(tmp_path / "old", everything),
        [["IT1", "", "I10000", "T0001, T0002, T0003"], ["IT2", "A word.", "I10001", "T0004, T9999, C00155"]],
    )
    new = rewritten(slid.release(tmp_path / "new", everything), [["IT1", "", "I10000", "T0001"]])
    before, now = read_source(old, release="0.1"), read_source(new, release="0.2", earlier={})
    return EmbeddedStore.from_nquads(corpus_nquads(now) + earlier_nquads(now, [before]))


def rows(store: EmbeddedStore, query: str) -> list[tuple[str | None, ...]]:
    return [tuple(None if cell is None else str(cell) for cell in row) for row in store.select(query).values()]


def test_what_an_incident_lost_whole_is_recovered_with_its_release_and_row(store: EmbeddedStore) -> None:
    query = f"""SELECT ?i ?t ?v ?sheet ?line {{ {RECOVERED} {{
      ?use a kg:TechniqueUse ; kg:incident ?x ; kg:technique ?y ; kg:fromRelease/owl:versionInfo ?v ; kg:statedIn ?row .
      ?row kg:sheet ?sheet ; kg:line ?line . ?x kg:usesTechnique ?y }}
      BIND (STRAFTER(STR(?x), "incident/") AS ?i) BIND (STRAFTER(STR(?y), "technique/") AS ?t) }} ORDER BY ?t"""
    # T9999 was retired before 0.1: its page is gone, and what was said with it stands all the same.
    assert rows(store, query) == [
        ("I10001", "T0004", "0.1", "incidenttechniques", "3"),
        ("I10001", "T9999", "0.1", "incidenttechniques", "3"),
    ]


def test_an_incident_that_was_coded_anew_is_not_recovered(store: EmbeddedStore) -> None:
    assert rows(store, f"SELECT ?t {{ {RECOVERED} {{ incident:I10000 kg:usesTechnique ?t }} }}") == []


def test_a_counter_that_was_listed_among_techniques_was_seen_in_the_incident(store: EmbeddedStore) -> None:
    assert rows(store, f"SELECT ?c {{ {RECOVERED} {{ ?c kg:seenIn incident:I10001 }} }}") == [
        ("https://w3id.org/disarm-kg/id/counter/C00155",)
    ]


def test_nothing_recovered_stands_in_the_default_graph(store: EmbeddedStore) -> None:
    assert rows(store, "SELECT ?t { incident:I10001 kg:usesTechnique ?t }") == []


def test_an_earlier_release_can_be_given_when_a_graph_is_opened(tmp_path: Path) -> None:
    everything = {identifier: identifier for identifier in slid.LISTED}
    old, new = slid.release(tmp_path / "0.1", everything), slid.release(tmp_path / "0.2", everything)
    with open_graph(new, earlier=[old]) as graph:
        assert "https://w3id.org/disarm-kg/graph/release/0.1" in graph.store.graphs()


@pytest.mark.corpus
def test_the_dropped_pairs_of_1_6_first_are_recovered(corpus_folder: Path) -> None:
    folders = [corpus_folder.parent / name for name in ("1.6", "1.6-first")]
    if corpus_folder.name != "1.7" or not all(folder.is_dir() for folder in folders):
        pytest.skip("wants 1.7 with 1.6 and 1.6-first beside it")
    now, before = read_source(corpus_folder), [read_source(folder) for folder in folders]
    store = EmbeddedStore.from_nquads(earlier_nquads(now, before))
    counted = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?i) AS ?m) { GRAPH graph:recovered { ?i kg:usesTechnique ?t } }"
    assert rows(store, counted) == [("180", "22")]
    lines = "SELECT (COUNT(*) AS ?n) { GRAPH graph:recovered { ?r a kg:WorkbookRow ; kg:fromRelease ?x } }"
    assert rows(store, lines) == [("213",)]
