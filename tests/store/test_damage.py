"""Rotten, cut and missing table files of a store: found, named, and never read for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.store.folder import build_store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

P = ox.NamedNode("http://example.org/p")


def quads(count: int) -> Iterator[ox.Quad]:
    for number in range(count):
        yield ox.Quad(ox.NamedNode(f"http://example.org/{number}"), P, ox.Literal(number))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store"


def biggest(path: Path) -> Path:
    return max(path.glob("kg-data-*/*.sst"), key=lambda file: file.stat().st_size)


def _rot(path: Path) -> None:
    table = biggest(path)
    content = bytearray(table.read_bytes())
    for place in range(0, len(content) - 2000, 500):
        content[place] ^= 0xFF
    table.write_bytes(content)


def test_bytes_that_changed_are_found_at_opening(path: Path) -> None:
    build_store(quads(5000), path)
    table = biggest(path)
    content = bytearray(table.read_bytes())
    content[len(content) // 2] ^= 0x01
    table.write_bytes(content)
    with pytest.raises(StoreError, match=f"{table.name} is not what was written"):
        open_store(path)


def test_a_table_that_is_cut_or_gone_is_found_at_opening(path: Path) -> None:
    build_store(quads(5000), path)
    table = biggest(path)
    table.write_bytes(table.read_bytes()[:-1])
    with pytest.raises(StoreError, match="bytes long"):
        open_store(path)
    table.unlink()
    with pytest.raises(StoreError, match="is missing"):
        open_store(path)


def test_a_store_that_was_written_to_is_not_called_damaged(path: Path) -> None:
    build_store(quads(5000), path)
    store = open_store(path, read_only=False)
    store.native.optimize()
    store.close()
    del store
    assert len(open_store(path)) == 5000


def test_bytes_that_changed_in_a_store_too_large_to_check_are_found_when_read(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.store.sums.MOST_BYTES", 0)
    build_store(quads(5000), path)
    _rot(path)
    store = open_store(path)
    with pytest.raises(StoreError, match="the store is damaged"):
        list(store.quads())
    with pytest.raises(StoreError, match="the store is damaged"):
        store.query("SELECT * { ?s ?p ?o }")
