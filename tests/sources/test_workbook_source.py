"""A workbook alone as a source, and what only the workbook of a release says."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

import pytest

from kg.errors import SourceError
from kg.sources import read_source
from kg.workspace import open_graph
from tests.sources import xlsx

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus

Sheets = dict[str, list[list[xlsx.Cell]]]
SHEETS: Sheets = {
    "phases": [["disarm_id", "name", "name_DE", "rank"], ["P01", "Plan", "Planung", 1.0]],
    "tactics": [
        ["disarm_id", "name", "phase_id", "rank"],
        ["TA01", "Aim", "P01", 2.0],
        ["TA02", "Before aiming", "P01", 1.0],
    ],
    "techniques": [
        ["disarm_id", "name", "name_DE", "tactic_id", "summary"],
        ["T0001", "Sing", "Singen", "TA01", "Songs."],
        ["T0001.001", "Hum", None, "TA01", None],
        ["T0001.001", "Hum again", None, "TA01", None],
        [None, "no id", None, "TA01", None],
    ],
    "sectors": [["disarm_id", "name"], ["S001", "Choirs"]],
    "incidents": [
        [
            "disarm_id",
            "name",
            "objecttype",
            "year_started",
            "attributions_seen",
            "found_in_country",
            "urls",
            "when_added",
        ],
        [
            "I00001",
            "The loud night",
            "campaign",
            2016.0,
            "Russia, Atlantis",
            "UK",
            "https://a.example/1 https://b.example",
            dt.date(2020, 1, 2),
        ],
        ["I00002", "The quiet day", "incident", "20x6", None, None, "-", None],
    ],
    "incidenttechniques": [
        ["disarm_id", "name", "incident_id", "technique_ids"],
        ["IT1", "They sang (T0001: Sing).", "I00001", "T0001, T0001:001"],
        ["IT2", None, "I00009", "T0001"],
        ["IT3", None, "I00002", "T0001. T0009"],
    ],
    "narratives": [["disarm_id", "name", "main topic"], ["N00001", "The choir was paid", "choirs"]],
    "examples": [["disarm_id", "object_id", "name", "summary"], ["E000001", "T0001", "A choir", "Once."]],
    "urls": [
        ["url_id", "pub_date", "authors", "org", "archive_link"],
        ["https://a.example/1", "2019/03/03", "A. Singer", "The Bell", "https://archive.example/1"],
        ["https://c.example", None, None, None, None],
        ["no address", None, None, None, None],
    ],
    "associatedtechniques": [
        ["disarm_id", "description", "technique_id", "associated_technique_id"],
        ["AT1", "Who sings also hums.", "T0001", "T0001.001"],
        ["AT2", None, "T0001", "T0009"],
    ],
    "countermeasures": [["disarm_id", "name", "techniques", "tactic"], ["C00001", "Hush", "T0001 - Sing", "TA01"]],
    "externalgroups": [["disarm_id", "name"], ["G000001", "The Listeners"]],
    "externalgroupcounters": [
        ["disarm_id", "externalgroup_id", "activity_id"],
        ["GC000001", "G000001", "C00001"],
        ["GC000002", "G000001", None],
        ["GC000003", "G000009", "C00001"],
    ],
    "Kitchen": [["dish"], ["soup"], ["bread"]],
    "tools": [["disarm_id", "name", "url"], ["TL00001", "Ear", "https://ear.example"], ["TL00001", "Ear", ""]],
}


def written(folder: Path, sheets: Sheets = SHEETS, name: str = "book.xlsx") -> Path:
    path = folder / name
    path.write_bytes(xlsx.workbook(sheets))
    return path


@pytest.fixture
def corpus(tmp_path: Path) -> Corpus:
    return read_source(written(tmp_path), earlier={})


def test_a_workbook_is_a_source_whatever_its_name(tmp_path: Path) -> None:
    corpus = read_source(written(tmp_path, name="anything.bin"), earlier={})
    assert [item.identifier for item in corpus.incidents] == ["I00001", "I00002"]


def test_tactics_stand_in_the_order_of_the_kill_chain(corpus: Corpus) -> None:
    assert [(item.identifier, item.rank) for item in corpus.tactics] == [("TA01", 2), ("TA02", 1)]


def test_techniques_have_their_german_names_their_parent_and_their_tactic(corpus: Corpus) -> None:
    first, second = corpus.techniques
    assert (first.name, first.name_de, first.tactic, first.parent) == ("Sing", "Singen", "TA01", None)
    assert (second.identifier, second.name, second.parent) == ("T0001.001", "Hum", "T0001")


def test_incidents_have_their_fields(corpus: Corpus) -> None:
    loud, quiet = corpus.incidents
    assert (loud.title, loud.incident_type, loud.year_started) == ("The loud night", "campaign", 2016)
    assert [area.identifier for area in (*loud.attributed_to, *loud.target_countries)] == ["RU", "GB"]
    assert [reference.url for reference in loud.references] == ["https://a.example/1", "https://b.example"]
    assert loud.date_added == dt.date(2020, 1, 2)
    assert (quiet.year_started, quiet.references) == (None, ())


def test_mistyped_ids_are_mended_and_unknown_ones_reported(corpus: Corpus) -> None:
    rows = [(row.identifier, row.techniques) for item in corpus.incidents for row in item.workbook_rows]
    assert rows == [("IT1", ("T0001", "T0001.001")), ("IT3", ("T0001",))]
    codes = [finding.code for finding in corpus.findings]
    assert {"repaired-id", "unknown-technique", "unknown-incident", "unknown-country", "bad-field"} <= set(codes)


def test_sheets_that_reach_no_page_are_entries(corpus: Corpus) -> None:
    found = [(entry.identifier, entry.kind, entry.concerns, entry.topics, entry.url) for entry in corpus.entries]
    assert found == [
        ("E000001", "example", ("T0001",), (), ""),
        ("G000001", "external group", ("C00001",), (), ""),
        ("N00001", "narrative", (), ("choirs",), ""),
        ("TL00001", "tool", (), (), "https://ear.example"),
    ]


def test_a_reference_has_what_the_sheet_of_addresses_says_of_it(corpus: Corpus) -> None:
    cited, bare = corpus.incidents[0].references
    assert (cited.published, cited.authors, cited.organisation) == (dt.date(2019, 3, 3), "A. Singer", "The Bell")
    assert cited.archive_url == "https://archive.example/1"
    assert [str(place) for place in cited.also] == ["book.xlsx[urls]:2"]
    assert (bare.published, bare.also) == (None, ())


def test_techniques_that_go_together_are_read_from_their_sheet(corpus: Corpus) -> None:
    assert [(item.technique, item.associated) for item in corpus.associations] == [("T0001", "T0001.001")]
    assert corpus.associations[0].passage is not None


def test_a_sheet_that_is_not_read_is_named_with_its_rows_and_the_reason(corpus: Corpus) -> None:
    (told,) = [finding for finding in corpus.findings if finding.code == "unread-sheet"]
    assert str(told) == (
        "book.xlsx[Kitchen]:1: the sheet 'Kitchen' with 2 rows is not read: it is no sheet of DISARM that is known here"
    )


def test_every_row_is_stored_repaired_or_reported(corpus: Corpus) -> None:
    lines = {line.kind: (line.read, line.stored, line.repaired, line.reported) for line in corpus.ledger}
    assert lines["workbook_techniques_rows"] == (4, 2, 0, 2)
    assert lines["workbook_tools_rows"] == (2, 1, 0, 1)
    assert lines["workbook_urls_rows"] == (3, 1, 0, 2)
    assert lines["workbook_associatedtechniques_rows"] == (2, 1, 0, 1)
    assert lines["workbook_externalgroupcounters_rows"] == (3, 1, 0, 2)
    assert lines["workbook_incidenttechniques_rows"] == (3, 2, 0, 1)
    assert lines["workbook_unread_rows"] == (2, 0, 0, 2)
    # T0001, T0001:001, T0001 (of no incident), T0001 and T0009 (behind a full stop).
    assert lines["workbook_techniques"] == (5, 1, 2, 2)


def test_the_graph_of_a_workbook_conforms_and_speaks_german(tmp_path: Path) -> None:
    with open_graph(written(tmp_path)) as graph:
        assert graph.query("ASK { disarm:T0001 skos:altLabel 'Singen'@de }")
        assert graph.query("ASK { ?e a kg:Entry ; kg:kind 'example' ; kg:concerns disarm:T0001 }")
        assert [found for found in graph.validate().violations if found.severity == "violation"] == []


def test_a_workbook_of_somebody_else_is_refused_with_the_names_of_its_sheets(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^book.xlsx: has no sheet of DISARM \(it has prices, Sheet 2\)"):
        read_source(written(tmp_path, {"prices": [["a"], [1.0]], "Sheet 2": []}))


def test_rows_of_a_damaged_workbook_balance(tmp_path: Path) -> None:
    chance = random.Random(3)  # noqa: S311 - damage, not a secret
    odd: list[xlsx.Cell] = [
        None,
        "",
        "\u00a0",
        "T0001",
        "T9999",
        "I00001",
        "I1",
        3.5,
        True,
        "=1+1",
        "T0001\nT0002",
        "x" * 300,
    ]
    for _ in range(40):
        sheets = {name: [list(row) for row in rows] for name, rows in SHEETS.items()}
        for _ in range(chance.randint(1, 12)):
            rows = sheets[chance.choice(list(sheets))]
            row = rows[chance.randrange(1, len(rows))]
            row[chance.randrange(len(row))] = chance.choice(odd)
        corpus = read_source(written(tmp_path, sheets), earlier={})
        read = {line.kind: line.read for line in corpus.ledger}
        # Counted here from what was written, sheet by sheet: no row of any is left out of the account.
        filled = {
            name: sum(any(str(cell or "").strip() for cell in row) for row in rows[1:]) for name, rows in sheets.items()
        }
        booked = {name: read.get(f"workbook_{name}_rows", 0) for name in filled if name != "Kitchen"}
        assert {**booked, "Kitchen": read.get("workbook_unread_rows", 0)} == filled
        assert all(line.read == line.stored + line.repaired + line.reported for line in corpus.ledger)
