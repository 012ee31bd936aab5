"""What changed between two versions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from kg.lineage.states import name_key, share_a_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from kg.lineage.states import State, Version
    from kg.lineage.successors import Successors


class Change(NamedTuple):
    """One thing that is other than it was; ``before`` or ``after`` is empty where there was or is nothing."""

    kind: str
    identifier: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What one version has that another has not, each in order of id.

    Attributes:
        partial: The sides of which a part of the ids is known only: what they lack may have been there.
        with_incidents: Whether incidents and pairs were compared.
        with_ids: Whether ids were compared.
        followed: Techniques of 1.x that something of 2.x follows, by the crosswalk, or in the draft by its name: their
            name, and what follows.
        added: Techniques that are new: id and name.
        removed: Techniques that are gone: id and name.
        renamed: Same id, other name; case and punctuation count.
        meaning: Of the renamed, those whose two names share no telling word: the id probably means another thing.
        moved: Same id, other tactic.
        reparented: Same id, other parent.
        described: Same id, other summary; only where both sides hold text.
        incidents_added, incidents_removed, incidents_renamed, incidents_described: The same of incidents.
        gained: Pairs of incident and technique that are new.
        lost: Pairs that are gone.
    """

    old: str
    new: str
    partial: tuple[str, ...]
    with_incidents: bool
    with_ids: bool = True
    followed: tuple[Change, ...] = ()
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    renamed: tuple[Change, ...]
    meaning: tuple[Change, ...]
    moved: tuple[Change, ...]
    reparented: tuple[Change, ...]
    described: tuple[Change, ...]
    incidents_added: tuple[Change, ...]
    incidents_removed: tuple[Change, ...]
    incidents_renamed: tuple[Change, ...]
    incidents_described: tuple[Change, ...]
    gained: tuple[tuple[str, str], ...]
    lost: tuple[tuple[str, str], ...]

    def rows(self) -> list[Change]:
        """Every change, kind by kind."""
        pairs = [
            *(Change("pair-gained", f"{incident} {technique}", "", technique) for incident, technique in self.gained),
            *(Change("pair-lost", f"{incident} {technique}", technique, "") for incident, technique in self.lost),
        ]
        return [change for kind in KINDS for change in getattr(self, kind)] + pairs


KINDS = {
    "followed": "followed in 2.x",
    "added": "technique added",
    "removed": "technique removed",
    "renamed": "technique renamed",
    "meaning": "meaning changed",
    "moved": "moved to another tactic",
    "reparented": "moved below another parent",
    "described": "described anew",
    "incidents_added": "incident added",
    "incidents_removed": "incident removed",
    "incidents_renamed": "incident renamed",
    "incidents_described": "incident told anew",
}
"""Field of :class:`Changes` -> the words for one such change."""


def compare(old: Version, new: Version) -> Changes:
    """What changed from one version to another; ids that only have a page left over count as absent.

    Ids are compared where both sides know of any, and so are incidents with their pairs: a workbook of incidents alone
    says nothing of ids, nor a bundle of the framework of incidents.
    """
    before, after = old.listed, new.listed
    with_ids = bool(before) == bool(after)
    if not with_ids:
        before, after = {}, {}
    compared = old.has_incidents and new.has_incidents
    if not compared:
        nothing: Version = replace(old, incidents={}, digests={}, pairs=frozenset())
        old, new = nothing, replace(new, incidents={}, digests={}, pairs=frozenset())
    both = [(before[each], after[each]) for each in sorted(before.keys() & after.keys())]
    renamed = [(left, right) for left, right in both if left.name != right.name]
    titles = _differ(old.incidents.items(), dict(new.incidents))
    told = _differ(old.digests.items(), dict(new.digests))
    return Changes(
        old=old.release,
        new=new.release,
        partial=tuple(version.release for version in (old, new) if version.partial),
        with_incidents=compared,
        with_ids=with_ids,
        added=tuple(Change("added", each, "", after[each].name) for each in sorted(after.keys() - before.keys())),
        removed=tuple(Change("removed", each, before[each].name, "") for each in sorted(before.keys() - after.keys())),
        renamed=tuple(Change("renamed", left.identifier, left.name, right.name) for left, right in renamed),
        meaning=tuple(
            Change("meaning", left.identifier, left.name, right.name)
            for left, right in renamed
            if not share_a_word(left.name, right.name)
        ),
        moved=_differing(both, "moved", "tactic"),
        reparented=tuple(
            Change("reparented", left.identifier, left.parent, right.parent)
            for left, right in both
            if left.parent != right.parent
        ),
        described=_differing(both, "described", "digest"),
        incidents_added=tuple(
            Change("incidents_added", each, "", new.incidents[each])
            for each in sorted(new.incidents.keys() - old.incidents.keys())
        ),
        incidents_removed=tuple(
            Change("incidents_removed", each, old.incidents[each], "")
            for each in sorted(old.incidents.keys() - new.incidents.keys())
        ),
        incidents_renamed=tuple(Change("incidents_renamed", *each) for each in titles),
        incidents_described=tuple(Change("incidents_described", *each) for each in told),
        gained=tuple(sorted(new.pairs - old.pairs)),
        lost=tuple(sorted(old.pairs - new.pairs)),
    )


def compare_lines(old: Version, new: Version, crosswalk: Successors) -> Changes:
    """What of a version of 2.x follows a version of 1.x by a reviewed crosswalk, what nothing follows, and what is new.

    Equal ids of two lines mean nothing to each other, so none is kept, and incidents are not compared.
    """
    before, after = old.listed, new.listed
    names = {identifier: state.name for identifier, state in after.items()}
    followed = []
    reached = set()
    for identifier in sorted(before):
        verdict = crosswalk.resolve(identifier, names, least=0)
        if verdict.outcome == "moved":
            reached.add(verdict.target)
            told = f"{verdict.target} {names[verdict.target]} ({verdict.confidence:g}, {verdict.basis})"
            followed.append(Change("followed", identifier, before[identifier].name, told))
    gone = sorted(before.keys() - {change.identifier for change in followed})
    nothing = replace(old, states={}, incidents={}, digests={}, pairs=frozenset(), has_incidents=False)
    return replace(
        compare(nothing, replace(new, has_incidents=False)),
        with_ids=True,
        followed=tuple(followed),
        added=tuple(Change("added", each, "", names[each]) for each in sorted(after.keys() - reached)),
        removed=tuple(Change("removed", each, before[each].name, "") for each in gone),
    )


def compare_draft(old: Version, new: Version, reused: Collection[str]) -> Changes:
    """What changed from a version of 1.x to the 2.0 draft, which kept ids, moved names to others, and reused ids.

    Args:
        old: A version of 1.x.
        new: The draft.
        reused: The ids that it gives another meaning; this is told of them, whatever words the names share.
    """
    before, after = old.listed, new.listed
    names = {identifier: name_key(state.name) for identifier, state in after.items()}
    ids_by_name = {names[each]: each for each in sorted(after, reverse=True)}
    followed = []
    for identifier, state in sorted(before.items()):
        key = name_key(state.name)
        if key in ids_by_name and names.get(identifier) != key:
            told = f"{ids_by_name[key]} {state.name} (same name)"
            followed.append(Change("followed", identifier, state.name, told))
    moved = {change.identifier for change in followed}
    found = compare(old, replace(new, has_incidents=False))
    return replace(
        found,
        followed=tuple(followed),
        removed=tuple(change for change in found.removed if change.identifier not in moved),
        meaning=tuple(
            Change("meaning", each, before[each].name, after[each].name)
            for each in sorted(before.keys() & after.keys() & set(reused))
        ),
    )


def _differing(both: list[tuple[State, State]], kind: str, field: str) -> tuple[Change, ...]:
    """The ids whose field is known on both sides and is not the same."""
    found = ((left.identifier, getattr(left, field), getattr(right, field)) for left, right in both)
    return tuple(Change(kind, each, left, right) for each, left, right in found if left and right and left != right)


def _differ(old: Iterable[tuple[str, str]], new: dict[str, str]) -> list[tuple[str, str, str]]:
    return sorted((each, left, new[each]) for each, left in old if each in new and left and new[each] not in {"", left})
