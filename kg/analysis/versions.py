"""What a graph says of its ids, asked of the store in SPARQL: the form in which any two sources are compared."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.lineage.states import ASSESSMENTS, DRAFT, OBSERVATIONS, TECHNIQUES, State, Version
from kg.rdf.iris import release_graph

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.store.protocol import TripleStore

_DIGITS = 16
_MARK = "_2.0"
_LINES = (("Technique", TECHNIQUES), ("ObservationType", OBSERVATIONS), ("Assessment", ASSESSMENTS))
_STATES = """
    SELECT ?id ?name ?tactic ?parent ?hash ?text
    WHERE {{
    ?x a kg:{name} ; skos:notation ?id .
    OPTIONAL {{ ?x skos:prefLabel ?name FILTER(LANG(?name) IN ("en", "")) }}
    OPTIONAL {{ ?x kg:tactic|kg:category ?t . ?t skos:notation ?tactic }}
    OPTIONAL {{ ?x skos:broader ?p . ?p skos:notation ?parent }}
    OPTIONAL {{ ?x kg:sha256 ?hash }}
    OPTIONAL {{ ?x dcterms:description ?text FILTER(LANG(?text) IN ("en", "")) }} }}
    ORDER BY ?id ?name ?tactic ?parent
"""
_RELEASE = "SELECT ?v { ?r a kg:Release ; owl:versionInfo ?v } ORDER BY ?v"
_INCIDENTS = """
    SELECT ?id ?title ?hash ?text
    WHERE {
    ?x a kg:Incident ; dcterms:identifier ?id .
    OPTIONAL { ?x dcterms:title ?title }
    OPTIONAL { ?x kg:sha256 ?hash }
    OPTIONAL { ?x dcterms:description ?text } }
    ORDER BY ?id ?title
"""
_PASSAGES = """
    SELECT ?id ?passage { ?x a kg:Incident ; dcterms:identifier ?id . ?p kg:about ?x ; dcterms:identifier ?passage }
"""
_PUBLISHED = "SELECT ?x ?title { GRAPH <$GRAPH> { ?x dcterms:title ?title } } ORDER BY ?x"
_PUBLISHED_PAIRS = "SELECT ?x ?t { GRAPH <$GRAPH> { ?x kg:usesTechnique ?t } }"
_PAIRS = """
    SELECT ?id ?technique
    WHERE { ?x a kg:Incident ; dcterms:identifier ?id ; kg:usesTechnique ?t . ?t dcterms:identifier ?technique }
"""


def version_of_store(store: TripleStore, *, release: str = "") -> Version:
    """What the default graph of a store says.

    A graph that holds none but techniques of the 2.0 draft is of the draft's line; its ids stand without their mark.

    Args:
        store: The graph.
        release: Its name; by default what it says itself.
    """
    line, states = next(filter(lambda found: found[1], _lines(store)), (TECHNIQUES, {}))
    if states and all(identifier.endswith(_MARK) for identifier in states):
        line, states = DRAFT, {identifier.removesuffix(_MARK): _plain(state) for identifier, state in states.items()}
    names = [row[0] or "" for row in store.select(_RELEASE).values()]
    incidents: dict[str, str] = {}
    summaries: dict[str, str] = {}
    for identifier, title, known, text in store.select(_INCIDENTS).values():
        incidents.setdefault(identifier or "", title or "")
        summaries.setdefault(identifier or "", _digest(known, text))
    passages: defaultdict[str, set[str]] = defaultdict(set)
    for identifier, passage in store.select(_PASSAGES).values():
        passages[identifier or ""].add(passage or "")
    return Version(
        release=release or ", ".join(names) or "unnamed",
        line=line,
        states=states,
        has_incidents=bool(incidents),
        incidents=incidents,
        digests={each: _joined(summaries[each], passages[each]) for each in incidents},
        pairs=frozenset((row[0] or "", row[1] or "") for row in store.select(_PAIRS).values()),
    )


def with_incidents(version: Version, store: TripleStore) -> Version:
    """A release of a history with the incidents that a store holds of it, in its default graph or in one of its own."""
    names = [row[0] or "" for row in store.select(_RELEASE).values()]
    if version.release in names:
        whole = version_of_store(store, release=version.release)
        return replace(version, has_incidents=True, incidents=whole.incidents, digests=whole.digests, pairs=whole.pairs)
    graph = release_graph(version.release)
    titles = store.select(_PUBLISHED.replace("$GRAPH", graph)).values()
    incidents = {_last(row[0]): row[1] or "" for row in titles}
    if not incidents:
        return version
    pairs = store.select(_PUBLISHED_PAIRS.replace("$GRAPH", graph)).values()
    return replace(
        version,
        has_incidents=True,
        incidents=incidents,
        pairs=frozenset((_last(row[0]), _last(row[1])) for row in pairs),
    )


def _last(iri: str | None) -> str:
    return (iri or "").rpartition("/")[2]


def _lines(store: TripleStore) -> Iterator[tuple[str, dict[str, State]]]:
    for name, line in _LINES:
        states: dict[str, State] = {}
        for identifier, label, tactic, parent, known, text in store.select(_STATES.format(name=name)).values():
            if identifier and identifier not in states:
                states[identifier] = State(
                    identifier, label or identifier, tactic or "", parent or "", _digest(known, text)
                )
        yield line, states


def _plain(state: State) -> State:
    return State(
        state.identifier.removesuffix(_MARK),
        state.name,
        state.tactic.removesuffix(_MARK),
        state.parent.removesuffix(_MARK),
        state.digest,
    )


def _digest(known: str | None, text: str | None) -> str:
    """The digest of a summary: the one the graph gives, else that of its words; empty where it has neither."""
    if known:
        return known[:_DIGITS]
    folded = " ".join(unicodedata.normalize("NFC", text or "").split())
    return hashlib.sha256(folded.encode()).hexdigest()[:_DIGITS] if folded else ""


def _joined(summary: str, passages: set[str]) -> str:
    parts = [summary, *sorted(passages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS] if any(parts) else ""
