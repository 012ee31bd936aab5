"""The normal form of the Turtle files in ontology/, and ``python -m tests.ontology.turtle FILE...`` to make it.

Comment lines at the head, kept as they are; then the prefixes used, by name; then one block a subject, by IRI; in a
block ``a`` first, then the predicates by IRI, the objects of one predicate in order. Lists are written ``( ... )``.
Blank nodes other than lists have no place in these files.
"""

from __future__ import annotations

import sys
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF

from kg.rdf.namespaces import BASE, PREFIXES

SHAPES = BASE + "shapes#"
KINDS = (
    "phase",
    "task",
    "counter",
    "metatechnique",
    "response-type",
    "detection",
    "actor-type",
    "sector",
    "state",
    "succession",
    "group",
    "category",
    "observation-type",
    "assessment",
    "use",
    "row",
    "passage",
    "observation",
    "target",
    "selector",
    "quote",
    "reference",
    "country",
    "region",
    "release",
    "actor",
    "platform",
    "organisation",
    "mention",
    "document",
    "scheme",
    "statement",
    "finding",
    "ledger",
)
NAMESPACES = {
    **{name: space for name, space in PREFIXES.items() if name != "id"},
    **{kind: f"{PREFIXES['id']}{kind}/" for kind in KINDS},
    "kgsh": SHAPES,
    "vann": "http://purl.org/vocab/vann/",
}
LINE = 120


def compact(term: rdflib.term.Node) -> str:
    """A term as it is written in normal form."""
    if isinstance(term, rdflib.URIRef):
        spaces = [(space, name) for name, space in NAMESPACES.items() if term.startswith(space)]
        if spaces:
            space, name = max(spaces, key=lambda pair: len(pair[0]))
            local = str(term)[len(space) :]
            if local and all(part.isalnum() for part in local.replace("-", "").replace("_", "").split(".")):
                return f"{name}:{local}"
        return f"<{term}>"
    if isinstance(term, rdflib.Literal):
        if term.datatype == rdflib.XSD.integer and str(term).lstrip("-").isdigit():
            return str(term)
        text = '"' + str(term).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
        if term.language:
            return f"{text}@{term.language}"
        return f"{text}^^{compact(term.datatype)}" if term.datatype else text
    message = f"{term!r}: a blank node that is no list has no normal form; give it an IRI"
    raise ValueError(message)


def _object(graph: rdflib.Graph, term: rdflib.term.Node) -> str:
    if isinstance(term, rdflib.BNode) and (term, RDF.first, None) in graph:
        return f"( {' '.join(compact(member) for member in Collection(graph, term))} )"
    return compact(term)


def _block(graph: rdflib.Graph, subject: rdflib.term.Node) -> str:
    lines = []
    predicates = sorted(set(graph.predicates(subject)), key=lambda term: (term != RDF.type, str(term)))
    for predicate in predicates:
        name = "a" if predicate == RDF.type else compact(predicate)
        objects = sorted(_object(graph, term) for term in graph.objects(subject, predicate))
        line = f"    {name} {', '.join(objects)}"
        if len(line) > LINE and len(objects) > 1:
            line = f"    {name}\n        " + ",\n        ".join(objects)
        lines.append(line)
    return f"{compact(subject)}\n" + " ;\n".join(lines) + " ."


def normal_form(text: str) -> str:
    """The normal form of a Turtle text."""
    lines = text.split("\n")
    body = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    graph = rdflib.Graph(bind_namespaces="none").parse(data=text, format="turtle")
    subjects = sorted({s for s in graph.subjects() if (s, RDF.first, None) not in graph}, key=str)
    blocks = [_block(graph, subject) for subject in subjects]
    written = {name for term in set(graph.all_nodes()) | set(graph.predicates()) for name in _prefixes(term)}
    head = [f"@prefix {name}: <{NAMESPACES[name]}> ." for name in sorted(written)]
    return "\n".join([*lines[:body], "", *head, ""]).lstrip("\n") + "\n" + "\n\n".join(blocks) + "\n"


def _prefixes(term: rdflib.term.Node) -> list[str]:
    if isinstance(term, rdflib.BNode) or term in (RDF.first, RDF.rest, RDF.nil, RDF.type):
        return []
    if isinstance(term, rdflib.Literal):
        typed = term.datatype and '"^^' in compact(term)
        return _prefixes(term.datatype) if typed and term.datatype else []
    name = compact(term)
    return [] if name.startswith("<") else [name.split(":", 1)[0]]


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        path = Path(argument)
        path.write_text(normal_form(path.read_text(encoding="utf-8")), encoding="utf-8")
