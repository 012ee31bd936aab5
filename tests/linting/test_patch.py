"""Unified diffs that git takes, whatever the bytes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.linting.patch import render_patch

NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="no git on this machine")
_LINES = st.lists(st.sampled_from([b"a", b"b", b"", b"c\r", b"\xe2\x80\xa8d", b"\x85", b"@@", b"-- x"]), max_size=9)


def _text(lines: list[bytes], *, ended: bool) -> bytes:
    return b"\n".join(lines) + (b"\n" if ended and lines else b"")


@NEEDS_GIT
@settings(max_examples=40, deadline=None)
@given(_LINES, _LINES, st.booleans(), st.booleans())
def test_git_applies_every_patch_to_the_same_bytes(
    before: list[bytes],
    after: list[bytes],
    ended: bool,  # noqa: FBT001 - drawn
    other: bool,  # noqa: FBT001 - drawn
) -> None:
    old, new = _text(before, ended=ended), _text(after, ended=other)
    patch = render_patch([("in comes/T0039 .md", old, new)])
    if not old or not new:
        # git tells a new or emptied file by its mode; pages are never either.
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "in comes" / "T0039 .md"
        path.parent.mkdir()
        path.write_bytes(old)
        if patch:
            subprocess.run(
                ["git", "apply", "--whitespace=nowarn", "-"], cwd=folder, input=patch, check=True, capture_output=True
            )
        assert path.read_bytes() == new


@NEEDS_GIT
@pytest.mark.parametrize("name", ["a.md", "a b.md", 'q"uote.md', "\u00fcml.md"])
def test_a_deleted_file_is_deleted_whatever_its_name(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"x\ny")
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=render_patch([(name, b"x\ny", None)]), check=True)
    assert list(tmp_path.iterdir()) == []


def test_the_same_bytes_need_no_patch() -> None:
    assert render_patch([("a.md", b"x", b"x")]) == b""
