"""Pages to read: of one thing, of what a search found, and the front page.

They hold no script at all, and their policy lets none run. Text of the data is escaped, links go to our own pages by
relative addresses (so that a proxy may show them under any path) and to http and https alone.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.iris import by_disarm_id
from kg.rdf.namespaces import ID
from kg.server.styles import STYLE
from kg.store.prefixes import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.server.things import Told

_DISARM_ID = re.compile(r"[A-Z]{1,2}\d{2,5}(?:\.\d{3})?(?:_[0-9.]+)?")
_URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
_SHOWN = 60


def page(title: str, body: str, *, up: str = "") -> str:
    """A whole page; ``up`` leads from its address to the root."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)} · disarm-kg</title><style>{STYLE}</style></head><body>"
        f'<header><a href="{up or "./"}">disarm-kg</a><form action="{up}search" role="search">'
        '<label>Search <input name="q" type="search"></label></form>'
        f'<nav><a href="{up}query">Query</a> <a href="{up}explore">Explore</a> <a href="{up}openapi.json">API</a></nav>'
        f"</header><main><h1>{html.escape(title)}</h1>{body}</main></body></html>\n"
    )


def render_thing(told: Told, labels: Mapping[str, str]) -> str:
    """The page of one thing."""
    path = told.iri.removeprefix(ID)
    kind, _, identifier = path.partition("/")
    title = told.card.title if told.card else labels.get(told.iri) or _name_of(told) or identifier
    forms = " ".join(
        f'<a href="?format={name}" rel="alternate">{label}</a>'
        for name, label in (
            ("turtle", "Turtle"),
            ("jsonld", "JSON-LD"),
            ("ntriples", "N-Triples"),
            ("rdfxml", "RDF/XML"),
        )
    )
    name, iri = html.escape(f"{kind} {identifier}"), html.escape(told.iri)
    lead = f"<p class=meta><b>{name}</b> <code>{iri}</code> {forms}</p>"
    return page(title, lead + _card(told, labels) + _statements(told, labels), up="../")


def iris_in_text(told: Told) -> set[str]:
    """What the ids in texts and cells would lead to, whether it is there or not."""
    cells = [value for _, value in told.card.fields] if told.card else []
    cells += [cell for section in (told.card.sections if told.card else ()) for row in section.rows for cell in row]
    cells += [value.value for _, value in told.says if isinstance(value, ox.Literal)]
    return {iri for cell in cells for _, iri in _ids_in(cell)}


def render_results(query: str, found: Sequence[Mapping[str, str]], more: bool) -> str:  # noqa: FBT001 - one call
    """The page of a search."""
    rows = [
        (_own_link(one["iri"], one["id"], ""), html.escape(one["kind"]), html.escape(one["label"])) for one in found
    ]
    note = "<p>There are more; add a word.</p>" if more else "" if found else "<p>Nothing was found.</p>"
    return page(f"Search: {query}", _table(("id", "kind", "name"), rows) + note)


def render_home(counts: Mapping[str, int], examples: Iterable[tuple[str, str]]) -> str:
    """The front page."""
    told = " ".join(f"<span><b>{number:,}</b> {html.escape(name)}</span>" for name, number in counts.items())
    listing = "".join(
        f'<li><a href="query#name={html.escape(name)}">{html.escape(title)}</a></li>' for name, title in examples
    )
    return page(
        "Disinformation incidents as a graph",
        f"<p class=meta>{told}</p>"
        '<p>Ask it in <a href="query">SPARQL</a>, <a href="explore">explore</a> what goes together, or use the '
        '<a href="openapi.json">API</a>. The endpoint is <code>/sparql</code>; whole graphs are at '
        '<a href="data?default">/data</a>.</p>'
        f"<h2>Questions that are ready to ask</h2><ul>{listing}</ul>",
    )


def _card(told: Told, labels: Mapping[str, str]) -> str:
    if told.card is None:
        return ""
    parts = []
    if told.card.fields:
        parts.append(_table(None, [(html.escape(label), _text(value, labels)) for label, value in told.card.fields]))
    for head, text in told.card.texts:
        parts.append(f"<h2>{html.escape(head)}</h2><p>{html.escape(text)}</p>")
    for section in told.card.sections:
        rows = [tuple(_text(cell, labels) for cell in row) for row in section.rows]
        parts.append(f"<h2>{html.escape(section.title)}</h2>{_table(section.columns, rows)}")
    return "".join(parts)


def _statements(told: Told, labels: Mapping[str, str]) -> str:
    says = [(html.escape(shortened(predicate.value)), _value(value, labels)) for predicate, value in told.says]
    pointing = [
        (_value(subject, labels), html.escape(shortened(predicate.value))) for subject, predicate in told.pointing
    ]
    parts = [f"<h2>Statements</h2>{_table(None, says)}"]
    if pointing:
        more = "<p>More point at it; ask for them in SPARQL.</p>" if told.more else ""
        parts.append(f"<h2>What points at it</h2>{_table(None, pointing)}{more}")
    return "<details><summary>All statements</summary>" + "".join(parts) + "</details>" if told.card else "".join(parts)


def _table(head: Iterable[str] | None, rows: Sequence[Sequence[str]]) -> str:
    """A table; cells are markup of ours already."""
    if not rows:
        return ""
    top = "".join(f"<th>{html.escape(name)}</th>" for name in head or ())
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<div class=wide><table>{f'<thead><tr>{top}</tr></thead>' if top else ''}<tbody>{body}</tbody></table></div>"
    )


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, labels: Mapping[str, str]) -> str:
    if isinstance(term, ox.NamedNode):
        label = labels.get(term.value)
        if term.value.startswith(ID):
            name = f" {html.escape(label)}" if label else ""
            return _own_link(term.value, term.value.removeprefix(ID).rpartition("/")[2], "../") + name
        return _outward(term.value, shortened(term.value))
    if isinstance(term, ox.Literal):
        language = f" <small>@{html.escape(term.language)}</small>" if term.language else ""
        return _text(term.value, labels) + language
    return html.escape(str(term))


def _text(text: str, labels: Mapping[str, str]) -> str:
    """Text with links where it is an address, or ids of what is there: a retired technique has no page."""
    if _URL.fullmatch(text):
        return _outward(text, text)
    pieces, done = [], 0
    for found, iri in _ids_in(text):
        if iri in labels:
            pieces += [html.escape(text[done : found.start()]), _own_link(iri, found[0], "../")]
            done = found.end()
    return "".join(pieces) + html.escape(text[done:])


def _ids_in(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """The ids of DISARM in a text that stand as words, each with the IRI it stands for."""
    for found in _DISARM_ID.finditer(text):
        iri = by_disarm_id(found[0])
        if iri is not None and not text[max(found.start() - 1, 0) : found.start()].isalnum():
            yield found, iri


def _own_link(iri: str, name: str, up: str) -> str:
    return f'<a href="{html.escape(up + iri.removeprefix(ID))}">{html.escape(name)}</a>'


def _outward(address: str, name: str) -> str:
    shown = name if len(name) <= _SHOWN else name[:_SHOWN] + "…"
    if not _URL.fullmatch(address):
        return html.escape(name)
    return f'<a href="{html.escape(address)}" rel="nofollow noopener noreferrer">{html.escape(shown)}</a>'


def _name_of(told: Told) -> str:
    for predicate, value in told.says:
        if predicate.value.endswith(("#prefLabel", "/title")) and isinstance(value, ox.Literal):
            return value.value
    return ""
