"""The filters of commands: what they narrow, what they say, and what they refuse."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run

FILTERED = ("--actor", "SPAMOUFLAGE")
SPAMOUFLAGE = "SELECT ?id { ?i kg:attributedTo id:actor\\/spamouflage ; dcterms:identifier ?id }"


def test_incidents_are_exported_for_other_tools_and_chosen_ones_only_there(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "chosen.stix.json"
    assert kg("export", "-o", path, "--actor", "spamouflage", "--as", "campaign").status == 0
    bundle = json.loads(path.read_text(encoding="utf-8"))
    named = {item["external_references"][0]["external_id"] for item in bundle["objects"] if item["type"] == "campaign"}
    assert named == {row[0] for row in csv.reader(io.StringIO(kg("query", SPAMOUFLAGE).out)) if row[0] != "id"}
    layer = json.loads(kg("export", "--format", "layer", "--incident", "I00096").out)
    assert layer["name"].startswith("I00096 ")
    for arguments, words in (
        (("--format", "turtle", "--incident", "I00096"), "turtle takes filters such as --actor"),
        (("--network", "incidents", "--incident", "I00096"), "a network takes filters such as --actor"),
        (("--format", "layer", "--as", "campaign"), "--as: says what an incident is in STIX"),
    ):
        done = kg("export", *arguments)
        assert (done.status, done.out) == (2, "")
        assert words in done.err


def test_rdf_networks_and_the_explorer_are_narrowed_by_the_same_filters_and_say_their_n(
    kg: Run, tmp_path: Path
) -> None:
    for arguments in (
        ("export", "-o", tmp_path / "some.ttl"),
        ("export", "--network", "incidents", "-o", tmp_path / "some.graphml"),
        ("explore", "-o", tmp_path / "some.html"),
    ):
        done = kg(*arguments, "--actor", "SPAMOUFLAGE")
        assert (done.status, done.out) == (0, "")
        assert "N 3 of 251 incidents: actor SPAMOUFLAGE" in done.err.splitlines()
        assert kg(*arguments, "--force", "--actor", "Nobody").status == 3
    assert json.loads(kg("stats", "--actor", "SPAMOUFLAGE").out)["incidents"] == 3
    every, some = (len(kg("coverage", *given, "--format", "csv").out.splitlines()) for given in ((), FILTERED))
    assert 1 < some < every
    read = kg("mentions", *FILTERED, "--format", "csv")
    assert read.err.splitlines() == ["N 3 of 251 incidents: actor SPAMOUFLAGE"]
    named = {line.partition(",")[0] for line in read.out.splitlines()[1:]}
    assert len(named) == 3
    done = kg("mentions", "I00096", *FILTERED)
    assert (done.status, done.out) == (2, "")
    assert "leave the filters out, or the id" in done.err
    asked = kg("query", "-s", tmp_path / "some.ttl", "SELECT ?id { ?i a kg:Incident ; dcterms:identifier ?id }")
    here = kg("query", SPAMOUFLAGE)
    assert sorted(asked.out.splitlines()) == sorted(here.out.splitlines())
    assert "actor SPAMOUFLAGE" in (tmp_path / "some.html").read_text(encoding="utf-8")


def test_a_named_query_is_narrowed_by_actor_and_says_its_n(kg: Run) -> None:
    # Three incidents of 1.7 are attributed to Spamouflage.
    done = kg("query", "--name", "most-used-techniques", "--actor", "Spamouflage", "--format", "csv")
    assert done.status == 0
    assert done.err.splitlines()[0] == "N 3 of 251 incidents: actor Spamouflage"
    assert {int(line.rpartition(",")[2]) for line in done.out.splitlines()[1:]} <= {1, 2, 3}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["query", "--name", "most-used-techniques", "--actor", "Spamouflag"], "did you mean 'Spamouflage'?"),
        (["query", "--name", "ledger", "--platform", "YouTube"], "asks of no set of incidents"),
        (["list", "incidents", "--platform", "YouTub"], "did you mean 'YouTube'?"),
        (["list", "actors", "--platform", "YouTube"], "filters narrow incidents alone"),
        (["change", "2016", "2020", "--country", "Germny"], "did you mean 'Germany'?"),
    ],
)
def test_a_filter_that_names_nothing_or_cannot_apply_is_the_input_s_fault(
    kg: Run, arguments: list[str], message: str
) -> None:
    done = kg(*arguments)
    assert done.status == 3
    assert message in done.err


def test_filters_without_a_named_query_are_wrong_usage(kg: Run) -> None:
    assert kg("query", "SELECT * {}", "--actor", "Russia").status == 2


def test_incidents_are_listed_by_what_they_were_on(kg: Run) -> None:
    every = kg("list", "incidents", "--format", "csv").out.splitlines()
    narrowed = kg("list", "incidents", "--platform", "YouTube", "--format", "csv").out.splitlines()
    asked = kg(
        "query", 'SELECT ?id { ?i kg:onPlatform/skos:prefLabel "YouTube"@en ; dcterms:identifier ?id } ORDER BY ?id'
    )
    assert [line.partition(",")[0] for line in narrowed[1:]] == asked.out.split()[1:]
    assert set(narrowed) < set(every)
