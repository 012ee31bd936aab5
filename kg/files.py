"""Output files: written whole or not at all, and never over something that is already there unless asked."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def atomic_write(path: str | os.PathLike[str], *, force: bool = False) -> Iterator[IO[bytes]]:
    """A binary file that takes its name only when everything was written.

    The bytes go to a hidden file beside ``path``; at the end it is moved into place in one step. When anything goes
    wrong, the hidden file is removed and what was at ``path`` is as it was. A symbolic link is followed.

    Args:
        path: Where the file shall be.
        force: Replace a file that is there already.

    Raises:
        OutputError: the path exists, is a folder or a device, lies in no folder, or cannot be written.
    """
    target = _checked(Path(path), force=force)
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.part")
    try:
        with _exclusively(beside) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _checked(target, force=force)
        if target.exists():
            beside.chmod(target.stat().st_mode & 0o7777)
        beside.replace(target)
    except OSError as error:
        message = f"{path}: cannot be written ({error.strerror or error}); choose another path or make room"
        raise OutputError(message) from error
    finally:
        with contextlib.suppress(OSError):
            beside.unlink()


def _exclusively(path: Path) -> IO[bytes]:
    # Not tempfile: that makes files only their owner can read, while an export has the rights of any new file.
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666), "wb")


def _checked(path: Path, *, force: bool) -> Path:
    """The path with links followed, when a file may be put there."""
    try:
        target = path.resolve()
        exists, is_file, has_folder = target.exists(), target.is_file(), target.parent.is_dir()
    except (OSError, RuntimeError, ValueError) as error:
        message = f"{path}: is no path that can be written ({error}); choose another"
        raise OutputError(message) from error
    if target.is_dir():
        message = f"{path}: is a folder; name a file in it"
    elif exists and not is_file:
        message = f"{path}: is not a regular file; write to - for standard output"
    elif exists and not force:
        message = f"{path}: exists already; choose another path, or replace it with --force (force=True)"
    elif not has_folder:
        message = f"{path}: its folder {target.parent} does not exist; make it first"
    else:
        return target
    raise OutputError(message)
