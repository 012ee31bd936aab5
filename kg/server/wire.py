"""Messages between the front and its processes: a head in JSON and a body of bytes, each with its length before it."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import socket
    from collections.abc import Iterator, Mapping

_LENGTHS = struct.Struct("!II")
_CHUNK = 1 << 18
LARGEST = 1 << 30
"""Bytes of a head or a body."""

SPAWN, PREPARE, KILL = b"s", b"p", b"k"
"""Orders to a keeper: fork a worker on the socket that comes along; the same, but one that may read our own files; kill
the worker whose process id follows in :data:`DIGITS` digits."""
DIGITS = 10


class Message(NamedTuple):
    """A head, whose members depend on the kind of message, and a body."""

    head: Mapping[str, Any]
    body: bytes = b""


class WireError(Exception):
    """Bytes that are no message: the other side is not what it should be."""


def packed(message: Message) -> bytes:
    """A message as bytes."""
    head = json.dumps(message.head, separators=(",", ":")).encode()
    return _LENGTHS.pack(len(head), len(message.body)) + head + message.body


class Unpacker:
    """Messages out of bytes that come in pieces."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, piece: bytes) -> Iterator[Message]:
        """The messages that this piece completes.

        Raises:
            WireError: the bytes are no messages.
        """
        self._held += piece
        while len(self._held) >= _LENGTHS.size:
            head, body = _LENGTHS.unpack_from(self._held)
            if max(head, body) > LARGEST:
                message = f"a message of {max(head, body)} bytes"
                raise WireError(message)
            start, end = _LENGTHS.size + head, _LENGTHS.size + head + body
            if len(self._held) < end:
                return
            yield Message(_parsed(bytes(self._held[_LENGTHS.size : start])), bytes(self._held[start:end]))
            del self._held[:end]


def receive(channel: socket.socket) -> Message | None:
    """The next message of a socket that blocks; None where the other side is gone."""
    lengths = _exactly(channel, _LENGTHS.size)
    if lengths is None:
        return None
    head, body = _LENGTHS.unpack(lengths)
    data = _exactly(channel, head + body)
    return None if data is None else Message(_parsed(data[:head]), data[head:])


def _exactly(channel: socket.socket, size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = channel.recv(min(size, _CHUNK))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        head = json.loads(data)
    except ValueError as error:
        message = "a head that is not JSON"
        raise WireError(message) from error
    if not isinstance(head, dict):
        message = "a head that is no object"
        raise WireError(message)
    return head
