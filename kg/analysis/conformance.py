"""Whether a graph keeps to the ontology: SHACL Core over ontology/shapes.ttl, and the queries of ontology/checks.

The default graph, the findings and what was read from prose are held against the shapes; the graphs of releases are
as published and are not. The check queries run on the store's own engine: as SPARQL constraints inside SHACL they
would take a thousand times longer. Nothing is inferred, imported or fetched.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pyshacl
import rdflib
from rdflib.namespace import RDF, SH

from kg.analysis.conformance_terms import misspelt_terms
from kg.model import Severity
from kg.rdf.namespaces import BASE, GRAPH, NS
from kg.resources import ontology_folder
from kg.store.embedded import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.answers import Term
    from kg.store.protocol import TripleStore

SHAPES = BASE + "shapes#"
"""Namespace of the shapes; its prefix in :attr:`Violation.rule` is ``kgsh``."""

_OURS = f"<{GRAPH}findings> <{GRAPH}text>"
_TRIPLES = f"SELECT ?s ?p ?o WHERE {{ {{ ?s ?p ?o }} UNION {{ VALUES ?g {{ {_OURS} }} GRAPH ?g {{ ?s ?p ?o }} }} }}"
_STRING = ox.NamedNode("http://www.w3.org/2001/XMLSchema#string")
_SEVERITIES = {SH.Violation: Severity.VIOLATION, SH.Warning: Severity.WARNING, SH.Info: Severity.INFO}
_ORDER = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Violation:
    """One place at which a graph does not keep to a rule.

    Attributes:
        severity: How bad it is; only violations make a graph non-conforming.
        rule: The shape, as ``kgsh:Incident-yearStarted``, or the check query, as ``check:broader-cycle``.
        focus: The thing concerned: its IRI.
        path: The IRI of the property concerned; None where a rule is about the thing as a whole, and of check queries.
        message: What should be the case (shapes), or what is the case and should not be (check queries).
        value: The value at fault: an IRI or the text of a literal; None where it is missing.
    """

    severity: Severity
    rule: str
    focus: str
    path: str | None
    message: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Report:
    """What a graph was found to violate: the worst first, then by rule, focus, path and value."""

    violations: tuple[Violation, ...]

    @property
    def conforms(self) -> bool:
        """Whether nothing worse than a warning was found."""
        return all(found.severity is not Severity.VIOLATION for found in self.violations)


def check_conformance(source: TripleStore | rdflib.Graph) -> Report:
    """Hold a graph against the shapes and the check queries of the ontology.

    Args:
        source: A store, or an rdflib graph or dataset (which is copied).

    Returns:
        Every violation, warning and remark, in an order that depends on the data alone.
    """
    store = _store_of(source) if isinstance(source, rdflib.Graph) else source
    return _report([*_shape_violations(store), *_check_violations(store), *_term_violations(store)])


def check_shapes(data: rdflib.Graph, shapes: rdflib.Graph) -> Report:
    """Hold a graph against shapes alone, such as those of ontology/quality.ttl for the ontology itself."""
    return _report(_validate(data, shapes))


def _report(violations: list[Violation]) -> Report:
    def key(found: Violation) -> tuple[int, str, str, str, str, str]:
        return (
            _ORDER.index(found.severity),
            found.rule,
            found.focus,
            found.path or "",
            found.value or "",
            found.message,
        )

    # A shape can find one fault by two constraints: a missing number is no number and not from 1 on.
    return Report(tuple(sorted(set(violations), key=key)))


def _store_of(graph: rdflib.Graph) -> EmbeddedStore:
    # N-Triples and N-Quads keep every literal as it was written.
    quads = isinstance(graph, rdflib.Dataset)
    text = graph.serialize(format="nquads" if quads else "nt", encoding="utf-8")
    form = ox.RdfFormat.N_QUADS if quads else ox.RdfFormat.N_TRIPLES
    native = ox.Store()
    native.bulk_load(text, form, lenient=True)
    return EmbeddedStore(native)


def _shape_violations(store: TripleStore) -> list[Violation]:
    # An oxrdflib graph would be asked one pattern at a time, far slower than rdflib's own dicts.
    data = rdflib.Graph(bind_namespaces="none")
    known: dict[Term, rdflib.term.Node] = {}

    def rdflib_term(term: Term | None) -> rdflib.term.Node | None:
        if term is None or isinstance(term, ox.Triple):
            return None
        if term not in known:
            known[term] = _rdflib_term(term)
        return known[term]

    with _quiet_about_literals():
        for row in store.select(_TRIPLES):
            subject, predicate, value = map(rdflib_term, row)
            if subject is not None and predicate is not None and value is not None:
                data.add((subject, predicate, value))
        shapes = rdflib.Graph().parse(ontology_folder() / "shapes.ttl", format="turtle")
        return _validate(data, shapes)


def _rdflib_term(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    # rdflib holds "x" and "x"^^xsd:string apart, and rewrites "007"^^xsd:integer unless told not to.
    datatype = None if term.datatype == _STRING else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


@contextmanager
def _quiet_about_literals() -> Iterator[None]:
    # rdflib logs a traceback for each literal that is not what its datatype says; the shapes report it.
    logger = logging.getLogger("rdflib.term")
    before = logger.disabled
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = before


def _validate(data: rdflib.Graph, shapes: rdflib.Graph) -> list[Violation]:
    _, report, _ = pyshacl.validate(
        data,
        shacl_graph=shapes,
        inference="none",
        advanced=False,
        js=False,
        do_owl_imports=False,
        inplace=True,
    )
    return [_from_result(report, result) for result in report.subjects(RDF.type, SH.ValidationResult)]


def _from_result(report: rdflib.Graph, result: rdflib.term.Node) -> Violation:
    def text(predicate: rdflib.URIRef) -> str | None:
        value = report.value(result, predicate)
        return None if value is None else str(value)

    severity = report.value(result, SH.resultSeverity)
    return Violation(
        severity=_SEVERITIES[rdflib.URIRef(str(severity))],
        rule=(text(SH.sourceShape) or "").replace(SHAPES, "kgsh:"),
        focus=text(SH.focusNode) or "",
        path=text(SH.resultPath),
        message=text(SH.resultMessage) or "",
        value=text(SH.value),
    )


def _check_violations(store: TripleStore) -> list[Violation]:
    violations = []
    for file in sorted((ontology_folder() / "checks").glob("*.rq")):
        query = file.read_text(encoding="utf-8")
        title = query.partition("\n")[0].removeprefix("# ").removesuffix(".")
        violations += [
            Violation(Severity.VIOLATION, f"check:{file.stem}", row[0] or "", None, title, row[1] if row[1:] else None)
            for row in store.select(query).values()
        ]
    return violations


def _term_violations(store: TripleStore) -> list[Violation]:
    violations = []
    for term, near in misspelt_terms(store).items():
        hint = f"; did you mean {near.replace(NS, 'kg:')}?" if near else ""
        message = f"The ontology has no term {term.replace(NS, 'kg:')}{hint}"
        violations.append(Violation(Severity.VIOLATION, "check:undeclared-term", term, None, message, None))
    return violations
