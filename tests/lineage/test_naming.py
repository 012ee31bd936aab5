"""What an id means beside a name, on a history made up here: T0001 was Bells, then Lamps, and is Lanterns today."""

from __future__ import annotations

import pytest

from kg.lineage.history import History, Span
from kg.lineage.naming import Forwarder
from kg.lineage.successors import Successor, Successors


def _span(identifier: str, name: str, meaning: str = "") -> Span:
    return Span("1", identifier, meaning, name, "", "", "", "1.0", "1.1", "listed")


def _row(identifier: str, meaning: str, successor: str, confidence: float) -> Successor:
    return Successor(
        identifier, meaning, "", "1.2", successor, "renamed" if successor else "none", confidence, "reviewed", "x", ""
    )


HISTORY = History(
    releases={"1": ("1.0", "1.1", "1.2")},
    partial=frozenset(),
    spans=(
        _span("T0001", "Ring Church Bells", "1.0"),
        _span("T0001", "Light Lamps"),
        _span("T0001", "Light Lanterns"),
        _span("T0002", "Fly Kites"),
        _span("T0003", "Wear Hats"),
    ),
)
ROWS = (_row("T0001", "1.0", "T0009", 0.9), _row("T0002", "", "T0008", 0.5), _row("T0003", "", "", 0.0))
NAMES = {"T0001": "Light Lanterns", "T0008": "Gliders", "T0009": "Ring Bells", "T0010": "Sing"}


@pytest.mark.parametrize(
    ("identifier", "name", "outcome", "target", "meaning"),
    [
        ("T0001", "Light Lanterns", "kept", "T0001", ""),
        ("T0001", "Light Lamps", "kept", "T0001", ""),
        ("T0001", "ring church-bells", "moved", "T0009", "1.0"),
        # One slip: still nearer to what it was than to anything else.
        ("T0001", "Ring Chruch Bells", "moved", "T0009", "1.0"),
        # No one ever called it so.
        ("T0001", "Post Letters", "stays", "T0001", None),
        # Which of its two meanings is meant stands nowhere.
        ("T0001", "", "stays", "T0001", None),
        # One meaning only, so that no name is needed; what follows it is not sure.
        ("T0002", "", "stays", "T0002", ""),
        ("T0003", "Wear Hats", "stays", "T0003", ""),
        # New in this release: no history knows it.
        ("T0010", "Sing", "kept", "T0010", ""),
        ("T0099", "Whatever", "stays", "T0099", None),
    ],
)
def test_an_id_is_followed_by_what_it_means_under_the_name_beside_it(
    identifier: str, name: str, outcome: str, target: str, meaning: str | None
) -> None:
    meant, verdict = Forwarder(HISTORY, Successors(ROWS), NAMES).follow(identifier, name)
    assert (verdict.outcome, verdict.target) == (outcome, target)
    assert (meant.meaning if meant else None) == meaning


def test_an_id_that_means_something_else_in_this_release_is_not_taken_for_what_it_was() -> None:
    names = {**NAMES, "T0001": "Walk Dogs"}
    meant, verdict = Forwarder(HISTORY, Successors(ROWS), names).follow("T0001", "Light Lamps")
    assert meant is not None
    assert verdict.outcome == "stays"
    meant, verdict = Forwarder(HISTORY, Successors(ROWS), names).follow("T0001", "Walk Dogs")
    assert (verdict.outcome, verdict.target) == ("kept", "T0001")
