from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from kg.errors import OutputError
from kg.files import atomic_write

if TYPE_CHECKING:
    from pathlib import Path


def test_the_file_takes_its_name_only_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    with atomic_write(path) as file:
        file.write(b"half")
        assert not path.exists()
    assert path.read_bytes() == b"half"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_in_the_middle_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    path.write_bytes(b"old")

    def fail() -> None:
        with atomic_write(path, force=True) as file:
            file.write(b"new")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_exists_is_not_replaced_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    path.write_bytes(b"old")
    with (
        pytest.raises(OutputError, match=r"out\.ttl: exists already; choose another path, or replace it with --force"),
        atomic_write(path),
    ):
        pass
    assert path.read_bytes() == b"old"
    with atomic_write(path, force=True) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


def test_a_file_that_appears_while_we_write_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.ttl"
    with pytest.raises(OutputError, match="exists already"), atomic_write(path):
        path.write_bytes(b"theirs")
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_and_a_missing_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a folder; name a file in it"), atomic_write(tmp_path, force=True):
        pass
    with (
        pytest.raises(OutputError, match=r"its folder .* does not exist; make it first"),
        atomic_write(tmp_path / "a" / "b"),
    ):
        pass


def test_a_device_is_never_replaced_by_a_file() -> None:
    with (
        pytest.raises(OutputError, match="is not a regular file; write to - for standard output"),
        atomic_write(os.devnull, force=True),
    ):
        pass


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="does not exist"), atomic_write(tmp_path / "file" / "out.ttl"):
        pass


def test_a_full_disk_is_told_in_one_line(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match=r"out\.ttl: cannot be written \(No space left on device\)"),
        atomic_write(tmp_path / "out.ttl"),
    ):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_a_symbolic_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with atomic_write(link, force=True) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_replaced_file_keeps_its_rights_and_a_new_one_has_those_of_any_new_file(tmp_path: Path) -> None:
    old, new, plain = tmp_path / "old", tmp_path / "new", tmp_path / "plain"
    old.write_bytes(b"")
    old.chmod(0o640)
    plain.write_bytes(b"")
    for path in (old, new):
        with atomic_write(path, force=True) as file:
            file.write(b"x")
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert new.stat().st_mode == plain.stat().st_mode


def test_a_name_as_long_as_the_file_system_allows_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 251 + ".ttl")
    with atomic_write(path) as file:
        file.write(b"x")
    assert path.read_bytes() == b"x"
