"""From what was read of a release to what it says of its ids."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from kg.lineage.states import ASSESSMENTS, DRAFT, OBSERVATIONS, TECHNIQUES, State, Version
from kg.sources.stix_framework import DRAFT_MARK
from kg.text import digest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Corpus, Facet, Incident, Technique

_DIGITS = 16


def version_of(corpus: Corpus, *, date: str = "", commit: str = "") -> Version:
    """What a corpus says of its ids.

    The ids of the 2.0 draft stand under their plain spelling in a line of their own.
    """
    line = _line(corpus)
    if line in {OBSERVATIONS, ASSESSMENTS}:
        facets = corpus.observation_types if line == OBSERVATIONS else corpus.assessments
        states = {facet.identifier: _facet(facet) for facet in facets}
    else:
        states = {_plain(item.identifier): _state(item, listed=False) for item in corpus.left_over}
        states |= {_plain(item.identifier): _state(item, listed=True) for item in corpus.techniques}
    return Version(
        release=corpus.release,
        line=line,
        states=states,
        date=date,
        commit=commit,
        incidents={incident.identifier: incident.title for incident in corpus.incidents},
        digests={incident.identifier: _told(incident) for incident in corpus.incidents},
        pairs=frozenset((incident.identifier, row.technique) for incident in corpus.incidents for row in incident.rows),
    )


def _line(corpus: Corpus) -> str:
    if corpus.observation_types:
        return OBSERVATIONS
    if corpus.assessments:
        return ASSESSMENTS
    marked = any(item.identifier.endswith(DRAFT_MARK) for item in corpus.techniques)
    return DRAFT if marked else TECHNIQUES


def _plain(identifier: str) -> str:
    return identifier.removesuffix(DRAFT_MARK)


def _state(item: Technique, *, listed: bool) -> State:
    return State(
        identifier=_plain(item.identifier),
        name=" ".join(item.name.split()),
        tactic=_plain(item.published("tactic") or ""),
        parent=_plain(item.published("parent") or ""),
        digest=short_digest(item.summary),
        listed=listed,
    )


def _facet(item: Facet) -> State:
    return State(
        identifier=item.identifier,
        name=" ".join(item.name.split()),
        tactic=item.published("category") or "",
        parent=item.published("parent") or "",
        digest=short_digest(item.summary),
    )


def short_digest(text: str) -> str:
    """The first 16 hex digits of the sha256 of a folded text; empty where there is none."""
    return digest(text)[:_DIGITS] if text else ""


def _told(incident: Incident) -> str:
    passages = {row.passage.sha256 for row in incident.rows if row.passage is not None}
    return joined_digest(short_digest(incident.summary), passages)


def joined_digest(summary: str, passages: Iterable[str]) -> str:
    """One digest of the digest of a summary and those of descriptions; empty where there is neither."""
    parts = [summary, *sorted(each[:_DIGITS] for each in passages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS] if any(parts) else ""
