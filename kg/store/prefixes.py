"""The usual prefixes: put before a query that uses them, and taken out of IRIs that a person reads."""

from __future__ import annotations

import re

from kg.rdf.namespaces import PREFIXES
from kg.store.tokens import Kind, TextError, Token, tokens

_NAMESPACES = {namespace: prefix for prefix, namespace in PREFIXES.items()}
_LOCAL_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")


def with_prefixes(query: str) -> str:
    r"""The query with the usual prefixes that it uses and does not declare, all on one line put before it.

    Where none is missing the query is returned as it is, so that line numbers shift by one line or not at all.

    >>> with_prefixes("ASK { ?x a skos:Concept }")
    'PREFIX skos: <http://www.w3.org/2004/02/skos/core#>\nASK { ?x a skos:Concept }'
    """
    missing = [name for name in undeclared(query) if name in PREFIXES]
    if not missing:
        return query
    return " ".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in missing) + "\n" + query


def undeclared(query: str) -> dict[str, Token]:
    """The prefixes that a query uses and does not declare, in order of use, each with its first use."""
    declared: set[str] = set()
    used: dict[str, Token] = {}
    before = ""
    try:
        for token in tokens(query):
            if token.kind is Kind.NAME:
                name = token.text.partition(":")[0]
                if before == "PREFIX":
                    declared.add(name)
                else:
                    used.setdefault(name, token)
            before = token.text.upper() if token.kind is Kind.WORD else ""
    except TextError:
        # What follows the fault is never evaluated, so no prefix is needed there.
        pass
    return {name: token for name, token in used.items() if name not in declared}


def shortened(iri: str) -> str:
    """The IRI with a usual prefix where what is left is a plain local name, else the IRI as it is.

    >>> shortened("https://w3id.org/disarm-kg/id/technique/T0146.006")
    'disarm:T0146.006'
    """
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = _NAMESPACES.get(iri[:cut])
    return f"{prefix}:{iri[cut:]}" if prefix and _LOCAL_NAME.fullmatch(iri, cut) else iri
