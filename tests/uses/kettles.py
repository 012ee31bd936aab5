"""A framework of kettles in two releases and a draft, and how files of its users are moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.lineage import History, State, Successor, Successors, Version
from kg.uses import Migration, migrate, read_uses, target_release

if TYPE_CHECKING:
    from pathlib import Path

OLD = Version(
    release="0.1",
    states={
        each.identifier: each
        for each in (
            State("T0001", "Whistle", "TA01"),
            State("T0002", "Boil Water", "TA01"),
            State("T0003", "Pour, or Spill", "TA01"),
            State("T0004", "Shout", "TA01"),
            State("T0005", "Sip Tea", "TA01"),
            State("T0008", "Stir", "TA01"),
        )
    },
)
NEW = Version(
    release="0.2",
    states={
        each.identifier: each
        for each in (
            State("T0002", "Heat Water", "TA01"),
            State("T0004", "Wash Cups", "TA01"),
            State("T0006", "Make a Sound", "TA01"),
            State("T0007", 'Serve, "properly"', "TA01"),
            State("T0008", "Stir", "TA02"),
        )
    },
)
DRAFT = Version(
    release="2.0-draft",
    line="2-draft",
    states={"T0008": State("T0008", "Break Cups"), "T0099": State("T0099", "Sweep")},
)
ROWS = [
    Successor("T0001", "", "Whistle", "0.2", "T0006", "broader", 0.9, "reviewed", "a whistle is a sound", ""),
    Successor("T0003", "", "Pour, or Spill", "0.2", "T0007", "renamed", 1.0, "reviewed", "pouring is serving", ""),
    Successor("T0004", "0.1", "Shout", "0.2", "T0006", "broader", 0.95, "reviewed", "a shout is a sound", ""),
    Successor("T0005", "", "Sip Tea", "0.2", "T0007", "related", 0.3, "reviewed", "both at table", ""),
]


def moved(
    path: Path, history: History, successors: Successors, origin: str | None = "0.1", least: float = 0.8
) -> Migration:
    target = target_release(history, "0.2")
    return migrate(read_uses(path), target, history, successors, origin=origin, least=least)


def told(found: Migration) -> dict[str, tuple[str, str, int]]:
    return {
        outcome.verdict.identifier: (outcome.verdict.outcome, outcome.verdict.target, outcome.tags)
        for outcome in found.outcomes
    }
