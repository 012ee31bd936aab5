"""What every request passes: the rate limit, the log, the counts, and the last word on errors."""

from __future__ import annotations

import asyncio
import logging
import time
import traceback
from typing import TYPE_CHECKING, Any

from kg.server.replies import Reply
from kg.server.requests import HttpError, client_of, header
from kg.server.responses import NO_CONTENT, NOT_MODIFIED, SERVER_FAULT, respond_error
from kg.server.stream import AHEAD, BrokenOffError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.server.accesslog import AccessLog
    from kg.server.limits import Limits
    from kg.server.metrics import Metrics

LOG = logging.getLogger("kg.server")
TOO_MANY, UNAVAILABLE = 429, 503
_SMALL = 64 * 1024
CLIENT_GONE = 499
_WINDOW = 10.0
_MOST_CLIENTS = 10_000


class Gate:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, limits: Limits, metrics: Metrics, log: AccessLog | None) -> None:
        self._app = app
        self._limits = limits
        self._metrics = metrics
        self._log = log
        self._spent: dict[str, tuple[float, float]] = {}
        self._sending = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, and account for it."""
        if scope["type"] != "http":
            return
        began = time.perf_counter()
        told: dict[str, Any] = {"status": CLIENT_GONE, "bytes": 0, "length": 0}

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                told["length"] = self._check_room(message)
                self._sending += told["length"]
                told["status"] = message["status"]
            else:
                told["bytes"] += len(message.get("body", b""))
            await send(message)

        try:
            self._check_rate(scope)
            await self._app(scope, receive, noted)
        except HttpError as error:
            await respond_error(scope, noted, Reply.of_error(error.status, str(error)), error.headers)
        except BrokenOffError as error:
            self._metrics.broken_off += 1
            told["broken"] = str(error)
        except asyncio.CancelledError:
            # The client went away, and what was done for it was ended. Anything else that cancels is to be obeyed.
            connection = scope.get("extensions", {}).get("kg.connection")
            if connection is None or not connection.transport.is_closing():
                raise
        except Exception:  # noqa: BLE001 - a bug of ours costs one answer, not the server
            LOG.error("a request failed: %s", traceback.format_exc())  # noqa: TRY400 - with the trace in one record
            if told["status"] == CLIENT_GONE:
                reply = Reply.of_error(SERVER_FAULT, "the service failed; its log says more")
                await respond_error(scope, noted, reply)
        finally:
            self._sending -= told["length"]
            self._account(scope, told, time.perf_counter() - began)

    def _account(self, scope: Scope, told: Mapping[str, Any], seconds: float) -> None:
        status, size = told["status"], told["bytes"]
        self._metrics.count(scope.get("kg.route", "other"), status, seconds, size)
        if self._log is not None:
            client = scope.get("client")
            record: dict[str, object] = {
                "client": client[0] if client else "",
                "method": scope["method"],
                "path": scope["path"],
                "status": status,
                "bytes": size,
                "ms": round(seconds * 1000, 1),
                "agent": header(scope, b"user-agent"),
            }
            if "broken" in told:
                record["broken"] = told["broken"]
            self._log.write(record)

    def _check_room(self, start: Message) -> int:
        """The bytes of an answer that may be held for its client.

        Raises:
            HttpError: clients that read slowly hold too many already.
        """
        headers = dict(start["headers"])
        bodiless = start["status"] in {NO_CONTENT, NOT_MODIFIED}
        declared = 0 if bodiless else int(headers.get(b"content-length", self._limits.answer))
        length = min(declared, AHEAD, self._limits.sending)
        if length > _SMALL and self._sending + length > self._limits.sending:
            message = "too many answers are on their way already; try again in a moment"
            raise HttpError(UNAVAILABLE, message, {"Retry-After": "5"})
        return length

    def _check_rate(self, scope: Scope) -> None:
        """Refuse a client that asks more often than it may; a leaky bucket of ten seconds' worth."""
        rate = self._limits.rate
        if not rate:
            return
        address = client_of(scope)
        now = time.monotonic()
        level, then = self._spent.pop(address, (0.0, now))
        level = max(0.0, level - (now - then) * rate) + 1
        if len(self._spent) >= _MOST_CLIENTS:
            # The one that has been quiet longest; entries are moved to the end when they are used.
            del self._spent[next(iter(self._spent))]
        refused = level > rate * _WINDOW
        self._spent[address] = (level - 1 if refused else level, now)
        if refused:
            wait = max(1, round((level - rate * _WINDOW) / rate))
            message = f"more than {rate:g} requests a second from this address; slow down"
            raise HttpError(TOO_MANY, message, {"Retry-After": str(wait)})
