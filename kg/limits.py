"""What a process that reads a stranger's file may take: set by the process itself, before it opens the file.

Standard library only and no other module of ``kg``: the programs of child processes begin here.
"""

from __future__ import annotations

import sys


def limit_this_process(*, memory: int, output: int, seconds: int) -> None:
    """Set limits that this process cannot raise again; where the system has none (Windows), nothing is done.

    Args:
        memory: Bytes of address space.
        output: Bytes of the largest file it may write.
        seconds: Seconds of CPU.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - there is none on Windows

    limits = {"RLIMIT_AS": memory, "RLIMIT_FSIZE": output, "RLIMIT_CPU": seconds, "RLIMIT_CORE": 0}
    for name, amount in limits.items():
        try:
            resource.setrlimit(getattr(resource, name), (amount, amount))
        except (AttributeError, ValueError, OSError):
            # The system knows no such limit, or a lower one holds already.
            continue
