from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KgError
from kg.sources.index import parse_index
from kg.sources.markdown import parse_link, parse_page, split_id


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| [a](u) | b |", ["[a](u)", "b"]),
        ("| [a](u) | b | c |", ["[a](u)", "b | c"]),
        ("| [a](u) |  |", ["[a](u)", ""]),
        ("| [a | b](u) | c |", ["[a | b](u)", "c"]),
        ("| [a [b]](u) | c |", ["[a [b]](u)", "c"]),
        ("| plain | c |", ["plain", "c"]),
    ],
)
def test_a_bar_inside_a_cell_does_not_move_its_neighbours(row: str, cells: list[str]) -> None:
    page = parse_page(f"# Incident I00001: x\n\n| Technique | Description |\n| --- | --- |\n{row}\n", "x.md")
    assert [found.cells for found in page.rows("technique")] == [cells]


def test_a_bar_in_the_authors_of_a_reference_stays_there() -> None:
    head = "| Reference | Pub Date | Authors | Org | Archive |\n| --- | --- | --- | --- | --- |\n"
    page = parse_page(
        f"# Incident I00001: x\n\n{head}| [u](https://u) | 2020 | A | B | Org | [v](https://v) |\n", "x.md"
    )
    assert page.rows("reference")[0].cells == ["[u](https://u)", "2020", "A | B", "Org", "[v](https://v)"]


HEAD = "# Incident I00001: x\n\n| Reference | Pub Date | Authors | Org | Archive |\n| --- | --- | --- | --- | --- |\n"


@given(
    st.sampled_from(["[a](https://u)", "[a](https://u_(b))", "a", ""]),
    st.lists(st.text(alphabet="ab (),._\u00e9", max_size=9).map(str.strip), min_size=4, max_size=4),
)
def test_cells_that_hold_no_bar_are_read_as_written(first: str, others: list[str]) -> None:
    cells = [first, *others]
    page = parse_page(f"{HEAD}| {' | '.join(cells)} |\n", "x.md")
    assert page.rows("reference")[0].cells == cells


def test_a_bar_in_a_label_does_not_stand_for_one_that_is_missing() -> None:
    # Four bars for five columns, of which one is part of the label: the row has four cells.
    page = parse_page(f"{HEAD}| [a | b](https://u) | 2020 | A | Org |\n", "x.md")
    assert page.rows("reference")[0].cells == ["[a | b](https://u)", "2020", "A", "Org"]


def test_bars_with_one_blank_between_them_have_an_empty_cell_there() -> None:
    page = parse_page(f"{HEAD}| a | | b | c | d |\n", "x.md")
    assert page.rows("reference")[0].cells == ["a", "", "b", "c", "d"]


def test_a_field_goes_on_until_the_next_and_knows_its_line() -> None:
    page = parse_page("# Incident I00001: x\n\n* **Summary:** one\ntwo\n\nthree\n* **Year started:** 2016\n", "x.md")
    assert page.value("summary") == "one\ntwo\n\nthree"
    assert page.line("summary") == 3
    assert page.line("year started") == 7


def test_the_parent_stands_behind_the_tactic_on_one_line() -> None:
    page = parse_page("# Technique T0146.001: x\n\n**Tactic**: TA15 A <br><br>**Parent Technique:** T0146 B\n", "x.md")
    assert page.value("tactic") == "TA15 A"
    assert page.value("parent technique") == "T0146 B"


def test_a_field_of_two_million_blanks_is_read_at_once() -> None:
    # Looked at from each of them to the last, the blanks would take some hours.
    page = parse_page(f"# Technique T0001.001: A\n\n**Belongs to tactic stage**: TA01{' ' * 2_000_000}<br>x\n", "p.md")
    assert page.value("belongs to tactic stage").endswith("<br>x")


def test_links_and_labels_are_taken_apart() -> None:
    assert parse_link("[T0039 Bait](../techniques/T0039 .md)") == ("T0039 Bait", "../techniques/T0039 .md")
    assert parse_link("[a](https://x.example/b_(c))") == ("a", "https://x.example/b_(c)")
    assert parse_link("no link") is None
    assert split_id("T0039\u00a0Bait") == ("T0039", "Bait")
    assert split_id("Bait") == ("", "Bait")


@settings(max_examples=300)
@given(st.text(alphabet="#*|[](): \nTI0123.abc-<>_", max_size=300) | st.text(max_size=200))
def test_any_text_is_a_page_or_a_clear_error(text: str) -> None:
    for candidate in (text, "# Incident I00001: x\n" + text):
        try:
            kind, message = parse_page(candidate, "x.md").kind, "x.md:"
        except KgError as error:
            kind, message = "refused", str(error)
        assert kind
        assert message.startswith("x.md:")


@given(st.text(alphabet="<>tdhra/ \nT0I\"='", max_size=300))
def test_any_text_is_an_index_of_some_length(text: str) -> None:
    parse_index(text)


def test_an_index_gives_ids_cells_and_lines_and_counts_rows_without_id() -> None:
    text = (
        '# X\n\n<table border="1">\n<tr>\n<th>disarm_id</th>\n<th>name</th>\n</tr>\n'
        '<tr>\n<td><a href="x/T0039 .md">T0039 </a></td>\n<td>Bait</td>\n</tr>\n'
        '<tr>\n<td><a href="x/.md"></a></td>\n<td></td>\n</tr>\n</table>\n'
    )
    index = parse_index(text)
    assert [(entry.identifier, entry.text("name"), entry.text("summary"), entry.line) for entry in index.entries] == [
        ("T0039", "Bait", "", 9)
    ]
    assert index.faulty_lines == (13,)
