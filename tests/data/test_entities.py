"""What must hold of the tables of platforms, actors and countries, whoever edits them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from kg.text.countries import areas, resolve_area
from tests.data.check_entities import (
    UNVERIFIED,
    main,
    misp_verdicts,
    page_verdicts,
    read_record,
    technique_ids,
    type_verdicts,
    wikidata_verdicts,
)
from tests.data.entity_tables import (
    ACTOR_COLUMNS,
    ACTOR_KINDS,
    DATA,
    PLATFORM_COLUMNS,
    REPORTER_COLUMNS,
    REPORTER_KINDS,
    Row,
    read_table,
)

if TYPE_CHECKING:
    from pathlib import Path

PLATFORMS = read_table("platforms")
ACTORS = read_table("actors")
ENTITIES = [*PLATFORMS, *ACTORS]
COUNTRIES = read_table("countries")
REPORTERS = read_table("reporters")
TYPES = technique_ids()
SOURCE = re.compile(
    r"disarm:(?:T\d{4}(?:\.\d{3})?|I\d{5}|externalgroups|tools)|misp:threat-actor|eu:\d{4}/\d+|site:[a-z0-9.-]+\.[a-z]{2,}|public:[a-z0-9-]+"
)


def _faults(rows: list[Row], column: str, pattern: str) -> list[str]:
    return [f"{row}: {row[column]!r}" for row in rows if not re.fullmatch(pattern, row[column])]


def test_there_are_several_hundred_of_each() -> None:
    assert len(PLATFORMS) >= 300
    assert len(ACTORS) >= 300


@pytest.mark.parametrize(
    ("table", "columns"), [("platforms", PLATFORM_COLUMNS), ("actors", ACTOR_COLUMNS), ("reporters", REPORTER_COLUMNS)]
)
def test_tables_have_their_columns_and_stand_in_the_order_of_ids(table: str, columns: list[str]) -> None:
    lines = (DATA / f"{table}.csv").read_bytes()
    assert lines.startswith(",".join(columns).encode() + b"\n")
    assert b"\r" not in lines
    assert lines.endswith(b"\n")
    ids = [row["id"] for row in read_table(table)]
    assert ids == sorted(ids)


def test_ids_are_slugs_and_unique_over_the_tables() -> None:
    assert _faults([*ENTITIES, *REPORTERS], "id", r"[a-z0-9]+(?:-[a-z0-9]+)*") == []
    assert [name for name, count in Counter(row["id"] for row in [*ENTITIES, *REPORTERS]).items() if count > 1] == []


def test_a_name_belongs_to_one_entity() -> None:
    owners: dict[str, set[str]] = {}
    for row in ENTITIES:
        for name in row.names:
            owners.setdefault(name.casefold(), set()).add(row["id"])
    assert {name: ids for name, ids in owners.items() if len(ids) > 1} == {}


def test_who_reports_on_operations_is_no_actor_or_platform() -> None:
    assert len(REPORTERS) >= 300
    assert {row["kind"] for row in REPORTERS} == REPORTER_KINDS
    others = {name.casefold(): str(row) for row in ENTITIES for name in row.names}
    owners = Counter(name for row in REPORTERS for name in {name.casefold() for name in row.names})
    assert {name: others[name] for name in owners if name in others} == {}
    assert [name for name, count in owners.items() if count > 1] == []


def test_names_are_trimmed_and_not_listed_twice() -> None:
    for row in [*ENTITIES, *REPORTERS]:
        assert len(row.names) == len(set(row.names)), str(row)
        for name in row.names:
            assert name == " ".join(name.split()), f"{row}: {name!r}"
            assert not {";", "|"} & set(name), f"{row}: {name!r}"
            assert any(char.isalnum() for char in name), f"{row}: {name!r}"


def test_a_row_has_a_name_that_can_stand_in_a_text() -> None:
    # A bracket after a blank tells two things of one name apart, "KGB (Belarus)"; no text writes it.
    for row in [*ENTITIES, *REPORTERS]:
        assert [name for name in row.names if " (" not in name] != [], str(row)
        assert [name for name in row.names[1:] if " (" in name] == [], str(row)


def test_no_actor_or_platform_has_the_name_of_a_country() -> None:
    countries = {area.name.casefold() for area in areas().values()}
    assert [str(row) for row in ENTITIES if countries & {name.casefold() for name in row.names}] == []


def test_the_type_of_a_platform_is_a_technique_of_the_embedded_facts() -> None:
    assert {"T0151.001", "T0152.006", "T0154"} <= TYPES
    assert [f"{row}: {row['type']}" for row in PLATFORMS if row["type"] and row["type"] not in TYPES] == []


def test_the_kind_of_an_actor_is_one_of_six() -> None:
    assert [str(row) for row in ACTORS if row["kind"] not in ACTOR_KINDS] == []


def test_the_country_of_an_actor_is_an_iso_code() -> None:
    codes = {area.identifier for area in areas().values() if area.kind == "country"}
    assert [f"{row}: {row['country']}" for row in ACTORS if row["country"] and row["country"] not in codes] == []


def test_every_row_says_where_it_comes_from() -> None:
    assert [f"{row}: {row['source']!r}" for row in [*ENTITIES, *REPORTERS] if not SOURCE.fullmatch(row["source"])] == []


def test_the_context_names_names_of_its_row() -> None:
    for row in [*ENTITIES, *REPORTERS]:
        assert row["context"] in {"", "strict"} or row["context"].startswith("strict:"), str(row)
        assert set(row.strict_names) <= set(row.names), str(row)


@pytest.mark.parametrize(
    "name",
    [
        "Medium",
        "Discord",
        "Minds",
        "Signal",
        "Amazon",
        "X",
        "IRA",
        "RT",
        "FAIR",
        "The Agency",
        "Gab",
        "LINE",
        "Threads",
    ],
)
def test_a_name_that_is_also_a_word_needs_context(name: str) -> None:
    assert [row["id"] for row in ENTITIES if name in row.strict_names] != []


def test_wikidata_ids_have_their_form_and_belong_to_one_entity() -> None:
    assert _faults(ENTITIES, "wikidata", r"(?:Q[1-9]\d*)?") == []
    counts = Counter(row["wikidata"] for row in ENTITIES if row["wikidata"])
    assert [name for name, count in counts.items() if count > 1] == []


def test_a_misp_uuid_and_its_source_go_together() -> None:
    assert _faults(ACTORS, "misp_uuid", r"(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})?") == []
    assert [str(row) for row in ACTORS if bool(row["misp_uuid"]) != (row["source"] == "misp:threat-actor")] == []


def test_every_wikidata_id_stands_in_the_record_of_verified_ones_and_no_other() -> None:
    verdicts = list(wikidata_verdicts([*ENTITIES, *COUNTRIES]))
    assert [str(verdict) for verdict in verdicts if verdict.by == UNVERIFIED] == []
    held = {(verdict.row.table, verdict.row["id"]) for verdict in verdicts}
    assert [key for key in read_record() if key not in held] == []


def test_an_id_that_nothing_verifies_is_said_to_be_so() -> None:
    wrong = Row("platforms", 2, {**PLATFORMS[0].cells, "wikidata": "Q1", "type": "T9999"})
    assert [verdict.by for verdict in (*wikidata_verdicts([wrong]), *type_verdicts([wrong]))] == [UNVERIFIED] * 2


def test_the_check_prints_a_line_for_each_id(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    lines = [line.split("\t") for line in capsys.readouterr().out.splitlines()]
    assert {len(line) for line in lines} == {5}
    assert ["countries", "NL", "wikidata", "Q55", "label:Netherlands in ten published lists that agree"] in lines
    assert sum(line[2] == "type" for line in lines) == sum(bool(row["type"]) for row in PLATFORMS)


def test_the_check_names_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--galaxy", "nowhere.json"])
    assert "nowhere.json: no such file or folder" in capsys.readouterr().err


@pytest.mark.corpus
def test_misp_uuids_name_the_same_group_in_the_galaxy(corpus_folder: Path) -> None:
    galaxy = corpus_folder.parents[1] / "samples" / "misp-galaxy" / "threat-actor.json"
    if not galaxy.is_file():
        pytest.skip(f"no MISP galaxy beside the corpus: {galaxy}")
    verdicts = list(misp_verdicts(ACTORS, galaxy))
    assert len(verdicts) >= 100
    assert [str(verdict) for verdict in verdicts if verdict.by == UNVERIFIED] == []


@pytest.mark.corpus
def test_a_platform_said_to_be_named_on_a_technique_page_is_named_there(corpus_folder: Path) -> None:
    verdicts = list(page_verdicts(ENTITIES, corpus_folder))
    assert len(verdicts) >= 90
    assert [str(verdict) for verdict in verdicts if verdict.by == UNVERIFIED] == []


def test_countries_keep_their_columns_and_their_names_are_told_apart() -> None:
    assert list(COUNTRIES[0].cells) == ["kind", "id", "name", "aliases", "demonyms", "metonyms", "wikidata"]
    for column in ("demonyms", "metonyms"):
        owners = Counter(name for row in COUNTRIES for name in row[column].split(";") if name)
        # One people of two states: the text alone does not say which Congo is meant.
        assert [name for name, count in owners.items() if count > 1] == [], column
    assert resolve_area("Netherlands") is not None


@pytest.mark.parametrize(
    ("code", "column", "name"),
    [
        ("RU", "metonyms", "Kremlin"),
        ("CN", "metonyms", "Beijing"),
        ("NL", "demonyms", "Dutch"),
        ("KP", "demonyms", "North Koreans"),
    ],
)
def test_demonyms_and_metonyms_stand_with_their_country(code: str, column: str, name: str) -> None:
    assert name in next(row for row in COUNTRIES if row["id"] == code)[column].split(";")
