from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from kg.views.layout import column_positions, force_positions


def nearest(points: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2))
    np.fill_diagonal(apart, np.inf)
    return float(apart.min())


def test_the_same_network_stands_the_same_twice() -> None:
    edges = list(nx.karate_club_graph().edges)
    radii = np.full(34, 8.0)
    assert np.array_equal(force_positions(34, edges, [], radii), force_positions(34, edges, [], radii))


def test_a_path_is_drawn_as_a_path() -> None:
    points = force_positions(5, [(0, 1), (1, 2), (2, 3), (3, 4)], [], np.full(5, 5.0))
    steps = np.hypot(*(points[1:] - points[:-1]).T)
    # The ends lie farther from each other than any two neighbours, by about as much as there are steps.
    assert np.hypot(*(points[4] - points[0])) > 3 * steps.max()


def test_marks_do_not_touch() -> None:
    network = nx.barabasi_albert_graph(300, 3, seed=1)
    points = force_positions(300, list(network.edges), [], np.full(300, 10.0))
    assert nearest(points) > 20


def test_parts_do_not_lie_on_each_other() -> None:
    edges = [(0, 1), (1, 2), (2, 0), (3, 4), (5, 6)]
    points = force_positions(8, edges, [], np.full(8, 5.0))
    assert nearest(points) > 20


def test_what_only_weak_edges_join_does_not_move_the_core() -> None:
    core = [(0, 1), (1, 2), (2, 0)]
    alone = force_positions(3, core, [], np.full(3, 5.0))
    more = force_positions(6, core, [(3, 0), (4, 3)], np.full(6, 5.0))

    assert np.array_equal(more[:3], alone)
    assert nearest(more) > 20


@pytest.mark.parametrize("count", [0, 1, 2])
def test_very_small_networks_have_places(count: int) -> None:
    points = force_positions(count, [(0, 1)] if count == 2 else [], [], np.full(count, 5.0))
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()


def test_columns_are_read_from_the_top_down_and_go_on_in_the_next() -> None:
    # Root 0 with branches 1 (leaf 3) and 2: a blank line stands before branch 2, and four lines fill a column.
    network = nx.DiGraph([(0, 1), (0, 2), (1, 3)])
    points = column_positions(network, rows=4)

    lines = (points[:, 1] - points[0, 1]) / 17
    assert lines.tolist() == [0, 1, 0, 2]
    assert points[0, 0] < points[1, 0] < points[3, 0] < points[2, 0]


def test_a_circle_has_places_too() -> None:
    points = column_positions(nx.DiGraph([(0, 1), (1, 0), (2, 2)]))
    assert nearest(points) > 10
