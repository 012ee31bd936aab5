"""What of an incident is prose, and how much of it is read for names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.model import Incident, Passage

MOST_PROSE = 200_000
"""Characters of an incident that are read for names; the longest of DISARM has 22,000. A page may hold 4,000,000, and
names that follow one another cost up to ten microseconds a character."""


def passages_of(incident: Incident) -> list[Passage]:
    """The distinct passages of an incident: of its page, of the workbook, and those put back here.

    What is another incident's, and what was withdrawn, is left out.
    """
    passages: dict[str, Passage] = {}
    for rows in (incident.rows, incident.workbook_rows):
        for row in rows:
            if row.passage is not None and not row.suspect:
                passages.setdefault(row.passage.sha256, row.passage)
    for item in incident.placements:
        if item.current:
            passages.setdefault(item.passage.sha256, item.passage)
    return list(passages.values())


def length_of_prose(incident: Incident) -> int:
    """The characters of its title, its summary and its distinct passages."""
    return len(incident.title) + len(incident.summary) + sum(len(item.text) for item in passages_of(incident))
