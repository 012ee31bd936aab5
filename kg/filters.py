"""What is counted of a graph: by tactic, year, country, actor, platform, release, and with which weaker statements.

A filter on incidents (year, country, actor, platform) narrows the units; a filter on techniques (tactic) narrows what
is counted in them and leaves the units, and so N, as they are. Actors, platforms and countries are given by id or by
any of their names, in any case.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.store.protocol import TripleStore

YEAR_BASES = {
    "act": "the year of the act, from the incident's field",
    "text": "a year read in the incident's text",
    "published": "the year of its earliest article, which is an upper bound for the act",
}
"""What a year can rest on, and what that means."""

_YEARS = """SELECT ?incident ?year WHERE {{ ?incident a kg:Incident ; {property} ?value .
  BIND (xsd:integer(SUBSTR(STR(?value), 1, 4)) AS ?year) }}"""
_YEAR_PROPERTIES = {"act": "kg:yearStarted", "text": "kg:yearInText", "published": "kg:datePublished"}
_INCIDENTS = "SELECT ?incident WHERE { ?incident a kg:Incident }"
_NAMES = """SELECT DISTINCT ?x ?name WHERE {{
  VALUES ?kind {{ {kinds} }}
  ?x a ?kind ; dcterms:identifier|skos:notation|skos:prefLabel|skos:altLabel ?name }} ORDER BY ?x ?name"""
_JOINED = "SELECT ?incident ?x WHERE {{ ?incident {path} ?x }}"

_LEAST_YEAR, _LAST_YEAR = 1, 9999


@dataclass(frozen=True, slots=True)
class Filters:
    """Which incidents, techniques and statements are counted; everything, where nothing is said.

    Several values of one filter mean any of them; several filters mean all of them.

    Attributes:
        tactic: Ids of tactics (``TA06``): only their techniques are counted. N stays the number of all units.
        year_from: The first year, included.
        year_to: The last year, included.
        year_basis: Names of :data:`YEAR_BASES`: the first of them that an incident has is its year. An incident with
            none is left out, and the answer says how many were.
        country: Countries that an incident was aimed at, by ISO code or name.
        actor: Who it is attributed to: actors, countries or regions, by id or name.
        platform: Where it took place, by id or name.
        release: The name of a release: what it published is counted, in place of the graph as repaired.
        with_recovered: Count uses that an earlier release stated and a later one dropped.
        with_suspect: Count statements that are held back as suspect.
        with_aligned: ``actor`` takes weaker words too, such as "pro-Russian" or "based in".
        exclude_relatives: Leave out pairs of a technique and its own sub-technique, and of two sub-techniques of one
            technique.

    Raises:
        UnknownNameError: no such basis of a year.
        KgError: the years are in the wrong order, or are no years.
    """

    tactic: tuple[str, ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    year_basis: tuple[str, ...] = ("act",)
    country: tuple[str, ...] = ()
    actor: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    release: str | None = None
    with_recovered: bool = False
    with_suspect: bool = False
    with_aligned: bool = False
    exclude_relatives: bool = False

    def __post_init__(self) -> None:
        for basis in self.year_basis:
            if basis not in YEAR_BASES:
                raise unknown_name("basis of a year", basis, YEAR_BASES)
        if not self.year_basis:
            raise KgError(f"year basis: names nothing; give one or more of {', '.join(YEAR_BASES)}")
        for year in (self.year_from, self.year_to):
            if year is not None and not _LEAST_YEAR <= year <= _LAST_YEAR:
                raise KgError(f"year {year}: is no year; give four digits such as 2016")
        if self.year_from is not None and self.year_to is not None and self.year_from > self.year_to:
            raise KgError(f"years {self.year_from} to {self.year_to}: end before they begin; exchange them")
        if self.with_aligned and not self.actor:
            raise KgError("aligned: widens the filter by actor, and no actor is named; name one")

    @property
    def by_year(self) -> bool:
        """Whether incidents are chosen by year."""
        return self.year_from is not None or self.year_to is not None

    @property
    def on_incidents(self) -> bool:
        """Whether any filter narrows the incidents."""
        return self.by_year or bool(self.country or self.actor or self.platform)

    def words(self) -> tuple[str, ...]:
        """What is asked for, one phrase a filter that is set; for captions and messages."""
        said = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name.startswith("year_") or value == field.default:
                continue
            name = field.name.replace("_", " ")
            said.append(name if value is True else f"{name} {value if isinstance(value, str) else ', '.join(value)}")
        if self.by_year:
            first, last = self.year_from or "any", self.year_to or "any"
            said.append(f"years {first} to {last} (basis: {', '.join(self.year_basis)})")
        return tuple(said)


NO_FILTERS = Filters()
"""Everything is counted."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The incidents that pass the filters.

    Attributes:
        incidents: Their IRIs; None where no filter narrows them.
        total: How many incidents there are; 0 where no filter narrows them.
        notes: What a reader of the answer must know, in sentences.
    """

    incidents: frozenset[str] | None
    total: int = 0
    notes: tuple[str, ...] = ()

    def sentences(self, filters: Filters) -> tuple[str, ...]:
        """How many incidents pass, of how many, and what else a reader must know; nothing without filters."""
        if self.incidents is None:
            return ()
        asked = "; ".join(filters.words())
        return (f"N {len(self.incidents):,} of {self.total:,} incidents: {asked}", *self.notes)


def choose_incidents(store: TripleStore, filters: Filters) -> Chosen:
    """The incidents that pass every filter on incidents.

    Raises:
        UnknownNameError: no such country, actor or platform.
        KgError: the graph names none of that kind at all.
    """
    if not filters.on_incidents:
        return Chosen(None)
    chosen = {incident or "" for (incident,) in store.select(_INCIDENTS).values()}
    total = len(chosen)
    notes: list[str] = []
    if filters.by_year:
        years = _years(store, filters.year_basis)
        dated = chosen & set(years)
        if len(dated) < len(chosen):
            basis = " or ".join(YEAR_BASES[name] for name in filters.year_basis)
            notes.append(f"{len(chosen) - len(dated)} of {len(chosen)} incidents are left out, for they lack {basis}")
        first, last = filters.year_from or _LEAST_YEAR, filters.year_to or _LAST_YEAR
        chosen = {incident for incident in dated if any(first <= year <= last for year in years[incident])}
    about = "kg:attributedTo|kg:alignedWith" if filters.with_aligned else "kg:attributedTo"
    for kind, given, classes, path in (
        ("country", filters.country, "kg:Country kg:Region", "kg:targetCountry"),
        ("actor", filters.actor, "kg:Actor kg:Country kg:Region", about),
        ("platform", filters.platform, "kg:Platform", "kg:onPlatform"),
    ):
        if given:
            things = find_named(store, kind, given, classes)
            rows = store.select(_JOINED.format(path=path)).values()
            chosen &= {incident or "" for incident, thing in rows if thing in things}
    return Chosen(frozenset(chosen), total, tuple(notes))


def find_named(store: TripleStore, kind: str, given: Iterable[str], classes: str) -> frozenset[str]:
    """IRIs of the things of some classes that have these ids or names, whatever the case.

    Args:
        store: The graph.
        kind: What they are called in a message.
        given: Ids or names.
        classes: Prefixed names of classes, separated by blanks.

    Raises:
        UnknownNameError: nothing is called so.
        KgError: there is nothing of these classes.
    """
    called: defaultdict[str, set[str]] = defaultdict(set)
    spelt: dict[str, str] = {}
    for thing, name in store.select(_NAMES.format(kinds=classes)).values():
        called[(name or "").casefold()].add(thing or "")
        spelt.setdefault((name or "").casefold(), name or "")
    found: set[str] = set()
    for name in given:
        if not called:
            raise KgError(f"{kind} {name!r}: this graph names no {kind}; leave the filter out, or open another source")
        if name.casefold() not in called:
            raise unknown_name(kind, name, spelt.values())
        found |= called[name.casefold()]
    return frozenset(found)


def _years(store: TripleStore, bases: Iterable[str]) -> dict[str, set[int]]:
    """Incident to its years, by the first basis that gives any."""
    years: dict[str, set[int]] = {}
    for basis in bases:
        own: defaultdict[str, set[int]] = defaultdict(set)
        for incident, year in store.select(_YEARS.format(property=_YEAR_PROPERTIES[basis])).values():
            if year is not None:
                own[incident or ""].add(int(year))
        for incident, values in own.items():
            years.setdefault(incident, values)
    return years
