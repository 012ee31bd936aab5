"""The access log: one JSON object a line on stderr, written by a thread so that a slow reader never holds up answers.

Escapes keep whatever a client sent inside its string: no line of the log can be forged, no terminal steered.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Mapping

_MOST = 10_000
_LONGEST = 300


class AccessLog:
    """Lines on their way to a stream.

    Attributes:
        dropped: Lines left out because the stream did not keep up.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.dropped = 0
        self._stream = stream or sys.stderr
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST)
        self._thread = threading.Thread(target=self._write, name="access log", daemon=True)
        self._thread.start()

    def write(self, record: Mapping[str, object]) -> None:
        """Add a line; values that are text are cut at 300 characters."""
        short = {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in record.items()}
        now = time.time()
        stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now % 1 * 1000):03}Z"
        try:
            self._lines.put_nowait(json.dumps({"time": stamp, **short}))
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Write what is left, for at most a second."""
        try:
            self._lines.put_nowait(None)
        except queue.Full:
            return
        self._thread.join(1)

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            try:
                self._stream.write(line + "\n")
                if self._lines.empty():
                    self._stream.flush()
            except (OSError, ValueError):
                # Nobody reads it any more; serving goes on.
                self.dropped += 1
