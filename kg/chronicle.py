"""The history of all ids as it is embedded: made from release folders, and read back from ``data/``.

``releases.csv`` names the releases in their order, ``older-names.csv`` holds what is known of those of which no folder
is at hand; ``successors.csv`` and ``crosswalk.csv`` (from 1.7 to 2.x) are reviewed by hand. ``history.csv`` is made
from these and from the folders.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.files import atomic_write
from kg.lineage.embedded import (
    HISTORY,
    RELEASES,
    SUCCESSORS,
    embedded_history,
    embedded_successors,
    reused_in_draft,
)
from kg.lineage.history import build_history
from kg.lineage.tables import read_older, read_releases, read_successors, write_history
from kg.resources import data_folder
from kg.sources import read_source
from kg.sources.clone import GitClone
from kg.sources.clone_versions import clone_versions
from kg.sources.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kg.lineage.history import History
    from kg.lineage.states import Version
    from kg.lineage.successors import Successor

OLDER = "older-names.csv"


def ends_of_meanings(rows: Iterable[Successor]) -> frozenset[tuple[str, str]]:
    """Id and release where a reviewed row says that an older meaning ended."""
    return frozenset((row.identifier, row.meaning) for row in rows if row.meaning)


def known_versions(read: Mapping[str, Version], folder: Path | None = None) -> list[Version]:
    """Every release of ``releases.csv``, as it was read or as ``older-names.csv`` knows it.

    Args:
        read: Name of a release -> what was read of it.
        folder: Where the tables are.

    Raises:
        SourceError: A release is neither read nor in ``older-names.csv``.
    """
    tables = folder or data_folder()
    older = read_older(tables / OLDER)
    found = []
    for name, version in read_releases(tables / RELEASES).items():
        if name in read:
            found.append(replace(read[name], release=name, line=version.line, date=version.date, commit=version.commit))
        elif name in older:
            found.append(replace(version, states=older[name], has_incidents=False))
        else:
            raise SourceError(f"{RELEASES}: release {name} was not read; give its folder")
    return found


def clone_history(path: Path) -> History:
    """The history that a git clone tells; nothing is checked out.

    Raises:
        SourceError: It is no clone of DISARM, or cannot be read.
    """
    return build_history(clone_versions(GitClone(path)))


def write_chronicle(sources: Sequence[Path], folder: Path) -> History:
    """Write ``history.csv`` to a folder that holds the other tables; the same releases give the same bytes.

    Args:
        sources: The release folders and bundles, each named as ``releases.csv`` names its release: by the name of the
            folder, or by what the source itself says.
        folder: Where the tables are.

    Raises:
        SourceError: A source cannot be read, or a release is missing.
    """
    names = read_releases(folder / RELEASES)
    read: dict[str, Version] = {}
    for source in sources:
        version = version_of(read_source(source))
        read[source.name if source.name in names else version.release] = version
    history = build_history(known_versions(read, folder), ends_of_meanings(read_successors(folder / SUCCESSORS)))
    with atomic_write(folder / HISTORY, force=True) as file:
        file.write(write_history(history).encode())
    return history


__all__ = [
    "HISTORY",
    "OLDER",
    "RELEASES",
    "SUCCESSORS",
    "clone_history",
    "embedded_history",
    "embedded_successors",
    "ends_of_meanings",
    "known_versions",
    "reused_in_draft",
    "write_chronicle",
]
