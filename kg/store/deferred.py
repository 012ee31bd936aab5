"""A store in two parts: what most questions ask, and the graphs that few do, put in when one could see them."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.rdf.namespaces import GRAPH
from kg.store.embedded import EmbeddedStore
from kg.store.filling import blocks_of, fill
from kg.store.guard import check_query

if TYPE_CHECKING:
    from collections.abc import Callable

    from kg.store.answers import Answer
    from kg.store.embedded import Options

# An escape may stand for a letter of a keyword; inside a string or a comment these words cost a load and no more.
_NAMES_GRAPHS = re.compile(r"\b(?:GRAPH|FROM)\b|\\u", re.IGNORECASE)
_AT_HAND = re.compile(rf"\bGRAPH\s+(?:graph:findings\b|<{re.escape(GRAPH)}findings>)", re.IGNORECASE)


class DeferredStore(EmbeddedStore):
    """A store in memory of which a part is put in when it is first needed.

    Args:
        native: The default graph and the findings.
        rest: Puts the other graphs into a store.
    """

    def __init__(self, native: ox.Store, rest: Callable[[ox.Store], None]) -> None:
        super().__init__(native)
        self._rest: Callable[[ox.Store], None] | None = rest
        self._lock_of_rest = threading.Lock()

    @classmethod
    def in_two(cls, often: bytes, seldom: Callable[[], bytes]) -> DeferredStore:
        """A store of what our own writer makes, as N-Quads: the default graph with the findings, and all else."""
        native = ox.Store()
        fill(native, blocks_of(often))
        return cls(native, lambda store: fill(store, blocks_of(seldom())))

    @property
    def native(self) -> ox.Store:
        """The pyoxigraph store itself, with all its graphs."""
        store = super().native
        if self._rest is not None:
            # Who comes while another loads must not see half of it.
            with self._lock_of_rest:
                if self._rest is not None:
                    self._rest(store)
                    self._rest = None
        return store

    def query(self, query: str, *, union: bool = False, checked: bool = True) -> Answer:
        """The answer to a user's query; FROM may name a graph that is not loaded yet."""
        if checked:
            check_query(query, graphs=self.graphs() if _sees_more(query) else frozenset())
        return self._answer(query, {"use_default_graph_as_union": union})

    def _asked(self, query: str, options: Options) -> ox.Store:
        if options.get("use_default_graph_as_union") or "default_graph" in options or _sees_more(query):
            return self.native
        return super().native


def _sees_more(query: str) -> bool:
    """Whether a query could see a graph other than the default one and the findings."""
    return _NAMES_GRAPHS.search(_AT_HAND.sub("", query)) is not None
