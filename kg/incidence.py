"""Which unit holds which technique: the one table between the graph and the numbers.

A unit is an incident, or an observation: techniques seen together in one act. One SELECT query (two for ``all``) gives
the pairs; here they become sorted integer arrays, which everything in :mod:`kg.analysis` counts on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from kg.store.protocol import TripleStore

_ROWS = "?row a kg:TableRow ; kg:incident ?incident ; kg:technique ?technique ."
_OBSERVED = "?observation a kg:Observation ; kg:ofIncident ?incident ; kg:technique ?technique ."
_LISTED = _OBSERVED + " ?observation kg:techniqueList ?unit ."
_ACCEPTED = ' ?observation kg:status "accepted" .'

UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "incident": {
        "rows": (_ROWS,),
        "inline": (_OBSERVED,),
        "all": (_ROWS, _OBSERVED),
        "repaired": ("?incident kg:usesTechnique ?technique .",),
    },
    "observation": {
        "inline": (_LISTED,),
        "all": (_LISTED,),
        "repaired": (_LISTED + _ACCEPTED,),
    },
}
"""Unit to evidence to the graph patterns that state it; more than one pattern means their union."""

LEVELS = ("technique", "parent")
"""What is counted: techniques as they stand, or sub-techniques as the technique above them."""

_LABELS = """SELECT ?technique ?label
WHERE { ?technique a kg:Technique ; skos:prefLabel ?label . FILTER(lang(?label) IN ("en", "")) }"""
_PARENTS = "SELECT ?technique ?parent WHERE { ?technique a kg:Technique ; skos:broader ?parent . }"


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Units and the techniques in them.

    Attributes:
        unit: What a unit is: ``incident`` or ``observation``.
        evidence: What counts as a sign of a technique: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique`` or ``parent``.
        units: Ids of the units that hold at least one technique, sorted. An observation is called by its incident and
            its list of techniques, as in ``I00100 T0146 T0154.002``.
        techniques: Ids of the techniques that occur, sorted.
        unit_index: int32 array, one place for each pair of unit and technique: a place in ``units``.
        technique_index: int32 array of the same length: a place in ``techniques``. The pairs are sorted by unit, then
            by technique, and distinct.
        labels: Technique id to English label; the id itself where the graph has no label.
    """

    unit: str
    evidence: str
    level: str
    units: tuple[str, ...]
    techniques: tuple[str, ...]
    unit_index: NDArray[np.int32]
    technique_index: NDArray[np.int32]
    labels: dict[str, str]

    def __len__(self) -> int:
        """The number of pairs of unit and technique."""
        return len(self.unit_index)

    def margins(self) -> NDArray[np.int64]:
        """For each technique, in how many units it occurs."""
        return np.bincount(self.technique_index, minlength=len(self.techniques)).astype(np.int64)


def incidence(
    store: TripleStore, *, unit: str = "incident", evidence: str = "repaired", level: str = "technique"
) -> Incidence:
    """Which unit holds which technique.

    Args:
        store: The graph; its default graph is asked.
        unit: ``incident``, or ``observation``: each distinct list of techniques in an incident, as an inline group
            gives it.
        evidence: ``rows``: table rows as published; ``inline``: inline groups as published; ``all``: both;
            ``repaired``: what the default graph asserts, for observations those that are accepted.
        level: ``technique``, or ``parent``: sub-techniques count as their parent, by ``skos:broader`` or, where the
            graph has none, by the part of the id before the dot.

    Raises:
        UnknownNameError: no such unit, evidence or level.
        KgError: the unit has no such evidence.
    """
    patterns = _patterns(unit, evidence, level)
    subject = "?incident" if unit == "incident" else "?incident ?unit"
    units: list[str] = []
    techniques: list[str] = []
    for pattern in patterns:
        rows = store.select(f"SELECT {subject} ?technique WHERE {{ {pattern} }}").values()
        columns = list(zip(*rows, strict=True)) or [()] * 3
        techniques += map(str, columns[-1])
        units += _units_of(*columns[:-1])
    parent_of = _parents(store) if level == "parent" else None
    table = incidence_of(units, techniques, parent_of=parent_of, unit=unit, evidence=evidence, level=level)
    labels = {_last(str(term)): str(label) for term, label in store.select(_LABELS).values()}
    table.labels.update({name: labels[name] for name in table.techniques if name in labels})
    return table


def incidence_of(
    units: Iterable[str],
    techniques: Iterable[str],
    *,
    parent_of: Callable[[str], str] | None = None,
    unit: str = "incident",
    evidence: str = "all",
    level: str = "technique",
) -> Incidence:
    """The table of pairs given as two columns; repeated pairs count once.

    Args:
        units: The unit of each pair.
        techniques: The technique of each pair, as an id or an IRI that ends in it.
        parent_of: From the id of a technique to the id that it counts as.
        unit: What a unit is; told in every answer.
        evidence: What the pairs rest on; told in every answer.
        level: What the techniques are; told in every answer.

    >>> table = incidence_of(["b", "a", "b"], ["T0002", "T0001", "T0001"])
    >>> table.units, table.techniques, table.unit_index.tolist(), table.technique_index.tolist()
    (('a', 'b'), ('T0001', 'T0002'), [0, 1, 1], [0, 0, 1])
    """
    unit_names, unit_codes = _encoded(units, lambda name: name)
    meaning = parent_of or (lambda name: name)
    technique_names, technique_codes = _encoded(techniques, lambda term: meaning(_last(term)))
    # One number a pair: sorting and dropping repeats is then one step. Both factors are far below 2**31.
    both = np.unique(unit_codes * np.int64(max(1, len(technique_names))) + technique_codes)
    unit_index, technique_index = np.divmod(both, max(1, len(technique_names)))
    return Incidence(
        unit=unit,
        evidence=evidence,
        level=level,
        units=unit_names,
        techniques=technique_names,
        unit_index=unit_index.astype(np.int32),
        technique_index=technique_index.astype(np.int32),
        labels={name: name for name in technique_names},
    )


def _patterns(unit: str, evidence: str, level: str) -> tuple[str, ...]:
    if unit not in UNITS:
        raise unknown_name("unit", unit, UNITS)
    if evidence not in UNITS["incident"]:
        raise unknown_name("evidence", evidence, UNITS["incident"])
    if level not in LEVELS:
        raise unknown_name("level", level, LEVELS)
    if evidence not in UNITS[unit]:
        usable = ", ".join(sorted(UNITS[unit]))
        message = (
            f"evidence {evidence!r}: a table row names one technique, so there are no observations in it; "
            f"use evidence {usable}, or unit incident"
        )
        raise KgError(message)
    return UNITS[unit][evidence]


def _units_of(incidents: Iterable[str | None], lists: Iterable[str | None] | None = None) -> Iterable[str]:
    """The names of units: incident IRIs, or an incident IRI with a list of techniques."""
    last: defaultdict[str, str] = _Last()
    if lists is None:
        return [last[str(incident)] for incident in incidents]
    return [f"{last[str(incident)]} {listed}" for incident, listed in zip(incidents, lists, strict=True)]


class _Last(defaultdict[str, str]):
    """IRI to its last segment, each worked out once."""

    def __missing__(self, iri: str) -> str:
        self[iri] = name = _last(iri)
        return name


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def _parents(store: TripleStore) -> Callable[[str], str]:
    known = {_last(str(child)): _last(str(parent)) for child, parent in store.select(_PARENTS).values()}
    return lambda name: known.get(name) or name.partition(".")[0]


def _encoded(column: Iterable[str], meaning: Callable[[str], str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct meanings of a column, sorted, and for each entry the place of its meaning among them."""
    first_seen: defaultdict[str, int] = defaultdict(count().__next__)
    codes = np.fromiter((first_seen[entry] for entry in column), dtype=np.int64)
    meanings = [meaning(entry) for entry in first_seen]
    names = tuple(sorted(set(meanings)))
    places: Mapping[str, int] = {name: place for place, name in enumerate(names)}
    final = np.fromiter((places[name] for name in meanings), dtype=np.int64, count=len(meanings))
    return names, final[codes] if len(codes) else codes
