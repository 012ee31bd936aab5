"""Which form of an answer a client gets: RFC 9110, 12.5.1, with the most specific range deciding on each form."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Form(NamedTuple):
    """A form that is offered.

    Attributes:
        name: Of :data:`kg.store.formats.FORMATS`, or of our own (``html``).
        media_type: As the answer names it.
        also: What a client may call it besides.
    """

    name: str
    media_type: str
    also: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The value of Content-Type."""
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


HTML = Form("html", "text/html", ("application/xhtml+xml",))
ROWS = (
    Form("json", "application/sparql-results+json", ("application/json",)),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv"),
    Form("tsv", "text/tab-separated-values"),
)
GRAPHS = (
    Form("turtle", "text/turtle", ("application/x-turtle",)),
    Form("ntriples", "application/n-triples", ("text/plain",)),
    Form("jsonld", "application/ld+json", ("application/json",)),
    Form("rdfxml", "application/rdf+xml", ("application/xml", "text/xml")),
    # Every Turtle document is a TriG document, and every N-Triples document an N-Quads document.
    Form("turtle", "application/trig"),
    Form("ntriples", "application/n-quads"),
)

_ITEM = re.compile(r"\s*([a-z0-9!#$&^_.+*-]+)/([a-z0-9!#$&^_.+*-]+)\s*((?:;[^,]*)?)\Z", re.IGNORECASE)
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|\Z)", re.IGNORECASE)
_MOST_ITEMS = 64


def choose(accept: str | None, offered: Sequence[Form]) -> Form | None:
    """The form that a client likes best, the first of those it likes alike; None where it takes none of them.

    >>> choose("text/csv;q=0.9, application/json", ROWS).name
    'json'
    >>> choose("image/png", ROWS) is None
    True
    """
    ranges = _parsed(accept or "")
    if not ranges:
        return offered[0]
    best: Form | None = None
    liked = 0.0
    for form in offered:
        named = [quality for kind, subtype, quality in ranges if f"{kind}/{subtype}" in form.also]
        quality = max(_quality(form.media_type, ranges), *named, 0.0)
        if quality > liked:
            best, liked = form, quality
    return best


def by_name(name: str, offered: Sequence[Form]) -> Form | None:
    """The form with a name, or a media type, such as a ``format`` parameter gives."""
    plain = name.strip().lower()
    for form in offered:
        if plain in {form.name, form.media_type, *form.also}:
            return form
    return None


def _parsed(accept: str) -> list[tuple[str, str, float]]:
    """Type, subtype and quality of each range; what is malformed is left out."""
    ranges = []
    for item in accept.split(",", _MOST_ITEMS)[:_MOST_ITEMS]:
        found = _ITEM.match(item)
        if found:
            quality = _QUALITY.search(found[3])
            ranges.append((found[1].lower(), found[2].lower(), min(float(quality[1]), 1.0) if quality else 1.0))
    return ranges


def _quality(media_type: str, ranges: list[tuple[str, str, float]]) -> float:
    kind, _, subtype = media_type.partition("/")
    found, specific = 0.0, 0
    for range_kind, range_subtype, quality in ranges:
        if (range_kind, range_subtype) == (kind, subtype):
            rank = 3
        elif (range_kind, range_subtype) == (kind, "*"):
            rank = 2
        elif (range_kind, range_subtype) == ("*", "*"):
            rank = 1
        else:
            continue
        if rank > specific or (rank == specific and quality > found):
            found, specific = quality, rank
    return found
