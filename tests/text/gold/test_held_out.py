"""The sets read by hand: form, and that every place holds the surface it is said to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from kg.sources import read_source
from kg.text.page import fields_of
from tests.text.gold.scoring import FIELDS, SETS, read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Incident

READ = {path.stem: list(read_lines(path)) for path in SETS}
RECORDS = [record for records in READ.values() for record in records]
ROLES = {
    "actors": {"attributed operator", "enabler", "mentioned only"},
    "platforms": {"used", "generic mention only"},
}
LONGEST_NAME = 60


def _entities(record: dict[str, object], field: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", record[field])


@pytest.mark.parametrize(
    ("name", "older", "newer"),
    [
        ("held-out", 20, 20),
        ("control", 10, 10),
        ("second", 24, 23),
        ("third", 7, 14),
        ("fourth", 0, 22),
        ("fifth", 37, 15),
        ("sixth", 0, 18),
    ],
)
def test_pages_stand_in_order_so_many_of_each_release(name: str, older: int, newer: int) -> None:
    records = READ[name]
    assert [record["release"] for record in records] == ["1.6"] * older + ["1.7"] * newer
    keys = [(record["release"], record["incident"]) for record in records]
    assert keys == sorted(keys)


def test_no_page_stands_in_two_sets() -> None:
    incidents = [str(record["incident"]) for record in RECORDS]
    assert len(incidents) == len(set(incidents))


@pytest.mark.parametrize("field", FIELDS.values())
def test_every_entity_has_a_role_and_its_surfaces(field: str) -> None:
    for record in RECORDS:
        names = [str(entity["name"]) for entity in _entities(record, field)]
        assert len(names) == len(set(names)), record["incident"]
        for entity in _entities(record, field):
            assert entity["role"] in ROLES[field], record["incident"]
            assert entity["surface"], record["incident"]


def test_names_and_no_sentences_are_kept() -> None:
    for record in RECORDS:
        for field in ("victims", "reporters", "personas_or_fake_outlets", "other_assets", "sub_communities"):
            assert all(len(text) <= LONGEST_NAME for text in cast("list[str]", record[field])), record["incident"]


def _texts(incident: Incident) -> dict[str, str]:
    return {prose.passage or prose.name: prose.text for prose in fields_of(incident)}


@pytest.mark.corpus
@pytest.mark.parametrize("release", ["1.6", "1.7"])
def test_every_span_holds_one_of_its_surfaces(corpus_folder: Path, release: str) -> None:
    folder = corpus_folder.parent / release
    if not folder.is_dir():
        pytest.skip(f"release {release} does not stand beside {corpus_folder.name}")
    incidents = {incident.identifier: incident for incident in read_source(folder).incidents}
    seen = 0
    for record in RECORDS:
        if record["release"] == release:
            texts = _texts(incidents[str(record["incident"])])
            for entity in (*_entities(record, "actors"), *_entities(record, "platforms")):
                for field, start, end in cast("list[tuple[str, int, int]]", entity["spans"]):
                    assert texts[field][start:end] in cast("list[str]", entity["surface"]), record["incident"]
                    seen += 1
    assert seen >= 100
