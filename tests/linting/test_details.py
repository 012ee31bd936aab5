"""What single rules tell apart, worked by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.linting import lint
from kg.linting.following import earlier_meaning, successor
from kg.linting.markup import mended_encoding, stray_tags
from kg.linting.references import same_article
from kg.linting.summary import summarise
from kg.sources.workbook import column_letters
from tests.linting.clean import BUNDLE, DATA, FRAMEWORKS, PAGES, TEXTS, draft

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("https://www.news.example/a", "http://news.example/a/", True),
        ("https://news.example/a?utm_source=x&id=1", "https://news.example/a?id=1#top", True),
        ("https://news.example/a?id=1", "https://news.example/a?id=2", False),
        ("https://www.tale.co.uk/a", "https://tale.com/a", True),
        ("https://eu.tale.com/a", "https://www.tale.com/a", True),
        ("https://tale.com/a", "https://other.com/a", False),
        ("https://tale.com/a", "https://tale.com/b", False),
    ],
)
def test_addresses_of_one_article_are_told_from_others(left: str, right: str, same: bool) -> None:  # noqa: FBT001 - the expected value
    assert same_article(left, right) is same
    assert same_article(right, left) is same


@given(st.text())
def test_every_address_is_its_own_article(text: str) -> None:
    assert same_article(text, text)


@given(st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</B>", "<br>", "<br/>", "word", "<p/>"]), max_size=12))
def test_a_text_without_its_stray_tags_is_balanced(pieces: list[str]) -> None:
    text = "".join(pieces)
    for start, tag, _ in reversed(stray_tags(text)):
        assert text[start : start + len(tag)] == tag
        text = text[:start] + text[start + len(tag) :]
    assert stray_tags(text) == []


@given(st.text(alphabet=st.characters(codec="ascii")))
def test_text_that_was_never_garbled_is_left_alone(text: str) -> None:
    assert mended_encoding(text) == text


@given(st.text(alphabet="a\u00e9\u2019\u201c\u201d\u2013\u00fc ", max_size=20))
def test_garbled_text_is_read_again(text: str) -> None:
    garbled = text.encode().decode("cp1252", errors="replace")
    if "\ufffd" not in garbled:
        assert mended_encoding(garbled) == text


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    assert [column_letters(number) for number in (0, 25, 26, 51, 52, 701, 702)] == [
        *("A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"),
    ]


def test_a_pair_that_its_page_has_is_not_lost_whatever_the_form_of_the_cell(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidenttechniques", "D2", "T0001.001, T0002")
    assert lint(release.write(tmp_path)).of("dropped-pair") == ()


def test_a_pair_that_stands_in_two_cells_is_lost_once(tmp_path: Path) -> None:
    release = draft()
    release.page(
        "incidents/I00001.md",
        f"| [T0002 Post Pictures](../../generated_pages/techniques/T0002.md) | {TEXTS['I00001']} |\n",
        "",
    )
    for row in (2, 4):
        release.cell(DATA, "incidenttechniques", f"D{row}", "T0001.001, T0002")
    release.cell(DATA, "incidenttechniques", "C4", "I00001")
    (lost,) = lint(release.write(tmp_path)).of("dropped-pair")
    assert (lost.place.cell, lost.about) == ("D2", ("I00001", "T0002"))
    assert "a blank stands before its id" in lost.message


def test_links_that_lead_out_of_the_source_are_not_judged(tmp_path: Path) -> None:
    release = draft()
    release.page("incidents/I00001.md", "../../generated_pages/techniques/T0002.md", "../../../elsewhere/T0002.md")
    folder = release.write(tmp_path)
    assert lint(folder).of("broken-link") == ()
    assert lint(folder / "generated_pages" / "incidents").of("broken-link") == ()


def test_the_summary_counts_what_is_lost_and_names_the_rest(tmp_path: Path) -> None:
    release = draft()
    release.cell(DATA, "incidenttechniques", "D2", "T0001.001, T0002,T0001")
    release.page(
        "incidents/I00001.md",
        f"| [T0002 Post Pictures](../../generated_pages/techniques/T0002.md) | {TEXTS['I00001']} |\n",
        "",
    )
    report = lint(release.write(tmp_path), select=["dropped-pair"])
    # Four pairs in the workbook: T0001.001, T0002 and T0001 of I00001, T0002 of I00002; the second and third are lost.
    assert summarise(report) == [
        "2 of 4 pairs of incident and technique never reach the pages (1 for a blank beside their id), in 1 incident.",
        "In all 2 findings of 1 kind in 1 file: 2 violations.",
    ]
    assert summarise(lint(draft().write(tmp_path / "clean"))) == ["No fault was found."]


def test_a_bundle_that_is_no_framework_is_read_as_its_reader_reads_it(tmp_path: Path) -> None:
    release = draft()
    release.bundle["objects"] = [found for found in release.bundle["objects"] if found["type"] != "x-mitre-tactic"]
    assert lint(release.write(tmp_path)).of("bundle-differs") == ()
    assert (tmp_path / BUNDLE).is_file()


def test_text_of_a_page_is_never_quoted_in_full(tmp_path: Path) -> None:
    release = draft()
    long = "A sentence of the source that goes on. " * 30
    release.page("incidents/I00002.md", TEXTS["I00002"], long)
    release.page("incidents/I00002.md", "The walls of Low Harbour", long)
    for finding in lint(release.write(tmp_path)).findings:
        assert len(finding.message) < 300, finding.code
    assert PAGES in str(tmp_path / PAGES) + "/"


def test_the_successor_of_a_retired_technique_is_named_with_its_confidence(tmp_path: Path) -> None:
    release = draft()
    # T0005 Distract became T0077 Distract in 2024: by the table of successors, where that id exists.
    release.cell(FRAMEWORKS, "techniques", "A6", "T0077")
    release.cell(FRAMEWORKS, "techniques", "B6", "Distract")
    release.cell(FRAMEWORKS, "techniques", "C6", "TA02")
    for name in [name for name in release.files if "techniques" in name]:
        del release.files[name]
    release.cell(FRAMEWORKS, "countermeasures", "I2", "T0001 - Write Letters\nT0005 - Distract\nT9999 - Nothing")
    fixes = [item.fix for item in lint(release.write(tmp_path)).of("retired-technique")]
    assert fixes == ["write T0077 Distract (exact-name, confidence 1)"]
    assert (
        successor("T0999", {"T0001": "Write Letters"}, "Sing") == "nothing follows it for certain; name what is meant"
    )
    assert successor("T0999", {"T0001": "Write Letters"}, "Write letters").startswith("write T0001 Write Letters")


def test_an_id_with_the_name_of_its_earlier_meaning_is_told_what_that_is_now() -> None:
    # By the table of successors: T0048 was about opinion leaders once, and nothing follows that; T0008 was about news
    # sites before it was about adversaries, and T0098 follows the former.
    names = {"T0008": "Something New", "T0048": "Harass", "T0098": "Establish Inauthentic News Sites"}
    assert earlier_meaning("T0048", names, "Cow Online Opinion Leaders").startswith("the id had that name")
    assert earlier_meaning("T0008", names, "Create fake or imposter news sites") == (
        "with that name it was what is T0098 Establish Inauthentic News Sites now"
    )
    assert earlier_meaning("T0048", names, "Harass") == ""
