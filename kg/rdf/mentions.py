"""What prose names as triples: a mention for each place, the things named, and edges where a rule is sure enough.

Mentions stand in the graph ``text``: what they say was read out of sentences, not stated by the source. Things and
edges stand in the default graph, where an analyst asks. The two are written apart, for few ask for the mentions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.named import ASSERTED, Role
from kg.rdf.iris import mint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Corpus, Incident
    from kg.named import NameMention, Thing
    from kg.rdf.graph import QuadSink
    from kg.rdf.provenance import Provenance

WIKIDATA = "http://www.wikidata.org/entity/"
MISP = "https://www.misp-galaxy.org/threat-actor/#"

_PLACES = frozenset({"country", "region"})
_EDGES = {
    Role.OPERATOR: ("kg:attributedTo", frozenset({"actor", "country", "region"})),
    Role.ENABLER: ("kg:enabledBy", frozenset({"actor", "country", "region"})),
    Role.ALIGNED: ("kg:alignedWith", frozenset({"actor", "country", "region"})),
    Role.USED: ("kg:onPlatform", frozenset({"platform"})),
    Role.TARGET: ("kg:targetCountry", _PLACES),
}
"""Role -> the edge of the default graph that it gives, and the categories of things that it may point at."""


class NamedWriter:
    """Writes the things that mentions name into the default graph, and the edges that follow.

    Args:
        sink: The default graph.
        corpus: What is written: a platform's type is only linked to a technique of it.
    """

    def __init__(self, sink: QuadSink, corpus: Corpus) -> None:
        self._sink = sink
        self._techniques = {technique.identifier for technique in corpus.techniques}
        self._written: set[tuple[str, str]] = set()

    def write(self, mentions: Iterable[NameMention]) -> None:
        """Write what mentions give, in the order given."""
        edges: dict[tuple[str, str, str], None] = {}
        years: dict[tuple[str, int], None] = {}
        for mention in mentions:
            if mention.thing is not None:
                self._thing(mention.thing)
            if mention.role is Role.WHEN and mention.year is not None:
                years[mint("incident", mention.incident), mention.year] = None
            edges.update(dict.fromkeys(_edges(mention)))
        for subject, year in years:
            self._sink.whole(subject, "kg:yearInText", year)
        for subject, predicate, target in edges:
            surer = predicate == "kg:alignedWith" and (subject, "kg:attributedTo", target) in edges
            if not surer:
                self._sink.link(subject, predicate, target)

    def state(self, incident: Incident, provenance: Provenance) -> None:
        """Write what columns and objects of a source say of an incident, each with its place."""
        for stated in incident.stated:
            predicate, categories = _EDGES[stated.role]
            if stated.thing.category in categories:
                edge = (mint("incident", incident.identifier), predicate, self._thing(stated.thing))
                provenance.state(edge, stated.place)

    def _thing(self, thing: Thing) -> str:
        node, category = _node(thing), _category(thing)
        if (category, thing.identifier) in self._written:
            return node
        self._written.add((category, thing.identifier))
        sink = self._sink
        sink.node(category, thing.identifier, f"kg:{category.capitalize()}")
        sink.text(node, "skos:prefLabel", thing.name, "en")
        if category in _PLACES:
            sink.text(node, "skos:notation", thing.identifier)
        else:
            for alias in thing.aliases:
                sink.text(node, "skos:altLabel", alias)
        sink.link(node, "skos:exactMatch", f"{WIKIDATA}{thing.wikidata}" if thing.wikidata else None)
        sink.link(node, "skos:exactMatch", f"{MISP}{thing.misp}" if thing.misp else None)
        sink.text(node, "kg:owner", thing.owner)
        sink.text(node, "dcterms:source", thing.source if category not in _PLACES else "")
        if category == "platform":
            sink.link(
                node, "kg:platformType", mint("technique", thing.kind) if thing.kind in self._techniques else None
            )
        elif category not in _PLACES:
            sink.text(node, "kg:actorKind", thing.kind)
            if thing.country:
                sink.text(node, "kg:countryCode", thing.country)
        return node


def write_mentions(mentions: Iterable[NameMention], sink: QuadSink) -> None:
    """Write each place at which prose names something into the graph of what was read from prose."""
    for mention in mentions:
        thing = mention.thing
        what = f"{thing.category}-{thing.identifier}" if thing else f"year-{mention.year}"
        where = mention.passage or mention.field
        node = sink.node("mention", f"{mention.incident}-{where}-{mention.start}-{mention.end}-{what}", "kg:Mention")
        sink.link(node, "kg:ofIncident", mint("incident", mention.incident))
        sink.text(node, "kg:field", mention.field)
        if mention.passage:
            sink.link(node, "kg:inPassage", mint("passage", mention.passage))
        sink.whole(node, "oa:start", mention.start)
        sink.whole(node, "oa:end", mention.end)
        sink.text(node, "kg:surface", mention.surface)
        sink.text(node, "kg:role", mention.role)
        sink.fraction(node, "kg:confidence", mention.confidence)
        sink.text(node, "kg:rule", mention.rule)
        sink.whole(node, "kg:yearInText", mention.year)
        if thing is not None:
            sink.link(node, "kg:mentions", _node(thing))


def _category(thing: Thing) -> str:
    return "organisation" if thing.category == "reporter" else thing.category


def _node(thing: Thing) -> str:
    return mint(_category(thing), thing.identifier)


def _edges(mention: NameMention) -> Iterable[tuple[str, str, str]]:
    """The edge a mention gives, where its rule is sure enough."""
    thing = mention.thing
    if thing is None or mention.confidence < ASSERTED or mention.role not in _EDGES:
        return
    predicate, categories = _EDGES[mention.role]
    if thing.category in categories:
        yield mint("incident", mention.incident), predicate, mint(thing.category, thing.identifier)
