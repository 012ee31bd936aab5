"""What a picture is before it is drawn: a network, what it shows, and in which words. Nothing here knows HTML.

Values of strangers' graphs are made plain on the way in: text without control characters, ``int``, finite ``float``.
"""

from __future__ import annotations

import math
import numbers
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from kg.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import networkx as nx

Plain = str | int | float
Layout = Literal["force", "layers"]

_LONGEST_TEXT = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewOptions:
    """What the ready-made views can be asked for; each says in its docstring which of these it heeds.

    Attributes:
        unit: ``incident``, ``passage`` or ``observation``.
        evidence: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique``, ``parent`` to count a sub-technique as its parent, or ``tactic`` to count all as tactics.
        units: N, where it shall not be the number of units with at least one technique.
        threshold: Leave out what is weaker; None takes the lowest that can be drawn, and the page says which.
        filters: Which incidents, techniques and statements count; the page says so.
        backbone: Draw only pairs that stand out among those of one of their techniques at this level, above 0, at most
            1; see :func:`kg.analysis.structure.backbone`.
    """

    unit: str = "incident"
    evidence: str = "repaired"
    level: str = "technique"
    units: int | None = None
    threshold: int | None = None
    filters: Filters = NO_FILTERS
    backbone: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """How a page speaks of its nodes and edges: singular, plural. ``…`` in ``strength`` stands for the threshold."""

    node: tuple[str, str] = ("node", "nodes")
    edge: tuple[str, str] = ("edge", "edges")
    strength: str = "Strength … or more"
    count: str = "count"
    legend: str = "Groups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A network with everything a page says about it.

    Attributes:
        network: Any networkx graph; it is read and never changed.
        title: The heading.
        facts: What is counted, in phrases for the line below the heading: unit, N, evidence, threshold, release.
        words: What to call nodes and edges.
        strength: The edge attribute that the threshold control works on; None where edges have none.
        group: The node attribute that gives the colour.
        groups: The groups in the order of the legend, each with its name; further ones are added as they are met.
        layout: ``force``, or ``layers`` for columns from left to right in order of group.
        even_lines: All lines have the same width: their strength tells of a node, not of the line.
        most_edges: The page opens at the lowest threshold that shows no more edges than this.
    """

    network: nx.Graph[Hashable]
    title: str
    facts: tuple[str, ...] = ()
    words: Words = field(default_factory=Words)
    strength: str | None = None
    group: str = "group"
    groups: tuple[tuple[str, str], ...] = ()
    layout: Layout = "force"
    most_edges: int = 160
    even_lines: bool = False


def picture_of(network: nx.Graph[Hashable], *, title: str | None = None) -> Picture:
    """A picture of any graph by the names of its attributes, such as ``label``, ``tactic``, ``count`` or ``weight``."""
    kind = plain_text(network.graph.get("kind", ""))
    names = {name for _, attributes in network.nodes(data=True) for name in attributes}
    group = next((name for name in ("tactic", "group", "kind", "bipartite") if name in names), "group")
    edge_names = {name for _, _, attributes in network.edges(data=True) for name in attributes}
    strength = next((name for name in ("count", "weight") if name in edge_names), None)
    labels = {
        plain_text(attributes[group]): plain_text(attributes.get(f"{group}_label", ""))
        for _, attributes in network.nodes(data=True)
        if group in attributes
    }
    told = ("unit", "units", "evidence", "level", "release", "threshold")
    known = [name for name in told if name in network.graph]
    facts = tuple(f"{'N' if name == 'units' else name} = {plain_text(network.graph[name])}" for name in known)
    words = Words(strength=f"{(strength or 'strength').capitalize()} … or more", legend=group.capitalize())
    if kind == "cooccurrence":
        words = Words(
            node=("technique", "techniques"),
            edge=("pair", "pairs"),
            strength="Pairs seen together in … or more units",
            legend=group.capitalize(),
        )
    heading = title or plain_text(network.graph.get("title") or network.graph.get("name") or "") or "Network"
    return Picture(
        network=network,
        title=" ".join(plain_text(heading).split()),
        facts=facts,
        words=words,
        strength=strength,
        group=group,
        groups=tuple(sorted(labels.items())),
    )


def plain_text(value: object) -> str:
    """Any value as text that can stand in a page: no control characters, no lone surrogates, of bounded length."""
    text = str(value)[:_LONGEST_TEXT]
    kept = (" " if unicodedata.category(sign) in {"Cc", "Cs"} and sign != "\n" else sign for sign in text)
    return "".join(kept).strip()


def plain_number(value: object) -> int | float | None:
    """A number of any library as ``int`` or ``float``; None for what is no number or not finite."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    if isinstance(value, numbers.Integral):
        return int(value)
    number = float(value)
    return number if math.isfinite(number) else None


def shown(value: object) -> str:
    """A value as a person reads it: numbers to four significant digits, all else as text."""
    number = plain_number(value)
    if isinstance(number, int):
        return str(number)
    return plain_text(value) if number is None else f"{number:.4g}"


def facts_of(
    attributes: Mapping[str, object], leave_out: frozenset[str], counted: str = "count"
) -> list[tuple[str, str]]:
    """Attributes as pairs of name and text, those in ``leave_out`` and the empty ones apart.

    ``count`` goes by the name of what is counted.
    """
    rows = [
        (counted if name == "count" else plain_text(name).replace("_", " "), shown(value))
        for name, value in attributes.items()
        if name not in leave_out
    ]
    return [(name, text) for name, text in rows if text not in {"", "nan", "inf", "-inf"}]
