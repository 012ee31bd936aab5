"""The embedded facts: made from a release folder, with a manifest that says from what."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.exports import write_rdf
from kg.files import atomic_write
from kg.lineage.embedded import RELEASES, embedded_crosswalk, embedded_history
from kg.lineage.tables import read_releases
from kg.rdf.corpus import corpus_nquads
from kg.rdf.history import history_nquads
from kg.rdf.iris import FINDINGS_GRAPH
from kg.rdf.recovered import earlier_nquads
from kg.resources import data_folder
from kg.sources import read_source
from kg.sources.earlier import FILE as DESCRIPTIONS
from kg.sources.earlier import known_texts, render_known
from kg.sources.named import with_names
from kg.store.embedded import EmbeddedStore
from kg.workspace import FACTS, GRAPHS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

MANIFEST = "manifest.json"
_NEAR = (ox.DefaultGraph(), ox.NamedNode(FINDINGS_GRAPH))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the embedded facts are: the two files with their hashes, the release and those before it, commit, quads."""

    file: str
    release: str
    commit: str
    quads: int
    sha256: str
    graphs: str = ""
    graphs_sha256: str = ""
    earlier: tuple[str, ...] = ()
    licence: str = "CC-BY-SA-4.0"


def write_snapshot(source: Path, folder: Path, *, earlier: Sequence[Path] = (), commit: str = "") -> Manifest:
    """Write ``disarm.trig``, ``descriptions.csv`` and ``manifest.json``; the same releases give the same bytes.

    Args:
        source: The release folder of the default graph.
        folder: Where to write.
        earlier: The release folders before it, the latest first.
        commit: The upstream commit of the release.

    Raises:
        SourceError: The source is no release of DISARM.
        OutputError: The folder cannot be written.
    """
    before = [read_source(path) for path in earlier]
    corpus = with_names(read_source(source, earlier=known_texts(before)))
    told = history_nquads(embedded_history(), embedded_crosswalk().rows, read_releases(data_folder() / RELEASES))
    nquads = corpus_nquads(corpus, text=False) + earlier_nquads(corpus, before) + told
    with atomic_write(folder / DESCRIPTIONS, force=True) as file:
        file.write(render_known(known_texts([corpus, *before])).encode())
    whole = EmbeddedStore.from_nquads(nquads)
    hashes = []
    for name, far in ((FACTS, False), (GRAPHS, True)):
        part = EmbeddedStore.from_quads(quad for quad in whole.quads() if (quad.graph_name not in _NEAR) is far)
        write_rdf(part, folder / name, force=True)
        hashes.append(hashlib.sha256((folder / name).read_bytes()).hexdigest())
    names = tuple(item.release for item in before)
    manifest = Manifest(FACTS, corpus.release, commit, len(whole), hashes[0], GRAPHS, hashes[1], names)
    with atomic_write(folder / MANIFEST, force=True) as file:
        file.write((json.dumps(asdict(manifest), indent=2) + "\n").encode())
    return manifest
