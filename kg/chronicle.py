"""The history of all ids as it is embedded: made from release folders, and read back from ``data/``.

``releases.csv`` names the releases in their order, ``older-names.csv`` holds what is known of those of which no folder
is at hand, and ``successors.csv`` is reviewed by hand. ``history.csv`` is made from these and from the folders.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.files import atomic_write
from kg.lineage.history import build_history
from kg.lineage.states import DRAFT, TECHNIQUES, same_words
from kg.lineage.successors import Successors
from kg.lineage.tables import read_history, read_older, read_releases, read_successors, write_history
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

HISTORY, RELEASES, OLDER, SUCCESSORS = "history.csv", "releases.csv", "older-names.csv", "successors.csv"


@cache
def embedded_history() -> History:
    """The history in ``data/``.

    Raises:
        SourceError: A table is missing or not as it should be.
    """
    return read_history(data_folder() / HISTORY, data_folder() / RELEASES)


@cache
def embedded_successors() -> Successors:
    """The reviewed table of successors, with the ids that the 2.0 draft gives another meaning.

    Raises:
        SourceError: A table is missing or not as it should be.
    """
    return Successors(read_successors(data_folder() / SUCCESSORS), reused_in_draft(embedded_history()))


def reused_in_draft(history: History) -> dict[str, str]:
    """Ids of 1.x that the 2.0 draft gives another meaning, and the name it has there."""
    of_draft = {span.identifier: span.name for span in history.spans if span.line == DRAFT}
    found = {}
    for identifier, name in of_draft.items():
        names = {each.name for each in history.by_identifier[identifier] if each.line == TECHNIQUES}
        if names and not any(same_words(name, each) for each in names):
            found[identifier] = name
    return found


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
