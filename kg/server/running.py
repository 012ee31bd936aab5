"""A job at work: how long it has taken, and what its client is told where it ends its worker."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from typing import TYPE_CHECKING

from kg.server.replies import Reply

if TYPE_CHECKING:
    from kg.server.limits import Limits
    from kg.server.workers import Worker

NO_MEMORY, UNAVAILABLE, TOO_LATE, BUG = 507, 503, 504, 500
_NICE = 15
_CLOCK_OF_PROCESS = 2
"""Linux: the clock of another process is its number, negated, above these three bits."""


class Run:
    """A job that is running.

    Attributes:
        worker: Which does it.
        key: The same for jobs that are alike.
        long: Whether it is behind the others.
        new: Whether it counts among the jobs of which nothing is known.
        began: When, on the monotonic clock.
        ended_for: Why it was ended: ``time``, ``others`` (who wait), ``client`` (who is gone); empty where it was not.
    """

    __slots__ = ("_spent", "began", "ended_for", "key", "long", "new", "worker")

    def __init__(self, worker: Worker, key: int, *, long: bool, new: bool) -> None:
        self.worker = worker
        self.key = key
        self.long = long
        self.new = new
        self.began, self._spent = time.monotonic(), _spent_by(worker)
        self.ended_for = ""

    def spent(self) -> float:
        """Seconds of CPU it has taken, where the system tells them, or else seconds on the clock."""
        now = _spent_by(self.worker)
        return time.monotonic() - self.began if self._spent is None or now is None else now - self._spent

    def kill(self, why: str) -> None:
        """End it; see ``ended_for``."""
        self.ended_for = self.ended_for or why
        self.worker.kill()

    def last_words(self, limits: Limits, number: int) -> Reply:
        """What to answer where it ended its worker by a signal."""
        if self.ended_for == "time" or number == signal.SIGALRM:
            return Reply.of_error(TOO_LATE, f"query: has not ended after {limits.seconds:g} s; narrow it")
        if self.ended_for == "others":
            message = "query: takes long, and as many long ones as may are running; narrow it, or try again later"
            return Reply.of_error(UNAVAILABLE, message)
        if number == signal.SIGABRT:
            return Reply.of_error(NO_MEMORY, f"query: needs more than {limits.memory} MB of memory; narrow it")
        return Reply.of_error(BUG, "query: its process ended before it answered; try it again, or narrow it")


def put_behind(worker: Worker) -> None:
    """Let all others have the processors first."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker.process, _NICE)


def _spent_by(worker: Worker) -> float | None:
    """Seconds of CPU that a worker has taken so far; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    try:
        return time.clock_gettime(~worker.process << 3 | _CLOCK_OF_PROCESS)
    except OSError:
        return None
