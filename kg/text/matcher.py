"""Finding every name of a list in a text, in one pass over it, whatever the number of names.

An Aho-Corasick automaton finds the forms; a form counts where it stands between token boundaries, in a case that fits,
and inside no longer form. Time is linear in the text and in what is found.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.text.lexicon import Form

_SHORT = 3
_FUZZY = 8
"""Shortest name whose misspellings are looked for: in a shorter one, one letter makes another word."""

_MISSPELT = frozenset({"actor", "platform"})
# Each of its letters is left out once: a word without end must not be tried.
_LONG_WORD = re.compile(r"[A-Z](?<!\w.)\w{6,39}\b")
_PART = 3
_WORDS = 16384
_BEFORE = frozenset("@#_/\\")
_STOPS = frozenset("_@")


class Hit(NamedTuple):
    """A place where forms match: ``text[start:end]``, and the forms of every thing it may name."""

    start: int
    end: int
    forms: tuple[Form, ...]
    fuzzy: bool = False


class Matcher:
    """Finds the forms of a lexicon.

    Args:
        forms: What to look for. A form of up to three characters, or a strict one, must stand exactly as written; a
            longer one in any case, but a name that begins with a capital never matches a word in small letters unless
            it names a platform.
    """

    def __init__(self, forms: Iterable[Form]) -> None:
        exact: dict[str, list[Form]] = {}
        folded: dict[str, list[Form]] = {}
        for form in forms:
            if len(form.text) <= _SHORT or form.strict:
                exact.setdefault(form.text, []).append(form)
            else:
                folded.setdefault(lower(form.text), []).append(form)
        self._names = folded
        self._exact = list(exact.values())
        self._folded = list(folded.values())
        self._exact_automaton = _automaton(list(exact))
        self._folded_automaton = _automaton(list(folded))
        self._deletions = _deletions(folded)
        # A slip leaves the first letter, and the first three or the last three, what they were.
        self._starts = {name[:_PART] for names in self._deletions.values() for name in names}
        self._ends = {name[0] + name[-_PART:] for names in self._deletions.values() for name in names}
        self._near = lru_cache(maxsize=_WORDS)(self._nearest)

    def find(self, text: str, low: str | None = None) -> list[Hit]:
        """The hits of a text in order; no two overlap, and of two that would the longer one stands.

        Args:
            text: What is searched.
            low: The same in small letters, as :func:`lower` makes them, where it is at hand.
        """
        low = lower(text) if low is None else low
        found = [
            *_matches(text, text, self._exact_automaton, self._exact),
            *_matches(text, low, self._folded_automaton, self._folded),
        ]
        hits = _longest(found)
        return _longest([*hits, *self._misspelt(text, low, hits)]) if self._deletions else hits

    def _misspelt(self, text: str, low: str, hits: Sequence[Hit]) -> Iterator[Hit]:
        """Long capitalised words that are one slip away from one name alone: a letter more, less, other or swapped."""
        taken = {hit.start for hit in hits}
        for match in _LONG_WORD.finditer(text):
            start, end = match.span()
            name = self._near(low[start:end])
            if name and start not in taken and _bounded(text, start, end):
                yield Hit(start, end, tuple(self._names[name]), fuzzy=True)

    def _nearest(self, word: str) -> str:
        """The one name that a word in small letters is one slip away from, or nothing."""
        if word[:_PART] not in self._starts and word[0] + word[-_PART:] not in self._ends:
            return ""
        near = {name for key in _shortened(word) for name in self._deletions.get(key, ()) if one_slip(word, name)}
        return near.pop() if len(near) == 1 else ""


def lower(text: str) -> str:
    r"""Small letters, one for each character: offsets stay what they were.

    >>> len(lower("\u0130stanbul"))
    8
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


def _automaton(names: list[str]) -> AhoCorasick | None:
    # A tenth of the size of the quickest form (DFA), so it stays in the cache while rules are read between two texts.
    return (
        AhoCorasick(names, matchkind=MatchKind.Standard, implementation=Implementation.ContiguousNFA) if names else None
    )


def _matches(text: str, searched: str, automaton: AhoCorasick | None, forms: list[list[Form]]) -> Iterator[Hit]:
    if automaton is None:
        return
    for index, start, end in automaton.find_matches_as_indexes(searched, overlapping=True):
        if _bounded(text, start, end):
            kept = tuple(form for form in forms[index] if _cased(text[start:end], form))
            if kept:
                yield Hit(start, end, kept)


def _bounded(text: str, start: int, end: int) -> bool:
    """Whether a span is a token of its own: no part of a word, a handle, a tag, an address or a domain."""
    if start:
        before = text[start - 1]
        if before.isalnum() or before in _BEFORE:
            return False
        if before == "." and start > 1 and text[start - 2].isalnum():
            return False
    if end < len(text):
        after = text[end]
        if after.isalnum() or after in _STOPS:
            return False
        # facebook.com/page and example[.]ru are addresses: they stand where a page is cited.
        if after == "." and end + 1 < len(text) and text[end + 1].isalnum() and text[end + 1].islower():
            return False
        if text.startswith(("[.]", "://"), end):
            return False
    return True


def _cased(surface: str, form: Form) -> bool:
    written = form.text
    if surface == written or not written[0].isupper():
        return True
    return surface[0].isupper() or form.thing.category == "platform"


def _longest(hits: Iterable[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    end = -1
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.fuzzy)):
        if kept and hit.start == kept[-1].start and hit.end == kept[-1].end:
            kept[-1] = Hit(hit.start, hit.end, tuple(dict.fromkeys((*kept[-1].forms, *hit.forms))), kept[-1].fuzzy)
        elif hit.start >= end:
            kept.append(hit)
            end = hit.end
    return kept


def _deletions(folded: dict[str, list[Form]]) -> dict[str, list[str]]:
    """Every long one-word name under itself and under each form of it that lacks one letter."""
    found: dict[str, list[str]] = {}
    for name, forms in folded.items():
        if len(name) >= _FUZZY and name.isalpha() and any(form.thing.category in _MISSPELT for form in forms):
            for key in _shortened(name):
                found.setdefault(key, []).append(name)
    return found


def _shortened(word: str) -> set[str]:
    return {word, *(word[:index] + word[index + 1 :] for index in range(1, len(word)))}


def one_slip(word: str, name: str) -> bool:
    """Whether two words differ by one letter added, left out, changed or swapped with the next, not the first.

    >>> one_slip("spamoflage", "spamouflage"), one_slip("facebok", "facebook"), one_slip("mercury", "century")
    (True, True, False)
    """
    if abs(len(word) - len(name)) > 1 or word[:1] != name[:1] or word in {name, f"{name}s"}:
        return False
    start = next((i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    if len(word) == len(name):
        swapped = word[start : start + 2] == name[start : start + 2][::-1]
        return word[start + 1 :] == name[start + 1 :] or (swapped and word[start + 2 :] == name[start + 2 :])
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    return longer[start + 1 :] == shorter[start:]
