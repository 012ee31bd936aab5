from __future__ import annotations

import csv
import io
import math

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.association import MEASURES
from kg.analysis.cooccurrence import COLUMNS, cooccurrence, cooccurrence_of
from kg.errors import KgError
from kg.incidence import Incidence, incidence_of
from kg.store.embedded import EmbeddedStore

PAIRS = st.sets(st.tuples(st.integers(0, 12), st.integers(0, 7)), max_size=60)

# a: I1 I2 I3, b: I1 I2, c: I1 I3 I4, d: I4, e alone in I5.
BY_HAND = {"I1": "abc", "I2": "ab", "I3": "ac", "I4": "cd", "I5": "e"}


def table_of(units: dict[str, str]) -> Incidence:
    both = [(unit, technique) for unit, techniques in units.items() for technique in techniques]
    return incidence_of((unit for unit, _ in both), (technique for _, technique in both))


def test_a_table_worked_by_hand() -> None:
    pairs = cooccurrence_of(table_of(BY_HAND))
    assert list(zip(pairs.technique_a, pairs.technique_b, pairs.count, pairs.count_a, pairs.count_b, strict=True)) == [
        ("a", "b", 2, 3, 2),
        ("a", "c", 2, 3, 3),
        ("b", "c", 1, 2, 3),
        ("c", "d", 1, 3, 1),
    ]
    assert pairs.units == 5
    assert pairs.jaccard.tolist() == pytest.approx([2 / 3, 2 / 4, 1 / 4, 1 / 3])
    assert pairs.lift.tolist() == pytest.approx([10 / 6, 10 / 9, 5 / 6, 5 / 3])
    assert pairs.pmi.tolist() == pytest.approx([math.log2(value) for value in (10 / 6, 10 / 9, 5 / 6, 5 / 3)])
    assert pairs.npmi[0] == pytest.approx(math.log(10 / 6) / math.log(5 / 2))
    assert pairs.margins == {"a": 3, "b": 2, "c": 3, "d": 1, "e": 1}
    assert set(pairs.labels) == set("abcde")


def test_the_number_of_units_is_an_argument_that_changes_lift_but_no_count() -> None:
    few, many = cooccurrence_of(table_of(BY_HAND)), cooccurrence_of(table_of(BY_HAND), units=50)
    assert (many.units, many.units_with_techniques) == (50, 5)
    assert many.lift.tolist() == pytest.approx((few.lift * 10).tolist())
    assert many.count.tolist() == few.count.tolist()
    assert {row["units"] for row in many.rows()} == {50}


def test_fewer_units_than_hold_a_technique_are_refused() -> None:
    with pytest.raises(KgError, match=r"units 4: 5 incidents hold a technique.*give at least 5"):
        cooccurrence_of(table_of(BY_HAND), units=4)


def test_a_minimum_leaves_out_rare_pairs_and_is_not_negative() -> None:
    assert cooccurrence_of(table_of(BY_HAND), minimum=2).technique_b.tolist() == ["b", "c"]
    with pytest.raises(KgError, match=r"minimum -1: is negative; give a number of units, or 0"):
        cooccurrence_of(table_of(BY_HAND), minimum=-1)


def test_csv_has_the_columns_in_order_and_six_decimals() -> None:
    lines = cooccurrence_of(table_of(BY_HAND)).to_csv().splitlines()
    assert lines[0] == "technique_a,technique_b,count,count_a,count_b,units,jaccard,lift,pmi,npmi"
    assert lines[1].startswith("a,b,2,3,2,5,0.666667,1.666667,0.736966,")
    assert len(lines) == 5


def test_a_measure_that_is_undefined_is_an_empty_cell_and_none_never_nan() -> None:
    pairs = cooccurrence_of(table_of({"I1": "ab", "I2": "ab"}))
    assert [row["npmi"] for row in pairs.rows()] == [None]
    row = next(csv.DictReader(io.StringIO(pairs.to_csv())))
    assert (row["lift"], row["npmi"]) == ("1.000000", "")
    assert "nan" not in pairs.to_csv() + pairs._repr_html_()


@pytest.mark.parametrize("units", [{}, {"I1": "a"}, {"I1": "a", "I2": "a"}, {"I1": "a", "I2": "b"}])
def test_where_nothing_is_together_the_table_is_empty_and_still_has_its_head(units: dict[str, str]) -> None:
    pairs = cooccurrence_of(table_of(units))
    assert (len(pairs), pairs.units, list(pairs.rows())) == (0, len(units), [])
    assert pairs.to_csv() == ",".join(COLUMNS) + "\n"
    assert "0 pairs" in pairs._repr_html_()


@given(PAIRS)
def test_every_row_is_ordered_and_equals_the_measures_of_its_counts(pairs: set[tuple[int, int]]) -> None:
    table = incidence_of((f"I{unit:02}" for unit, _ in pairs), (f"T{technique}" for _, technique in pairs))
    rows = list(cooccurrence_of(table).rows())
    keys = [(-int(row["count"] or 0), row["technique_a"], row["technique_b"]) for row in rows]
    assert keys == sorted(keys)
    for row in rows:
        assert str(row["technique_a"]) < str(row["technique_b"])
        counts = [int(row[name] or 0) for name in ("count", "count_a", "count_b", "units")]
        for name in ("jaccard", "lift", "pmi", "npmi"):
            if row[name] is not None:
                assert MEASURES[name](*counts) == row[name]


def test_a_name_from_the_data_never_becomes_markup() -> None:
    table = table_of({"I1": "ab"})
    table.labels["a"] = '"><script>alert(1)</script>'
    page = cooccurrence_of(table)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_graph_is_counted_through_its_incidence() -> None:
    text = """
    @prefix kg: <https://w3id.org/disarm-kg/ns#> .
    @prefix disarm: <https://w3id.org/disarm-kg/id/technique/> .
    @prefix incident: <https://w3id.org/disarm-kg/id/incident/> .
    incident:I1 kg:usesTechnique disarm:T0001.001, disarm:T0001.002, disarm:T0002 .
    incident:I2 kg:usesTechnique disarm:T0001.002, disarm:T0002 .
    """
    store = EmbeddedStore.from_quads(ox.parse(text, ox.RdfFormat.TURTLE))
    pairs = cooccurrence(store, units=7)
    assert [(row["technique_a"], row["technique_b"], row["count"]) for row in pairs.rows()] == [
        ("T0001.002", "T0002", 2),
        ("T0001.001", "T0001.002", 1),
        ("T0001.001", "T0002", 1),
    ]
    rolled = cooccurrence(store, level="parent")
    assert [(row["technique_a"], row["technique_b"], row["count"]) for row in rolled.rows()] == [("T0001", "T0002", 2)]
    assert (pairs.unit, pairs.evidence, pairs.level, pairs.units) == ("incident", "repaired", "technique", 7)


def test_pandas_gets_the_same_columns_or_a_message_that_says_how_to_get_it() -> None:
    pairs = cooccurrence_of(table_of(BY_HAND))
    try:
        frame = pairs.to_pandas()
    except KgError as error:
        assert "pip install pandas" in str(error)  # noqa: PT017 - which of the two holds depends on the environment
    else:
        assert list(frame.columns) == list(COLUMNS)
        assert frame["count"].tolist() == [2, 2, 1, 1]
        assert frame["units"].tolist() == [5] * 4
