"""``kg lint`` as it is typed."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from kg.linting import RULES
from kg.linting.fixes import FIXED
from tests.linting.clean import DATA, draft
from tests.linting.plants import WRITTEN, WRONG

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """A release with an odd blank in a page and a blank beside an id of a workbook."""
    release = draft()
    WRITTEN["odd-blank"].change(release)
    WRONG["id-blanks"].change(release)
    return release.write(tmp_path / "faulty")


def test_findings_leave_as_csv_json_sarif_and_table(kg: Run, faulty: Path) -> None:
    done = kg("lint", "-s", faulty, "--select", "odd-blank,id-blanks", "--format", "csv")
    assert done.status == 0
    first, second = csv.DictReader(io.StringIO(done.out))
    assert (first["code"], first["sheet"], first["cell"], first["line"]) == (
        "id-blanks",
        "incidenttechniques",
        "A2",
        "2",
    )
    assert (second["code"], second["line"], second["about"]) == ("odd-blank", "23", "I00002")
    assert second["file"] == "generated_pages/incidents/I00002.md"
    records = json.loads(kg("lint", "-s", faulty, "--select", "odd-blank", "--format", "json").out)
    assert [record["severity"] for record in records] == ["info"]
    assert json.loads(kg("lint", "-s", faulty, "--format", "sarif").out)["version"] == "2.1.0"
    assert "incidenttechniques]:A2" in kg("lint", "-s", faulty, "--format", "table").out


def test_the_words_go_to_stderr_or_alone_to_stdout(kg: Run, faulty: Path) -> None:
    done = kg("lint", "-s", faulty, "--select", "odd-blank")
    assert "In all 1 finding of 1 kind in 1 file: 1 note." in done.err
    assert kg("lint", "-s", faulty, "--select", "odd-blank", "--summary").out.endswith("1 note.\n")
    assert kg("lint", "-s", faulty, "--summary", "--format", "csv").status == 2


def test_strict_is_1_for_what_is_worse_than_a_note(kg: Run, faulty: Path, tmp_path: Path) -> None:
    assert kg("lint", "-s", faulty, "--strict").status == 1
    assert kg("lint", "-s", faulty, "--strict", "--select", "odd-blank").status == 0
    assert kg("lint", "-s", draft().write(tmp_path / "clean"), "--strict").status == 0


def test_every_rule_is_listed_with_its_sentence_and_how_it_is_mended(kg: Run) -> None:
    rows = list(csv.reader(io.StringIO(kg("lint", "--rules").out)))
    assert [row[0] for row in rows[1:]] == sorted(RULES)
    assert ["dropped-pair", "violation", RULES["dropped-pair"].sentence, FIXED["dropped-pair"]] in rows
    assert ["broken-link", "violation", RULES["broken-link"].sentence, ""] in rows


def test_what_is_piped_in_is_linted_and_mended(kg: Run, faulty: Path, tmp_path: Path) -> None:
    page = (faulty / "generated_pages" / "incidents" / "I00002.md").read_bytes()
    done = kg("lint", "-s", "-", "--select", "odd-blank", "--format", "csv", stdin=page)
    assert [row["file"] for row in csv.DictReader(io.StringIO(done.out))] == ["stdin.md"]
    assert kg("lint", "-s", "-", "--select", "odd-blank", "--fix", tmp_path / "out", stdin=page).status == 0
    mended = (tmp_path / "out" / "stdin.md").read_bytes()
    assert mended == page.replace("\u00a0".encode(), b" ") != page
    book = (faulty / DATA).read_bytes()
    found = json.loads(kg("lint", "-s", "-", "--select", "id-blanks", "--format", "json", stdin=book).out)
    assert [(row["file"], row["cell"]) for row in found] == [("stdin", "A2")]
    assert kg("lint", "-s", "-").status == 3


def test_sarif_holds_the_edit_that_mends_a_page(kg: Run, faulty: Path) -> None:
    log = json.loads(kg("lint", "-s", faulty, "--format", "sarif").out)
    fixed = [result["ruleId"] for result in log["runs"][0]["results"] if "fixes" in result]
    assert fixed == ["odd-blank"]


def test_bad_input_is_one_line(kg: Run, faulty: Path, tmp_path: Path) -> None:
    assert kg("lint", "-s", tmp_path / "nothing").status == 3
    done = kg("lint", "-s", faulty, "--select", "od-blank")
    assert (done.status, done.err) == (3, "kg: unknown rule 'od-blank'; did you mean 'odd-blank'?\n")
    assert kg("lint").status == 2
    assert kg("lint", "-s", faulty, "--select", " ,").status == 2
    (tmp_path / "a.ttl").write_text("")
    assert "kg validate" in kg("lint", "-s", tmp_path / "a.ttl").err


def test_a_corrected_copy_is_written_and_what_is_left_is_listed(kg: Run, faulty: Path, tmp_path: Path) -> None:
    done = kg("lint", "-s", faulty, "--fix", tmp_path / "out", "--format", "csv")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(done.out))}
    assert (rows["odd-blank"]["before"], rows["odd-blank"]["after"], rows["odd-blank"]["note"]) == ("1", "0", "mended")
    assert "1 pages and 1 cells of workbooks changed" in done.err
    assert (tmp_path / "out" / "kg-lint.patch").read_text(encoding="utf-8").startswith("diff --git a/generated_pages/")
    assert kg("lint", "-s", tmp_path / "out", "--select", "odd-blank,id-blanks", "--format", "json").out == "[]\n"
    assert kg("lint", "-s", faulty, "--fix", tmp_path / "out").status == 3
    assert kg("lint", "-s", faulty, "--fix", tmp_path / "other", "--summary").status == 2


def test_an_endpoint_is_no_folder_of_files_and_is_told_so(kg: Run) -> None:
    status, _, said = kg("lint", "-s", "http://127.0.0.1:9/sparql")
    assert status == 3
    assert "is an endpoint" in said
    assert said.count("\n") == 1
