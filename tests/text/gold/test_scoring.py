"""The scorer on a page made up here, with every count worked by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.text.gold.__main__ import main
from tests.text.gold.countries import read_country_gold, read_country_predictions
from tests.text.gold.scoring import Score, read_gold, read_predictions, score, scores

if TYPE_CHECKING:
    from pathlib import Path

PAGE = {
    "incident": "I99901",
    "actors": [
        {
            "name": "Harbour Crew",
            "role": "attributed operator",
            "surface": ["Harbour Crew"],
            "spans": [["title", 0, 12]],
        },
        {"name": "Loud Gazette", "role": "enabler", "surface": ["the Gazette"]},
        {"name": "Ruritania", "role": "attributed operator", "surface": ["Ruritanian"], "unsure": True},
        {"name": "Duke Otto", "role": "mentioned only", "surface": ["Otto"]},
    ],
    "platforms": [{"name": "Chirper", "role": "used", "surface": ["Chirper"]}],
    "victims": ["Grand Duchess"],
    "attributed_countries": ["Russia", "Norway"],
    "targets_countries": ["UK"],
    "reporters": [],
    "personas_or_fake_outlets": [],
    "other_assets": [],
}
# Hits: Harbour Crew. Missed: Loud Gazette. Unsure operator, counted in neither score: Ruritania. Only mentioned, a
# false alarm in the harsh score: Otto, the victim, and the platform taken for an actor. False alarm: Nobody.
NAMED = ["Harbour Crew", "Ruritania", "Otto", "Grand Duchess", "Chirper", "Nobody"]


def _mentions() -> list[dict[str, object]]:
    return [
        {
            "incident": "I99901",
            "kind": "actor",
            "entity": name,
            "surface": name,
            "field": "title",
            "start": 0,
            "end": len(name),
        }
        for name in NAMED
    ]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(PAGE) + "\n", encoding="utf-8")
    return path


def _scored(gold: Path, mentions: list[dict[str, object]]) -> Score:
    return score(read_gold(gold, "actor"), read_predictions(mentions, "actor"))


def test_the_counts_are_those_worked_by_hand(gold: Path) -> None:
    result = _scored(gold, _mentions())
    assert (result.hits, result.asked, len(result.false), len(result.doubtful), result.placed) == (1, 2, 1, 3, 1)
    assert (result.recall, result.precision, result.harsh_precision) == (1 / 2, 1 / 2, 1 / 5)


def test_a_name_said_to_be_only_mentioned_or_reporting_is_no_prediction(gold: Path) -> None:
    kept = [
        {**mention, "role": "mentioned" if mention["entity"] == "Nobody" else "operator"} for mention in _mentions()
    ]
    assert _scored(gold, kept).false == []


def test_two_names_of_one_entity_are_one_hit(gold: Path) -> None:
    twice: list[dict[str, object]] = [
        *_mentions(),
        {"incident": "I99901", "kind": "actor", "entity": "HARBOUR CREW", "surface": "Harbour crew"},
    ]
    assert _scored(gold, twice).hits == 1


def test_mentions_of_other_kinds_and_other_incidents_do_not_count(gold: Path) -> None:
    other = [{**mention, "incident": "I99902"} for mention in _mentions()]
    assert _scored(gold, [*other, {**_mentions()[0], "kind": "platform"}]).hits == 0


def test_nothing_predicted_scores_nothing(gold: Path) -> None:
    result = _scored(gold, [])
    assert (result.precision, result.harsh_precision, result.recall) == (0.0, 0.0, 0.0)


def test_pages_of_another_release_are_not_asked_for(tmp_path: Path) -> None:
    gold, mentions = tmp_path / "gold.jsonl", tmp_path / "mentions.jsonl"
    gold.write_text(
        "".join(json.dumps({**PAGE, "release": release}) + "\n" for release in ("8.1", "8.2")), encoding="utf-8"
    )
    mentions.write_text("".join(json.dumps(mention) + "\n" for mention in _mentions()), encoding="utf-8")
    assert scores("actor", [("8.1", mentions)], gold).asked == 2
    assert scores("actor", [("8.3", mentions)], gold).asked == 0


def test_a_country_is_scored_on_its_side_alone(gold: Path) -> None:
    def mention(code: str, kind: str, role: str) -> dict[str, object]:
        return {"incident": "I99901", "kind": kind, "entity": code, "id": code, "role": role}

    read = [
        mention("RU", "actor", "operator"),  # right
        mention("SE", "country", "aligned"),  # false: Norway is missed
        mention("GB", "country", "target"),  # right, on the other side
        mention("FR", "country", "mentioned"),  # on no side
        mention("chirper", "actor", "operator"),  # no country
    ]
    placed = score(read_country_gold(gold, "attributed country"), read_country_predictions(read, "attributed country"))
    aimed = score(read_country_gold(gold, "target country"), read_country_predictions(read, "target country"))
    assert (placed.hits, placed.asked, placed.false) == (1, 2, ["I99901 ['se']"])
    assert (aimed.hits, aimed.asked, aimed.false) == (1, 1, [])


def test_the_command_prints_both_kinds(gold: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mentions = tmp_path / "mentions.jsonl"
    mentions.write_text("".join(json.dumps(mention) + "\n" for mention in _mentions()), encoding="utf-8")
    assert main([str(mentions), str(gold)]) == 0
    assert capsys.readouterr().out.startswith(
        "# gold.jsonl\nactor: precision 0.500 (harsh 0.200) recall 0.500 (1 of 2;"
    )
    assert main([]) == 2
