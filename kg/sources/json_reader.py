"""JSON that other tools wrote, whole or as a stream of records: depth and doubtful values are checked, lines are kept.

Python's own decoder knows no lines and wants the whole text. Here the spine of a document (the lists that hold its
records) is walked record by record over a window of the text, so that each record knows its line and none has to stay;
what lies below the spine is left to the decoder.
"""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity
from kg.sources.json_text import JsonObject
from kg.sources.json_window import Window

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

MOST_RECORDS = 20_000_000
"""The most objects on the spine of one document."""

LONGEST_VALUE = 64 << 20
"""The longest value below the spine, in characters."""

_LONG_RECORD = 4 << 20
"""Characters above which a record is walked key by key, so that no more of it than one value is held twice."""

_MOST_DOUBTS = 1000
_DEEPEST_SPINE = 12
_BLANK = re.compile(r"[ \t\n\r]*")
_CUT_NUMBER = re.compile(r"[-+.eE0-9]*\Z")
_LONGEST_TOKEN = 16
"""Characters that may be missing where the decoder stops at a number, an escape or a word that is cut off."""


def parse_json(text: str, name: str, spine: Collection[str]) -> tuple[object, list[Finding]]:
    """The value of a JSON document and what is doubtful in it.

    Args:
        text: The document.
        name: Its name, for messages.
        spine: Keys below which the records stand whose lines are wanted.

    Returns:
        The value, its objects on the spine as :class:`JsonObject`; findings for keys given twice (the first is kept)
        and for NaN and Infinity (read as null).

    Raises:
        SourceError: It is no JSON, or nested too deep.
    """
    reader = _Reader(Window((text,)), name, frozenset(spine))
    return reader.document(), reader.findings


def stream_json(
    pieces: Iterable[str], name: str, wrappers: Collection[str], take: Callable[[object], None]
) -> list[Finding]:
    """Hand over the records of a document one by one, and give what is doubtful in it.

    A record is what is reached through lists and through the keys of ``wrappers`` in objects that have no ``type`` or
    the type ``bundle``. Values below such a record are not looked for records.

    Args:
        pieces: The document in pieces.
        name: Its name, for messages.
        wrappers: Keys below which records stand.
        take: Is given each record: a :class:`JsonObject`, or what stands in its place.

    Raises:
        SourceError: It is no JSON, or nested too deep.
    """
    reader = _Reader(Window(pieces), name, frozenset(wrappers), take)
    reader.document()
    return reader.findings


class _Reader:
    """Walks the spine of one document."""

    def __init__(
        self, window: Window, name: str, spine: frozenset[str], take: Callable[[object], None] | None = None
    ) -> None:
        self._window = window
        self._name = name
        self._spine = spine
        self._take = take
        self._doubts: list[tuple[str, str, str]] = []
        self._decode: Callable[[str, int], tuple[object, int]] = JSONDecoder(
            object_pairs_hook=self._pairs, parse_constant=self._constant
        ).raw_decode
        self._records = 0
        self.findings: list[Finding] = []

    def document(self) -> object:
        """The one value of the document."""
        try:
            self._window.skip(_BLANK)
            value = self._value(0, loose=self._take is not None)
            self._window.skip(_BLANK)
        except RecursionError as error:
            raise self._error(0, "lists or objects nested too deep", "flatten the document") from error
        if self._window.next():
            raise self._error(0, "something stands behind the end of the document", "remove it")
        return value

    def _error(self, ahead: int, what: str, fix: str) -> SourceError:
        line = self._window.line(self._window.position + ahead)
        return SourceError(f"{self._name}:{line}: {what}; {fix}")

    def _value(self, depth: int, *, loose: bool) -> object:
        """A value on the spine; ``loose`` where what it holds, or it itself, is handed over and not kept."""
        mark = self._window.next() if depth < _DEEPEST_SPINE else ""
        if mark == "[":
            if loose:
                for _ in self._members("]"):
                    self._record(depth + 1)
                return []
            return [self._value(depth + 1, loose=False) for _ in self._members("]")]
        value = self._object(depth, loose=loose) if mark == "{" else self._leaf()
        if loose and self._take is not None and not self._is_wrapper(value):
            self._take(value)
        return value

    def _record(self, depth: int) -> None:
        """Hand over a member of a list: decoded at one go where it is no wrapper and of common size."""
        window = self._window
        if self._take is not None and window.next() == "{":
            line, whole = window.line(), self._whole()
            if whole is not None and not self._is_wrapper(found := JsonObject(whole[0], line)):
                self._count()
                window.position = whole[1]
                if self._doubts:
                    self._report(line)
                self._take(found)
                return
        self._value(depth, loose=True)

    def _whole(self) -> tuple[dict[str, object], int] | None:
        """The object that begins here and where it ends, or None where it is long or at fault."""
        window = self._window
        while True:
            self._doubts.clear()
            try:
                value, end = self._decode(window.text, window.position)
            except ValueError:
                if len(window.text) - window.position > _LONG_RECORD or not window.widen():
                    return None
            else:
                return (value, end) if isinstance(value, dict) else None

    def _count(self) -> None:
        self._records += 1
        if self._records > MOST_RECORDS:
            raise self._error(0, f"more than {MOST_RECORDS:,} records", "split the file")

    def _is_wrapper(self, value: object) -> bool:
        if not isinstance(value, JsonObject):
            return False
        kind = value.text("type")
        return kind == "bundle" or (not kind and not self._spine.isdisjoint(value))

    def _object(self, depth: int, *, loose: bool) -> JsonObject:
        window = self._window
        found = JsonObject(line=window.line())
        self._count()
        for _ in self._members("}"):
            if window.next() != '"':
                raise self._error(0, "a key is no string in quotes", "write the document as JSON")
            line, key = window.line(), str(self._leaf())
            window.skip(_BLANK)
            if window.next() != ":":
                raise self._error(0, "no ':' behind a key", "write the document as JSON")
            window.position += 1
            window.skip(_BLANK)
            if key in self._spine:
                value = self._value(depth + 1, loose=loose and found.text("type") in {"", "bundle"})
            else:
                value = self._leaf()
            if key in found:
                self._repeated(key)
                self._report(line)
            else:
                found[key] = value
        return found

    def _members(self, closing: str) -> Iterator[None]:
        """Moves to the start of each value between the brackets, and behind the bracket that closes."""
        window = self._window
        window.position += 1
        window.skip(_BLANK)
        if window.next() == closing:
            window.position += 1
            return
        while True:
            yield
            window.skip(_BLANK)
            mark = window.next()
            if mark not in {",", closing} or not mark:
                what = f"{mark!r} where ',' or {closing!r} belongs" if mark else "the document ends in the middle"
                raise self._error(0, what, "give the whole document")
            window.position += 1
            if mark == closing:
                return
            window.skip(_BLANK)

    def _leaf(self) -> object:
        window = self._window
        line = window.line()
        while True:
            self._doubts.clear()
            try:
                value, end = self._decode(window.text, window.position)
            except JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or error.pos + _LONGEST_TOKEN > len(window.text)
                if cut and self._more():
                    continue
                ahead = error.pos - window.position
                what = f"no JSON ({error.msg.lower()})"
                raise self._error(ahead, what, "give the whole document as JSON") from error
            except ValueError as error:
                raise self._error(0, "a number with too many digits", "shorten it") from error
            # A number may go on behind the window: of "10.5" the decoder takes "10" out of "10." too.
            if not _CUT_NUMBER.match(window.text, end) or not self._more():
                break
        window.position = end
        if self._doubts:
            self._report(line)
        return value

    def _more(self) -> bool:
        """Widen the window where there is more; twice as wide each time, so that a long value is not read often."""
        if len(self._window.text) - self._window.position > LONGEST_VALUE:
            raise self._error(0, f"a value of more than {LONGEST_VALUE >> 20} MB", "split it, or close what is open")
        return self._window.widen()

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
