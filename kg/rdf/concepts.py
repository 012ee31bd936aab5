"""The framework as SKOS: one concept scheme, each object a concept with the class of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.rdf.iris import by_disarm_id, folded_hash, mint
from kg.rdf.published import write_published

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Concept, Corpus, Counter, Detection, Entry
    from kg.rdf.graph import QuadSink
    from kg.rdf.provenance import Provenance

SCHEME = mint("scheme", "disarm")

KINDS = {
    "Phase": "phase",
    "Tactic": "tactic",
    "Technique": "technique",
    "Task": "task",
    "Counter": "counter",
    "Metatechnique": "metatechnique",
    "ResponseType": "response-type",
    "Detection": "detection",
    "ActorType": "actor-type",
    "Sector": "sector",
    "Group": "group",
    "Category": "category",
    "ObservationType": "observation-type",
    "Assessment": "assessment",
}
"""Class -> the segment of an IRI that says it: ids alone do not, A0001 and P05 of 2.x look like those of 1.x."""


_TOLD_APART = frozenset({"Technique", "ObservationType", "Assessment"})


_LONGEST_NAME = 80


class ConceptWriter:
    """Writes every object of the framework.

    Args:
        sink: The default graph.
        provenance: Ties things to their places.
        published: The graph of the release as published.
        text: Whether sentences are written.
    """

    def __init__(self, sink: QuadSink, provenance: Provenance, published: QuadSink, *, text: bool) -> None:
        self._sink = sink
        self._published = published
        self._provenance = provenance
        self._text = text
        self._known: set[str] = set()
        self._incidents: set[str] = set()

    def write(self, corpus: Corpus) -> None:
        """Write all objects, then the links between them that both ends exist for."""
        sink = self._sink
        scheme = sink.node("scheme", "disarm", "skos:ConceptScheme")
        sink.text(scheme, "dcterms:title", "DISARM")
        sink.link(scheme, "dcterms:hasVersion", self._provenance.release)
        self._incidents = {incident.identifier for incident in corpus.incidents}
        self._known = self._incidents | {
            concept.identifier for concepts in _by_class(corpus).values() for concept in concepts
        }
        for name, concepts in _by_class(corpus).items():
            for concept in concepts:
                self._concept(name, concept)
        self._later(corpus)
        for entry in corpus.entries:
            self._entry(entry)
        self._structure(corpus)
        for counter in corpus.counters:
            self._counter(counter)
        write_published(corpus, self._published)
        for association in corpus.associations:
            left, right = self._existing(association.technique), self._existing(association.associated)
            if left is not None and right is not None:
                for place in (association.place, *association.also):
                    self._provenance.state((left, "kg:associatedWith", right), place, association.passage)

    def _existing(self, identifier: str | None) -> str | None:
        """The concept of an id, if it is one of this release."""
        return by_disarm_id(identifier) if identifier in self._known else None

    def _concept(self, name: str, concept: Concept) -> None:
        sink = self._sink
        node = sink.node(KINDS[name], concept.identifier, "skos:Concept", f"kg:{name}")
        sink.text(node, "skos:notation", concept.identifier)
        sink.text(node, "skos:prefLabel", concept.name or concept.identifier, "en")
        # As an other label: a second preferred one would double every list that does not ask for a language.
        sink.text(node, "skos:altLabel", concept.name_de, "de")
        sink.link(node, "skos:inScheme", SCHEME)
        if self._text:
            sink.text(node, "dcterms:description", concept.summary, "en")
        if concept.summary and name in _TOLD_APART:
            # What tells, where the words are not loaded, that a release describes it anew.
            sink.text(node, "kg:sha256", folded_hash(concept.summary))
        self._provenance.tie(node, concept.place)
        for place in concept.also:
            sink.link(node, "prov:wasDerivedFrom", self._provenance.document(place))

    def _entry(self, entry: Entry) -> None:
        """A row of a sheet that reaches no page; a name as long as a sentence stands with the words only."""
        sink = self._sink
        node = sink.node("entry", entry.identifier, "kg:Entry")
        named = self._text or len(entry.name) <= _LONGEST_NAME
        sink.text(node, "dcterms:title", entry.name if named else entry.identifier)
        sink.text(node, "kg:kind", entry.kind)
        for topic in entry.topics:
            sink.text(node, "kg:topic", topic)
        sink.address(node, "schema:url", entry.url)
        for concerned in entry.concerns:
            # The id of an incident of another source does not say that it is one.
            here = mint("incident", concerned) if concerned in self._incidents else self._existing(concerned)
            sink.link(node, "kg:concerns", here)
        if self._text:
            sink.text(node, "dcterms:description", entry.summary)
        self._provenance.tie(node, entry.place)

    def _link(self, subject: str, predicate: str, *targets: str | None) -> None:
        node = by_disarm_id(subject)
        for target in targets:
            if node is not None and (found := self._existing(target)) is not None:
                self._sink.link(node, predicate, found)

    def _structure(self, corpus: Corpus) -> None:
        for phase in corpus.phases:
            self._sink.whole(mint("phase", phase.identifier), "kg:rank", phase.rank)
        for tactic in corpus.tactics:
            self._sink.whole(mint("tactic", tactic.identifier), "kg:rank", tactic.rank)
            self._link(tactic.identifier, "kg:phase", tactic.phase)
        for technique in corpus.techniques:
            self._link(technique.identifier, "kg:tactic", technique.tactic)
            # Depth is one, so the transitive closure is the relation itself.
            self._link(technique.identifier, "skos:broader", technique.parent)
            self._link(technique.identifier, "skos:broaderTransitive", technique.parent)
        for task in corpus.tasks:
            self._link(task.identifier, "kg:tactic", task.tactic)
        for detection in corpus.detections:
            self._link(detection.identifier, "kg:tactic", detection.tactic)
            self._link(detection.identifier, "kg:responseType", detection.response_type)
            self._link(detection.identifier, "kg:metatechnique", *detection.metatechniques)
            self._rows(detection, "kg:detects")
        for actor_type in corpus.actor_types:
            self._link(actor_type.identifier, "kg:sector", *actor_type.sectors)
            for viewpoint in actor_type.viewpoints:
                self._sink.text(mint("actor-type", actor_type.identifier), "kg:viewpoint", viewpoint)

    def _later(self, corpus: Corpus) -> None:
        """What hangs together in DISARM 2.x; its ids never lead to a thing of 1.x."""
        sink = self._sink
        groups = {group.identifier for group in corpus.groups}
        categories = {category.identifier for category in corpus.categories}
        for group in corpus.groups:
            sink.whole(mint("group", group.identifier), "kg:rank", group.rank)
        for category in corpus.categories:
            node = mint("category", category.identifier)
            sink.whole(node, "kg:rank", category.rank)
            sink.link(node, "kg:group", mint("group", category.group) if category.group in groups else None)
        for kind, facets in (("observation-type", corpus.observation_types), ("assessment", corpus.assessments)):
            known = {facet.identifier for facet in facets}
            for facet in facets:
                node = mint(kind, facet.identifier)
                if facet.category in categories:
                    sink.link(node, "kg:category", mint("category", facet.category))
                if facet.parent in known:
                    sink.link(node, "skos:broader", mint(kind, facet.parent))
                    sink.link(node, "skos:broaderTransitive", mint(kind, facet.parent))

    def _counter(self, counter: Counter) -> None:
        node = mint("counter", counter.identifier)
        self._link(counter.identifier, "kg:tactic", counter.tactic)
        self._link(counter.identifier, "kg:metatechnique", *counter.metatechniques)
        self._link(counter.identifier, "kg:responseType", counter.response_type)
        self._link(counter.identifier, "kg:sector", *counter.sectors)
        if self._text:
            self._sink.text(node, "kg:playbooks", counter.playbooks)
            self._sink.text(node, "kg:resourcesNeeded", counter.resources)
        self._rows(counter, "kg:counters")

    def _rows(self, owner: Counter | Detection, against: str) -> None:
        """What a counter or detection leads to, each with the row that says so."""
        node = by_disarm_id(owner.identifier)
        if node is None:
            return
        rows = (
            ("kg:actorType", owner.actor_types),
            (against, (*owner.tactics, *owner.techniques)),
            ("kg:seenIn", owner.incidents),
        )
        for predicate, links in rows:
            for link in links:
                target = self._existing(link.target)
                if target is not None:
                    self._provenance.state((node, predicate, target), link.place, link=link)


def german_summaries(corpus: Corpus) -> Iterator[tuple[str, str]]:
    """The IRI of each concept that is described in German, and the description."""
    for name, concepts in _by_class(corpus).items():
        for concept in concepts:
            if concept.summary_de:
                yield mint(KINDS[name], concept.identifier), concept.summary_de


def _by_class(corpus: Corpus) -> dict[str, Iterable[Concept]]:
    return {
        "Phase": corpus.phases,
        "Tactic": corpus.tactics,
        "Technique": corpus.techniques,
        "Task": corpus.tasks,
        "Counter": corpus.counters,
        "Metatechnique": corpus.metatechniques,
        "ResponseType": corpus.response_types,
        "Detection": corpus.detections,
        "ActorType": corpus.actor_types,
        "Sector": corpus.sectors,
        "Group": corpus.groups,
        "Category": corpus.categories,
        "ObservationType": corpus.observation_types,
        "Assessment": corpus.assessments,
    }
