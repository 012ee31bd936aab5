"""Rows, truth values and triples as Python sees them."""

from __future__ import annotations

import datetime as dt
import sys

import pyoxigraph as ox
import pytest

from kg.errors import KgError
from kg.store.answers import Solutions, Triples, Truth, value_of

XSD = "http://www.w3.org/2001/XMLSchema#"


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


ROWS = Solutions(
    ["thing", "n"],
    [
        (ox.NamedNode("https://w3id.org/disarm-kg/id/technique/T0001"), typed("7", "integer")),
        (ox.Literal("<b>&", language="en"), None),
        (ox.BlankNode("b"), typed("2016-05-01", "date")),
    ],
)


def test_rows_are_tuples_of_terms_that_can_be_read_twice() -> None:
    assert len(ROWS) == 3
    assert ROWS.variables == ("thing", "n")
    first, second = list(ROWS), list(ROWS)
    assert first == second
    assert first[1] == (ox.Literal("<b>&", language="en"), None)


def test_values_are_texts_or_none() -> None:
    assert list(ROWS.values()) == [
        ("https://w3id.org/disarm-kg/id/technique/T0001", "7"),
        ("<b>&", None),
        ("_:b", "2016-05-01"),
    ]


def test_records_hold_python_values() -> None:
    assert list(ROWS.records()) == [
        {"thing": "https://w3id.org/disarm-kg/id/technique/T0001", "n": 7},
        {"thing": "<b>&", "n": None},
        {"thing": "_:b", "n": dt.date(2016, 5, 1)},
    ]


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("-12", "integer", -12),
        ("12", "nonNegativeInteger", 12),
        ("1_0", "integer", "1_0"),
        ("9" * 5000, "integer", "9" * 5000),
        ("1.50", "decimal", 1.5),
        ("1e3", "decimal", "1e3"),
        ("1e3", "double", 1000.0),
        ("INF", "double", float("inf")),
        ("infinity", "double", "infinity"),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("yes", "boolean", "yes"),
        ("2016-02-29", "date", dt.date(2016, 2, 29)),
        ("2016-02-30", "date", "2016-02-30"),
        ("2016-02-29Z", "date", "2016-02-29Z"),
        ("2016", "gYear", "2016"),
        ("7", "string", "7"),
    ],
)
def test_a_literal_becomes_what_its_datatype_says_or_stays_text(text: str, datatype: str, value: object) -> None:
    found = value_of(typed(text, datatype))
    assert found == value
    assert type(found) is type(value)


def test_html_of_rows_escapes_text_shortens_iris_and_says_how_many() -> None:
    shown = ROWS._repr_html_()
    assert "<td>disarm:T0001</td><td>7</td>" in shown
    assert "<td>&lt;b&gt;&amp;</td><td></td>" in shown
    assert "<p>3 rows</p>" in shown
    many = Solutions(["<x>"], [(ox.Literal(str(number)),) for number in range(40)])._repr_html_()
    assert "<th>&lt;x&gt;</th>" in many
    assert many.count("<tr>") == 26
    assert "<p>40 rows (15 more not shown)</p>" in many


def test_truth_is_a_bool() -> None:
    assert bool(Truth(holds=True)) is True
    assert bool(Truth(holds=False)) is False
    assert Truth(holds=False)._repr_html_() == "<p>false</p>"


def test_triples_are_distinct_and_sorted() -> None:
    a, b, p = ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:p")
    found = Triples([ox.Triple(b, p, a), ox.Triple(a, p, b), ox.Triple(b, p, a), ox.Triple(a, p, a)])
    assert list(found) == [ox.Triple(a, p, a), ox.Triple(a, p, b), ox.Triple(b, p, a)]
    assert len(found) == 3
    assert "<td>urn:a</td><td>urn:p</td><td>urn:b</td>" in found._repr_html_()


def test_pandas_gets_python_values_by_column() -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = ROWS.to_pandas()
    assert list(frame.columns) == ["thing", "n"]
    assert frame["n"].to_list() == [7, None, dt.date(2016, 5, 1)]
    assert len(Solutions(["a", "b"], []).to_pandas().columns) == 2


def test_polars_gets_python_values_and_text_where_a_column_is_mixed() -> None:
    pytest.importorskip("polars", reason="polars is not installed")
    frame = ROWS.to_polars()
    assert frame.columns == ["thing", "n"]
    assert frame["n"].to_list() == ["7", None, "2016-05-01"]
    assert Solutions(["n"], [(typed("7", "integer"),), (None,)]).to_polars()["n"].to_list() == [7, None]


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_a_table_library_that_is_missing_is_named_with_the_remedy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(KgError, match=f"{name}: is not installed; run `pip install {name}`"):
        getattr(ROWS, f"to_{name}")()
