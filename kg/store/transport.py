"""HTTP to other people's endpoints: bounded, never redirected, with credentials that stand nowhere but in a header.

Credentials come from the variables ``KG_ENDPOINT_TOKEN`` (sent as a bearer token), or ``KG_ENDPOINT_USER`` and
``KG_ENDPOINT_PASSWORD``, or from netrc (the file that ``NETRC`` names, else ``~/.netrc``); never from an address.
"""

from __future__ import annotations

import gzip
import http.client
import io
import ipaddress
import netrc
import os
import socket
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from kg._version import __version__
from kg.errors import SourceError, StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 120.0
"""How long the other side may be silent."""
LARGEST = 1 << 30
"""Bytes of an answer."""

_TRIES = 3
_PAUSE = 1.0
_CHUNK = 1 << 18
_AGAIN = frozenset({429, 502, 503, 504})
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Received:
    """An answer: its media type without parameters, its headers and its body."""

    media_type: str
    headers: Message
    body: bytes


class RefusedError(StoreError):
    """The other side answered with an error.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def checked_address(address: str) -> str:
    """An address that may be asked: https, or http on this machine, and no credentials in it.

    Raises:
        SourceError: it is none.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        message = f"{_without_secrets(address)}: is no address ({error}); write one such as https://example.org/sparql"
        raise SourceError(message) from error
    del port
    plain = _without_secrets(address)
    if not host or any(ord(char) <= ord(" ") for char in address):
        message = f"{plain}: is no address; write one such as https://example.org/sparql"
        raise SourceError(message)
    if parts.username is not None or parts.password is not None:
        message = f"{plain}: an address with a password ends up in logs; use netrc or KG_ENDPOINT_USER and _PASSWORD"
        raise SourceError(message)
    if parts.scheme.lower() == "http" and not _is_loopback(host):
        message = f"{plain}: http can be read and changed on the way; use https (http is for this machine alone)"
        raise SourceError(message)
    return urlunsplit(parts._replace(fragment=""))


def request(
    address: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    again: bool = True,
    seconds: float = SECONDS,
) -> Received:
    """What an address answers.

    Args:
        address: One that :func:`checked_address` has passed.
        method: The HTTP method.
        body: The body of the request.
        headers: Its headers.
        again: Whether it may be asked again where the other side was busy or gone: right for what changes nothing the
            second time.
        seconds: How long the other side may be silent.

    Raises:
        RefusedError: the other side answered with an error.
        StoreError: it cannot be reached, is silent, or breaks off.
    """
    tries = _TRIES if again else 1
    for number in range(1, tries + 1):
        try:
            return _once(address, method, body, dict(headers or {}), seconds)
        except RefusedError as error:
            if error.status not in _AGAIN or number == tries:
                raise
        except StoreError:
            if number == tries:
                raise
        time.sleep(_PAUSE * number)
    raise AssertionError


def _once(address: str, method: str, body: bytes | None, headers: dict[str, str], seconds: float) -> Received:
    plain = _without_secrets(address)
    headers = {"User-Agent": f"disarm-kg/{__version__}", "Accept-Encoding": "gzip", **headers}
    asked = urllib.request.Request(address, data=body, headers=headers, method=method)  # noqa: S310 - https, or http here
    try:
        with _opener(address, asked).open(asked, timeout=seconds) as answer:
            return Received(answer.headers.get_content_type(), answer.headers, _body(answer, plain))
    except urllib.error.HTTPError as error:
        raise _refusal(plain, error) from None
    except TimeoutError as error:
        message = f"{plain}: has not answered within {seconds:g} s; ask for less, or try again later"
        raise StoreError(message) from error
    except urllib.error.URLError as error:
        why = error.reason
        said = why.strerror or str(why) if isinstance(why, OSError) else str(why)
        if isinstance(why, TimeoutError):
            said = f"no answer within {seconds:g} s"
        message = f"{plain}: cannot be reached ({said}); check the address"
        raise StoreError(message) from error
    except (http.client.HTTPException, ConnectionError, socket.gaierror, zlib.error, EOFError, OSError) as error:
        message = f"{plain}: the answer broke off ({type(error).__name__}); try again, or ask for less"
        raise StoreError(message) from error


def _body(answer: IO[bytes], plain: str) -> bytes:
    packed = getattr(answer, "headers", Message()).get("Content-Encoding", "") == "gzip"
    source: IO[bytes] = gzip.GzipFile(fileobj=answer) if packed else answer  # type: ignore[assignment]
    parts = io.BytesIO()
    while chunk := source.read(_CHUNK):
        parts.write(chunk)
        if parts.tell() > LARGEST:
            message = f"{plain}: the answer is larger than {LARGEST >> 20} MB; ask for less"
            raise StoreError(message)
    if getattr(answer, "length", None):
        # The bytes that were promised and did not come.
        message = f"{plain}: the answer broke off; try again, or ask for less"
        raise StoreError(message)
    return parts.getvalue()


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """Another address is another host that would get the credentials: the user has to name it."""

    def redirect_request(self, *_: object) -> None:
        return None


def _opener(address: str, asked: urllib.request.Request) -> urllib.request.OpenerDirector:
    handlers: list[urllib.request.BaseHandler] = [_NoRedirects()]
    if _is_loopback(urlsplit(address).hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    token = os.environ.get("KG_ENDPOINT_TOKEN")
    known = _credentials(address)
    if token:
        asked.add_unredirected_header("Authorization", f"Bearer {token}")
    elif known:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, address, *known)
        handlers += [
            urllib.request.HTTPBasicAuthHandler(passwords),
            urllib.request.HTTPDigestAuthHandler(passwords),
        ]
    return urllib.request.build_opener(*handlers)


def _credentials(address: str) -> tuple[str, str] | None:
    user, password = os.environ.get("KG_ENDPOINT_USER"), os.environ.get("KG_ENDPOINT_PASSWORD")
    if user and password is not None:
        return user, password
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    try:
        found = netrc.netrc(path).authenticators(urlsplit(address).hostname or "") if path.is_file() else None
    except (netrc.NetrcParseError, OSError, UnicodeDecodeError) as error:
        message = f"{path}: cannot be read as netrc; mend it, or set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD"
        raise StoreError(message) from error
    return (found[0], found[2] or "") if found else None


def _refusal(plain: str, error: urllib.error.HTTPError) -> RefusedError:
    try:
        text = error.read(1 << 16).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        text = ""
    finally:
        error.close()
    status = error.code
    first = " ".join(text.split())[:_SHOWN]
    if 300 <= status < 400:  # noqa: PLR2004 - the class of redirects
        return RefusedError(f"{plain}: sends elsewhere ({status}); name the address it sends to", status)
    if status in {401, 403}:
        remedy = "set KG_ENDPOINT_USER and KG_ENDPOINT_PASSWORD, KG_ENDPOINT_TOKEN, or netrc"
        return RefusedError(f"{plain}: refuses ({status}): {first or error.reason}; {remedy}", status)
    if status == 404:  # noqa: PLR2004 - Not Found
        return RefusedError(f"{plain}: is not there (404); check the address", status)
    return RefusedError(f"{plain}: answers {status}: {first or error.reason}; ask for less, or see its log", status)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _without_secrets(address: str) -> str:
    scheme, separator, rest = address.partition("://")
    authority, slash, path = rest.partition("/")
    return "".join(
        char if char.isprintable() else "?" for char in scheme + separator + authority.rpartition("@")[2] + slash + path
    )
