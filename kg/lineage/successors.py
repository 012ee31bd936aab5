"""Which id takes the place of one that is retired or came to mean something else: a reviewed table, and exact names.

Nothing is guessed in silence. A row of the table says from which meaning of which id to which id, how sure that is, on
what basis and why; a row without a successor says that none was found. Where an id was not looked at, a technique of
the same name is its successor, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kg.lineage.states import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Relation = Literal[
    "same", "renamed", "merged", "split", "narrower", "broader", "related", "ambiguous", "retired", "none"
]
RELATIONS: tuple[Relation, ...] = (
    "same",
    "renamed",
    "merged",
    "split",
    "narrower",
    "broader",
    "related",
    "ambiguous",
    "retired",
    "none",
)
"""What a successor is to what it follows.

``same`` and ``renamed`` mean the same; it was ``merged`` into something that holds more, or ``split`` and this is the
part that is meant most often; the successor is ``narrower``, ``broader`` or only ``related``. Where no one thing is
known to follow, it is ``ambiguous`` which of several does, it was ``retired`` with all of its kind,
or nothing was found: ``none``.
"""

WITHOUT_SUCCESSOR: frozenset[Relation] = frozenset({"ambiguous", "retired", "none"})

_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Successor:
    """One row of the table.

    Attributes:
        identifier: The id that was given up.
        meaning: Empty for what the id meant last, else the last release in which it meant what is followed here.
        name: What it was called.
        retired: The first release at hand in which it no longer stood.
        successor: The id that follows; empty where none does.
        relation: What that is to it.
        confidence: From 0 to 1: how sure it is that a use of the one is a use of the other.
        basis: How it was found: ``exact-name``, ``same-name`` (up to case and punctuation) or ``reviewed``.
        reason: Why, in a few words.
        evidence: What was compared: releases and ids.
    """

    identifier: str
    meaning: str
    name: str
    retired: str
    successor: str
    relation: Relation
    confidence: float
    basis: str
    reason: str
    evidence: str

    @property
    def candidates(self) -> tuple[str, ...]:
        """The ids of which one may follow, where it is ambiguous which."""
        if self.relation != "ambiguous":
            return ()
        return tuple(each.partition(":")[2] for each in self.evidence.split()[1:])

    @property
    def words(self) -> str:
        """The reason, with the candidates where there are several."""
        return f"{self.reason}: {' or '.join(self.candidates)}" if self.candidates else self.reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of an id in a release.

    Attributes:
        identifier: The id as it was given.
        outcome: ``kept``, ``moved``, or ``stays``: it does not exist there and no successor is sure enough.
        target: The id to write: the same where it is kept or stays.
        confidence: The product along the chain; 1 where it is kept.
        basis: Of the last step.
        reason: In words, for people.
        candidate: A successor that is known and not sure enough; several, parted by blanks, where it is ambiguous which
            follows; empty where there is none.
    """

    identifier: str
    outcome: Literal["kept", "moved", "stays"]
    target: str
    confidence: float
    basis: str
    reason: str
    candidate: str = ""


class Successors:
    """The table, by id and meaning.

    Args:
        rows: The rows; at most one for each id and meaning.
        reused: Id -> the other meaning that the 2.0 draft of July 2025 gives it.
        unknown: What is said of an id that no row is about.
    """

    def __init__(
        self,
        rows: Iterable[Successor],
        reused: Mapping[str, str] | None = None,
        unknown: str = "no release at hand tells what follows it",
    ) -> None:
        self.rows = tuple(rows)
        self._unknown = unknown
        self.reused = dict(reused or {})
        self._by_key = {(row.identifier, row.meaning): row for row in self.rows}

    def find(self, identifier: str, meaning: str = "", name: str = "") -> Successor | None:
        """The row of an id in one of its meanings; the name tells where another history calls that otherwise."""
        found = self._by_key.get((identifier, meaning))
        if found is None and meaning and name:
            named = (row for row in self.rows if row.identifier == identifier and name_key(row.name) == name_key(name))
            return next(named, None)
        return found

    def meaning_of(self, identifier: str, name: str, names: Mapping[str, str]) -> str | None:
        """Which older meaning a name gives an id; None where it is that of today or cannot be told.

        Args:
            identifier: The id.
            name: The name that stands beside it.
            names: Id -> name in the release that is wanted.
        """
        key = name_key(name)
        if not key or key == name_key(names.get(identifier, "")):
            return None
        found = [
            row.meaning
            for row in self.rows
            if row.identifier == identifier and row.meaning and name_key(row.name) == key
        ]
        return found[0] if found else None

    def resolve(
        self,
        identifier: str,
        names: Mapping[str, str],
        *,
        name: str = "",
        meaning: str | None = None,
        least: float = 0.8,
        draft: bool = False,
    ) -> Verdict:
        """What becomes of an id in the release whose ids have these names.

        Args:
            identifier: The id as it stands in a file.
            names: Id -> name in the release that is wanted.
            name: The name that stands beside it in the file; it tells which meaning is meant.
            meaning: The meaning it has in the release that the file is of, where that is known; the name goes before.
            least: The confidence below which nothing is moved.
            draft: Whether the file is of the 2.0 draft, whose ids are not those of 1.x.
        """
        other = self.reused.get(identifier)
        if other is not None and (draft or (name and name_key(name) == name_key(other))):
            reason = f"the 2.0 draft gives {identifier} another meaning ({other}); nothing of 1.x follows it"
            return Verdict(identifier, "stays", identifier, 0.0, "refused", reason)
        meant = self.meaning_of(identifier, name, names)
        if meant is None:
            told = name_key(name) and name_key(name) == name_key(names.get(identifier, ""))
            meant = "" if told else meaning or ""
        if identifier in names and not meant:
            return Verdict(identifier, "kept", identifier, 1.0, "exists", "it exists")
        return self._follow(identifier, meant, names, name, least)

    def _follow(self, identifier: str, meaning: str, names: Mapping[str, str], name: str, least: float) -> Verdict:
        confidence, current, basis, reasons = 1.0, identifier, "", list[str]()
        row = self.find(identifier, meaning)
        for _ in range(_LONGEST_CHAIN):
            if row is None or not row.successor:
                break
            confidence, current, basis = confidence * row.confidence, row.successor, row.basis
            reasons.append(f"{row.relation}: {row.reason}" if row.reason else row.relation)
            if current in names:
                return _judged(identifier, current, (round(confidence, 4), basis, "; ".join(reasons)), least)
            row = self.find(current)
        if row is not None and not row.successor:
            return _without(identifier, row, confidence, names)
        same = [each for each, called in names.items() if name and name_key(called) == name_key(name)]
        if row is None and len(same) == 1 and same[0] != identifier:
            return _judged(identifier, same[0], (1.0, "exact-name", f"{same[0]} has its name"), least)
        return Verdict(identifier, "stays", identifier, 0.0, "unknown", self._unknown)


def _without(identifier: str, row: Successor, confidence: float, names: Mapping[str, str]) -> Verdict:
    """The verdict where a row says that no one thing follows; what may is told as far as it exists there."""
    possible = [each for each in row.candidates if each in names]
    if not possible:
        return Verdict(
            identifier,
            "stays",
            identifier,
            0.0,
            row.basis,
            f"{_NOTHING.get(row.relation, 'none follows it')}: {row.reason}",
        )
    told = ", ".join(f"{each} {names[each]}" for each in possible)
    why = f"several may follow it, none for sure ({told}): {row.reason}"
    sure = round(confidence * row.confidence, 4)
    return Verdict(identifier, "stays", identifier, sure, row.basis, why, candidate=" ".join(possible))


_NOTHING = {"ambiguous": "none follows it for sure", "retired": "retired with all of its kind"}


def _judged(identifier: str, target: str, found: tuple[float, str, str], least: float) -> Verdict:
    confidence, basis, reason = found
    if confidence < least:
        why = f"{target} may follow it, at confidence {confidence:g} below {least:g} ({reason})"
        return Verdict(identifier, "stays", identifier, confidence, basis, why, candidate=target)
    return Verdict(identifier, "moved", target, confidence, basis, reason)
