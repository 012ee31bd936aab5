"""What workers do, by kind. Everything that touches the graph, a query or RDF happens in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.analysis.search import NameIndex
from kg.rdf.namespaces import BASE
from kg.server.apijobs import search, tell_card, tell_neighbours, tell_pair
from kg.server.graphjobs import describe_service, read_graph
from kg.server.negotiation import GRAPHS, ROWS, by_name, choose
from kg.server.prepared import explorer_page, home_page, ontology, query_page
from kg.server.replies import Reply
from kg.server.sending import reply_of_graph, reply_of_rows
from kg.server.things import see_thing, tell_thing
from kg.store.embedded import Dataset, Flow, GraphFlow
from kg.store.formats import render_answer
from kg.store.guard import check_query
from kg.store.most import Most

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from kg.server.limits import Limits
    from kg.server.negotiation import Form
    from kg.server.wire import Message
    from kg.store.embedded import EmbeddedStore

NOT_ACCEPTABLE = 406


@dataclass(slots=True)
class State:
    """What a worker has: the graph, and what was worked out of it before the workers were forked.

    Attributes:
        store: The graph.
        graphs: IRIs of its named graphs.
        limits: What a job may cost.
        public: Base of the addresses that the service gives of itself.
        descriptor: Of the channel to the front.
        private: Descriptors that are the keeper's alone.
        index: Names of the graph, from the first search on.
    """

    store: EmbeddedStore
    graphs: frozenset[str]
    limits: Limits
    public: str
    descriptor: int = -1
    private: tuple[int, ...] = ()
    index: NameIndex | None = None

    def names(self) -> NameIndex:
        """The names of the graph, ready to be searched."""
        if self.index is None:
            self.index = NameIndex.of(self.store)
        return self.index

    def labels(self, iris: Collection[str]) -> dict[str, str]:
        """Names of things, by IRI; those that have none are left out."""
        wanted = " ".join(f"<{iri}>" for iri in sorted(iris))
        query = f"""
            SELECT ?x (MIN(?name) AS ?label) WHERE {{
              VALUES ?x {{ {wanted} }}
              {{ ?x skos:prefLabel ?name FILTER(LANG(?name) IN ("", "en")) }} UNION {{ ?x dcterms:title ?name }}
            }} GROUP BY ?x
        """
        return {row[0]: row[1] for row in self.store.select(query).values() if row[0] and row[1]}


def answer_query(state: State, message: Message) -> Reply:
    """The answer to a query.

    Head: ``default``, ``named`` (IRIs), ``accept``, ``format``, ``gzip``, ``stream`` (whether the body may come in
    pieces of which nobody knows how many there will be); body: the query.
    """
    limits, head = state.limits, message.head
    text = message.body.decode()
    check_query(text, graphs=state.graphs, longest=limits.query, deepest=limits.nesting)
    named = "default" in head
    dataset = Dataset(tuple(head["default"]), tuple(head["named"])) if named else None
    answer = state.store.ask(text, dataset=dataset, base=BASE, most=Most(limits.rows, limits.answer))
    offered = GRAPHS if isinstance(answer, GraphFlow) else ROWS
    form = chosen(head.get("accept"), head.get("format"), offered)
    if form is None:
        return not_acceptable(offered)
    gzip, streamed = bool(head.get("gzip")), bool(head.get("stream"))
    if isinstance(answer, Flow):
        return reply_of_rows(answer, form, streamed=streamed, gzip=gzip)
    if isinstance(answer, GraphFlow):
        return reply_of_graph(answer, form, streamed=streamed, gzip=gzip)
    return Reply(body=render_answer(answer, form.name, replace=True), content_type=form.content_type)


def chosen(accept: str | None, name: str | None, offered: Sequence[Form]) -> Form | None:
    """The form that a parameter names, or that the client accepts."""
    return by_name(name, offered) if name else choose(accept, offered)


def not_acceptable(offered: Sequence[Form]) -> Reply:
    """The reply to a client that takes none of these forms."""
    listing = ", ".join(form.media_type for form in offered)
    return Reply.of_error(NOT_ACCEPTABLE, f"no form of this answer is accepted; it comes as {listing}")


JOBS: dict[str, Callable[[State, Message], Reply]] = {
    "query": answer_query,
    "graph": read_graph,
    "description": describe_service,
    "thing": tell_thing,
    "see-thing": see_thing,
    "search": search,
    "card": tell_card,
    "pair": tell_pair,
    "neighbours": tell_neighbours,
    "home": home_page,
    "query-page": query_page,
    "explorer": explorer_page,
    "ontology": ontology,
}
"""Kind of a job to what does it."""
