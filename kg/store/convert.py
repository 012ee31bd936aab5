"""The program of the child process that parses a stranger's file: run by :mod:`kg.store.parse`, never imported.

``python -I convert.py JSON``: reads the file, writes its quads as N-Quads and prints a verdict as one line of JSON. It
may be killed at any moment, by its limits or by a fault of the parser; the parent then says so. It imports nothing of
``kg`` but its limits, so that it starts fast and depends on nothing but the engine.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyoxigraph as ox

DEEPEST_TERM = 8
"""How deep triple terms may be nested: more would end the parent when it reads them back."""

DEEPEST_XML = 1000
"""How deep elements of RDF/XML may be nested: the engine takes time by the square of it, 0.5 s for 10,000."""

_BOM = b"\xef\xbb\xbf"


def _xml_fault(path: str) -> dict[str, object] | None:
    # The engine takes a file that breaks off for a whole one, and names no line.
    from xml.parsers import expat  # noqa: PLC0415 - for RDF/XML alone; DOCTYPE was refused before

    parser = expat.ParserCreate()
    depth = 0

    def begin(_name: str, _attributes: list[str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST_XML:
            raise _TooDeepError(parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    parser.ordered_attributes = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as below
            parser.ParseFile(file)
    except expat.ExpatError as error:
        return {"fault": expat.errors.messages[error.code], "line": error.lineno, "column": error.offset + 1}
    except _TooDeepError as error:
        line, column = error.args
        fault = f"elements nested more than {DEEPEST_XML:,} deep"
        return {"fault": fault, "line": line, "column": column, "fix": "name the nodes and set them side by side"}
    return None


class _TooDeepError(Exception):
    """Elements are nested deeper than is read."""


def _shallow(quads: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    import pyoxigraph as ox  # noqa: PLC0415 - the limits must hold before the engine is there

    for quad in quads:
        term, depth = quad.object, 0
        while isinstance(term, ox.Triple):
            term, depth = term.object, depth + 1
        if depth > DEEPEST_TERM:
            message = f"triple terms nested {depth} deep; at most {DEEPEST_TERM} are read"
            raise ValueError(message)
        yield quad


def _convert(job: dict[str, object]) -> None:
    import pyoxigraph as ox  # noqa: PLC0415 - as above

    syntax = ox.RdfFormat.from_extension(str(job["syntax"]))
    with open(str(job["path"]), "rb") as file:  # noqa: PTH123 - importing pathlib costs 10 ms
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        quads = ox.parse(file, syntax, base_iri=str(job["base"]))
        ox.serialize(_shallow(quads), str(job["target"]), ox.RdfFormat.N_QUADS)


def _verdict(job: dict[str, object]) -> dict[str, object]:
    try:
        fault = _xml_fault(str(job["path"])) if job["syntax"] == "rdf" else None
        if fault is None:
            _convert(job)
    except SyntaxError as error:
        fault = {"fault": error.msg, "line": error.lineno, "column": error.offset}
    except MemoryError:
        fault = {"fault": "needs more memory than its size allows"}
    except (ValueError, RuntimeError) as error:
        fault = {"fault": str(error)}
    except OSError as error:
        full = os.path.exists(str(job["target"])) and os.path.getsize(str(job["target"])) == job["output"]  # noqa: PTH110, PTH202
        fault = {"fault": "expands to more than its size allows" if full else str(error)}
    return fault or {}


def main() -> None:
    """Do the job that the first argument describes."""
    job = json.loads(sys.argv[1])
    sys.path[:] = job["imports"]
    from kg.limits import limit_this_process  # noqa: PLC0415 - the path is known only now

    limit_this_process(memory=job["memory"], output=job["output"], seconds=job["seconds"])
    print(json.dumps(_verdict(job)), flush=True)  # noqa: T201 - the verdict


if __name__ == "__main__":
    main()
