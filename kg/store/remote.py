"""A SPARQL 1.1 endpoint as a store: asked in standard SPARQL over HTTP, read whole even where it cuts answers short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.errors import QueryError, StoreError
from kg.rdf.namespaces import GRAPH
from kg.store.answers import Solutions, Triples, Truth
from kg.store.embedded import EmbeddedStore
from kg.store.guard import check_query
from kg.store.prefixes import with_prefixes
from kg.store.received import GRAPHS, ROWS, read_answer
from kg.store.tokens import Kind, TextError, tokens
from kg.store.transport import RefusedError, checked_address, request

if TYPE_CHECKING:
    from collections.abc import Iterator

    import rdflib

    from kg.store.answers import Answer, Row

DEFAULT = GRAPH + "default"
"""The graph that stands for our default graph in stores whose own is the union of all graphs."""

_BAD_QUERY = frozenset({400, 422})
_ROUND = 500
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_EACH = "SELECT ?s ?p ?o WHERE {{ {} }}"


class RemoteStore:
    """An endpoint, asked like an embedded store.

    Where the endpoint holds the graph :data:`DEFAULT`, and the address names no default graph, that is the default
    graph and the others are the named ones.

    Attributes:
        path: Always None: it is no folder of this machine.
    """

    path = None

    def __init__(self, address: str) -> None:
        """Open an endpoint.

        Args:
            address: Its address; ``default-graph-uri`` and ``named-graph-uri`` in it go with every query.

        Raises:
            SourceError: it is no address that may be asked.
            StoreError: it does not answer as an endpoint does.
        """
        checked = checked_address(address)
        parts = urlsplit(checked)
        self._address = urlunsplit(parts._replace(query=""))
        self._given = parse_qsl(parts.query, keep_blank_values=True)
        self._where = self._address
        self._default: str | None = next((iri for name, iri in self._given if name == "default-graph-uri"), None)
        self._graphs: frozenset[str] | None = None
        if self._default is None and self._truth(f"ASK {{ GRAPH <{DEFAULT}> {{ ?s ?p ?o }} }}"):
            self._default = DEFAULT

    def __len__(self) -> int:
        counted = [f"{{ SELECT (COUNT(*) AS ?n) {{ {_of(graph)} }} }}" for graph in (None, *sorted(self.graphs()))]
        rows = self.select(f"SELECT (SUM(?n) AS ?all) {{ {' UNION '.join(counted)} }}")
        return int(next(rows.values())[0] or 0)

    def __repr__(self) -> str:
        return f"<RemoteStore {self._where}>"

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs, our own where it holds others too."""
        if self._graphs is None:
            rows = self._rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", []).values()
            found = {row[0] for row in rows if row[0]} - {self._default}
            ours = {iri for iri in found if iri.startswith(GRAPH)}
            self._graphs = frozenset(ours or found) if self._default else frozenset(found)
        return self._graphs

    def quads(self, graph: str | ox.DefaultGraph | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all graphs; in no set order."""
        wanted = (None, *sorted(self.graphs())) if graph is None else (graph if isinstance(graph, str) else None,)
        for name in wanted:
            into = ox.DefaultGraph() if name is None else ox.NamedNode(name)
            for subject, predicate, value in self.select(_EACH.format(_of(name))):
                # What stands in a store is a statement.
                yield ox.Quad(subject, predicate, value, into)  # type: ignore[arg-type]

    def select(self, query: str, *, union: bool = False) -> Solutions:
        """The rows of one of our own SELECT queries, read in pages where the endpoint cuts them."""
        return self._rows(query, self._dataset(union=union))

    def query(self, query: str, *, union: bool = False, checked: bool = True) -> Answer:
        """The answer to a user's query. See :class:`kg.store.protocol.TripleStore`."""
        if checked:
            check_query(query, graphs=None)
        form = _form_of(query)
        if form == "SELECT":
            return self._rows(query, self._dataset(union=union))
        return self._ask(query, self._dataset(union=union), GRAPHS if form in {"CONSTRUCT", "DESCRIBE"} else ROWS)[0]

    def holds(self, pattern: str, graph: str | None) -> bool:
        """Whether a graph (None for the endpoint's own default graph) holds what a pattern of ours says."""
        return self._truth(f"ASK {{ {pattern if graph is None else f'GRAPH <{graph}> {{ {pattern} }}'} }}")

    def count(self, graph: str | None) -> int:
        """How many statements a graph (None for the endpoint's own default graph) holds."""
        rows = self._rows(f"SELECT (COUNT(*) AS ?n) {{ {_of(graph)} }}", [])
        return int(next(rows.values())[0] or 0)

    def rdflib(self) -> rdflib.Dataset:
        """An rdflib.Dataset of a copy: what is added to it never reaches the endpoint."""
        return EmbeddedStore.from_quads(self.quads()).rdflib()

    def close(self) -> None:
        """Nothing is held open."""

    def _dataset(self, *, union: bool = False) -> list[tuple[str, str]]:
        """The parameters by which the protocol names the graphs to ask."""
        if self._default is None:
            if union:
                message = f"query: {self._where} names no graph for its default graph, so the union cannot be asked"
                raise QueryError(message)
            return list(self._given)
        if self._given and not union:
            return list(self._given)
        named = sorted(self.graphs())
        default = [self._default, *named] if union else [self._default]
        return [("default-graph-uri", iri) for iri in default] + [("named-graph-uri", iri) for iri in named]

    def _truth(self, query: str) -> bool:
        answer, _ = self._ask(query, [], ROWS)
        if not isinstance(answer, Truth):
            message = f"{self._where}: an ASK query was answered with something else than true or false"
            raise StoreError(message)
        return answer.holds

    def _rows(self, query: str, dataset: list[tuple[str, str]]) -> Solutions:
        answer, cut = self._ask(query, dataset, ROWS)
        if not isinstance(answer, Solutions):
            message = f"{self._where}: a SELECT query was answered with something else than rows"
            raise StoreError(message)
        # Some say that they have cut an answer, some do not; their bounds are round numbers.
        if not cut and (len(answer) == 0 or len(answer) % _ROUND):
            return answer
        head, body = _split(query)
        counted, _ = self._ask(f"{head}SELECT (COUNT(*) AS ?n) {{ {{ {body} }} }}", dataset, ROWS)
        whole = int(next(counted.values())[0] or 0) if isinstance(counted, Solutions) else 0
        if whole <= len(answer):
            return answer
        return self._pages(head, body, dataset, answer, whole)

    def _pages(self, head: str, body: str, dataset: list[tuple[str, str]], first: Solutions, whole: int) -> Solutions:
        """All rows, page by page in the order of all columns; then in the query's own order, where it has one."""
        size = len(first)
        names = first.variables
        columns = " ".join(f"?{name}" for name in names)
        ordered = f"SELECT {columns} {{ {{ {body} }} }} ORDER BY {columns}"
        if re.search(r"ORDER\s+BY", body, re.IGNORECASE):
            # An order of the author's decides, and must decide to the last row.
            ordered = f"SELECT {columns} {{ {{ {body} }} }}"
        rows: list[Row] = []
        while len(rows) < whole:
            # Within another SELECT: some engines sort only so many rows for an OFFSET.
            page = f"{head}SELECT {columns} {{ {{ {ordered} }} }} LIMIT {size} OFFSET {len(rows)}"
            answer, _ = self._ask(page, dataset, ROWS)
            if not isinstance(answer, Solutions) or not len(answer):
                message = f"{self._where}: gives {len(rows)} of {whole} rows and no more; raise its limit of rows"
                raise StoreError(message)
            rows += list(answer)
        if len(rows) != whole:
            message = f"{self._where}: gave {len(rows)} rows where it counted {whole}; it changed meanwhile: ask again"
            raise StoreError(message)
        return Solutions(names, rows)

    def _ask(self, query: str, dataset: list[tuple[str, str]], accept: str) -> tuple[Answer, bool]:
        """An answer, and whether the endpoint says that it was cut short."""
        form = urlencode([("query", with_prefixes(query)), *dataset]).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}
        try:
            received = request(self._address, method="POST", body=form, headers=headers)
        except RefusedError as error:
            if error.status in _BAD_QUERY:
                message = f"query: {error}"
                raise QueryError(message) from error
            raise
        said = received.headers
        if said.get("X-SQL-State"):
            message = f"{self._where}: gave up before the end of the answer; ask for less, or raise its time limit"
            raise StoreError(message)
        answer = read_answer(received, self._where)
        if isinstance(answer, Triples) and (answer.truncated or said.get("KG-Truncated")):
            message = f"{self._where}: cuts the graph short; ask for less, or raise its limit of rows"
            raise StoreError(message)
        cut = isinstance(answer, Solutions) and answer.truncated
        return answer, cut or bool(said.get("KG-Truncated") or said.get("X-SPARQL-MaxRows"))


def _of(graph: str | None) -> str:
    return "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"


def _form_of(query: str) -> str:
    """SELECT, ASK, CONSTRUCT or DESCRIBE; empty where the text is none of them."""
    try:
        words = (token.text.upper() for token in tokens(query) if token.kind is Kind.WORD)
        return next((word for word in words if word in _FORMS), "")
    except TextError:
        return ""


def _split(query: str) -> tuple[str, str]:
    """What a query declares, prefixes that it leaves out included, and the query behind that."""
    whole = with_prefixes(query)
    start = next(token.start for token in tokens(whole) if token.kind is Kind.WORD and token.text.upper() in _FORMS)
    return whole[:start], whole[start:]
