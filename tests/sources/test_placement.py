"""Misplaced descriptions of a fictional release, found from one release alone and with an earlier one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.model import Evidence, Incident, LedgerLine, Placement
from kg.sources import read_source
from kg.sources.assembly import assemble
from kg.sources.earlier import known_texts, parse_known, render_known
from kg.sources.pages import collect_pages
from kg.workspace import open_graph
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

TACTIC = "TA06"
TECHNIQUES = [f"T{number:04}" for number in range(1, 41)]
# Of each incident: the techniques of its one row. No two share a technique.
LISTED = {f"I{10000 + n}": TECHNIQUES[3 * n : 3 * n + 3] for n in range(12)}


def text_of(incident: str) -> str:
    tags = ", ".join(f"{technique}: Technique {technique}" for technique in LISTED[incident])
    return f"What was seen in {incident} ({tags})."


def release(folder: Path, shown: dict[str, str], strays: tuple[str, ...] = ()) -> Path:
    """A release folder: pages as upstream makes them from the workbook, with every id after ', ' lost.

    ``shown`` says of each incident whose text its row shows.
    """
    pages = folder / "generated_pages"
    for kind in ("incidents", "techniques", "tactics"):
        (pages / kind).mkdir(parents=True)
    (pages / "tactics" / f"{TACTIC}.md").write_text(f"# Tactic {TACTIC}: Make\n\n* **Summary:** x\n", encoding="utf-8")
    for technique in TECHNIQUES:
        text = f"# Technique {technique}: Technique {technique}\n\n* **Belongs to tactic stage**: {TACTIC}\n"
        (pages / "techniques" / f"{technique}.md").write_text(text, encoding="utf-8")
    rows: list[list[xlsx.Cell]] = [["disarm_id", "name", "incident_id", "technique_ids", "summary"]]
    for number, (incident, of) in enumerate(shown.items(), 1):
        first = LISTED[incident][0]
        head = "| Technique | Description given for this incident |\n| --- | --- |\n"
        table = f"{head}| [{first} x](x.md) | {text_of(of)} |\n"
        page = f"# Incident {incident}: Case {incident}\n\n* **Summary:** x\n\n{table}\n"
        (pages / "incidents" / f"{incident}.md").write_text(page, encoding="utf-8")
        rows.append([f"IT{number:08}", text_of(of), incident, ", ".join(LISTED[incident])])
    rows += [[None, text_of(of), None, None] for of in strays]
    data = folder / "DISARM_MASTER_DATA"
    data.mkdir()
    (data / "DISARM_DATA_MASTER.xlsx").write_bytes(xlsx.workbook({"incidenttechniques": rows}))
    return folder


def slid_by_one() -> tuple[dict[str, str], tuple[str, ...]]:
    """The row of I10002 was deleted and the texts stayed: each incident behind it shows the text of the one before."""
    ids = list(LISTED)
    kept = ids[:2] + ids[3:]
    return dict(zip(kept, ids[:-1], strict=True)), (ids[-1],)


@pytest.fixture(scope="module")
def slid(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    shown, strays = slid_by_one()
    return read_source(release(tmp_path_factory.mktemp("slid"), shown, strays))


def incident_of(corpus: Corpus, identifier: str) -> Incident:
    return next(found for found in corpus.incidents if found.identifier == identifier)


def placed(corpus: Corpus) -> dict[str, list[Placement]]:
    return {found.identifier: list(found.placements) for found in corpus.incidents if found.placements}


def test_pairs_that_the_pages_lost_stand_in_the_rows_of_the_workbook(slid: Corpus) -> None:
    found = incident_of(slid, "I10000")
    assert [row.technique for row in found.rows] == ["T0001"]
    assert [(row.identifier, row.techniques) for row in found.workbook_rows] == [
        ("IT00000001", ("T0001", "T0002", "T0003"))
    ]
    assert str(found.workbook_rows[0].place) == "DISARM_MASTER_DATA/DISARM_DATA_MASTER.xlsx[incidenttechniques]:2"


def test_the_rows_behind_a_deleted_one_are_suspect_on_the_pages_and_in_the_workbook(slid: Corpus) -> None:
    suspect = {found.identifier for found in slid.incidents if any(row.suspect for row in found.rows)}
    assert suspect == set(list(LISTED)[3:])
    assert suspect == {found.identifier for found in slid.incidents if any(row.suspect for row in found.workbook_rows)}


def test_each_text_is_put_back_to_the_incident_it_was_written_for(slid: Corpus) -> None:
    back = placed(slid)
    assert set(back) == set(list(LISTED)[3:])
    for identifier, (placement,) in back.items():
        assert placement.passage.text == text_of(identifier)
        assert placement.techniques == tuple(LISTED[identifier])
        assert placement.current
        assert placement.confidence >= 0.9
    assert back["I10003"][0].found_under == ("I10004",)
    # The last text stands in a row without an incident; only one row lacks a text.
    assert back["I10011"][0].found_under == ()


def test_the_text_of_the_deleted_row_is_no_evidence_anywhere(slid: Corpus) -> None:
    ghost = text_of("I10002")
    assert not any(placement.passage.text == ghost for items in placed(slid).values() for placement in items)
    codes = [(finding.code, finding.about) for finding in slid.findings if finding.code == "suspect-placement"]
    assert ("suspect-placement", ("I10003",)) in codes


def test_an_earlier_release_says_where_a_text_belongs_that_tags_nothing(tmp_path: Path) -> None:
    shown = {identifier: identifier for identifier in LISTED}
    before = read_source(release(tmp_path / "before", shown))
    known = known_texts([before])
    swapped = shown | {"I10004": "I10007", "I10007": "I10004"}
    after = read_source(release(tmp_path / "after", swapped), earlier=known)
    back = {
        name: [(item.passage.text, item.evidence, item.release) for item in items]
        for name, items in placed(after).items()
    }
    assert back == {
        "I10004": [(text_of("I10004"), Evidence.BOTH, before.release)],
        "I10007": [(text_of("I10007"), Evidence.BOTH, before.release)],
    }


def test_a_release_that_is_sound_stays_as_it_is(tmp_path: Path) -> None:
    corpus = read_source(release(tmp_path, {identifier: identifier for identifier in LISTED}))
    assert placed(corpus) == {}
    assert not any(row.suspect for found in corpus.incidents for row in found.rows)


def test_the_graph_believes_what_was_put_back_and_says_from_whom_a_row_borrowed(tmp_path: Path) -> None:
    shown, strays = slid_by_one()
    folder = release(tmp_path, shown, strays)
    with open_graph(folder) as graph:
        uses = {
            (a, b)
            for a, b in graph.store.select(
                "SELECT ?i ?t { ?x kg:usesTechnique ?y . ?x dcterms:identifier ?i . ?y dcterms:identifier ?t }"
            ).values()
        }
        assert uses == {(incident, technique) for incident in shown for technique in LISTED[incident]}
        borrowed = graph.store.select(
            "SELECT ?b { ?r a kg:TableRow ; kg:incident incident:I10004 ; kg:borrowedFrom/dcterms:identifier ?b }"
        )
        assert [row[0] for row in borrowed.values()] == ["I10003"]
        published = graph.store.select(
            "SELECT ?t { GRAPH ?g { incident:I10004 kg:usesTechnique ?y } ?y dcterms:identifier ?t } ORDER BY ?t"
        )
        # As published: its own row, and what the text of I10003 tags.
        assert [row[0] for row in published.values()] == ["T0010", "T0011", "T0012", "T0013"]
        assert graph.validate().conforms


def test_nothing_of_a_slid_release_vanishes(slid: Corpus) -> None:
    lines: dict[str, LedgerLine] = {line.kind: line for line in slid.ledger}
    assert lines["workbook_techniques"] == LedgerLine("workbook_techniques", 33, 33, 0, 0)
    assert all(line.read == line.stored + line.repaired + line.reported for line in slid.ledger)


def test_what_is_known_of_texts_is_the_same_after_writing_and_reading(slid: Corpus) -> None:
    known = known_texts([slid])
    assert parse_known(render_known(known)) == known
    assert {place.incident for places in known.values() for place in places} == set(LISTED) - {"I10002"}


def _suspect(corpus: Corpus) -> dict[tuple[str, int], bool]:
    return {
        (item.identifier, row.ordinal): row.suspect
        for item in corpus.incidents
        for row in item.rows
        if row.passage is not None
    }


def _pages_alone(folder: Path) -> Corpus:
    """A release without its workbook, its bundle and what the embedded facts know of earlier ones."""
    pages = collect_pages(folder, earlier={})
    pages.books.clear()
    pages.bundles.clear()
    return assemble(pages)


@pytest.mark.corpus
def test_from_its_pages_alone_218_of_229_misplaced_rows_are_found_with_two_false_alarms(corpus_folder: Path) -> None:
    # 229 rows carry a text that 1.6 has elsewhere (facts of two parsers); 95 % of them are 218.
    truth = _suspect(read_source(corpus_folder))
    assert (sum(truth.values()), len(truth)) == (229, 361)
    found = _suspect(_pages_alone(corpus_folder))
    assert sum(truth[row] and found[row] for row in truth) >= 218
    assert sum(found[row] and not truth[row] for row in truth) <= 2


@pytest.mark.corpus
@pytest.mark.parametrize("release", ["1.4", "1.6-first", "1.6"])
def test_nothing_is_suspect_on_the_pages_of_a_sound_release(corpus_folder: Path, release: str) -> None:
    assert not any(_suspect(_pages_alone(corpus_folder.resolve().parent / release)).values())


def test_a_description_in_a_row_without_an_incident_is_told_though_nothing_slid(tmp_path: Path) -> None:
    shown = {incident: incident for incident in list(LISTED)[:6]}
    folder = release(tmp_path, shown, strays=(list(LISTED)[8],))
    found = [finding.place.line for finding in read_source(folder).findings if finding.code == "stray-description"]
    # The header, six rows, and the row of nobody.
    assert found == [8]
