"""The facts of a store as the explorer's page wants them: columns of numbers that point into lists of names.

Every list is sorted, so the same store gives the same facts. What a store does not hold (actors, recovered pairs,
texts) is an empty list, and the page leaves out what would show it.
"""

from __future__ import annotations

import base64
from collections import defaultdict
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from kg.named import ASSERTED
from kg.views.explorer import queries
from kg.views.explorer.pack import pack_sets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.store.protocol import TripleStore

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | dict[str, Json] | None"
Row: TypeAlias = "tuple[str | None, ...]"

ROLES = ("attributed", "aligned", "target", "platform", "enabled")
"""How an incident relates to a thing; the page knows them by their place here."""

READ = {"operator": "attributed", "aligned": "aligned", "target": "target", "used": "platform", "enabler": "enabled"}
"""The role that a name plays in prose, and how an incident relates to what bears the name."""

FIELDS = ("title", "summary", "passage")
"""Where a name is read; the page knows them by their place here."""

KINDS = ("actor", "platform", "country", "region")
"""Kinds of things; the page knows them by their place here."""

PLACES = ("sound", "suspect", "restored")
"""How a description stands; the page knows them by their place here. Any other word is taken for sound."""

EVIDENCE = ("TableRow", "Observation")
"""Kinds of evidence the page knows by their place here; any other kind is named in ``evidence_kinds`` behind them."""


_BEFORE = 1899
_BYTE = 256
_DIGITS = 16


class Facts:
    """Collects the facts of one store.

    Args:
        store: What is asked.

    Attributes:
        incidents: Ids in order.
        techniques: Ids in order.
    """

    def __init__(self, store: TripleStore) -> None:
        self._store = store
        # A technique that is retired since has neither tactic nor parent in the framework of today.
        retired: Iterator[Row] = ((row[0], row[1], None, None, "true") for row in self._rows(queries.RETIRED))
        concepts = _first(chain(self._rows(queries.TECHNIQUES), retired))
        self._concepts = sorted(concepts, key=lambda row: row[0] or "")
        self._told = list(_first(self._rows(queries.INCIDENTS)))
        self.techniques = [row[0] or "" for row in self._concepts]
        self.incidents = [row[0] or "" for row in self._told]
        self._technique = _places(self.techniques)
        self._incident = _places(self.incidents)
        self._thing: dict[tuple[int, str], int] = {}

    def _rows(self, query: str) -> Iterator[Row]:
        return iter(self._store.select(query).values())

    def releases(self) -> list[str]:
        """The releases the store holds."""
        return [row[0] or "" for row in self._rows(queries.RELEASES)]

    def framework(self) -> dict[str, Json]:
        """``tactics``: id, name; ``techniques``: id, name, places of tactic and parent (-1: none), retired (0, 1)."""
        found = list(_first(self._rows(queries.TACTICS)))
        ranked = sorted(found, key=lambda row: (_whole(row[2]) or len(found) + 1, row[0] or ""))
        tactic = _places([row[0] or "" for row in ranked])
        return {
            "tactics": [[row[0] or "", row[1] or row[0] or ""] for row in ranked],
            "techniques": [
                [
                    row[0] or "",
                    row[1] or row[0] or "",
                    tactic.get(row[2] or "", -1),
                    self._technique.get(row[3] or "", -1),
                    int(row[4] == "true"),
                ]
                for row in self._concepts
            ],
            "counters": [
                [self._technique[row[0] or ""], row[1] or "", row[2] or row[1] or ""]
                for row in self._rows(queries.COUNTERS)
                if row[0] in self._technique
            ],
        }

    def told(self) -> dict[str, Json]:
        """``incidents``: id, title, type, year of the act as stated, as read in prose, day of the first article."""
        return {
            "incidents": [
                [row[0] or "", row[1] or row[0] or "", row[2] or "", _whole(row[3]), _whole(row[4]), row[5] or ""]
                for row in self._told
            ]
        }

    def things(self) -> dict[str, Json]:
        """``things``: kind, id, name, other names; ``relations``: incident, role, thing."""
        named: dict[tuple[int, str], str] = {}
        relations: list[tuple[int, int, tuple[int, str]]] = []
        for incident, relation, kind, identifier, label in self._rows(queries.THINGS):
            thing = (_kind(kind, KINDS), identifier or "")
            if not named.get(thing):
                named[thing] = label or ""
            if incident in self._incident:
                relations.append((self._incident[incident or ""], ROLES.index(relation or ""), thing))
        aliases: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
        for kind, identifier, alias in self._rows(queries.ALIASES):
            aliases[_kind(kind, KINDS), identifier or ""].append(alias or "")
        self._thing = order = {thing: place for place, thing in enumerate(sorted(named))}
        return {
            "things": [[kind, name, named[kind, name] or name, aliases[kind, name]] for kind, name in order],
            "relations": sorted({(incident, role, order[thing]) for incident, role, thing in relations}),
        }

    def named(self, passages: Sequence[Json]) -> dict[str, Json]:
        """Why an incident relates to a thing, for the things that :meth:`things` told.

        Args:
            passages: Those that :meth:`evidence` told, the id first.

        Returns:
            ``mentions``: incident, role, thing, field, passage (-1: none), start, end, surface, rule, confidence;
            ``stated``: incident, role, thing, file and line of a source that says so in a field of its own.
            Surfaces and rules are places in ``words``.
        """
        passage = _places([str(row[0]) for row in passages if isinstance(row, list)])
        words = _Names()
        mentions: list[Json] = []
        for row in self._rows(queries.MENTIONS):
            incident, role, kind, identifier, field, told, start, end, surface, rule, confidence = row
            thing = self._thing.get((_kind(kind, KINDS), identifier or ""))
            where = (_whole(start), _whole(end))
            # A graph of someone else's may hold what no shape allows; what has no place or is unsure gives no edge.
            if thing is None or incident not in self._incident or field not in FIELDS or None in where:
                continue
            if (sure := _number(confidence)) >= ASSERTED:
                relation = ROLES.index(READ[role or ""])
                begin = (
                    self._incident[incident or ""],
                    relation,
                    thing,
                    FIELDS.index(field),
                    passage.get((told or "").rpartition("/")[2], -1),
                )
                mentions.append([*begin, *where, words.place(surface or ""), words.place(rule or ""), sure])
        stated: list[Json] = []
        for incident, relation_, kind, identifier, path, line in self._rows(queries.STATED):
            thing = self._thing.get((_kind(kind, KINDS), identifier or ""))
            if thing is not None and incident in self._incident:
                role_ = ROLES.index(relation_ or "")
                stated.append([self._incident[incident or ""], role_, thing, path or "", _whole(line) or 0])
        return {"mentions": mentions, "stated": stated, "words": words.names}

    def pairs_used(self) -> list[list[int]]:
        """For each incident the places of the techniques it uses, sorted."""
        return self._pairs(queries.USES)

    def as_parents(self, pairs: Sequence[Sequence[int]]) -> list[list[int]]:
        """The same with each sub-technique as its parent."""
        stands = [self._technique.get(row[3] or "", place) for place, row in enumerate(self._concepts)]
        return [sorted({stands[place] for place in found}) for found in pairs]

    def pairs_recovered(self) -> list[list[int]]:
        """The same for pairs that an earlier release states and a later one dropped."""
        return self._pairs(queries.RECOVERED)

    def published(self) -> list[Json]:
        """``release, pairs`` for each release as it was published; the pairs are packed as sets by incident."""
        releases: defaultdict[str, list[set[int]]] = defaultdict(lambda: [set() for _ in self.incidents])
        for release, incident, technique in self._rows(queries.PUBLISHED):
            if incident in self._incident and technique in self._technique:
                releases[release or ""][self._incident[incident or ""]].add(self._technique[technique or ""])
        return [[release, pack_sets(map(sorted, sets))] for release, sets in releases.items()]

    def years(self) -> str:
        """The years of the acts as base64, one byte an incident: the year less 1899, 0 where it is unknown."""
        years = ((_whole(row[3]) or _whole(row[4]) or 0) - _BEFORE for row in self._told)
        return base64.b64encode(bytes(year if 0 < year < _BYTE else 0 for year in years)).decode()

    def _pairs(self, query: str) -> list[list[int]]:
        pairs: list[set[int]] = [set() for _ in self.incidents]
        for incident, technique in self._rows(query):
            if incident in self._incident and technique in self._technique:
                pairs[self._incident[incident or ""]].add(self._technique[technique or ""])
        return [sorted(found) for found in pairs]

    def evidence(self) -> dict[str, Json]:
        """``evidence``: kind, incident, techniques, status, passage, placement, file, line, start, end, list."""
        spans = {row[0]: row for row in self._rows(queries.SPANS)}
        passages = list(_first(self._rows(queries.PASSAGES)))
        passage = _places([row[0] or "" for row in passages])
        kinds, files, statements = list(EVIDENCE), _Names(), dict[tuple[str | None, ...], list[Json]]()
        for row in self._rows(queries.EVIDENCE):
            identifier, kind, incident, technique, status, told, placement, path, line = row
            if incident not in self._incident or technique not in self._technique:
                continue
            name = (kind or "").rpartition("#")[2]
            if name not in kinds:
                kinds.append(name)
            if (identifier, kind) not in statements:
                _, start, end, listed = spans.get(identifier, (None, None, None, None))
                statements[identifier, kind] = [
                    kinds.index(name),
                    self._incident[incident or ""],
                    [],
                    int(status != "accepted"),
                    passage.get(told or "", -1),
                    PLACES.index(placement) if placement in PLACES else 0,
                    files.place(path or ""),
                    _whole(line) or 0,
                    _whole(start) or 0,
                    _whole(end) or 0,
                    listed or "",
                ]
            techniques = statements[identifier, kind][2]
            place = self._technique[technique or ""]
            if isinstance(techniques, list) and place not in techniques:
                techniques.append(place)
        return {
            "placements": self._placements(passage),
            "evidence_kinds": kinds,
            "evidence": list(statements.values()),
            "files": files.names,
            "passages": [[row[0] or "", _whole(row[1]) or 0, row[2] or ""] for row in passages],
        }

    def _placements(self, passage: dict[str, int]) -> list[Json]:
        """Descriptions that were put back: incident, passage, on what that rests, how sure, where they were found."""
        found: dict[tuple[int, int], tuple[str, str, list[str]]] = {}
        for incident, told, evidence, confidence, under in self._rows(queries.PLACEMENTS):
            if incident in self._incident and told in passage:
                key = (self._incident[incident or ""], passage[told or ""])
                kept = found.setdefault(key, (evidence or "", confidence or "", []))
                if under and under not in kept[2]:
                    kept[2].append(under)
        return [[*key, *told] for key, told in found.items()]

    def references(self) -> dict[str, Json]:
        """``references``: address, day, publisher, archived copy; ``cites``: for each incident their places."""
        found: dict[str, list[Json]] = {}
        cites: list[list[int]] = [[] for _ in self.incidents]
        place: dict[str, int] = {}
        for incident, identifier, url, date, publisher, archive in self._rows(queries.REFERENCES):
            if identifier is None or incident not in self._incident:
                continue
            if identifier not in found:
                place[identifier] = len(found)
                found[identifier] = [url or "", date or "", publisher or "", archive or ""]
            cited = cites[self._incident[incident or ""]]
            if place[identifier] not in cited:
                cited.append(place[identifier])
        return {"references": list(found.values()), "cites": cites}

    def findings(self) -> dict[str, Json]:
        """``findings``: code, message, remedy, file and line, what it is about (an id)."""
        known = self._incident.keys() | self._technique.keys()
        found: list[Json] = []
        for _, about, code, message, fix, path, line in self._rows(queries.FINDINGS):
            identifier = (about or "").rpartition("/")[2]
            if identifier in known:
                where = f"{path}:{line}" if line and line != "0" else path or ""
                found.append([code or "", message or "", fix or "", where, identifier])
        return {"findings": found}


class _Names:
    """Names in the order they were first seen, and the place of each."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}

    @property
    def names(self) -> list[str]:
        return list(self._place)

    def place(self, name: str) -> int:
        return self._place.setdefault(name, len(self._place))


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        return 0.0


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _first(rows: Iterator[Row]) -> Iterator[Row]:
    """The first row of each id: a thing with two names or two dates is one thing."""
    seen: set[str | None] = set()
    for row in rows:
        if row[0] not in seen:
            seen.add(row[0])
            yield row


def _kind(iri: str | None, kinds: Sequence[str]) -> int:
    return kinds.index((iri or "").rpartition("#")[2].lower())


def _whole(text: str | None) -> int | None:
    """A whole number, None where the text is none: a user's Turtle may hold anything."""
    return int(text) if text and text.removeprefix("-").isdecimal() and text.isascii() and len(text) < _DIGITS else None
