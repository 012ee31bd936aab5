"""Blank nodes are labelled by their place in the graph, so that the same graph has the same labels."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from kg.store.blanks import in_order

if TYPE_CHECKING:
    import random

P, Q, A = ox.NamedNode("urn:p"), ox.NamedNode("urn:q"), ox.NamedNode("urn:a")


def chain(labels: list[str]) -> list[ox.Triple]:
    nodes = [ox.BlankNode(label) for label in labels]
    links = [ox.Triple(a, P, b) for a, b in itertools.pairwise(nodes)]
    return [*links, ox.Triple(nodes[0], Q, ox.Literal("first")), ox.Triple(A, P, nodes[-1])]


def test_labels_do_not_depend_on_the_labels_given() -> None:
    assert in_order(chain(["x", "y", "z"])) == in_order(chain(["n3", "a", "m"]))


def test_triples_in_triples_are_renamed_with_the_rest() -> None:
    blank = ox.BlankNode("x")
    found = in_order([ox.Triple(blank, P, ox.Triple(blank, Q, A))])
    assert [str(triple) for triple in found] == ["_:b0 <urn:p> <<( _:b0 <urn:q> <urn:a> )>>"]


def test_a_graph_without_blank_nodes_is_only_sorted() -> None:
    triples = [ox.Triple(A, Q, A), ox.Triple(A, P, A)]
    assert in_order(triples) == [ox.Triple(A, P, A), ox.Triple(A, Q, A)]


def test_nodes_that_are_interchangeable_stay_apart() -> None:
    # A complete graph of 12 equal nodes: canonical labelling by trying all orders would take 12! steps.
    nodes = [ox.BlankNode() for _ in range(12)]
    found = in_order(ox.Triple(a, P, b) for a in nodes for b in nodes if a != b)
    assert len(found) == 132
    assert len({triple.subject for triple in found}) == 12


@given(st.sets(st.tuples(st.integers(0, 5), st.sampled_from([P, Q]), st.integers(0, 5)), max_size=12), st.randoms())
def test_renaming_and_reordering_keeps_the_graph_the_same(
    edges: set[tuple[int, ox.NamedNode, int]], r: random.Random
) -> None:
    def graph(names: list[str]) -> list[ox.Triple]:
        triples = [ox.Triple(ox.BlankNode(names[a]), p, ox.BlankNode(names[b])) for a, p, b in edges]
        # Each node is told apart by a literal of its own.
        triples += [ox.Triple(ox.BlankNode(names[n]), P, ox.Literal(n)) for n in range(6)]
        return r.sample(triples, len(triples))

    given_names = [f"n{number}" for number in range(6)]
    shuffled = r.sample([f"m{number}" for number in range(6)], 6)
    first = in_order(graph(given_names))
    assert first == in_order(graph(shuffled))
    assert len(first) == len(set(graph(given_names)))
