"""What the rules give on each set read by hand, at least: no change of a rule may take away what one gave before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from kg.named import ASSERTED, NameMention, Role
from kg.sources import read_source
from kg.text.lexicon import shipped_lexicon
from kg.text.mentions import PLACES, MentionReader
from tests.text.gold.countries import read_country_gold, read_country_predictions
from tests.text.gold.scoring import SETS, Score, added, read_gold, read_lines, read_predictions, score

if TYPE_CHECKING:
    from pathlib import Path

RELEASES = ("1.6", "1.7")
BELIEVED = {Role.OPERATOR, Role.ENABLER, Role.USED, Role.ALIGNED, Role.TARGET}
FLOORS = {
    "held-out": {"actor": (1.0, 0.95), "platform": (1.0, 1.0)},
    "control": {"actor": (1.0, 0.77), "platform": (1.0, 0.96)},
    "second": {"actor": (1.0, 0.96), "platform": (0.98, 1.0)},
    "third": {"actor": (1.0, 0.85), "platform": (1.0, 1.0)},
    "fourth": {"actor": (1.0, 0.87), "platform": (1.0, 1.0)},
    "fifth": {"actor": (1.0, 1.0), "platform": (1.0, 1.0)},
    "sixth": {"actor": (1.0, 0.71), "platform": (1.0, 0.94)},
}
"""By set and kind: the least precision (lenient) and recall."""

LEAST_HARSH = 0.92
OF_COUNTRIES = {"attributed country": (0.88, 0.84), "target country": (0.77, 0.66)}
"""Over all sets: the least harsh precision of platforms, and by side precision and recall of countries."""


def _row(mention: NameMention) -> dict[str, object]:
    """A mention as ``kg mentions`` prints it: a country that acts is an actor."""
    assert mention.thing is not None
    acts = mention.thing.category in PLACES and mention.role in {Role.OPERATOR, Role.ENABLER}
    return {
        "incident": mention.incident,
        "kind": "actor" if acts else mention.thing.category,
        "entity": mention.thing.name,
        "id": mention.thing.identifier,
        "rule": mention.rule,
        "surface": mention.surface,
        "role": str(mention.role),
        "field": mention.field,
        "passage": mention.passage,
        "start": mention.start,
        "end": mention.end,
    }


@pytest.fixture(scope="module")
def read(corpus_folder: Path) -> dict[str, list[dict[str, object]]]:
    """By release: what is believed of the pages that some set has."""
    reader = MentionReader(shipped_lexicon())
    wanted = {(record["release"], record["incident"]) for path in SETS for record in read_lines(path)}
    found = {}
    for release in RELEASES:
        folder = corpus_folder.parent / release
        if not folder.is_dir():
            pytest.skip(f"release {release} does not stand beside {corpus_folder.name}")
        pages = [page for page in read_source(folder).incidents if (release, page.identifier) in wanted]
        mentions = [mention for page in pages for mention in reader.read(page)]
        kept = [mention for mention in mentions if mention.role in BELIEVED and mention.confidence >= ASSERTED]
        found[release] = [_row(mention) for mention in kept if mention.thing is not None]
    return found


@pytest.mark.corpus
@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem)
@pytest.mark.parametrize("kind", ["actor", "platform"])
def test_no_set_falls_below_what_it_gave(read: dict[str, list[dict[str, object]]], path: Path, kind: str) -> None:
    parts: list[Score] = [
        score(read_gold(path, kind, release), read_predictions(mentions, kind)) for release, mentions in read.items()
    ]
    total = added(parts)
    precision, recall = FLOORS[path.stem][kind]
    assert total.precision >= precision, total.false
    assert total.recall >= recall, total.missed


@pytest.mark.corpus
def test_what_is_only_mentioned_seldom_counts_as_used(read: dict[str, list[dict[str, object]]]) -> None:
    total = added(
        score(read_gold(path, "platform", release), read_predictions(mentions, "platform"))
        for path in SETS
        for release, mentions in read.items()
    )
    assert total.harsh_precision >= LEAST_HARSH, total.doubtful


@pytest.mark.corpus
@pytest.mark.parametrize("side", OF_COUNTRIES)
def test_no_side_of_the_countries_falls_below_what_it_gave(read: dict[str, list[dict[str, object]]], side: str) -> None:
    total = added(
        score(read_country_gold(path, side, release), read_country_predictions(mentions, side))
        for path in SETS
        for release, mentions in read.items()
    )
    precision, recall = OF_COUNTRIES[side]
    assert total.precision >= precision, total.false
    assert total.recall >= recall, total.missed
