"""What belongs to the plain facts, to their provenance and to their text, and in which order kinds are written.

The three tables here are the only place that knows. A kind is the first segment of an IRI under ``id/``. What stands in
no table is a fact: it is always written, after the kinds that are facts.
"""

from __future__ import annotations

import enum
import re

from kg.rdf.namespaces import GRAPH, ID, PREFIXES


class Part(enum.Flag):
    """A part of the graph that an export may leave out; a thing may belong to several, and goes when one goes."""

    FACTS = 0
    PROVENANCE = enum.auto()
    TEXT = enum.auto()


REST = ""
"""The place, in the order of kinds, of every subject that is of none of them."""

KINDS: dict[str, Part] = {
    "scheme": Part.FACTS,
    "release": Part.FACTS,
    "phase": Part.FACTS,
    "tactic": Part.FACTS,
    "technique": Part.FACTS,
    "task": Part.FACTS,
    "counter": Part.FACTS,
    "metatechnique": Part.FACTS,
    "response-type": Part.FACTS,
    "detection": Part.FACTS,
    "actor-type": Part.FACTS,
    "sector": Part.FACTS,
    "incident": Part.FACTS,
    "country": Part.FACTS,
    "region": Part.FACTS,
    "actor": Part.FACTS,
    "platform": Part.FACTS,
    "organisation": Part.FACTS,
    "reference": Part.FACTS,
    REST: Part.FACTS,
    "passage": Part.PROVENANCE,
    "use": Part.PROVENANCE,
    "row": Part.PROVENANCE,
    "observation": Part.PROVENANCE,
    "target": Part.PROVENANCE,
    "selector": Part.PROVENANCE,
    "quote": Part.PROVENANCE | Part.TEXT,
    "mention": Part.PROVENANCE,
    "statement": Part.PROVENANCE,
    "document": Part.PROVENANCE,
    "finding": Part.PROVENANCE,
    "ledger": Part.PROVENANCE,
}
"""Kind to part, in the order of writing: the framework, what happened, everything else, then who says so and where."""

PREDICATES: dict[str, Part] = {
    "prov:wasDerivedFrom": Part.PROVENANCE,
    "kg:line": Part.PROVENANCE,
    "dcterms:description": Part.TEXT,
    "rdf:value": Part.TEXT,
    "oa:exact": Part.TEXT,
    "kg:playbooks": Part.TEXT,
    "kg:resourcesNeeded": Part.TEXT,
}
"""Prefixed name of a predicate to the part that its statements belong to."""

GRAPHS: dict[str, Part] = {"findings": Part.PROVENANCE, "text": Part.PROVENANCE}
"""Name of a graph under ``graph/`` to the part that it belongs to as a whole."""


def excluded_parts(*, provenance: bool, text: bool) -> Part:
    """The parts to leave out."""
    without = Part.FACTS
    if not provenance:
        without |= Part.PROVENANCE
    if not text:
        without |= Part.TEXT
    return without


def excluded_graphs(without: Part) -> frozenset[str]:
    """The IRIs of the named graphs to leave out."""
    return frozenset(GRAPH + name for name, part in GRAPHS.items() if part & without)


def excluded_lines(without: Part) -> re.Pattern[bytes] | None:
    """A pattern that matches the start of those N-Triples lines that are left out; None when all are written.

    A statement goes when its predicate goes, or when its subject or its object does, so that no statement is left
    about a thing that is not there. The predicate rdf:type is never left out and may be written in any short form.
    """
    kinds = [re.escape(kind) for kind, part in KINDS.items() if part & without]
    predicates = [re.escape(f"<{_expanded(name)}>") for name, part in PREDICATES.items() if part & without]
    if not kinds and not predicates:
        return None
    node = f"<{re.escape(ID)}(?:{'|'.join(kinds)})/"
    return re.compile(f"{node}|[^ ]+ (?:{'|'.join(predicates)}) |[^ ]+ [^ ]+ {node}".encode())


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
