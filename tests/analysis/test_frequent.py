"""Sets of techniques: found as by brute force, and told only where they are more than their pairs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.frequent import KINDS, _fitted, frequent_sets
from kg.errors import KgError, UnknownNameError
from kg.incidence import incidence_of

Pairs = list[tuple[int, int]]


def brute_force(pairs: Pairs, minimum: int, longest: int) -> dict[tuple[str, ...], int]:
    units: dict[int, set[str]] = {}
    for unit, place in pairs:
        units.setdefault(unit, set()).add(f"T000{place}")
    names = sorted({name for held in units.values() for name in held})
    counts = {
        chosen: sum(set(chosen) <= held for held in units.values())
        for size in range(1, longest + 1)
        for chosen in itertools.combinations(names, size)
    }
    return {chosen: count for chosen, count in counts.items() if count >= minimum}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 6)), min_size=6, max_size=60), st.integers(2, 4))
def test_sets_are_those_of_brute_force(pairs: Pairs, minimum: int) -> None:
    table = incidence_of([f"u{unit}" for unit, _ in pairs], [f"T000{place}" for _, place in pairs])
    counts = brute_force(pairs, minimum, 4)
    closed = {a for a in counts if not any(set(a) < set(b) and counts[a] == counts[b] for b in counts)}
    maximal = {a for a in counts if not any(set(a) < set(b) for b in counts)}
    expected = {"all": set(counts), "closed": closed, "maximal": maximal}
    for kind in KINDS:
        found = frequent_sets(table, minimum=minimum, kind=kind, longest=4)
        told = {item.techniques: item.count for item in found.sets}
        assert told == {names: counts[names] for names in expected[kind] if len(names) >= 3}


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=8, max_size=60))
def test_the_fitted_table_keeps_the_counts_of_all_pairs(pairs: Pairs) -> None:
    counts = brute_force(pairs, 1, 3)
    units = len({unit for unit, _ in pairs})
    for names in counts:
        if len(names) != 3:
            continue
        table = _fitted(names, counts, units)
        for i, j in itertools.combinations(range(3), 2):
            share = np.moveaxis(table, [i, j], [0, 1])[1, 1].sum()
            assert share == pytest.approx(counts[names[i], names[j]] / units, abs=2e-3)


def test_independent_techniques_are_expected_as_the_product_of_their_shares() -> None:
    # Eight units, one for each combination of three techniques: every pair is independent.
    units, techniques = [], []
    for unit, held in enumerate(itertools.product((0, 1), repeat=3)):
        for place, present in enumerate(held):
            if present:
                for copy in range(4):
                    units.append(f"u{unit}-{copy}")
                    techniques.append(f"T000{place}")
    table = incidence_of(units, techniques)
    (found,) = frequent_sets(table, minimum=2, kind="all").sets
    # 28 of the 32 units hold something and are counted: pairs 8 of 28; by hand, 4 hold all three.
    assert found.count == 4
    assert found.p_value > 0.3


def test_a_set_beyond_its_pairs_is_told_and_one_of_its_pairs_alone_is_not() -> None:
    rng = np.random.default_rng(7)
    units: list[str] = []
    techniques: list[str] = []

    def add(name: str, held: list[int]) -> None:
        units.extend([name] * len(held))
        techniques.extend(f"T{place:04}" for place in held)

    for unit in range(400):
        # An even number of the first three, so that no pair depends on another, yet all three never stand together;
        # and an odd number of the next three, so that all three stand together too often.
        first, second = rng.integers(0, 2, 2).tolist()
        add(f"u{unit}", [place for place, on in enumerate((first, second, first ^ second)) if on])
        third, fourth = rng.integers(0, 2, 2).tolist()
        add(f"u{unit}", [3 + place for place, on in enumerate((third, fourth, 1 ^ third ^ fourth)) if on])
        add(f"u{unit}", [6 + place for place in range(3) if rng.random() < 0.5])
    found = frequent_sets(incidence_of(units, techniques), minimum=5, kind="all", longest=3)
    surprising = {item.techniques for item in found.sets if item.p_adjusted <= 0.05}
    assert surprising == {("T0003", "T0004", "T0005")}
    # Pairs of all nine are frequent: 84 sets of three were tested, however few are seen.
    assert found.candidates == {3: 84}
    assert "1 hold more than their pairs explain" in found.sentences()[1]


def test_what_cannot_be_mined_is_one_line() -> None:
    table = incidence_of("aab", ["T0001", "T0002", "T0001"])
    with pytest.raises(UnknownNameError, match="did you mean 'closed'"):
        frequent_sets(table, kind="close")
    with pytest.raises(KgError, match="give 2 or more"):
        frequent_sets(table, minimum=1)
    with pytest.raises(KgError, match="give 3 to 6"):
        frequent_sets(table, longest=9)
    assert frequent_sets(incidence_of([], [])).sets == ()
