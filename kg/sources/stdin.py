"""What is piped in, kept in a file while it is read: every reader wants to look at the beginning first."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kg.errors import SourceError
from kg.sources.markdown import HEADING

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "stdin"
"""How messages and documents name it."""

MOST_BYTES = 4 << 30
"""The most that is read."""

_CHUNK = 1 << 20
_HEAD = 4096


@contextlib.contextmanager
def spooled(stream: BinaryIO) -> Iterator[Path]:
    """A file with what a stream holds, in a folder of its own that is gone afterwards.

    Raises:
        SourceError: The stream is empty or holds too much.
    """
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        path = Path(folder, NAME)
        head, size = b"", 0
        with path.open("wb") as file:
            while chunk := stream.read(_CHUNK):
                head = head or chunk[:_HEAD]
                size += file.write(chunk)
                if size > MOST_BYTES:
                    raise SourceError(f"{NAME}: more than {MOST_BYTES >> 30} GB; write it to a file and name that")
        if not size:
            raise SourceError(f"{NAME}: is empty; pipe a source into it, or name a file")
        yield path.rename(path.with_suffix(".md")) if _is_page(head) else path


def _is_page(head: bytes) -> bool:
    """Whether it begins like a page of DISARM: pages are known by the ending of their name alone."""
    text = head.decode("utf-8-sig", errors="replace")
    return HEADING.match(text.lstrip()) is not None
