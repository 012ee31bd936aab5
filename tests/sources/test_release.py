"""The fictional release of tests/fixtures, whose every trap is known by hand."""

from __future__ import annotations

import datetime as dt
import shutil
from typing import TYPE_CHECKING

import pytest

from kg.errors import SourceError
from kg.sources import read_source
from tests.fuzz.targets import bounded

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Corpus


@pytest.fixture(scope="module")
def corpus(release_folder: Path) -> Corpus:
    return read_source(release_folder)


def _codes(corpus: Corpus) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for finding in corpus.findings:
        found.setdefault(finding.code, []).append(str(finding.place).removeprefix("generated_pages/"))
    return found


def test_the_release_is_named_by_its_readme(corpus: Corpus) -> None:
    assert corpus.release == "9.9"


def test_only_what_the_index_lists_is_loaded(corpus: Corpus) -> None:
    assert [phase.identifier for phase in corpus.phases] == ["P01", "P02"]
    assert [incident.identifier for incident in corpus.incidents] == ["I00001", "I00002", "I00003"]
    assert "T0150" not in {technique.identifier for technique in corpus.techniques}
    orphans = _codes(corpus)["orphan-page"]
    assert orphans == ["incidents/I00004.md:1", "phases/P09.md:1", "techniques/T0150.md:1"]


def test_techniques_have_tactic_and_parent(corpus: Corpus) -> None:
    techniques = {technique.identifier: technique for technique in corpus.techniques}
    assert (techniques["T0086.002"].tactic, techniques["T0086.002"].parent) == ("TA06", "T0086")
    assert (techniques["T0086"].tactic, techniques["T0086"].parent) == ("TA06", None)
    assert techniques["T0086.002"].name == "Develop AI-Generated Images (Deepfakes)"


def test_every_other_kind_of_the_framework_is_read(corpus: Corpus) -> None:
    (counter,) = corpus.counters
    assert (counter.tactic, counter.metatechniques, counter.response_type) == ("TA06", ("M001",), "D02")
    assert [link.target for link in counter.actor_types] == ["A001"]
    assert [link.target for link in counter.techniques] == ["T0086.002"]
    assert counter.sectors == ("S002", "S003")
    assert counter.resources == "R003 - money"
    (actor_type,) = corpus.actor_types
    assert (actor_type.sectors, actor_type.viewpoints) == (("S002", "S003"), ("FW01",))
    assert [response.identifier for response in corpus.response_types] == ["D02", "D07"]
    (detection,) = corpus.detections
    assert (detection.tactic, detection.response_type) == ("TA06", "D07")
    (task,) = corpus.tasks
    assert task.tactic == "TA02"
    assert [(tactic.identifier, tactic.phase, tactic.rank) for tactic in corpus.tactics] == [
        ("TA02", "P01", 1),
        ("TA06", "P02", 2),
        ("TA15", "P02", 3),
    ]
    assert [item.name for item in corpus.metatechniques] == ["Resilience"]
    assert [item.identifier for item in corpus.sectors] == ["S002", "S003"]
    assert [(item.technique, item.associated) for item in corpus.associations] == [("T0146", "T0097.102")]


def test_the_fields_of_an_incident_are_read(corpus: Corpus) -> None:
    first, second, third = corpus.incidents
    assert (first.year_started, first.incident_type, first.found_via) == (2016, "incident", "OII")
    assert first.date_added == dt.date(2019, 2, 24)
    assert [area.identifier for area in first.attributed_to] == ["RU", "BY"]
    assert [area.name for area in first.target_countries] == ["United Kingdom"]
    assert first.summary == "A mayor in Port Vale got letters.\nMany."
    assert (second.title, second.year_started) == ("Dam songs | a remix", None)
    assert [(area.kind, area.identifier) for area in third.target_countries] == [("region", "EU")]


def test_references_keep_date_authors_organisation_and_archive(corpus: Corpus) -> None:
    first, second, _ = corpus.incidents
    (reference,) = first.references
    assert reference.url == "https://news.example/a"
    assert reference.published == dt.date(2019, 3, 3)
    assert (reference.authors, reference.organisation) == ("A. Writer | B. Writer", "Example News")
    assert reference.archive_url == "https://archive.example/1"
    broken, empty = second.references
    assert (broken.published, broken.authors, broken.organisation) == (dt.date(2022, 2, 25), "C. Writer", "")
    assert (empty.url, empty.archive_url, empty.published) == ("", "", None)


def test_rows_share_one_passage_and_are_placed_by_line(corpus: Corpus) -> None:
    rows = corpus.incidents[0].rows
    assert [(row.technique, row.ordinal, row.place.line) for row in rows] == [("T0146", 1, 24), ("T0086.002", 2, 25)]
    assert rows[0].passage is rows[1].passage
    passage = rows[0].passage
    assert passage is not None
    (group,) = passage.groups
    assert [mention.technique for mention in group.mentions] == ["T0146", "T0086.002", "T0097.109"]


def test_a_description_that_does_not_tag_its_row_is_suspect(corpus: Corpus) -> None:
    assert [[row.suspect for row in incident.rows] for incident in corpus.incidents] == [
        [False, False],
        [False, False],
        [True],
    ]


def test_every_trap_is_a_finding_with_file_and_line(corpus: Corpus) -> None:
    expected = {
        "dates-differ": ["incidents/I00002.md:18"],
        "repaired-id": ["incidents/I00001.md:24"],
        "bad-year": ["incidents/I00002.md:7"],
        "country-unknown": ["incidents/I00002.md:9"],
        "row-over-lines": ["incidents/I00002.md:18"],
        "no-address": ["incidents/I00002.md:20"],
        "negated-mention": ["incidents/I00002.md:26", "incidents/I00002.md:26"],
        "unknown-technique": ["incidents/I00002.md:26", "incidents/I00002.md:28"],
        "unknown-country": ["incidents/I00003.md:9"],
        "name-of-another": ["incidents/I00003.md:23"],
        "suspect-placement": ["incidents/I00003.md:23"],
        "unclosed-group": ["incidents/I00003.md:23"],
        "derived-file": ["disarm_red_framework.md"],
        "orphan-page": ["incidents/I00004.md:1", "phases/P09.md:1", "techniques/T0150.md:1"],
    }
    assert _codes(corpus) == expected


def test_the_ledger_balances_and_says_what_became_of_each_row(corpus: Corpus) -> None:
    lines = {line.kind: line for line in corpus.ledger}
    assert all(line.read == line.stored + line.repaired + line.reported for line in corpus.ledger)
    # Counted by eye in the fixture: 2 + 3 + 1 rows, of which T9999 is reported.
    assert (lines["technique_rows"].read, lines["technique_rows"].stored, lines["technique_rows"].reported) == (6, 5, 1)
    # Three references, one broken over two lines.
    assert (lines["references"].read, lines["references"].stored, lines["references"].repaired) == (3, 2, 1)
    # One associated technique on a listed page, one on the page that is left over.
    assert (lines["association_rows"].stored, lines["association_rows"].reported) == (1, 1)
    # D1 twice with one group each, D2 twice with two, D3 once with one.
    assert lines["inline_groups"].read == 7
    assert (lines["group_mentions"].read, lines["group_mentions"].repaired, lines["group_mentions"].reported) == (
        8,
        1,
        1,
    )


def test_the_same_pages_without_their_release_folder_give_the_same_records(release_folder: Path) -> None:
    whole, inner = read_source(release_folder), read_source(release_folder / "generated_pages")
    assert inner.release == "local"
    assert [incident.title for incident in inner.incidents] == [incident.title for incident in whole.incidents]
    assert [line for line in inner.ledger if line.kind != "files"] == [
        line for line in whole.ledger if line.kind != "files"
    ]


def test_one_page_alone_is_checked_against_the_framework_it_is_given(release_folder: Path) -> None:
    page = release_folder / "generated_pages/incidents/I00002.md"
    known = {"T0146": "Account Asset", "T0097": "Present Persona", "T0097.102": "Journalist Persona"}
    corpus = read_source(page, framework=known)
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0097.102", "T0146"]
    assert {technique.identifier: technique.parent for technique in corpus.techniques} == {
        "T0097": None,
        "T0097.102": "T0097",
        "T0146": None,
    }
    assert [str(item.place) for item in corpus.findings if item.code == "unknown-technique"] == [
        "I00002.md:26",
        "I00002.md:28",
    ]


def test_one_page_alone_without_any_framework_keeps_what_it_names(release_folder: Path) -> None:
    corpus = read_source(release_folder / "generated_pages/incidents/I00002.md")
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0097.102", "T0146", "T9999"]


def test_one_broken_page_costs_no_other(release_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(release_folder, tmp_path / "release")
    incidents = tmp_path / "release/generated_pages/incidents"
    (incidents / "I00001.md").write_bytes(b"\x00\x01\x02")
    corpus = read_source(tmp_path / "release")
    assert [incident.identifier for incident in corpus.incidents] == ["I00002", "I00003"]
    codes = _codes(corpus)
    assert codes["unreadable-page"] == ["incidents/I00001.md:1"]
    assert codes["index-without-page"] == ["incidents_index.md:13"]
    files = next(line for line in corpus.ledger if line.kind == "files")
    assert files.reported == 2


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.md", b"", "no heading"),
        ("x.md", b"Just text\n", "x.md:1: no heading; a page begins like"),
        ("x.md", b"\n\n## Incident I00001: x\n", "x.md:3: no heading"),
        ("x.md", b"\x89PNG\r\n\x1a\n\x00\x00", "holds a NUL byte"),
        ("x.md", b"# Incident I00001: x" + b"\n" * (9 << 20), "a page of DISARM has at most 4 MB"),
        ("x.md", b"# Incident : x\n", "no id in the heading"),
        ("x.md", b"# Incident T0001: x\n", "T0001 in the heading; the id of a page of kind Incident begins with I"),
        ("x.md", b"# Outcome T2001.001: x\n", "a page of kind 'Outcome' is not read"),
        ("x.md", b"\xff\xfe#\x00 ", "is not"),
        ("x.docx", b"PK\x03\x04", "no known kind of source"),
    ],
)
def test_a_file_that_is_no_page_is_refused_with_place_and_remedy(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_empty_folder_and_a_folder_that_is_not_disarm_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no Markdown page"):
        read_source(tmp_path)
    (tmp_path / "notes.md").write_text("# My notes\n", encoding="utf-8")
    with pytest.raises(SourceError, match="none of its 1 Markdown files is a page of DISARM"):
        read_source(tmp_path)


def test_a_loop_of_links_and_an_unreadable_file_cost_nothing_else(release_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    shutil.copytree(release_folder, folder)
    (folder / "generated_pages/incidents/loop").symlink_to(folder / "generated_pages", target_is_directory=True)
    (folder / "generated_pages/incidents/gone.md").symlink_to(tmp_path / "nowhere.md")
    (folder / "generated_pages/incidents/self.md").symlink_to(folder / "generated_pages/incidents/self.md")
    corpus = read_source(folder)
    assert len(corpus.incidents) == 3
    assert sorted(_codes(corpus)["unreadable-page"]) == ["incidents/gone.md", "incidents/self.md"]


def test_a_page_in_another_encoding_is_read_and_reported(tmp_path: Path) -> None:
    page = "# Incident I00001: Café “bar”\n\n* **Summary:** x\n\nDO NOT EDIT ABOVE THIS LINE"
    (tmp_path / "a.md").write_bytes(page.encode("cp1252"))
    (tmp_path / "b.md").write_bytes(page.replace("I00001", "I00002").encode("utf-16"))
    (tmp_path / "c.md").write_bytes(b"\xef\xbb\xbf" + page.replace("I00001", "I00003").encode())
    corpus = read_source(tmp_path)
    assert [incident.title for incident in corpus.incidents] == ["Café “bar”"] * 3
    assert _codes(corpus)["encoding"] == ["a.md:1", "b.md:1"]


def test_control_characters_of_a_page_become_blanks_and_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Incident I00001: red\x1b[31m\u202etitle\n\n* **Summary:** x\n", encoding="utf-8")
    corpus = read_source(tmp_path)
    assert corpus.incidents[0].title == "red [31m title"
    assert "control-character" in _codes(corpus)


def test_a_cut_page_keeps_its_whole_rows_and_reports_the_cut_one(release_folder: Path, tmp_path: Path) -> None:
    text = (release_folder / "generated_pages/incidents/I00001.md").read_text(encoding="utf-8")
    cut = text[: text.rindex("| [T0086.002") + 120]
    (tmp_path / "I00001.md").write_text(cut, encoding="utf-8")
    corpus = read_source(tmp_path)
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0146"]
    codes = _codes(corpus)
    assert codes["bad-row"] == ["I00001.md:25"]
    assert codes["no-end-mark"] == ["I00001.md"]


def test_two_pages_of_one_id_keep_the_first_and_report_the_second(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(f"# Incident I00001: {name}\n\n* **Summary:** x\n", encoding="utf-8")
    corpus = read_source(tmp_path)
    assert [incident.title for incident in corpus.incidents] == ["a.md"]
    (finding,) = [item for item in corpus.findings if item.code == "unreadable-page"]
    assert str(finding) == "b.md:1: I00001 stands in a.md as well; keep one of the two"


def test_a_page_that_would_unfold_to_more_than_the_memory_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "I00001.md"
    head = "# Incident I00001: A\n\n* **Summary:** "
    page.write_text(head + "(T0146: A) " * 20_001, encoding="utf-8")
    with pytest.raises(SourceError, match=r"I00001\.md: names techniques more than 20,000 times; .* split it"):
        read_source(page)
    page.write_text(head + "T or not T " * 20_001, encoding="utf-8")
    assert len(read_source(page).incidents) == 1


def test_a_field_of_countries_that_holds_a_book_is_reported_and_costs_no_time(tmp_path: Path) -> None:
    page = tmp_path / "I00001.md"
    names = ", ".join(f"X{number}" for number in range(100_000))
    page.write_text(f"# Incident I00001: A\n\n* **Countries:** {names} , ", encoding="utf-8")
    with bounded(10):
        corpus = read_source(page)
    line = next(line for line in corpus.ledger if line.kind == "country_names")
    assert (line.read, line.reported) == (100_000, 100_000)
