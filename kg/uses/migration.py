"""From the ids of one release to those of another, in a user's file: what moves, what stays, and the file anew."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.errors import SourceError, UnknownNameError, unknown_name
from kg.lineage.states import DRAFT, LATER_LINES, TECHNIQUES, name_key
from kg.lineage.successors import Verdict
from kg.uses.graphs import moved_quads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pyoxigraph as ox

    from kg.lineage.history import History
    from kg.lineage.successors import Successors
    from kg.uses.files import UserFile
    from kg.uses.places import Occurrence, Span


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one id (or name) of a file: the verdict, the name beside it, its lines, and its uses."""

    verdict: Verdict
    name: str
    lines: tuple[int, ...]
    tags: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Migration:
    """What became of a file.

    Attributes:
        outcomes: By id, in order.
        origin: The line the ids are taken to be of, in words.
        file: The file as it was.
        edits: Start, end and new text, in order.
        moved: Old id -> new id.
    """

    outcomes: tuple[Outcome, ...]
    origin: str
    file: UserFile
    edits: tuple[tuple[int, int, str], ...]
    moved: Mapping[str, str]

    def tags(self, outcome: str) -> int:
        """How many uses have this outcome: ``kept``, ``moved`` or ``stays``."""
        return sum(found.tags for found in self.outcomes if found.verdict.outcome == outcome)

    def data(self) -> bytes:
        """The bytes of the file with what moved in its place; all else is as it was."""
        parts, position = [], 0
        for start, end, new in self.edits:
            parts += [self.file.text[position:start], new]
            position = end
        return "".join([*parts, self.file.text[position:]]).encode(self.file.encoding)

    def quads(self) -> Iterator[ox.Quad]:
        """The statements of a graph with what moved in its place."""
        if self.file.graph is None:
            return iter(())
        return moved_quads(self.file.graph, self.moved)


@dataclass(frozen=True, slots=True)
class Target:
    """The release that is wanted: its name, its ids with their names, and whether it is of 2.x."""

    release: str
    names: Mapping[str, str]
    is_later: bool = False


def target_release(history: History, release: str) -> Target:
    """A release with its names; ``2.0`` is all that is published of 2.x.

    Raises:
        UnknownNameError: It is none of the history's, or the 2.0 draft: no crosswalk leads there.
    """
    lines = history.lines_of(release)
    whole = [
        *(name for name in history.releases[TECHNIQUES] if name not in history.partial),
        *(["2.0"] if history.lines_of("2.0") else ()),
        *(name for line in LATER_LINES for name in history.releases.get(line, ())),
    ]
    if DRAFT in lines:
        raise UnknownNameError(
            f"release {release!r} is a draft whose ids mean other things; nothing is moved there "
            f"(known are {', '.join(whole)})"
        )
    if release not in whole:
        raise unknown_name("release", release, whole)
    names = {span.identifier: span.name for span in history.spans_of(release) if span.standing == "listed"}
    return Target(release, names, is_later=TECHNIQUES not in lines)


def migrate(
    file: UserFile,
    target: Target,
    history: History,
    successors: Successors,
    *,
    origin: str | None = None,
    least: float = 0.8,
) -> Migration:
    """Work out what becomes of each id and name of a file; nothing is written.

    Args:
        file: The file.
        target: The release that is wanted.
        history: Every id there was.
        successors: What follows what.
        origin: The release the file is of, where it is known: it tells which meaning of an id is meant.
        least: The confidence below which nothing is moved.

    Raises:
        SourceError: A graph is to be moved to 2.x.
        UnknownNameError: No such release.
    """
    if target.is_later and file.graph is not None:
        raise SourceError(
            f"{file.path.name}: is a graph, whose uses are of techniques; 2.x has none, so give the files it is made of"
        )
    known = [name for names in history.releases.values() for name in names]
    if origin is not None and origin not in known:
        raise unknown_name("release", origin, known)
    judge = _Judge(target, history, successors, origin, least)
    judge.look_at(file.occurrences)
    grouped: dict[tuple[str, str], list[Occurrence]] = {}
    for occurrence in file.occurrences:
        grouped.setdefault((occurrence.identifier, name_key(occurrence.name)), []).append(occurrence)
    outcomes: list[Outcome] = []
    edits: list[tuple[int, int, str]] = []
    moved: dict[str, str] = {}
    for (identifier, _), found in sorted(grouped.items()):
        verdict = judge.verdict(found[0])
        lines = tuple(sorted({each.line for each in found}))
        outcomes.append(Outcome(verdict, found[0].name, lines, sum(each.tags for each in found)))
        new_name = target.names.get(verdict.target, "")
        if verdict.outcome == "moved" or (not identifier and verdict.outcome == "kept"):
            moved[identifier or verdict.identifier] = verdict.target
            for each in found:
                edits += _edits(file, each, verdict.target, new_name)
    return Migration(tuple(_noted(outcomes)), judge.words, file, tuple(sorted(edits)), moved)


def _noted(outcomes: list[Outcome]) -> Iterator[Outcome]:
    """The outcomes, with a note where several end in one id."""
    ends: dict[str, set[str]] = {}
    for outcome in outcomes:
        if outcome.verdict.outcome != "stays":
            ends.setdefault(outcome.verdict.target, set()).add(outcome.verdict.identifier)
    for outcome in outcomes:
        others = sorted(ends.get(outcome.verdict.target, set()) - {outcome.verdict.identifier})
        if outcome.verdict.outcome == "moved" and others:
            yield replace(outcome, note=f"{', '.join(others)} stands there as well")
        else:
            yield outcome


def _edits(file: UserFile, occurrence: Occurrence, identifier: str, name: str) -> Iterator[tuple[int, int, str]]:
    for span in occurrence.spans:
        new = identifier if span.kind == "id" else _written(span, name)
        if new and new != file.text[span.start : span.end] and _fits(new, file.encoding):
            yield span.start, span.end, new


def _written(span: Span, name: str) -> str:
    """A name as its place writes it; a name in an unquoted cell must not hold what ends a cell."""
    if span.form == "json":
        return json.dumps(name, ensure_ascii=False)[1:-1].replace("\u2028", "\\u2028")
    if span.form == "csv":
        return "" if any(char in name for char in ',;\t"\n') else name
    if span.form in {"cell", "quoted"}:
        # A cell of its own may be put into quotes; in one that is, a quote is doubled.
        doubled = name.replace('"', '""')
        return f'"{doubled}"' if span.form == "cell" and any(char in name for char in ',;\t|"\n') else doubled
    return name


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


class _Judge:
    """Gives the verdict on each occurrence, once it knows which line the file is of."""

    def __init__(
        self, target: Target, history: History, successors: Successors, origin: str | None, least: float
    ) -> None:
        self._target, self._history, self._successors = target, history, successors
        self._origin, self._least = origin, least
        self._names: dict[str, list[str]] = {}
        for span in history.spans:
            if span.line == TECHNIQUES:
                self._names.setdefault(name_key(span.name), []).append(span.identifier)
        self._draft = origin in history.releases.get(DRAFT, ())
        self._sure = origin is not None
        self.words = f"taken to be of {origin}, as said" if origin is not None else ""

    def look_at(self, occurrences: list[Occurrence]) -> None:
        """Find out from the ids that only one line has whether the file is of 1.x or of the 2.0 draft."""
        if self._sure:
            return
        given = {occurrence.identifier for occurrence in occurrences if occurrence.identifier}
        if not given:
            return
        ours, theirs = set(self._history.identifiers(TECHNIQUES)), set(self._history.identifiers(DRAFT))
        of_1, of_draft = sorted(given & (ours - theirs)), sorted(given & (theirs - ours))
        if of_1 and not of_draft:
            self._sure = True
            self.words = f"taken to be of 1.x: the 2.0 draft has no {of_1[0]}"
        elif of_draft and not of_1:
            self._draft = self._sure = True
            self.words = f"taken to be of the 2.0 draft: 1.x has no {of_draft[0]}"
        else:
            self.words = "may be of 1.x or of the 2.0 draft; say which with --from"

    def verdict(self, occurrence: Occurrence) -> Verdict:
        """What becomes of an id with the name beside it, or of a name alone."""
        identifier, name = occurrence.identifier, occurrence.name
        if not identifier and name.upper() in self._target.names:
            # An id of 2.x, which is none of those that files are searched for.
            return Verdict(name.upper(), "kept", name.upper(), 1.0, "exists", "it exists")
        if not identifier:
            return self._by_name(name)
        found = self._successors.resolve(
            identifier,
            self._target.names,
            name=name,
            least=self._least,
            draft=self._draft,
            meaning=self._meaning(identifier),
        )
        other = self._successors.reused.get(identifier)
        told = identifier in self._names.get(name_key(name), ())
        if other is not None and found.outcome != "stays" and not self._sure and not told:
            reason = f"refused: it may as well mean {other!r} of the 2.0 draft; say with --from what the file is of"
            return Verdict(identifier, "stays", identifier, 0.0, "refused", reason)
        return found

    def _meaning(self, identifier: str) -> str | None:
        """The older meaning an id has in the release the file is of; None where that is not known."""
        order = self._history.releases[TECHNIQUES]
        if self._origin not in order:
            return None
        at = order.index(self._origin)
        for span in self._history.by_identifier.get(identifier, ()):
            if span.line == TECHNIQUES and order.index(span.since) <= at <= order.index(span.until):
                return span.meaning
        return None

    def _by_name(self, name: str) -> Verdict:
        ids = list(dict.fromkeys(self._names.get(name_key(name), ())))
        today = [each for each in ids if name_key(self._target.names.get(each, "")) == name_key(name)]
        if len(today) == 1:
            return Verdict(today[0], "kept", today[0], 1.0, "exists", "it exists")
        verdicts = [self._successors.resolve(each, self._target.names, name=name, least=self._least) for each in ids]
        targets = {found.target for found in verdicts if found.outcome != "stays"}
        if len(targets) == 1:
            return next(found for found in verdicts if found.outcome != "stays")
        if verdicts and not targets:
            return verdicts[-1]
        why = f"the name is that of {', '.join(ids)}" if ids else "no release at hand has a technique of this name"
        return Verdict(name, "stays", name, 0.0, "unknown", why)
