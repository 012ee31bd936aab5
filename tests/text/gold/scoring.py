"""Scores extracted actors and platforms against pages read by hand; ``python -m tests.text.gold`` prints them.

A prediction is an entity of one incident with all its surfaces; it meets an annotated entity where a surface or the
name is the same, case folded. Recall asks for the sure operators, enablers and used platforms; precision is asked
twice, as the README beside this file says: lenient and harsh.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HELD_OUT = Path(__file__).parent / "held-out.jsonl"
CONTROL = Path(__file__).parent / "control.jsonl"
SETS = (
    HELD_OUT,
    CONTROL,
    *(Path(__file__).parent / f"{name}.jsonl" for name in ("second", "third", "fourth", "fifth", "sixth")),
)
"""Every set, in the order they were read."""

ACTING = {"attributed operator", "enabler", "used"}
# What an extractor may call a name that acts; any other role says itself that the name does not.
PREDICTED = {"operator", "enabler", "used", ""}
ASIDES = ("victims", "reporters", "personas_or_fake_outlets", "other_assets")
FIELDS = {"actor": "actors", "platform": "platforms"}


class _Annotated(TypedDict, total=False):
    name: str
    role: str
    unsure: bool
    named: bool
    surface: list[str]
    spans: list[tuple[str, int, int]]


@dataclass(slots=True)
class Entity:
    """An annotated entity: its folded names, and whether it acts and is sure."""

    names: set[str]
    acts: bool
    sure: bool
    spans: set[tuple[str, int, int]]


@dataclass(slots=True)
class Page:
    """The entities of one kind on one page, and the strings that excuse a prediction."""

    entities: list[Entity]
    aside: set[str]


@dataclass(slots=True)
class Prediction:
    """A predicted entity of one incident with its surfaces and places."""

    incident: str
    names: set[str] = field(default_factory=set)
    spans: set[tuple[str, int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Score:
    """Counts of one kind; precision and recall are 0 where nothing was found or asked for."""

    hits: int = 0
    asked: int = 0
    placed: int = 0
    false: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Sure acting entities found, of those annotated."""
        return self.hits / self.asked if self.asked else 0.0

    @property
    def precision(self) -> float:
        """Lenient: false alarms are predictions that meet nothing at all."""
        return self.hits / (self.hits + len(self.false)) if self.hits else 0.0

    @property
    def harsh_precision(self) -> float:
        """Harsh: predictions that meet only what does not act are false alarms too."""
        return self.hits / (self.hits + len(self.false) + len(self.doubtful)) if self.hits else 0.0


def read_lines(path: Path) -> Iterator[dict[str, object]]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _entity(annotated: _Annotated) -> Entity:
    return Entity(
        {annotated["name"].casefold(), *(text.casefold() for text in annotated.get("surface", ()))},
        annotated["role"] in ACTING,
        not annotated.get("unsure", False) and annotated.get("named", True),
        {(place, start, end) for place, start, end in annotated.get("spans", ())},
    )


def read_gold(path: Path, kind: str, release: str = "") -> dict[str, Page]:
    """The pages of a gold file for one kind, by incident; with a release, only those read in it."""
    other = next(name for name in FIELDS if name != kind)
    pages = {}
    for record in read_lines(path):
        if release and record.get("release") != release:
            continue
        aside = {str(text).casefold() for name in ASIDES for text in _list(record.get(name))}
        for entity in _list(record[FIELDS[other]]):
            aside |= _entity(entity).names
        pages[str(record["incident"])] = Page([_entity(entity) for entity in _list(record[FIELDS[kind]])], aside)
    return pages


def _list(value: object) -> list[_Annotated]:
    return value if isinstance(value, list) else []


def read_predictions(mentions: Iterable[dict[str, object]], kind: str) -> list[Prediction]:
    """The entities that a file of mentions says act, in order of incident and entity."""
    found: dict[tuple[str, str], Prediction] = defaultdict(lambda: Prediction(""))
    for mention in mentions:
        if mention["kind"] != kind or str(mention.get("role", "")) not in PREDICTED:
            continue
        incident, entity = str(mention["incident"]), str(mention["entity"])
        prediction = found[incident, entity]
        prediction.incident = incident
        prediction.names |= {entity.casefold(), str(mention.get("surface", "")).casefold()} - {""}
        if "start" in mention:
            place = str(mention.get("passage") or mention.get("field"))
            prediction.spans.add((place, int(str(mention["start"])), int(str(mention["end"]))))
    return [found[key] for key in sorted(found)]


def score(pages: dict[str, Page], predictions: list[Prediction]) -> Score:
    """Count hits, misses and both sorts of false alarms over the pages of a gold file."""
    result = Score()
    reached: set[int] = set()
    for prediction in predictions:
        if (page := pages.get(prediction.incident)) is not None:
            _judge(prediction, page, reached, result)
    for incident, page in pages.items():
        asked = [entity for entity in page.entities if entity.acts and entity.sure]
        missed = [entity for entity in asked if id(entity) not in reached]
        result.asked += len(asked)
        result.hits += len(asked) - len(missed)
        result.missed += [f"{incident} {sorted(entity.names)}" for entity in missed]
    return result


def _judge(prediction: Prediction, page: Page, reached: set[int], result: Score) -> None:
    """Put one prediction where it belongs: a hit, a false alarm, only mentioned, or (an unsure one) nowhere."""
    met = [entity for entity in page.entities if entity.names & prediction.names]
    hits = [entity for entity in met if entity.acts and entity.sure]
    result.placed += sum(bool(entity.spans & prediction.spans) for entity in hits if id(entity) not in reached)
    reached |= {id(entity) for entity in hits}
    line = f"{prediction.incident} {sorted(prediction.names)}"
    if not met and not prediction.names & page.aside:
        result.false.append(line)
    elif not any(entity.acts for entity in met):
        result.doubtful.append(line)


def report(kind: str, result: Score) -> str:
    """The score of one kind in lines: figures first, then what was missed, false or doubtful."""
    figures = (
        f"{kind}: precision {result.precision:.3f} (harsh {result.harsh_precision:.3f}) recall {result.recall:.3f} "
        f"({result.hits} of {result.asked}; {len(result.false)} false, {len(result.doubtful)} only mentioned; "
        f"{result.placed} at an annotated place)"
    )
    lines = [figures]
    for title, rows in (("missed", result.missed), ("false", result.false), ("only mentioned", result.doubtful)):
        lines += [f"  {title}: {row}" for row in rows]
    return "\n".join(lines)


def added(parts: Iterable[Score]) -> Score:
    """Several scores as one."""
    total = Score()
    for part in parts:
        total.hits += part.hits
        total.asked += part.asked
        total.placed += part.placed
        total.false += part.false
        total.doubtful += part.doubtful
        total.missed += part.missed
    return total


def scores(kind: str, given: list[tuple[str, Path]], gold: Path = HELD_OUT) -> Score:
    """The score of one kind over files of mentions, each with the release it was read from (or none)."""
    return added(
        score(read_gold(gold, kind, release), read_predictions(read_lines(path), kind)) for release, path in given
    )
