"""Running a question in a process of its own: the engine cannot be interrupted, a process can.

Where a process cannot be forked (Windows), the question runs in this one, without a limit.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import time
import warnings
from typing import TYPE_CHECKING, TypeVar, cast

from kg.errors import KgError, QueryError
from kg.store.process import limit_memory

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")
_CHUNK = 1 << 20
_UNBOUNDED = 1 << 31


def in_child(work: Callable[[], Answer], *, seconds: float, megabytes: int) -> Answer:
    """What ``work`` gives, made in a forked process that ends when it must.

    Args:
        work: Gives something that can be pickled; may raise :class:`~kg.errors.KgError`, which is raised here again.
        seconds: The time it may take; 0 for any.
        megabytes: The memory it may take on top of what is held now; 0 for any.

    Raises:
        QueryError: It took too long, too much memory, or its process died.
        KeyboardInterrupt: The user interrupted; the process is gone.
    """
    if not hasattr(os, "fork"):
        return work()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # The child only asks the engine and writes to the pipe, whatever other threads there are.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reading)
        _work_and_end(work, writing, megabytes)
    os.close(writing)
    answer: bytes | None = None
    try:
        answer = _read(reading, time.monotonic() + seconds if seconds else None)
    finally:
        os.close(reading)
        if answer is None:  # too late, or interrupted
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if answer is None:
        raise QueryError(f"query: has not ended after {seconds:g} s; narrow it, or give it more time (--timeout)")
    return cast("Answer", _judged(answer, status))


def limits(timeout: float | None, memory: int | None) -> tuple[float, int]:
    """Seconds and megabytes for :func:`in_child` out of what a user gave, where None is for any.

    Raises:
        QueryError: One is no number above 0, or no process can be forked, so that none would hold.
    """
    for name, value, unit in (("timeout", timeout, "seconds"), ("memory", memory, "megabytes")):
        if value is not None and not 0 < value < _UNBOUNDED:
            raise QueryError(f"query: {name} {value!r} is no limit; give {unit} above 0, or leave it out")
    if not hasattr(os, "fork"):
        raise QueryError("query: this system cannot fork, so no limit would hold; leave timeout and memory out")
    return timeout or 0, memory or 0


def _work_and_end(work: Callable[[], object], writing: int, megabytes: int) -> None:
    """In the child: work, write the outcome, and leave without running anything of the parent's."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    status = 1
    try:
        # What goes wrong is told through the pipe; the engine's own last words would only be noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        limit_memory(megabytes)
        try:
            outcome: tuple[str, object] = ("answer", work())
        except KgError as error:
            outcome = ("error", error)
        except MemoryError:
            outcome = ("memory", None)
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(outcome, pipe)
        status = 0
    finally:
        os._exit(status)


def _read(reading: int, deadline: float | None) -> bytes | None:
    """Everything that comes through the pipe; None where the deadline passes first."""
    parts: list[bytes] = []
    while True:
        left = None if deadline is None else max(0.0, deadline - time.monotonic())
        if not select.select([reading], [], [], left)[0]:
            return None
        part = os.read(reading, _CHUNK)
        if not part:
            return b"".join(parts)
        parts.append(part)


def _judged(answer: bytes, status: int) -> object:
    kind, value = pickle.loads(answer) if status == 0 and answer else ("memory", None)  # noqa: S301 - our own child wrote it
    if kind == "answer":
        return value
    if isinstance(value, KgError):
        raise value
    raise QueryError("query: its process ended for lack of memory; narrow it, or give it more memory (--memory)")
