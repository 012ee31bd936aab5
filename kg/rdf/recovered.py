"""What earlier releases hold beside the current one: each as published, and the statements that later ones dropped.

An incident that a later release leaves without a single row was dropped, not recoded: its rows are recovered from the
latest release that has any, in ``graph/recovered``. Where a later release still has rows of an incident, those stand.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from kg.model import told_passages
from kg.rdf.graph import QuadSink
from kg.rdf.iris import RECOVERED_GRAPH, mint, release_graph
from kg.rdf.published import write_published

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kg.model import Corpus, Incident, WorkbookRow

_DIGITS = 16


def earlier_nquads(current: Corpus, earlier: Sequence[Corpus]) -> bytes:
    """N-Quads of ``graph/recovered`` and of ``release/<r>`` for each earlier release.

    Args:
        current: The release that the default graph holds.
        earlier: The releases before it, the latest first.
    """
    recovered = QuadSink(RECOVERED_GRAPH)
    covered = {incident.identifier for incident in current.incidents if _pairs(incident)}
    existing = {incident.identifier for incident in current.incidents}
    sinks = [recovered]
    for corpus in earlier:
        sinks.append(_published(corpus))
        dropped = [
            incident
            for incident in corpus.incidents
            if incident.identifier in existing - covered
            and (incident.rows or any(row.listed or row.responses for row in incident.workbook_rows))
        ]
        _recover(corpus, dropped, recovered)
        covered |= {incident.identifier for incident in corpus.incidents if _pairs(incident)}
        covered |= {incident.identifier for incident in dropped}
    return b"".join(map(str.encode, dict.fromkeys(chain.from_iterable(sinks))))


def _pairs(incident: Incident) -> bool:
    return bool(incident.rows) or any(row.techniques for row in incident.workbook_rows)


def _published(corpus: Corpus) -> QuadSink:
    """A release at face value: titles, what rows and inline groups of its pages give, and its framework."""
    sink = QuadSink(release_graph(corpus.release))
    known = {technique.identifier for technique in corpus.techniques}
    for incident in corpus.incidents:
        node = mint("incident", incident.identifier)
        sink.text(node, "dcterms:title", incident.title or incident.identifier)
        uses = {row.technique for row in incident.rows}
        for told in told_passages(incident).values():
            if told.published:
                uses |= {mention.technique for group in told.passage.groups for mention in group.mentions} & known
        for technique in sorted(uses):
            sink.link(node, "kg:usesTechnique", mint("technique", technique))
    write_published(corpus, sink)
    return sink


def _recover(corpus: Corpus, dropped: Sequence[Incident], sink: QuadSink) -> None:
    if not dropped:
        return
    release = sink.node("release", corpus.release, "kg:Release", "dcat:Dataset")
    sink.text(release, "owl:versionInfo", corpus.release)
    sink.text(release, "dcterms:title", f"DISARM {corpus.release}")
    documents = {document.path: document.sha256 for document in corpus.documents}
    for incident in dropped:
        node = mint("incident", incident.identifier)
        if not incident.workbook_rows:
            _page_rows(incident, (node, release), documents, sink)
        for row in incident.workbook_rows:
            sha256 = documents.get(row.place.file, "")
            _document(row.place.file, sha256, release, sink)
            _row(corpus, incident, row, sha256, sink)
            for technique in row.listed:
                stated = mint("workbook-row", _name(incident, row))
                _use(incident.identifier, technique, stated, (node, release), sink)
            for response in row.responses:
                kind = "counter" if response.startswith("C") else "detection"
                sink.link(mint(kind, response), "kg:seenIn", node)


def _row(corpus: Corpus, incident: Incident, row: WorkbookRow, sha256: str, sink: QuadSink) -> None:
    node = sink.node("workbook-row", _name(incident, row), "kg:WorkbookRow")
    sink.link(node, "kg:incident", mint("incident", incident.identifier))
    sink.link(node, "kg:fromRelease", mint("release", corpus.release))
    for technique in row.listed:
        sink.link(node, "kg:technique", mint("technique", technique))
    sink.text(node, "kg:status", "accepted")
    if row.passage is not None:
        # Its text is a hash here; who has that release has the words.
        sink.text(node, "kg:sha256", row.passage.sha256)
    sink.text(node, "kg:sheet", row.place.sheet)
    sink.whole(node, "kg:line", row.place.line)
    sink.link(node, "prov:wasDerivedFrom", mint("document", sha256[:_DIGITS]) if sha256 else None)


def _page_rows(incident: Incident, ends: tuple[str, str], documents: Mapping[str, str], sink: QuadSink) -> None:
    """The rows of a page, of a release whose workbook is not at hand."""
    for row in incident.rows:
        node = sink.node("row", f"{incident.identifier}-{row.ordinal}", "kg:TableRow")
        sink.link(node, "kg:incident", ends[0])
        sink.link(node, "kg:technique", mint("technique", row.technique))
        sink.link(node, "kg:fromRelease", ends[1])
        sink.whole(node, "kg:ordinal", row.ordinal)
        sink.text(node, "kg:status", "accepted")
        sink.text(node, "kg:sha256", row.cell_sha256)
        sink.whole(node, "kg:line", row.place.line)
        sha256 = documents.get(row.place.file, "")
        _document(row.place.file, sha256, ends[1], sink)
        sink.link(node, "prov:wasDerivedFrom", mint("document", sha256[:_DIGITS]) if sha256 else None)
        _use(incident.identifier, row.technique, node, ends, sink)


def _document(path: str, sha256: str, release: str, sink: QuadSink) -> None:
    if sha256:
        document = sink.node("document", sha256[:_DIGITS], "kg:Document", "prov:Entity")
        sink.text(document, "kg:path", path)
        sink.text(document, "kg:sha256", sha256)
        sink.link(document, "dcterms:isPartOf", release)


def _use(incident: str, technique: str, stated: str, ends: tuple[str, str], sink: QuadSink) -> None:
    node, release = ends
    concept = mint("technique", technique)
    use = sink.node("use", f"{incident}-{technique}", "kg:TechniqueUse")
    sink.link(use, "kg:incident", node)
    sink.link(use, "kg:technique", concept)
    sink.text(use, "kg:status", "accepted")
    sink.link(use, "kg:statedIn", stated)
    sink.link(use, "kg:fromRelease", release)
    sink.link(node, "kg:usesTechnique", concept)


def _name(incident: Incident, row: WorkbookRow) -> str:
    return f"{incident.identifier}-{row.identifier}"
