"""Incidents as one STIX 2.1 bundle, which OpenCTI, MISP and TAXII servers take, and which :mod:`kg.sources` reads back.

An incident is the object of ``container`` type; it *uses* attack patterns (techniques, with the passage that tells of
the use as the description) and channels (platforms), is *attributed-to* threat actors and intrusion sets, and *targets*
locations. What STIX has no place for (a channel, when an incident was first seen, the id of a technique as OpenCTI
reads it) is written by the rules of extensions, STIX 2.1 part 7.3, under one extension definition that stands in the
bundle. Identifiers are UUIDv5 of our IRIs, so that the same thing has the same one in every bundle.

Format: https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from kg.errors import unknown_name
from kg.exports.cases import gather_cases, release_of, techniques_by_iri
from kg.filters import NO_FILTERS, Filters
from kg.lineage.embedded import RELEASES
from kg.lineage.tables import read_releases
from kg.rdf.namespaces import BASE
from kg.resources import data_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.analysis.evidence import Citation
    from kg.exports.cases import Case, Thing
    from kg.store.protocol import TripleStore

    Object = dict[str, object]

CONTAINERS: Final = ("incident", "campaign", "intrusion-set")
"""The types of object that an incident can be written as; the first by default."""

UNKNOWN_DAY: Final = "1970-01-01"
"""The day that stands for "not known", as in OpenCTI: STIX requires one, and that of the clock would change bytes."""

_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, BASE)
_STATE_KINDS: Final = frozenset({"state", "state-organ"})


def render_bundle(
    store: TripleStore,
    *,
    container: str = CONTAINERS[0],
    incidents: Sequence[str] = (),
    filters: Filters = NO_FILTERS,
    text: bool = True,
) -> Iterator[bytes]:
    """The bundle in pieces; the same graph gives the same bytes.

    Args:
        store: The graph.
        container: One of :data:`CONTAINERS`.
        incidents: Ids; only these, where any is given.
        filters: By year, country, actor and platform.
        text: With summaries and passages, where the graph has them.

    Raises:
        UnknownNameError: There is no such type, incident, country, actor or platform; raised before the first piece.
    """
    if container not in CONTAINERS:
        raise unknown_name("type of STIX object for an incident", container, CONTAINERS)
    cases = gather_cases(store, incidents, filters, text=text)
    return _pieces(_Writer(store, container).objects(cases))


def _pieces(objects: Iterator[Object]) -> Iterator[bytes]:
    yield f'{{\n"type": "bundle",\n"id": "{_identifier("bundle", "all")}",\n"objects": [\n'.encode()
    between = ""
    for found in objects:
        yield (between + json.dumps(found, ensure_ascii=False, indent=1)).encode()
        between = ",\n"
    yield b"\n]\n}\n"


def _identifier(kind: str, *names: str) -> str:
    return f"{kind}--{uuid.uuid5(_NAMESPACE, ' '.join((kind, *names)))}"


_WRITER: Final = _identifier("identity", "disarm-kg")
_EXTENSION: Final = _identifier("extension-definition", "disarm-kg")


class _Writer:
    """Makes objects, each once."""

    def __init__(self, store: TripleStore, container: str) -> None:
        self._container = container
        self._techniques = techniques_by_iri(store)
        known = read_releases(data_folder() / RELEASES).get(release_of(store))
        self._day = known.date if known is not None and known.date else UNKNOWN_DAY
        self._written: set[str] = set()

    def objects(self, cases: Iterator[Case]) -> Iterator[Object]:
        """The objects of a bundle, each after those it leads to."""
        yield self._object("identity", _WRITER, name="disarm-kg", identity_class="system")
        yield self._object(
            "extension-definition",
            _EXTENSION,
            name="disarm-kg: influence operations",
            description="Channels, when an incident was first seen, and the ids of techniques.",
            schema=BASE + "ns",
            version="1.0.0",
            extension_types=["new-sdo", "toplevel-property-extension"],
            extension_properties=["first_seen", "x_mitre_id"],
        )
        for case in cases:
            yield from self._case(case)

    def _case(self, case: Case) -> Iterator[Object]:
        about = _identifier(self._container, case.iri)
        links: list[tuple[str, str, str]] = []
        for iri, words in case.uses.items():
            pattern = _identifier("attack-pattern", iri)
            links.append(("uses", pattern, "\n\n".join(words)))
            if self._is_new(pattern):
                yield self._pattern(pattern, iri)
        for platform in case.platforms:
            channel = _identifier("channel", platform.iri)
            links.append(("uses", channel, ""))
            if self._is_new(channel):
                extensions = _extended("new-sdo")
                aliases = list(platform.aliases)
                yield self._object("channel", channel, name=platform.name, aliases=aliases, extensions=extensions)
        for actor in case.attributed:
            kind = "intrusion-set" if actor.kind == "operation" else "threat-actor"
            behind = _identifier(kind, actor.iri)
            links.append(("attributed-to", behind, ""))
            if self._is_new(behind):
                yield self._actor(kind, behind, actor)
        for place in case.targets:
            location = _identifier("location", place.iri)
            links.append(("targets", location, ""))
            if self._is_new(location):
                where = {"country": place.identifier} if place.category == "country" else {"region": place.name}
                yield self._object("location", location, name=place.name, **where)
        yield self._incident(case, about)
        for verb, target, words_of_use in links:
            yield self._relationship(about, verb, target, words_of_use)

    def _incident(self, case: Case, identifier: str) -> Object:
        first_seen = f"{case.year:04d}-01-01T00:00:00Z" if case.year else ""
        # A campaign and an intrusion set have this property; an incident has it by our extension.
        extended = self._container == "incident" and first_seen
        return self._object(
            self._container,
            identifier,
            case.added,
            name=case.title or case.identifier,
            description=case.summary,
            first_seen=first_seen,
            labels=["disinformation"],
            external_references=[
                {"source_name": "DISARM", "external_id": case.identifier},
                *map(_reference, case.articles),
            ],
            extensions=_extended("toplevel-property-extension") if extended else {},
        )

    def _pattern(self, identifier: str, iri: str) -> Object:
        technique = self._techniques.get(iri)
        code = technique.identifier if technique is not None else iri.rpartition("/")[2]
        phases = technique.phases if technique is not None else ()
        return self._object(
            "attack-pattern",
            identifier,
            name=technique.name if technique is not None else code,
            kill_chain_phases=[{"kill_chain_name": "disarm", "phase_name": phase} for phase in phases],
            x_mitre_id=code,
            external_references=[{"source_name": "DISARM", "url": iri, "external_id": code}],
            extensions=_extended("toplevel-property-extension"),
        )

    def _actor(self, kind: str, identifier: str, actor: Thing) -> Object:
        of_state = kind == "threat-actor" and (actor.category == "country" or actor.kind in _STATE_KINDS)
        types = ["nation-state"] if of_state else []
        return self._object(kind, identifier, name=actor.name, aliases=list(actor.aliases), threat_actor_types=types)

    def _relationship(self, source: str, verb: str, target: str, words: str) -> Object:
        return self._object(
            "relationship",
            _identifier("relationship", source, verb, target),
            relationship_type=verb,
            source_ref=source,
            target_ref=target,
            description=words,
        )

    def _object(self, kind: str, identifier: str, day: str = "", **properties: object) -> Object:
        """An object with what all have; what is empty is left out."""
        moment = f"{day or self._day}T00:00:00.000Z"
        head: Object = {"type": kind, "spec_version": "2.1", "id": identifier}
        if identifier != _WRITER:
            head["created_by_ref"] = _WRITER
        head |= {"created": moment, "modified": moment}
        return head | {name: value for name, value in properties.items() if value}

    def _is_new(self, identifier: str) -> bool:
        if identifier in self._written:
            return False
        self._written.add(identifier)
        return True


def _reference(article: Citation) -> Object:
    told = {"published": article.date, "archived at": article.archive}
    said = "; ".join(f"{words} {value}" for words, value in told.items() if value)
    named = article.publisher or urlsplit(article.url).hostname or "article"
    return {"source_name": named, **({"description": said} if said else {}), "url": article.url}


def _extended(kind: str) -> Object:
    return {_EXTENSION: {"extension_type": kind}}
