"""``kg cooccurrence`` on the embedded facts: what it says, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Run


def test_the_answer_in_words_is_said_beside_the_data(kg: Run) -> None:
    done = kg("cooccurrence", "--evidence", "rows", "--top", 2)
    assert len(done.out.splitlines()) == 3
    assert "N = 182 incidents" in done.err
    assert re.search(r"\d+ of 741 testable pairs survive", done.err)


def test_significance_adds_three_columns_that_agree_with_the_answer_in_words(kg: Run) -> None:
    done = kg("cooccurrence", "--evidence", "rows", "--significance", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0])[10:] == ["p_value", "p_adjusted", "verdict"]
    together = [row for row in rows if row["verdict"] == "together"]
    assert f"{len(together)} of 741 testable pairs survive" in done.err
    assert all(float(row["p_adjusted"]) <= 0.05 for row in together)
    assert {row["p_value"] for row in rows if row["verdict"] == "not testable"} == {""}


def test_pairs_never_seen_together_are_listed_when_asked_for(kg: Run) -> None:
    rows = json.loads(kg("cooccurrence", "--level", "tactic", "--minimum", 0, "--significance", "--format", "json").out)
    never = [row for row in rows if row["count"] == 0]
    assert never
    # Minus infinity is no JSON.
    assert {row["pmi"] for row in never} == {None}


def test_measures_filters_and_order_are_options(kg: Run) -> None:
    done = kg("cooccurrence", "--measure", "phi", "--measure", "confidence", "--tactic", "TA06", "--sort", "phi")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    values = [float(row["phi"]) for row in rows if row["phi"]]
    assert values == sorted(values, reverse=True)
    assert list(rows[0])[10:] == ["phi", "confidence_a_b", "confidence_b_a"]
    assert "tactic TA06" in done.err


def test_a_measure_is_named_as_its_column_is_too(kg: Run) -> None:
    by_column = kg("cooccurrence", "--measure", "odds_ratio")
    assert by_column.status == 0
    assert by_column.out == kg("cooccurrence", "--measure", "odds-ratio").out


def test_a_null_model_adds_its_columns_and_its_sentence(kg: Run) -> None:
    arguments = ("--evidence", "rows", "--null", "curveball", "-n", 40, "--seed", 7, "--workers", 1, "--format", "csv")
    done = kg("cooccurrence", *arguments)
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0])[10:] == ["null_mean", "null_sd", "z", "p_null", "p_null_adjusted", "null_verdict"]
    assert "of 741 testable pairs survive (null model with both margins kept, 40 random tables, seed 7" in done.err
    assert kg("cooccurrence", *arguments).out == done.out


@pytest.mark.parametrize(
    "arguments", [("--seed", "3"), ("-n", "5"), ("--engine", "spark"), ("--pairs", "x.npy", "--unit", "passage")]
)
def test_an_option_that_cannot_apply_is_wrong_usage(kg: Run, arguments: tuple[str, ...]) -> None:
    done = kg("cooccurrence", *arguments)
    assert done.status == 2
    assert arguments[-2] in done.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--null", "curvball"), "did you mean 'curveball'"),
        (("--null", "curveball", "-n", "0"), "randomisations 0: are too few"),
        (("--pairs", "none.npy"), "none.npy: is no file"),
        (("--measure", "yule"), "did you mean 'yule-q'"),
        (("--correction", "bonferroni"), "unknown correction 'bonferroni'"),
        (("--alpha", "5"), "alpha 5.0: is not between 0 and 1"),
        (("--margin", "0"), "give 1 or more"),
        (("--margin", "-3"), "give 1 or more"),
        (("--minimum", "-1"), "minimum -1: is negative"),
        (("--tactic", "TA6"), "unknown tactic 'TA6'"),
        (("--country", "Atlantis"), "unknown country 'Atlantis'"),
        (("--release", "9.9"), "unknown release '9.9'"),
        (("--from", "2020", "--to", "2010"), "end before they begin"),
        (("--year-basis", "acts"), "did you mean 'act'"),
        (("--sort", "cuont"), "did you mean 'count'"),
        (("--aligned",), "no actor is named"),
        (("--level", "parent", "--exclude-relatives"), "no technique lies below another"),
        (("--unit", "observation", "--recovered"), "use unit incident"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line(kg: Run, arguments: tuple[str, ...], message: str) -> None:
    done = kg("cooccurrence", *arguments)
    assert done.status == 3
    assert message in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_a_filter_that_leaves_nothing_gives_an_empty_table_and_says_why(kg: Run) -> None:
    done = kg("cooccurrence", "--from", "1900", "--to", "1900")
    assert done.status == 0
    assert len(done.out.splitlines()) == 1
    assert "no pair is testable" in done.err
    assert "are left out, for they lack the year of the act" in done.err


def test_the_margin_may_be_derived_and_is_said(kg: Run) -> None:
    done = kg("cooccurrence", "--evidence", "rows", "--margin", "auto", "--top", "0")
    assert done.status == 0
    # 741 pairs with margin 3: 1 / C(182, 3) is below 0.05 / 741, while 1 / C(182, 2) is above 0.05 over 2,278.
    assert "of 741 testable pairs survive" in done.err
    assert "testable: both in 3 or more of 182 incidents" in done.err


def test_a_margin_that_is_no_number_is_refused(kg: Run) -> None:
    done = kg("cooccurrence", "--margin", "some")
    assert (done.status, "'some' is neither a whole number nor auto" in done.err) == (2, True)
