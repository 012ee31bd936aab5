"""How triples are written: Turtle, N-Triples, JSON-LD and RDF/XML, sorted, with the usual prefixes that are used.

Written here and not by the engine, whose choice and order of prefixes changes from run to run, and whose RDF/XML is
not well-formed for every graph.
"""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import pyoxigraph as ox

from kg.errors import OutputError
from kg.rdf.namespaces import PREFIXES
from kg.store.prefixes import shortened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.store.answers import Term, Triples

_XSD = PREFIXES["xsd"]
_TYPE = PREFIXES["rdf"] + "type"
_BARE = {
    _XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    _XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    _XSD + "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)[eE][+-]?[0-9]+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_FORBIDDEN = frozenset(
    f"{PREFIXES['rdf']}{name}"
    for name in ("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description", "li")
)
RDFXML_END = "</rdf:RDF>\n"
_NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*$")
_CUT_END = re.compile(rb"\n(?:# |<!-- )truncated after [0-9]+ triples(?: -->)?\n\Z")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def render_triples(triples: Triples, name: str, *, replace: bool = False) -> bytes:
    """A graph in ``turtle``, ``ntriples``, ``jsonld`` or ``rdfxml``, in UTF-8.

    Args:
        triples: The graph. One that is cut short says so in a comment, where the format has comments.
        name: The format.
        replace: Put U+FFFD for characters that XML cannot hold, instead of an error.

    Raises:
        OutputError: the format cannot say what the graph says.
    """
    if name == "rdfxml":
        return as_xml(_rdfxml(triples) + _cut_note(triples, name), replace=replace).encode()
    return (_cut_note(triples, name) + _WRITERS[name](triples)).encode()


def cut_note(name: str, cut_after: int) -> str:
    """A comment that says after how many triples a graph was cut; empty where a format has none."""
    said = f"truncated after {cut_after} triples"
    return {"turtle": f"# {said}\n", "ntriples": f"# {said}\n", "rdfxml": f"<!-- {said} -->\n"}.get(name, "")


def ends_cut(body: bytes) -> bool:
    """Whether a graph ends with the comment of :func:`cut_note`."""
    return _CUT_END.search(body[-100:]) is not None


def _cut_note(triples: Triples, name: str) -> str:
    return cut_note(name, len(triples)) if triples.truncated else ""


def as_xml(text: str, *, replace: bool = False) -> str:
    """XML text with its carriage returns kept through parsing.

    Args:
        text: XML, but for characters that XML 1.0 cannot hold.
        replace: Put U+FFFD in their place.

    Raises:
        OutputError: a character of it cannot stand in XML 1.0.
    """
    found = None if replace else _NOT_XML.search(text)
    if replace:
        text = _NOT_XML.sub("\ufffd", text)
    if found:
        message = f"XML cannot hold the character U+{ord(found[0]):04X}; choose a format that is not XML"
        raise OutputError(message)
    return text.replace("\r", "&#13;")


def ntriples_of(triples: Iterable[ox.Triple]) -> str:
    """Lines of N-Triples."""
    return "".join(f"{triple} .\n" for triple in triples)


def _turtle(triples: Triples) -> str:
    head, body = turtle_head(_used(triples)), turtle_of(triples)
    return head + body if head else body.removeprefix("\n")


def turtle_head(prefixes: Iterable[str]) -> str:
    """The declarations of prefixes."""
    return "".join(f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n" for prefix in prefixes)


def turtle_of(triples: Iterable[ox.Triple]) -> str:
    """Turtle without the declarations; what follows one another with the same subject stands together."""
    lines: list[str] = []
    for subject, statements in itertools.groupby(triples, key=lambda triple: triple.subject):
        block = []
        for predicate, group in itertools.groupby(statements, key=lambda triple: triple.predicate):
            verb = "a" if predicate.value == _TYPE else _turtle_term(predicate)
            block.append(f"{verb} {', '.join(_turtle_term(triple.object) for triple in group)}")
        said = " ;\n    ".join(block)
        lines.append(f"\n{_turtle_term(subject)} {said} .\n")
    return "".join(lines)


def _turtle_term(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        short = shortened(term.value)
        return str(term) if short == term.value else short
    if isinstance(term, ox.Triple):
        return f"<<( {' '.join(_turtle_term(part) for part in term)} )>>"
    if isinstance(term, ox.BlankNode) or term.language:
        return str(term)
    datatype = term.datatype.value
    if datatype in _BARE and _BARE[datatype].fullmatch(term.value):
        return term.value
    return str(ox.Literal(term.value)) + ("" if datatype == f"{_XSD}string" else f"^^{_turtle_term(term.datatype)}")


def _jsonld(triples: Triples) -> str:
    said = {"@context": jsonld_context(_used(triples)), "@graph": jsonld_of(triples)}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def jsonld_context(prefixes: Iterable[str]) -> dict[str, str]:
    """The context that declares prefixes."""
    return {prefix: PREFIXES[prefix] for prefix in prefixes}


def jsonld_of(triples: Iterable[ox.Triple]) -> list[dict[str, object]]:
    """Objects of JSON-LD, one for what follows one another with the same subject.

    Raises:
        OutputError: JSON-LD cannot say it.
    """
    nodes: list[dict[str, object]] = []
    for subject, statements in itertools.groupby(triples, key=lambda triple: triple.subject):
        node: dict[str, object] = {"@id": _jsonld_name(subject)}
        for predicate, group in itertools.groupby(statements, key=lambda triple: triple.predicate):
            objects = [triple.object for triple in group]
            if predicate.value == _TYPE and not any(isinstance(term, ox.Literal) for term in objects):
                node["@type"] = [_jsonld_name(term) for term in objects]
            else:
                node[_jsonld_name(predicate)] = [_jsonld_value(term) for term in objects]
        nodes.append(node)
    return nodes


def _jsonld_name(term: Term) -> str:
    if isinstance(term, ox.BlankNode):
        return str(term)
    if isinstance(term, ox.NamedNode):
        scheme = term.value.partition(":")[0]
        if scheme in PREFIXES and shortened(term.value) == term.value and not term.value.startswith(f"{scheme}://"):
            message = f"JSON-LD would take <{term.value}> for a name with the prefix {scheme}; choose turtle"
            raise OutputError(message)
        return shortened(term.value)
    message = "JSON-LD cannot hold a triple in a triple; choose turtle or ntriples"
    raise OutputError(message)


def _jsonld_value(term: Term) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": _jsonld_name(term)}
    said = {"@value": term.value}
    if term.language:
        said["@language"] = term.language
        if term.direction is not None:
            said["@direction"] = str(term.direction)
    elif term.datatype.value != f"{_XSD}string":
        said["@type"] = _jsonld_name(term.datatype)
    return said


def _rdfxml(triples: Triples) -> str:
    return rdfxml_head(_used(triples)) + rdfxml_of(triples) + RDFXML_END


def rdfxml_head(prefixes: Iterable[str]) -> str:
    """What stands before the statements in RDF/XML."""
    used = ["rdf", *(prefix for prefix in prefixes if prefix != "rdf")]
    spaces = "".join(f"\n    xmlns:{prefix}={quoteattr(PREFIXES[prefix])}" for prefix in used)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{spaces}>\n'


def rdfxml_of(triples: Iterable[ox.Triple]) -> str:
    """Elements of RDF/XML, one for what follows one another with the same subject; see :func:`as_xml`.

    Raises:
        OutputError: RDF/XML cannot say it.
    """
    lines: list[str] = []
    for subject, statements in itertools.groupby(triples, key=lambda triple: triple.subject):
        lines.append(f"  <rdf:Description{_xml_reference('about', subject)}>\n")
        lines += (f"    {_xml_property(triple)}\n" for triple in statements)
        lines.append("  </rdf:Description>\n")
    return "".join(lines)


def _xml_property(triple: ox.Triple) -> str:
    name, space = _xml_name(triple.predicate.value)
    term = triple.object
    if not isinstance(term, ox.Literal):
        return f"<{name}{space}{_xml_reference('resource', term)}/>"
    if term.direction is not None:
        message = "RDF/XML cannot hold the direction of a text; choose turtle or ntriples"
        raise OutputError(message)
    kind = ""
    if term.language:
        kind = f" xml:lang={quoteattr(term.language)}"
    elif term.datatype.value != f"{_XSD}string":
        kind = f" rdf:datatype={quoteattr(term.datatype.value)}"
    return f"<{name}{space}{kind}>{escape(term.value)}</{name}>"


def _xml_name(iri: str) -> tuple[str, str]:
    short = shortened(iri)
    if short != iri and iri not in _FORBIDDEN and _NCNAME.match(short.partition(":")[2]):
        return short, ""
    # The longest end of the IRI that is a name; the rest is its namespace.
    local = re.search(r"[A-Za-z_][A-Za-z0-9_.-]*$", iri)
    if local is None or local.start() == 0 or iri in _FORBIDDEN:
        message = f"RDF/XML cannot name the property <{iri}>; choose turtle"
        raise OutputError(message)
    return f"p:{local[0]}", f" xmlns:p={quoteattr(iri[: local.start()])}"


def _xml_reference(attribute: str, term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        return f" rdf:{attribute}={quoteattr(term.value)}"
    if isinstance(term, ox.BlankNode):
        return f" rdf:nodeID={quoteattr(term.value)}"
    message = "RDF/XML cannot hold a triple in a triple; choose turtle or ntriples"
    raise OutputError(message)


def _used(triples: Triples) -> list[str]:
    found = {shortened(iri).partition(":")[0] for iri in _iris(triples) if shortened(iri) != iri}
    return [prefix for prefix in PREFIXES if prefix in found]


def _iris(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Triple):
            yield from _iris(term)
        elif isinstance(term, ox.Literal) and not term.language:
            yield term.datatype.value


_WRITERS: dict[str, Callable[[Triples], str]] = {
    "turtle": _turtle,
    "ntriples": ntriples_of,
    "jsonld": _jsonld,
}
