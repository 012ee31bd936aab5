"""Suggestions and likeness: worked by hand, and on tables where the answer was planted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from kg.analysis.similarity import similar
from kg.analysis.suggestion import DEFAULT, METHODS, suggest, training_of
from kg.errors import KgError, UnknownNameError
from kg.incidence import incidence_of

# a: T0001 T0002; b: T0001 T0002 T0003; c: T0003 T0004; d: T0003; e: T0005.001
UNITS = "aabbbccde"
TECHNIQUES = ["T0001", "T0002", "T0001", "T0002", "T0003", "T0003", "T0004", "T0003", "T0005.001"]
TABLE = incidence_of(UNITS, TECHNIQUES)


def basket(*places: int) -> sparse.csr_array:
    return sparse.csr_array((np.ones(len(places)), ([0] * len(places), places)), shape=(1, 5))


def test_popularity_is_the_margin_whatever_was_seen() -> None:
    scores = METHODS["popularity"](training_of(TABLE))(basket(4))
    assert scores.tolist() == [[2, 2, 3, 1, 1]]


def test_cooccurrence_is_the_shrunk_confidence() -> None:
    scores = METHODS["cooccurrence"](training_of(TABLE))(basket(0))
    # Units with T0001: 2. With T0002 too: 2; shrunk by two imagined units: (2 + 2 * 2/5) / (2 + 2) = 0.7.
    # With T0003 too: 1; (1 + 2 * 3/5) / 4 = 0.55. With T0004: (0 + 2 * 1/5) / 4 = 0.1.
    assert scores[0, 1:4] == pytest.approx([0.7, 0.55, 0.1])


def test_neighbours_vote_by_their_jaccard_index() -> None:
    scores = METHODS["knn"](training_of(TABLE))(basket(0))
    # Jaccard with a 1/2, with b 1/3, with the others 0: T0002 gets 5/6, T0003 1/3.
    assert scores[0, 1:3] == pytest.approx([5 / 6, 1 / 3])


def test_a_family_makes_units_alike_that_share_no_technique() -> None:
    table = incidence_of("aabb", ["T0005.001", "T0007", "T0005.002", "T0008"])
    plain = suggest(table, ["T0005.002", "T0008"], method="knn", most=1)
    assert plain[0].score < 1e-6
    # Unit a shares the family T0005 alone: 0.3 / (2 + 0.6 + 2 + 0.6 - 0.3) = 0.3 / 4.9.
    (first, *_) = suggest(table, ["T0005.002", "T0008"], method="family", most=2)
    assert first.score == pytest.approx(0.3 / 4.9)


def test_naive_bayes_follows_the_formula() -> None:
    scores = METHODS["bayes"](training_of(TABLE))(basket(0))
    # prior = (margin + 1/2) / 6; P(T0001 | T0002) = (2 + 2 * 2.5/6) / (2 + 2), over prior(T0001) 2.5/6.
    expected = np.log(2.5 / 6) + np.log(((2 + 2 * 2.5 / 6) / 4) / (2.5 / 6))
    assert scores[0, 1] == pytest.approx(expected)


def test_the_linear_model_is_the_ridge_regression_of_each_technique_on_the_others() -> None:
    training = training_of(TABLE)
    dense = np.asarray(training.matrix.todense())
    scores = METHODS["linear"](training)(sparse.csr_array(np.eye(5)))
    for target in range(5):
        others = [place for place in range(5) if place != target]
        gram = dense[:, others].T @ dense[:, others] + 12.0 * np.eye(4)
        weights = np.linalg.solve(gram, dense[:, others].T @ dense[:, target])
        assert scores[others, target] == pytest.approx(weights, abs=1e-8)


def test_a_suggestion_names_what_supports_it() -> None:
    found = suggest(TABLE, ["T0001", "T0002"], most=2)
    assert found[0].technique == "T0003"
    assert (found[0].support, found[0].incidents) == (1, ("b",))
    assert found[0].popularity == pytest.approx(3 / 5)


@pytest.mark.parametrize("method", [name for name in METHODS if name != "popularity"])
def test_every_method_finds_what_was_planted(method: str) -> None:
    rng = np.random.default_rng(5)
    units, techniques = [], []
    for unit in range(300):
        held = set(rng.choice(30, size=3, replace=False).tolist())
        if unit % 6 == 0:
            held |= {30, 31}
        units += [f"I{unit:05}"] * len(held)
        techniques += [f"T{place:04}" for place in sorted(held)]
    table = incidence_of(units, techniques)
    assert suggest(table, ["T0030"], method=method, most=1)[0].technique == "T0031"


def test_what_cannot_be_suggested_from_is_one_line() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'knn'"):
        suggest(TABLE, ["T0001"], method="knnn")
    with pytest.raises(UnknownNameError, match="T0009"):
        suggest(TABLE, ["T0009"])
    with pytest.raises(KgError, match="no technique is given"):
        suggest(TABLE, [])
    with pytest.raises(KgError, match="give 1 or more"):
        suggest(TABLE, ["T0001"], most=0)
    assert DEFAULT in METHODS


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 8)), min_size=2, max_size=40), st.sampled_from(list(METHODS))
)
def test_no_method_suggests_what_was_given_or_anything_twice(pairs: list[tuple[int, int]], method: str) -> None:
    table = incidence_of([f"u{unit}" for unit, _ in pairs], [f"T000{place}" for _, place in pairs])
    asked = table.techniques[0]
    found = [item.technique for item in suggest(table, [asked], method=method, most=20)]
    assert asked not in found
    assert len(set(found)) == len(found) == len(table.techniques) - 1
    assert all(np.isfinite(item.score) for item in suggest(table, [asked], method=method, most=20))


def test_likeness_weighs_rare_techniques_more() -> None:
    found = similar(TABLE, "b")
    # ln(6/2) for T0001 and T0002, ln(6/3) for T0003, ln(6/1) for T0004; b holds 2 ln 3 + ln 2.
    own = 2 * np.log(3) + np.log(2)
    assert [item.incident for item in found] == ["a", "d", "c"]
    assert found[0].similarity == pytest.approx(2 * np.log(3) / own)
    assert found[0].jaccard == pytest.approx(2 / 3)
    assert found[2].shared == ("T0003",)
    assert found[2].only_there == ("T0004",)
    assert found[2].similarity == pytest.approx(np.log(2) / (own + np.log(6)))


def test_likeness_of_what_is_not_there_is_one_line() -> None:
    with pytest.raises(UnknownNameError, match="'z'"):
        similar(TABLE, "z")
    with pytest.raises(KgError, match="give 1 or more"):
        similar(TABLE, "a", most=0)
    with pytest.raises(KgError, match="compares incidents"):
        similar(incidence_of("ab", ["T0001", "T0002"], unit="observation"), "a")
