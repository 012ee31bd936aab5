"""The history of ids as triples, in a graph of its own: a state for each run of releases, and what follows what.

A state is no concept, so that labels in other graphs do not double; an older meaning of an id is a concept with an IRI
of its own, such as ``id/technique/T0048_1.2``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.lineage.states import LATER_LINES
from kg.rdf.graph import QuadSink
from kg.rdf.iris import HISTORY_GRAPH, mint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.lineage.history import History, Span
    from kg.lineage.states import Version
    from kg.lineage.successors import Successor

SURE = 0.85
"""The confidence from which ``dcterms:isReplacedBy`` is asserted; below it a succession is told and not asserted."""

_KINDS = {"1": ("technique", "tactic"), "2-observations": ("observation-type", "category")}
_KINDS["2-assessments"] = ("assessment", "category")


def history_nquads(
    history: History, successors: Iterable[Successor], versions: Mapping[str, Version] | None = None
) -> bytes:
    """A history as N-Quads in ``graph/history``.

    The 2.0 draft is left out: its ids are those of 1.x with a mark, and it came and went at once.

    Args:
        history: Spans of every id.
        successors: What follows what.
        versions: Name of a release -> its date and commit.
    """
    sink = QuadSink(HISTORY_GRAPH)
    for line in _KINDS:
        for ordinal, name in enumerate(history.releases.get(line, ()), 1):
            _release(sink, name, ordinal, (versions or {}).get(name))
    for span in history.spans:
        if span.line in _KINDS:
            _state(sink, span)
    retired = {(span.identifier, span.meaning): span for span in history.spans if span.meaning}
    retired |= {(identifier, ""): span for identifier, span in history.retired().items()}
    for (identifier, meaning), span in sorted(retired.items()):
        node = mint("technique", span.key)
        sink.node("technique", span.key, "skos:Concept")
        sink.text(node, "skos:notation", identifier)
        sink.truth(node, "owl:deprecated")
        sink.text(node, "skos:hiddenLabel", span.name, "en")
        if meaning:
            sink.link(node, "dcterms:isVersionOf", mint("technique", identifier))
    later = {span.identifier: _KINDS[span.line][0] for span in history.spans if span.line in LATER_LINES}
    for row in successors:
        _succession(sink, row, later.get(row.successor))
    return b"".join(map(str.encode, dict.fromkeys(sink)))


def _release(sink: QuadSink, name: str, ordinal: int, version: Version | None) -> None:
    node = sink.node("release", name, "kg:Release", "dcat:Dataset")
    sink.text(node, "owl:versionInfo", name)
    sink.text(node, "dcterms:title", f"DISARM {name}" if name[:1].isdigit() else name)
    sink.whole(node, "kg:ordinal", ordinal)
    if version is not None:
        sink.text(node, "dcterms:issued", version.date)
        sink.text(node, "kg:commit", version.commit)


def _state(sink: QuadSink, span: Span) -> None:
    kind, above = _KINDS[span.line]
    node = sink.node("state", f"{span.identifier}-{span.since}", "kg:State")
    sink.link(node, "kg:stateOf", mint(kind, span.key))
    sink.text(node, "kg:name", span.name)
    sink.link(
        node, "kg:tactic" if above == "tactic" else "kg:category", mint(above, span.tactic) if span.tactic else None
    )
    sink.link(node, "skos:broader", mint(kind, span.parent) if span.parent else None)
    sink.text(node, "kg:sha256", span.digest)
    sink.link(node, "kg:since", mint("release", span.since))
    sink.link(node, "kg:until", mint("release", span.until))
    sink.text(node, "kg:standing", span.standing)


def _succession(sink: QuadSink, row: Successor, later: str | None) -> None:
    """What follows an id; ``later`` is the kind of what follows where that is of 2.x, and then nothing is replaced."""
    key = f"{row.identifier}_{row.meaning}" if row.meaning else row.identifier
    node = sink.node("succession", key, "kg:Succession")
    sink.link(node, "kg:predecessor", mint("technique", key))
    sink.text(node, "kg:relation", row.relation)
    sink.text(node, "kg:basis", row.basis)
    sink.text(node, "kg:reason", row.words)
    sink.decimal(node, "kg:confidence", row.confidence)
    if row.successor:
        sink.link(node, "kg:successor", mint(later or "technique", row.successor))
        if row.confidence >= SURE and later is None:
            sink.link(mint("technique", key), "dcterms:isReplacedBy", mint("technique", row.successor))
