"""Results as the suite has them and as an endpoint sends them, and whether two are the same."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from tests.w3c.manifests import RDF, SYNTAXES, Graph

if TYPE_CHECKING:
    from pathlib import Path

Term: TypeAlias = tuple[str, ...] | None
Row: TypeAlias = tuple[Term, ...]
RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
XSD = "http://www.w3.org/2001/XMLSchema#"
_SRX = "{http://www.w3.org/2005/sparql-results#}"
_NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
_MOST_TRIES = 50_000


@dataclass
class Result:
    """``rows`` by variable, a ``truth``, or ``triples``: one of the three."""

    rows: list[dict[str, Term]] | None = None
    truth: bool | None = None
    triples: set[Row] | None = None


def read_file(path: Path, iri: str) -> Result:
    """What a test should give."""
    if path.suffix in {".srx", ".srj", ".csv", ".tsv"}:
        return READERS[path.suffix](path.read_bytes())
    graph = Graph(path, iri)
    heads = [node for node in graph.subjects(RDF + "type") if graph.text(node, RDF + "type") == RS + "ResultSet"]
    if not heads:
        return read_graph(path.read_bytes(), SYNTAXES[path.suffix], iri)
    if graph.value(heads[0], RS + "boolean") is not None:
        return Result(truth=graph.text(heads[0], RS + "boolean") == "true")
    rows = []
    for solution in graph.values(heads[0], RS + "solution"):
        bindings = graph.values(solution, RS + "binding")
        rows.append({graph.text(one, RS + "variable"): _term(graph.value(one, RS + "value")) for one in bindings})
    return Result(rows=rows)


def read_graph(data: bytes, syntax: ox.RdfFormat, iri: str) -> Result:
    """A graph in one of RDF's syntaxes."""
    quads = ox.parse(data, syntax, base_iri=iri)
    return Result(triples={(_term(quad.subject), _term(quad.predicate), _term(quad.object)) for quad in quads})


def _term(node: object) -> Term:
    if isinstance(node, ox.NamedNode):
        return ("iri", node.value)
    if isinstance(node, ox.BlankNode):
        return ("blank", node.value)
    assert isinstance(node, ox.Literal)
    return _literal(node.value, node.datatype.value, node.language)


def _literal(text: str, datatype: str | None, language: str | None = None) -> Term:
    """A literal, its number in one form: engines may write 2.0 or 2.00, and the suite allows for it."""
    if language:
        return ("text", text, language.lower())
    if datatype in _NUMBERS:
        try:
            return ("number", repr(float(text)), datatype or "")
        except ValueError:
            pass
    if datatype == XSD + "boolean":
        text = {"1": "true", "0": "false"}.get(text, text)
    return ("literal", text, datatype or XSD + "string")


def _read_xml(data: bytes) -> Result:
    root = ET.fromstring(data)  # noqa: S314 - the suite's, or our own
    truth = root.find(f"{_SRX}boolean")
    if truth is not None:
        return Result(truth=truth.text == "true")
    rows = []
    for solution in root.iter(f"{_SRX}result"):
        row: dict[str, Term] = {}
        for binding in solution:
            term, text = binding[0], binding[0].text or ""
            if term.tag == f"{_SRX}uri":
                row[binding.get("name", "")] = ("iri", text)
            elif term.tag == f"{_SRX}bnode":
                row[binding.get("name", "")] = ("blank", text)
            else:
                language = term.get("{http://www.w3.org/XML/1998/namespace}lang")
                row[binding.get("name", "")] = _literal(text, term.get("datatype"), language)
        rows.append(row)
    return Result(rows=rows)


def _read_json(data: bytes) -> Result:
    said = json.loads(data)
    if "boolean" in said:
        return Result(truth=said["boolean"])

    def term(value: dict[str, str]) -> Term:
        if value["type"] in {"uri", "bnode"}:
            return ("iri" if value["type"] == "uri" else "blank", value["value"])
        return _literal(value["value"], value.get("datatype"), value.get("xml:lang"))

    return Result(rows=[{name: term(value) for name, value in row.items()} for row in said["results"]["bindings"]])


def _read_csv(data: bytes) -> Result:
    head, *lines = csv.reader(io.StringIO(data.decode(), newline=""))
    return Result(rows=[dict(zip(head, map(_plain, line), strict=False)) for line in lines if line])


def _plain(text: str) -> Term:
    """A cell of CSV, which does not say what it is."""
    if text.startswith("_:"):
        return ("blank", text)
    try:
        return ("plain", repr(float(text)))
    except ValueError:
        return ("plain", text) if text else None


def _read_tsv(data: bytes) -> Result:
    head, *lines = data.decode().rstrip("\n").split("\n")
    names = [name.strip("?\r") for name in head.split("\t")]
    rows = []
    for line in lines:
        cells = [_parsed(cell) for cell in line.rstrip("\r").split("\t")]
        rows.append(dict(zip(names, cells, strict=True)))
    return Result(rows=rows)


def _parsed(cell: str) -> Term:
    if not cell:
        return None
    return _term(next(iter(ox.parse(f"<x:s> <x:p> {cell} .", ox.RdfFormat.TURTLE))).object)


READERS = {".srx": _read_xml, ".srj": _read_json, ".csv": _read_csv, ".tsv": _read_tsv}


def same(expected: Result, got: Result, *, lax: bool = False) -> bool:
    """Whether two results are the same, blank nodes by their place and rows in any order."""
    if expected.rows is not None and got.rows is not None:
        names = sorted({name for row in expected.rows + got.rows for name in row})
        left, right = (
            [tuple(row.get(name) for name in names) for row in result] for result in (expected.rows, got.rows)
        )
        if lax:
            allowed, there = Counter(left), Counter(right)
            return set(allowed) == set(there) and all(there[row] <= allowed[row] for row in there)
        return _alike(left, right)
    if expected.triples is not None and got.triples is not None:
        return _alike(list(expected.triples), list(got.triples))
    return expected.truth is not None and expected.truth == got.truth


def _alike(left: list[Row], right: list[Row]) -> bool:
    """Whether two bags of rows are equal after renaming the blank nodes of one of them."""
    if len(left) != len(right):
        return False
    blank, wanted = _blanks(left), Counter(right)
    partners = _blanks(right)
    tries = 0

    def matches(index: int, names: dict[Term, Term]) -> bool:
        nonlocal tries
        tries += 1
        if tries > _MOST_TRIES:
            return False
        if index == len(blank):
            return Counter(tuple(names.get(term, term) for term in row) for row in left) == wanted
        node, places = blank[index]
        return any(
            matches(index + 1, {**names, node: partner})
            for partner, others in partners
            if others == places and partner not in names.values()
        )

    return len(blank) == len(partners) and matches(0, {})


def _blanks(rows: list[Row]) -> list[tuple[Term, Counter[str]]]:
    """The blank nodes, each with what is seen of it where it stands."""
    seen: dict[Term, Counter[str]] = {}
    for row in rows:
        for term in set(row):
            if term is not None and term[0] == "blank":
                view = ["this" if other == term else "_" if other and other[0] == "blank" else other for other in row]
                seen.setdefault(term, Counter())[repr(view)] += 1
    return sorted(seen.items(), key=lambda item: repr(sorted(item[1].items())))
