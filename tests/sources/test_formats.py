"""The dict of sources: every fixture is read by its own format, and by no other."""

from __future__ import annotations

from pathlib import Path

import pytest

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
