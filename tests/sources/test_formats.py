"""The dict of sources: every fixture is read by its own format, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.sources import SOURCES, read_source
from tests.sources.foreign_checks import KNOWN, assert_sound

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = {
    "stix/framework.json": "stix",
    "stix/incidents.json": "stix",
    "navigator/harbour.json": "navigator",
    "misp/events.json": "misp",
    "misp/galaxy.json": "misp",
    "matrix/teapots.csv": "matrix",
    "pairs/harbour.csv": "pairs",
    "pairs/header.tsv": "pairs",
    "release/generated_pages/incidents/I00001.md": "disarm-pages",
}


@pytest.mark.parametrize("name", sorted(FILES))
def test_every_fixture_is_recognised_by_its_own_format_and_no_other(name: str) -> None:
    path = FIXTURES / name
    assert [found for found, source in SOURCES.items() if source.recognises(path)] == [FILES[name]]
    assert_sound(read_source(path, framework=KNOWN))


@pytest.mark.parametrize("name", sorted(FILES))
def test_the_same_file_gives_the_same_corpus(name: str) -> None:
    assert read_source(FIXTURES / name, framework=KNOWN) == read_source(FIXTURES / name, framework=KNOWN)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\x00\x01", b"PK\x03\x04", b"\xff\xfe", b"a,b\n1,2\n", b'"', b"{}"]
)
def test_what_is_no_source_is_recognised_by_none(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "thing.bin"
    path.write_bytes(data)
    assert [name for name, source in SOURCES.items() if source.recognises(path)] == []
    assert [name for name, source in SOURCES.items() if source.recognises(tmp_path / "gone")] == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.json", b'{"type": bundle}', "a.json:1: no JSON (expecting value); give the whole document"),
        ("a.json", b'{\n"a": 1\n', "a.json:3: the document ends in the middle; "),
        ("a.json", b"[" * 100_000, "a.json:1: lists or objects nested too deep; flatten"),
        ("a.json", b'{"a": [1]}', "a.json: is JSON, but neither a STIX bundle, a MISP event or galaxy nor a Nav"),
        ("a.csv", b"", "a.csv: is empty; give a release folder"),
        ("a.csv", b"\n \n,,\n", "a.csv: holds no row; give a release folder"),
        ("a.csv", b"a,b\n1,\x00\n", "a.csv:2: holds a NUL byte, so it is no text; save it as UTF-8"),
        ("a.csv", b'a,b\n"1,2\n', "a.csv:2: a quote is opened here and never closed; "),
        ("a.csv", b"\n" + b",".join([b"T0146_A"] * 100_000), "a.csv:2: 100,000 cells in one record; at most 5,000"),
        ("a.tsv", b"when\twho\n1\t2\n", "a.tsv:1: its columns (when, who) are neither incident and technique nor"),
        ("a.bin", b"\x00\x01", "a.bin: no known kind of source; give a release folder"),
    ],
)
def test_what_is_no_source_is_told_what_it_is_or_where_it_is_damaged(
    tmp_path: Path, name: str, data: bytes, said: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError) as caught:
        read_source(path)
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)
