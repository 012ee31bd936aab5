"""RDF files: of strangers, parsed in a child process that may die, and our own, parsed here and fast.

A parser can be made to crash, to hang or to fill the memory by a small file (nesting, entities, prefixes that expand),
so a stranger's file is parsed by :mod:`kg.store.convert` under limits of memory, time and output that grow with its
size; what it leaves is N-Quads, which this process then loads.
"""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pyoxigraph as ox

from kg.errors import SourceError
from kg.rdf.namespaces import BASE
from kg.store.embedded import EmbeddedStore
from kg.store.filling import blocks_in, fill

RDF_EXTENSIONS = (".ttl", ".nt", ".nq", ".trig", ".jsonld", ".rdf")
"""The extensions of the files that are read; the case does not matter."""

LOCAL = BASE + "local/"
"""What relative IRIs of a file are relative to: its own address would put the user's folders into the graph."""

_MIB = 1 << 20
_MEMORY = 1024 * _MIB
_MEMORY_FACTOR = 24
_OUTPUT = 64 * _MIB
_OUTPUT_FACTOR = 40
_SECONDS = 20
_BYTES_A_SECOND = 400_000
_CHUNK = 1 << 16
_MARKUP = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_PLACED = re.compile(
    r"^Parser error (?:at line \d+ (?:column|between columns) .*?|between line \d+ column \d+ and line .*?): "
    r"| \(line \d+\)$"
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_LONGEST_FAULT = 300
_REMOTE = "No LoadDocumentCallback"


def read_rdf(path: Path, extension: str | None = None) -> EmbeddedStore:
    """A store in memory with what an RDF file of a stranger holds; named graphs are kept.

    Relative IRIs are resolved against :data:`LOCAL`, whatever the file and wherever it lies.

    Args:
        path: The file.
        extension: One of :data:`RDF_EXTENSIONS`, where the name of the file does not say what it holds.

    Raises:
        SourceError: the file is not what its extension says, is refused, or needs more than its size allows.
    """
    extension = extension or path.suffix.lower()
    size = _checked_size(path, extension)
    if extension == ".rdf":
        _refuse_entities(path)
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        target = Path(folder, "quads.nq")
        _convert(path, extension, target, size)
        native = ox.Store()
        with target.open("rb") as file:
            fill(native, blocks_in(file))
    return EmbeddedStore(native)


def read_trusted_rdf(path: Path) -> EmbeddedStore:
    """A store in memory with what an RDF file of our own holds, parsed in this process."""
    native = ox.Store()
    native.load(path=path, format=_syntax(path, path.suffix.lower()), base_iri=LOCAL, lenient=True)
    return EmbeddedStore(native)


def read_facts(path: Path, rest: Path) -> EmbeddedStore:
    """A store in memory with the facts of our own in two TriG files, the second loaded when a query could see it."""
    from kg.store.deferred import DeferredStore  # noqa: PLC0415 - nobody else asks for it

    store = read_trusted_rdf(path)

    def load(native: ox.Store) -> None:
        native.load(path=rest, format=ox.RdfFormat.TRIG, lenient=True)

    return DeferredStore(store.native, load) if rest.is_file() else store


def _syntax(path: Path, extension: str) -> ox.RdfFormat:
    found = ox.RdfFormat.from_extension(extension[1:]) if extension in RDF_EXTENSIONS else None
    if found is None:
        message = f"{path}: {extension or 'no extension'} is no RDF format; name one of {' '.join(RDF_EXTENSIONS)}"
        raise SourceError(message)
    return found


def _checked_size(path: Path, extension: str) -> int:
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            message = f"{path}: is a folder; name an RDF file"
            raise SourceError(message)
        if not stat.S_ISREG(found.st_mode):
            message = f"{path}: is not a regular file; name an RDF file"
            raise SourceError(message)
        _syntax(path, extension)
        with path.open("rb") as file:
            head = file.read(_CHUNK)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        message = f"{path}: cannot be read ({why}); name an RDF file that exists and that you may read"
        raise SourceError(message) from error
    if not head:
        message = f"{path}: is empty; name a file that holds RDF"
        raise SourceError(message)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"{path}: is in UTF-16; save it in UTF-8"
        raise SourceError(message)
    if b"\x00" in head:
        message = f"{path}: is not text; name a file of RDF in UTF-8"
        raise SourceError(message)
    return found.st_size


def _refuse_entities(path: Path) -> None:
    tail = b""
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            window = tail + chunk
            found = _MARKUP.search(window)
            if found:
                line += window.count(b"\n", 0, found.start())
                word = found[1].decode().upper()
                message = f"{path}:{line}: {word} is refused, entities can fill the memory; write the IRIs out in full"
                raise SourceError(message)
            tail = window[-_CHUNK:] if len(window) > _CHUNK else window
            line += window.count(b"\n") - tail.count(b"\n")


def _convert(path: Path, extension: str, target: Path, size: int) -> None:
    seconds = _SECONDS + size // _BYTES_A_SECOND
    job = {
        "path": os.fspath(path.absolute()),
        "target": os.fspath(target),
        "syntax": extension[1:],
        "base": LOCAL,
        "imports": sys.path,
        "memory": _MEMORY + _MEMORY_FACTOR * size,
        "output": _OUTPUT + _OUTPUT_FACTOR * size,
        "seconds": seconds,
    }
    program = os.fspath(Path(__file__).with_name("convert.py"))
    try:
        # Arguments are ours: the interpreter, our own program and a job in JSON.
        ended = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-S", program, json.dumps(job)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        message = f"{path}: not parsed within {seconds} s; it is nested too deep, or no RDF"
        raise SourceError(message) from error
    _judge(path, ended)


def _judge(path: Path, ended: subprocess.CompletedProcess[bytes]) -> None:
    try:
        verdict = json.loads(ended.stdout)
    except ValueError as error:
        complaint = ended.stderr.decode(errors="replace")
        if "memory" in complaint:
            why = "needs more memory than its size allows"
        elif ended.returncode < 0:
            why = "ended the parser; it is nested too deep, or made to crash it"
        else:
            # Not the file's fault: the child could not start.
            message = f"the parser did not start: {complaint}"
            raise RuntimeError(message) from error
        message = f"{path}: {why}; split it or write it as N-Triples"
        raise SourceError(message) from error
    fault = verdict.get("fault")
    if fault is None:
        return
    if _REMOTE in fault:
        message = f"{path}: its JSON-LD context lies elsewhere and is not fetched; put the context into the file"
        raise SourceError(message)
    where = ":".join(str(part) for part in (path, verdict.get("line"), verdict.get("column")) if part is not None)
    fix = verdict.get("fix") or f"mend the file {'there' if verdict.get('line') else 'or split it'}"
    # The engine quotes the file, line breaks and all.
    said = _UNPRINTABLE.sub(lambda found: repr(found[0])[1:-1], _PLACED.sub("", fault))[:_LONGEST_FAULT]
    message = f"{where}: {said}; {fix}"
    raise SourceError(message)
