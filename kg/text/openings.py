"""What a pattern begins with: plain strings, one of which stands in every text that it finds something in.

To look for all beginnings of all rules in one pass tells which of the rules need to be tried at all. Only the beginning
of a pattern is read, and only as far as it is plain; what is not understood is said to begin with anything.
"""

from __future__ import annotations

import re

_OPTIONAL = ("?", "*", "{0")
_REPEATED = ("+", "{")
_GROUP = "(?:"


def openings(pattern: re.Pattern[str]) -> frozenset[str]:
    r"""The strings that the matches of a pattern begin with, behind a leading ``\W``; none where that is not told.

    >>> sorted(openings(re.compile(r"\W(?:t(?:rolls?|hreat)|bots?\b|(?:new )?site)\s+run by")))
    ['bot', 'new ', 'site', 'threat', 'troll']
    >>> openings(re.compile(r"\W(?:\w+ )?by"))
    frozenset()
    """
    if pattern.flags & (re.IGNORECASE | re.VERBOSE):
        return frozenset()
    text = pattern.pattern
    found, _ = _alternatives(text, len(r"\W") if text.startswith(r"\W") else 0)
    return frozenset() if "" in found else frozenset(found)


def _alternatives(pattern: str, at: int) -> tuple[set[str], int]:
    """The beginnings of what stands from ``at`` to a closing bracket, and where that is; "" for what is not told."""
    found: set[str] = set()
    while True:
        begun, at = _sequence(pattern, at)
        found |= begun
        if not pattern.startswith("|", at):
            return found, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[set[str], int]:
    """The beginnings of one alternative, and where it ends."""
    run = ""
    while at < len(pattern) and (pattern[at].isalnum() or pattern[at] in " -'"):
        if pattern.startswith(_OPTIONAL, at + 1):
            return {run}, _end(pattern, at)
        run += pattern[at]
        at += 1
        if pattern.startswith(_REPEATED, at):
            return {run}, _end(pattern, at)
    if not pattern.startswith(_GROUP, at):
        return {run}, _end(pattern, at)
    inner, close = _alternatives(pattern, at + len(_GROUP))
    behind = close + 1
    if not pattern.startswith(_OPTIONAL, behind):
        return {run + begun for begun in inner}, _end(pattern, behind)
    behind = pattern.index("}", behind) + 1 if pattern[behind] == "{" else behind + 1
    if run:
        return {run}, _end(pattern, behind)
    rest, end = _sequence(pattern, behind + pattern.startswith("?", behind))
    return inner | rest, end


def _end(pattern: str, at: int) -> int:
    """Where the alternative that ``at`` lies in ends: at a bar or bracket of its own level, or with the pattern."""
    depth = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "\\":
            at += 1
        elif char == "[":
            # A bracket right behind the opening one, or behind a caret there, is a member of the class.
            at = pattern.index("]", at + (3 if pattern.startswith("[^", at) else 2))
        elif char == "(":
            depth += 1
        elif char in "|)" and not depth:
            return at
        elif char == ")":
            depth -= 1
        at += 1
    return at
