"""What changed between two releases, and what of a user's file breaks by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError
from kg.lineage.changes import compare, compare_draft, compare_lines
from kg.lineage.history import LISTED
from kg.lineage.states import DRAFT, LATER, LATER_LINES, TECHNIQUES, State, Version
from kg.uses.migration import Target, migrate

if TYPE_CHECKING:
    from kg.lineage.changes import Changes
    from kg.lineage.history import History
    from kg.lineage.successors import Successors
    from kg.uses.files import UserFile


class Breakage(NamedTuple):
    """One id of a user's file that is not what it was: what happened to it, and what to write instead.

    ``to`` is empty where nothing is sure enough; ``uses`` are the tags that hang on it.
    """

    identifier: str
    name: str
    uses: int
    what: str
    to: str
    confidence: float
    reason: str


def version_of_history(history: History, release: str) -> Version | None:
    """A release as a history knows it: its ids, and no incidents; None where it knows no such release."""
    lines = list(history.lines_of(release))
    if not lines:
        return None
    states = {
        span.identifier: State(
            span.identifier, span.name, span.tactic, span.parent, span.digest, listed=span.standing == LISTED
        )
        for span in history.spans_of(release)
    }
    line = lines[0] if len(lines) == 1 else LATER
    return Version(release=release, line=line, states=states, partial=release in history.partial, has_incidents=False)


def find_breakages(
    file: UserFile, changes: Changes, new: Version, history: History, successors: Successors
) -> tuple[Breakage, ...]:
    """What of a file breaks: ids that are gone, and ids that are there and other than they were; in order of id.

    Raises:
        SourceError: The new side knows no id, so that nothing can be said of any.
        UnknownNameError: The old release is none that the history knows by this name, and is given as such.
    """
    names = {identifier: state.name for identifier, state in new.listed.items()}
    if not names:
        raise SourceError(f"{new.release}: holds no ids, so it cannot tell what breaks; give a whole release")
    known = history.releases.get(TECHNIQUES, ())
    origin = changes.old if changes.old in known else None
    is_later = new.line in {LATER, *LATER_LINES}
    found = migrate(file, Target(new.release, names, is_later=is_later), history, successors, origin=origin)
    changed: dict[str, list[str]] = {}
    for change in (*changes.meaning, *changes.renamed, *changes.moved, *changes.reparented, *changes.described):
        words = {
            "meaning": f"means something else: {change.after}",
            "renamed": f"renamed to {change.after}",
            "moved": f"moved to {change.after}",
            "reparented": f"moved below {change.after or 'no parent'}",
            "described": "described anew",
        }[change.kind]
        changed.setdefault(change.identifier, []).append(words)
    rows = []
    for outcome in found.outcomes:
        verdict = outcome.verdict
        if verdict.outcome == "kept":
            what = "; ".join(changed.get(verdict.identifier, ()))
            if what:
                rows.append(Breakage(verdict.identifier, outcome.name, outcome.tags, what, verdict.target, 1.0, ""))
            continue
        gone = "gone" if verdict.identifier not in names else "means something else"
        to = verdict.target if verdict.outcome == "moved" else ""
        rows.append(
            Breakage(verdict.identifier, outcome.name, outcome.tags, gone, to, verdict.confidence, verdict.reason)
        )
    return tuple(rows)


def difference(old: Version, new: Version, crosswalk: Successors | None = None) -> Changes:
    """What changed from one version to another; a partial one cannot show what was added or removed.

    Args:
        old: What was.
        new: What is.
        crosswalk: What of 2.x follows what of 1.x; by it alone a version of 1.x is compared with one of 2.x.

    Raises:
        ValueError: They are of two lines that no crosswalk joins: their ids have nothing to do with each other.
    """
    if old.line == new.line:
        return compare(old, new)
    if crosswalk is not None and (old.line, new.line) == (TECHNIQUES, DRAFT):
        return compare_draft(old, new, crosswalk.reused)
    if crosswalk is None or old.line != TECHNIQUES or new.line not in {LATER, *LATER_LINES}:
        raise ValueError(f"{old.release} and {new.release} are of two lines ({old.line}, {new.line})")
    return compare_lines(old, new, crosswalk)
