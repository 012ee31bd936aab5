from __future__ import annotations

import networkx as nx
import pytest

from kg.errors import ViewError
from kg.views import view
from kg.views.limits import opening_stop, stops


def star(leaves: int) -> nx.Graph[int]:
    """Leaf n hangs on the hub 0 with strength 1 + n // 100: 1 for the first 99 leaves, 2 for the next 100 ..."""
    network: nx.Graph[int] = nx.Graph(name="Star")
    network.add_weighted_edges_from((0, leaf, 1 + leaf // 100) for leaf in range(1, leaves + 1))
    return network


def test_too_many_nodes_are_refused_with_the_threshold_that_fits() -> None:
    # 599 leaves: strength >= 2 leaves 500 and the hub, >= 3 leaves 400 and the hub (401), >= 4 leaves 300 and the hub.
    with pytest.raises(ViewError) as caught:
        view(star(599))
    assert "600 nodes and 599 edges are too many" in str(caught.value)
    assert "raise the threshold to 4, which leaves 301 nodes and 300 edges" in str(caught.value)


def test_the_advice_holds() -> None:
    assert view(star(599), threshold=4).html.count('"shape":"dot"') == 301 + 1  # and once in the legend


def test_four_hundred_nodes_are_drawn() -> None:
    assert view(star(399)).html


def test_too_many_edges_are_refused() -> None:
    # 64 * 63 / 2 = 2016 edges, none with a strength: no threshold helps.
    network = nx.complete_graph(64)
    with pytest.raises(ViewError, match=r"2016 edges are too many.*draw a part of it"):
        view(network)


def test_the_message_stands_on_one_line() -> None:
    with pytest.raises(ViewError) as caught:
        view(nx.Graph(), title="two\nlines")
    assert "two lines" in str(caught.value)


def test_a_threshold_can_stand_at_each_strength_once() -> None:
    assert stops([3, 1, 2, 3, 1]) == [1, 2, 3]


def test_very_many_strengths_are_thinned_from_the_least_to_the_greatest() -> None:
    thinned = stops([value / 7 for value in range(1000)], limit=60)
    assert len(thinned) == 60
    assert (thinned[0], thinned[-1]) == (0, 999 / 7)


@pytest.mark.parametrize(("most", "opening"), [(6, 0), (5, 1), (3, 1), (2, 2), (0, 2)])
def test_a_page_opens_at_the_lowest_threshold_with_few_enough_edges(most: int, opening: int) -> None:
    # At 1 all six edges are seen, at 2 three, at 5 one.
    assert opening_stop([1, 1, 1, 2, 2, 5], [1, 2, 5], most) == opening
