"""What a request says, read strictly and within the limits: parameters decoded once, no body larger than may be."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive, Scope

_MOST_PAIRS = 1000
_NONE = re.compile(r"q\s*=\s*0(?:\.0*)?\s*")
BAD_REQUEST, TIMEOUT, TOO_LARGE, TOO_LONG, NOT_SUPPORTED = 400, 408, 413, 414, 415


class HttpError(Exception):
    """A request that is answered with an error.

    Attributes:
        status: The HTTP status.
        headers: More headers of the answer.
    """

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})


def header(scope: Scope, name: bytes) -> str:
    """The value of a header (its name in small letters); several are joined with commas."""
    return ", ".join(value.decode("latin-1") for key, value in scope["headers"] if key == name)


def client_of(scope: Scope) -> str:
    """Whom a request is from: an address; of IPv6 its network of 64 bits, since all of that is one client's."""
    client = scope.get("client")
    return _network(client[0]) if client else ""


@functools.lru_cache(4096)
def _network(address: str) -> str:
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        # An address of IPv4, or what a proxy that is trusted says it is.
        return address
    return str(found.ipv4_mapped or ipaddress.IPv6Network((int(found) >> 64 << 64, 64)))


def takes_gzip(scope: Scope) -> bool:
    """Whether the client takes gzip."""
    for item in header(scope, b"accept-encoding").lower().split(","):
        name, _, parameter = item.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return not _NONE.fullmatch(parameter.strip())
    return False


async def read_body(scope: Scope, receive: Receive, *, most: int, seconds: float) -> bytes:
    """The body of a request.

    Raises:
        HttpError: it is too large, which is known before much of it is read, or comes too slowly.
    """
    declared = header(scope, b"content-length")
    if declared.isdigit() and int(declared) > most:
        raise _too_large(most)
    parts: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise HttpError(BAD_REQUEST, "the request ended early")
                part = message.get("body", b"")
                size += len(part)
                if size > most:
                    raise _too_large(most)
                parts.append(part)
                if not message.get("more_body", False):
                    return b"".join(parts)
    except TimeoutError as error:
        late = f"the request body did not come within {seconds:g} s"
        raise HttpError(TIMEOUT, late, {"Connection": "close"}) from error


def pairs(data: bytes, what: str, longest: int = 1 << 20) -> list[tuple[str, str]]:
    """Names and values of an ``application/x-www-form-urlencoded`` text, decoded once, empty values kept.

    Args:
        data: The text.
        what: What it is, for messages.
        longest: Bytes that a value may have before it is decoded.

    >>> pairs(b"a=1&b=x+y%2By&a=", "query string")
    [('a', '1'), ('b', 'x y+y'), ('a', '')]

    Raises:
        HttpError: it is not UTF-8, or has too many.
    """
    found: list[tuple[str, str]] = []
    for item in data.split(b"&", _MOST_PAIRS):
        if not item:
            continue
        if len(found) >= _MOST_PAIRS:
            raise HttpError(BAD_REQUEST, f"the {what} has more than {_MOST_PAIRS} parameters")
        name, _, value = item.partition(b"=")
        if max(len(name), len(value)) > longest:
            raise HttpError(TOO_LONG, f"a parameter of the {what} is longer than {longest // 1024} kB")
        try:
            found.append((_decoded(name), _decoded(value)))
        except UnicodeDecodeError as error:
            raise HttpError(BAD_REQUEST, f"the {what} is not UTF-8, percent-encoded") from error
    return found


def _decoded(data: bytes) -> str:
    return unquote_to_bytes(data.replace(b"+", b" ")).decode()


def media_type(scope: Scope) -> tuple[str, str]:
    """Type and charset of the body, in small letters; both may be empty."""
    kind, *parameters = header(scope, b"content-type").lower().split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "charset":
            return kind.strip(), value.strip().strip("\"'")
    return kind.strip(), ""


def text_body(data: bytes, charset: str) -> str:
    """A body as text.

    Raises:
        HttpError: it is not in UTF-8, or says so.
    """
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise HttpError(NOT_SUPPORTED, "the charset of the body is not UTF-8; send UTF-8")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise HttpError(BAD_REQUEST, f"byte {error.start} of the body is not UTF-8; send UTF-8") from error


def _too_large(most: int) -> HttpError:
    return HttpError(TOO_LARGE, f"the request body is larger than {most / 1024:g} kB", {"Connection": "close"})
