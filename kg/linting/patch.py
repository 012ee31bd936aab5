"""A patch of text files in the unified form that ``git apply`` and ``patch -p1`` take, byte for byte."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_NEWLINE = b"\\ No newline at end of file\n"


def render_patch(changes: Iterable[tuple[str, bytes, bytes | None]]) -> bytes:
    """The patch of files: name with ``/``, bytes before, bytes after (None: the file is deleted)."""
    return b"".join(_file(name, before, after) for name, before, after in sorted(changes))


def _file(name: str, before: bytes, after: bytes | None) -> bytes:
    if before == after:
        return b""
    old, new = _quoted(f"a/{name}"), _quoted(f"b/{name}")
    head = f"diff --git {old} {new}\n"
    if after is None:
        head += "deleted file mode 100644\n"
        new = "/dev/null"
    elif not before and not after:
        return b""
    # A name that holds a blank ends in a tab, so that it cannot be taken for a name and a date.
    head += f"--- {old}{_tab(old)}\n+++ {new}{_tab(new)}\n"
    lines = unified_diff(_lines(before), _lines(after or b""), n=3, lineterm="")
    next(lines, None), next(lines, None)
    return head.encode() + b"".join(_ended(line) for line in lines)


def _lines(data: bytes) -> list[str]:
    # splitlines would end lines at characters that end none in a patch; Latin-1 has a character for each byte.
    return [line.decode("latin-1") for line in re.findall(rb"[^\n]*\n|[^\n]+", data)]


def _ended(line: str) -> bytes:
    data = line.encode("latin-1")
    if data.endswith(b"\n"):
        return data
    return data + b"\n" + (b"" if data.startswith(b"@@") else _NO_NEWLINE)


def _tab(name: str) -> str:
    return "\t" if " " in name and not name.startswith('"') else ""


def _quoted(name: str) -> str:
    r"""A name as git writes it: in quotes, with C escapes, where it holds what would break a line.

    >>> print(_quoted('a/x"y.md'))
    "a/x\"y.md"
    """
    if not re.search(r'["\\\x00-\x1f\x7f]', name):
        return name
    return '"' + re.sub(r'["\\\x00-\x1f\x7f]', lambda match: _escape(match[0]), name) + '"'


def _escape(char: str) -> str:
    return "\\" + char if char in '"\\' else f"\\{ord(char):03o}"
