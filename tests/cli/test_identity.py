"""``kg history``, ``kg diff`` and ``kg migrate``: words, forms and exit codes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_the_history_of_an_id_tells_its_meanings(kg: Run) -> None:
    done = kg("history", "t0048", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [(row["release"], row["what"], row["name"], row["meaning"]) for row in rows] == [
        ("AMITT", "added", "Cow online opinion leaders", "2022-first"),
        ("", "followed by (related)", "Cow online opinion leaders", "2022-first"),
        ("2022", "meaning-changed, moved", "Harass", ""),
        ("2.0-observable", "followed by (broader)", "Harass", ""),
    ]


def test_without_an_id_releases_are_counted(kg: Run) -> None:
    done = kg("history", "--format", "csv")
    assert "1.6-first,retired,42" in done.out.splitlines()
    assert "546 ids over AMITT, 2022-first, 2022, 1.4, 1.6-first, 1.6, 1.7" in done.err


def test_two_releases_are_compared_by_name(kg: Run) -> None:
    done = kg("diff", "1.6", "1.7")
    # Counted from the index pages: 445 - 391 = 67 - 13.
    assert "    67 technique added" in done.out.splitlines()
    assert "    13 technique removed" in done.out.splitlines()
    assert "  T0023.001 Reframe Context" in done.out.splitlines()


def test_a_folder_is_compared_with_itself(kg: Run, release_folder: Path) -> None:
    done = kg("diff", str(release_folder), str(release_folder))
    assert done.out.splitlines() == ["9.9 -> 9.9", "     0 pair gained", "     0 pair lost"]


@pytest.mark.parametrize("form", ["text", "markdown", "json", "layer"])
def test_what_breaks_is_told_in_every_form(kg: Run, tmp_path: Path, form: str) -> None:
    uses = tmp_path / "x.csv"
    uses.write_text("A,T0090.003\nB,T0146 <b>|x\n", encoding="utf-8")
    done = kg("diff", "1.4", "1.7", "--uses", str(uses), "--format", form, "--strict")
    assert done.status == 1
    assert "T0146.007" in done.out
    if form in {"json", "layer"}:
        found = json.loads(done.out)
        entries = found["breaks"] if form == "json" else found["techniques"]
        assert [entry.get("identifier") or entry["techniqueID"] for entry in entries] == ["T0090.003"]


def test_a_layer_of_changes_is_a_layer_that_can_be_read(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "layer.json"
    assert kg("diff", "1.6", "1.7", "--format", "layer", "-o", str(path)).status == 0
    layer = json.loads(path.read_text(encoding="utf-8"))
    assert (layer["domain"], layer["versions"]["layer"]) == ("DISARM", "4.5")
    # 67 added, 13 removed, 24 described anew of which 2 moved as well.
    assert len(layer["techniques"]) == len({entry["techniqueID"] for entry in layer["techniques"]})
    assert kg("stats", "-s", str(path)).status == 0


def test_a_file_is_migrated_and_what_stays_is_told(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0023.001 Reframe Context\nB,T0044\n", encoding="utf-8")
    done = kg("migrate", str(path), "--strict")
    assert done.status == 1
    assert done.out == "A,T0162 Reframe Context\nB,T0044\n"
    assert "stays: T0044 (1 use): none follows it" in done.err
    assert "2 uses of 2 ids against 1.7: 0 kept, 1 moved, 1 could not be moved" in done.err
    assert kg("migrate", str(path)).status == 0


def test_a_dry_run_lists_what_would_become_of_each_id(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0023.001\nB,T0090\n", encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(kg("migrate", str(path), "--dry-run", "--format", "csv").out)))
    assert [(row["id"], row["outcome"], row["to"], row["confidence"]) for row in rows] == [
        ("T0023.001", "moved", "T0162", "1"),
        ("T0090", "stays", "T0146", "0.7"),
    ]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("history", "T9999"), 3, "unknown id 'T9999'"),
        (("history", "T0048", "--all"), 2, "--all and an ID contradict"),
        (("diff", "1.6", "nowhere"), 3, "unknown path or release 'nowhere'"),
        (("diff", "2.0", "1.6"), 3, "are of two lines"),
        (("diff", "1.6", "1.7", "--strict"), 2, "name it with --uses"),
        (("diff", "1.6", "1.7", "--uses", "nowhere"), 3, "nowhere: does not exist"),
        (("migrate", "nowhere"), 3, "nowhere: does not exist"),
        (("migrate", "nowhere", "--format", "csv"), 2, "the file keeps its own form"),
        (("migrate", "nowhere", "--to", "2.0-draft"), 3, "is a draft whose ids mean other things"),
    ],
)
def test_what_cannot_be_done_says_why(kg: Run, arguments: tuple[str, ...], status: int, message: str) -> None:
    done = kg(*arguments)
    assert done.status == status
    assert message in " ".join(done.err.split())


def test_the_draft_gives_seven_ids_of_1_6_another_meaning(kg: Run) -> None:
    found = json.loads(kg("diff", "1.6", "2.0-draft", "--format", "json").out)
    assert [each["id"] for each in found["meaning"]] == [
        *("T0117", "T0127"),
        *(f"T0153.00{digit}" for digit in range(3, 8)),
    ]


def test_from_1_7_to_2_the_crosswalk_tells_what_follows_and_what_breaks(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("A,T0097.202\nB,T0002\nC,T0023.001\n", encoding="utf-8")
    found = json.loads(kg("diff", "1.7", "2.0", "--uses", str(path), "--format", "json").out)
    # 445 techniques of 1.7, 383 observations and 140 assessments of 2.0.
    assert len(found["followed"]) + len(found["removed"]) == 445
    assert len(found["added"]) < 383 + 140
    assert [(each["identifier"], each["to"], each["confidence"]) for each in found["breaks"]] == [
        ("T0002", "", 0.0),
        ("T0023.001", "T4402", 0.9),
        ("T0097.202", "T2043.002", 0.8),
    ]
    done = kg("migrate", str(path), "--to", "2.0")
    assert done.out == "A,T2043.002\nB,T0002\nC,T4402\n"
    assert "3 uses of 3 ids against 2.0: 0 kept, 2 moved, 1 could not be moved" in done.err
    rows = list(csv.DictReader(io.StringIO(kg("history", "T0160", "--format", "csv").out)))
    assert [(row["release"], row["what"], row["successor"]) for row in rows] == [
        ("1.7", "added", ""),
        ("2.0-observable", "followed by (same)", "T4401"),
        ("2.0-draft", "added", ""),
    ]


@pytest.mark.corpus
def test_a_quarter_of_the_sample_matrix_uses_retired_ids(kg: Run, corpus_folder: Path) -> None:
    matrix = corpus_folder.parents[1] / "samples" / "matrix" / "fimi-elections.csv"
    if not matrix.is_file():
        pytest.skip("the sample matrix is not beside the releases")
    rows = list(
        csv.DictReader(io.StringIO(kg("migrate", str(matrix), "--to", "1.6", "--dry-run", "--format", "csv").out))
    )
    uses = {
        kind: sum(int(row["uses"]) for row in rows if row["outcome"] == kind) for kind in ("kept", "moved", "stays")
    }
    # 266 of 1,089 tags, 24 %, use ids that 1.6 does not have; three in five of these can be moved.
    assert uses == {"kept": 823, "moved": 167, "stays": 99}


def test_a_clone_that_is_none_is_refused_by_both_commands(kg: Run, tmp_path: Path) -> None:
    for arguments in (("history", "--clone", str(tmp_path)), ("build", "store", "--history", str(tmp_path))):
        done = kg(*arguments)
        assert done.status == 3
        assert "git" in done.err
    assert kg("history", "--clone", "x", "-s", "y").status == 2
    assert kg("build", "store", "--history", "x", "-s", "y").status == 2


def test_a_release_that_is_known_in_part_is_said_to_be(kg: Run) -> None:
    assert kg("diff", "2022", "1.4").out.splitlines()[1] == ("2022 is known in part: what it lacks may have been there")


def test_a_file_that_names_no_technique_is_left_as_it_is(kg: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("incident,technique\n", encoding="utf-8")
    done = kg("migrate", str(path))
    assert (done.out, done.err) == (
        "incident,technique\n",
        "0 uses of 0 ids against 1.7: 0 kept, 0 moved, 0 could not be moved\n",
    )
