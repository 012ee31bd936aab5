from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sources.values import or_nothing, parse_address, parse_date, parse_year, split_countries, split_ids


@pytest.mark.parametrize(("text", "year"), [("2016", 2016), ("2016.0", 2016), (" 2016.00 ", 2016)])
def test_a_year_is_read_as_printed_upstream(text: str, year: int) -> None:
    assert parse_year(text) == year


@pytest.mark.parametrize("text", ["abcd", "16", "2016.5", "20166", "", "2016-2017", "0016", "2016x"])
def test_what_is_no_year_is_refused_with_the_remedy(text: str) -> None:
    with pytest.raises(ValueError, match=r"write .* year|write 2016"):
        parse_year(text)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019/03/03", dt.date(2019, 3, 3)),
        ("2022-02-25 00:00:00", dt.date(2022, 2, 25)),
        ("2022-02-25T10:11:12Z", dt.date(2022, 2, 25)),
        ("2019-3-4", dt.date(2019, 3, 4)),
        ("25/02/2022", dt.date(2022, 2, 25)),
        ("02/25/2022", dt.date(2022, 2, 25)),
        ("03.03.2022", dt.date(2022, 3, 3)),
        ("25 February 2022", dt.date(2022, 2, 25)),
        ("Sept 9, 2021", dt.date(2021, 9, 9)),
        ("1st May 2020", dt.date(2020, 5, 1)),
    ],
)
def test_dates_are_read_in_the_forms_people_write(text: str, date: dt.date) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text", ["2022-02-30", "03/04/2022", "2022", "May 2022", "yesterday", "2022-13-01", "99 May 2022"]
)
def test_a_date_that_is_impossible_or_ambiguous_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write 2019-03-31"):
        parse_date(text)


@given(st.dates())
def test_iso_dates_are_read_back(date: dt.date) -> None:
    assert parse_date(date.isoformat()) == date
    assert parse_date(date.isoformat().replace("-", "/") + " 00:00:00") == date


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Russia , USA", (("Russia",), ("USA",))),
        ("Russia,Mexico , Mexico", (("Russia", "Mexico"), ("Mexico",))),
        ("Belarus , Lithuania, Latvia, Poland", (("Belarus",), ("Lithuania", "Latvia", "Poland"))),
        (" , France", ((), ("France",))),
        (", France", ((), ("France",))),
        ("Russia , ", (("Russia",), ())),
        ("Russia ,", (("Russia",), ())),
        (" , ", ((), ())),
        (",", ((), ())),
        ("", ((), ())),
        ("Unknown , USA", (("Unknown",), ("USA",))),
        ("Saudi\u00a0Arabia , Qatar", (("Saudi Arabia",), ("Qatar",))),
    ],
)
def test_the_countries_field_is_split_at_its_first_comma_between_blanks(
    text: str, sides: tuple[tuple[str, ...], tuple[str, ...]]
) -> None:
    assert split_countries(text) == sides


def test_ids_are_found_in_cells_once_and_in_order() -> None:
    assert split_ids("S002, S001,S002") == ("S002", "S001")
    assert split_ids("M007 - Metatechnique, M002 - Diversion") == ("M007", "M002")
    assert split_ids("TA15 Establish Assets") == ("TA15",)
    assert split_ids("T0145 Establish Account Imagery T0145.001") == ("T0145", "T0145.001")
    assert split_ids("XT0145 P1") == ()


@pytest.mark.parametrize("text", ["-", " \u2013 ", "", "N/A", "None", "nan"])
def test_marks_for_none_are_nothing(text: str) -> None:
    assert or_nothing(text) == ""


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("https://a.example/x y", "https://a.example/x%20y"),
        (' http://a.example/<b>"c" ', "http://a.example/%3Cb%3E%22c%22"),
        ("https://a.example/é?q=1#f", "https://a.example/é?q=1#f"),
    ],
)
def test_addresses_hold_no_character_that_an_iri_cannot(text: str, address: str) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "ftp://a.example", "a.example", "https://", "http://[::1", "-"]
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write https://host/path"):
        parse_address(text)
