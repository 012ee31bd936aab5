"""Cards: everything the graph says of one thing, with the evidence, as data that a terminal or a page can show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.analysis.card_queries import FIELDS, SECTIONS, TEXTS
from kg.analysis.lookup import find_thing
from kg.analysis.mentions import find_mentions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.protocol import TripleStore


@dataclass(frozen=True, slots=True)
class Section:
    """A table of a card: title, column names, rows of strings."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A name to be highlighted: ``text[start:end]`` of the text under ``heading``, which may be the title."""

    heading: str
    start: int
    end: int
    kind: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Card:
    """All that is known of one thing.

    Attributes:
        identifier: Its id: DISARM's, its own source's, or of the lists of actors, platforms and countries.
        kind: incident, technique, tactic, actor, ...
        iri: Its IRI.
        title: Its name.
        fields: Label and value, in order of display.
        texts: Heading and prose, where the graph holds text.
        sections: Tables of what hangs on it, empty ones left out.
        marks: The names read in its title and its texts, in order of place; none where no mention was read.
    """

    identifier: str
    kind: str
    iri: str
    title: str
    fields: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    sections: tuple[Section, ...] = field(default=())
    marks: tuple[Mark, ...] = ()


def card(store: TripleStore, identifier: str) -> Card:
    """The card of an incident, technique, tactic, counter, any other object of DISARM, an actor, platform or country.

    Args:
        store: The graph.
        identifier: An id such as ``I00100`` or ``T0154.002``, or the name of an actor, a platform or a country; see
            :func:`kg.analysis.lookup.find_thing`.

    Raises:
        UnknownNameError: The graph holds nothing under it, or several things have this name.
    """
    named = find_thing(store, identifier)
    iri, kind = named.iri, named.kind
    return Card(
        identifier=named.identifier,
        kind=kind,
        iri=iri,
        title=named.title,
        fields=tuple(_fields(store, kind, iri)),
        texts=tuple((row[0], row[1]) for query in _of(TEXTS, kind) for row in _strings(store, query, iri)),
        sections=tuple(_sections(store, kind, iri)),
        marks=tuple(_marks(store, named.identifier)) if kind == "incident" else (),
    )


def _marks(store: TripleStore, identifier: str) -> Iterator[Mark]:
    for row in find_mentions(store, identifier, everything=True):
        heading = f"passage {row.passage}" if row.passage else row.field
        yield Mark(heading, row.start, row.end, row.kind, row.entity, row.role)


def _of(table: dict[str, tuple[str, ...]], kind: str) -> tuple[str, ...]:
    return table.get(kind, ()) + table["*"]


def _strings(store: TripleStore, query: str, iri: str) -> Iterator[tuple[str, ...]]:
    # Only IRIs that were minted by us come here, so they hold no character that could end the <...>.
    for row in store.select(query.replace("$THIS", f"<{iri}>")).values():
        yield tuple(value or "" for value in row)


def _fields(store: TripleStore, kind: str, iri: str) -> Iterator[tuple[str, str]]:
    for label, query in (*FIELDS.get(kind, ()), *FIELDS["*"]):
        # A sector has no name but its id.
        values = [" ".join(dict.fromkeys(filter(None, row))) for row in _strings(store, query, iri)]
        if values:
            yield label, "; ".join(dict.fromkeys(values))


def _sections(store: TripleStore, kind: str, iri: str) -> Iterator[Section]:
    for title, query in (*SECTIONS.get(kind, ()), *SECTIONS["*"]):
        solutions = store.select(query.replace("$THIS", f"<{iri}>"))
        rows = tuple(tuple(value or "" for value in row) for row in solutions.values())
        if rows:
            columns = tuple(name.replace("_", " ") for name in solutions.variables)
            yield Section(title, columns, rows)
