"""Counting on the real releases: the table that two independent parsers agreed on."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from kg.workspace import open_graph

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.workspace import KnowledgeGraph

pytestmark = pytest.mark.corpus

# unit, evidence, level: units, techniques, pairs, pairs seen at least twice, the top pair and its count
TABLE = {
    ("incident", "rows", "technique"): (62, 119, 400, 38, ("T0151.001", "T0153.006", 4)),
    ("incident", "rows", "parent"): (62, 39, 147, 46, ("T0097", "T0143", 27)),
    ("incident", "all", "technique"): (62, 135, 838, 115, ("T0115", "T0146", 6)),
    ("observation", "inline", "technique"): (161, 132, 339, 60, ("T0097.202", "T0143.003", 5)),
    ("observation", "inline", "parent"): (161, 40, 133, 55, ("T0097", "T0143", 43)),
}


@pytest.fixture(scope="module")
def older(corpus_folder: Path) -> Iterator[KnowledgeGraph]:
    """Release 1.6."""
    folder = corpus_folder.parent / "1.6"
    if not folder.is_dir():
        pytest.skip(f"no release 1.6 beside {corpus_folder.name}")
    with open_graph(folder) as graph:
        yield graph


@pytest.mark.parametrize(("unit", "evidence", "level"), TABLE, ids=" ".join)
def test_the_counts_of_release_1_6_are_reproduced(older: KnowledgeGraph, unit: str, evidence: str, level: str) -> None:
    pairs = older.cooccurrence(unit=unit, evidence=evidence, level=level)
    first = next(pairs.rows())
    top = (first["technique_a"], first["technique_b"], first["count"])
    assert (pairs.units, len(pairs.margins), len(pairs), int((pairs.count >= 2).sum()), top) == TABLE[
        unit, evidence, level
    ]


def test_lift_depends_on_n(older: KnowledgeGraph) -> None:
    # T0151.001 stands in 6 incidents, T0153.006 in 4, both in 4: 4 * 62 / 24 and 4 * 129 / 24.
    for units, lift in ((None, 10.3333), (129, 21.5)):
        first = next(older.cooccurrence(evidence="rows", units=units).rows())
        assert first["lift"] == pytest.approx(lift, abs=1e-3)


def test_misplaced_descriptions_of_1_7_do_not_count_unless_asked_for(corpus_folder: Path) -> None:
    if corpus_folder.name != "1.7":
        pytest.skip(f"{corpus_folder.name} is not release 1.7")
    with open_graph(corpus_folder) as graph:
        assert len(graph.cooccurrence(evidence="all")) == 2969
        # I00100 shows a text about Spamouflage, which is I00096's; neither of the two is told by this release's pages.
        rows = graph.store.select(
            'SELECT ?i ?t { VALUES ?i { "I00096" "I00100" } ?x dcterms:identifier ?i ;'
            " kg:usesTechnique/skos:notation ?t }"
        )
        held = {(incident, technique) for incident, technique in rows.values()}
        assert ("I00096", "T0097.102") in held
        assert ("I00100", "T0097.102") not in held
        # By brute force: rows of pages and workbook, and the accepted groups; 1,304 pairs are those of the pages alone.
        stated = graph.store.select(
            """SELECT DISTINCT ?i ?t {
            { VALUES ?kind { kg:TableRow kg:WorkbookRow }
              ?e a ?kind ; kg:incident ?i ; kg:technique ?t ; kg:status "accepted" }
            UNION { ?e a kg:Observation ; kg:ofIncident ?i ; kg:technique ?t ; kg:status "accepted" } }"""
        )
        uses: dict[str | None, set[str | None]] = {}
        for incident, technique in stated.values():
            uses.setdefault(incident, set()).add(technique)
        pairs = {frozenset(pair) for found in uses.values() for pair in itertools.combinations(found, 2)}
        assert len(graph.cooccurrence()) == len(pairs) > 1304
