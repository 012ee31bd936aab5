"""MISP events and galaxies; the figures are counted by eye in tests/fixtures/misp."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources.misp import is_misp, read_misp
from tests.sources.foreign_checks import KNOWN, assert_corpus_or_clear_error, assert_sound, codes, counts, written

FOLDER = Path(__file__).parent.parent / "fixtures/misp"


def test_the_names_of_tags_are_resolved_through_the_framework() -> None:
    corpus = read_misp(FOLDER / "events.json", framework=KNOWN)
    assert_sound(corpus)
    first, second = corpus.incidents
    assert first.identifier == "misp-5a3c0f2e-0000-4000-8000-000000000001"
    assert (first.title, first.year_started) == ("Harbour Lights", 2021)
    assert [row.technique for row in first.rows] == ["T0146", "T0086.002", "T0097"]
    assert [area.identifier for area in first.target_countries] == ["FR"]
    assert [reference.url for reference in first.references] == ["https://lighthouse.example/report"]
    assert ([row.technique for row in second.rows], second.year_started) == (["T0002"], None)


def test_every_tag_of_an_event_is_stored_or_reported() -> None:
    corpus = read_misp(FOLDER / "events.json", framework=KNOWN)
    # Seven technique tags and clusters: four stored; a name nobody has, one said twice, an id that does not exist.
    assert counts(corpus, "technique_rows") == (4, 0, 3)
    assert counts(corpus, "other_tags") == (0, 0, 1)
    assert counts(corpus, "events") == (2, 0, 1)
    assert codes(corpus) == {
        "tags-not-read": ["events.json:2"],
        "unknown-country": ["events.json:2"],
        "unknown-technique": ["events.json:9", "events.json:28"],
        "duplicate-row": ["events.json:16"],
        "bad-address": ["events.json:18"],
        "bad-date": ["events.json:21"],
        "duplicate-incident": ["events.json:31"],
    }


def test_without_a_framework_the_clusters_of_the_event_name_its_techniques() -> None:
    corpus = read_misp(FOLDER / "events.json")
    assert [[row.technique for row in item.rows] for item in corpus.incidents] == [[], ["T0002", "T0998"]]
    assert counts(corpus, "technique_rows") == (2, 0, 5)


def test_one_event_alone_with_its_wrapping_or_without_is_read(tmp_path: Path) -> None:
    bare = {"info": "Tea", "Tag": [{"name": 'misp-galaxy:disarm-techniques="Account Asset - T0146"'}]}
    for value in (bare, {"Event": bare}, [{"Event": bare}], {"response": [{"Event": bare}]}):
        path = written(json.dumps(value), tmp_path)
        assert is_misp(path)
        assert [row.technique for row in read_misp(path, framework=KNOWN).incidents[0].rows] == ["T0146"]


def test_a_galaxy_is_a_framework() -> None:
    corpus = read_misp(FOLDER / "galaxy.json", release="9.9")
    assert_sound(corpus)
    assert corpus.release == "9.9"
    found = {item.identifier: (item.name, item.tactic, item.parent) for item in corpus.techniques}
    assert found == {
        "T0146": ("Account Asset", "TA15", None),
        "T0146.006": ("Bot Account Asset", None, "T0146"),
        "T0200.001": ("Orphan Asset", "TA01", "T0200"),
    }
    assert counts(corpus, "techniques") == (3, 0, 2)
    assert counts(corpus, "galaxy_phases") == (2, 0, 1)
    assert codes(corpus) == {
        "links-not-followed": ["galaxy.json"],
        "unknown-tactic": ["galaxy.json:10"],
        "unknown-technique": ["galaxy.json:11"],
        "duplicate-id": ["galaxy.json:12"],
        "missing-id": ["galaxy.json:13"],
    }


def test_other_galaxies_and_other_json_are_refused(tmp_path: Path) -> None:
    path = written('{"type": "threat-actor", "values": [{"value": "x", "meta": {}}]}', tmp_path)
    assert is_misp(path)
    with pytest.raises(SourceError, match="the galaxy 'threat-actor' holds no objects of DISARM; give one of disarm-"):
        read_misp(path)
    with pytest.raises(SourceError, match="holds no MISP event and no galaxy cluster"):
        read_misp(written('{"type": "bundle", "objects": []}', tmp_path))
    assert not is_misp(written('{"type": "bundle", "objects": []}', tmp_path))


def test_events_nested_without_end_are_refused(tmp_path: Path) -> None:
    for data in ('{"Event": ' * 100_000, '{"Event": {"info": "x", "Tag": ' + "[" * 100_000):
        with pytest.raises(SourceError, match=r"given.json:1: lists or objects nested too deep"):
            read_misp(written(data, tmp_path))


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
_NAMES = st.sampled_from(['misp-galaxy:disarm-techniques="T0146"', 'misp-galaxy:target-location="France"', "\ud800"])
_TAGS = st.lists(st.fixed_dictionaries({"name": _NAMES | _VALUES}) | _VALUES, max_size=3) | _VALUES
_EVENTS = st.fixed_dictionaries(
    {"info": st.text(max_size=5) | _VALUES},
    optional={
        "Tag": _TAGS,
        "uuid": _VALUES,
        "date": _VALUES,
        "Attribute": st.lists(st.fixed_dictionaries({"type": st.just("link"), "value": _VALUES}), max_size=3),
        "Galaxy": _VALUES,
    },
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_EVENTS | _VALUES, max_size=4))
def test_any_events_are_a_sound_corpus_or_a_clear_error(events: list[object]) -> None:
    assert_corpus_or_clear_error(read_misp, json.dumps({"response": [{"Event": event} for event in events]}))


_CLUSTERS = st.fixed_dictionaries(
    {"value": _VALUES, "meta": st.fixed_dictionaries({"external_id": st.just("T0146") | _VALUES}) | _VALUES}
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_CLUSTERS | _VALUES, max_size=4), st.sampled_from(["techniques", "countermeasures", "detections"]))
def test_any_galaxy_is_a_sound_corpus_or_a_clear_error(values: list[object], kind: str) -> None:
    assert_corpus_or_clear_error(read_misp, json.dumps({"type": f"disarm-{kind}", "values": values}))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_a_sound_corpus_or_a_clear_error(data: bytes) -> None:
    assert_corpus_or_clear_error(read_misp, data)
    assert_corpus_or_clear_error(read_misp, b'{"Event": ' + data)


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [("techniques", "techniques", 298), ("countermeasures", "counters", 139), ("actortypes", "actor_types", 33)],
)
def test_the_real_galaxies_are_read_whole(corpus_folder: Path, name: str, kind: str, number: int) -> None:
    path = corpus_folder.parent.parent / f"samples/misp-galaxy/disarm-{name}.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} beside the releases")
    raw = json.loads(path.read_text(encoding="utf-8"))["values"]
    assert len(raw) == number
    assert is_misp(path)
    corpus = read_misp(path)
    assert_sound(corpus)
    assert counts(corpus, kind) == (number, 0, 0)
    links = sum(len(entry["related"]) for entry in raw)
    assert counts(corpus, "galaxy_links") == (0, 0, links)
    if kind == "techniques":
        assert sum(item.parent is not None for item in corpus.techniques) == sum(
            "." in entry["meta"]["external_id"] for entry in raw
        )
        assert all(item.tactic for item in corpus.techniques)


def test_tags_are_read_where_the_database_of_misp_puts_them(tmp_path: Path) -> None:
    def tie(name: str) -> dict[str, object]:
        return {"Tag": {"name": f'misp-galaxy:disarm-techniques="{name}"'}}

    event = {
        "info": "Kettle",
        "uuid": "a0000000-0000-4000-8000-000000000001",
        "EventTag": [tie("Account Asset")],
        "Attribute": [{"type": "text", "value": "x", "AttributeTag": [tie("Present Persona")]}],
    }
    corpus = read_misp(written(json.dumps({"Event": event}), tmp_path), framework=KNOWN)
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0146", "T0097"]
