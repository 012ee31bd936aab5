"""What a person types, found among the ids, names, other names and titles of a graph.

Words count, not their order: each is compared without case, accents and plural endings, as a whole, as the beginning
of a word, or, from four letters on, inside one ("fake" in "deepfake"). A word that occurs nowhere stands for its
nearest spelling. What has all the words comes first; what has some follows, if these say more than half of what was
asked: a word says the more the rarer it is (its inverse document frequency, Sparck Jones 1972).
"""

from __future__ import annotations

import difflib
import math
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from kg.store.protocol import TripleStore

MOST_WORDS, LONGEST = 12, 200
"""Words and characters of a search; what is beyond is not looked at."""

KINDS = ("technique", "tactic", "actor", "platform", "country", "region", "incident", "counter")
"""Kinds in the order in which equals are told; the others follow by name."""

_NAMES = """
    SELECT DISTINCT ?iri ?id ?label ?other WHERE {
      { ?iri dcterms:title ?label } UNION { ?iri skos:prefLabel ?label FILTER(LANG(?label) IN ("", "en")) }
      ?iri dcterms:identifier ?id .
      OPTIONAL { ?iri skos:altLabel ?other }
    } ORDER BY ?iri ?label ?other
"""
_WORD = re.compile(r"[^\W_]+(?:\.\d+)*")
_WHOLE, _BEGINNING, _INSIDE, _NEAR = 1.0, 0.8, 0.5, 0.4
_INSIDE_FROM = 4
_ENOUGH = 0.5
_ENDING_FROM = 4
_NEAREST = 0.8


class Hit(NamedTuple):
    """One thing that was found.

    Attributes:
        iri: Its IRI.
        kind: technique, incident, actor, ...
        identifier: Its id.
        name: Its name or title.
        matched: The other name that was meant; empty where it is the id or the name itself.
        missing: Words asked for that it does not have.
    """

    iri: str
    kind: str
    identifier: str
    name: str
    matched: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A thing that can be found: ``spelt`` holds its id and names as they are compared."""

    iri: str
    kind: str
    identifier: str
    name: str
    others: tuple[str, ...]
    spelt: tuple[str, ...]


class NameIndex:
    """The names of a graph, ready to be searched."""

    def __init__(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """From rows of IRI, id, name and one other name (or nothing), those of one IRI beside each other or not."""
        gathered: dict[str, tuple[str, str, list[str]]] = {}
        for iri, identifier, name, other in rows:
            others = gathered.setdefault(iri, (identifier, name, []))[2]
            others.extend(one for one in (other, name) if one and one != gathered[iri][1] and one not in others)
        self._entries = [_entry(iri, *told) for iri, told in gathered.items()]
        self._holders: defaultdict[str, set[int]] = defaultdict(set)
        for at, entry in enumerate(self._entries):
            for spelt in entry.spelt:
                for word in spelt.split():
                    self._holders[word].add(at)

    @classmethod
    def of(cls, store: TripleStore) -> NameIndex:
        """Everything in the default graph of a store that has an id and a name."""
        return cls((row[0] or "", row[1] or "", row[2] or "", row[3] or "") for row in store.select(_NAMES).values())

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of things that it knows."""
        return frozenset(entry.kind for entry in self._entries)

    def search(self, asked: str) -> Iterator[Hit]:
        """What has the words, best first; nothing where no word is asked.

        Args:
            asked: Words, an id or a part of one; its first :data:`LONGEST` characters and :data:`MOST_WORDS` words.
        """
        words = list(dict.fromkeys(folded(asked[:LONGEST]).split()))[:MOST_WORDS]
        strengths = [self._strengths(word) for word in words]
        weights = [math.log1p(len(self._entries) / max(len(found), 1)) for found in strengths]
        scores: defaultdict[int, float] = defaultdict(float)
        for found, weight in zip(strengths, weights, strict=True):
            for at, strength in found.items():
                scores[at] += strength * weight
        whole = folded(asked[:LONGEST])
        ranked = []
        for at, score in scores.items():
            missing = tuple(word for word, found in zip(words, strengths, strict=True) if at not in found)
            had = sum(weight for weight, found in zip(weights, strengths, strict=True) if at in found)
            if had > _ENOUGH * sum(weights):
                entry = self._entries[at]
                ranked.append((bool(missing), _likeness(entry, whole), -score, _order(entry), at, missing))
        for *_, at, missing in sorted(ranked):
            entry = self._entries[at]
            yield Hit(entry.iri, entry.kind, entry.identifier, entry.name, _meant(entry, words), missing)

    def _strengths(self, word: str) -> dict[int, float]:
        """Entries that have the word -> how well, 0 to 1."""
        found: dict[int, float] = {}
        for held, holders in self._holders.items():
            strength = _strength(word, held)
            if strength:
                for at in holders:
                    found[at] = max(found.get(at, 0.0), strength)
        if not found and len(word) >= _INSIDE_FROM:
            alike = [held for held in self._holders if abs(len(held) - len(word)) <= 2]  # noqa: PLR2004 - two slips
            for held in difflib.get_close_matches(word, alike, n=3, cutoff=_NEAREST):
                found |= dict.fromkeys(self._holders[held], _NEAR)
        return found


def search(store: TripleStore, asked: str, *, kinds: Collection[str] = ()) -> tuple[Hit, ...]:
    """What a graph has under these words, best first; see :class:`NameIndex`.

    Args:
        store: The graph.
        asked: Words, an id or a part of one.
        kinds: Only things of these kinds: technique, incident, actor, ...; of every kind where none is named.

    Raises:
        KgError: nothing that could be looked for.
        UnknownNameError: the graph has nothing of such a kind.
    """
    if not folded(asked):
        raise KgError(f"search {asked!r}: holds no word; write words of a name or a title, or an id")
    index = NameIndex.of(store)
    for kind in kinds:
        if kind not in index.kinds:
            raise unknown_name("kind", kind, index.kinds)
    return tuple(hit for hit in index.search(asked) if not kinds or hit.kind in kinds)


def folded(text: str) -> str:
    """A text as it is compared: its words without case, accents and plural endings, a blank between them.

    >>> folded("AI-Generated Images, T0154.002")
    'ai generated image t0154.002'
    """
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return " ".join(map(_singular, _WORD.findall(plain.casefold())))


@lru_cache(maxsize=1 << 14)
def _singular(word: str) -> str:
    if len(word) < _ENDING_FROM or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") and len(word) > _ENDING_FROM else word[:-1]


def _strength(word: str, held: str) -> float:
    if word == held:
        return _WHOLE
    if held.startswith(word):
        return _BEGINNING
    return _INSIDE if len(word) >= _INSIDE_FROM and word in held else 0.0


def _entry(iri: str, identifier: str, name: str, others: list[str]) -> _Entry:
    spelt = tuple(dict.fromkeys(folded(one) for one in (identifier, name, *others)))
    return _Entry(iri, iri.split("/")[-2], identifier, name, tuple(others), spelt)


def _likeness(entry: _Entry, whole: str) -> int:
    """0 where the id or a name is what was asked, 1 where one begins with it, 2 where one holds it, 3 otherwise."""
    if whole in entry.spelt:
        return 0
    if any(spelt.startswith(whole) for spelt in entry.spelt):
        return 1
    return 2 if any(f" {whole} " in f" {spelt} " for spelt in entry.spelt) else 3


def _order(entry: _Entry) -> tuple[int, str, int, str]:
    place = KINDS.index(entry.kind) if entry.kind in KINDS else len(KINDS)
    return place, entry.kind, len(entry.name), entry.identifier


def _meant(entry: _Entry, words: list[str]) -> str:
    """The other name that has more of the words than the id and the name together."""

    def held(*texts: str) -> int:
        return sum(any(_strength(word, own) for text in texts for own in folded(text).split()) for word in words)

    best = max(entry.others, key=held, default="")
    return best if best and held(best) > held(entry.identifier, entry.name) else ""
