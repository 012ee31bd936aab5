"""How often a restored placement is right: sound rows are misplaced on purpose, and put back without any other release.

Reads the releases beside the one that DISARM_FRAMEWORKS names. DECISIONS 50 tells what came out.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.model import Incident, Place, TechniqueRow, WorkbookRow
from kg.sources import read_source
from kg.sources.ledger import Ledger
from kg.sources.placement import put_back
from tests.benchmarks.report import write_line, write_table

if TYPE_CHECKING:
    from kg.model import Passage

RELEASES = ("1.6-first", "1.6", "1.7")
SEEDS = 60
_STRETCH = 60
_SHORTEST, _LONGEST = 30, 120
_MOST_DELETED = 5


class _Row(NamedTuple):
    """A sound row of a workbook."""

    incident: str
    techniques: tuple[str, ...]
    passage: Passage | None


class _Slid(NamedTuple):
    """Rows that were kept, and the text that each shows now."""

    rows: list[_Row]
    texts: list[Passage | None]


def benchmark() -> None:
    """Print recall, false alarms, and the share of right placements by evidence, for sheets and for pages."""
    named = os.environ.get("DISARM_FRAMEWORKS")
    if not named:
        write_line("placing: DISARM_FRAMEWORKS names no release folder")
        return
    for shape in ("sheet", "pages"):
        right: Counter[tuple[str, float]] = Counter()
        told: Counter[tuple[str, float]] = Counter()
        table = []
        for release in RELEASES:
            rows = sound_rows(Path(named).resolve().parent / release)
            alarms = Counter[str]()
            for seed in range(SEEDS):
                _measure(rows, slide(rows, seed), shape, alarms, (right, told))
            table.append((release, *(f"{alarms[key]:,}" for key in ("found", "misplaced", "false", "sound"))))
        write_table(f"Rows of the {shape}", ("release", "found", "misplaced", "false alarms", "sound"), table)
        lines = [
            (evidence, f"{sure:g}", f"{right[evidence, sure]:,} of {number:,}", f"{right[evidence, sure] / number:.3f}")
            for (evidence, sure), number in sorted(told.items())
        ]
        write_table("Placements", ("evidence", "confidence given", "right", "share"), lines)


def sound_rows(folder: Path) -> list[_Row]:
    """The rows of a release that show their own text, in the order of its sheet."""
    found = [
        (row.place.line, _Row(item.identifier, row.techniques, row.passage))
        for item in read_source(folder, earlier={}).incidents
        for row in item.workbook_rows
        if not row.suspect and row.techniques
    ]
    return [row for _, row in sorted(found, key=lambda pair: pair[0])]


def slide(rows: list[_Row], seed: int) -> _Slid:
    """The rows after some were deleted while the texts stayed down to some row; none for each sixth seed."""
    chance = random.Random(seed)  # noqa: S311 - a simulation
    number = seed % (_MOST_DELETED + 1)
    at = chance.randrange(len(rows) // 2)
    gone = sorted(chance.sample(range(at, min(len(rows), at + _STRETCH)), number))
    kept = [row for index, row in enumerate(rows) if index not in gone]
    if not gone:
        return _Slid(kept, [row.passage for row in kept])
    end = min(len(kept), gone[-1] + chance.randrange(_SHORTEST, _LONGEST))
    return _Slid(kept, [*(row.passage for row in rows[:end]), *(row.passage for row in kept[end:])])


def _measure(
    rows: list[_Row],
    slid: _Slid,
    shape: str,
    alarms: Counter[str],
    counts: tuple[Counter[tuple[str, float]], Counter[tuple[str, float]]],
) -> None:
    """Put a slid table back, and count what was found and what was right."""
    homes: dict[str, set[str]] = {}
    for row in rows:
        if row.passage is not None:
            homes.setdefault(row.passage.sha256, set()).add(row.incident)
    incidents = _on_pages(slid) if shape == "pages" else _in_sheet(slid)
    for item in put_back(incidents, (), {}, Ledger()):
        shown = [(row.passage, row.suspect) for row in item.rows]
        shown += [(row.passage, row.suspect) for row in item.workbook_rows]
        for passage, suspect in shown:
            if passage is not None:
                wrong = item.identifier not in homes[passage.sha256]
                alarms["misplaced" if wrong else "sound"] += 1
                alarms["found" if wrong else "false"] += suspect
        for placement in item.placements:
            key = (str(placement.evidence), placement.confidence)
            counts[0][key] += item.identifier in homes[placement.passage.sha256]
            counts[1][key] += 1


def _in_sheet(slid: _Slid) -> list[Incident]:
    by_incident: dict[str, list[WorkbookRow]] = {}
    for line, (row, text) in enumerate(zip(slid.rows, slid.texts, strict=True), 1):
        place = Place("book.xlsx", line, "incidenttechniques")
        made = WorkbookRow(f"IT{line:08}", row.incident, row.techniques, text, place)
        by_incident.setdefault(row.incident, []).append(made)
    return [_incident(name, sheet=tuple(found)) for name, found in sorted(by_incident.items())]


def _on_pages(slid: _Slid) -> list[Incident]:
    """As upstream makes pages: of each row the first technique alone, in the order of ids."""
    by_incident: dict[str, list[tuple[str, Passage | None]]] = {}
    for row, text in zip(slid.rows, slid.texts, strict=True):
        by_incident.setdefault(row.incident, []).append((row.techniques[0], text))
    return [
        _incident(
            name,
            rows=tuple(
                TechniqueRow(technique, "", text, ordinal, Place(f"{name}.md", ordinal), "")
                for ordinal, (technique, text) in enumerate(sorted(found, key=lambda pair: pair[0]), 1)
            ),
        )
        for name, found in sorted(by_incident.items())
    ]


def _incident(name: str, rows: tuple[TechniqueRow, ...] = (), sheet: tuple[WorkbookRow, ...] = ()) -> Incident:
    return Incident(identifier=name, title=name, place=Place(f"{name}.md"), rows=rows, workbook_rows=sheet)
