"""Where each statement comes from: documents, lines, and row-level edges as ``rdf:Statement`` nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.rdf.iris import mint, short_hash, term

if TYPE_CHECKING:
    from kg.model import Corpus, Link, Passage, Place
    from kg.rdf.graph import QuadSink

_HASH_DIGITS = 16


class Provenance:
    """Writes the release and its documents, and ties things to the places they were read at."""

    def __init__(self, corpus: Corpus, sink: QuadSink) -> None:
        self._sink = sink
        self._documents = {
            document.path: mint("document", document.sha256[:_HASH_DIGITS]) for document in corpus.documents
        }
        self.release = sink.node("release", corpus.release, "kg:Release", "dcat:Dataset")
        sink.text(self.release, "owl:versionInfo", corpus.release)
        sink.text(self.release, "dcterms:title", f"DISARM {corpus.release}")
        for document in corpus.documents:
            node = sink.node("document", document.sha256[:_HASH_DIGITS], "kg:Document", "prov:Entity")
            sink.text(node, "kg:path", document.path)
            sink.text(node, "kg:sha256", document.sha256)
            sink.link(node, "dcterms:isPartOf", self.release)

    def document(self, place: Place) -> str | None:
        """The document a place lies in; None where the source has no such document."""
        return self._documents.get(place.file)

    def tie(self, subject: str, place: Place) -> None:
        """Say which document and which line a thing was read from."""
        self._sink.link(subject, "prov:wasDerivedFrom", self._documents.get(place.file))
        if place.line:
            self._sink.whole(subject, "kg:line", place.line)
        self._sink.text(subject, "kg:sheet", place.sheet)

    def state(
        self,
        edge: tuple[str, str, str],
        place: Place,
        passage: Passage | None = None,
        link: Link | None = None,
    ) -> None:
        """Assert an edge, and keep the row it was read from as a node of its own.

        Args:
            edge: Subject, predicate and target.
            place: The row.
            passage: What explains it.
            link: The link as it was read: where it names a technique that was given up, the node says which, and how
                sure it is that the target follows it.
        """
        subject, predicate, target = edge
        self._sink.link(subject, predicate, target)
        former = link.former if link is not None else ""
        parts = (place.sheet, former) if former else (place.sheet,) if place.sheet else ()
        identifier = short_hash(subject, predicate, target, place.file, place.line, *parts)
        node = self._sink.node("statement", identifier, "rdf:Statement")
        self._sink.link(node, "rdf:subject", subject)
        self._sink.link(node, "rdf:predicate", term(predicate))
        self._sink.link(node, "rdf:object", target)
        self.tie(node, place)
        if passage is not None:
            self._sink.link(node, "kg:passage", mint("passage", passage.identifier))
        if link is not None and former:
            self._sink.text(node, "kg:formerly", former)
            self._sink.decimal(node, "kg:confidence", link.confidence)
            self._sink.text(node, "kg:basis", link.basis)
