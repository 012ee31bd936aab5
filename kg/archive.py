"""Every release of a git clone in one graph: the last as it should be believed, each as published, and the history."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.lineage.embedded import embedded_successors
from kg.lineage.history import build_history
from kg.rdf.corpus import corpus_nquads
from kg.rdf.history import history_nquads
from kg.rdf.recovered import earlier_nquads
from kg.sources import read_source
from kg.sources.clone import GitClone
from kg.sources.earlier import known_texts
from kg.sources.named import with_names
from kg.sources.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.lineage.states import Version
    from kg.model import Corpus
    from kg.sources.clone import CloneRelease
    from kg.sources.placement import Earlier


@dataclass(frozen=True, slots=True)
class Archive:
    """What a clone holds.

    Attributes:
        releases: The names of the releases that were read, in their order.
        nquads: All of it as N-Quads.
        skipped: A line for each release that could not be read.
        shallow: Whether the clone's history is cut.
    """

    releases: tuple[str, ...]
    nquads: bytes
    skipped: tuple[str, ...]
    shallow: bool


def read_archive(path: Path, *, tell: Callable[[str], None] = lambda _: None) -> Archive:
    """Read every release of a clone; nothing is checked out, and the clone is left as it is.

    The files of one release at a time are written to a temporary folder and read as a release folder is, so that what
    holds for one release holds for all.

    Args:
        path: The clone, bare or not.
        tell: Called with the name of each release before it is read.

    Raises:
        SourceError: It is no clone of DISARM, or none of its releases can be read.
    """
    clone = GitClone(path)
    versions: list[Version] = []
    before: list[Corpus] = []
    skipped: list[str] = []
    earlier: Earlier = {}
    last: Corpus | None = None
    for release in clone.releases(incidents=True):
        tell(release.name)
        try:
            corpus = _read(clone, release, earlier)
        except SourceError as error:
            skipped.append(f"{release.name}: not read ({error})")
            continue
        if last is not None:
            before.append(replace(last, entries=(), associations=(), findings=()))
        for sha256, known in known_texts([corpus]).items():
            earlier[sha256] = (*known, *earlier.get(sha256, ()))
        versions.append(replace(version_of(corpus), date=release.date, commit=release.commit[:7]))
        last = corpus
    if last is None:
        raise SourceError(f"{path}: none of its releases can be read ({'; '.join(skipped)[:200]})")
    told = history_nquads(
        build_history(versions), embedded_successors().rows, {version.release: version for version in versions}
    )
    whole = corpus_nquads(with_names(last)) + earlier_nquads(last, before[::-1])
    names = tuple(version.release for version in versions)
    return Archive(names, whole + told, tuple(skipped), clone.shallow)


def _read(clone: GitClone, release: CloneRelease, earlier: Earlier) -> Corpus:
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        clone.export(release.commit, Path(folder))
        return read_source(Path(folder), release=release.name, earlier=earlier)
