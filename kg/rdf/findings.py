"""Findings and the ledger as triples, in the words of SHACL's reports where they fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Severity
from kg.rdf.iris import by_disarm_id, mint, short_hash, term

if TYPE_CHECKING:
    from kg.model import Corpus, Finding
    from kg.rdf.graph import QuadSink
    from kg.rdf.provenance import Provenance

_SEVERITIES = {Severity.VIOLATION: "sh:Violation", Severity.WARNING: "sh:Warning", Severity.INFO: "sh:Info"}


def write_findings(corpus: Corpus, sink: QuadSink, provenance: Provenance, known: frozenset[str]) -> None:
    """Write each finding, pointing at the things of ``known`` it is about, and each line of the ledger."""
    for finding in corpus.findings:
        _write_finding(finding, sink, provenance, known)
    for line in corpus.ledger:
        node = sink.node("ledger", f"{corpus.release}-{line.kind}", "kg:LedgerLine")
        sink.text(node, "kg:kind", line.kind)
        for name in ("read", "stored", "repaired", "reported"):
            sink.whole(node, f"kg:{name}", getattr(line, name))


def _write_finding(finding: Finding, sink: QuadSink, provenance: Provenance, known: frozenset[str]) -> None:
    place = finding.place
    identifier = short_hash(finding.code, place.file, place.line, finding.message)
    node = sink.node("finding", identifier, "kg:Finding")
    sink.text(node, "kg:code", finding.code)
    sink.text(node, "sh:resultMessage", finding.message)
    sink.link(node, "sh:resultSeverity", term(_SEVERITIES[finding.severity]))
    sink.text(node, "kg:fix", finding.fix)
    sink.text(node, "kg:path", place.file)
    if place.line:
        sink.whole(node, "kg:line", place.line)
    sink.link(node, "prov:wasDerivedFrom", provenance.document(place))
    for about in finding.about:
        sink.link(node, "sh:focusNode", _thing(about, known))


def _thing(identifier: str, known: frozenset[str]) -> str | None:
    if identifier not in known:
        return None
    # What carries no id of DISARM's is an incident of another source.
    return by_disarm_id(identifier) or mint("incident", identifier)
