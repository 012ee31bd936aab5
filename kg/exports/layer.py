"""A layer for the ATT&CK Navigator as set up for DISARM: techniques by the number of incidents that use them.

Format: https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.exports.cases import gather_cases, release_of, techniques_by_iri
from kg.filters import NO_FILTERS, Filters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.exports.cases import Case
    from kg.store.protocol import TripleStore

LAYER_VERSIONS: Final = {"attack": "1", "navigator": "5.0.0", "layer": "4.5"}
"""The versions that a layer names: those of a Navigator that opens it."""

_NAMED: Final = 10
"""Incidents that a comment names; it says how many more there are."""

_COLOURS: Final = ("#fff5eb", "#fd8d3c", "#7f2704")
"""From few to many: one hue from light to dark, so that it is read without telling hues apart."""


def gradient(most: int) -> dict[str, object]:
    """The gradient of scores from 0 to ``most``; never more colours than scores, on which some readers fail."""
    colours = _COLOURS if most >= len(_COLOURS) - 1 else (_COLOURS[0], _COLOURS[-1])
    return {"colors": list(colours), "minValue": 0, "maxValue": max(most, 1)}


def render_layer(
    store: TripleStore, *, incidents: Sequence[str] = (), filters: Filters = NO_FILTERS, text: bool = True
) -> Iterator[bytes]:
    """The layer in one piece; the same graph gives the same bytes.

    Each technique that is used stands in it once for each of its tactics. Its score is the number of incidents that
    use it. Its comment names them; of one incident alone it holds the words that tell of the use, where there are any.

    Args:
        store: The graph.
        incidents: Ids; only these, where any is given.
        filters: By year, country, actor and platform.
        text: With passages, where the graph has them and the layer is of one incident.

    Raises:
        UnknownNameError: There is no such incident, country, actor or platform.
    """
    cases = list(gather_cases(store, incidents, filters, text=text and len(set(incidents)) == 1))
    return iter((_layer(store, cases, filters),))


def _layer(store: TripleStore, cases: Sequence[Case], filters: Filters) -> bytes:
    techniques = techniques_by_iri(store)
    users: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for iri in case.uses:
            users[iri].append(case)
    entries: list[dict[str, object]] = []
    for iri in sorted(users):
        technique = techniques.get(iri)
        code = technique.identifier if technique is not None else iri.rpartition("/")[2]
        entry: dict[str, object] = {"techniqueID": code, "score": len(users[iri]), "comment": _comment(iri, users[iri])}
        phases = technique.phases if technique is not None else ()
        entries += [{**entry, "tactic": phase} for phase in phases] or [entry]
    alone = cases[0] if len(cases) == 1 else None
    release = release_of(store)
    title = f"DISARM {release}".strip()
    layer = {
        "name": f"{alone.identifier} {alone.title}" if alone is not None else f"{title}: techniques by incidents",
        "versions": LAYER_VERSIONS,
        "domain": "DISARM",
        "description": "; ".join((f"{len(cases)} incidents", *filters.words())) if alone is None else title,
        "techniques": entries,
        "gradient": gradient(max((len(found) for found in users.values()), default=1)),
        "links": [{"label": article.publisher or article.url, "url": article.url} for article in alone.articles]
        if alone is not None
        else [],
    }
    return (json.dumps(layer, ensure_ascii=False, indent=1) + "\n").encode()


def _comment(iri: str, users: Sequence[Case]) -> str:
    if len(users) == 1 and users[0].uses[iri]:
        return "\n\n".join(users[0].uses[iri])
    named = [f"{case.identifier} {case.title}" for case in users[:_NAMED]]
    return "\n".join((*named, *([f"and {len(users) - _NAMED} more"] if len(users) > _NAMED else [])))
