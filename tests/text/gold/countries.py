"""The countries of the held-out pages: where the operator is placed, and who was targeted, each its own score.

A page's lists hold what its text states; a country that is only the scene of a picture is in neither. A predicted
operator that is a state and an origin ("Russia-based") both place the operator; a leaning ("pro-Russian") does not.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from kg.text.countries import areas, resolve_area
from tests.text.gold.scoring import Entity, Page, Prediction, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SIDES = {"attributed country": "attributed_countries", "target country": "targets_countries"}


def read_country_gold(path: Path, side: str, release: str = "") -> dict[str, Page]:
    """The countries of one side by incident, as pages of sure entities named by their codes."""
    pages = {}
    for record in read_lines(path):
        if not release or record.get("release") == release:
            listed = record.get(SIDES[side])
            found = [resolve_area(str(name)) for name in listed] if isinstance(listed, list) else []
            codes = [area.identifier for area in found if area is not None]
            entities = [Entity({code.casefold()}, acts=True, sure=True, spans=set()) for code in codes]
            pages[str(record["incident"])] = Page(entities, set())
    return pages


def read_country_predictions(mentions: Iterable[dict[str, object]], side: str) -> list[Prediction]:
    """The countries a file of mentions puts on one side, in order of incident and code."""
    found: dict[tuple[str, str], Prediction] = defaultdict(lambda: Prediction(""))
    known = areas()
    for mention in mentions:
        code, role = str(mention.get("id", "")), str(mention.get("role", ""))
        leaning = str(mention.get("rule", "")).removeprefix("page:") == "leaning"
        placed = (role == "aligned" and not leaning) or (mention["kind"] == "actor" and role in {"operator", "enabler"})
        if code in known and (placed if side == "attributed country" else role == "target"):
            prediction = found[str(mention["incident"]), code]
            prediction.incident = str(mention["incident"])
            prediction.names = {code.casefold()}
    return [found[key] for key in sorted(found)]
