"""Navigator layers; the figures are counted by eye in tests/fixtures/navigator."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import SourceError
from kg.sources.navigator import is_navigator_layer, read_navigator
from tests.sources.foreign_checks import KNOWN, assert_corpus_or_clear_error, assert_sound, codes, counts, written

LAYER = Path(__file__).parent.parent / "fixtures/navigator/harbour.json"


def test_a_layer_is_one_incident_and_what_it_scores_is_used() -> None:
    corpus = read_navigator(LAYER, framework=KNOWN)
    assert_sound(corpus)
    (incident,) = corpus.incidents
    assert incident.title == "Harbour Lights"
    assert incident.identifier.startswith("harbour-lights-")
    assert [(row.technique, row.place.line) for row in incident.rows] == [("T0146", 7), ("T0086.002", 8)]
    assert incident.rows[0].passage is not None
    assert incident.rows[0].passage.text == "Nine accounts were opened."
    assert [reference.url for reference in incident.references] == ["https://lighthouse.example/report"]
    assert {item.identifier: item.parent for item in corpus.techniques} == {
        "T0086": None,
        "T0086.002": "T0086",
        "T0146": None,
    }


def test_every_entry_of_a_layer_is_stored_or_reported_with_its_line() -> None:
    corpus = read_navigator(LAYER, framework=KNOWN)
    # Seven entries: two stored; score 0, disabled, only unfolded, twice, unknown.
    assert counts(corpus, "technique_rows") == (2, 0, 5)
    assert codes(corpus) == {
        "no-use": ["harbour.json:9", "harbour.json:10", "harbour.json:11"],
        "duplicate-row": ["harbour.json:12"],
        "unknown-technique": ["harbour.json:13"],
        "bad-address": ["harbour.json:15"],
    }


def test_without_a_framework_ids_of_disarm_are_kept_and_those_of_attack_are_not(tmp_path: Path) -> None:
    layer = {"name": "x", "domain": "DISARM", "techniques": [{"techniqueID": "T0999"}, {"techniqueID": "T1566.001"}]}
    corpus = read_navigator(written(json.dumps(layer), tmp_path))
    assert [row.technique for row in corpus.incidents[0].rows] == ["T0999"]
    assert list(codes(corpus)) == ["foreign-technique"]


def test_a_layer_is_known_by_its_content(tmp_path: Path) -> None:
    assert is_navigator_layer(written(LAYER.read_bytes(), tmp_path, "layer.txt"))
    assert not is_navigator_layer(written('{"techniques": [], "x": "\\"techniqueID\\": \\"domain\\":"}', tmp_path))
    assert not is_navigator_layer(tmp_path)


def test_a_layer_of_attack_is_refused(tmp_path: Path) -> None:
    path = written('{"domain": "enterprise-attack", "techniques": [{"techniqueID": "T1566"}]}', tmp_path)
    with pytest.raises(SourceError, match=r"given.json: the domain of the layer is 'enterprise-attack'; give a layer"):
        read_navigator(path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("[" * 100_000, "given.json:1: lists or objects nested too deep"),
        ('{"techniques": ' * 100_000, "given.json:1: lists or objects nested too deep"),
        ('{"a": {"b": 1},\n "techniques": [{"techniqueID": "T0146"}', "given.json:2: the document ends in the middle"),
        ('{"techniques": [{"techniqueID": "T0146"}\n {}]}', "given.json:2: '{' where ',' or ']' belongs"),
        ('{"techniques"\n [1]}', "given.json:2: no ':' behind a key"),
        ('{"a": 1}\n{}', "given.json:2: something stands behind the end"),
        ('{"a": ' + "9" * 5000 + "}", "given.json:1: a number with too many digits"),
        ('{"a":\n\n "\x01"}', "given.json:3: no JSON (invalid control character at)"),
        (b'{"a":\n "\x00"}', "given.json:2: holds a NUL byte"),
        (b"\xff\xfe{", "given.json: begins like UTF-16 and is not"),
        (b"", "given.json:1: no JSON (expecting value)"),
        ("[]", "given.json: is no Navigator layer"),
    ],
)
def test_damaged_json_is_refused_with_file_and_line(tmp_path: Path, data: bytes | str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_navigator(written(data, tmp_path))
    assert str(caught.value).startswith(message)
    assert ";" in str(caught.value)


def test_doubtful_json_is_read_and_reported_with_its_line(tmp_path: Path) -> None:
    text = (
        '{"domain": "DISARM",\n"domain": "x",\n"name": "caf\\u0000\\ud800 x",\n'
        '"techniques": [\n{"techniqueID": "T0146", "score": NaN, "metadata": [{"a": null, "a": null}]}]}'
    )
    corpus = read_navigator(written(text, tmp_path))
    assert corpus.incidents[0].title == "caf x"
    assert codes(corpus) == {"duplicate-key": ["given.json:2", "given.json:5"], "no-number": ["given.json:5"]}


def test_other_encodings_are_read_and_reported(tmp_path: Path) -> None:
    text = '{"domain": "DISARM", "name": "Café", "techniques": []}'
    for encoding, found in (("utf-8-sig", {}), ("utf-16", {"encoding": ["given.json:1"]}), ("cp1252", None)):
        corpus = read_navigator(written(text.encode(encoding), tmp_path))
        assert corpus.incidents[0].title == "Café"
        assert codes(corpus) == ({"encoding": ["given.json:1"]} if found is None else found)


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(65 << 20)
    assert not is_navigator_layer(path)
    with pytest.raises(SourceError, match=r"large.json: 68,157,440 bytes; at most 64 MB are read, so split the file"):
        read_navigator(path)
    with pytest.raises(SourceError, match=r"gone.json: does not exist"):
        read_navigator(tmp_path / "gone.json")
    with pytest.raises(SourceError, match="is no ordinary file"):
        read_navigator(tmp_path)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=8,
)
_ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "techniqueID": st.sampled_from(["T0146", "T0086.002", "T1", "\ud800"]) | _VALUES,
        "score": _VALUES,
        "comment": st.just("Seen (T0146: Account Asset, T0097") | _VALUES,
        "enabled": _VALUES,
    },
)


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {"techniques": st.lists(_ENTRIES | _VALUES, max_size=5) | _VALUES}, optional={"name": _VALUES, "links": _VALUES}
    )
)
def test_any_layer_is_a_sound_corpus_or_a_clear_error(layer: dict[str, object]) -> None:
    assert_corpus_or_clear_error(read_navigator, json.dumps({"domain": "DISARM", **layer}))


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ntrue0-1e.N\n ', max_size=60))
def test_any_bytes_are_a_sound_corpus_or_a_clear_error(data: bytes | str) -> None:
    assert_corpus_or_clear_error(read_navigator, data)
