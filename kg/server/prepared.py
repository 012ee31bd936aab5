"""Pages that are made once for a graph and then served as they are: the query page and the explorer."""

from __future__ import annotations

import json
import re
import string
from typing import TYPE_CHECKING

from kg.queries import named_queries
from kg.rdf.namespaces import ID, NS, PREFIXES
from kg.resources import ontology_folder
from kg.server.negotiation import HTML
from kg.server.pages import render_home
from kg.server.replies import Reply
from kg.server.styles import QUERY_SCRIPT, QUERY_STYLE, asset

if TYPE_CHECKING:
    from kg.server.jobs import State
    from kg.server.wire import Message

_FIRST = """# Which incidents used AI media platforms, or any sub-technique of T0154?
SELECT ?incident ?title ?technique WHERE {
  ?incident a kg:Incident ; dcterms:title ?title ; kg:usesTechnique ?technique .
  ?technique skos:broader* disarm:T0154 .
}
ORDER BY ?incident
LIMIT 20
"""
_COUNTED = {
    "incidents": "Incident",
    "techniques": "Technique",
    "observations": "Observation",
    "references": "Reference",
}
_BORROWED = (
    *("rdf:type", "rdfs:label", "rdf:value", "skos:prefLabel", "skos:altLabel", "skos:broader", "skos:notation"),
    *("skos:exactMatch", "skos:inScheme", "dcterms:title", "dcterms:identifier", "dcterms:references"),
    *("dcterms:description", "prov:wasDerivedFrom", "schema:url", "schema:datePublished", "schema:publisher"),
    *("oa:hasTarget", "oa:hasSelector", "oa:start", "oa:end", "sh:focusNode", "sh:resultMessage", "owl:deprecated"),
)


def query_page(state: State, message: Message) -> Reply:
    """The query page."""
    del state, message
    block = {
        "base": ID,
        "prefixes": PREFIXES,
        "terms": _terms(),
        "first": _FIRST,
        "queries": [
            {"name": query.name, "title": query.title, "description": query.description, "text": query.text}
            for query in named_queries().values()
        ],
    }
    # No HTML parser can read this as anything but text.
    data = json.dumps(block).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    page = string.Template(asset("query.html")).substitute(style=QUERY_STYLE, script=QUERY_SCRIPT, data=data)
    return Reply(body=page.encode(), content_type=HTML.content_type)


def explorer_page(state: State, message: Message) -> Reply:
    """The explorer."""
    del message
    from kg.views.explorer import render_explorer  # noqa: PLC0415 - in the one process that draws it

    return Reply(body=render_explorer(state.store, api="api/").encode(), content_type=HTML.content_type)


def home_page(state: State, message: Message) -> Reply:
    """The front page."""
    del message
    counts = dict.fromkeys(_COUNTED, 0)
    rows = state.store.select("SELECT ?class (COUNT(?x) AS ?n) { ?x a ?class } GROUP BY ?class").values()
    for row in rows:
        for name, class_ in _COUNTED.items():
            if row[0] == NS + class_:
                counts[name] = int(row[1] or 0)
    return Reply(
        body=render_home(counts, [(query.name, query.title) for query in named_queries().values()]).encode(),
        content_type=HTML.content_type,
    )


def ontology(state: State, message: Message) -> Reply:
    """Our classes and properties."""
    del state, message
    return Reply(body=(ontology_folder() / "kg.ttl").read_bytes(), content_type="text/turtle; charset=utf-8")


def _terms() -> list[dict[str, str]]:
    """Our own terms with the first words of their definitions, and those of others that the data uses most."""
    text = (ontology_folder() / "kg.ttl").read_text(encoding="utf-8")
    own = [{"name": f"kg:{name}", "about": about.split(". ")[0][:60]} for name, about in _definitions(text)]
    return own + [{"name": name, "about": ""} for name in _BORROWED]


def _definitions(text: str) -> list[tuple[str, str]]:
    found = {}
    for block in re.split(r"\n\n+", text):
        name = re.match(r"kg:(\w+)\b", block)
        about = re.search(r'skos:definition "((?:[^"\\]|\\.)*)"|rdfs:comment "((?:[^"\\]|\\.)*)"', block)
        if name:
            found[name[1]] = (about[1] or about[2] or "") if about else ""
    return sorted(found.items())
