"""From a path that a reader recognises to a store: what was read, what prose names, what earlier releases know."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.model import Severity
from kg.rdf.corpus import corpus_graphs
from kg.rdf.recovered import earlier_nquads
from kg.sources import read_source
from kg.sources.collecting import collector_paused
from kg.sources.earlier import known_texts
from kg.sources.named import with_names
from kg.store.deferred import DeferredStore

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from kg.store.embedded import EmbeddedStore


def read_store(
    path: Path,
    *,
    release: str | None = None,
    framework: Mapping[str, str] | None = None,
    entities: str | os.PathLike[str] | None = None,
    earlier: Sequence[str | os.PathLike[str]] = (),
) -> tuple[EmbeddedStore, int]:
    """The store that a source becomes, and how many findings worse than a note there were.

    Args:
        path: The source.
        release: The name of the release, where the source does not say it.
        framework: Technique id to name, for sources that hold incidents only.
        entities: A list of names of the user's own, beside those that are shipped.
        earlier: The release folders before this one, the latest first.

    Raises:
        SourceError: The source, or the list, cannot be read as what it should be.
    """
    with collector_paused():
        before = [read_source(Path(folder)) for folder in earlier]
        corpus = read_source(path, release=release, framework=framework, earlier=known_texts(before) or None)
        corpus = with_names(corpus, None if entities is None else Path(entities))
        graphs = corpus_graphs(corpus)
        told = earlier_nquads(corpus, before)
        store = DeferredStore.in_two(graphs.often_asked(), lambda: graphs.seldom_asked() + told)
    return store, sum(finding.severity is not Severity.INFO for finding in corpus.findings)
