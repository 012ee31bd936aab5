"""What a worker gives back: a status, a body in its form, and what the front needs to know of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kg.server.stream import Stream

LEVEL = 5
"""Of gzip."""
_WORTH_IT = 1024
_NOT_SAID = frozenset({"body", "rest", "stream", "graph"})


@dataclass(slots=True)
class Reply:
    """A reply, as HTTP will tell it.

    Attributes:
        status: The HTTP status.
        body: The body, packed where ``encoding`` says so.
        content_type: Of the body; empty where there is none.
        encoding: ``gzip``, or empty.
        rows: Rows or triples in it.
        truncated: Whether there would have been more.
        location: Where to go on, for a redirect.
        error: What is wrong, one line; the front writes the body then.
        excerpt: The faulty line of a query with a caret below.
        line: Of a fault in a query, from 1; 0 where it has no place.
        column: The same, in code points.
        bug: The trace of a fault of ours, for the log alone.
        rest: In a worker, the body in pieces that are still to be made.
        stream: In the front, the body in pieces that are still to come.
        graph: In the front, the identity of the graph that was asked.
    """

    status: int = 200
    body: bytes = b""
    content_type: str = ""
    encoding: str = ""
    rows: int = 0
    truncated: bool = False
    location: str = ""
    error: str = ""
    excerpt: str = ""
    line: int = 0
    column: int = 0
    bug: str = ""
    rest: Iterator[bytes] | None = None
    stream: Stream | None = None
    graph: str = ""

    @classmethod
    def of_error(
        cls, status: int, error: str, *, excerpt: str = "", line: int | None = None, column: int | None = None
    ) -> Self:
        """A reply that says what is wrong."""
        return cls(status, error=error, excerpt=excerpt, line=line or 0, column=column or 0)

    @classmethod
    def read(cls, head: Mapping[str, Any], body: bytes, stream: Stream | None = None) -> Self:
        """A reply from the head and the body of a message, with what comes behind it."""
        return cls(**head, body=body, stream=stream)

    def head(self) -> dict[str, Any]:
        """All but the body, without what is as it is by default."""
        said = {field.name: getattr(self, field.name) for field in fields(self) if field.name not in _NOT_SAID}
        return {name: value for name, value in said.items() if value or name == "status"}

    def packed(self, *, wanted: bool) -> Self:
        """The same with its body packed, where the client wants it and it is worth it."""
        if wanted and not self.encoding and len(self.body) >= _WORTH_IT:
            # Without a time in it: the same answer has the same bytes.
            self.body = gzip.compress(self.body, LEVEL, mtime=0)
            self.encoding = "gzip"
        return self
