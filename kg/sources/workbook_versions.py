"""What a master workbook says of its ids, incidents and pairs: a release without its pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.lineage.states import ASSESSMENTS, OBSERVATIONS, TECHNIQUES, State, Version
from kg.sources.values import is_later_id
from kg.sources.versions import joined_digest, short_digest
from kg.sources.workbook import is_workbook, read_workbook
from kg.text import plain_text

if TYPE_CHECKING:
    from pathlib import Path

    from kg.sources.workbook import Sheet, SheetRow, Workbook

_ID = re.compile(r"(?<![A-Z0-9])[TA]\d{4}(?:\.\d{3})?(?![0-9.]*[0-9])")
_INCIDENT = re.compile(r"I\d{5}")
_TACTIC = re.compile(r"TA\d{2}")


def is_workbook_release(path: Path) -> bool:
    """Whether a path is a workbook, or a folder that holds workbooks and no page."""
    if path.is_dir():
        return bool(_workbooks(path)) and not any(path.rglob("*.md"))
    return is_workbook(path)


def _workbooks(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".xlsx" and not path.name.startswith("~"))


def version_of_workbooks(path: Path) -> Version:
    """What one workbook, or all of a folder, say; pairs are those of the sheet, whether their ids exist or not.

    Raises:
        SourceError: None of them holds a sheet of techniques or of incidents, or one cannot be read.
    """
    books = [read_workbook(each) for each in (_workbooks(path) if path.is_dir() else [path])]
    states: dict[str, State] = {}
    incidents: dict[str, str] = {}
    summaries: dict[str, str] = {}
    told: dict[str, set[str]] = {}
    pairs: set[tuple[str, str]] = set()
    for book in books:
        states |= _states(book)
        for row in _rows(book.sheet("incidents")):
            identifier = row["disarm_id"]
            if _INCIDENT.fullmatch(identifier):
                incidents.setdefault(identifier, " ".join(row["name"].split()))
                summaries.setdefault(identifier, short_digest(plain_text(row["summary"])))
        for row in _rows(book.sheet("incidenttechniques")):
            if not _INCIDENT.fullmatch(row["incident_id"]):
                continue
            found = _ID.findall(row["technique_ids"] or row["technique_id"])
            pairs |= {(row["incident_id"], each) for each in found}
            described = short_digest(plain_text(row["name"]))
            told.setdefault(row["incident_id"], set()).update({described} if described else ())
    if not states and not incidents:
        raise SourceError(f"{path.name}: holds no sheet 'techniques' and none 'incidents'; give a master workbook")
    line = _line(states)
    kept = {identifier: state for identifier, state in states.items() if _line({identifier: state}) == line}
    whole = path.resolve()
    return Version(
        release=f"{whole.parent.name}/{whole.name}",
        line=line,
        states=kept,
        has_incidents=bool(incidents),
        incidents=incidents,
        digests={each: joined_digest(summaries[each], told.get(each, set())) for each in incidents},
        pairs=frozenset(pairs),
    )


def _states(book: Workbook) -> dict[str, State]:
    found: dict[str, State] = {}
    for row in _rows(book.sheet("techniques")):
        identifier = row["disarm_id"]
        if not _ID.fullmatch(identifier) or identifier in found:
            continue
        tactic = _TACTIC.search(row["tactic_id"] or row["category_id"])
        found[identifier] = State(
            identifier=identifier,
            name=" ".join(row["name"].split()),
            tactic=tactic[0] if tactic is not None else "",
            parent=identifier.partition(".")[0] if "." in identifier else "",
            digest=short_digest(plain_text(row["summary"])),
        )
    return found


def _rows(sheet: Sheet | None) -> tuple[SheetRow, ...]:
    return sheet.rows if sheet is not None else ()


def _line(states: dict[str, State]) -> str:
    """The line of most ids; a workbook of one line may keep some of another."""
    counts = dict.fromkeys((TECHNIQUES, OBSERVATIONS, ASSESSMENTS), 0)
    for identifier in states:
        line = ASSESSMENTS if identifier[0] == "A" else OBSERVATIONS if is_later_id(identifier) else TECHNIQUES
        counts[line] += 1
    return max(counts, key=lambda line: counts[line])
