"""Locks on a path between processes, which end with the process that holds them."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path


class Lock:
    """A lock that is held until it is released or the process ends."""

    def __init__(self, descriptor: int | None) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go of the lock; a second time does nothing."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)

    def __del__(self) -> None:
        self.release()


def try_lock(path: Path, *, shared: bool) -> Lock | None:
    """A lock on a file, which is created where it can be; None when another process holds one that excludes it.

    Where files cannot be locked (Windows, some network file systems, a file that is not there and cannot be made) the
    lock that is returned excludes nobody.
    """
    while True:
        descriptor = _opened(path)
        if sys.platform == "win32" or descriptor is None:
            return Lock(descriptor)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError:
            return Lock(descriptor)
        with contextlib.suppress(OSError):
            # Between opening and locking, another may have removed the file: then this locks nothing that is seen.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return Lock(descriptor)
        os.close(descriptor)


def _opened(path: Path) -> int | None:
    for flags in (os.O_RDWR | os.O_CREAT, os.O_RDONLY):
        with contextlib.suppress(OSError):
            return os.open(path, flags | getattr(os, "O_CLOEXEC", 0), 0o644)
    return None
