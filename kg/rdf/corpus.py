"""A corpus as triples, graph by graph."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import RdfFormat, parse

from kg.rdf.concepts import ConceptWriter
from kg.rdf.findings import write_findings
from kg.rdf.graph import QuadSink
from kg.rdf.incidents import IncidentWriter, write_passage
from kg.rdf.iris import FINDINGS_GRAPH, TEXT_GRAPH, by_disarm_id, release_graph
from kg.rdf.mentions import MentionWriter
from kg.rdf.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

    from kg.model import Concept, Corpus, Incident


class CorpusGraphs(NamedTuple):
    """The statements of a corpus: the default graph, the release as published, what prose names, the findings."""

    default: QuadSink
    published: QuadSink
    prose: QuadSink
    findings: QuadSink

    def often_asked(self) -> bytes:
        """The default graph and the findings as N-Quads."""
        return b"".join(chain(self.default.blocks(), self.findings.blocks()))

    def seldom_asked(self) -> bytes:
        """The other graphs as N-Quads."""
        return b"".join(chain(self.published.blocks(), self.prose.blocks()))


def corpus_nquads(corpus: Corpus, *, text: bool = True) -> bytes:
    """A corpus as N-Quads: the default graph, the release as published, what prose names, the findings.

    Args:
        corpus: What was read.
        text: Whether sentences (summaries, descriptions, quotes) are written; ids, names, titles, spans and hashes
            always are.

    Returns:
        UTF-8 text, graph by graph; a line may come twice, and none holds a blank node.
    """
    return b"".join(chain.from_iterable(sink.blocks() for sink in corpus_graphs(corpus, text=text)))


def corpus_graphs(corpus: Corpus, *, text: bool = True) -> CorpusGraphs:
    """The same as :func:`corpus_nquads`, graph by graph."""
    default, published, findings = QuadSink(), QuadSink(release_graph(corpus.release)), QuadSink(FINDINGS_GRAPH)
    prose = QuadSink(TEXT_GRAPH)
    provenance = Provenance(corpus, default)
    ConceptWriter(default, provenance, (published, prose), text=text).write(corpus)
    writer = IncidentWriter(default, published, provenance, corpus, text=text)
    for incident in corpus.incidents:
        writer.write(incident)
    _explanations(corpus, default, text=text)
    named = MentionWriter(default, prose, corpus)
    named.write(corpus.names)
    for incident in corpus.incidents:
        named.state(incident, provenance)
    write_findings(corpus, findings, provenance, _identifiers(corpus))
    return CorpusGraphs(default, published, prose, findings)


def corpus_quads(corpus: Corpus, *, text: bool = True) -> Iterator[Quad]:
    """The same as :func:`corpus_nquads`, as pyoxigraph quads."""
    return parse(input=corpus_nquads(corpus, text=text), format=RdfFormat.N_QUADS)


def _explanations(corpus: Corpus, sink: QuadSink, *, text: bool) -> None:
    """The passages that explain associations of techniques."""
    written: set[str] = set()
    for association in corpus.associations:
        about = by_disarm_id(association.technique)
        if association.passage is not None and about is not None:
            write_passage(sink, association.passage, about, written, text=text)


def _identifiers(corpus: Corpus) -> frozenset[str]:
    """Every id that has a node in the graph."""
    concepts: Iterator[Concept | Incident] = chain(
        corpus.phases,
        corpus.tactics,
        corpus.techniques,
        corpus.tasks,
        corpus.counters,
        corpus.metatechniques,
        corpus.response_types,
        corpus.detections,
        corpus.actor_types,
        corpus.sectors,
        corpus.groups,
        corpus.categories,
        corpus.observation_types,
        corpus.assessments,
        corpus.incidents,
    )
    return frozenset(item.identifier for item in concepts)
