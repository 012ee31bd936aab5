"""Finding 10,000 names in 10 MB of made-up prose: our matcher, one regular expression, and spaCy's PhraseMatcher.

spaCy is used where it is installed; each peer is given what it can do in a fair share of time, and its rate is scaled.
"""

from __future__ import annotations

import importlib
import random
import re
from typing import TYPE_CHECKING, Protocol

from kg.named import Thing
from kg.text.lexicon import Form
from kg.text.matcher import Matcher
from tests.benchmarks.report import timed, write_line, write_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

NAMES = 10_000
MEGABYTES = 10
_SHARE_OF_REGEX = 200
_SHARE_OF_SPACY = 20
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class _Phrases(Protocol):
    def add(self, key: str, docs: Sequence[object]) -> None: ...

    def __call__(self, doc: object) -> Sequence[tuple[int, int, int]]: ...


def benchmark() -> None:
    """CPU seconds and megabytes a second; every way must find as many names in what all of them read."""
    names, text = made_up(NAMES, MEGABYTES * 1_000_000)
    thing = Thing(category="platform", identifier="x", name="X")
    built, matcher = timed(lambda: Matcher([Form(name, thing) for name in names]))
    rows: list[tuple[object, ...]] = []
    counts: dict[str, int] = {}
    sample = text[: len(text) // _SHARE_OF_REGEX]
    counts["matcher"] = len(matcher.find(sample))
    rows.append(_row("matcher", text, lambda: len(matcher.find(text)), repeats=3))
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, names), key=len, reverse=True))})\b", re.IGNORECASE)
    rows.append(_row("one regular expression", sample, lambda: len(pattern.findall(sample))))
    counts["regex"] = len(pattern.findall(sample))
    phrases = _spacy(names)
    if phrases is not None:
        part = text[: len(text) // _SHARE_OF_SPACY]
        rows.append(_row("spaCy PhraseMatcher", part, lambda: phrases(part)))
        counts["spacy"] = phrases(sample)
    best = float(str(rows[0][3]))
    shown = [(*row, best / float(str(row[3]))) for row in rows]
    write_table(
        f"Finding {NAMES:,} names (CPU seconds); built in {built.cpu:.2f} s",
        ("way", "MB", "s", "MB/s", "ratio"),
        shown,
    )
    write_line(f"names found in the same {len(sample):,} characters: {counts}")
    if len(set(counts.values())) > 1:
        message = f"the ways differ: {counts}"
        raise AssertionError(message)


def made_up(names: int, size: int) -> tuple[list[str], str]:
    """So many names of one to three words, and a text of that size in which one word in fifty begins one."""
    chance = random.Random(7)  # noqa: S311 - a made-up text, the same each time
    words = ["".join(chance.choices(_LETTERS, k=chance.randint(3, 10))) for _ in range(30_000)]
    listed = [" ".join(chance.sample(words, chance.choice((1, 1, 2, 3)))).title() for _ in range(names)]
    listed = [name for name in dict.fromkeys(listed) if len(name) >= 8]
    pieces: list[str] = []
    length = 0
    while length < size:
        piece = chance.choice(listed) if chance.random() < 1 / 50 else f"{chance.choice(words)}q"
        pieces.append(piece)
        length += len(piece) + 1
    return listed, " ".join(pieces)[:size]


def _row(name: str, text: str, action: Callable[[], int], repeats: int = 1) -> tuple[object, ...]:
    took, _ = timed(action, repeats=repeats)
    return name, len(text) / 1e6, took.cpu, len(text) / 1e6 / took.cpu


def _spacy(names: Iterable[str]) -> Callable[[str], int] | None:
    try:
        spacy = importlib.import_module("spacy")
        matching = importlib.import_module("spacy.matcher")
        filtering = importlib.import_module("spacy.util")
    except ImportError:
        write_line("spaCy is not installed: left out")
        return None
    language = spacy.blank("en")
    language.max_length = 10**9
    phrases: _Phrases = matching.PhraseMatcher(language.vocab, attr="LOWER")
    phrases.add("names", [language.make_doc(name) for name in names])

    def count(text: str) -> int:
        doc = language.make_doc(text)
        spans = [doc[start:end] for _, start, end in phrases(doc)]
        return len(filtering.filter_spans(spans))

    return count
