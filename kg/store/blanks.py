"""Triples in an order, and with blank node labels, that depend on the graph alone.

Colour refinement, not the full canonicalisation of RDFC-1.0: linear in the size of the graph for each round, never
exponential. Nodes that no number of rounds tells apart are interchangeable in all but contrived graphs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_ROUNDS = 12


def in_order(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Distinct triples sorted by subject, predicate and object as N-Triples writes them."""
    lines = {str(triple): triple for triple in triples}
    if any("_:" in line for line in lines):
        colours = _refined(lines.values())
        ranked = sorted(colours, key=lambda label: (colours[label], label))
        names = {label: ox.BlankNode(f"b{place}") for place, label in enumerate(ranked)}
        lines = {str(triple): triple for triple in (renamed(triple, names.__getitem__) for triple in lines.values())}
    return [lines[line] for line in sorted(lines)]


def _refined(triples: Iterable[ox.Triple]) -> dict[str, str]:
    mentions: dict[str, list[ox.Triple]] = {}
    for triple in triples:
        for label in set(_labels(triple)):
            mentions.setdefault(label, []).append(triple)
    colours = dict.fromkeys(mentions, "")
    for _ in range(_ROUNDS if colours else 0):
        finer = {
            label: _digest(sorted(_seen_from(label, triple, colours) for triple in group))
            for label, group in mentions.items()
        }
        settled = len(set(finer.values())) == len(set(colours.values()))
        colours = finer
        if settled:
            break
    return colours


def _seen_from(label: str, triple: ox.Triple, colours: dict[str, str]) -> str:
    return "\x00".join(_coloured(term, label, colours) for term in triple)


def _coloured(term: _Node, label: str, colours: dict[str, str]) -> str:
    if isinstance(term, ox.BlankNode):
        return "_:this" if term.value == label else "_:" + colours[term.value]
    if isinstance(term, ox.Triple):
        return f"<<{_seen_from(label, term, colours)}>>"
    return str(term)


def _digest(parts: list[str]) -> str:
    return hashlib.sha256("\x01".join(parts).encode()).hexdigest()


def _labels(term: _Node) -> list[str]:
    if isinstance(term, ox.BlankNode):
        return [term.value]
    if isinstance(term, ox.Triple):
        return [label for part in term for label in _labels(part)]
    return []


def renamed(triple: ox.Triple, name: Callable[[str], ox.BlankNode]) -> ox.Triple:
    """A triple with other blank nodes, each by its label; itself where it has none."""
    if not _labels(triple):
        return triple
    subject, object_ = triple.subject, triple.object
    return ox.Triple(
        name(subject.value) if isinstance(subject, ox.BlankNode) else subject,
        triple.predicate,
        _renamed_object(object_, name),
    )


def _renamed_object(term: _Node, name: Callable[[str], ox.BlankNode]) -> _Node:
    if isinstance(term, ox.BlankNode):
        return name(term.value)
    return renamed(term, name) if isinstance(term, ox.Triple) else term
