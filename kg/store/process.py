"""What a process that works for a stranger is kept from: taking more memory, and opening anything."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def limit_memory(megabytes: int) -> None:
    """Let this process take so many MiB on top of what it holds now; 0 for any, and where the system cannot tell."""
    statm = Path("/proc/self/statm")
    if not megabytes or sys.platform == "win32" or not statm.exists():
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    held = int(statm.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    most = held + megabytes * (1 << 20)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def close_all_but(keep: int) -> int:
    """Close every descriptor above the standard ones but one, which becomes descriptor 3; returns 3."""
    place = 3
    if keep != place:
        os.dup2(keep, place, inheritable=False)
    os.closerange(place + 1, _most_descriptors())
    return place


def open_nothing_more(last: int) -> None:
    """Take from this process the right to open any file or socket; descriptors up to ``last`` are in use and stay."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - as above

    resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, last + 1))


def _most_descriptors() -> int:
    try:
        return max(int(name) for name in os.listdir("/proc/self/fd")) + 1  # noqa: PTH208 - names alone
    except OSError:
        return 4096
