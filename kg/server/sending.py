"""How a worker sends what it has worked out: whole, in pieces, or row by row while the query still runs.

An answer that fits into :data:`WHOLE` is finished before its status is chosen, so that a limit it meets is told by the
status and a cut by a header. Larger ones are sent while the query runs, and say at their end that they were cut: JSON
with its head last, XML by an instruction, Turtle, N-Triples and RDF/XML by a comment. CSV, TSV and JSON-LD cannot: they
are finished first up to :data:`UNTOLD`, and one that is cut beyond is broken off, so that nobody takes it for whole.
"""

from __future__ import annotations

import itertools
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.errors import KgError
from kg.server.replies import LEVEL, Reply
from kg.server.wire import Message, packed
from kg.store.answers import Triples
from kg.store.formats import render_answer
from kg.store.graphwriter import GraphWriter
from kg.store.rows import RowsWriter

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from kg.server.negotiation import Form
    from kg.store.embedded import Flow, GraphFlow
    from kg.store.most import Cutter

WHOLE = 4 << 20
"""Bytes of rows up to which an answer is finished before it is sent."""

UNTOLD = 16 << 20
"""The same for forms that cannot say at their end that they were cut: all of an answer within the default limits."""

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
    most = WHOLE if writer.tells_at_end else UNTOLD
    for block in _blocks(writer.block, rows):
        blocks.append(block)
        size += len(block)
        if streamed and size > most:
            every = itertools.chain(blocks, _blocks(writer.block, rows))
            told = _Document(writer.opening_untold(), writer.between, writer.ending_told)
            return _in_pieces(told, every, flow.rows, form, gzip=gzip)
    taken, cut = flow.rows.taken, flow.rows.truncated
    body = writer.opening(taken if cut else None) + writer.between.join(blocks) + writer.ending()
    return Reply(body=body, content_type=form.content_type, rows=taken, truncated=cut).packed(wanted=gzip)


def reply_of_graph(flow: GraphFlow, form: Form, *, streamed: bool, gzip: bool) -> Reply:
    """A reply with triples, read as far as it has to be whole: sorted where it is, and else as they are found.

    Args:
        flow: The triples.
        form: How they are written.
        streamed: Whether the client takes a body whose length it is not told before.
        gzip: Whether the client takes gzip.

    Raises:
        QueryError: the query cannot be evaluated, as far as it was.
        OutputError: the form cannot say what the triples say.
    """
    writer = GraphWriter(form.name, replace=True)
    most = WHOLE if writer.tells_at_end else UNTOLD
    triples, taken = iter(flow.triples), []
    for triple in triples:
        taken.append(triple)
        if streamed and flow.triples.size > most:
            every = _blocks(writer.block, itertools.chain(taken, triples))
            told = _Document(writer.opening(), writer.between, writer.ending)
            return _in_pieces(told, every, flow.triples, form, gzip=gzip)
    answer = Triples(taken, truncated=flow.triples.truncated)
    reply = Reply(body=render_answer(answer, form.name, replace=True), content_type=form.content_type)
    reply.rows, reply.truncated = len(answer), answer.truncated
    return reply.packed(wanted=gzip)


class _Document(NamedTuple):
    """What stands around blocks; the ending is told after how many items they were cut, where they were."""

    opening: bytes
    between: bytes
    ending: Callable[[int | None], bytes]


def _in_pieces(told: _Document, blocks: Iterator[bytes], items: Cutter[Any], form: Form, *, gzip: bool) -> Reply:
    def pieces() -> Iterator[bytes]:
        yield told.opening + next(blocks)
        for block in blocks:
            yield told.between + block
        yield told.ending(items.taken if items.truncated else None)

    rest = _zipped(pieces()) if gzip else pieces()
    return Reply(content_type=form.content_type, rest=rest, encoding="gzip" if gzip else "")


def _blocks(write: Callable[[list[Any]], bytes], items: Iterator[Any]) -> Iterator[bytes]:
    while block := list(itertools.islice(items, _ROWS)):
        yield write(block)


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
