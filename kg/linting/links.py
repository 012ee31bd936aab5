"""Rules about links: where they lead, and what they call the thing they lead to."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from kg.lineage.states import name_key
from kg.linting.release import Fault
from kg.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.linting.release import Release

# Bounded, for a page of anchors that never close would be read once for each of them.
_ANCHOR = re.compile(
    r"<a\s[^>]{0,200}?href\s{0,9}=\s{0,9}\"([^\"]{0,2000})\"[^>]{0,200}>(.{0,300}?)</a>", re.IGNORECASE | re.DOTALL
)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_FILE_ID = re.compile(r"([A-Z]{1,2}\d[\d.]*?)(?:\.md)?$")


def broken_link(release: Release) -> Iterator[Fault]:
    """A link of a table, an index or a framework table to a page that is not there."""
    for item in release.linked:
        if _is_missing(release, item.page.name, item.address):
            message = f"the link of {item.identifier} leads to {_shown(item.address)}, which is not there"
            yield Fault(item.place, message, "correct the link or add the page", (item.page.identifier,))
    for name, line, address, label in _anchors(release):
        if _is_missing(release, name, address):
            message = f"the link {label!r} leads to {_shown(address)}, which is not there"
            yield Fault(Place(name, line), message, "correct the link or add the page", (label,))


def link_elsewhere(release: Release) -> Iterator[Fault]:
    """A link that says one id and leads to the page of another."""
    for item in release.linked:
        target = _target_id(item.address)
        if target and target != item.identifier:
            message = f"the link says {item.identifier} and leads to the page of {target}"
            yield Fault(item.place, message, "make both the same", (item.page.identifier, item.identifier, target))
    for name, line, address, label in _anchors(release):
        target, said = _target_id(address), _target_id(label)
        if target and said and target != said:
            message = f"the link says {said} and leads to the page of {target}"
            yield Fault(Place(name, line), message, "make both the same", (said, target))


def name_differs(release: Release) -> Iterator[Fault]:
    """A table or index that calls a thing otherwise than its page; rows of incidents are compared by the reader."""
    names = {identifier: name for kind in release.names.values() for identifier, name in kind.items()}
    for item in release.linked:
        name = names.get(item.identifier)
        of_incident = item.page.kind == "Incident" and item.column == "technique"
        if name and item.name and not of_incident and not same_name(item.name, name):
            message = f"{item.identifier} is called {item.name[:60]!r} here and {name[:60]!r} on its page"
            yield Fault(item.place, message, "use the name of the page", (item.identifier, item.page.identifier))
    for file, index in release.indexes.values():
        for entry in index.entries:
            name, given = names.get(entry.identifier), entry.text("name")
            if name and given and not same_name(given, name):
                message = f"{entry.identifier} is called {given[:60]!r} in the index and {name[:60]!r} on its page"
                yield Fault(Place(file, entry.line), message, "use the name of the page", (entry.identifier,))


def same_name(left: str, right: str) -> bool:
    """Whether two names are the same but for case, blanks and punctuation."""
    return left == right or name_key(left) == name_key(right)


def _anchors(release: Release) -> Iterator[tuple[str, int, str, str]]:
    """The links of index pages and derived tables: file, line, address, label."""
    for name, index in release.indexes.values():
        for entry in index.entries:
            match = _ANCHOR.search(entry.markup)
            if match is not None:
                yield name, entry.line, match[1], match[2].strip()[:40]
    for name, text in release.derived.items():
        line, last = 1, 0
        for match in _ANCHOR.finditer(text):
            line += text.count("\n", last, match.start())
            last = match.start()
            yield name, line, match[1], match[2].strip()[:40]


def _is_missing(release: Release, name: str, address: str) -> bool:
    """Whether a link leads to a file below the source that is not there; what lies elsewhere cannot be told."""
    path = unquote(address.partition("#")[0])
    if not release.folder or not path or "\x00" in path or _SCHEME.match(address) or path.startswith("/"):
        return False
    target = os.path.normpath(f"{release.folder}{os.path.dirname(name)}/{path}")  # noqa: PTH120 - names use /
    if not target.startswith(release.folder):
        return False
    below = target.removeprefix(release.folder).replace(os.sep, "/")
    return below not in release.files and not os.path.exists(target)  # noqa: PTH110 - quicker, and it is asked often


def _target_id(address: str) -> str:
    match = _FILE_ID.search(unquote(address).rpartition("/")[2].strip())
    return match[1] if match else ""


def _shown(address: str) -> str:
    limit = 80
    return address if len(address) <= limit else "\u2026" + address[-limit:]
