"""How a worker sends what it has worked out: whole, in pieces, or row by row while the query still runs.

An answer that fits into :data:`WHOLE` is finished before its status is chosen, so that a limit it meets is told by the
status and a cut by a header. Larger ones are sent on their way where their form can say at its end that it was cut:
JSON, with its head last. The other forms are finished first whatever their size.
"""

from __future__ import annotations

import itertools
import zlib
from typing import TYPE_CHECKING, Any

from kg.errors import KgError
from kg.server.replies import LEVEL, Reply
from kg.server.wire import Message, packed
from kg.store.rows import RowsWriter

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator

    from kg.server.negotiation import Form
    from kg.store.embedded import Flow

WHOLE = 4 << 20
"""Bytes of rows up to which an answer is finished before it is sent."""

PIECE = 256 * 1024
"""Bytes of a body above which it goes in pieces, so that the front holds no more than its client takes."""

_ROWS = 500
_GZIP = 31
"""Window of zlib with the head and the end of gzip; there is no time in it."""


def reply_of_rows(flow: Flow, form: Form, *, streamed: bool, gzip: bool) -> Reply:
    """A reply with rows, read as far as it has to be whole.

    Args:
        flow: The rows.
        form: How they are written.
        streamed: Whether the client takes a body whose length it is not told before.
        gzip: Whether the client takes gzip.

    Raises:
        QueryError: the query cannot be evaluated, as far as it was.
    """
    writer = RowsWriter(flow.variables, form.name, replace=True)
    blocks: list[bytes] = []
    size = 0
    rows = iter(flow.rows)
    for block in _blocks(writer, rows):
        blocks.append(block)
        size += len(block)
        if streamed and form.name == "json" and size > WHOLE:
            pieces = _written(writer, flow, itertools.chain(blocks, _blocks(writer, rows)))
            reply = Reply(content_type=form.content_type, rest=_zipped(pieces) if gzip else pieces)
            reply.encoding = "gzip" if gzip else ""
            return reply
    taken, cut = flow.rows.taken, flow.rows.truncated
    body = writer.opening(taken if cut else None) + writer.between.join(blocks) + writer.ending()
    return Reply(body=body, content_type=form.content_type, rows=taken, truncated=cut).packed(wanted=gzip)


def _blocks(writer: RowsWriter, rows: Iterator[Any]) -> Iterator[bytes]:
    while block := list(itertools.islice(rows, _ROWS)):
        yield writer.block(block)


def _written(writer: RowsWriter, flow: Flow, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield writer.opening_without_head() + next(blocks)
    for block in blocks:
        yield writer.between + block
    yield writer.ending_with_head(flow.rows.taken if flow.rows.truncated else None)


def _zipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()


def send_reply(channel: socket.socket, reply: Reply) -> None:
    """Send a reply over a channel that blocks: one message, or one with ``more`` in its head and others behind it.

    The last message of several has no ``more``. Where rows cannot be told to their end its head says ``broken``, and
    why.
    """
    head = reply.head()
    if reply.rest is None and len(reply.body) <= PIECE:
        channel.sendall(packed(Message(head, reply.body)))
        return
    if reply.rest is None:
        # Its length is known, and so told.
        head["length"] = len(reply.body)
        pieces = (reply.body[start : start + PIECE] for start in range(0, len(reply.body), PIECE))
    else:
        pieces = (piece for piece in reply.rest if piece)
    channel.sendall(packed(Message({**head, "more": True})))
    end: dict[str, object] = {}
    try:
        for piece in pieces:
            channel.sendall(packed(Message({"more": True}, piece)))
    except KgError as error:
        end["broken"] = str(error)
    except MemoryError:
        end["broken"] = "query: needs more memory than it may have"
    channel.sendall(packed(Message(end)))
