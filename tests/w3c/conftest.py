"""The suite and a server of its data."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pyoxigraph as ox
import pytest

from tests.server.serving import Server, serving
from tests.w3c.manifests import HOME, cases, path_of, quads_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FROM = re.compile(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@pytest.fixture(scope="session")
def suite() -> Path:
    """The folder ``sparql`` of the suite, which lies beside the releases that DISARM_FRAMEWORKS names."""
    named = os.environ.get("DISARM_FRAMEWORKS")
    if not named:
        pytest.skip("DISARM_FRAMEWORKS names no release folder, beside which the suite would be")
    folder = Path(named).resolve().parent.parent / "w3c" / "sparql"
    if not folder.is_dir():
        pytest.skip(f"the W3C's suite is not at {folder}")
    return folder


@pytest.fixture(scope="session")
def suite_server(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of all data of the suite, each file a graph named by its IRI."""
    wanted: set[str] = set()
    for case in cases(suite):
        wanted |= {*case.default, *case.named}
        text = path_of(suite, case.query).read_text(encoding="utf-8")
        named = [urljoin(case.query, name) for name in FROM.findall(text)]
        wanted |= {iri for iri in named if iri.startswith(HOME) and path_of(suite, iri).is_file()}
    file = tmp_path_factory.mktemp("w3c") / "data.nq"
    ox.serialize(quads_of(suite, wanted), file, ox.RdfFormat.N_QUADS)
    with serving("--no-log", source=file) as server:
        yield server
