"""A field of an incident as prose: its sentences, what is quoted there as a claim, and what is markup of techniques.

Tag groups and addresses are blanked out for reading, character for character, so that offsets stay those of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.text.groups import parse_groups
from kg.text.matcher import lower
from kg.text.phrases import AFFAIRS, WINDOW, Words, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.model import InlineGroup

# Each pattern begins with a character of few, or with one that is no letter: the engine leaps from one to the next.
_ADDRESS = re.compile(r"(?:https?://|w(?<!\ww)ww\.)[^\s<>\"\u201d]+")
_END = re.compile(r"[.!?\n](?:(?<=\n)\n*|[\"\u201d\u2019')\]]*\s+(?=[\"\u201c\u2018'(\[*\u2022-]*[^\Wa-z_]))")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Jr|Sr|Inc|Ltd|Co|Corp|vs|No|Jan|Feb|Aug|Sept|Oct|Nov|Dec)"
    r"|\b[A-Z](?:\.[A-Z])*)\.$"
)
_CLAIM_LINE = re.compile(r"(?:what was claimed|the claim|claim|claimed|what is claimed)\s*:\s*")
_SAYING = any_of("""
    caption(?:s|ed)?; claim(?:s|ed|ing)?; text; headline[sd]?; titled; title; reads?; reading; said; says?; saying
    wrote; writes; tweeted; post(?:s|ed)? (?:that|which) (?:say|read)s?; words; message; hashtags?; overlay
    stat(?:es|ed|ing); asserted; alleged; describ(?:es|ed)
""")
_CLAIM_OPENS = re.compile(rf"\W{_SAYING}\b[^.!?\"\u201c\u201d\n]{{0,80}}(?=[\"\u201c])")
_ABBREVIATED = 12
_CLAIM_LONGEST = 700


class Sentence(NamedTuple):
    """A sentence: its span, its words with groups blanked, and whether a group of techniques ends or breaks it."""

    start: int
    end: int
    words: str
    tagged: bool


@dataclass(frozen=True)
class Prose:
    """One field of an incident, ready to be read.

    Attributes:
        name: ``title``, ``summary`` or ``passage``.
        passage: The first 16 hex digits of the hash of a passage, or empty.
        text: The plain text; offsets count its code points.
        groups: The groups of techniques in it.
    """

    name: str
    passage: str
    text: str
    groups: Sequence[InlineGroup] = field(default=())

    @cached_property
    def words(self) -> str:
        """The text with groups and addresses blanked out."""
        spans = [(group.start, group.end) for group in self.groups]
        if "://" in self.text or "www." in self.text:
            spans += [match.span() for match in _ADDRESS.finditer(self.text)]
        return blanked(self.text, spans)

    @cached_property
    def small(self) -> str:
        """The words in small letters, one for each character."""
        return lower(self.words)

    def beside(self, first: int, start: int, end: int, last: int) -> Words:
        """What stands before and behind the name ``start`` to ``end``, from ``first`` to ``last``."""
        return Words(f" {self.small[first:start]}", self.small[end:last])

    @cached_property
    def _affairs(self) -> dict[int, bool]:
        return {}

    def affairs(self, sentence: Sentence) -> bool:
        """Whether a sentence of this field is about influence rather than about war or trade."""
        found = self._affairs.get(sentence.start)
        if found is None:
            begin = self.small[sentence.start : min(sentence.end, sentence.start + 4 * WINDOW)]
            found = self._affairs[sentence.start] = AFFAIRS.search(begin) is not None
        return found

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences in order; together they cover the text but for what parts them."""
        words, start = self.words, 0
        found: list[Sentence] = []
        starts = sorted(group.start for group in self.groups)
        for match in _END.finditer(words):
            end = match.start() + (words[match.start()] != "\n")
            if "\n" not in match[0] and _ABBREVIATION.search(words, max(start, end - _ABBREVIATED), end):
                continue
            _add(found, words, start, end, starts)
            start = match.end()
        _add(found, words, start, len(words), starts)
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that holds an offset, or the one before it."""
        index = bisect_right(self._starts, offset) - 1
        return (
            self.sentences[max(index, 0)] if self.sentences else Sentence(0, len(self.text), self.words, tagged=False)
        )

    @cached_property
    def claims(self) -> list[tuple[int, int]]:
        """The spans that only repeat what is claimed: captions, headlines, posts, the line "What was claimed"."""
        spans, words = [], self.words
        # With a blank before it the first word has something before it, too; the match ends one further for it.
        quotes = '"' in words or "\u201c" in words
        for match in _CLAIM_OPENS.finditer(f" {words}") if quotes else ():
            start = match.end()
            close = words.find("\u201d" if words[start - 1] == "\u201c" else '"', start, start + _CLAIM_LONGEST)
            if close > 0:
                spans.append((start, close))
        for match in _CLAIM_LINE.finditer(self.small) if "claim" in self.small else ():
            if match.start() == 0 or words[match.start() - 1] == "\n":
                end = words.find("\n", match.end())
                spans.append((match.end(), len(words) if end < 0 else end))
        return joined(spans)

    def claimed(self, offset: int) -> bool:
        """Whether an offset lies in what is only claimed."""
        return covers(self.claims, offset, offset + 1)


def prose_of(name: str, text: str, passage: str = "", groups: Sequence[InlineGroup] | None = None) -> Prose:
    """A field as prose; groups are looked for where they are not given."""
    return Prose(name, passage, text, parse_groups(text)[0] if groups is None else groups)


def blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spans turned into blanks, line breaks kept.

    >>> blanked("one (two) three", [(4, 9)])
    'one       three'
    """
    pieces, at = [], 0
    for start, end in sorted(spans):
        if end > at:
            begin = max(start, at)
            pieces.append(text[at:begin])
            pieces.append(re.sub(r"[^\n]", " ", text[begin:end]))
            at = end
    return "".join((*pieces, text[at:]))


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that overlap or touch as one.

    >>> joined([(5, 9), (0, 3), (2, 4)])
    [(0, 4), (5, 9)]
    """
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def covers(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether one of some spans, in order and apart, shares a character with ``start`` to ``end``."""
    index = bisect_left(spans, (end, 0)) - 1
    return index >= 0 and spans[index][1] > start


def _add(found: list[Sentence], words: str, start: int, end: int, groups: Sequence[int]) -> None:
    if words[start:end].strip():
        # A group may stand behind the last word of its sentence, before its full stop.
        first = bisect_right(groups, start - 1)
        found.append(Sentence(start, end, words[start:end], first < len(groups) and groups[first] < end))
