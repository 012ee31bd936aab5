"""Connections that cannot be held open for nothing: heads that never end, clients that stop reading, idle crowds.

uvicorn's protocol on httptools, with a clock on each phase of a connection. One task looks at all of them twice a
second, so that a connection costs no timer of its own.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

    from kg.server.limits import Limits

_EVERY = 0.5
_MOST_PIPELINED = 16
_MOST_HEADERS = 100
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")
IDLE, HEAD, BODY, ANSWER = "idle", "head", "body", "answer"


class Connection(HttpToolsProtocol):
    """A connection of a client.

    Attributes:
        on_lost: Called when the client goes away.
        phase: What it is doing: idle, head or body (of a request, arriving), answer (being worked out or sent).
    """

    limits: ClassVar[Limits]

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*args, **kwargs)
        self.on_lost: Callable[[], object] | None = None
        self.phase = IDLE
        self._since = self.loop.time()
        # Bytes of the request that are no body: its head, sizes of chunks, and fields behind the last of them.
        self._frame = 0
        self._body = 0
        self._paused: float | None = None
        self._closing: float | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take it in; where there are too many, the one that has been idle longest goes."""
        super().connection_made(transport)
        if len(self.connections) > self.limits.connections:
            others = [other for other in self.connections if isinstance(other, Connection) and other is not self]
            idle = [other for other in others if other.phase in {IDLE, HEAD}]
            (min(idle, key=lambda other: other._since) if idle else self).abort()  # noqa: SLF001 - of the same class

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell whoever works for this client that it is gone."""
        super().connection_lost(exc)
        if self.on_lost is not None:
            self.on_lost()

    def data_received(self, data: bytes) -> None:
        """Take in a piece of a request."""
        if self.transport.is_closing():
            return
        body = self._body
        super().data_received(data)
        if self.phase in {HEAD, BODY}:
            self._frame += len(data) - (self._body - body)
            if self._frame > self.limits.head:
                self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self.scope["extensions"] = {"kg.connection": self}  # type: ignore[dict-item]
        self._enter(HEAD)
        self._frame = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header of it is there."""
        if self.phase == BODY:
            # One behind the body is not wanted, and must not pass for one of the head.
            return
        if len(self.headers) >= _MOST_HEADERS:
            message = "too many headers"
            raise ValueError(message)
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Its head is there."""
        if len(self.pipeline) >= _MOST_PIPELINED:
            message = "too many requests in a row"
            raise ValueError(message)
        self._check_framing()
        super().on_headers_complete()
        self._enter(BODY)

    def _check_framing(self) -> None:
        """Refuse what a proxy in front of us may read otherwise than we do: RFC 9112, 3.2 and 6.1."""
        version = self.parser.get_http_version()
        hosts = [value for name, value in self.headers if name == b"host"]
        codings = [value.strip().lower() for name, value in self.headers if name == b"transfer-encoding"]
        if (
            version not in {"1.0", "1.1"}
            or len(hosts) > 1
            or (version == "1.1" and not hosts)
            or not all(_HOST.fullmatch(host) for host in hosts)
            or (codings and (version == "1.0" or codings != [b"chunked"]))
        ):
            message = "not plainly one request"
            raise ValueError(message)

    def on_body(self, body: bytes) -> None:
        """A piece of its body is there."""
        super().on_body(body)
        self._body += len(body)

    def on_message_complete(self) -> None:
        """All of it is there."""
        super().on_message_complete()
        self._enter(IDLE if self.cycle.response_complete else ANSWER)

    def on_response_complete(self) -> None:
        """It is answered."""
        super().on_response_complete()
        if self.phase == ANSWER and not self.pipeline:
            self._enter(IDLE)

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._paused = self.loop.time()

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        self._paused = None

    def check(self, now: float) -> None:
        """End the connection where it has been in its phase too long."""
        waited = now - self._since
        if self.transport.is_closing():
            self._closing = self._closing or now
            late = now - self._closing > self.limits.slow
        elif self._paused is not None:
            late = now - self._paused > self.limits.slow
        elif self.phase == HEAD and waited > self.limits.slow:
            self._refuse(_TOO_SLOW)
            return
        else:
            # The body has its own clock, which answers; this one is for bodies that nobody wanted.
            late = (self.phase == IDLE and waited > self.limits.idle) or (
                self.phase == BODY and waited > self.limits.slow + self.limits.seconds + self.limits.wait
            )
        if late:
            self.abort()

    def abort(self) -> None:
        """Close it at once, whatever is still to be sent."""
        if self.transport is not None:
            self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        if self._is_answering():
            self.abort()
        else:
            super().send_400_response(msg)

    def _refuse(self, answer: bytes) -> None:
        if self._is_answering():
            self.abort()
        else:
            self.transport.write(answer)
            self.transport.close()

    def _is_answering(self) -> bool:
        """Whether an answer to an earlier request is on its way, in the middle of which nothing else may be written."""
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and cycle.response_started and not cycle.response_complete

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self._since = self.loop.time()


async def watch(connections: set[Any]) -> None:
    """Look at all connections again and again."""
    loop = asyncio.get_running_loop()
    while True:
        await asyncio.sleep(_EVERY)
        now = loop.time()
        for connection in list(connections):
            if isinstance(connection, Connection):
                connection.check(now)
