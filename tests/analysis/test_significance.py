from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kg.analysis.chi_squared import chi_squared_test
from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.counting import count_pairs
from kg.analysis.significance import CORRECTIONS, Significance, derived_margin, family_of, judge
from kg.errors import KgError, UnknownNameError
from kg.filters import Filters
from kg.incidence import Incidence, incidence_of

UNITS = st.lists(st.sets(st.sampled_from("abcdef"), min_size=1), min_size=1, max_size=30)


def table_of(units: list[set[str]] | list[str]) -> Incidence:
    both = [(f"I{place:03}", technique) for place, unit in enumerate(units) for technique in sorted(unit)]
    return incidence_of((unit for unit, _ in both), (technique for _, technique in both))


# a and b always together in 6 of 38 units; c and d each in 14, never together; e in one unit; f in all.
PLANTED = ["abf"] * 6 + ["cf"] * 14 + ["df"] * 14 + ["ef"] + ["f"] * 3


@given(UNITS, st.integers(1, 4))
def test_every_pair_of_frequent_techniques_is_tested_seen_together_or_not(units: list[set[str]], margin: int) -> None:
    table = table_of(units)
    pairs = count_pairs(table.unit_index, table.technique_index, len(table.techniques))
    family = family_of(pairs, table.margins(), len(table.units), margin=margin)
    able = [name for name, held in zip(table.techniques, table.margins(), strict=True) if held >= margin]
    found = {
        (table.techniques[a], table.techniques[b]): int(n)
        for a, b, n in zip(family.first, family.second, family.count, strict=True)
    }
    assert found == {(a, b): sum(a in unit and b in unit for unit in units) for a, b in itertools.combinations(able, 2)}


@given(UNITS)
def test_which_pairs_are_testable_does_not_depend_on_how_often_they_are_together(units: list[set[str]]) -> None:
    # The same margins with each technique in other units: shift every technique's column by its own number of places.
    columns = {name: [name in unit for unit in units] for name in "abcdef"}
    moved = {name: np.roll(column, shift) for shift, (name, column) in enumerate(columns.items())}
    other = [{name for name in "abcdef" if moved[name][place]} | {"z"} for place in range(len(units))]
    shown = []
    for each in ([unit | {"z"} for unit in units], other):
        table = table_of(each)
        pairs = count_pairs(table.unit_index, table.technique_index, len(table.techniques))
        family = family_of(pairs, table.margins(), len(units))
        shown.append((family.first.tolist(), family.second.tolist(), family.count_a.tolist(), family.count_b.tolist()))
    assert shown[0] == shown[1]


def test_planted_pairs_are_found_and_the_answer_is_told_in_words() -> None:
    pairs = cooccurrence_of(table_of(PLANTED), minimum=0, significance=Significance())
    verdicts = {(row["technique_a"], row["technique_b"]): row["verdict"] for row in pairs.rows()}
    assert verdicts["a", "b"] == "together"
    assert verdicts["c", "d"] == "apart"
    # a and b with c and d: as apart as 6 of 38 and 14 of 38 can be, which is not much.
    assert verdicts["a", "c"] == "chance"
    assert verdicts["a", "f"] == "chance"
    assert verdicts["e", "f"] == "not testable"
    assert pairs.verdicts is not None
    assert pairs.verdicts.counts() == (1, 1)
    assert pairs.sentences()[1] == (
        "2 of 10 testable pairs survive, 1 more often together than by chance and 1 less (Fisher's exact test, "
        "two-sided, Benjamini-Hochberg at 0.05; testable: both in 3 or more of 38 incidents)"
    )


def test_p_values_and_their_correction_are_those_of_scipy() -> None:
    pairs = cooccurrence_of(table_of(PLANTED), minimum=0, significance=Significance())
    expected = []
    rows = [row for row in pairs.rows() if row["verdict"] != "not testable"]
    for row in rows:
        x, a, b = int(row["count"] or 0), int(row["count_a"] or 0), int(row["count_b"] or 0)
        expected.append(stats.fisher_exact(np.array([[x, a - x], [b - x, 38 - a - b + x]])).pvalue)
    assert [row["p_value"] for row in rows] == pytest.approx(expected)
    assert [row["p_adjusted"] for row in rows] == pytest.approx(stats.false_discovery_control(expected))


@pytest.mark.parametrize(("alternative", "expected"), [("together", (1, 0)), ("apart", (0, 1))])
def test_one_sided_tests_find_one_side(alternative: str, expected: tuple[int, int]) -> None:
    pairs = cooccurrence_of(table_of(PLANTED), significance=Significance(alternative=alternative))
    assert pairs.verdicts is not None
    assert pairs.verdicts.counts() == expected


@pytest.mark.parametrize("correction", CORRECTIONS)
def test_every_correction_keeps_the_planted_pair_and_is_named_in_the_answer(correction: str) -> None:
    pairs = cooccurrence_of(table_of(PLANTED), significance=Significance(correction=correction))
    verdicts = {(row["technique_a"], row["technique_b"]): row["verdict"] for row in pairs.rows()}
    assert verdicts["a", "b"] == "together"
    assert CORRECTIONS[correction] in pairs.sentences()[1]


def test_a_correction_that_gives_no_number_leaves_the_number_empty() -> None:
    rows = list(cooccurrence_of(table_of(PLANTED), significance=Significance(correction="discrete")).rows())
    assert {row["p_adjusted"] for row in rows} == {None}
    assert all(row["p_value"] is not None for row in rows if row["verdict"] != "not testable")


def test_chi_squared_agrees_with_scipy_and_knows_its_limit() -> None:
    outcome = chi_squared_test(np.array([12, 1, 3]), np.array([20, 5, 3]), np.array([17, 3, 9]), np.array([65, 20, 9]))
    expected = stats.chi2_contingency([[12, 8], [5, 40]], correction=False)
    assert outcome.statistic[0] == pytest.approx(expected.statistic)
    assert outcome.p_value[0] == pytest.approx(expected.pvalue)
    # The least expected counts: 20 * 17 / 65 = 5.2, 5 * 3 / 20 = 0.75, and a technique in every unit.
    assert outcome.valid.tolist() == [True, False, False]
    assert np.isnan(outcome.p_value[2])


def test_pairs_for_which_chi_squared_is_not_valid_are_not_tested_and_counted_as_such() -> None:
    pairs = cooccurrence_of(table_of(PLANTED), minimum=0, significance=Significance(test="chi-squared"))
    verdicts = {(row["technique_a"], row["technique_b"]): (row["verdict"], row["p_value"]) for row in pairs.rows()}
    assert verdicts["a", "b"] == ("not testable", None)
    # Of c and d the least expected count is 14 * 14 / 38 = 5.2; of all others it is below 5.
    assert "1 of 1 testable pair survives" in pairs.sentences()[1]
    assert "9 more are not valid for it (an expected count below 5)" in pairs.sentences()[1]
    larger = cooccurrence_of(table_of(PLANTED * 10), minimum=0, significance=Significance(test="chi-squared"))
    verdict = {(row["technique_a"], row["technique_b"]): row["verdict"] for row in larger.rows()}
    assert (verdict["a", "b"], verdict["c", "d"]) == ("together", "apart")


def test_pairs_of_relatives_leave_the_table_and_the_family() -> None:
    units = ["ab", "ab", "ab", "abc", "ac", "c"]
    table = table_of(units)
    relatives = Incidence(
        **{name: getattr(table, name) for name in Incidence.__slots__ if name not in {"parents", "filters"}},
        parents={"b": "a"},
        filters=Filters(exclude_relatives=True),
    )
    pairs = cooccurrence_of(relatives, significance=Significance(margin=1))
    assert [(row["technique_a"], row["technique_b"]) for row in pairs.rows()] == [("a", "c"), ("b", "c")]
    assert pairs.verdicts is not None
    assert len(pairs.verdicts.family) == 2


def test_relatives_cannot_be_excluded_where_all_are_rolled_up() -> None:
    table = incidence_of(["1"], ["a"], level="parent")
    narrowed = Incidence(
        **{name: getattr(table, name) for name in Incidence.__slots__ if name != "filters"},
        filters=Filters(exclude_relatives=True),
    )
    with pytest.raises(KgError, match="at level 'parent' no technique lies below another"):
        cooccurrence_of(narrowed)


@pytest.mark.parametrize("units", [[], ["a"], ["a"] * 9, ["ab"] * 9, ["a", "b", "c"]])
def test_where_nothing_can_be_tested_nothing_survives(units: list[str]) -> None:
    pairs = cooccurrence_of(table_of(units), minimum=0, significance=Significance())
    assert pairs.verdicts is not None
    assert not pairs.verdicts.survives.any()
    assert ("no pair is testable" in pairs.sentences()[1]) == (len(pairs.verdicts.family) == 0)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"test": "fischer"}, "unknown test 'fischer'; did you mean 'fisher'"),
        ({"alternative": "appart"}, "unknown alternative 'appart'; did you mean 'apart'"),
        ({"correction": "bonferroni"}, "unknown correction 'bonferroni'"),
        ({"alpha": 0.0}, "alpha 0.0: is not between 0 and 1"),
        ({"alpha": float("nan")}, "alpha nan: is not between 0 and 1"),
        ({"margin": 0}, "margin 0: .* give 1 or more"),
        ({"test": "chi-squared", "correction": "tarone"}, "tarone: needs an exact test"),
        ({"test": "chi-squared", "alternative": "apart"}, "chi-squared has no direction"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(values: dict[str, object], message: str) -> None:
    with pytest.raises(KgError, match=message):
        Significance(**values)  # type: ignore[arg-type]


def test_the_derived_margin_is_the_least_at_which_a_pair_could_survive() -> None:
    # 62 units: of two techniques in 2 each p is at least 1 / C(62, 2) = 1 / 1,891, in 3 each 1 / C(62, 3) = 1 / 37,820.
    # With t techniques there are t (t - 1) / 2 tests, and 0.05 / 94 is just above 1 / 1,891, 0.05 / 95 is below.
    assert derived_margin(np.array([2] * 14), 62, 0.05) == 2  # 91 tests
    assert derived_margin(np.array([2] * 15), 62, 0.05) == 1  # 105 tests: none at all could survive
    assert derived_margin(np.array([2] * 15 + [3, 3]), 62, 0.05) == 3  # 136 tests at 2, one test at 3
    assert derived_margin(np.array([62] * 5), 62, 0.05) == 2  # ten tests: 1 / 62 is too much, 1 / 1,891 is not
    assert derived_margin(np.array([5]), 62, 0.05) == 1  # no pair at all
    assert derived_margin(np.array([], dtype=np.int64), 0, 0.05) == 1


def test_a_derived_margin_does_not_look_at_who_is_together() -> None:
    asked = Significance(margin=None)
    one, other = (
        cooccurrence_of(table_of(units), significance=asked)
        for units in (["ab", "ab", "ab", "c", "d"], ["ac", "bd", "ab", "b", "a"])
    )
    assert one.margins == other.margins
    for pairs in (one, other):
        assert pairs.verdicts is not None
        assert pairs.verdicts.family.margin == derived_margin(np.array([3, 3, 1, 1]), 5, 0.05)
        assert f"both in {pairs.verdicts.family.margin} or more of 5" in pairs.sentences()[1]


def test_a_family_of_too_many_pairs_is_refused_with_the_remedy() -> None:
    margins = np.full(11_000, 3, dtype=np.int64)
    nothing = count_pairs(np.empty(0, np.int32), np.empty(0, np.int32), 11_000)
    with pytest.raises(KgError, match=r"11,000 techniques occur in so many units, .* raise the margin"):
        family_of(nothing, margins, 100)


def test_an_unknown_measure_is_refused_with_a_suggestion() -> None:
    with pytest.raises(UnknownNameError, match="unknown measure 'yule'; did you mean 'yule-q'"):
        cooccurrence_of(table_of(PLANTED), measures=["yule"])


def test_measures_become_columns_after_those_that_every_table_has() -> None:
    pairs = cooccurrence_of(table_of(PLANTED), measures=["confidence", "odds-ratio", "lift", "phi"])
    assert pairs.columns[10:] == (
        "confidence_a_b",
        "confidence_b_a",
        "odds_ratio",
        "odds_ratio_low",
        "odds_ratio_high",
        "phi",
    )
    row = next(row for row in pairs.rows() if (row["technique_a"], row["technique_b"]) == ("a", "f"))
    # a in 6 units, f in all 38, both in 6; phi is 0/0 for a technique in every unit.
    assert (row["confidence_a_b"], row["confidence_b_a"], row["phi"]) == (1.0, 6 / 38, None)
    assert "phi is undefined for 5 pairs and left empty: one of the techniques occurs in every unit or in none" in (
        pairs.remarks
    )


def test_a_table_is_sorted_by_any_column() -> None:
    pairs = cooccurrence_of(table_of(PLANTED), significance=Significance())
    assert next(pairs.sorted_by("p_value").rows())["verdict"] == "together"
    assert pairs.sorted_by("lift").lift.tolist() == sorted(pairs.lift.tolist(), reverse=True)
    assert pairs.sorted_by("technique_b").technique_b.tolist() == sorted(pairs.technique_b.tolist())
    with pytest.raises(UnknownNameError, match="unknown column 'p-value'; did you mean 'p_value'"):
        pairs.sorted_by("p-value")


def test_the_family_is_judged_the_same_in_one_go_or_through_the_table() -> None:
    table = table_of(PLANTED)
    pairs = count_pairs(table.unit_index, table.technique_index, len(table.techniques))
    verdicts = judge(family_of(pairs, table.margins(), 38), Significance())
    columns = verdicts.columns(verdicts.family.first, verdicts.family.second)
    assert columns["p_value"].tolist() == verdicts.p_value.tolist()
    assert set(columns["verdict"].tolist()) == {"together", "apart", "chance"}
