"""Sending a graph to somebody else's store, in batches, so that it can be broken off and taken up again.

A batch is a run of the sorted statements of one graph and goes in one request. Where its last statement is there
already the batch is: what was broken off is taken up at the first batch that is not. To send one twice changes nothing,
so no batch needs to be remembered, here or there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import pyoxigraph as ox

from kg.errors import OutputError, StoreError
from kg.exports.statements import SortedLines, as_ntriples
from kg.store.remote import DEFAULT, RemoteStore
from kg.store.transport import RefusedError, checked_address, request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.store.protocol import GraphStore

BATCH = 1000
"""Statements in a request."""

_SIBLINGS = (("query", "update"), ("sparql", "update"), ("sparql", "sparql"), ("query", "statements"))
_LONGEST = 1_000_000
_NOT_A_FORM = frozenset({400, 415, 422})
_NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Target:
    """Where a graph is sent.

    Attributes:
        query: Address of the query endpoint, which is asked what is there.
        update: Address that takes SPARQL Update; empty where ``store`` is used.
        store: Address that speaks the Graph Store Protocol; empty where ``update`` is used.
    """

    query: str
    update: str = ""
    store: str = ""


class Pushed(NamedTuple):
    """What came of one graph: its name there (None for the default graph), statements, and batches sent and found."""

    graph: str | None
    statements: int
    sent: int
    found: int


def push_graph(
    source: GraphStore,
    target: Target,
    *,
    batch: int = BATCH,
    replace: bool = False,
    tell: Callable[[Pushed], object] = lambda pushed: pushed,
) -> list[Pushed]:
    """Send all graphs of a store.

    Args:
        source: The store.
        target: Where to.
        batch: Statements in a request.
        replace: Empty each graph there of which the source has one; else what is there stays.
        tell: Called with each graph that is done.

    Raises:
        StoreError: the target cannot be reached, refuses, or holds another number of statements at the end.
        OutputError: a graph holds blank nodes, which cannot be sent twice.
    """
    sender = _Sender(target, batch)
    done: list[Pushed] = []
    # The named graphs first: by them it is found out what the default graph of the target is.
    for graph in (*sorted(source.graphs()), None):
        name = graph if graph is not None else sender.default_graph(source)
        with SortedLines() as lines:
            lines.fill(source, ox.DefaultGraph() if graph is None else ox.NamedNode(graph))
            pushed = sender.send(name, lines, replace=replace)
        done.append(pushed)
        tell(pushed)
    return done


def found_target(address: str, update: str = "", store: str = "") -> Target:
    """The target of an address, with the one that takes updates found by its usual names where it is not given.

    Raises:
        SourceError: one of them is no address that may be asked.
        StoreError: no address that takes updates is found.
    """
    query = checked_address(address)
    if update or store:
        return Target(query, checked_address(update) if update else "", checked_address(store) if store else "")
    parts = urlsplit(query)
    head, _, last = parts.path.rpartition("/")
    beside = [urlunsplit(parts._replace(path=f"{head}/{other}", query="")) for own, other in _SIBLINGS if own == last]
    for candidate in beside:
        if _takes_updates(candidate):
            return Target(query, update=candidate)
    tried = ", ".join(beside) or "none is known"
    message = f"{query}: no address beside it takes updates ({tried}); name it with --update or --store"
    raise StoreError(message)


def _takes_updates(address: str) -> bool:
    try:
        # The one update that changes nothing.
        _update(address, "INSERT DATA {}")
    except StoreError:
        return False
    return True


def _update(address: str, text: str) -> None:
    form = urlencode({"update": text}).encode()
    try:
        request(address, method="POST", body=form, headers={"Content-Type": "application/x-www-form-urlencoded"})
    except RefusedError as error:
        if error.status not in _NOT_A_FORM:
            raise
        request(address, method="POST", body=text.encode(), headers={"Content-Type": "application/sparql-update"})


class _Sender:
    """One target, and what is known of it."""

    def __init__(self, target: Target, batch: int) -> None:
        self._target = target
        self._batch = batch
        self._remote = RemoteStore(target.query)
        self._probes: list[str] = []

    def default_graph(self, source: GraphStore) -> str | None:
        """Where our default graph goes: to the default graph, or to a graph of that purpose where that is a union."""
        for statement in self._probes:
            # A statement that was sent to a named graph alone tells.
            if not len(source.select(f"SELECT (1 AS ?there) {{ {statement} }} LIMIT 1")):
                return DEFAULT if self._remote.holds(statement, None) else None
        return None

    def clear(self, graph: str | None) -> None:
        """Empty a graph."""
        if self._target.update:
            _update(self._target.update, "CLEAR SILENT DEFAULT" if graph is None else f"CLEAR SILENT GRAPH <{graph}>")
            return
        try:
            request(self._store_address(graph), method="DELETE")
        except RefusedError as error:
            # Nothing is there to be emptied.
            if error.status != _NOT_FOUND:
                raise

    def send(self, graph: str | None, lines: SortedLines, *, replace: bool) -> Pushed:
        """Send a graph, from the first batch that is not there, and compare the counts."""
        statements = sent = found = 0
        sending = replace or not self._remote.holds("?s ?p ?o", graph)
        for block in _batches(lines, self._batch):
            if replace and not statements:
                self.clear(graph)
            statements += len(block)
            last = as_ntriples(block[-1:]).decode().removesuffix(" .\n")
            if graph is not None:
                self._probes.append(last)
            if not sending and self._remote.holds(last, graph):
                found += 1
                continue
            sending = True
            sent += 1
            self._send(graph, as_ntriples(block))
        there = self._remote.count(graph) if statements else 0
        if there != statements:
            name = "its default graph" if graph is None else f"<{graph}>"
            remedy = "start again with --replace"
            message = f"{self._target.query}: {name} holds {there:,} statements, not the {statements:,} sent; {remedy}"
            raise StoreError(message)
        return Pushed(graph, statements, sent, found)

    def _send(self, graph: str | None, data: bytes) -> None:
        if self._target.store:
            # Turtle, which every store reads and N-Triples is part of.
            headers = {"Content-Type": "text/turtle"}
            request(self._store_address(graph), method="POST", body=data, headers=headers)
            return
        body = data.decode()
        within = body if graph is None else f"GRAPH <{graph}> {{\n{body}}}"
        _update(self._target.update, f"INSERT DATA {{\n{within}}}")

    def _store_address(self, graph: str | None) -> str:
        separator = "&" if "?" in self._target.store else "?"
        return self._target.store + separator + ("default" if graph is None else urlencode({"graph": graph}))


def _batches(lines: SortedLines, size: int) -> Iterator[list[bytes]]:
    """Runs of statements, also bounded in bytes."""
    held: list[bytes] = []
    weight = 0
    for block in lines.blocks():
        for line in block:
            if line.startswith(b"_:") or (b" _:" in line and line.rpartition(b" ")[2].startswith(b"_:")):
                message = "the graph holds blank nodes, which would be doubled when sent again; give them IRIs first"
                raise OutputError(message)
            held.append(line)
            weight += len(line)
            if len(held) >= size or weight > _LONGEST:
                yield held
                held, weight = [], 0
    if held:
        yield held
