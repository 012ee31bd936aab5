"""Statements come into a store in blocks, and no block knows that it is one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.store import filling
from kg.store.embedded import EmbeddedStore
from kg.store.filling import blocks_in, blocks_of, fill

if TYPE_CHECKING:
    from collections.abc import Iterable

LINES = st.lists(st.binary(max_size=20).map(lambda line: line.replace(b"\n", b" ") + b"\n"), max_size=12)


def filled(blocks: Iterable[bytes]) -> list[str]:
    native = ox.Store()
    fill(native, blocks)
    return sorted(map(str, native))


@given(LINES, st.integers(1, 40))
def test_the_blocks_of_a_text_and_of_a_file_are_the_text_cut_at_line_ends(lines: list[bytes], size: int) -> None:
    text = b"".join(lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filling, "BLOCK", size)
        for blocks in (list(blocks_of(text)), list(blocks_in(io.BytesIO(text)))):
            assert b"".join(blocks) == text
            assert all(block.endswith(b"\n") for block in blocks)
            assert max(map(len, blocks), default=0) <= size + 22


def test_a_last_line_without_an_end_is_kept() -> None:
    assert list(blocks_of(b"a\nb")) == [b"a\nb"]
    assert list(blocks_in(io.BytesIO(b"a\nb"))) == [b"a\nb"]


def test_a_blank_node_is_one_node_over_all_blocks_and_keeps_its_label() -> None:
    blocks = [b'_:a <urn:p> "1" .\n', b'<urn:s> <urn:p> "none" .\n', b"<urn:s> <urn:p> _:a <urn:g> .\n"]
    assert filled(blocks) == ['<urn:s> <urn:p> "none"', "<urn:s> <urn:p> _:a <urn:g>", '_:a <urn:p> "1"']


def test_one_text_in_many_blocks_is_the_store_of_one_block(monkeypatch: pytest.MonkeyPatch) -> None:
    text = b"".join(b'<urn:s%d> <urn:p> "%d" .\n' % (number % 7, number) for number in range(200))
    whole = EmbeddedStore.from_nquads(text)
    monkeypatch.setattr(filling, "BLOCK", 100)
    assert sorted(map(str, EmbeddedStore.from_nquads(text).quads())) == sorted(map(str, whole.quads()))
    assert len(whole) == 200
