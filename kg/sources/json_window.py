"""A part of a text that is read from its start to its end, which knows its lines and lets go of what lies behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable


class Window:
    """The part of a text that is held, and a place in it.

    Attributes:
        text: What is held.
        position: The 0-based place in it; what lies before may be let go of whenever more is wanted.
    """

    def __init__(self, pieces: Iterable[str]) -> None:
        self._pieces = iter(pieces)
        self._line = 1
        self._counted = 0
        self.text = ""
        self.position = 0

    def widen(self) -> bool:
        """Hold at least twice as much of what lies ahead, and nothing of what lies behind; False at the end."""
        ahead = len(self.text) - self.position
        fresh: list[str] = []
        size = 0
        for piece in self._pieces:
            if piece:
                fresh.append(piece)
                size += len(piece)
            if size > ahead:
                break
        if not fresh:
            return False
        self.line()
        self.text = "".join((self.text[self.position :], *fresh))
        self.position = self._counted = 0
        return True

    def next(self) -> str:
        """The character at the place, or nothing at the end."""
        if self.position >= len(self.text) and not self.widen():
            return ""
        return self.text[self.position]

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Move behind all that the pattern matches, which matches the empty text too."""
        while True:
            match = pattern.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.position < len(self.text) or not self.widen():
                return

    def line(self, position: int | None = None) -> int:
        """The 1-based line of a place at or behind the last one asked for; by default of where the window stands."""
        at = self.position if position is None else position
        if at <= self._counted:
            return self._line
        line = self._line + self.text.count("\n", self._counted, at)
        if position is None:
            self._line, self._counted = line, at
        return line
