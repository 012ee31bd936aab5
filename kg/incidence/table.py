"""The table itself, and how it is made from a store or from two columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from kg.errors import unknown_name
from kg.filters import NO_FILTERS, Filters, choose_incidents
from kg.incidence.patterns import RECOVERED, check_release, patterns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from kg.store.protocol import TripleStore

_LABELS = """SELECT ?concept ?label WHERE { VALUES ?kind { kg:Technique kg:Tactic }
  ?concept a ?kind ; skos:prefLabel ?label . FILTER(lang(?label) IN ("en", "")) } ORDER BY ?concept DESC(?label)"""
_PARENTS = "SELECT ?technique ?parent WHERE { ?technique a kg:Technique ; skos:broader ?parent . } ORDER BY ?technique"
_TACTICS = (
    "SELECT ?technique ?tactic WHERE { ?technique a kg:Technique ; kg:tactic ?tactic } ORDER BY ?technique ?tactic"
)


@dataclass(frozen=True, slots=True, eq=False)
class Incidence:
    """Units and the techniques in them.

    Attributes:
        unit: What a unit is: ``incident``, ``passage`` or ``observation``.
        evidence: What counts as a sign of a technique: ``rows``, ``inline``, ``all`` or ``repaired``.
        level: ``technique``, ``parent`` or ``tactic``.
        units: Ids of the units that hold at least one technique, sorted. A passage is called by its incident and its
            hash; an observation by its incident and its list of techniques, as in ``I00100 T0146 T0154.002``. A filter
            by tactic leaves units without such a technique here: N does not depend on what is looked for.
        techniques: Ids of the techniques that occur, sorted.
        unit_index: int32 array, one place for each pair of unit and technique: a place in ``units``.
        technique_index: int32 array of the same length: a place in ``techniques``. The pairs are sorted by unit, then
            by technique, and distinct.
        labels: Technique id to English label; the id itself where the graph has no label.
        parents: Sub-technique to the technique above it, for those that occur; empty at the other levels.
        filters: What was asked for.
        notes: What was left out or narrowed, in sentences.
    """

    unit: str
    evidence: str
    level: str
    units: tuple[str, ...]
    techniques: tuple[str, ...]
    unit_index: NDArray[np.int32]
    technique_index: NDArray[np.int32]
    labels: dict[str, str]
    parents: dict[str, str] = field(default_factory=dict)
    filters: Filters = NO_FILTERS
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """The number of pairs of unit and technique."""
        return len(self.unit_index)

    def margins(self) -> NDArray[np.int64]:
        """For each technique, in how many units it occurs."""
        return np.bincount(self.technique_index, minlength=len(self.techniques)).astype(np.int64)


def incidence(
    store: TripleStore,
    *,
    unit: str = "incident",
    evidence: str = "repaired",
    level: str = "technique",
    filters: Filters = NO_FILTERS,
) -> Incidence:
    """Which unit holds which technique.

    Args:
        store: The graph; its default graph is asked, unless a filter names a release or the recovered statements.
        unit: ``incident``; ``passage``: a description with its table rows and inline groups; or ``observation``: each
            distinct list of techniques in an incident, as an inline group gives it.
        evidence: ``rows``: table rows as published; ``inline``: inline groups as published; ``all``: both;
            ``repaired``: what the default graph asserts, for passages and observations those that are accepted.
        level: ``technique``; ``parent``: sub-techniques count as their parent, by ``skos:broader`` or, where the graph
            has none, by the part of the id before the dot; or ``tactic``: techniques count as their tactic.
        filters: Which incidents, techniques and statements count.

    Raises:
        UnknownNameError: no such unit, evidence, level, tactic, country, actor, platform or release.
        KgError: the unit has no such evidence, or a filter cannot apply to it.
    """
    patterns = patterns_of(unit, evidence, level, filters)
    chosen = choose_incidents(store, filters)
    subject = "?incident" if unit == "incident" else "?incident ?unit"
    columns: list[list[str]] = [[], []]
    notes = chosen.notes
    for pattern in patterns:
        # In no order: the arrays are sorted below, four times as fast, and a store that answers in pages sorts them
        # itself.
        rows = store.select(f"SELECT {subject} ?technique WHERE {{ {pattern} }}").values()
        kept = rows if chosen.incidents is None else (row for row in rows if row[0] in chosen.incidents)
        found = list(zip(*kept, strict=True)) or [()] * 3
        if pattern == RECOVERED and not found[0]:
            notes += ("no recovered statement counts: this graph holds none, or none that passes the filters",)
        columns[0] += _units_of(*found[:-1])
        columns[1] += map(_last, map(str, found[-1]))
    if filters.release is not None and not columns[0]:
        check_release(store, filters.release)
        notes += (f"this graph holds no {unit}s of release {filters.release} by evidence {evidence}; try repaired",)
    return _table(store, columns, notes, (unit, evidence, level), filters)


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


def _table(
    store: TripleStore,
    columns: list[list[str]],
    notes: tuple[str, ...],
    kind: tuple[str, str, str],
    filters: Filters,
) -> Incidence:
    """The table of two columns of names, with techniques narrowed and rolled up; N is settled before they are."""
    unit, evidence, level = kind
    every = tuple(sorted(set(columns[0])))
    parents = _parents(store)
    said = list(notes)
    if filters.tactic or level == "tactic":
        columns, without = _by_tactic(store, columns, filters.tactic, rolled_up=level == "tactic")
        if without:
            said.append(f"{without} statements are left out, for their technique has no tactic in this graph")
    above = (lambda name: parents.get(name) or name.partition(".")[0]) if level == "parent" else None
    table = incidence_of(*columns, parent_of=above, unit=unit, evidence=evidence, level=level)
    if len(every) > len(table.units):
        place = {name: index for index, name in enumerate(every)}
        moved = np.array([place[name] for name in table.units], dtype=np.int32)
        said.append(f"{len(every) - len(table.units)} of the {len(every)} units hold no technique of these tactics")
        table = replace(table, units=every, unit_index=moved[table.unit_index])
    labels = {_last(str(term)): str(label) for term, label in store.select(_LABELS).values()}
    table.labels.update({name: labels[name] for name in table.techniques if name in labels})
    held = set(table.techniques) if level == "technique" else set()
    own = {name: parents.get(name) or name.partition(".")[0] for name in held if name in parents or "." in name}
    return replace(table, parents=own, filters=filters, notes=tuple(said))


def _by_tactic(
    store: TripleStore, columns: list[list[str]], wanted: tuple[str, ...], *, rolled_up: bool
) -> tuple[list[list[str]], int]:
    """The columns narrowed to techniques of some tactics, as tactics where rolled up; how many have no tactic."""
    tactics: defaultdict[str, list[str]] = defaultdict(list)
    for technique, tactic in store.select(_TACTICS).values():
        tactics[_last(str(technique))].append(_last(str(tactic)))
    known = {tactic for each in tactics.values() for tactic in each}
    for tactic in wanted:
        if tactic not in known:
            raise unknown_name("tactic", tactic, known)
    units: list[str] = []
    techniques: list[str] = []
    without = 0
    for unit, technique in zip(*columns, strict=True):
        own = tactics.get(technique, [])
        without += not own
        kept = [tactic for tactic in own if not wanted or tactic in wanted]
        meant = kept if rolled_up else [technique] * bool(kept)
        techniques += meant
        units += [unit] * len(meant)
    return [units, techniques], without


def _units_of(incidents: Iterable[str | None], lists: Iterable[str | None] | None = None) -> Iterable[str]:
    """The names of units: incident IRIs, or an incident IRI with a passage's or with a list of techniques."""
    last: defaultdict[str, str] = _Last()
    if lists is None:
        return [last[str(incident)] for incident in incidents]
    return [f"{last[str(incident)]} {last[str(listed)]}" for incident, listed in zip(incidents, lists, strict=True)]


class _Last(defaultdict[str, str]):
    """IRI to its last segment, each worked out once."""

    def __missing__(self, iri: str) -> str:
        self[iri] = name = _last(iri)
        return name


def _last(iri: str) -> str:
    return iri.rpartition("/")[2]


def _parents(store: TripleStore) -> dict[str, str]:
    return {_last(str(child)): _last(str(parent)) for child, parent in store.select(_PARENTS).values()}


def _encoded(column: Iterable[str], meaning: Callable[[str], str]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The distinct meanings of a column, sorted, and for each entry the place of its meaning among them."""
    first_seen: defaultdict[str, int] = defaultdict(count().__next__)
    codes = np.fromiter((first_seen[entry] for entry in column), dtype=np.int64)
    meanings = [meaning(entry) for entry in first_seen]
    names = tuple(sorted(set(meanings)))
    places: Mapping[str, int] = {name: place for place, name in enumerate(names)}
    final = np.fromiter((places[name] for name in meanings), dtype=np.int64, count=len(meanings))
    return names, final[codes] if len(codes) else codes
