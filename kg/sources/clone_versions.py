"""What each release of a clone says of its ids: pages are parsed once, however many commits hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError
from kg.lineage.states import ASSESSMENTS, OBSERVATIONS, TECHNIQUES, State, Version
from kg.sources.facets import facet_record
from kg.sources.framework import technique_record
from kg.sources.index import parse_index
from kg.sources.ledger import Ledger
from kg.sources.markdown import parse_page
from kg.sources.versions import short_digest

if TYPE_CHECKING:
    from kg.sources.clone import Blob, CloneRelease, GitClone

_INDEX = "techniques_index.md"
_LINES = {"Technique": TECHNIQUES, "Observation": OBSERVATIONS, "Assessment": ASSESSMENTS}


class _Read(NamedTuple):
    """A page as it was read: line and state; None where it is no page of a technique."""

    line: str
    state: State


def clone_versions(clone: GitClone) -> list[Version]:
    """The versions of a clone in their order.

    Raises:
        SourceError: No release holds a page of a technique.
    """
    pages: dict[str, _Read | None] = {}
    indexes: dict[str, frozenset[str]] = {}
    found = [_version(clone, release, pages, indexes) for release in clone.releases()]
    told = [version for version in found if version.states]
    if not told:
        raise SourceError(f"{clone.path}: no page of a technique could be read; give a clone of DISARM")
    return told


def _version(
    clone: GitClone, release: CloneRelease, pages: dict[str, _Read | None], indexes: dict[str, frozenset[str]]
) -> Version:
    files = clone.files(release.commit)
    techniques = {path: blob for path, blob in files.items() if "techniques/" in path}
    index = next((blob for path, blob in files.items() if path.rpartition("/")[2] == _INDEX), None)
    wanted: set[Blob] = {blob for blob in techniques.values() if blob.oid not in pages}
    if index is not None and index.oid not in indexes:
        wanted.add(index)
    for blob, data in clone.blobs(wanted):
        text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
        if index is not None and blob.oid == index.oid:
            indexes[blob.oid] = frozenset(entry.identifier for entry in parse_index(text).entries)
        else:
            pages[blob.oid] = _page(text)
    read = [page for path, blob in sorted(techniques.items(), key=_after_its_id) if (page := pages[blob.oid])]
    listed = indexes[index.oid] if index is not None else frozenset(page.state.identifier for page in read)
    states: dict[str, _Read] = {}
    for page in read:
        identifier = page.state.identifier
        if identifier not in states:
            states[identifier] = _Read(page.line, _standing(page.state, listed=identifier in listed))
    # What the index lists says of which line the release is; pages of another are left over.
    line = next((page.line for page in states.values() if page.state.listed), TECHNIQUES)
    return Version(
        release=release.name,
        line=line,
        states={identifier: page.state for identifier, page in states.items() if page.line == line},
        date=release.date,
        commit=release.commit[:7],
        has_incidents=False,
    )


def _after_its_id(item: tuple[str, Blob]) -> tuple[bool, str]:
    """``T0039.md`` before ``T0039 .md``: of two pages with one id the one that is named so counts."""
    return " " in item[0], item[0]


def _standing(state: State, *, listed: bool) -> State:
    return State(state.identifier, state.name, state.tactic, state.parent, state.digest, listed=listed)


def _page(text: str) -> _Read | None:
    try:
        page = parse_page(text, "page")
    except SourceError:
        return None
    line = _LINES.get(page.kind)
    if line is None or not page.identifier:
        return None
    ledger = Ledger()
    if line == TECHNIQUES:
        technique = technique_record(page, ledger)
        above, parent, summary = technique.tactic, technique.parent, technique.summary
    else:
        facet = facet_record(page, ledger)
        above, parent, summary = facet.category, facet.parent, facet.summary
    name = " ".join(page.title.split())
    return _Read(line, State(page.identifier, name, above or "", parent or "", short_digest(summary)))
