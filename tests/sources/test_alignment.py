"""Descriptions that slid against their rows: generated tables, slid by hand."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from kg.sources.alignment import Home, Line, find_homes

TECHNIQUES = [f"T{number:04}" for number in range(60)]


def table(rows: int, seed: int) -> list[frozenset[str]]:
    """What each row lists: three to five techniques."""
    chance = random.Random(seed)  # noqa: S311 - generated data, not a secret
    return [frozenset(chance.sample(TECHNIQUES, chance.randint(3, 5))) for _ in range(rows)]


def slid(listed: list[frozenset[str]], at: int, by: int) -> list[Line]:
    """The rows after ``by`` of them were deleted at ``at`` without their descriptions: the last texts stand alone."""
    kept = listed[:at] + listed[at + by :]
    return [Line(row, text) for row, text in zip([*kept, *[frozenset[str]()] * by], listed, strict=True)]


@given(st.integers(30, 80), st.integers(0, 1000), st.data())
def test_a_column_that_slid_by_k_at_row_j_is_found_and_put_back(rows: int, seed: int, data: st.DataObject) -> None:
    by = data.draw(st.integers(1, 6))
    at = data.draw(st.integers(0, rows - by - 6))
    listed = table(rows, seed)
    homes = find_homes(slid(listed, at, by))
    lost = set(range(at, at + by))
    # A text at place p was written for row p before the deletion: for row p - by after it.
    assert {text: home.row for text, home in homes.items() if text not in lost} == {
        text: text - by for text in range(at + by, rows)
    }
    assert all(homes[text].row is None for text in lost if text in homes)


@given(st.integers(2, 80), st.integers(0, 1000))
def test_where_nothing_slid_nothing_is_moved(rows: int, seed: int) -> None:
    assert find_homes([Line(row, row) for row in table(rows, seed)]) == {}


@given(st.integers(10, 60), st.integers(0, 1000), st.data())
def test_a_row_whose_text_tags_half_of_its_techniques_is_no_slide(rows: int, seed: int, data: st.DataObject) -> None:
    listed = table(rows, seed)
    row = data.draw(st.integers(0, rows - 1))
    lines = [Line(found, found) for found in listed]
    lines[row] = Line(listed[row], frozenset(sorted(listed[row])[:2]))
    assert find_homes(lines) == {}


def test_texts_without_tags_stay_where_they_are() -> None:
    lines = [Line(row, frozenset()) for row in table(40, 3)]
    assert find_homes(lines) == {}


def test_a_text_of_nowhere_has_no_home() -> None:
    lines = [Line(row, row) for row in table(30, 5)]
    lines[7] = Line(lines[7].listed, frozenset({"T9001", "T9002"}))
    assert find_homes(lines) == {7: Home(None)}


def test_a_text_whose_row_lists_nothing_has_no_home() -> None:
    # What stays of a deleted row: nothing is contradicted, and it is nobody's all the same.
    lines = [Line(row, row) for row in table(30, 5)]
    lines.append(Line(frozenset(), frozenset({"T9001"})))
    assert find_homes(lines) == {30: Home(None)}


def test_one_text_that_misses_its_one_technique_is_no_slide() -> None:
    lines = [Line(frozenset({TECHNIQUES[n]}), frozenset({TECHNIQUES[n]})) for n in range(30)]
    lines[7] = Line(lines[7].listed, frozenset({"T9001"}))
    assert find_homes(lines) == {}


def test_two_texts_that_were_exchanged_go_back_by_their_tags() -> None:
    listed = table(40, 8)
    lines = [Line(row, row) for row in listed]
    lines[5], lines[30] = Line(listed[5], listed[30]), Line(listed[30], listed[5])
    homes = find_homes(lines)
    assert {text: home.row for text, home in homes.items()} == {5: 30, 30: 5}


def test_a_slide_longer_than_the_first_band_is_found_in_a_wider_one() -> None:
    listed = table(300, 4)
    homes = find_homes(slid(listed, 20, 40))
    assert {text: home.row for text, home in homes.items() if text >= 60} == {
        text: text - 40 for text in range(60, 300)
    }


def test_an_inserted_blank_pushes_the_texts_down_and_they_are_put_back() -> None:
    listed = table(30, 11)
    texts: list[frozenset[str]] = [*listed[:10], frozenset(), *listed[10:-1]]
    homes = find_homes([Line(row, text) for row, text in zip(listed, texts, strict=True)])
    assert {text: home.row for text, home in homes.items()} == {place: place - 1 for place in range(11, 30)}


def test_a_long_table_that_slid_is_put_back_in_a_narrow_band() -> None:
    listed = table(6000, 2)
    homes = find_homes(slid(listed, 100, 2))
    assert sum(home.row == text - 2 for text, home in homes.items()) > 0.99 * 5898


@given(st.lists(st.tuples(st.frozensets(st.sampled_from("abcdef")), st.frozensets(st.sampled_from("abcdef")))))
def test_every_home_is_a_row_that_lists_something_and_is_given_once(lines: list[tuple[frozenset[str], ...]]) -> None:
    rows = [Line(*line) for line in lines]
    homes = find_homes(rows)
    taken = [home.row for home in homes.values() if home.row is not None]
    assert len(taken) == len(set(taken))
    assert all(rows[row].listed for row in taken)
    assert all(home.row != text for text, home in homes.items())


def test_where_texts_tag_at_random_none_is_put_anywhere() -> None:
    # Each text tags some 38 rows within 256 before and behind, and its neighbour no row beside one of them.
    chance = random.Random(6)  # noqa: S311 - generated data, not a secret
    lines = [
        Line(frozenset({chance.choice(TECHNIQUES[:40])}), frozenset(chance.sample(TECHNIQUES[:40], 3)))
        for _ in range(2500)
    ]
    assert {home.row for home in find_homes(lines).values()} == {None}


def test_a_slide_in_a_long_table_of_few_techniques_is_told_from_chance() -> None:
    chance = random.Random(6)  # noqa: S311 - generated data, not a secret
    listed = [frozenset(chance.sample(TECHNIQUES[:20], 3)) for _ in range(1200)]
    homes = find_homes(slid(listed, 50, 4))
    assert sum(home.row == text - 4 for text, home in homes.items()) > 0.95 * 1146
