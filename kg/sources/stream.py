"""The text of a file of any size in pieces: decoded, hashed and checked while it is read, never held as a whole."""

from __future__ import annotations

import codecs
import hashlib
import stat
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity, SourceDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

MOST_BYTES = 16 << 30
"""The largest file that is read in pieces."""

PIECE = 1 << 20
"""Bytes of a piece."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class TextStream:
    """A text file, read once.

    Attributes:
        name: How it stands in messages.
        findings: What had to be mended; whole when the last piece was read.
    """

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._sha256 = hashlib.sha256()
        self._line = 1
        self.name = name
        self.findings: list[Finding] = []

    def document(self) -> SourceDocument:
        """The record of the document; true when the last piece was read."""
        return SourceDocument(self.name, self._sha256.hexdigest())

    def pieces(self) -> Iterator[str]:
        """The text, in UTF-8, in UTF-16 with its mark, or else from the first byte that is neither in Windows-1252.

        Raises:
            SourceError: The file is missing, unreadable, no ordinary file, too large, or not text.
        """
        try:
            self._check()
            with self._path.open("rb") as file:
                yield from self._decoded(file)
        except FileNotFoundError as error:
            raise SourceError(f"{self.name}: does not exist; check the path") from error
        except OSError as error:
            raise SourceError(f"{self.name}: cannot be read ({error.strerror}); check the file and its mode") from error

    def _check(self) -> None:
        status = self._path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise SourceError(f"{self.name}: is no ordinary file; give the file itself")
        if status.st_size > MOST_BYTES:
            limit = MOST_BYTES >> 30
            raise SourceError(f"{self.name}: {status.st_size:,} bytes; at most {limit} GB are read, so split the file")

    def _decoded(self, file: BinaryIO) -> Iterator[str]:
        data = file.read(PIECE)
        wide = data.startswith(_UTF16)
        decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")()
        if wide:
            self._report(1, "is UTF-16, not UTF-8")
        while True:
            self._sha256.update(data)
            if not wide and b"\x00" in data:
                line = self._line + data.count(b"\n", 0, data.index(b"\x00"))
                raise SourceError(f"{self.name}:{line}: holds a NUL byte, so it is no text; save it as UTF-8")
            held = decoder.getstate()[0]
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                if wide:
                    raise SourceError(f"{self.name}: begins like UTF-16 and is not; save it as UTF-8") from error
                line = self._line + error.object.count(b"\n", 0, error.start)
                self._report(line, f"byte 0x{error.object[error.start]:02x} is not UTF-8")
                decoder = codecs.getincrementaldecoder("cp1252")(errors="replace")
                text = decoder.decode(held + data, final=not data)
            self._line += text.count("\n")
            yield text
            if not data:
                return
            data = file.read(PIECE)

    def _report(self, line: int, fault: str) -> None:
        fix = "read as its likely encoding; save the file as UTF-8"
        self.findings.append(Finding("encoding", Place(self.name, line), Severity.WARNING, fault, fix))
