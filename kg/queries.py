"""Named queries: the files of ontology/queries, their parameters, and how a value is put into them.

A file begins with comment lines ``# title: ...``, ``# description: ...`` and, for each parameter,
``# param NAME: DEFAULT -- what it is``. The query holds the default in one or more blocks
``VALUES ?given_NAME { "DEFAULT" }``, so that it runs as it stands on any SPARQL engine; :func:`bind` puts another
string literal there and touches nothing else. Where incidents are counted a line ``# narrow: ?NAME`` stands before
the first pattern that names them: :func:`narrow` puts there which incidents are meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import QueryError, unknown_name
from kg.resources import ontology_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_FIELD = re.compile(r"^# (title|description): (.+)$", re.MULTILINE)
_PARAMETER = re.compile(r"^# param ([a-z]+): (\S+) -- (.+)$", re.MULTILINE)
_NARROW = re.compile(r"^( *)# narrow: \?(\w+)$", re.MULTILINE)
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """What may be set in a named query; every value is a plain string, also of a number."""

    name: str
    default: str
    description: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query of ontology/queries; ``text`` runs as it stands, with the defaults."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str


def named_queries() -> dict[str, NamedQuery]:
    """Every named query, by name."""
    files = sorted((ontology_folder() / "queries").glob("*.rq"))
    return {file.stem: parse_named_query(file.stem, file.read_text(encoding="utf-8")) for file in files}


def find_query(name: str) -> NamedQuery:
    """The query of this name.

    Raises:
        UnknownNameError: There is none.
    """
    queries = named_queries()
    if name not in queries:
        raise unknown_name("query", name, queries)
    return queries[name]


def parse_named_query(name: str, text: str) -> NamedQuery:
    r"""A query from the text of its file; a title or description that is not given is empty.

    >>> query = parse_named_query("q", '# title: A list\n# param tactic: TA01 -- the tactic\n')
    >>> query.title, query.parameters[0].default
    ('A list', 'TA01')
    """
    fields: dict[str, str] = {found[1]: found[2] for found in _FIELD.finditer(text)}
    parameters = tuple(Parameter(found[1], found[2], found[3]) for found in _PARAMETER.finditer(text))
    return NamedQuery(name, fields.get("title", ""), fields.get("description", ""), parameters, text)


def bind(query: NamedQuery, params: Mapping[str, str]) -> str:
    r"""The text of a query with other values for some of its parameters.

    >>> text = 'SELECT * { VALUES ?given_tactic { "TA01" } }'
    >>> query = NamedQuery("q", "", "", (Parameter("tactic", "TA01", ""),), text)
    >>> bind(query, {"tactic": 'TA"02'})
    'SELECT * { VALUES ?given_tactic { "TA\\"02" } }'

    Raises:
        UnknownNameError: The query has no such parameter.
        QueryError: A value cannot be written as a string literal that every engine reads alike.
    """
    known = [parameter.name for parameter in query.parameters]
    text = query.text
    for name, value in params.items():
        if name not in known:
            raise unknown_name(f"parameter of the query {query.name!r}", name, known)
        literal = _literal(name, value)
        text = re.sub(
            rf'(VALUES \?given_{name} \{{ )"(?:[^"\\\n]|\\.)*"( \}})',
            lambda found, literal=literal: f"{found[1]}{literal}{found[2]}",  # type: ignore[misc]
            text,
        )
    return text


def narrow(query: NamedQuery, text: str, incidents: Iterable[str]) -> str:
    r"""The text of a query, bound or not, that sees these incidents alone.

    >>> text = "SELECT ?i {\n  # narrow: ?i\n  ?i a kg:Incident }"
    >>> print(narrow(NamedQuery("q", "", "", (), text), text, ["https://example.org/I1"]))
    SELECT ?i {
      VALUES ?i { <https://example.org/I1> }
      ?i a kg:Incident }

    Raises:
        QueryError: The query asks of no incidents, or of one alone.
    """
    if _NARROW.search(text) is None:
        raise QueryError(f"query {query.name!r}: asks of no set of incidents; leave the filters out")
    block = " ".join(f"<{incident}>" for incident in sorted(incidents))
    return _NARROW.sub(lambda found: f"{found[1]}VALUES ?{found[2]} {{ {block} }}", text)


def _literal(name: str, value: str) -> str:
    # SPARQL replaces \u escapes before it parses, and engines differ on whether `\\u0022` is one: that would let a
    # value close its own string. A value that an encoding error has torn ("\udc80") is no text at all.
    torn = any("\ud800" <= character <= "\udfff" for character in value)
    if torn or "\0" in value or re.search(r"\\[uU]", value):
        raise QueryError(f"parameter {name}: {value!r} cannot stand in a query; give an id such as T0154.002")
    return f'"{value.translate(_ESCAPES)}"'
