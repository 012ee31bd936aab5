"""Text and JSON that other tools wrote: size, encoding, depth and doubtful values are checked, and lines are kept.

Python's own decoder knows no lines. Here the spine of a document (the lists that hold its records) is walked record by
record, so that each record knows its line; what lies below is left to the decoder.
"""

from __future__ import annotations

import hashlib
import re
import stat
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity, SourceDocument

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from pathlib import Path

MAX_FILE_BYTES = 64 * 1024 * 1024
"""The largest file of another tool that is read: its values are held in memory, at up to twenty times its size."""

_MOST_RECORDS = 500_000
_MOST_DOUBTS = 1000
_DEEPEST_SPINE = 12
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
    return _CONTROL.sub(" ", value).strip() if isinstance(value, str) else ""


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
    """The text of bytes in UTF-8, in UTF-16 with its mark, or else in Windows-1252, with a finding for the latter two.

    Raises:
        SourceError: They hold a NUL byte, or begin like UTF-16 and are not.
    """
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
            return text.removeprefix("\ufeff"), [_encoding(name, 1, "is UTF-16, not UTF-8")]
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


def _encoding(name: str, line: int, fault: str) -> Finding:
    fix = "read as its likely encoding; save the file as UTF-8"
    return Finding("encoding", Place(name, line), Severity.WARNING, fault, fix)


def sniff(path: Path) -> str:
    """The text of a file for recognising its kind; empty where it is no ordinary readable file, or too large.

    Bytes that are no text stand for some character each: recognising raises nothing.
    """
    try:
        if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
            return ""
        data = path.read_bytes()
    except OSError:
        return ""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    return data.decode(encoding, errors="replace")


def looks_like_json(text: str, *marks: str) -> bool:
    """Whether a text begins like a JSON document and holds each of the patterns outside of escaped quotes."""
    start = _BLANK.match(text)
    if start is None or text[start.end() : start.end() + 1] not in {"{", "["}:
        return False
    return all(re.search(r"(?<!\\)" + mark, text) for mark in marks)


def parse_json(text: str, name: str, spine: Collection[str]) -> tuple[object, list[Finding]]:
    """The value of a JSON document and what is doubtful in it.

    Args:
        text: The document.
        name: Its name, for messages.
        spine: Keys whose values hold records that shall know their lines.

    Returns:
        The value, its objects on the spine as :class:`JsonObject`; findings for keys given twice (the first is kept)
        and for NaN and Infinity (read as null).

    Raises:
        SourceError: It is no JSON, or nested too deep.
    """
    reader = _Reader(text, name, frozenset(spine))
    try:
        value = reader.document()
    except RecursionError as error:
        line = text.count("\n", 0, reader.position) + 1
        raise SourceError(f"{name}:{line}: lists or objects nested too deep; flatten the document") from error
    return value, reader.findings


class _Reader:
    """Walks the spine of one document; ``position`` is behind what was read last."""

    def __init__(self, text: str, name: str, spine: frozenset[str]) -> None:
        self._text = text
        self._name = name
        self._spine = spine
        self._doubts: list[tuple[str, str, str]] = []
        self._decode: Callable[[str, int], tuple[object, int]] = JSONDecoder(
            object_pairs_hook=self._pairs, parse_constant=self._constant
        ).raw_decode
        self._lines = _Lines(text)
        self._records = 0
        self.findings: list[Finding] = []
        self.position = 0

    def document(self) -> object:
        """The one value of the document."""
        self._skip()
        value = self._value(0)
        self._skip()
        if self.position != len(self._text):
            raise self._error(self.position, "something stands behind the end of the document", "remove it")
        return value

    def _error(self, position: int, what: str, fix: str) -> SourceError:
        line = self._text.count("\n", 0, position) + 1
        return SourceError(f"{self._name}:{line}: {what}; {fix}")

    def _skip(self) -> None:
        match = _BLANK.match(self._text, self.position)
        self.position = match.end() if match else self.position

    def _next(self) -> str:
        return self._text[self.position : self.position + 1]

    def _value(self, depth: int) -> object:
        if depth < _DEEPEST_SPINE and self._next() == "{":
            return self._object(depth)
        if depth < _DEEPEST_SPINE and self._next() == "[":
            return [self._value(depth + 1) for _ in self._members("]")]
        return self._leaf()

    def _object(self, depth: int) -> JsonObject:
        found = JsonObject(line=self._lines.at(self.position))
        self._records += 1
        if self._records > _MOST_RECORDS:
            raise self._error(self.position, f"more than {_MOST_RECORDS:,} records", "split the file")
        for _ in self._members("}"):
            if self._next() != '"':
                raise self._error(self.position, "a key is no string in quotes", "write the document as JSON")
            line, key = self._lines.at(self.position), str(self._leaf())
            self._skip()
            if self._next() != ":":
                raise self._error(self.position, "no ':' behind a key", "write the document as JSON")
            self.position += 1
            self._skip()
            value = self._value(depth + 1) if key in self._spine else self._leaf()
            if key in found:
                self._repeated(key)
                self._report(line)
            else:
                found[key] = value
        return found

    def _members(self, closing: str) -> Iterator[None]:
        """Moves to the start of each value between the brackets, and behind the bracket that closes."""
        self.position += 1
        self._skip()
        if self._next() == closing:
            self.position += 1
            return
        while True:
            yield
            self._skip()
            mark = self._next()
            if mark not in {",", closing} or not mark:
                what = f"{mark!r} where ',' or {closing!r} belongs" if mark else "the document ends in the middle"
                raise self._error(self.position, what, "give the whole document")
            self.position += 1
            if mark == closing:
                return
            self._skip()

    def _leaf(self) -> object:
        start = self.position
        try:
            value, self.position = self._decode(self._text, start)
        except JSONDecodeError as error:
            raise self._error(error.pos, f"no JSON ({error.msg.lower()})", "give the whole document as JSON") from error
        except ValueError as error:
            raise self._error(start, "a number with too many digits", "shorten it") from error
        if self._doubts:
            self._report(self._lines.at(start))
        return value

    def _report(self, line: int) -> None:
        room = max(0, _MOST_DOUBTS - len(self.findings))
        place = Place(self._name, line)
        self.findings += [
            Finding(code, place, Severity.WARNING, what, fix) for code, what, fix in dict.fromkeys(self._doubts[:room])
        ]
        self._doubts.clear()

    def _repeated(self, key: str) -> None:
        if len(self._doubts) < _MOST_DOUBTS:
            self._doubts.append(("duplicate-key", f"the key {key[:40]!r} stands twice", "the first is kept"))

    def _pairs(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        found = dict(reversed(pairs))
        if len(found) < len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self._repeated(key)
                seen.add(key)
        return found

    def _constant(self, name: str) -> None:
        if len(self._doubts) < _MOST_DOUBTS:
            self._doubts.append(("no-number", f"{name} is no number of JSON", "read as null; leave the key out"))


class _Lines:
    """Line numbers of positions that never fall, so that the text is counted once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0
        self._line = 1

    def at(self, position: int) -> int:
        self._line += self._text.count("\n", self._position, position)
        self._position = max(position, self._position)
        return self._line
