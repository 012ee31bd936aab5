"""Servers of others, started for the tests: Virtuoso and Oxigraph; and one of our own making that misbehaves."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = 3000
MaxQueryExecutionTime = 60
"""


class Peer(NamedTuple):
    """A server of somebody else's: where it is asked and changed, and who may."""

    name: str
    query: str
    update: str
    store: str
    user: str = ""
    password: str = ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=5):  # noqa: S310 - of this machine
            return True
    except (urllib.error.URLError, OSError):
        return False


@contextlib.contextmanager
def _running(command: list[str], folder: Path, address: str) -> Iterator[None]:
    with (folder / "out.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
        try:
            end = time.monotonic() + 120
            while not _answers(address):
                assert process.poll() is None, (folder / "out.log").read_text(errors="replace")
                assert time.monotonic() < end, "the server does not answer"
                time.sleep(0.2)
            yield
        finally:
            process.kill()
            process.wait()


def _oxigraph(folder: Path) -> Iterator[Peer]:
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
    if program is None:
        program = next((str(path) for path in _beside() if path.is_file()), None)
    if program is None:
        pytest.skip("no Oxigraph server on this machine (package oxigraph)")
    base = f"http://127.0.0.1:{_free_port()}"
    command = [program, "serve", "--location", str(folder / "data"), "--bind", base.removeprefix("http://")]
    with _running(command, folder, f"{base}/query"):
        yield Peer("oxigraph", f"{base}/query", f"{base}/update", f"{base}/store")


def _beside() -> Iterator[Path]:
    """Where the package's program may lie: beside the site-packages that are in use."""
    for entry in sys.path:
        if entry.endswith("site-packages"):
            yield Path(entry).parent.parent.parent / "bin" / "oxigraph"


def _virtuoso(folder: Path) -> Iterator[Peer]:
    program = shutil.which("virtuoso-t")
    if program is None:
        pytest.skip("no Virtuoso on this machine (Debian package virtuoso-opensource-7)")
    port = _free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(folder=folder, sql=_free_port(), http=port), encoding="utf-8")
    base = f"http://127.0.0.1:{port}"
    with _running([program, "+foreground", "+configfile", "virtuoso.ini"], folder, f"{base}/sparql"):
        store = f"{base}/sparql-graph-crud-auth"
        yield Peer("virtuoso", f"{base}/sparql", f"{base}/sparql-auth", store, "dba", "dba")


@pytest.fixture(scope="session", params=[_oxigraph, _virtuoso], ids=["oxigraph", "virtuoso"])
def peer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """A real server, empty at first."""
    start: Callable[[Path], Iterator[Peer]] = request.param
    yield from start(tmp_path_factory.mktemp("peer"))


class Script:
    """A server that answers as a test says.

    Attributes:
        answer: Writes the answer to a request; given the handler and the body.
        asked: Head and body of each request so far.
    """

    def __init__(self) -> None:
        self.answer: Callable[[http.server.BaseHTTPRequestHandler, bytes], None] = lambda _handler, _body: None
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.address = ""


@pytest.fixture
def script() -> Iterator[Script]:
    """A server that answers as a test says."""
    script = Script()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            script.asked.append((dict(self.headers.items()), body))
            with contextlib.suppress(OSError):
                script.answer(self, body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    script.address = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    yield script
    server.shutdown()
    server.server_close()
