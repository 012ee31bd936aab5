"""What the ready-made views have in common: the release, the tactics in their order, and how a threshold is told."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kg.views.limits import cut, fitting_threshold, strengths
from kg.views.picture import shown

if TYPE_CHECKING:
    from kg.store.protocol import TripleStore
    from kg.views.picture import Picture

_RELEASE = "SELECT DISTINCT ?version WHERE { ?release a kg:Release ; owl:versionInfo ?version } ORDER BY ?version"

_TACTICS = """
SELECT ?tactic ?label WHERE {
  ?t a kg:Tactic ; dcterms:identifier ?tactic ; skos:prefLabel ?label . FILTER(LANG(?label) IN ("en", ""))
  OPTIONAL { ?t kg:rank ?rank }
} ORDER BY ?rank ?tactic"""


def release_fact(store: TripleStore) -> tuple[str, ...]:
    """The releases the store holds, as one phrase; nothing where it does not say."""
    versions = [version for (version,) in store.select(_RELEASE).values() if version]
    return (f"DISARM release {', '.join(versions)}",) if versions else ()


def level_fact(level: str) -> str:
    """What to say after a number of techniques."""
    return {"parent": " (sub-techniques counted as their parent)", "tactic": " (counted as their tactics)"}.get(
        level, ""
    )


def tactics_in_order(store: TripleStore) -> tuple[tuple[str, str], ...]:
    """Id and name of each tactic in the order of the kill chain: the order of legends and of colours."""
    return tuple((tactic, label or "") for tactic, label in store.select(_TACTICS).values() if tactic)


def with_threshold(picture: Picture, threshold: float | None, lowest: int = 1) -> Picture:
    """The picture at a threshold, with a phrase that says how much it leaves out.

    Args:
        picture: What is to be drawn.
        threshold: As asked for; None takes the lowest at which it can be drawn.
        lowest: The threshold that leaves out nothing.
    """
    found = fitting_threshold(picture) if threshold is None else None
    asked = threshold if threshold is not None else (found[0] if found else lowest)
    if asked <= lowest:
        return picture
    smaller = cut(picture, asked)
    left_out = len(strengths(picture)) - len(strengths(smaller))
    phrase = f"threshold {shown(asked)}: {left_out} weaker {picture.words.edge[1]} left out"
    return replace(smaller, facts=(*smaller.facts, phrase))
