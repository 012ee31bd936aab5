"""Counting pairs, whole and in pieces, against counting one by one, scipy and networkx."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx.algorithms import bipartite
from scipy import sparse

from kg.analysis.counting import Runs, Tally, count_by_sorting, count_by_tallying, count_pairs
from kg.analysis.streaming import StreamCounter, count_stream
from kg.errors import KgError
from tests.benchmarks.incidences import incidence_arrays

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from kg.analysis.counting import PairCounts

PAIRS = st.sets(st.tuples(st.integers(0, 12), st.integers(0, 7)), max_size=60)


def as_dict(counts: PairCounts) -> dict[tuple[int, int], int]:
    return {(int(a), int(b)): int(n) for a, b, n in zip(counts.first, counts.second, counts.count, strict=True)}


def arrays_of(pairs: set[tuple[int, int]]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    ordered = np.array(sorted(pairs), dtype=np.int32).reshape(-1, 2)
    return ordered[:, 0].copy(), ordered[:, 1].copy()


def by_brute_force(pairs: set[tuple[int, int]]) -> dict[tuple[int, int], int]:
    units = defaultdict(list)
    for unit, technique in sorted(pairs):
        units[unit].append(technique)
    return dict(Counter(itertools.chain.from_iterable(itertools.combinations(held, 2) for held in units.values())))


@given(PAIRS)
def test_both_ways_of_counting_agree_with_counting_one_by_one(pairs: set[tuple[int, int]]) -> None:
    units, techniques = arrays_of(pairs)
    expected = by_brute_force(pairs)
    for way in (count_by_tallying, count_by_sorting, count_pairs):
        counts = way(units, techniques, 8)
        assert as_dict(counts) == expected
        assert list(as_dict(counts)) == sorted(expected)
        assert [str(column.dtype) for column in (counts.first, counts.second, counts.count)] == [
            "int32",
            "int32",
            "int64",
        ]


@given(PAIRS.filter(bool))
def test_counting_agrees_with_the_bipartite_projection_of_networkx(pairs: set[tuple[int, int]]) -> None:
    graph: nx.Graph[str | int] = nx.Graph((f"unit {unit}", technique) for unit, technique in pairs)
    techniques = {technique for _, technique in pairs}
    projected = bipartite.weighted_projected_graph(graph, techniques)
    weights = nx.get_edge_attributes(projected, "weight")
    expected = {(min(a, b), max(a, b)): weight for (a, b), weight in weights.items()}
    assert as_dict(count_pairs(*arrays_of(pairs), 8)) == expected


@pytest.mark.parametrize(("rows", "techniques"), [(300_000, 40), (300_000, 700), (2_000, 1_500), (3_000, 60_000)])
def test_counting_agrees_with_the_product_of_scipy_on_large_tables(
    rows: int, techniques: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.analysis.counting._SORTED_KEYS", 100_000)
    units, held = incidence_arrays(rows, techniques)
    matrix = sparse.csr_array((np.ones(len(units), dtype=np.int64), (units, held)))
    product = sparse.triu(matrix.T @ matrix, k=1).tocoo()
    expected = dict(
        zip(zip(product.row.tolist(), product.col.tolist(), strict=True), product.data.tolist(), strict=True)
    )
    ways = [count_by_sorting, count_pairs] if techniques > 2_000 else [count_by_sorting, count_by_tallying, count_pairs]
    for way in ways:
        assert as_dict(way(units, held, techniques)) == expected


@pytest.mark.parametrize("way", [count_by_tallying, count_by_sorting])
@given(pairs=PAIRS, rows=st.integers(1, 5), keys=st.integers(1, 9))
def test_where_the_pieces_are_cut_does_not_matter(
    way: Callable[..., PairCounts], pairs: set[tuple[int, int]], rows: int, keys: int
) -> None:
    names = ("_ROWS", "_KEYS", "_SORTED_KEYS")
    with pytest.MonkeyPatch.context() as patch:
        for name, value in zip(names, (rows, keys, keys), strict=True):
            patch.setattr(f"kg.analysis.counting.{name}", value)
        assert as_dict(way(*arrays_of(pairs), 8)) == by_brute_force(pairs)


def test_a_unit_with_every_technique_is_counted_in_bounded_memory() -> None:
    techniques = 2_500
    # Three million pairs in each of two units: more than the buffer holds.
    units = np.repeat(np.arange(2, dtype=np.int32), techniques)
    counts = count_pairs(units, np.tile(np.arange(techniques, dtype=np.int32), 2), techniques)
    assert len(counts.count) == techniques * (techniques - 1) // 2
    assert set(counts.count.tolist()) == {2}


@pytest.mark.parametrize(
    ("units", "techniques", "message"),
    [
        ([0, 1, 0], [0, 0, 1], "place 2 is not after place 1; sort by unit"),
        ([0, 0], [1, 0], "place 1 is not after place 0; sort by unit"),
        ([0, 0], [1, 1], "without repeats"),
        ([0], [3], "technique 3 is not among the 3"),
        ([0], [-1], "technique -1 is not among the 3"),
        ([0, 1], [0], "2 units and 1 techniques"),
    ],
)
def test_arrays_that_are_not_sorted_and_distinct_are_refused(
    units: list[int], techniques: list[int], message: str
) -> None:
    with pytest.raises(KgError, match=message):
        count_pairs(np.array(units, dtype=np.int32), np.array(techniques, dtype=np.int32), 3)


@given(PAIRS, st.lists(st.integers(0, 60), max_size=6))
def test_a_stream_gives_what_the_whole_gives_wherever_it_is_cut(pairs: set[tuple[int, int]], cuts: list[int]) -> None:
    units, techniques = arrays_of(pairs)
    places = sorted({0, len(units), *(min(cut, len(units)) for cut in cuts)})
    pieces = [(units[a:b], techniques[a:b]) for a, b in itertools.pairwise(places)]
    streamed = count_stream(pieces, 8)
    assert as_dict(streamed.pairs) == by_brute_force(pairs)
    assert streamed.margins.tolist() == np.bincount(techniques, minlength=8).tolist()
    assert (streamed.units, streamed.rows) == (len(set(units.tolist())), len(units))


def test_a_stream_that_grows_long_is_counted_in_another_way_and_stays_the_same() -> None:
    units, techniques = incidence_arrays(400_000, 2_000)
    whole = count_pairs(units, techniques, 2_000)
    counter = StreamCounter(2_000)
    kinds = set()
    for start in range(0, len(units), 50_000):
        counter.add(units[start : start + 50_000], techniques[start : start + 50_000])
        kinds.add(type(counter._counter))
    assert kinds == {Runs, Tally}
    assert as_dict(counter.finish().pairs) == as_dict(whole)


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([([0, 0], [0, 1]), ([0], [1])], "place 2 is not after place 1"),
        ([([0, 3], [0, 1]), ([2], [1])], "place 2 is not after place 1"),
        ([([0, 3], [0, 1]), ([3, 4, 4], [2, 0, 0])], "place 4 is not after place 3"),
        ([([0], [8])], "technique 8 is not among the 8"),
        ([([0, 1], [8])], "2 units and 1 techniques"),
    ],
)
def test_a_stream_out_of_order_is_refused_with_the_place_in_the_whole(
    pieces: list[tuple[list[int], list[int]]], message: str
) -> None:
    arrays = [(np.array(units), np.array(techniques)) for units, techniques in pieces]
    with pytest.raises(KgError, match=message):
        count_stream(arrays, 8)


@pytest.mark.parametrize("kind", ["u1", "i2", "u8", ">i4"])
def test_numbers_of_any_width_are_counted(kind: str) -> None:
    units, techniques = np.array([0, 0, 1, 1, 2], dtype=kind), np.array([0, 1, 0, 1, 1], dtype=kind)
    streamed = count_stream([(units[:3], techniques[:3]), (units[3:], techniques[3:])], 2)
    assert as_dict(streamed.pairs) == {(0, 1): 2}
    assert streamed.margins.tolist() == [2, 3]


def test_a_stream_of_nothing_has_no_unit() -> None:
    streamed = count_stream([], 3)
    assert (streamed.units, streamed.rows, streamed.margins.tolist(), as_dict(streamed.pairs)) == (0, 0, [0, 0, 0], {})
