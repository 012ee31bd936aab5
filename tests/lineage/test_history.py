"""Changes and histories of a framework of kettles, whose every step is known."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.analysis.history import counts_by_release, history_of_store, history_rows, successors_of_store
from kg.errors import UnknownNameError
from kg.exports.changes import render_markdown, render_text
from kg.lineage import History, State, Successor, Successors, Version, build_history, compare
from kg.lineage.states import same_words, share_a_word
from kg.rdf.history import history_nquads
from kg.store.embedded import EmbeddedStore


def version(release: str, *states: State, partial: bool = False, line: str = "1") -> Version:
    return Version(release=release, line=line, states={state.identifier: state for state in states}, partial=partial)


@pytest.fixture
def versions() -> list[Version]:
    return [
        version("0.1", State("T0001", "Whistle loudly", "TA01"), State("T0002", "Boil Water", "TA01")),
        version("0.2", State("T0002", "Boil water", "TA02"), partial=True),
        version(
            "0.3",
            State("T0001", "Hum", "TA01", listed=False),
            State("T0002", "Boil water", "TA02", digest="aa"),
            State("T0002.001", "Boil Milk", "TA02", "T0002"),
        ),
        version("0.4", State("T0002", "Boil water", "TA02", digest="bb"), State("T0003", "Pour", "TA02")),
    ]


def told(history: History, identifier: str) -> list[tuple[str, str, str]]:
    return [(event.release, ", ".join(event.kinds), event.span.key) for event in history.events(identifier)]


def test_an_id_that_got_another_name_is_told_apart_from_one_that_was_respelt(versions: list[Version]) -> None:
    history = build_history(versions)
    # 0.2 holds a part only, so that T0001 is not there says nothing of it.
    assert told(history, "T0001") == [("0.1", "added", "T0001_0.1"), ("0.3", "meaning-changed, retired", "T0001")]
    assert told(history, "T0002") == [
        ("0.1", "added", "T0002"),
        ("0.2", "renamed, moved", "T0002"),
        ("0.4", "described", "T0002"),
    ]
    assert told(history, "T0002.001") == [("0.3", "added", "T0002.001"), ("0.4", "retired", "T0002.001")]
    assert sorted(history.retired()) == ["T0001", "T0002.001"]
    assert history.identifiers() == ["T0001", "T0002", "T0002.001", "T0003"]


def test_a_reviewed_end_of_a_meaning_outweighs_a_shared_word(versions: list[Version]) -> None:
    history = build_history(versions, [("T0002", "0.1")])
    assert told(history, "T0002")[:2] == [("0.1", "added", "T0002_0.1"), ("0.2", "meaning-changed, moved", "T0002")]


def test_an_id_that_comes_back_is_restored() -> None:
    pour = State("T0003", "Pour", "TA02")
    history = build_history([version("1", pour), version("2"), version("3", pour)])
    assert told(history, "T0003") == [("1", "added", "T0003"), ("3", "restored", "T0003")]


def test_pages_that_another_line_left_behind_are_no_ids_of_this_one() -> None:
    stray, own = State("T0180", "Stray", listed=False), State("T0002", "Boil")
    history = build_history([version("1", own, stray), version("2-draft", State("T0180", "Stray"), line="2-draft")])
    assert history.identifiers() == ["T0002"]
    assert history.identifiers("2-draft") == ["T0180"]


def test_a_history_reads_back_from_its_graph(versions: list[Version]) -> None:
    versions = [*versions, version("2.0-observable", State("T2001.001", "Boil", "TA21"), line="2-observations")]
    history = build_history(versions)
    rows = [
        Successor("T0002", "", "Boil", "2.0-observable", "T2001.001", "same", 0.9, "exact-name", "", ""),
        Successor("T0001", "", "Hum", "0.3", "T0003", "related", 0.5, "reviewed", "both are heard", ""),
        Successor("T0001", "0.1", "Whistle loudly", "0.3", "T0002", "merged", 0.9, "reviewed", "", ""),
    ]
    store = EmbeddedStore.from_nquads(history_nquads(history, rows, {each.release: each for each in versions}))
    read = history_of_store(store)
    assert read.spans == history.spans
    assert dict(read.releases) == dict(history.releases)
    # What follows in 2.x is told, and replaces nothing: both lines stand.
    followers = store.select("SELECT ?b { GRAPH ?g { ?a kg:successor ?b } }").values()
    assert {(cell or "").split("/")[-2] for (cell,) in followers} == {"technique", "observation-type"}
    found = successors_of_store(store)
    assert {(row.identifier, row.meaning, row.successor, row.relation, row.confidence) for row in found.rows} == {
        ("T0001", "", "T0003", "related", 0.5),
        ("T0001", "0.1", "T0002", "merged", 0.9),
        ("T0002", "", "T2001.001", "same", 0.9),
    }
    replaced = store.select(
        "SELECT ?a ?b { GRAPH <https://w3id.org/disarm-kg/graph/history> { ?a dcterms:isReplacedBy ?b } }"
    )
    # 0.5 is told, and not asserted.
    assert [[(cell or "").rpartition("/")[2] for cell in row] for row in replaced.values()] == [["T0001_0.1", "T0002"]]
    deprecated = store.select(
        "SELECT ?a { GRAPH <https://w3id.org/disarm-kg/graph/history> { ?a owl:deprecated true } } ORDER BY ?a"
    )
    assert [(row[0] or "").rpartition("/")[2] for row in deprecated.values()] == ["T0001", "T0001_0.1", "T0002.001"]


def test_the_rows_of_an_id_name_what_follows_each_of_its_meanings(versions: list[Version]) -> None:
    successors = Successors(
        [
            Successor("T0001", "", "Hum", "0.3", "T0003", "related", 0.5, "reviewed", "both are heard", ""),
            Successor("T0001", "0.1", "Whistle loudly", "0.3", "", "none", 0, "reviewed", "nothing whistles", ""),
        ]
    )
    rows = history_rows(build_history(versions), successors, ["T0001"])
    assert [(row.release, row.what, row.meaning, row.successor) for row in rows] == [
        ("0.1", "added", "0.1", ""),
        ("", "followed by nothing", "0.1", ""),
        ("0.3", "meaning-changed, retired", "", ""),
        ("", "followed by (related)", "", "T0003"),
    ]
    with pytest.raises(UnknownNameError, match="T0009"):
        history_rows(build_history(versions), successors, ["T0009"])


def test_counts_name_each_release_and_kind(versions: list[Version]) -> None:
    counts = counts_by_release(build_history(versions))
    assert counts == [
        ("0.1", "added", 2),
        ("0.2", "moved", 1),
        ("0.2", "renamed", 1),
        ("0.3", "added", 1),
        ("0.3", "meaning-changed", 1),
        ("0.3", "retired", 1),
        ("0.4", "added", 1),
        ("0.4", "described", 1),
        ("0.4", "retired", 1),
    ]


def test_what_changed_between_two_versions_is_counted_by_kind() -> None:
    old = Version(
        release="1",
        states={
            "T0001": State("T0001", "Whistle", "TA01", digest="aa"),
            "T0002": State("T0002", "Boil", "TA01", digest="aa"),
            "T0003": State("T0003", "Pour", "TA01"),
            "T0004": State("T0004", "Left", "TA01", listed=False),
        },
        incidents={"I00001": "A", "I00002": "B"},
        digests={"I00001": "x", "I00002": ""},
        pairs=frozenset({("I00001", "T0001"), ("I00002", "T0002")}),
    )
    new = Version(
        release="2",
        states={
            "T0001": State("T0001", "Drink Tea", "TA01", digest="aa"),
            "T0002": State("T0002", "Boil", "TA02", "T0001", digest="bb"),
            "T0004": State("T0004", "Left", "TA01"),
        },
        incidents={"I00001": "A2", "I00003": "C"},
        digests={"I00001": "y", "I00003": "z"},
        pairs=frozenset({("I00001", "T0001"), ("I00003", "T0002")}),
    )
    changes = compare(old, new)
    assert [(change.kind, change.identifier, change.before, change.after) for change in changes.rows()] == [
        ("added", "T0004", "", "Left"),
        ("removed", "T0003", "Pour", ""),
        ("renamed", "T0001", "Whistle", "Drink Tea"),
        ("meaning", "T0001", "Whistle", "Drink Tea"),
        ("moved", "T0002", "TA01", "TA02"),
        ("reparented", "T0002", "", "T0001"),
        ("described", "T0002", "aa", "bb"),
        ("incidents_added", "I00003", "", "C"),
        ("incidents_removed", "I00002", "B", ""),
        ("incidents_renamed", "I00001", "A", "A2"),
        ("incidents_described", "I00001", "x", "y"),
        ("pair-gained", "I00003 T0002", "", "T0002"),
        ("pair-lost", "I00002 T0002", "T0002", ""),
    ]
    assert compare(new, new).rows() == []
    assert (changes.partial, changes.with_incidents) == ((), True)
    alone = compare(replace(old, partial=True, has_incidents=False), new)
    assert (alone.partial, alone.with_incidents, alone.lost, alone.incidents_removed) == (("1",), False, (), ())


def test_what_one_side_knows_nothing_of_is_not_told_as_lost_or_new() -> None:
    incidents = Version(release="rows", incidents={"I00001": "A"}, pairs=frozenset({("I00001", "T0001")}))
    framework = Version(release="ids", states={"T0001": State("T0001", "Whistle")}, has_incidents=False)
    changes = compare(incidents, framework)
    assert (changes.with_ids, changes.with_incidents, changes.rows()) == (False, False, [])
    for render in (render_text, render_markdown):
        told = render(changes).casefold()
        assert "ids are not compared: of one side only its incidents are known" in told
        assert "incidents are not compared: of one side only its ids are known" in told
    assert "not compared" not in render_text(compare(incidents, incidents))


@pytest.mark.parametrize(
    ("left", "right", "shared", "same"),
    [
        ("Boil Water", "boil water!", True, True),
        ("Create Kettles", "Create Spoons", False, False),
        ("Present Kettle", "Presented Kettle", True, True),
        ("Boiling Kettles", "Kettle", True, False),
        ("Create", "Create", True, True),
    ],
)
def test_names_are_compared_by_their_telling_words(left: str, right: str, shared: bool, same: bool) -> None:  # noqa: FBT001 - a column of the table
    assert (share_a_word(left, right), same_words(left, right)) == (shared, same)
