"""The framework as a release shows it, for the graph of that release: what hangs below what, and what counters name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.rdf.iris import by_disarm_id, mint

if TYPE_CHECKING:
    from kg.model import Concept, Corpus, Counter, Detection
    from kg.rdf.graph import QuadSink

_FIELDS: tuple[tuple[str, str, tuple[tuple[str, str, str], ...]], ...] = (
    ("tactics", "tactic", (("phase", "kg:phase", "phase"),)),
    ("techniques", "technique", (("tactic", "kg:tactic", "tactic"), ("parent", "skos:broader", "technique"))),
    ("tasks", "task", (("tactic", "kg:tactic", "tactic"),)),
    ("counters", "counter", (("tactic", "kg:tactic", "tactic"), ("response_type", "kg:responseType", "response-type"))),
    (
        "detections",
        "detection",
        (("tactic", "kg:tactic", "tactic"), ("response_type", "kg:responseType", "response-type")),
    ),
    ("categories", "category", (("group", "kg:group", "group"),)),
    (
        "observation_types",
        "observation-type",
        (("category", "kg:category", "category"), ("parent", "skos:broader", "observation-type")),
    ),
    (
        "assessments",
        "assessment",
        (("category", "kg:category", "category"), ("parent", "skos:broader", "assessment")),
    ),
)
"""Records, the segment of their IRIs, and each field with its property and the segment of what it leads to."""


def write_published(corpus: Corpus, sink: QuadSink) -> None:
    """The framework at face value: also what is believed to be otherwise, or leads to nothing of the release."""
    for kind, segment, fields in _FIELDS:
        concepts: tuple[Concept, ...] = getattr(corpus, kind)
        for concept in concepts:
            for field, predicate, target in fields:
                shown = concept.published(field)
                sink.link(mint(segment, concept.identifier), predicate, mint(target, shown) if shown else None)
    for counter in corpus.counters:
        _links(counter, "kg:counters", sink)
    for detection in corpus.detections:
        _links(detection, "kg:detects", sink)


def _links(owner: Counter | Detection, against: str, sink: QuadSink) -> None:
    """What a counter or detection names: the techniques of its time, whatever follows them."""
    node = by_disarm_id(owner.identifier)
    if node is None:
        return
    for link in (*owner.techniques, *owner.given_up):
        sink.link(node, against, mint("technique", link.former or link.target))
