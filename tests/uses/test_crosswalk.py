"""From the framework of kettles to that of what is observed: by the crosswalk, never by id."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from kg.analysis.difference import difference
from kg.errors import SourceError
from kg.lineage import State, Successor, Successors, Version, build_history
from kg.uses import migrate, read_uses, target_release
from tests.uses.kettles import DRAFT, NEW, OLD, ROWS

if TYPE_CHECKING:
    from pathlib import Path

OBSERVED = Version(
    release="2.0-observable",
    line="2-observations",
    states={"T2001.001": State("T2001.001", "Sound", "TA21"), "T2002.001": State("T2002.001", "Break Cups", "TA21")},
)
ASSESSED = Version(
    release="2.0-assessments", line="2-assessments", states={"A0001.001": State("A0001.001", "Clean Cups", "TA80")}
)
CROSSWALK = [
    *ROWS,
    Successor("T0006", "", "Make a Sound", "2.0-observable", "T2001.001", "renamed", 0.9, "reviewed", "made to be", ""),
    Successor("T0007", "", "Serve", "2.0-observable", "T2002.001", "related", 0.5, "reviewed", "cups come in", ""),
    Successor("T0004", "", "Wash Cups", "2.0-assessments", "A0001.001", "renamed", 0.85, "reviewed", "washed", ""),
    Successor("T0008", "", "Stir", "2.0-observable", "T2001.001", "broader", 0.9, "reviewed", "a sound as well", ""),
]


def test_uses_move_to_2_by_the_crosswalk_alone_and_along_what_was_retired_before(tmp_path: Path) -> None:
    history = build_history([OLD, NEW, DRAFT, OBSERVED, ASSESSED])
    path = tmp_path / "x.csv"
    path.write_text("A,T0001\nB,T0002\nC,T0003\nD,T0004\nE,T0006\nF,T0008\n", encoding="utf-8")
    table = Successors(CROSSWALK, {"T0008": "Break Cups"}, "no row")
    found = migrate(read_uses(path), target_release(history, "2.0"), history, table, origin="0.2")
    verdicts = {each.verdict.identifier: each.verdict for each in found.outcomes}
    # 0.9 for a whistle that is a sound, times 0.9; 1 for pouring, times 0.5; T0002 has no row.
    assert {key: (each.outcome, each.target, each.confidence) for key, each in verdicts.items()} == {
        "T0001": ("moved", "T2001.001", 0.81),
        "T0002": ("stays", "T0002", 0.0),
        "T0003": ("stays", "T0003", 0.5),
        "T0004": ("moved", "A0001.001", 0.85),
        "T0006": ("moved", "T2001.001", 0.9),
        "T0008": ("moved", "T2001.001", 0.9),
    }
    assert (verdicts["T0002"].reason, verdicts["T0003"].candidate) == ("no row", "T2002.001")
    assert found.data() == b"A,T2001.001\nB,T0002\nC,T0003\nD,A0001.001\nE,T2001.001\nF,T2001.001\n"


def test_why_nothing_is_moved_to_2_is_told_with_what_may_follow(tmp_path: Path) -> None:
    history = build_history([OLD, NEW, DRAFT, OBSERVED, ASSESSED])
    path = tmp_path / "x.csv"
    path.write_text("A,T0004\nB,T0006\nC,T0008\n", encoding="utf-8")
    both = "0.2:T0004 2.0-observable:T2001.001 2.0-assessments:A0001.001"
    head = ("2.0-observable", "")
    table = Successors(
        [
            Successor("T0004", "", "Wash Cups", *head, "ambiguous", 0.5, "reviewed", "sound or cleanness", both),
            Successor("T0006", "", "Make a Sound", *head, "retired", 0.0, "reviewed", "no sound is made", "0.2:T0006"),
            Successor("T0008", "", "Stir", *head, "none", 0.0, "reviewed", "nothing stirs", "0.2:T0008"),
        ]
    )
    verdicts = {}
    for release in ("2.0", "2.0-assessments"):
        found = migrate(read_uses(path), target_release(history, release), history, table, origin="0.2", least=0.0)
        assert found.data() == path.read_bytes()
        verdicts[release] = [(each.verdict.candidate, each.verdict.reason) for each in found.outcomes]
    assert verdicts["2.0"] == [
        (
            "T2001.001 A0001.001",
            "several may follow it, none for sure (T2001.001 Sound, A0001.001 Clean Cups): sound or cleanness",
        ),
        ("", "retired with all of its kind: no sound is made"),
        ("", "none follows it: nothing stirs"),
    ]
    # Of the candidates only those are told that the release has.
    assert verdicts["2.0-assessments"][0][0] == "A0001.001"


def test_an_id_that_the_draft_reuses_is_not_moved_to_2_where_its_line_is_not_known(tmp_path: Path) -> None:
    history = build_history([OLD, NEW, DRAFT, OBSERVED, ASSESSED])
    path = tmp_path / "x.csv"
    table = Successors(CROSSWALK, {"T0008": "Break Cups"})
    for text, outcome in (("A,T0008\n", "stays"), ("A,T0008 Break Cups\n", "stays"), ("A,T0008 Stir\n", "moved")):
        path.write_text(text, encoding="utf-8")
        found = migrate(read_uses(path), target_release(history, "2.0"), history, table)
        assert [each.verdict.outcome for each in found.outcomes] == [outcome], text


def test_a_graph_is_not_moved_to_2(tmp_path: Path) -> None:
    history = build_history([OLD, NEW, DRAFT, OBSERVED, ASSESSED])
    (tmp_path / "x.ttl").write_text("<urn:a> <urn:b> <urn:c> .", encoding="utf-8")
    with pytest.raises(SourceError, match=r"x\.ttl: is a graph, whose uses are of techniques"):
        migrate(read_uses(tmp_path / "x.ttl"), target_release(history, "2.0"), history, Successors(CROSSWALK))


def test_a_version_of_1_is_laid_beside_one_of_2_by_the_crosswalk_and_beside_the_draft_by_id() -> None:
    table = Successors(CROSSWALK, {"T0008": "Break Cups"})
    later = difference(NEW, OBSERVED, table)
    assert [(each.identifier, each.after) for each in later.followed] == [
        ("T0006", "T2001.001 Sound (0.9, reviewed)"),
        ("T0007", "T2002.001 Break Cups (0.5, reviewed)"),
        ("T0008", "T2001.001 Sound (0.9, reviewed)"),
    ]
    assert [each.identifier for each in later.removed] == ["T0002", "T0004"]
    assert (later.added, later.renamed, later.meaning, later.with_incidents) == ((), (), (), False)
    draft = replace(DRAFT, states={**DRAFT.states, "T0077": State("T0077", "wash cups")})
    changes = difference(NEW, draft, table)
    assert [each.identifier for each in changes.meaning] == ["T0008"]
    assert [(each.identifier, each.after) for each in changes.followed] == [("T0004", "T0077 Wash Cups (same name)")]
    assert [each.identifier for each in changes.removed] == ["T0002", "T0006", "T0007"]
    with pytest.raises(ValueError, match="of two lines"):
        difference(OBSERVED, NEW, table)
