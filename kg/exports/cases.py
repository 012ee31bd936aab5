"""Incidents with all that other tools have a place for, gathered from the graph a few hundred at a time."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.analysis.evidence import Citation
from kg.analysis.evidence_queries import REFERENCES
from kg.errors import unknown_name
from kg.filters import NO_FILTERS, Filters, choose_incidents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.store.protocol import TripleStore

_BATCH = 500
_WORD = re.compile(r"[^\W_]+")

_CHOSEN = """SELECT ?incident ?id WHERE {
  ?incident a kg:Incident ; dcterms:identifier ?id
} ORDER BY ?incident ?id"""

_FACTS = """SELECT ?incident ?title ?summary ?year ?added WHERE {
  VALUES ?incident { $INCIDENTS }
  ?incident dcterms:title ?title .
  OPTIONAL { ?incident dcterms:description ?summary }
  OPTIONAL { ?incident kg:yearStarted ?year }
  OPTIONAL { ?incident kg:dateAdded ?added }
} ORDER BY ?incident ?title ?summary ?year ?added"""

_USES = """SELECT ?incident ?technique WHERE {
  VALUES ?incident { $INCIDENTS } ?incident kg:usesTechnique ?technique
} ORDER BY ?incident ?technique"""

# The words under which a row stands may be another incident's; those about this one are what tells of its technique.
_WORDS = """SELECT DISTINCT ?incident ?technique ?words WHERE {
  VALUES ?incident { $INCIDENTS }
  ?says kg:incident|kg:ofIncident ?incident ; kg:technique ?technique ; kg:passage|kg:inPassage ?passage .
  ?passage kg:about ?incident ; rdf:value ?words
} ORDER BY ?incident ?technique ?words"""

_NAMED = """SELECT DISTINCT ?incident ?link ?thing ?name ?kind ?country WHERE {
  VALUES ?incident { $INCIDENTS }
  VALUES ?link { kg:attributedTo kg:onPlatform kg:targetCountry }
  ?incident ?link ?thing . ?thing skos:prefLabel ?name .
  OPTIONAL { ?thing kg:actorKind ?kind }
  OPTIONAL { ?thing kg:countryCode ?country }
} ORDER BY ?incident ?link ?thing ?name ?kind ?country"""

_ALIASES = """SELECT DISTINCT ?thing ?alias WHERE {
  VALUES ?thing { $THINGS } ?thing skos:altLabel ?alias
} ORDER BY ?thing ?alias"""

_TECHNIQUES = """SELECT ?technique ?id ?name ?parent ?tactic WHERE {
  ?technique a kg:Technique ; dcterms:identifier ?id ; skos:prefLabel ?name .
  FILTER(LANG(?name) IN ("en", ""))
  OPTIONAL { ?technique skos:broader ?parent }
  OPTIONAL { ?technique kg:tactic/skos:prefLabel ?tactic . FILTER(LANG(?tactic) IN ("en", "")) }
} ORDER BY ?technique ?name ?parent ?tactic"""

_RELEASE = "SELECT ?version { ?release a kg:Release ; owl:versionInfo ?version } ORDER BY ?version"


class Thing(NamedTuple):
    """An actor, a platform, a country or a region; ``kind`` and ``country`` are those of actors, and may be empty."""

    iri: str
    name: str
    kind: str = ""
    country: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def category(self) -> str:
        """actor, platform, country or region."""
        return self.iri.split("/")[-2]

    @property
    def identifier(self) -> str:
        """The last part of its IRI: of a country its ISO 3166-1 alpha-2 code."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class CaseTechnique:
    """A technique: its IRI, id, name, whether it has a parent, and the names of its tactics."""

    iri: str
    identifier: str
    name: str
    is_child: bool
    tactics: tuple[str, ...]

    @property
    def phases(self) -> tuple[str, ...]:
        """The short names of its tactics, as DISARM's Navigator and bundle write them: ``develop-content``."""
        return tuple(
            "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split()) for name in self.tactics
        )


@dataclass(slots=True)
class Case:
    """One incident.

    Attributes:
        iri: Its IRI.
        identifier: Its id.
        title: Its title.
        summary: Its summary, where the graph holds text.
        year: The year of the act as stated, never that of an article.
        added: The day it was added to the source.
        uses: IRI of each technique that is believed of it, to the passages that tell of it, where the graph holds text.
        attributed: Who it is attributed to.
        platforms: Where it took place.
        targets: The countries and regions it was aimed at.
        articles: What it cites, each with its address.
    """

    iri: str
    identifier: str
    title: str = ""
    summary: str = ""
    year: int | None = None
    added: str = ""
    uses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    attributed: list[Thing] = field(default_factory=list)
    platforms: list[Thing] = field(default_factory=list)
    targets: list[Thing] = field(default_factory=list)
    articles: list[Citation] = field(default_factory=list)


def gather_cases(
    store: TripleStore, incidents: Sequence[str] = (), filters: Filters = NO_FILTERS, *, text: bool = True
) -> Iterator[Case]:
    """The incidents of a graph in order of their IRIs.

    Args:
        store: The graph.
        incidents: Ids; only these, where any is given.
        filters: By year, country, actor and platform.
        text: With summaries and passages, where the graph has them.

    Raises:
        UnknownNameError: There is no such incident, or a filter names what is not there; raised before the first case.
    """
    known = {row[1] or "": row[0] or "" for row in store.select(_CHOSEN).values()}
    for name in incidents:
        if name not in known:
            raise unknown_name("incident", name, known)
    passing = choose_incidents(store, filters).incidents
    wanted = {known[name] for name in incidents} or set(known.values())
    identifiers = {iri: name for name, iri in known.items()}
    chosen = sorted(wanted if passing is None else wanted & passing)
    return _gathered(store, [(iri, identifiers[iri]) for iri in chosen], text=text)


def _gathered(store: TripleStore, chosen: Sequence[tuple[str, str]], *, text: bool) -> Iterator[Case]:
    for start in range(0, len(chosen), _BATCH):
        cases = {iri: Case(iri, identifier) for iri, identifier in chosen[start : start + _BATCH]}
        _fill(store, cases, text=text)
        yield from cases.values()


def _fill(store: TripleStore, cases: dict[str, Case], *, text: bool) -> None:
    for iri, title, summary, year, added in _rows(store, _FACTS, INCIDENTS=cases):
        case = cases[iri]
        case.title = case.title or title
        case.summary = case.summary or (summary if text else "")
        case.year = int(year) if case.year is None and year.isdecimal() else case.year
        case.added = case.added or added
    words: defaultdict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for iri, technique, said in _rows(store, _WORDS, INCIDENTS=cases) if text else ():
        words[iri, technique][said] = None
    for iri, technique in _rows(store, _USES, INCIDENTS=cases):
        cases[iri].uses[technique] = tuple(words[iri, technique])
    _name(store, cases)
    for iri, url, date, publisher, archive in _rows(store, REFERENCES, INCIDENTS=cases):
        if url and not any(article.url == url for article in cases[iri].articles):
            cases[iri].articles.append(Citation(url, date, publisher, archive))


def _name(store: TripleStore, cases: dict[str, Case]) -> None:
    """Who, where and against whom."""
    rows = list(_rows(store, _NAMED, INCIDENTS=cases))
    aliases: defaultdict[str, list[str]] = defaultdict(list)
    things = sorted({row[2] for row in rows if "/actor/" in row[2] or "/platform/" in row[2]})
    for start in range(0, len(things), _BATCH):
        for thing, alias in _rows(store, _ALIASES, THINGS=things[start : start + _BATCH]):
            aliases[thing].append(alias)
    for iri, link, thing, name, kind, country in rows:
        case = cases[iri]
        holders = {"attributedTo": case.attributed, "onPlatform": case.platforms, "targetCountry": case.targets}
        held = holders[link.rpartition("#")[2]]
        if all(other.iri != thing for other in held):
            held.append(Thing(thing, name, kind, country, tuple(aliases[thing])))


def techniques_by_iri(store: TripleStore) -> dict[str, CaseTechnique]:
    """Every technique of the graph."""
    rows: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for iri, *rest in _rows(store, _TECHNIQUES):
        rows[iri].append(tuple(rest))
    return {
        iri: CaseTechnique(
            iri,
            found[0][0],
            found[0][1],
            is_child=any(parent for _, _, parent, _ in found),
            tactics=tuple(dict.fromkeys(tactic for *_, tactic in found if tactic)),
        )
        for iri, found in rows.items()
    }


def release_of(store: TripleStore) -> str:
    """The name of the release that a graph is of; empty where it names none or several."""
    names = {row[0] for row in _rows(store, _RELEASE)}
    return names.pop() if len(names) == 1 else ""


def _rows(store: TripleStore, query: str, **iris: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a query in which each ``$NAME`` stands for a list of IRIs; what is unbound is an empty string."""
    for name, values in iris.items():
        query = query.replace(f"${name}", " ".join(f"<{iri}>" for iri in values))
    for row in store.select(query).values():
        yield tuple(cell or "" for cell in row)
