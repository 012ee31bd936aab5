"""Descriptions that stand under another incident: found from one release alone, and put back where they belong.

In release 1.7 rows were deleted from the workbook without their descriptions, so that the column slid against the rows
and 229 of 361 rows of the pages tell of another incident. :mod:`kg.sources.alignment` finds where a description belongs
by what it tags; an earlier release, or what the embedded facts know of one, says it for certain.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from kg.model import Evidence, Placement, Severity
from kg.sources.alignment import Home, Line, find_homes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kg.model import Incident, Passage, Place, TechniqueRow, WorkbookRow
    from kg.sources.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Known:
    """Where an earlier release had a description: the release, the incident, and what its rows listed."""

    release: str
    incident: str
    techniques: tuple[str, ...]


Earlier = dict[str, tuple[Known, ...]]
"""sha256 of a description -> where earlier releases had it, the latest first."""

# How often each kind of evidence was right when sound rows of 1.6-first, 1.6 and 1.7 were misplaced on purpose
# (DECISIONS 50); where it was never wrong, (n + 1) / (n + 2).
_CONFIDENCE = {Evidence.EARLIER: 0.98, Evidence.BOTH: 0.999}
_TAGS_IN_SHEET, _TAGS_ON_PAGES = 0.98, 0.9
# The weight of the tags from which on, and the share of right placements in the order of the sheet, and of the pages.
_IN_SHEET = ((4.0, 0.999), (2.0, 0.98), (float("-inf"), 0.95))
_ON_PAGES = ((5.0, 0.99), (3.0, 0.95), (2.0, 0.85), (1.0, 0.8))
_Trust = tuple[tuple[float, float], ...]
_NO_HOME = Home(None)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A description where it stands: one row of the workbook, or the rows of a page that share it."""

    incident: str
    techniques: tuple[str, ...]
    passage: Passage | None
    place: Place


def put_back(
    incidents: Sequence[Incident], strays: Sequence[WorkbookRow], earlier: Earlier, ledger: Ledger
) -> tuple[Incident, ...]:
    """Mark what is misplaced, and give every description back to its incident where the evidence says which.

    Args:
        incidents: With their rows, of pages and of the workbook.
        strays: Rows of the workbook that have a description and no incident.
        earlier: What earlier releases say; may be empty.
        ledger: Where placements are reported.

    Returns:
        The incidents in the same order.
    """
    spots, of_sheet = _spots(incidents, strays)
    lines = [Line(frozenset(spot.techniques), spot.passage.tagged if spot.passage else frozenset()) for spot in spots]
    homes = find_homes(lines)
    _forgive(spots, lines, homes)
    _ask_earlier(spots, lines, homes, earlier)
    trust = _IN_SHEET if of_sheet else _ON_PAGES
    for text, home in homes.items():
        if home.in_order and home.weight < trust[-1][0]:
            # Half of such were wrong: it stands in a wrong place, and nothing says where it belongs.
            homes[text] = _NO_HOME
    if not homes:
        return tuple(incidents)
    at_home = {(spot.incident, spot.passage.sha256) for i, spot in enumerate(spots) if i not in homes and spot.passage}
    at_home |= {
        (spots[home.row].incident, passage.sha256)
        for text, home in homes.items()
        if home.row is not None and (passage := spots[text].passage) is not None
    }
    existing = {incident.identifier for incident in incidents}
    placed = _placements(spots, homes, (earlier, trust), existing)
    _report(spots, homes, placed, ledger)
    return tuple(_marked(incident, at_home, placed.get(incident.identifier, ())) for incident in incidents)


def _spots(incidents: Sequence[Incident], strays: Sequence[WorkbookRow]) -> tuple[list[_Spot], bool]:
    """Rows in the order of their table, and whether that is the workbook's, which was read, or that of the pages."""
    rows = [row for incident in incidents for row in incident.workbook_rows] + list(strays)
    if any(row.passage is not None for row in rows):
        rows.sort(key=lambda row: (row.place.file, row.place.line))
        return [_Spot(row.incident, row.techniques, row.passage, row.place) for row in rows], True
    joined = [
        _joined(incident.identifier, list(group))
        for incident in incidents
        for _, group in groupby(incident.rows, key=_text_of)
    ]
    return joined, False


def _text_of(row: TechniqueRow) -> str:
    # A page repeats one row of the workbook once for each technique; rows without a description stand alone.
    return row.passage.sha256 if row.passage is not None else str(row.place)


def _joined(incident: str, rows: list[TechniqueRow]) -> _Spot:
    return _Spot(incident, tuple(dict.fromkeys(row.technique for row in rows)), rows[0].passage, rows[0].place)


def _forgive(spots: Sequence[_Spot], lines: Sequence[Line], homes: dict[int, Home]) -> None:
    """Leave a description with its incident where another row there agrees with it."""
    agreed = {
        (spot.incident, spot.passage.sha256)
        for index, spot in enumerate(spots)
        if spot.passage is not None and index not in homes and lines[index].listed & lines[index].tagged
    }
    for index in [found for found, home in homes.items() if home.row is None]:
        passage = spots[index].passage
        if passage is not None and (spots[index].incident, passage.sha256) in agreed:
            del homes[index]


def _ask_earlier(spots: Sequence[_Spot], lines: Sequence[Line], homes: dict[int, Home], earlier: Earlier) -> None:
    """Let earlier releases speak where tags do not settle it: for the row a description stands in, or against it."""
    for index, spot in enumerate(spots):
        known = earlier.get(spot.passage.sha256) if spot.passage is not None else None
        if not known:
            continue
        owners = {found.incident for found in known if found.release == known[0].release}
        home = homes.get(index)
        if home is not None and home.row is None and spot.incident in owners:
            del homes[index]
        listed, tagged = lines[index].listed, lines[index].tagged
        # Only a text that tags all that its row lists may have been moved there on purpose.
        untold = not (listed and listed <= tagged)
        if home is None and spot.incident and spot.incident not in owners and untold:
            homes[index] = _NO_HOME


def _placements(
    spots: Sequence[_Spot], homes: Mapping[int, Home], known: tuple[Earlier, _Trust], existing: set[str]
) -> dict[str, tuple[Placement, ...]]:
    """Incident -> what is put back there, one placement a description."""
    earlier, trust = known
    found: dict[tuple[str, str], Placement] = {}
    bereft = Counter(spot.incident for index, spot in enumerate(spots) if index in homes or spot.passage is None)
    bereft.subtract(spots[home.row].incident for home in homes.values() if home.row is not None)
    listed: dict[str, set[str]] = {}
    for spot in spots:
        listed.setdefault(spot.incident, set()).update(spot.techniques)
    for text, home in sorted(homes.items()):
        passage = spots[text].passage
        if passage is None:
            continue
        for placement in _homes_of(spots, text, home, (earlier.get(passage.sha256, ()), trust)):
            if placement.incident not in existing:
                continue
            there = listed.get(placement.incident, set())
            written_for = tuple(technique for technique in placement.techniques if technique in there)
            current = home.row is not None or bereft[placement.incident] > 0
            put = replace(placement, techniques=written_for, current=current)
            key = (placement.incident, passage.sha256)
            found[key] = _merged(found[key], put) if key in found else put
    by_incident: dict[str, list[Placement]] = {}
    for (incident, _), placement in found.items():
        by_incident.setdefault(incident, []).append(placement)
    return {incident: tuple(placements) for incident, placements in by_incident.items()}


def _homes_of(
    spots: Sequence[_Spot], text: int, home: Home, evidence_of: tuple[tuple[Known, ...], _Trust]
) -> Iterable[Placement]:
    """Where one description belongs: as the tags say, or else as the latest release that knows it does."""
    known, trust = evidence_of
    spot = spots[text]
    passage = spot.passage
    if passage is None:
        return
    under = (spot.incident,) if spot.incident else ()
    latest = [found for found in known if found.release == known[0].release]
    if home.row is not None:
        there = spots[home.row]
        agree = next((found for found in latest if found.incident == there.incident), None)
        if agree is not None or not latest:
            evidence = Evidence.BOTH if agree else Evidence.ORDER if home.in_order else Evidence.TAGS
            tags = _TAGS_IN_SHEET if trust is _IN_SHEET else _TAGS_ON_PAGES
            in_order = next((share for least, share in trust if home.weight >= least), tags)
            sure = _CONFIDENCE.get(evidence, in_order if home.in_order else tags)
            yield Placement(
                passage,
                there.incident,
                there.techniques,
                evidence,
                sure,
                spot.place,
                under,
                agree.release if agree else "",
            )
            return
    for found in latest:
        yield Placement(
            passage,
            found.incident,
            found.techniques,
            Evidence.EARLIER,
            _CONFIDENCE[Evidence.EARLIER],
            spot.place,
            under,
            found.release,
        )


def _merged(first: Placement, second: Placement) -> Placement:
    return replace(
        first,
        techniques=tuple(dict.fromkeys((*first.techniques, *second.techniques))),
        found_under=tuple(dict.fromkeys((*first.found_under, *second.found_under))),
        confidence=max(first.confidence, second.confidence),
        current=first.current or second.current,
    )


def _marked(incident: Incident, at_home: set[tuple[str, str]], placed: tuple[Placement, ...]) -> Incident:
    """The incident with its misplaced rows marked and with what was put back; what never left is not put back."""

    def foreign(passage: Passage | None) -> bool:
        return passage is not None and (incident.identifier, passage.sha256) not in at_home

    rows = tuple(replace(row, suspect=True) if foreign(row.passage) else row for row in incident.rows)
    sheet_rows = tuple(replace(row, suspect=True) if foreign(row.passage) else row for row in incident.workbook_rows)
    return replace(incident, rows=rows, workbook_rows=sheet_rows, placements=placed)


def _report(
    spots: Sequence[_Spot],
    homes: Mapping[int, Home],
    placed: Mapping[str, tuple[Placement, ...]],
    ledger: Ledger,
) -> None:
    homeless = {spots[text].passage: spots[text] for text in homes}
    for incident, placements in placed.items():
        for placement in placements:
            homeless.pop(placement.passage, None)
            under = placement.found_under or ("no incident",)
            if placement.found_under == (incident,):
                continue
            message = (
                f"passage {placement.passage.identifier} stands under {', '.join(under)} and belongs to {incident} "
                f"({placement.evidence}{' ' + placement.release if placement.release else ''}, "
                f"confidence {placement.confidence:.2f})"
            )
            fix = "put back" if placement.current else "its rows are withdrawn: in sight, and no evidence"
            about = (incident, *placement.found_under)
            ledger.report("placement-restored", placement.place, message, fix=fix, about=about, severity=Severity.INFO)
    for passage, spot in homeless.items():
        if passage is not None and not spot.incident:
            message = f"passage {passage.identifier} stands in a row without an incident, and no row lacks it"
            ledger.report("stray-description", spot.place, message, fix="kept out of the default graph")
