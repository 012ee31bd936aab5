"""Triples in an order, and with blank node labels, that depend on the graph alone.

Colour refinement, not the full canonicalisation of RDFC-1.0: linear in the size of the graph for each round, never
exponential. Nodes that no number of rounds tells apart are interchangeable in all but contrived graphs.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable

_Node: TypeAlias = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
_ROUNDS = 12


def in_order(triples: Iterable[ox.Triple]) -> list[ox.Triple]:
    """Distinct triples sorted by subject, predicate and object as N-Triples writes them."""
    lines = {str(triple): triple for triple in triples}
    if any("_:" in line for line in lines):
        colours = _refined(lines.values())
        ranked = sorted(colours, key=lambda label: (colours[label], label))
        names = {label: ox.BlankNode(f"b{place}") for place, label in enumerate(ranked)}
        renamed = [_renamed(triple, names) for triple in lines.values()]
        lines = {str(triple): triple for triple in renamed}
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


def _renamed(triple: ox.Triple, names: dict[str, ox.BlankNode]) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    return ox.Triple(
        names[subject.value] if isinstance(subject, ox.BlankNode) else subject,
        triple.predicate,
        _renamed_object(object_, names),
    )


def _renamed_object(term: _Node, names: dict[str, ox.BlankNode]) -> _Node:
    if isinstance(term, ox.BlankNode):
        return names[term.value]
    return _renamed(term, names) if isinstance(term, ox.Triple) else term
