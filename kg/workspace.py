"""From a SOURCE argument to an open graph: what a notebook user types, and what the command line is written with."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Self

from kg.errors import KgError, SourceError, unknown_name
from kg.inquiry import Inquiry
from kg.resources import data_folder
from kg.store.addresses import is_address
from kg.store.folder import build_store, is_store, open_store
from kg.store.parse import RDF_EXTENSIONS, read_facts, read_rdf
from kg.store.recognise import rdf_extension

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    import networkx as nx
    import rdflib
    from anywidget import AnyWidget

    from kg.analysis.cards import Card
    from kg.analysis.conformance import Report
    from kg.analysis.mentions import MentionRow
    from kg.analysis.nullmodel import NullModel
    from kg.analysis.pairs import Cooccurrence
    from kg.analysis.significance import Significance
    from kg.filters import Filters
    from kg.store.answers import Answer, Solutions
    from kg.store.protocol import GraphStore
    from kg.views import View

FACTS, GRAPHS = "disarm.trig", "graphs.trig"
"""The embedded facts in ``data/``: what most questions ask, and the graphs that few do."""


class KnowledgeGraph(Inquiry):
    """An open graph: ask it, count in it, draw it, take it away.

    Attributes:
        store: The store behind it; everything below asks it in SPARQL.
        origin: What was opened, for messages and titles.
    """

    store: GraphStore

    def __init__(self, store: GraphStore, origin: str, *, faults: int = 0) -> None:
        self.store = store
        self.origin = origin
        self._faults = faults

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        """How many quads the graph holds, over all its graphs."""
        return len(self.store)

    def __repr__(self) -> str:
        return f"<KnowledgeGraph {self.origin}: {len(self):,} quads>"

    def faults(self) -> int:
        """How many findings worse than a note there were when the source was read; 0 for RDF and stores."""
        return self._faults

    def close(self) -> None:
        """Let go of the store; an open on-disk store is released."""
        self.store.close()

    def query(
        self, query: str, *, union: bool = False, timeout: float | None = None, memory: int | None = None
    ) -> Answer:
        """The answer to a SPARQL 1.1 query; the usual prefixes need not be declared.

        With a limit it runs in a process of its own, forked from this one, which ends when it must; without, nothing
        can end it before it has its answer.

        Args:
            query: SELECT, ASK, CONSTRUCT or DESCRIBE.
            union: Ask the union of all graphs; labels then double, so it is never the default.
            timeout: The seconds it may take, above 0.
            memory: The megabytes it may take on top of what is held now, above 0.

        Raises:
            QueryRefusedError: It would leave the graph, change it, or crash the engine.
            QueryError: It does not parse, cannot be evaluated, takes too long or too much memory, or a limit is no
                number above 0 or cannot be kept on this system.
        """
        if timeout is None and memory is None:
            return self.store.query(query, union=union)
        from kg.store.child import in_child, limits

        seconds, megabytes = limits(timeout, memory)
        return in_child(lambda: self.store.query(query, union=union), seconds=seconds, megabytes=megabytes)

    def cooccurrence(  # noqa: PLR0913 - what a notebook user types, one name an option
        self,
        *,
        unit: str = "incident",
        evidence: str = "repaired",
        level: str = "technique",
        units: int | None = None,
        minimum: int = 1,
        measures: Sequence[str] = (),
        significance: Significance | None = None,
        null: NullModel | None = None,
        filters: Filters | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Cooccurrence:
        """Which techniques occur together, in how many units; see :func:`kg.analysis.cooccurrence.cooccurrence`."""
        from kg.analysis.cooccurrence import cooccurrence
        from kg.filters import NO_FILTERS

        return cooccurrence(
            self.store,
            unit=unit,
            evidence=evidence,
            level=level,
            units=units,
            minimum=minimum,
            measures=measures,
            significance=significance,
            null=null,
            filters=filters or NO_FILTERS,
            progress=progress,
        )

    def network(self, name: str = "incidents") -> nx.Graph[str]:
        """A networkx graph.

        It is ``incidents`` (with their techniques), ``cooccurrence``, ``framework``, ``actor-technique`` or
        ``platform-technique``.

        Raises:
            UnknownNameError: No such network.
        """
        from kg.network import actor_network, framework_network, incident_network, platform_network

        networks: dict[str, Callable[[], nx.Graph[str]]] = {
            "actor-technique": lambda: actor_network(self.store),
            "cooccurrence": self._cooccurrence_network,
            "framework": lambda: framework_network(self.store),
            "incidents": lambda: incident_network(self.store),
            "platform-technique": lambda: platform_network(self.store),
        }
        if name not in networks:
            raise unknown_name("network", name, networks)
        return networks[name]()

    def _cooccurrence_network(self) -> nx.Graph[str]:
        from kg.network import cooccurrence_network, technique_attributes

        network = cooccurrence_network(self.cooccurrence())
        for technique, attributes in technique_attributes(self.store).items():
            if technique in network:
                network.nodes[technique].update(attributes)
        return network

    def view(self, name: str = "cooccurrence", **options: str | float | Filters | None) -> View:
        """An interactive page that opens offline; see :data:`kg.views.VIEWS` and :class:`kg.views.ViewOptions`.

        Raises:
            UnknownNameError: No such view or option.
            ViewError: There is nothing to draw, or too much to be legible.
        """
        from kg.views import render_view

        return render_view(self.store, name, **options)

    def narrow(self, filters: Filters) -> KnowledgeGraph:
        """The graph of the incidents that pass: they, what is said of them, and the whole framework, in memory.

        Its ``origin`` says how many pass, of how many. Without a filter on incidents it is this graph.

        Raises:
            UnknownNameError: No such country, actor or platform.
            KgError: The graph names none of that kind at all, or no incident passes.
        """
        from kg.filters import choose_incidents
        from kg.narrowing import narrowed

        chosen = choose_incidents(self.store, filters)
        if chosen.incidents is None:
            return self
        if not chosen.incidents:
            raise KgError(f"no incident of {self.origin} passes {'; '.join(filters.words())}; leave a filter out")
        origin = "; ".join((self.origin, *chosen.sentences(filters)))
        return KnowledgeGraph(narrowed(self.store, chosen.incidents), origin, faults=self._faults)

    def explore(self, *, filters: Filters | None = None) -> View:
        """The explorer as one page that opens offline; see :mod:`kg.views.explorer`. Filters narrow incidents.

        Raises:
            ViewError: The graph holds no incident, or none that passes.
        """
        from kg.views.explorer import explorer_view

        graph = self if filters is None else self.narrow(filters)
        return explorer_view(graph.store, origin=graph.origin)

    def explorer_widget(self, address: str = "", *, height: int = 640) -> AnyWidget:
        """The explorer as a widget whose ``address`` follows what its user does; needs ``disarm-kg[notebook]``.

        Raises:
            ViewError: anywidget is not installed, or the graph holds no incident.
        """
        from kg.views.explorer.widget import explorer_widget

        return explorer_widget(self.store, origin=self.origin, address=address, height=height)

    def export(
        self,
        path: str | os.PathLike[str],
        format: str | None = None,  # noqa: A002 - the word every RDF library uses
        *,
        provenance: bool = True,
        text: bool = True,
        force: bool = False,
    ) -> None:
        """Write the graph to a file by its extension or by ``format``; the same graph gives the same bytes.

        For some of its incidents: ``graph.narrow(filters).export(...)``.
        """
        from kg.exports import export_name, write_export

        write_export(self.store, path, export_name(format, path), provenance=provenance, text=text, force=force)

    def render(self, format: str = "turtle", *, provenance: bool = True, text: bool = True) -> Iterator[bytes]:  # noqa: A002 - as in export
        """The bytes that :meth:`export` would write, in pieces."""
        from kg.exports import export_name, render_export

        return render_export(self.store, export_name(format, "-"), provenance=provenance, text=text)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Keep the graph as a store on disk, at once or not at all."""
        build_store(self.store.quads(), Path(path), release=self._release())

    def _release(self) -> str:
        row = next(
            self.store.select(
                "SELECT ?version { ?r a kg:Release ; owl:versionInfo ?version } ORDER BY ?version"
            ).values(),
            None,
        )
        return (row[0] or "") if row else ""

    def rdflib(self) -> rdflib.Dataset:
        """An rdflib Dataset over the same store."""
        return self.store.rdflib()

    def stats(self) -> dict[str, int]:
        """How much of each thing the graph holds; see :func:`kg.analysis.statistics.statistics`."""
        from kg.analysis.statistics import statistics

        return statistics(self.store)

    def ledger(self) -> list[tuple[str, int, int, int, int]]:
        """What was read of each kind: kind, read, stored, repaired, reported."""
        from kg.analysis.statistics import ledger_lines

        return ledger_lines(self.store)

    def mentions(self, incident: str | None = None, *, everything: bool = False) -> list[MentionRow]:
        """The names read in prose, with place, role, rule and confidence; see :mod:`kg.analysis.mentions`."""
        from kg.analysis.mentions import find_mentions

        return find_mentions(self.store, incident, everything=everything)

    def list(self, kind: str, *, filters: Filters | None = None) -> Solutions:
        """Everything of one kind; see :data:`kg.analysis.listing.LISTS`. Filters narrow incidents."""
        from kg.analysis.listing import list_kind
        from kg.filters import NO_FILTERS, choose_incidents

        return list_kind(self.store, kind, choose_incidents(self.store, filters or NO_FILTERS).incidents)

    def show(self, identifier: str) -> Card:
        """Everything known of one thing, with its evidence."""
        from kg.analysis.cards import card

        return card(self.store, identifier)

    def validate(self) -> Report:
        """Whether the graph keeps to the shapes and rules of the ontology."""
        from kg.analysis.conformance import check_conformance

        return check_conformance(self.store)


def open_graph(
    source: str | os.PathLike[str] | None = None,
    *,
    release: str | None = None,
    entities: str | os.PathLike[str] | None = None,
    earlier: Sequence[str | os.PathLike[str]] = (),
) -> KnowledgeGraph:
    """Open a graph.

    Args:
        source: Nothing for the embedded facts; or a release folder, a folder of pages, a page (.md), an RDF file (.ttl
            .nt .nq .trig .jsonld .rdf), a store folder made by ``kg build``, or what other tools write: a STIX bundle,
            MISP events or galaxy clusters, a Navigator layer, a 0/1 matrix or a two-column table (CSV); ``"-"`` is
            what is piped in, whichever of these files it is; the address of a SPARQL 1.1 endpoint (https, or http on
            this machine).
        release: The name of the release, where a folder of pages does not say it.
        entities: A list of names (CSV) of your own, read beside those that are shipped; goes with sources that hold
        prose.
        earlier: Release folders before this one, the latest first: for misplaced descriptions and dropped statements.

    Raises:
        SourceError: The source, or the list, cannot be read as what it should be.
        StoreError: The store is locked, damaged or of a newer version.
    """
    if source is None:
        _refuse_entities(entities, "the embedded facts")
        return _embedded()
    if source == "-":
        return _piped(release, entities)
    if isinstance(source, str) and is_address(source):
        from kg.store.remote import RemoteStore

        return KnowledgeGraph(RemoteStore(source), source)
    path = Path(source)
    if not path.exists():
        raise SourceError(
            f"{source}: does not exist; give a release folder, a page, a store, or an RDF, STIX, MISP or CSV file"
        )
    if path.is_dir() and is_store(path):
        _refuse_entities(entities, str(source))
        return KnowledgeGraph(open_store(path), str(source))
    extension = _rdf_extension(path)
    if extension is not None:
        _refuse_entities(entities, str(source))
        return KnowledgeGraph(read_rdf(path, extension), str(source))
    # The readers compile some two hundred patterns: who asks what is at hand already does not wait for them.
    from kg.reading import read_store

    framework = None if path.is_dir() else embedded_names()
    store, faults = read_store(path, release=release, framework=framework, entities=entities, earlier=earlier)
    return KnowledgeGraph(store, str(source), faults=faults)


def _rdf_extension(path: Path) -> str | None:
    """The extension of the RDF that a file holds, by its name, else by its beginning; None where it holds none."""
    if not path.is_file() or path.suffix.lower() == ".md":
        return None
    return path.suffix.lower() if path.suffix.lower() in RDF_EXTENSIONS else rdf_extension(path)


def _piped(release: str | None, entities: str | os.PathLike[str] | None) -> KnowledgeGraph:
    """The graph of what comes through standard input."""
    from kg.sources.stdin import NAME, spooled

    stream = getattr(sys.stdin, "buffer", None)
    if stream is None:
        raise SourceError("stdin: is not there; name a file")
    with spooled(stream) as path:
        try:
            graph = open_graph(path, release=release, entities=entities)
        except SourceError as error:
            # Where it lay in the meantime is nobody's concern.
            raise SourceError(str(error).replace(str(path), NAME)) from error
    graph.origin = NAME
    return graph


def _refuse_entities(entities: object, what: str) -> None:
    if entities is not None:
        raise SourceError(
            f"{what}: holds mentions read before; a list of names goes with pages or files that hold prose"
        )


def _embedded() -> KnowledgeGraph:
    path = data_folder() / FACTS
    if not path.is_file():
        raise SourceError(f"{path}: the embedded facts are missing; install disarm-kg again, or run 'kg snapshot'")
    return KnowledgeGraph(read_facts(path, data_folder() / GRAPHS), "embedded facts")


def embedded_names() -> dict[str, str]:
    """Technique id to name of the embedded release: what a single page is checked against."""
    with _embedded() as graph:
        return {row[0] or "": row[1] or "" for row in graph.list("techniques").values()}
