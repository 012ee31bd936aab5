"""The bytes of files that strangers wrote: size, kind and encoding are checked, nothing is guessed in silence."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Finding, Place, Severity, SourceDocument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""The largest page that is read; the largest of DISARM is under 200 kB."""


# Neither RDF/XML nor a terminal can take these; no page has a use for them.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


_HARMLESS_BYTES = bytes([*b"\t\n\r", *range(0x20, 0x7F), *range(0x80, 0x100)])
_C1 = re.compile(rb"\xc2[\x80-\x9f]")
_RARE = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\uffff"


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that was read: its document record, its text with one kind of line end, and what had to be mended."""

    document: SourceDocument
    text: str
    findings: tuple[Finding, ...]


def read_text(path: str | os.PathLike[str], name: str) -> TextFile:
    """Read a page.

    Args:
        path: The file.
        name: Its path relative to the source, as it is to stand in messages and in the graph.

    Raises:
        SourceError: The file is missing, unreadable, no ordinary file, too large, or not text.
    """
    data = _read_bytes(path, name)
    document = SourceDocument(name, hashlib.sha256(data).hexdigest())
    decoded, findings = _decode(data, name)
    text = decoded.replace("\r\n", "\n").replace("\r", "\n") if "\r" in decoded else decoded
    # Looking at every character is the dearest step of reading; the bytes tell that most pages need no such look.
    control = CONTROL.search(text) if findings or _may_hold_controls(data, text) else None
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        message = f"control character U+{ord(control[0]):04X}"
        finding = Finding(
            "control-character", Place(name, line), Severity.WARNING, message, "read as a blank; remove it"
        )
        text, findings = CONTROL.sub(" ", text), (*findings, finding)
    return TextFile(document, text, findings)


def _may_hold_controls(data: bytes, text: str) -> bool:
    """Whether a UTF-8 text holds a control character, told by searches that are far quicker than a class of them."""
    if data.translate(None, _HARMLESS_BYTES) or (b"\xc2" in data and _C1.search(data) is not None):
        return True
    return not text.isascii() and any(char in text for char in _RARE)


def _read_bytes(path: str | os.PathLike[str], name: str) -> bytes:
    try:
        # Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            return _read_descriptor(descriptor, name)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise SourceError(f"{name}: does not exist; check the path") from error
    except PermissionError as error:
        raise SourceError(f"{name}: cannot be read (permission denied); change its mode or its owner") from error
    except OSError as error:
        raise SourceError(f"{name}: cannot be read ({error.strerror}); check the file") from error


def _read_descriptor(descriptor: int, name: str) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise SourceError(f"{name}: is no ordinary file; give a page, a folder or an RDF file")
    if status.st_size > MAX_PAGE_BYTES:
        limit = MAX_PAGE_BYTES // 1024 // 1024
        raise SourceError(f"{name}: {status.st_size:,} bytes; a page of DISARM has at most {limit} MB")
    data = os.read(descriptor, status.st_size + 1)
    if len(data) == status.st_size:
        return data
    # It grew while it was read, its size is not known before (as below /proc), or the read was cut short.
    pieces = [data]
    while pieces[-1] and sum(map(len, pieces)) <= MAX_PAGE_BYTES:
        pieces.append(os.read(descriptor, MAX_PAGE_BYTES))
    return b"".join(pieces)


def _decode(data: bytes, name: str) -> tuple[str, tuple[Finding, ...]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise SourceError(f"{name}: begins like UTF-16 and is not; save it as UTF-8") from error
        return text, (_encoding_finding(name, 1, "is UTF-16, not UTF-8"),)
    if b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise SourceError(f"{name}:{line}: holds a NUL byte, so it is no text; give the page itself")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = f"byte 0x{data[error.start]:02x} is not UTF-8"
        # Windows-1252 leaves five bytes undefined; Latin-1 has a character for each of them.
        text = data.decode("cp1252", errors="replace") if _fits_cp1252(data) else data.decode("latin-1")
        return text, (_encoding_finding(name, line, fault),)


def _fits_cp1252(data: bytes) -> bool:
    return not any(byte in data for byte in b"\x81\x8d\x8f\x90\x9d")


def _encoding_finding(name: str, line: int, fault: str) -> Finding:
    return Finding(
        "encoding", Place(name, line), Severity.WARNING, fault, "read as its likely encoding; save the page as UTF-8"
    )


def shown_name(name: str) -> str:
    r"""A file name as text: bytes of it that are not UTF-8 are written as ``\xff``.

    >>> print(shown_name("a\udcff.md"))
    a\xff.md
    """
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def walk_markdown(folder: Path) -> Iterator[tuple[str, str]]:
    """Every ``.md`` file below a folder, its path and its relative name, in order of name.

    Links to folders are not followed, so a loop of links ends nothing.
    """
    found: list[tuple[str, str]] = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = [name for name in folders if name != ".git"]
        below = os.path.relpath(root, folder)
        prefix = "" if below == os.curdir else below.replace(os.sep, "/") + "/"
        # A Path for each of 10^5 pages would cost more than reading them.
        markdown = (file for file in files if file.lower().endswith(".md"))
        found.extend((shown_name(prefix + file), f"{root}{os.sep}{file}") for file in markdown)
    for name, path in sorted(found):
        yield path, name
