"""The embedded engine: a pyoxigraph store, in memory or in a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict, cast

import pyoxigraph as ox

from kg.errors import KgError, StoreError
from kg.rdf.namespaces import PREFIXES
from kg.store.answers import Solutions, Triples, Truth
from kg.store.faults import PADDING, evaluation_fault, syntax_fault
from kg.store.filling import blocks_of, fill
from kg.store.guard import check_query
from kg.store.most import ANY, Cutter, Most

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import rdflib

    from kg.store.answers import Answer, Row
    from kg.store.locks import Lock
    from kg.store.most import Item


class Dataset(NamedTuple):
    """The graphs that a query asks, by IRI: those that make up the default graph, and those that GRAPH may name."""

    default: tuple[str, ...]
    named: tuple[str, ...]


class Flow(NamedTuple):
    """The rows of a SELECT query as the engine finds them, to be read once; and the names of their columns."""

    variables: tuple[str, ...]
    rows: Cutter[Row]


class GraphFlow(NamedTuple):
    """The triples of a CONSTRUCT or DESCRIBE query as the engine finds them, distinct, to be read once."""

    triples: Cutter[ox.Triple]


class Options(TypedDict, total=False):
    """What the engine is told beside the query."""

    base_iri: str | None
    use_default_graph_as_union: bool
    default_graph: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]
    named_graphs: list[ox.NamedNode | ox.BlankNode]


class EmbeddedStore:
    """Quads in an embedded Oxigraph store, asked in SPARQL 1.1.

    Attributes:
        path: The folder of the store as text, or None where it is in memory.
    """

    def __init__(self, native: ox.Store, *, path: str | None = None, lock: Lock | None = None) -> None:
        self._native: ox.Store | None = native
        self._lock = lock
        self.path = path

    @classmethod
    def from_quads(cls, quads: Iterable[ox.Quad]) -> EmbeddedStore:
        """A store in memory that holds these quads."""
        native = ox.Store()
        native.bulk_extend(quads)
        return cls(native)

    @classmethod
    def from_nquads(cls, nquads: bytes) -> EmbeddedStore:
        """A store in memory that holds what our own writer made; nobody else's text, for it is not checked again."""
        native = ox.Store()
        fill(native, blocks_of(nquads))
        return cls(native)

    @property
    def native(self) -> ox.Store:
        """The pyoxigraph store itself."""
        if self._native is None:
            where = self.path or "the store"
            message = f"{where}: is closed; open it again"
            raise StoreError(message)
        return self._native

    def __len__(self) -> int:
        return len(self.native)

    def __repr__(self) -> str:
        return f"<EmbeddedStore {self.path or 'in memory'}>"

    def quads(self, graph: str | ox.DefaultGraph | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph (its IRI, or ``pyoxigraph.DefaultGraph()``), or of all graphs; in no set order."""
        name = ox.NamedNode(graph) if isinstance(graph, str) else graph
        try:
            yield from self.native.quads_for_pattern(None, None, None, name)
        except (RuntimeError, OSError) as error:
            raise self._fault(error) from error

    def graphs(self) -> frozenset[str]:
        """The IRIs of the named graphs."""
        return frozenset(name.value for name in self.native.named_graphs() if isinstance(name, ox.NamedNode))

    def select(self, query: str, *, union: bool = False) -> Solutions:
        """The rows of one of our own SELECT queries. See :class:`kg.store.protocol.TripleStore`."""
        answer = self._answer(query, {"use_default_graph_as_union": union})
        if not isinstance(answer, Solutions):
            message = "select() takes a SELECT query"
            raise TypeError(message)
        return answer

    def query(self, query: str, *, union: bool = False, checked: bool = True) -> Answer:
        """The answer to a user's query. See :class:`kg.store.protocol.TripleStore`."""
        if checked:
            check_query(query, graphs=self.graphs())
        return self._answer(query, {"use_default_graph_as_union": union})

    def ask(
        self, query: str, *, dataset: Dataset | None = None, base: str | None = None, most: Most = ANY
    ) -> Truth | Flow | GraphFlow:
        """The answer to a query that has passed the guard, cut where it grows too large: how a server asks.

        Args:
            query: SPARQL text, checked by the caller.
            dataset: The graphs to ask instead of those that the query or the store names.
            base: What relative IRIs are relative to.
            most: Where rows or triples are cut; the answer then says so.

        Raises:
            QueryError: the text does not parse or cannot be evaluated; rows and triples may raise it when read.
        """
        options: Options = {"base_iri": base}
        if dataset is not None:
            options["default_graph"] = [ox.NamedNode(iri) for iri in dataset.default]
            options["named_graphs"] = [ox.NamedNode(iri) for iri in dataset.named]
        found = self._found(query, options)
        if isinstance(found, ox.QueryBoolean):
            return Truth(bool(found))
        if isinstance(found, ox.QueryTriples):
            return GraphFlow(Cutter(self._items(found), most))
        return Flow(_names(found), Cutter(self._rows(found), most))

    def rdflib(self) -> rdflib.Dataset:
        """An rdflib.Dataset on this same store: what is added on one side is seen on the other.

        Query it with strings: a prepared query runs on rdflib's own, far slower engine. Loading what ``FROM`` names is
        switched off in rdflib for this process, since it reads files and addresses.
        """
        import rdflib  # noqa: PLC0415 - 0.15 s that only those who ask for rdflib should pay
        import rdflib.plugins.sparql  # noqa: PLC0415 - the same
        from oxrdflib import OxigraphStore  # noqa: PLC0415 - the same

        rdflib.plugins.sparql.SPARQL_LOAD_GRAPHS = False
        dataset = rdflib.Dataset(store=OxigraphStore(store=self.native))
        for prefix, namespace in PREFIXES.items():
            dataset.bind(prefix, namespace)
        return dataset

    def close(self) -> None:
        """Let go of the store; a store in memory is gone, one in a folder can be opened by others."""
        self._native = None
        if self._lock is not None:
            self._lock.release()

    def _asked(self, query: str, options: Options) -> ox.Store:
        """The store that a query is put to."""
        del query, options
        return self.native

    def _answer(self, query: str, options: Options) -> Answer:
        found = self._found(query, options)
        if isinstance(found, ox.QueryBoolean):
            return Truth(bool(found))
        if isinstance(found, ox.QueryTriples):
            return Triples(self._items(found))
        return Solutions(_names(found), self._rows(found))

    def _found(self, query: str, options: Options) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._asked(query, options).query(query + PADDING, prefixes=PREFIXES, **options)
        except SyntaxError as error:
            raise syntax_fault(str(error), query) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise self._fault(error) from error

    def _items(self, found: Iterable[Item]) -> Iterator[Item]:
        """What the engine gives one by one, with its faults as ours."""
        try:
            yield from found
        except (RuntimeError, ValueError, OSError) as error:
            raise self._fault(error) from error

    def _rows(self, found: ox.QuerySolutions) -> Iterator[Row]:
        return self._items(cast("Iterable[Row]", map(tuple, found)))

    def _fault(self, error: Exception) -> KgError:
        said = " ".join(str(error).split())
        if self.path is not None and ("Corruption" in said or "IO error" in said):
            return StoreError(f"{self.path}: the store is damaged ({said}); build it again with `kg build`")
        return evaluation_fault(said)


def _names(found: ox.QuerySolutions) -> tuple[str, ...]:
    return tuple(variable.value for variable in found.variables)
