"""The reviewed tables in data/: whole, in order, and their faults told with file and line."""

from __future__ import annotations

import csv
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from kg.chronicle import OLDER, known_versions, write_chronicle
from kg.errors import SourceError
from kg.lineage.embedded import (
    CROSSWALK,
    HISTORY,
    RELEASES,
    SUCCESSORS,
    embedded_history,
    embedded_successors,
)
from kg.lineage.states import name_key
from kg.lineage.tables import (
    SUCCESSOR_COLUMNS,
    read_history,
    read_older,
    read_successors,
    write_history,
    write_successors,
)
from kg.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.lineage.history import History

_NOT_COUNTED = {"AMITT", "2022-first", "1.7"}
ROW = "T0009,,Create Fake Experts,1.6,T0097.108,split,0.6,reviewed,the expert is one,1.4:T0009"
HEAD = ",".join(SUCCESSOR_COLUMNS)


def test_the_table_of_successors_is_in_order_and_reads_back() -> None:
    text = (data_folder() / SUCCESSORS).read_text(encoding="utf-8")
    assert write_successors(read_successors(data_folder() / SUCCESSORS)) == text


def test_the_history_reads_back() -> None:
    text = (data_folder() / HISTORY).read_text(encoding="utf-8")
    assert write_history(read_history(data_folder() / HISTORY, data_folder() / RELEASES)) == text


def test_every_retired_id_and_every_older_meaning_has_been_looked_at() -> None:
    history, successors = embedded_history(), embedded_successors()
    # Ids that only have pages left over in the last release were never of this line; see the note in data/README.md.
    never = {each for each in history.retired() if all(s.since == "1.7" for s in history.by_identifier[each])}
    wanted = {(each, "") for each in history.retired() if each not in never}
    wanted |= {(span.identifier, span.meaning) for span in history.spans if span.meaning}
    assert {(row.identifier, row.meaning) for row in successors.rows} == wanted


def test_every_successor_exists_or_is_followed_on_and_each_reviewed_row_gives_a_reason() -> None:
    history, successors = embedded_history(), embedded_successors()
    listed = {span.identifier for span in history.spans if span.standing == "listed" and span.until == "1.7"}
    for row in successors.rows:
        if row.successor and row.successor not in listed:
            assert successors.find(row.successor) is not None, row
        assert bool(row.reason) == (row.basis == "reviewed"), row


def test_the_rows_by_name_have_that_name_in_a_release_and_are_certain() -> None:
    history = embedded_history()
    for row in embedded_successors().rows:
        names = {span.name for span in history.by_identifier.get(row.successor, ())}
        if row.basis == "exact-name":
            assert row.name in names, row
        if row.basis == "same-name":
            assert name_key(row.name) in set(map(name_key, names)) - names, row
        if row.basis != "reviewed":
            assert (row.relation, row.confidence) == ("same", 1.0), row


def test_the_crosswalk_leads_from_what_1_7_lists_to_what_2_lists_by_their_names() -> None:
    history = embedded_history()
    before = {span.identifier: span.name for span in history.spans_of("1.7") if span.standing == "listed"}
    rows = read_successors(data_folder() / CROSSWALK)
    assert write_successors(rows) == (data_folder() / CROSSWALK).read_text(encoding="utf-8")
    for row in rows:
        after = {span.identifier: span.name for span in history.spans_of(row.retired)}
        assert (before[row.identifier], row.meaning) == (row.name, ""), row
        if not row.successor:
            assert row.basis == "reviewed"
            assert row.reason
            assert (row.confidence > 0) == (len(row.candidates) > 1) == (row.relation == "ambiguous"), row
            assert row.confidence < 0.8
            assert all(f"{release}:{each}" in row.evidence for each, release in _of(history, row.candidates).items())
            continue
        assert row.evidence == f"1.7:{row.identifier} {row.retired}:{row.successor}"
        if row.basis == "exact-name":
            assert (after[row.successor], row.relation, row.confidence, row.reason) == (row.name, "same", 0.9, "")
        else:
            assert row.basis == "reviewed"
            assert row.reason
            assert 0 < row.confidence <= 0.95
            assert row.successor in after
    # Of every technique something is said, if only that nothing follows it.
    assert {row.identifier for row in rows} == before.keys()
    # What has the very name is never passed over; an act of 1.x and an impact that is judged are not taken for one.
    names = {span.name: span.identifier for span in history.spans_of("2.0")}
    by_name = {row.identifier: row for row in rows}
    same = {identifier: names[name] for identifier, name in before.items() if name in names}
    assert {identifier: by_name[identifier].successor for identifier in same} == same
    assert {by_name[each].confidence for each in same if same[each].startswith("A")} == {0.7}


def _of(history: History, identifiers: Iterable[str]) -> dict[str, str]:
    """Id -> the release of 2.x that has it."""
    releases = ("2.0-observable", "2.0-assessments")
    listed = {span.identifier: release for release in releases for span in history.spans_of(release)}
    return {each: listed[each] for each in identifiers}


def test_eight_retired_ids_of_2022_have_their_name_in_an_id_made_since() -> None:
    """Their first name since 2022, case aside, is today that of an id that did not exist in 2022."""
    history = embedded_history()
    order = history.releases["1"]
    listed = {span.identifier: span.name for span in history.spans_of("1.6") if span.standing == "listed"}
    today = {name.casefold(): identifier for identifier, name in listed.items()}
    of_2022 = {span.identifier for release in ("2022-first", "2022") for span in history.spans_of(release)}
    found = {}
    for identifier in history.identifiers():
        spans = [each for each in history.by_identifier[identifier] if each.line == "1" and each.until != "AMITT"]
        spans = [each for each in spans if order.index(each.since) <= order.index("1.6")]
        successor = today.get(spans[0].name.casefold()) if spans else None
        if successor and successor not in of_2022 and identifier not in listed:
            found[identifier] = successor
    assert found == {
        "T0019": "T0049.008",
        "T0019.001": "T0085.007",
        "T0026": "T0085.007",
        "T0041": "T0129.006",
        "T0058": "T0131.001",
        "T0062": "T0133.001",
        "T0063": "T0134.001",
        "T0064": "T0134.002",
    }
    # Each of these names is followed in the table, as the meaning the id has today or as its older one.
    rows = {(row.identifier, row.successor) for row in embedded_successors().rows}
    assert set(found.items()) <= rows


def test_no_name_is_passed_over_silently() -> None:
    """Where a technique of today has the very name of a retired one, the table says so."""
    history = embedded_history()
    today = {
        span.name: span.identifier
        for span in history.spans
        if span.line == "1" and span.until == "1.7" and not span.meaning and span.standing == "listed"
    }
    for row in embedded_successors().rows:
        if row.name in today and today[row.name] != row.identifier:
            assert row.successor == today[row.name], row


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n", "successors.csv:1: the columns are a, b; they must be identifier"),
        (f"{HEAD}\nT0009,x\n", "successors.csv:2: 2 cells; there must be 10"),
        (
            f"{HEAD}\n{ROW.replace('split', 'halved')}\n",
            "successors.csv:2: relation 'halved' is not known; write one of same",
        ),
        (f"{HEAD}\n{ROW.replace('0.6', '1.6,')}\n", "successors.csv:2: 11 cells"),
        (f"{HEAD}\n{ROW.replace('0.6', 'nan')}\n", "successors.csv:2: confidence 'nan' is no number from 0 to 1"),
        (f"{HEAD}\n{ROW.replace('T0009,,', 'T9,,')}\n", "successors.csv:2: 'T9' is no id"),
        (f"{HEAD}\n{ROW.replace('reviewed', 'guessed')}\n", "successors.csv:2: basis 'guessed' is not known"),
        (
            f"{HEAD}\n{ROW.replace('T0097.108', '')}\n",
            "a successor is given exactly where the relation is none of ambiguous, none, retired",
        ),
        (f"{HEAD}\n{ROW}\n{ROW}\n", "successors.csv:3: T0009 stands twice with one meaning"),
        (f'{HEAD}\n"T0009\n', "successors.csv:2: no CSV"),
    ],
)
def test_a_faulty_table_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "successors.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_successors(path)
    assert message in str(caught.value)


def test_a_release_that_was_not_read_is_asked_for() -> None:
    with pytest.raises(SourceError, match=r"release 1\.4 was not read; give its folder"):
        known_versions({})


def test_names_of_older_releases_are_each_of_one_id() -> None:
    for states in read_older(data_folder() / OLDER).values():
        assert len(states) > 50
        keys = [name_key(state.name) for state in states.values()]
        assert len(keys) == len(set(keys))


def test_the_ids_that_the_draft_uses_for_something_else_are_found_by_their_names() -> None:
    reused = embedded_successors().reused
    of_16 = {span.identifier for span in embedded_history().spans if span.line == "1" and span.since != "1.7"}
    assert sorted(reused.keys() & of_16) == ["T0117", "T0127", *(f"T0153.00{digit}" for digit in range(3, 8))]


@pytest.mark.corpus
def test_the_history_is_what_the_releases_make_it(corpus_folder: Path, tmp_path: Path) -> None:
    folders = corpus_folder.parent
    draft = folders.parent / "samples" / "stix" / "disarm-2.0-observable.json"
    sources = [folders / name for name in ("1.4", "1.6-first", "1.6", "1.7", "2.0-observable", "2.0-assessments")]
    if not all(path.exists() for path in (*sources, draft)):
        pytest.skip("the other releases are not beside the one named by DISARM_FRAMEWORKS")
    for name in (RELEASES, OLDER, SUCCESSORS):
        (tmp_path / name).write_bytes((data_folder() / name).read_bytes())
    history = write_chronicle([*sources, draft], tmp_path)
    assert (tmp_path / HISTORY).read_bytes() == (data_folder() / HISTORY).read_bytes()
    # Counted apart from this code: 477 technique pages or index rows up to 1.6, of which its index lists 391.
    by_16 = {span.identifier for span in history.spans if span.line == "1" and span.since != "1.7"}
    assert len(by_16) == 477
    listed = {span.identifier for span in history.spans if _listed_in(span.since, span.until, span.standing, "1.6")}
    assert len(listed) == 391
    assert len(by_16 - listed) == 86
    renamed = {
        identifier
        for identifier in by_16
        for before, after in pairwise(s for s in history.by_identifier[identifier] if s.since not in _NOT_COUNTED)
        if before.line == after.line == "1" and before.name.casefold() != after.name.casefold()
    }
    assert len(renamed) == 48
    with (data_folder() / SUCCESSORS).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if not row["meaning"] and row["identifier"] not in listed]
    assert len(rows) == 86


def _listed_in(since: str, until: str, standing: str, release: str) -> bool:
    order = embedded_history().releases["1"]
    if since not in order or standing != "listed":
        return False
    return order.index(since) <= order.index(release) <= order.index(until)
