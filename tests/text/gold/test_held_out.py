"""The held-out and the control set: form, and that every place holds the surface it is said to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from kg.sources import read_source
from tests.text.gold.scoring import CONTROL, FIELDS, HELD_OUT, read_lines

if TYPE_CHECKING:
    from pathlib import Path

    from kg.model import Incident

HELD = list(read_lines(HELD_OUT))
CHECKED = list(read_lines(CONTROL))
RECORDS = [*HELD, *CHECKED]
ROLES = {
    "actors": {"attributed operator", "enabler", "mentioned only"},
    "platforms": {"used", "generic mention only"},
}
LONGEST_NAME = 60


def _entities(record: dict[str, object], field: str) -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", record[field])


@pytest.mark.parametrize(("records", "each"), [(HELD, 20), (CHECKED, 10)])
def test_pages_stand_in_order_as_many_of_each_release(records: list[dict[str, object]], each: int) -> None:
    incidents = [str(record["incident"]) for record in records]
    assert incidents == sorted(set(incidents))
    assert [record["release"] for record in records] == ["1.6"] * each + ["1.7"] * each


def test_no_page_stands_in_both_sets() -> None:
    assert not {record["incident"] for record in HELD} & {record["incident"] for record in CHECKED}


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
    passages = [row.passage for row in incident.rows if row.passage is not None]
    return {
        "title": incident.title,
        "summary": incident.summary,
        **{passage.identifier: passage.text for passage in passages},
    }


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
