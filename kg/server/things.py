"""Jobs that tell one thing: its statements as RDF, or a page to read with its evidence and links."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.analysis.cards import Card, card
from kg.errors import UnknownNameError
from kg.rdf.namespaces import ID
from kg.server.negotiation import GRAPHS, HTML, by_name, choose
from kg.server.pages import iris_in_text, render_thing
from kg.server.replies import Reply
from kg.store.answers import Triples
from kg.store.formats import render_answer

if TYPE_CHECKING:
    from kg.server.jobs import State
    from kg.server.wire import Message

NOT_FOUND, NOT_ACCEPTABLE, SEE_OTHER = 404, 406, 303
MOST_POINTING = 500
"""Statements that point at a thing and are told with it; a page says how many there are besides."""


class Told(NamedTuple):
    """What is told of a thing.

    Attributes:
        iri: Its IRI.
        says: Its own statements: predicate, value.
        pointing: Statements that point at it: subject, predicate.
        more: Whether more point at it.
        card: What is known of it as an object of DISARM, with the evidence; None where it is none.
    """

    iri: str
    says: list[tuple[ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]
    pointing: list[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode]]
    more: bool
    card: Card | None


def see_thing(state: State, message: Message) -> Reply:
    """Where a thing is told, for its IRI names the thing itself. Head: ``path`` behind the base of IRIs, ``to``."""
    iri = ID + message.head["path"]
    if not _is_there(state, iri):
        return _missing()
    return Reply(SEE_OTHER, location=message.head["to"])


def tell_thing(state: State, message: Message) -> Reply:
    """A thing. Head: ``path`` behind the base of IRIs, ``accept``, ``format``, ``gzip``."""
    head = message.head
    iri = ID + head["path"]
    if not _is_there(state, iri):
        return _missing()
    offered = (HTML, *GRAPHS)
    # A client that says nothing is a program: it gets Turtle.
    accept = head.get("accept") or GRAPHS[0].media_type + ", */*;q=0.1"
    form = by_name(head["format"], offered) if head.get("format") else choose(accept, offered)
    if form is None:
        listing = ", ".join(form.media_type for form in offered)
        return Reply.of_error(NOT_ACCEPTABLE, f"no form of this is accepted; it comes as {listing}")
    told = told_of(state, iri)
    if form is HTML:
        body = render_thing(told, state.labels(_iris(told) | iris_in_text(told))).encode()
    else:
        body = render_answer(Triples(_triples(told)), form.name, replace=True)
    return Reply(body=body, content_type=form.content_type).packed(wanted=bool(head.get("gzip")))


def told_of(state: State, iri: str) -> Told:
    """What is told of a thing that is there."""
    node = ox.NamedNode(iri)
    default = ox.DefaultGraph()
    native = state.store.native
    says = [(quad.predicate, quad.object) for quad in native.quads_for_pattern(node, None, None, default)]
    found = list(itertools.islice(native.quads_for_pattern(None, None, node, default), MOST_POINTING + 1))
    pointing = [(quad.subject, quad.predicate) for quad in found[:MOST_POINTING]]
    try:
        shown = card(state.store, iri)
    except UnknownNameError:
        shown = None
    return Told(
        iri,
        sorted(says, key=str),
        sorted(pointing, key=str),  # type: ignore[arg-type]
        len(found) > MOST_POINTING,
        shown,
    )


def _is_there(state: State, iri: str) -> bool:
    try:
        node = ox.NamedNode(iri)
    except ValueError:
        return False
    quads = state.store.native.quads_for_pattern(node, None, None, ox.DefaultGraph())
    return next(iter(quads), None) is not None


def _missing() -> Reply:
    return Reply.of_error(NOT_FOUND, "there is nothing of this name here; /search finds things by their words")


def _triples(told: Told) -> list[ox.Triple]:
    node = ox.NamedNode(told.iri)
    own = [ox.Triple(node, predicate, value) for predicate, value in told.says]
    return own + [ox.Triple(subject, predicate, node) for subject, predicate in told.pointing]


def _iris(told: Told) -> set[str]:
    values = {value.value for _, value in told.says if isinstance(value, ox.NamedNode)}
    return values | {subject.value for subject, _ in told.pointing if isinstance(subject, ox.NamedNode)}
