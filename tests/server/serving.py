"""A server in a process of its own, and the plainest client there is, for tests that speak HTTP."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parent.parent.parent
_ADDRESS = re.compile(r"serving at http://(?:\[[^\]]*\]|[^:]+):(\d+)/")


@dataclass(frozen=True)
class Answer:
    """What a server answered; names of headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - JSON is anything
        return json.loads(self.body)

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


@dataclass
class Server:
    """A running server."""

    port: int
    process: subprocess.Popen[bytes]
    log: list[str] = field(default_factory=list)

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 60,
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body=body, headers=dict(headers or {}))
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def query(self, text: str, accept: str = "application/sparql-results+json", **parameters: str) -> Answer:
        return self.ask("/sparql?" + urlencode({"query": text, **parameters}), headers={"Accept": accept})

    def raw(self, data: bytes, *, seconds: float = 10) -> bytes:
        """Everything that comes back until the server closes or falls silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            parts = []
            with contextlib.suppress(TimeoutError, ConnectionError):
                while part := connection.recv(65536):
                    parts.append(part)
        return b"".join(parts)

    def children(self) -> dict[int, int]:
        """Processes below the server, each with its parent."""
        if not Path("/proc/self/stat").exists():
            pytest.skip("this system does not show processes in /proc")
        found: dict[int, int] = {}
        parents = {self.process.pid}
        listed = [_stat(int(name)) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208
        for _ in range(3):
            for process, parent in filter(None, listed):
                if parent in parents:
                    found[process] = parent
                    parents.add(process)
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def _stat(process: int) -> tuple[int, int] | None:
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return process, int(text.rpartition(")")[2].split()[1])


def path_of(query: str) -> str:
    return f"/sparql?query={quote(query)}"


@contextlib.contextmanager
def serving(*arguments: str, source: str | Path | None = None, files: int = 0) -> Iterator[Server]:
    """A server on a free port, until the block ends; ``files`` is how many it may have open, 0 for as many as we."""
    if not hasattr(os, "fork"):
        pytest.skip("this system cannot fork, and the server needs that")
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", *arguments]
    if source is not None:
        command += ["-s", str(source)]
    if files:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    environment = {name: value for name, value in os.environ.items() if name != "KG_SOURCE"}
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, env=environment)
    server = Server(0, process)
    there = threading.Event()

    def read() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            text = line.decode("utf-8", "replace").rstrip("\n")
            server.log.append(text)
            found = _ADDRESS.search(text)
            if found and not server.port:
                server.port = int(found[1])
                there.set()
        there.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert there.wait(120)
        assert server.port, "\n".join(server.log)
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)
        reader.join(10)
        if process.stderr is not None:
            process.stderr.close()


def until(condition: Any, seconds: float = 20) -> bool:  # noqa: ANN401 - a function without arguments
    """Whether a condition comes to hold; it is looked at again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())
