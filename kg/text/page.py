"""An incident's page as it is read for names: its fields, who reports it, what kind of page it is, and every hit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kg.text.fields import MOST_PROSE, passages_of
from kg.text.no_names import NO_NAMES, OFFICES
from kg.text.prose import prose_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from kg.model import Incident
    from kg.named import Role, Thing
    from kg.text.matcher import Hit
    from kg.text.phrases import Words
    from kg.text.prose import Prose, Sentence

_CHECKS = (
    *("what was claimed", "our verdict", "rating:", "claim:", "fact check:", "fact-check:", "fact-checked:"),
    *("reverse image search", "keyframes", "keyword search", "taken out of context", "out-of-context", "does not show"),
    *(
        "does not depict",
        "do not depict",
        "old video",
        "viral video",
        "viral clip",
        "viral post",
        "viral image",
        "viral claim",
    ),
    *("false claim", "false post", "misleading claim", "misleading post", "misleading video", "claim is false"),
    *(
        "claims are false",
        "claim is misleading",
        "claim is untrue",
        "has been debunked",
        "no evidence that",
        "no evidence to",
    ),
)
"""Phrases, in small letters, of pages that check a claim."""

_CHECKING = AhoCorasick(_CHECKS, matchkind=MatchKind.Standard, implementation=Implementation.DFA)

_DENIES = re.compile(
    r"\b(?:not|no|fake|false|fact[- ]check|misleading|doctored|edited|altered|hoax|didn|isn|wasn|never|old)\b"
    r"|\?\s*\Z",
    re.IGNORECASE,
)
_CHECK_TITLE = re.compile(
    r"\W*(?:(?:ap |afp )?fact[- ]?check|(?:false|fake|hoax|misleading|altered|debunked)\s*:)", re.IGNORECASE
)
_CHECKED_BY = re.compile(
    r"fact[- ]?check|\bfull ?fact|snopes|politifact|logically ?facts|\bverificat|lead ?stories",
    re.IGNORECASE,
)
"""Publishers, authors or addresses of checks."""

_REFRAMES = frozenset({"T0162.003", "T0162.004", "T0162.005", "T0162.010", "T0162.011"})
_SURE = 2
_WORD_BEHIND = re.compile(r" ([^\Wa-z\d_][a-z]\w+)")
_WORD_BEFORE = re.compile(r"(?<=[a-z,;] )([^\Wa-z\d_][a-z]\w+) \Z")
_JOINS = frozenset("s,d&")
"""How what joins two names ends, an article apart."""

_LONGEST_JOIN = len("), as well as")
_JOINED = re.compile(r"(?:\)?(?:[\u2019']s|,|,? and|,? as well as| &))\s+(?:the\s+)?\Z")


_LIST_ITEM = re.compile(
    r"(?:[^\Wa-z_][\w&.\u2019'-]*(?:\s+(?:(?:of|for|the|de"
    r"|and the)\s+)*(?=[^\Wa-z_]))?)+[\"\u201d]?(?:\s*\([^()]{1,40}\))?"
    r"(?:[,.;:]|\s+(?:and|or|&|as well)\b|[\u2019']s?\s|\s*\Z)"
)
"""A name that goes on or ends a list: in "shared by A, the B logo was" the B is none."""


class Reading(NamedTuple):
    """What a rule made of a name: role, confidence from 0 to 1, rule."""

    role: Role
    confidence: float
    rule: str


class Place(Protocol):
    """A name in a field, with what stands before it in its sentence."""

    @property
    def prose(self) -> Prose:
        """The field."""
        ...

    @property
    def start(self) -> int:
        """Where the name begins in the field."""
        ...

    @property
    def left(self) -> str:
        """What stands before it."""
        ...


class Spot(NamedTuple):
    """A hit in its sentence: what stands before and behind it there, at most ``WINDOW`` characters of each."""

    prose: Prose
    hit: Hit
    sentence: Sentence
    left: str
    right: str
    words: Words

    @property
    def affairs(self) -> bool:
        """Whether its sentence is about influence rather than about war or trade."""
        return self.prose.affairs(self.sentence)

    @property
    def start(self) -> int:
        """Where the hit begins in the field."""
        return self.hit.start

    @property
    def surface(self) -> str:
        """The characters of the hit."""
        return self.prose.text[self.hit.start : self.hit.end]

    @property
    def claimed(self) -> bool:
        """Whether it stands in what is only repeated as a claim."""
        return self.prose.claimed(self.hit.start)


@dataclass
class Page:
    """The fields of one incident with everything found in them."""

    incident: Incident
    fields: tuple[Prose, ...]
    spots: tuple[Spot, ...] = field(default=())

    def taken(self, prose: Prose) -> list[tuple[int, int]]:
        """The spans of a field that some list has a name for, in order."""
        return self._taken[0].get(id(prose), [])

    def taken_by_others(self, prose: Prose) -> list[tuple[int, int]]:
        """Those of them that are no plain name of a country or city: "Delhi" may begin the name of a party."""
        return self._taken[1].get(id(prose), [])

    @cached_property
    def _taken(self) -> tuple[dict[int, list[tuple[int, int]]], dict[int, list[tuple[int, int]]]]:
        every: dict[int, list[tuple[int, int]]] = {}
        others: dict[int, list[tuple[int, int]]] = {}
        for spot in self.spots:
            if _is_part_of_a_name(spot):
                continue
            span = (spot.hit.start, spot.hit.end)
            every.setdefault(id(spot.prose), []).append(span)
            if any(form.adjective or form.thing.category not in {"country", "region"} for form in spot.hit.forms):
                others.setdefault(id(spot.prose), []).append(span)
        return every, others

    @cached_property
    def fact_check(self) -> bool:
        """Whether the page checks a claim: what it accuses someone of is then what is being debunked."""
        if _CHECK_TITLE.match(self.incident.title):
            return True
        text = "\n".join(prose.text for prose in self.fields).lower()
        phrases = {index for index, _, _ in _CHECKING.find_matches_as_indexes(text, overlapping=True)}
        cited = (f"{item.organisation} {item.authors} {item.url}" for item in self.incident.references)
        found = len(phrases) + any(map(_CHECKED_BY.search, cited))
        return found + (_DENIES.search(self.incident.title) is not None) >= _SURE

    @cached_property
    def reframed(self) -> bool:
        """Whether DISARM's own tags say that old media, of another place or kind, were given out as something else."""
        return any(
            mention.technique in _REFRAMES
            for prose in self.fields
            for group in prose.groups
            for mention in group.mentions
        )

    @cached_property
    def first_report(self) -> dt.date | None:
        """The day of its earliest reference, where one is dated."""
        return min((item.published for item in self.incident.references if item.published), default=None)

    @cached_property
    def reporters(self) -> frozenset[str]:
        """The organisations and authors of its references, case folded: they tell of the incident."""
        names = set()
        for reference in self.incident.references:
            for part in re.split(r"[|,;]| and ", f"{reference.organisation}|{reference.authors}"):
                if len(part.strip()) > 1:
                    names.add(part.strip().casefold())
        return frozenset(names)


def fields_of(incident: Incident) -> tuple[Prose, ...]:
    """Title, summary and each distinct passage that belongs to the incident, :data:`MOST_PROSE` characters at most."""
    found = [prose_of("title", incident.title), prose_of("summary", incident.summary)]
    found += [prose_of("passage", item.text, item.identifier, item.groups) for item in passages_of(incident)]
    fields, left = [], MOST_PROSE
    for prose in found:
        if prose.text and left > 0:
            fields.append(prose if len(prose.text) <= left else _cut(prose, left))
            left -= len(prose.text)
    return tuple(fields)


def _cut(prose: Prose, length: int) -> Prose:
    """The beginning of a field, up to a blank, with the groups that lie in it."""
    end = max(prose.text.rfind(" ", 0, length), prose.text.rfind("\n", 0, length))
    text = prose.text[: end if end > 0 else length]
    return prose_of(prose.name, text, prose.passage, [group for group in prose.groups if group.end <= len(text)])


def _is_part_of_a_name(spot: Spot) -> bool:
    """Whether a doubtful name only begins or ends a longer one: "Wire" of the "Marsh Wire" is no service."""
    doubtful = spot.hit.fuzzy or all(form.strict for form in spot.hit.forms)
    if not doubtful or not spot.surface[:1].isupper():
        return False
    words = spot.prose.words
    behind, before = (
        _WORD_BEHIND.match(words, spot.hit.end),
        _WORD_BEFORE.search(words, max(0, spot.start - 30), spot.start),
    )
    return any(word is not None and word[1] not in NO_NAMES and word[1] not in OFFICES for word in (behind, before))


def beside(place: Place, ends: Mapping[tuple[int, int], Reading]) -> Reading | None:
    """The reading of the name before a place, where the two are joined by a comma, "and" or a possessive.

    Args:
        place: Where the name stands.
        ends: What is known of other names: identity of the field and end of the name -> reading.
    """
    left = place.left
    if not left[-1:].isspace() or place.prose.name == "title":
        return None
    before = left.rstrip().removesuffix("the").rstrip()
    if before[-1:] not in _JOINS:
        return None
    joined = _JOINED.search(left, max(0, len(before) - _LONGEST_JOIN))
    if joined is None:
        return None
    reading = ends.get((id(place.prose), place.start - len(joined[0])))
    if reading is None or (joined[0].lstrip()[0] == "," and not _LIST_ITEM.match(place.prose.words, place.start)):
        return None
    rule = reading.rule if reading.rule.endswith("-beside") else f"{reading.rule}-beside"
    return Reading(reading.role, 0.62, rule)


def shared_name(thing: Thing, names: frozenset[str]) -> bool:
    """Whether a thing bears one of the names, which are case folded."""
    return any(name.casefold() in names for name in (thing.name, *thing.aliases))
