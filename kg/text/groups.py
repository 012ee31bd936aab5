"""The groups of technique ids in a description, and the ids that stand in running text.

``(T0146: Account Asset, T0154.002: AI Media Platform)`` after a sentence says that these techniques were seen together
in one act. The scan is one pass over the text, so its time is linear whatever the text holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import InlineGroup, LooseMention, Mention

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID = r"T\d{3,6}(?:\.\d{1,4}(?!\d)|:[ \t]?\d{3}(?=[:,)\s]|$))?"
_MENTION = re.compile(rf"(?<![\w.]){_ID}(?!\d)")
# Every branch begins with a character of its own, so that the engine can leap from one to the next.
_TOKEN = re.compile(
    r"(?P<open>\((?=\s*T\d{3,6}[.:, )]))|(?P<paren>\()|(?P<close>\))"
    rf"|(?P<id>T(?<![\w.]T){_ID.removeprefix('T')}(?!\d))"
)
_HINT = re.compile(r"T\d{3}")
_NAME_END = re.compile(r"\n|\.\s")
_SENTENCE_END = re.compile(r"[.!?][\"'\u201d\u2019)]*\s|\n")
_NEGATION = re.compile(r"\b(?:neither|nor|not|never|without|no|rather than|instead of)\b|n[\u2019']t\b", re.IGNORECASE)
_REACH_OF_NEGATION = 160


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
        kind = token.lastgroup
        if kind in {"open", "paren"}:
            is_group = kind == "open"
            if is_group and owners and owners[-1].cut is None:
                owners[-1].cut = token.start()
            opened = _Open(token.start(), is_group)
            stack.append(opened)
            if is_group:
                owners.append(opened)
        elif kind == "id":
            (owners[-1].found if owners else outside).append(token.span())
        elif stack and stack.pop().group:
            groups.append(_closed(text, owners.pop(), token.end()))
    _abandon(text, owners, groups, outside)


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
    mentions = []
    for (start, stop), following in zip(spans, [*(span[0] for span in spans[1:]), end], strict=True):
        name = text[stop:following]
        if "." in name or "\n" in name:
            sentence = _NAME_END.search(name)
            name = name[: sentence.start()] if sentence else name
        written = text[start:stop]
        mentions.append(Mention(canonical_id(written), written, _clean_name(name), start, stop))
    return tuple(mentions)


def _clean_name(between: str) -> str:
    name = between.strip(" \t:,;")
    # The parenthesis that opens a nested group stands before the next id, not in this name.
    return name[:-1].rstrip(" ,;") if name.endswith("(") else name


def _loose(text: str, span: tuple[int, int]) -> LooseMention:
    start, stop = span
    written = text[start:stop]
    before = text[max(0, start - _REACH_OF_NEGATION) : start]
    # Only the sentence the id stands in can deny it.
    sentence = re.split(r"[.!?][\"'\u201d\u2019)]*\s|\n", before)[-1]
    after = re.split(r"[.!?;\n]", text[stop : stop + _REACH_OF_NEGATION])[0]
    negated = bool(_NEGATION.search(sentence)) or bool(re.search(r"\b(?:is|are|was|were)(?: not|n[\u2019']t)\b", after))
    return LooseMention(Mention(canonical_id(written), written, "", start, stop), negated)
