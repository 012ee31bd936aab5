"""Where in the graph it stands which unit holds which technique: SPARQL patterns for each unit and kind of evidence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import KgError, unknown_name
from kg.rdf.namespaces import GRAPH

if TYPE_CHECKING:
    from kg.filters import Filters
    from kg.store.protocol import TripleStore

_ROWS = "?row a kg:TableRow ; kg:incident ?incident ; kg:technique ?technique ."
_OBSERVED = "?observation a kg:Observation ; kg:ofIncident ?incident ; kg:technique ?technique ."
# A text that was put back, or that only the workbook has, is shown by no page under its incident.
_PUBLISHED = ' FILTER NOT EXISTS { ?observation kg:placement "restored" }'
_LISTED = _OBSERVED + " ?observation kg:techniqueList ?unit ."
_ACCEPTED = ' ?observation kg:status "accepted" .'
_SUSPECT = ' ?observation kg:status "suspect" .'
_EXPLAINED = _ROWS + " ?row kg:passage ?unit ."
_SOUND = _EXPLAINED + ' ?row kg:status "accepted" ; kg:placement "sound" .'
_MISPLACED = _EXPLAINED + ' ?row kg:placement "suspect" .'
_IN_WORKBOOK = "?row a kg:WorkbookRow ; kg:incident ?incident ; kg:technique ?technique ; kg:passage ?unit"
_IN_WORKBOOK += ' ; kg:placement "sound" .'
_PUT_BACK = "?row a kg:Placement ; kg:incident ?incident ; kg:technique ?technique ; kg:passage ?unit"
_PUT_BACK += ' ; kg:status "accepted" .'
_INSIDE = _OBSERVED + " ?observation kg:inPassage ?unit ."
_USES = "?incident kg:usesTechnique ?technique ."
_HELD_BACK = '?use a kg:TechniqueUse ; kg:incident ?incident ; kg:technique ?technique ; kg:status "suspect" .'

UNITS: dict[str, dict[str, tuple[str, ...]]] = {
    "incident": {
        "rows": (_ROWS,),
        "inline": (_OBSERVED + _PUBLISHED,),
        "all": (_ROWS, _OBSERVED + _PUBLISHED),
        "repaired": (_USES,),
    },
    "passage": {
        "rows": (_EXPLAINED,),
        "inline": (_INSIDE + _PUBLISHED,),
        "all": (_EXPLAINED, _INSIDE + _PUBLISHED),
        "repaired": (_SOUND, _IN_WORKBOOK, _PUT_BACK, _INSIDE + _ACCEPTED),
    },
    "observation": {
        "inline": (_LISTED + _PUBLISHED,),
        "all": (_LISTED + _PUBLISHED,),
        "repaired": (_LISTED + _ACCEPTED,),
    },
}
"""Unit to evidence to the graph patterns that state it; more than one pattern means their union."""

HELD_BACK: dict[str, tuple[str, ...]] = {
    "incident": (_HELD_BACK,),
    "passage": (_MISPLACED, _INSIDE + _SUSPECT),
    "observation": (_LISTED + _SUSPECT,),
}
"""Unit to the patterns of what is held back as suspect."""

LEVELS = ("technique", "parent", "tactic")
"""What is counted: techniques as they stand, sub-techniques as the technique above them, or all as their tactic."""

_RELEASES = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?incident kg:usesTechnique ?technique } } ORDER BY ?graph"
_RELEASE = GRAPH + "release/"
_RELEASE_NAME = re.compile(r"[A-Za-z0-9._~-]+")
RECOVERED = f"GRAPH <{GRAPH}recovered> {{ {_USES} }}"
"""What an earlier release stated and a later one dropped."""


def check_release(store: TripleStore, release: str) -> None:
    """Nothing was found in a release: see that it is there.

    Raises:
        UnknownNameError: The store holds no graph of it.
    """
    graphs = [str(graph) for (graph,) in store.select(_RELEASES).values()]
    known = [graph.removeprefix(_RELEASE) for graph in graphs if graph.startswith(_RELEASE)]
    if release not in known:
        raise unknown_name("release", release, known)


def patterns_of(unit: str, evidence: str, level: str, filters: Filters) -> tuple[str, ...]:
    """The graph patterns to ask, each of ``?incident``, ``?technique`` and, for units inside an incident, ``?unit``.

    Raises:
        UnknownNameError: No such unit, evidence or level.
        KgError: The unit has no such evidence, or a filter cannot apply to it.
    """
    if unit not in UNITS:
        raise unknown_name("unit", unit, UNITS)
    if evidence not in UNITS["incident"]:
        raise unknown_name("evidence", evidence, UNITS["incident"])
    if level not in LEVELS:
        raise unknown_name("level", level, LEVELS)
    _check_evidence(unit, evidence)
    patterns = UNITS[unit][evidence]
    if filters.with_suspect:
        if evidence != "repaired" or filters.release is not None:
            raise KgError(f"suspect: evidence {evidence!r} counts all as published, suspect or not; leave it out")
        patterns += HELD_BACK[unit]
    if filters.release is not None:
        if not _RELEASE_NAME.fullmatch(filters.release):
            raise KgError(f"release {filters.release!r}: is no name of a release; give for example 1.6")
        patterns = tuple(f"GRAPH <{_RELEASE}{filters.release}> {{ {pattern} }}" for pattern in patterns)
    if filters.with_recovered:
        if unit != "incident" or evidence == "inline":
            raise KgError(
                "recovered: what earlier releases stated are rows of incidents; use unit incident, not inline"
            )
        patterns += (RECOVERED,)
    return patterns


def _check_evidence(unit: str, evidence: str) -> None:
    if evidence not in UNITS[unit]:
        usable = ", ".join(sorted(UNITS[unit]))
        message = (
            f"evidence {evidence!r}: a table row names one technique, so there are no observations in it; "
            f"use evidence {usable}, or unit incident"
        )
        raise KgError(message)
