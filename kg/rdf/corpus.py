"""A corpus as triples, graph by graph."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import RdfFormat, parse

from kg.rdf.concepts import ConceptWriter, german_summaries
from kg.rdf.findings import write_findings
from kg.rdf.graph import QuadSink
from kg.rdf.incidents import IncidentWriter, write_passage
from kg.rdf.iris import FINDINGS_GRAPH, TEXT_GRAPH, by_disarm_id, release_graph
from kg.rdf.mentions import NamedWriter, write_mentions
from kg.rdf.provenance import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyoxigraph import Quad

    from kg.model import Concept, Corpus, Incident
    from kg.named import NameMention


class CorpusGraphs(NamedTuple):
    """The statements of a corpus: the default graph, the release as published, the findings; and what prose says.

    The last is a third of all statements and few ask for it, so it is kept as the records that it is written from.
    """

    default: QuadSink
    published: QuadSink
    findings: QuadSink
    names: tuple[NameMention, ...]
    german: tuple[tuple[str, str], ...]

    def often_asked(self) -> bytes:
        """The default graph and the findings as N-Quads."""
        return b"".join(chain(self.default.blocks(), self.findings.blocks()))

    def seldom_asked(self) -> bytes:
        """The other graphs as N-Quads."""
        return b"".join(chain(self.published.blocks(), self.prose().blocks()))

    def prose(self) -> QuadSink:
        """The graph of what was read from prose, written anew each time."""
        sink = QuadSink(TEXT_GRAPH)
        for node, summary in self.german:
            # Apart from the default graph, where each description would otherwise be found twice.
            sink.text(node, "dcterms:description", summary, "de")
        write_mentions(self.names, sink)
        return sink


def corpus_nquads(corpus: Corpus, *, text: bool = True) -> bytes:
    """A corpus as N-Quads: the default graph, the findings, the release as published, what prose names.

    Args:
        corpus: What was read.
        text: Whether sentences (summaries, descriptions, quotes) are written; ids, names, titles, spans and hashes
            always are.

    Returns:
        UTF-8 text, graph by graph; a line may come twice, and none holds a blank node.
    """
    graphs = corpus_graphs(corpus, text=text)
    return graphs.often_asked() + graphs.seldom_asked()


def corpus_graphs(corpus: Corpus, *, text: bool = True) -> CorpusGraphs:
    """The same as :func:`corpus_nquads`, graph by graph."""
    default, published, findings = QuadSink(), QuadSink(release_graph(corpus.release)), QuadSink(FINDINGS_GRAPH)
    provenance = Provenance(corpus, default)
    ConceptWriter(default, provenance, published, text=text).write(corpus)
    writer = IncidentWriter(default, published, provenance, corpus, text=text)
    for incident in corpus.incidents:
        writer.write(incident)
    _explanations(corpus, default, text=text)
    named = NamedWriter(default, corpus)
    named.write(corpus.names)
    for incident in corpus.incidents:
        named.state(incident, provenance)
    write_findings(corpus, findings, provenance, _identifiers(corpus))
    german = tuple(german_summaries(corpus)) if text else ()
    return CorpusGraphs(default, published, findings, corpus.names, german)


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
