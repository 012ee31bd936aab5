"""The groups of technique ids in a description, and the ids that stand in running text.

``(T0146: Account Asset, T0154.002: AI Media Platform)`` after a sentence says that these techniques were seen together
in one act. The scan is one pass over the text, so its time is linear whatever the text holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from sys import intern
from typing import TYPE_CHECKING

from kg.model import InlineGroup, LooseMention, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = r"T(?<![\w.]T)\d{3,6}(?:\.\d{1,4}(?!\d)|:[ \t]?\d{3}(?=[:,)\s]|$))?(?!\d)"
_MENTION = re.compile(_ID)
_MENTIONS = re.compile(f"({_ID})")
# A parenthesis that opens, with the group it opens and the end of that where no other stands in it; one that
# closes; an id. Each begins with its character outside any group: so the engine leaps from one to the next.
_TOKEN = re.compile(
    r"\((?P<group>(?=\s*T\d{3,6}[.:, )])(?:[^()\n]*(?P<flat>\)))?)?"
    r"|\)(?P<close>)"
    rf"|T(?P<id>{_ID.removeprefix('T')})"
)
_HINT = re.compile(r"T\d{3}")
_NAME_END = re.compile(r"\n|\.\s")
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)]*\s|\n")
_NEGATION = re.compile(r"\b(?:neither|nor|not|never|without|no|rather than|instead of)\b|n[\u2019']t\b", re.IGNORECASE)
_REACH_OF_NEGATION = 160
_LONGEST_NAME = 1000


@dataclass(slots=True)
class _Open:
    """A parenthesis that has not been closed yet; ``group`` where technique ids follow it at once."""

    start: int
    group: bool
    found: list[tuple[int, int]] = field(default_factory=list)
    cut: int | None = None


def canonical_id(written: str) -> str:
    """The id that was meant: ``T0097:109`` and ``T0097: 109`` stand for ``T0097.109``.

    >>> canonical_id("T0097: 109")
    'T0097.109'
    """
    head, colon, tail = written.partition(":")
    return f"{head}.{tail.strip()}" if colon else written


def find_mentions(text: str) -> Iterator[Mention]:
    """Every id in a text, in order, without names."""
    for match in _MENTION.finditer(text):
        yield Mention(canonical_id(match[0]), match[0], "", match.start(), match.end())


def parse_groups(text: str) -> tuple[tuple[InlineGroup, ...], tuple[LooseMention, ...]]:
    """The groups of a plain text in the order they open, and the ids outside any group.

    A name may hold parentheses, groups may nest (each is a group of its own), lack commas or blanks, and may never
    close: such a group ends with its sentence.

    >>> groups, loose = parse_groups("They posted (T0115: Post Content, T0097: 109 Cause Persona (NGO)). Not T0146.")
    >>> [[mention.technique for mention in group.mentions] for group in groups]
    [['T0115', 'T0097.109']]
    >>> [(item.mention.technique, item.negated) for item in loose]
    [('T0146', True)]
    """
    groups: list[InlineGroup] = []
    outside: list[tuple[int, int]] = []
    hint = _HINT.search(text)
    while hint is not None:
        # A group never goes on over a line break, and most lines name no technique.
        start = text.rfind("\n", 0, hint.start()) + 1
        end = text.find("\n", hint.end())
        stop = len(text) if end < 0 else end
        _read_line(text, (start, stop), groups, outside)
        hint = _HINT.search(text, stop)
    groups.sort(key=lambda group: group.start)
    return tuple(groups), tuple(_loose(text, span) for span in sorted(outside))


def _read_line(text: str, span: tuple[int, int], groups: list[InlineGroup], outside: list[tuple[int, int]]) -> None:
    stack: list[_Open] = []
    owners: list[_Open] = []
    for token in _TOKEN.finditer(text, *span):
        if token["id"] is not None:
            (owners[-1].found if owners else outside).append(token.span())
        elif token["close"] is not None:
            if stack and stack.pop().group:
                groups.append(_closed(text, owners.pop(), token.end()))
        else:
            is_group = token["group"] is not None
            if is_group and owners and owners[-1].cut is None:
                owners[-1].cut = token.start()
            if token["flat"] is not None:
                groups.append(_flat(token[0], token.start()))
                continue
            opened = _Open(token.start(), is_group)
            stack.append(opened)
            if is_group:
                owners.append(opened)
    _abandon(text, owners, groups, outside)


def _flat(written: str, start: int) -> InlineGroup:
    """A group that holds no parenthesis, as nearly all are: cut at its ids in one step."""
    before, *parts = _MENTIONS.split(written[1:-1])
    place = start + 1 + len(before)
    mentions = []
    for identifier, between in zip(parts[::2], parts[1::2], strict=True):
        end = place + len(identifier)
        mentions.append(_mention(identifier, between, place, end))
        place = end + len(between)
    return InlineGroup(start, start + len(written), tuple(mentions))


def _closed(text: str, opened: _Open, end: int) -> InlineGroup:
    return InlineGroup(opened.start, end, _named(text, opened.found, end - 1))


def _abandon(text: str, owners: list[_Open], groups: list[InlineGroup], outside: list[tuple[int, int]]) -> None:
    """End the groups that were never closed with their sentence; what stands after it is running text."""
    end = -1
    for opened in owners:
        # They open one behind the other: where one sentence ends is searched once for all groups in it.
        if end < opened.start:
            match = _SENTENCE_END.search(text, opened.start)
            end = match.start() if match else len(text)
        limit = end if opened.cut is None else min(end, opened.cut)
        inside = [span for span in opened.found if span[0] < limit]
        outside.extend(span for span in opened.found if span[0] >= limit)
        if inside:
            groups.append(InlineGroup(opened.start, limit, _named(text, inside, limit), closed=False))
    owners.clear()


def _named(text: str, spans: list[tuple[int, int]], end: int) -> tuple[Mention, ...]:
    """The mentions with the name given to each: what stands between its id and the next, or the end."""
    following = [*(span[0] for span in spans[1:]), end]
    # What nests in a group stands between its ids: 20,000 groups in one another would fill 2 GB with their names.
    return tuple(
        _mention(text[start:stop], text[stop : min(limit, stop + _LONGEST_NAME)], start, stop)
        for (start, stop), limit in zip(spans, following, strict=True)
    )


def _mention(written: str, between: str, start: int, end: int) -> Mention:
    """The mention of an id, with the name that stands between it and what follows."""
    if "." in between or "\n" in between:
        sentence = _NAME_END.search(between)
        between = between[: sentence.start()] if sentence else between
    name = between.strip(" \t:,;")
    if name.endswith("("):
        # The parenthesis that opens a nested group stands before the next id, not in this name.
        name = name[:-1].rstrip(" ,;")
    # The same ids and names stand in page after page: each is kept once.
    written = intern(written)
    return Mention(canonical_id(written) if ":" in written else written, written, intern(name), start, end)


def _loose(text: str, span: tuple[int, int]) -> LooseMention:
    start, stop = span
    written = text[start:stop]
    before = text[max(0, start - _REACH_OF_NEGATION) : start]
    # Only the sentence the id stands in can deny it.
    sentence = re.split(r"[.!?][\"'\u201d\u2019)]*\s|\n", before)[-1]
    after = re.split(r"[.!?;\n]", text[stop : stop + _REACH_OF_NEGATION])[0]
    negated = bool(_NEGATION.search(sentence)) or bool(re.search(r"\b(?:is|are|was|were)(?: not|n[\u2019']t)\b", after))
    return LooseMention(Mention(canonical_id(written), written, "", start, stop), negated)
