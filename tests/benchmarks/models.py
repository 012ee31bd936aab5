"""Names of actors read by rules, by a small statistical model, and by a tagger trained on the pages read by hand.

The rules are those of ``kg mentions``; the model is a spaCy pipeline (``KG_NER_MODEL``, else ``en_core_web_sm``), the
tagger a conditional random field (sklearn-crfsuite) that is trained on four fifths of the pages and asked of the last.
What is not installed is left out. Needs DISARM_FRAMEWORKS, and release 1.6 beside it.
"""

from __future__ import annotations

import importlib
import os
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from kg.named import ASSERTED, Role
from kg.sources import read_source
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import MentionReader
from kg.text.page import fields_of
from kg.text.phrases import ACTS, small
from tests.benchmarks.loading import release_folder
from tests.benchmarks.report import timed, write_line, write_table
from tests.text.gold.scoring import SETS, Page, Prediction, added, read_gold, read_lines, score

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.model import Incident

_FOLDS = 5
_LABELS = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_ACTS = small(ACTS)
_TOKEN = re.compile(r"\w+(?:[\u2019'-]\w+)*|[^\w\s]")
_OF_ACTORS = {Role.OPERATOR, Role.ENABLER}


class Field(NamedTuple):
    """One field of a page: where it stands, its words, and the spans of sure actors in it."""

    place: str
    words: str
    spans: list[tuple[int, int]]


Pages = dict[str, list[Field]]
Found = dict[str, set[str]]


def benchmark() -> None:
    """Precision, harsh precision, recall and CPU seconds a megabyte, for actors on all pages read by hand."""
    folder = release_folder()
    if folder is None or not (folder.parent / "1.6").is_dir():
        write_line("models: DISARM_FRAMEWORKS names no release with 1.6 beside it: left out")
        return
    incidents = {
        release: {item.identifier: item for item in read_source(folder.parent / release).incidents}
        for release in ("1.6", "1.7")
    }
    pages, chosen = _pages(incidents)
    gold: dict[str, Page] = {}
    for path in SETS:
        gold |= read_gold(path, "actor")
    size = sum(len(field.words) for fields in pages.values() for field in fields) / 1e6
    ways: dict[str, Callable[[], Found]] = {"rules": lambda: _by_rules(chosen)}
    ways |= _model_ways(pages) | _tagger_ways(pages)
    rows: list[tuple[object, ...]] = []
    found: dict[str, Found] = {}
    for name, way in ways.items():
        took, found[name] = timed(way)
        rows.append(_row(name, gold, found[name], took.cpu / size))
    if "model, who acts" in found:
        both = {page: found["rules"].get(page, set()) | names for page, names in found["model, who acts"].items()}
        rows.append(_row("rules and model", gold, both, float("nan")))
    head = ("way", "precision", "harsh", "recall", "found", "asked", "false", "s/MB")
    write_table(f"Actors on {len(pages)} pages read by hand ({size:.2f} MB)", head, rows)


def _row(name: str, gold: dict[str, Page], found: Found, rate: float) -> tuple[object, ...]:
    predictions = [
        Prediction(incident, {text.casefold()}) for incident, names in found.items() for text in sorted(names)
    ]
    result = added([score(gold, predictions)])
    return (
        *(name, result.precision, result.harsh_precision, result.recall),
        *(result.hits, result.asked, len(result.false), rate),
    )


def _pages(incidents: dict[str, dict[str, Incident]]) -> tuple[Pages, list[Incident]]:
    pages: Pages = {}
    chosen = []
    for path in SETS:
        for record in read_lines(path):
            incident = incidents[str(record["release"])][str(record["incident"])]
            chosen.append(incident)
            spans: dict[str, list[tuple[int, int]]] = {}
            actors: Any = record["actors"]
            for actor in actors:
                if actor["role"] in {"attributed operator", "enabler"} and not actor.get("unsure"):
                    for place, start, end in actor["spans"]:
                        spans.setdefault(place, []).append((start, end))
            pages[incident.identifier] = [
                Field(place, prose.words, sorted(spans.get(place, ())))
                for prose in fields_of(incident)
                for place in [prose.passage or prose.name]
            ]
    return pages, chosen


def _by_rules(incidents: Iterable[Incident]) -> Found:
    reader = MentionReader(shipped_lexicon())
    found: Found = {}
    for incident in incidents:
        names = found.setdefault(incident.identifier, set())
        for mention in reader.read(incident):
            if mention.thing is not None and mention.role in _OF_ACTORS and mention.confidence >= ASSERTED:
                names.add(mention.surface)
    return found


def _model_ways(pages: Pages) -> dict[str, Callable[[], Found]]:
    name = os.environ.get("KG_NER_MODEL", "en_core_web_sm")
    try:
        model: Any = importlib.import_module("spacy").load(name)
    except (ImportError, OSError):
        write_line(f"spaCy with {name} is not installed: left out")
        return {}
    return {
        "model, every name": lambda: _by_model(model, pages, acting=False),
        "model, who acts": lambda: _by_model(model, pages, acting=True),
    }


def _by_model(model: Any, pages: Pages, *, acting: bool) -> Found:  # noqa: ANN401 - spaCy publishes no protocol of it
    found: Found = {}
    for incident, fields in pages.items():
        names = found.setdefault(incident, set())
        for field in fields:
            for entity in model(field.words).ents:
                if entity.label_ in _LABELS and (not acting or _acts(entity)):
                    names.add(entity.text.strip())
    return found


def _acts(entity: Any) -> bool:  # noqa: ANN401 - the same
    """Whether the parser has the name as the subject of a verb of :data:`kg.text.phrases.ACTS`, or as its agent."""
    root = entity.root
    if root.dep_ == "pobj" and root.head.lower_ == "by":
        return _ACTS.match(root.head.head.lower_) is not None
    return root.dep_ in {"nsubj", "nsubjpass"} and _ACTS.match(root.head.lower_) is not None


def _tagger_ways(pages: Pages) -> dict[str, Callable[[], Found]]:
    try:
        tagging: Any = importlib.import_module("sklearn_crfsuite")
    except ImportError:
        write_line("sklearn-crfsuite is not installed: left out")
        return {}
    return {"tagger, trained here": lambda: _by_tagger(tagging, pages)}


def _by_tagger(tagging: Any, pages: Pages) -> Found:  # noqa: ANN401 - it publishes no types
    found: Found = {}
    incidents = sorted(pages)
    for fold in range(_FOLDS):
        learnt = [field for place, name in enumerate(incidents) if place % _FOLDS != fold for field in pages[name]]
        crf = tagging.CRF(algorithm="lbfgs", c1=0.1, c2=0.05, max_iterations=60)
        crf.fit([_features(field) for field in learnt], [_tags(field) for field in learnt])
        for name in incidents[fold::_FOLDS]:
            names = found.setdefault(name, set())
            for field in pages[name]:
                if field.words.strip():
                    names |= set(_named(field, crf.predict_single(_features(field))))
    return found


def _tags(field: Field) -> list[str]:
    tags = []
    for token in _TOKEN.finditer(field.words):
        inside = next((span for span in field.spans if span[0] <= token.start() < span[1]), None)
        tags.append("O" if inside is None else "B" if inside[0] == token.start() else "I")
    return tags


def _features(field: Field) -> list[dict[str, str | bool]]:
    words = [token[0] for token in _TOKEN.finditer(field.words)]
    shapes = [re.sub(r"[a-z]+", "x", re.sub(r"[A-Z]+", "X", re.sub(r"\d+", "9", word))) for word in words]
    features = []
    for place, word in enumerate(words):
        feature: dict[str, str | bool] = {"word": word.lower(), "shape": shapes[place], "end": word[-3:].lower()}
        for step in (-3, -2, -1, 1, 2, 3):
            if 0 <= place + step < len(words):
                feature[f"word{step}"] = words[place + step].lower()
                feature[f"shape{step}"] = shapes[place + step]
        features.append(feature)
    return features


def _named(field: Field, tags: Iterable[str]) -> Iterator[str]:
    start = end = -1
    for token, tag in zip(_TOKEN.finditer(field.words), tags, strict=True):
        if tag == "I" and end >= 0:
            end = token.end()
            continue
        if end >= 0:
            yield field.words[start:end]
        start, end = (token.start(), token.end()) if tag == "B" else (-1, -1)
    if end >= 0:
        yield field.words[start:end]
