"""The history of every id: spans of releases in which it stayed as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kg.lineage.states import LATER_LINES, TECHNIQUES, share_a_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.lineage.states import State, Version

LISTED, LEFT_OVER = "listed", "left-over"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of releases in which an id stayed as it was.

    Attributes:
        line: The line of DISARM.
        identifier: The id as DISARM writes it.
        meaning: Empty for the meaning an id has last; else the last release in which it had this older one. The IRI of
            an older meaning is ``id/technique/<identifier>_<meaning>``.
        name, tactic, parent, digest: As in :class:`kg.lineage.states.State`.
        since: The first release of the run.
        until: The last one.
        standing: ``listed``, or ``left-over`` where only a page was left of it.
    """

    line: str
    identifier: str
    meaning: str
    name: str
    tactic: str
    parent: str
    digest: str
    since: str
    until: str
    standing: str

    @property
    def key(self) -> str:
        """The last part of the IRI of what is meant."""
        return f"{self.identifier}_{self.meaning}" if self.meaning else self.identifier


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to an id in a release, as far as the releases at hand show it."""

    release: str
    kinds: tuple[str, ...]
    span: Span


@dataclass(frozen=True)
class History:
    """Spans in order of line, id and release.

    Attributes:
        releases: Line -> its releases in their order.
        partial: The releases of which a part of the ids is known only.
        spans: All spans.
    """

    releases: Mapping[str, tuple[str, ...]]
    partial: frozenset[str]
    spans: tuple[Span, ...]

    @cached_property
    def by_identifier(self) -> dict[str, tuple[Span, ...]]:
        """Id -> its spans, over all lines."""
        found: dict[str, list[Span]] = {}
        for span in self.spans:
            found.setdefault(span.identifier, []).append(span)
        return {identifier: tuple(spans) for identifier, spans in found.items()}

    def identifiers(self, line: str = TECHNIQUES) -> list[str]:
        """Every id there ever was in a line, in order."""
        return sorted({span.identifier for span in self.spans if span.line == line})

    def retired(self, line: str = TECHNIQUES) -> dict[str, Span]:
        """The ids that the last release of a line does not list, each with its last span."""
        last = self.releases[line][-1]
        found = {span.identifier: span for span in self.spans if span.line == line}
        return {each: span for each, span in found.items() if span.until != last or span.standing != LISTED}

    def lines_of(self, release: str) -> dict[str, str]:
        """Line -> release for the name of a release: one line, and for ``2.0`` those of 2.x with their last releases.

        Empty where there is none of that name.
        """
        if release == "2.0" and all(line in self.releases for line in LATER_LINES):
            return {line: self.releases[line][-1] for line in LATER_LINES}
        return {line: release for line, names in self.releases.items() if release in names}

    def spans_of(self, release: str) -> list[Span]:
        """The spans that hold in a release, or in all that go by its name."""
        return [
            span
            for line, name in self.lines_of(release).items()
            for order in (self.releases[line],)
            for span in self.spans
            if span.line == line and order.index(span.since) <= order.index(name) <= order.index(span.until)
        ]

    def events(self, identifier: str) -> list[Event]:
        """What happened to an id, release by release."""
        found: list[Event] = []
        for line, releases in self.releases.items():
            spans = [span for span in self.by_identifier.get(identifier, ()) if span.line == line]
            previous: Span | None = None
            for span in spans:
                absent = previous is not None and bool(self._between(releases, previous.until, span.since))
                found.append(Event(span.since, _kinds(previous, span, absent=absent), span))
                previous = span
            if previous is not None and previous.standing == LISTED:
                gone = self._between(releases, previous.until, None)
                if gone:
                    found.append(Event(gone[0], ("retired",), previous))
        return found

    def _between(self, releases: Sequence[str], first: str, last: str | None) -> list[str]:
        """The whole releases after one and before another, in which an id that has no span there was absent."""
        end = releases.index(last) if last is not None else len(releases)
        return [each for each in releases[releases.index(first) + 1 : end] if each not in self.partial]


def build_history(versions: Sequence[Version], ended: Iterable[tuple[str, str]] = ()) -> History:
    """The history that versions tell, given in the order they were published.

    An id has come to mean another thing where its old and its new name share no telling word.

    Args:
        versions: All that is known of each release.
        ended: Reviewed: an id and the last release in which it meant something else, although the names share a word.
    """
    lines = sorted({version.line for version in versions})
    ends = frozenset(ended)
    spans: list[Span] = []
    for line in lines:
        of_line = _without_strays([version for version in versions if version.line == line], versions)
        for identifier in sorted({each for version in of_line for each in version.states}):
            spans += _with_meanings(_runs(identifier, of_line), ends)
    releases = {line: tuple(version.release for version in versions if version.line == line) for line in lines}
    partial = frozenset(version.release for version in versions if version.partial)
    return History(releases, partial, tuple(spans))


def _runs(identifier: str, versions: Sequence[Version]) -> list[Span]:
    runs: list[Span] = []
    broken = True
    for version in versions:
        state = version.states.get(identifier)
        if state is None:
            broken = broken or not version.partial
            continue
        span = _span(state, version)
        last = runs[-1] if runs else None
        if last is not None and not broken and _same(last, span):
            runs[-1] = replace(last, until=span.until, digest=span.digest or last.digest)
        else:
            runs.append(span)
        broken = False
    return runs


def _span(state: State, version: Version) -> Span:
    return Span(
        line=version.line,
        identifier=state.identifier,
        meaning="",
        name=state.name,
        tactic=state.tactic,
        parent=state.parent,
        digest=state.digest,
        since=version.release,
        until=version.release,
        standing=LISTED if state.listed else LEFT_OVER,
    )


def _same(left: Span, right: Span) -> bool:
    told = not left.digest or not right.digest or left.digest == right.digest
    return told and (left.name, left.tactic, left.parent, left.standing) == (
        right.name,
        right.tactic,
        right.parent,
        right.standing,
    )


def _without_strays(of_line: list[Version], versions: Sequence[Version]) -> list[Version]:
    """A line without the left over pages of another: their ids were never listed here, and are listed there."""
    listed = {identifier for version in of_line for identifier in version.listed}
    elsewhere = {identifier for version in versions if version not in of_line for identifier in version.listed}
    strays = elsewhere - listed
    return [
        replace(version, states={each: state for each, state in version.states.items() if each not in strays})
        for version in of_line
    ]


def _with_meanings(runs: list[Span], ends: frozenset[tuple[str, str]]) -> list[Span]:
    """Mark the runs of older meanings with the last release of each."""
    groups: list[list[Span]] = []
    for run in runs:
        before = groups[-1][-1] if groups else None
        if before is None or (run.identifier, before.until) in ends or not share_a_word(before.name, run.name):
            groups.append([run])
        else:
            groups[-1].append(run)
    found: list[Span] = []
    for group in groups[:-1]:
        found += [replace(run, meaning=group[-1].until) for run in group]
    return found + (groups[-1] if groups else [])


def _kinds(before: Span | None, span: Span, *, absent: bool) -> tuple[str, ...]:
    if before is None:
        return ("added",) if span.standing == LISTED else (LEFT_OVER,)
    found = []
    if before.meaning != span.meaning:
        found.append("meaning-changed")
    elif before.name != span.name:
        found.append("renamed")
    if before.tactic and span.tactic and before.tactic != span.tactic:
        found.append("moved")
    if before.parent != span.parent:
        found.append("reparented")
    if before.standing == LISTED and span.standing == LEFT_OVER:
        found.append("retired")
    if span.standing == LISTED and (before.standing == LEFT_OVER or absent):
        found.append("restored")
    if before.digest and span.digest and before.digest != span.digest:
        found.append("described")
    return tuple(found) or ("seen-again",)
