"""The embedded facts: made from a release folder, with a manifest that says from what."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from kg.chronicle import RELEASES, embedded_history, embedded_successors
from kg.exports import write_rdf
from kg.files import atomic_write
from kg.lineage.tables import read_releases
from kg.rdf import corpus_nquads
from kg.rdf.history import history_nquads
from kg.resources import data_folder
from kg.sources import read_source
from kg.sources.named import with_names
from kg.store.embedded import EmbeddedStore
from kg.workspace import FACTS

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the embedded facts are: file, release, upstream commit, number of quads, sha256 of the file, licence."""

    file: str
    release: str
    commit: str
    quads: int
    sha256: str
    licence: str = "CC-BY-SA-4.0"


def write_snapshot(source: Path, folder: Path, *, commit: str = "") -> Manifest:
    """Write ``disarm.trig`` and ``manifest.json`` to a folder; the same release gives the same bytes.

    Raises:
        SourceError: The source is no release of DISARM.
        OutputError: The folder cannot be written.
    """
    corpus = with_names(read_source(source))
    told = history_nquads(embedded_history(), embedded_successors().rows, read_releases(data_folder() / RELEASES))
    store = EmbeddedStore.from_nquads(corpus_nquads(corpus, text=False) + told)
    path = folder / FACTS
    write_rdf(store, path, force=True)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = Manifest(FACTS, corpus.release, commit, len(store), sha256)
    with atomic_write(folder / MANIFEST, force=True) as file:
        file.write((json.dumps(asdict(manifest), indent=2) + "\n").encode())
    return manifest
