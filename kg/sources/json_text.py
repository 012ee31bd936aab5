"""Text and JSON that other tools wrote: size and encoding are checked, objects know their lines.

How JSON is read is in :mod:`kg.sources.json_reader`.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity, SourceDocument

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_FILE_BYTES = 64 * 1024 * 1024
"""The largest file of another tool that is read: its values are held in memory, at up to twenty times its size."""

_HEAD, _TAIL = 4 << 20, 1 << 20
_LOOKED_AT, _FEWEST_NULS = 4096, 4
_BLANK = re.compile(r"[ \t\n\r]*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


class JsonObject(dict[str, object]):
    """An object of a document that knows the 1-based line it begins at (0: unknown)."""

    __slots__ = ("line",)

    def __init__(self, items: Mapping[str, object] | None = None, line: int = 0) -> None:
        super().__init__(items or {})
        self.line = line

    def text(self, key: str) -> str:
        """The string under a key, without control characters and outer blanks; empty where there is none."""
        return clean(self.get(key))

    def objects(self, key: str) -> tuple[JsonObject, ...]:
        """The objects of the list under a key, or the one object that stands there."""
        found = self.get(key)
        items = found if isinstance(found, list) else [found]
        return tuple(self._within(item) for item in items if isinstance(item, dict))

    def texts(self, key: str) -> tuple[str, ...]:
        """The strings of the list under a key, or the one string that stands there; empty ones left out."""
        found = self.get(key)
        return tuple(filter(None, map(clean, found if isinstance(found, list) else [found])))

    def _within(self, item: dict[str, object]) -> JsonObject:
        return item if isinstance(item, JsonObject) else JsonObject(item, self.line)


def clean(value: object) -> str:
    r"""A string that any output can hold, or an empty one where the value is none.

    >>> clean(" a\x00b "), clean(7)
    ('a b', '')
    """
    if not isinstance(value, str):
        return ""
    # Most strings hold nothing odd, and to see that is far quicker than to look for it.
    return value.strip(" ") if value.isascii() and value.isprintable() else _CONTROL.sub(" ", value).strip()


def read_foreign(path: Path, name: str) -> tuple[str, SourceDocument, list[Finding]]:
    """The text of a file that another tool wrote, its document record, and what had to be mended.

    Raises:
        SourceError: The file is missing, unreadable, no ordinary file, too large, or not text.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{name}: is no ordinary file; give the file itself")
        if status.st_size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // 1024 // 1024
            raise SourceError(f"{name}: {status.st_size:,} bytes; at most {limit} MB are read, so split the file")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{name}: does not exist; check the path") from error
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror}); check the file and its mode") from error
    text, findings = decode_foreign(data, name)
    return text, SourceDocument(name, hashlib.sha256(data).hexdigest()), findings


def decode_foreign(data: bytes, name: str) -> tuple[str, list[Finding]]:
    """The text of bytes in UTF-8, in UTF-16, or else in Windows-1252, with a finding for the latter two.

    Raises:
        SourceError: They hold a NUL byte, or begin like UTF-16 and are not.
    """
    try:
        wide = utf16_of(data)
        if wide:
            return data.decode(wide).removeprefix("\ufeff"), [_encoding(name, 1, "is UTF-16, not UTF-8")]
        if b"\x00" in data:
            line = data.count(b"\n", 0, data.index(b"\x00")) + 1
            raise SourceError(f"{name}:{line}: holds a NUL byte, so it is no text; save it as UTF-8")
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if error.encoding.startswith("utf-16"):
            raise SourceError(f"{name}: begins like UTF-16 and is not; save it as UTF-8") from error
        line = data.count(b"\n", 0, error.start) + 1
        fault = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        return data.decode("cp1252", errors="replace"), [_encoding(name, line, fault)]


def utf16_of(data: bytes) -> str:
    r"""The name of the UTF-16 that bytes are in, by their mark or, without one, by their blanks; empty for others.

    Where Latin letters are written in two bytes, every other byte is a NUL, and no text holds NULs otherwise.

    >>> utf16_of("a,b\n".encode("utf-16-le")), utf16_of(b"a,\x00b\n")
    ('utf-16-le', '')
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if min(even, odd) or _FEWEST_NULS * max(even, odd) < len(head):
        return ""
    return ("utf-16-be" if even else "utf-16-le") if even or odd else ""


def _encoding(name: str, line: int, fault: str) -> Finding:
    fix = "read as its likely encoding; save the file as UTF-8"
    return Finding("encoding", Place(name, line), Severity.WARNING, fault, fix)


def sniff(path: Path) -> str:
    """The beginning and the end of a file for recognising its kind; empty where it is no ordinary readable file.

    Bytes that are no text stand for some character each: recognising raises nothing.
    """
    try:
        status = path.stat()
        return _sniffed(path, status.st_size, status.st_mtime_ns) if stat.S_ISREG(status.st_mode) else ""
    except (OSError, ValueError):
        return ""


@lru_cache(maxsize=1)
def _sniffed(path: Path, size: int, _changed: int) -> str:
    # Each format looks at the same file in its turn.
    with path.open("rb") as file:
        data = file.read(_HEAD)
        if size > _HEAD + _TAIL:
            file.seek(-_TAIL, os.SEEK_END)
        data += file.read(_TAIL)
    return data.decode(utf16_of(data) or "utf-8-sig", errors="replace")


def looks_like_json(text: str, *marks: str) -> bool:
    """Whether a text begins like a JSON document and holds each of the patterns outside of escaped quotes."""
    start = _BLANK.match(text)
    if start is None or text[start.end() : start.end() + 1] not in {"{", "["}:
        return False
    return all(re.search(r"(?<!\\)" + mark, text) for mark in marks)
