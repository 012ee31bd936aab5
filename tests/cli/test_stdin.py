"""``-s -``: what is piped in is read like a file of the same bytes."""

from __future__ import annotations

import csv
import io
import json
import sys
from typing import TYPE_CHECKING

import pytest

import kg as library
from kg.errors import SourceError
from kg.sources import stdin

if TYPE_CHECKING:
    from tests.cli.conftest import Run

PAGE = (
    "# Incident I90001: The garden letter\n\n* **Summary:** Invented.\n\n"
    "| Technique | Description given for this incident |\n| --------- | ------------------------- |\n"
    "| [T0146 Account Asset](../../generated_pages/techniques/T0146.md) | Told (T0146: Account Asset). |\n"
)
BUNDLE = (
    '{"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001", "objects": [{"type": "incident", '
    '"id": "incident--00000000-0000-4000-8000-000000000002", "name": "The radio affair"}]}'
)
PIPED = {
    "page": (PAGE, "The garden letter"),
    "pairs": ("incident,technique\nThe poster row,T0146\n", "The poster row"),
    "bundle": (BUNDLE, "The radio affair"),
    "turtle": ('incident:I9 a kg:Incident ; dcterms:title "The market rumour" .', "The market rumour"),
}
TITLES = "SELECT ?title { ?i a kg:Incident ; dcterms:title ?title }"
PREFIXES = (
    "PREFIX kg: <https://w3id.org/disarm-kg/ns#>\nPREFIX dcterms: <http://purl.org/dc/terms/>\n"
    "PREFIX incident: <https://w3id.org/disarm-kg/id/incident/>\n"
)


@pytest.mark.parametrize("name", PIPED)
def test_what_is_piped_in_is_known_by_what_it_holds(kg: Run, name: str) -> None:
    text, title = PIPED[name]
    done = kg("query", "-s", "-", TITLES, stdin=(PREFIXES + text if name == "turtle" else text).encode())
    assert (done.status, done.out) == (0, f"title\r\n{title}\r\n")


@pytest.mark.parametrize(
    ("piped", "said"),
    [
        (b"", "kg: stdin: is empty; pipe a source into it, or name a file\n"),
        (b"just words", "kg: stdin: no known kind of source; "),
        (b"@prefix e: <urn:e:> .\ne:a e:b .", "kg: stdin:2:9: "),
        (b"\x00\x01\x02", "kg: stdin: no known kind of source; "),
    ],
)
def test_a_fault_names_stdin_and_no_file_of_ours(kg: Run, piped: bytes, said: str) -> None:
    done = kg("stats", "-s", "-", stdin=piped)
    assert done.status == 3
    assert done.err.startswith(said)
    assert "tmp" not in done.err


def test_query_and_source_cannot_both_be_piped_in(kg: Run) -> None:
    done = kg("query", "-s", "-", "-", stdin=b"ASK {}")
    assert done.status == 2
    assert "cannot both be stdin" in done.err


def test_more_than_the_most_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stdin, "MOST_BYTES", 100)
    with pytest.raises(SourceError, match="stdin: more than"), stdin.spooled(io.BytesIO(b"a" * 101)):
        pass


def test_a_notebook_without_a_stream_of_bytes_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("x"))
    with pytest.raises(SourceError, match="stdin: is not there; name a file"):
        library.open("-")


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "@SUM(A1)", "-x", "\t=1"])
def test_no_text_is_run_by_a_spreadsheet_and_json_is_exact(kg: Run, cell: str) -> None:
    turtle = (
        PREFIXES
        + f'incident:I9 a kg:Incident ; dcterms:identifier "I9" ; dcterms:title {json.dumps(cell)} ; kg:line -5 .'
    )
    asked = "SELECT ?title ?n { ?i dcterms:title ?title ; kg:line ?n }"
    done = kg("query", "-s", "-", asked, "--format", "csv", stdin=turtle.encode())
    assert done.status == 0
    assert list(csv.reader(io.StringIO(done.out, newline=""))) == [["title", "n"], ["'" + cell, "-5"]]
    exact = kg("query", "-s", "-", asked, "--format", "json", stdin=turtle.encode())
    assert json.loads(exact.out)["results"]["bindings"][0]["title"]["value"] == cell
    listed = kg("list", "incidents", "-s", "-", "--format", "csv", stdin=turtle.encode())
    assert next(csv.DictReader(io.StringIO(listed.out, newline="")))["title"] == "'" + cell
