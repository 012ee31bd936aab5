"""What earlier releases say of descriptions: under which incident each stood, told by its hash alone.

``data/descriptions.csv`` holds it for the releases of the embedded facts, so that a release at hand is repaired without
a second one. No word of a description is kept.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from kg.model import told_passages
from kg.resources import data_folder
from kg.sources.placement import Earlier, Known

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Corpus, Incident

FILE = "descriptions.csv"
_COLUMNS = ("sha256", "release", "incident", "techniques")


def known_texts(corpora: Iterable[Corpus]) -> Earlier:
    """Where these releases have each description, the first of them first; what one holds back is not known by it."""
    known: Earlier = {}
    for corpus in corpora:
        for incident in corpus.incidents:
            for sha256, told in told_passages(incident).items():
                if told.believed:
                    found = Known(corpus.release, incident.identifier, _listed(incident, sha256))
                    known[sha256] = (*known.get(sha256, ()), found)
    return known


def _listed(incident: Incident, sha256: str) -> tuple[str, ...]:
    """What the rows of an incident list that show a description."""
    listed = [
        technique
        for row in incident.workbook_rows
        if row.passage is not None and row.passage.sha256 == sha256 and not row.suspect
        for technique in row.techniques
    ]
    listed += [
        row.technique
        for row in incident.rows
        if row.passage is not None and row.passage.sha256 == sha256 and not row.suspect
    ]
    listed += [
        technique for item in incident.placements if item.passage.sha256 == sha256 for technique in item.techniques
    ]
    return tuple(sorted(set(listed)))


def render_known(known: Earlier) -> str:
    """The table as CSV, in order of hash."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for sha256, places in sorted(known.items()):
        writer.writerows((sha256, place.release, place.incident, " ".join(place.techniques)) for place in places)
    return buffer.getvalue()


def parse_known(text: str) -> Earlier:
    """The table out of CSV; the identity of :func:`render_known` turned round."""
    known: Earlier = {}
    for row in csv.DictReader(io.StringIO(text)):
        place = Known(row["release"], row["incident"], tuple(row["techniques"].split()))
        known[row["sha256"]] = (*known.get(row["sha256"], ()), place)
    return known


def embedded_texts(*, before: str = "") -> Earlier:
    """What the embedded facts know, the latest release first; empty where the file is missing.

    Args:
        before: The release that is read. A release is no witness for itself or for one before it.
    """
    path = data_folder() / FILE
    if not path.is_file():
        return {}
    known = parse_known(path.read_text(encoding="utf-8"))
    kept = {
        sha256: tuple(place for place in places if release_key(place.release) < release_key(before))
        for sha256, places in known.items()
    }
    return {sha256: places for sha256, places in kept.items() if places}


def release_key(release: str) -> tuple[int, ...]:
    """What releases are ordered by: ``1.6-first`` is before ``1.6``; one that names no number is after all others.

    >>> release_key("1.6-first") < release_key("1.6") < release_key("1.7") < release_key("local")
    True
    """
    match = re.match(r"(\d+)\.(\d+)", release)
    if match is None:
        return (1_000_000,)
    return int(match[1]), int(match[2]), int(match.end() == len(release))
