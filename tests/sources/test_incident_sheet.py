"""The sheet of incidents beside the pages made from it: what they lack is put back, what differs is told."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from kg.sources import read_source
from kg.sources.addresses import cited_addresses
from kg.workspace import open_graph
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

HEADER: list[xlsx.Cell] = [
    "disarm_id",
    "name",
    "objecttype",
    "year_started",
    "attributions_seen",
    "found_in_country",
    "urls",
    "when_added",
    "found_via",
]
ROWS: list[list[xlsx.Cell]] = [
    # Another title and country than the page; the page's reference, and one that never reached it.
    [
        "I00001",
        "The suitor of Port Dale",
        "incident",
        2016.0,
        "Russia,Belarus",
        "France",
        "https://news.example/a, https://news.example/lost",
        dt.date(2019, 2, 24),
        "OII",
    ],
    # The page's year is 20x6 and its fields are empty.
    ["I00002", "Dam songs | a remix", "campaign", 2017.0, "Poland", None, "ftp://x.example", dt.date(2020, 5, 6), "Q"],
    ["I00777", "No page", None, None, None, None, None, None, None],
    ["I00001", "Again", None, None, None, None, None, None, None],
    [None, "No id", None, None, None, None, None, None, None],
]
URLS: list[list[xlsx.Cell]] = [
    ["url_id", "pub_date", "authors", "org", "archive_link"],
    ["https://news.example/lost", "2018-01-02", "L. Found", "Lost News", "https://archive.example/l"],
    ["https://news.example/nobody", None, None, None, None],
]


@pytest.fixture(scope="module")
def folder(release_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("release") / "9.9"
    shutil.copytree(release_folder, made)
    (made / "DISARM_MASTER_DATA").mkdir()
    data = xlsx.workbook({"incidents": [HEADER, *ROWS], "urls": URLS})
    (made / "DISARM_MASTER_DATA" / "DISARM_DATA_MASTER.xlsx").write_bytes(data)
    return made


@pytest.fixture(scope="module")
def corpus(folder: Path) -> Corpus:
    return read_source(folder, earlier={})


def test_the_page_stands_where_both_speak_and_the_difference_is_told_at_its_cell(corpus: Corpus) -> None:
    first = corpus.incidents[0]
    assert first.title == "The suitor of Port Vale"
    assert [area.identifier for area in first.target_countries] == ["GB"]
    told = {item.place.cell: item.message for item in corpus.findings if item.code == "workbook-differs"}
    assert told["B2"] == "name of I00001 is 'The suitor of Port Dale' here and 'The suitor of Port Vale' on its page"
    assert told["F2"] == "found_in_country of I00001 is FR here and GB on its page"
    assert set(told) == {"B2", "F2"}


def test_what_a_page_leaves_out_is_taken_from_the_workbook(corpus: Corpus) -> None:
    second = corpus.incidents[1]
    assert (second.year_started, second.date_added, second.found_via) == (2017, dt.date(2020, 5, 6), "Q")
    assert [area.identifier for area in second.attributed_to] == ["PL"]
    restored = {item.place.cell for item in corpus.findings if item.code == "field-restored"}
    assert restored == {"D3", "E3", "H3", "I3"}


def test_a_reference_that_never_reached_its_page_is_restored_with_its_own_row(corpus: Corpus) -> None:
    shown, lost = corpus.incidents[0].references
    assert (shown.url, [str(place) for place in shown.also]) == (
        "https://news.example/a",
        ["DISARM_MASTER_DATA/DISARM_DATA_MASTER.xlsx[incidents]:G2"],
    )
    assert (lost.url, lost.published, lost.authors) == ("https://news.example/lost", dt.date(2018, 1, 2), "L. Found")
    assert lost.archive_url == "https://archive.example/l"
    assert [str(place).rpartition("xlsx")[2] for place in (lost.place, *lost.also)] == ["[incidents]:G2", "[urls]:2"]


def test_every_row_and_address_is_booked(corpus: Corpus) -> None:
    lines = {line.kind: (line.read, line.stored, line.repaired, line.reported) for line in corpus.ledger}
    assert lines["workbook_incidents_rows"] == (5, 2, 0, 3)
    assert lines["workbook_urls_rows"] == (2, 1, 0, 1)
    # One the page has as well, one it lost, one that is no web address.
    assert lines["workbook_references"] == (3, 1, 1, 1)


def test_one_edge_has_each_of_its_sources_and_the_graph_conforms(folder: Path) -> None:
    with open_graph(folder) as graph:
        rows = graph.store.select(
            "SELECT ?path { ?s rdf:subject incident:I00001 ; rdf:predicate dcterms:references ; rdf:object ?r ; "
            "prov:wasDerivedFrom/kg:path ?path . ?r schema:url ?u . FILTER(STR(?u) = 'https://news.example/a') } "
            "ORDER BY ?path"
        )
        assert [row[0] for row in rows.values()] == [
            "DISARM_MASTER_DATA/DISARM_DATA_MASTER.xlsx",
            "generated_pages/incidents/I00001.md",
        ]
        assert [fault for fault in graph.validate().violations if fault.severity == "violation"] == []


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("", []),
        ("-", []),
        ("https://a.example/x", ["https://a.example/x"]),
        ("https://a.example/x\nhttps://b.example", ["https://a.example/x", "https://b.example"]),
        ("https://a.example/x,https://b.example/?q=1,2; ", ["https://a.example/x", "https://b.example/?q=1,2"]),
    ],
)
def test_addresses_of_a_cell_are_parted_where_one_begins(cell: str, addresses: list[str]) -> None:
    assert cited_addresses(cell) == addresses


@pytest.mark.corpus
def test_no_reference_of_the_workbook_is_lost(corpus_folder: Path) -> None:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - the independent reader of this test

    book = CalamineWorkbook.from_path(corpus_folder / "DISARM_MASTER_DATA/DISARM_DATA_MASTER.xlsx")
    header, *rows = book.get_sheet_by_name("incidents").to_python()
    at, urls = header.index("disarm_id"), header.index("urls")
    held = {
        item.identifier: " ".join(reference.url for reference in item.references)
        for item in read_source(corpus_folder).incidents
    }
    for row in rows:
        for address in str(row[urls]).replace("-\n", "").split() if str(row[urls]).strip() != "-" else ():
            # Only what comes before a character that no IRI can hold, which is written otherwise.
            assert address.rstrip(",;").partition("%")[0][:60] in held.get(str(row[at]).strip(), address)
