"""Why techniques are said to go together: the incidents, passages and places behind a technique, a pair or a set.

The strongest sign is an observation that holds them all: one act, told in one place. Where the words are loaded they
are given; where not, the passage's hash and the span stand for them, so that anyone with the source can look them up.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.analysis import evidence_queries as queries
from kg.errors import KgError, unknown_name
from kg.filters import NO_FILTERS, Filters, choose_incidents
from kg.rdf.iris import mint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.store.protocol import TripleStore

MOST_CASES = 20
"""How many incidents are told in full unless more are asked for."""

_TECHNIQUE_IDS = "SELECT ?id WHERE { ?t a kg:Technique ; dcterms:identifier ?id } ORDER BY ?id"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Statement:
    """One place that says so.

    Attributes:
        kind: ``TableRow``, ``Observation``, or another kind of evidence of the ontology.
        techniques: Those of the asked ones (or their sub-techniques) that it states, sorted.
        status: ``accepted``, ``suspect`` or ``recovered``.
        place: File and line, as ``file:line``; with a release in front where it is an earlier one.
        passage: Id of the passage, or an empty string.
        start: Where the group begins in the passage's plain text, in code points from 0; None where it is no span.
        end: Where it ends, exclusive.
        quote: The words of the group where the text is loaded, else an empty string.
        together: Whether it states every one of the asked techniques: one act.
    """

    kind: str
    techniques: tuple[str, ...]
    status: str
    place: str
    passage: str = ""
    start: int | None = None
    end: int | None = None
    quote: str = ""
    together: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A description that states one of the techniques: its id, sha256, length in code points, and words if loaded."""

    identifier: str
    sha256: str
    length: int | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """An article that the incident cites."""

    url: str
    date: str
    publisher: str
    archive: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A finding or repair about the incident."""

    code: str
    message: str
    fix: str
    place: str


@dataclass(frozen=True, slots=True)
class Case:
    """One incident that holds all of the techniques.

    Attributes:
        incident: Its id.
        title: Its title.
        year: The year of the act, stated or else read in the text; None where unknown.
        basis: What ``year`` rests on: ``stated``, ``text``, or an empty string.
        published: Day of its earliest article, a bound and never the year of the act; may be empty.
        statements: Where the techniques are stated, those that hold all together first.
        passages: The distinct descriptions among them.
        references: Its articles.
        findings: What was wrong with it, or mended.
    """

    incident: str
    title: str
    year: int | None
    basis: str
    published: str
    statements: tuple[Statement, ...] = ()
    passages: tuple[Passage, ...] = ()
    references: tuple[Citation, ...] = ()
    findings: tuple[Touch, ...] = ()

    @property
    def together(self) -> bool:
        """Whether one place states all of the techniques."""
        return any(statement.together for statement in self.statements)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything behind a technique, a pair or a set.

    Attributes:
        techniques: Id and name of each asked technique, in the order asked.
        counted_as: For each asked id the ids that count as it: itself and its sub-techniques.
        incidents: How many incidents hold all of them.
        with_each: For each asked id, how many incidents hold it.
        cases: The first of these incidents in full, those with all in one act first, then by id.
        filters: What narrowed the incidents, in words.
        notes: What a reader must know, in sentences.
    """

    techniques: tuple[tuple[str, str], ...]
    counted_as: Mapping[str, tuple[str, ...]]
    incidents: int
    with_each: Mapping[str, int]
    cases: tuple[Case, ...]
    filters: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def evidence(
    store: TripleStore,
    techniques: Sequence[str],
    *,
    exact: bool = False,
    most: int = MOST_CASES,
    filters: Filters = NO_FILTERS,
) -> Evidence:
    """Why these techniques are said to go together.

    Args:
        store: The graph.
        techniques: Ids, one or more; repeated ones count once.
        exact: Whether a technique's sub-techniques do not count as it.
        most: How many incidents are told in full, 1 or more.
        filters: Narrows the incidents; ``with_suspect`` and ``with_recovered`` widen what counts as a use.

    Raises:
        UnknownNameError: no such technique, or a name of a filter is unknown.
        KgError: no technique is given, ``most`` is below 1, or a filter cannot apply.
    """
    asked = tuple(dict.fromkeys(techniques))
    if not asked:
        raise KgError("why: no technique is given; give one or more ids such as T0146 T0154.002")
    if most < 1:
        raise KgError(f"why: {most} incidents; give 1 or more")
    if filters.release is not None or filters.tactic:
        raise KgError("why: takes no filter by tactic or release; filter by year, country, actor or platform")
    names, families = _families(store, asked, exact=exact)
    holders = {name: _holders(store, families[name], filters) for name in asked}
    chosen = choose_incidents(store, filters)
    if chosen.incidents is not None:
        holders = {name: found & chosen.incidents for name, found in holders.items()}
    common = sorted(set.intersection(*(set(found) for found in holders.values())))
    cases = _Cases(store, asked, families, filters).of(common)
    ordered = sorted(cases, key=lambda case: (not case.together, case.incident))
    return Evidence(
        techniques=tuple((name, names[name]) for name in asked),
        counted_as={name: tuple(iri.rpartition("/")[2] for iri in families[name]) for name in asked},
        incidents=len(common),
        with_each={name: len(found) for name, found in holders.items()},
        cases=_told(store, ordered[:most]),
        filters=filters.words(),
        notes=chosen.notes,
    )


def _families(store: TripleStore, asked: Sequence[str], *, exact: bool) -> tuple[dict[str, str], dict[str, list[str]]]:
    """The name of each technique, and the IRIs that count as it."""
    iris = {mint("technique", name): name for name in asked}
    names: dict[str, str] = {}
    families: defaultdict[str, list[str]] = defaultdict(list)
    for given, member, label in _rows(store, queries.FAMILY, TECHNIQUES=iris):
        name = iris[given or ""]
        if member == given:
            names.setdefault(name, label or name)
        if member and member not in families[name] and (member == given or not exact):
            families[name].append(member)
    for name in asked:
        if name not in names:
            raise unknown_name("technique", name, (row[0] or "" for row in store.select(_TECHNIQUE_IDS).values()))
    return names, families


def _holders(store: TripleStore, family: Sequence[str], filters: Filters) -> frozenset[str]:
    asked = [queries.USED]
    if filters.with_suspect:
        asked.append(queries.SUSPECT)
    if filters.with_recovered:
        asked.append(queries.RECOVERED)
    return frozenset(row[0] or "" for query in asked for row in _rows(store, query, TECHNIQUES=family))


@dataclass(slots=True)
class _Gathered:
    """What is gathered of one piece of evidence, row by row."""

    kind: str
    status: str
    place: str
    passage: str
    start: int | None = None
    end: int | None = None
    techniques: set[str] = field(default_factory=set)


class _Cases:
    """The incidents with their statements; articles, words and findings are added to those that are shown."""

    def __init__(
        self, store: TripleStore, asked: Sequence[str], families: Mapping[str, Sequence[str]], filters: Filters
    ) -> None:
        self._store = store
        self._families = [frozenset(families[name]) for name in asked]
        self._members = sorted({iri for name in asked for iri in families[name]})
        self._filters = filters

    def of(self, incidents: Sequence[str]) -> list[Case]:
        """The cases of these incidents, in their order."""
        found: list[Case] = []
        for some in _batches(incidents):
            statements = self._statements(some)
            seen: set[str] = set()
            for iri, title, stated, read, published in _rows(self._store, queries.INCIDENTS, INCIDENTS=some):
                if iri is None or iri in seen:
                    continue
                seen.add(iri)
                year = _whole(stated) if _whole(stated) is not None else _whole(read)
                basis = "stated" if _whole(stated) is not None else "text" if year is not None else ""
                name = iri.rpartition("/")[2]
                found.append(Case(name, title or name, year, basis, published or "", statements=statements[iri]))
        return found

    def _statements(self, incidents: Sequence[str]) -> defaultdict[str, tuple[Statement, ...]]:
        gathered: defaultdict[str, dict[str, _Gathered]] = defaultdict(dict)
        rows = _rows(self._store, queries.STATEMENTS, INCIDENTS=incidents, TECHNIQUES=self._members)
        for incident, node, kind, technique, status, use_status, passage, path, line, start, end in rows:
            told = status or use_status or ""
            if told != "accepted" and not self._filters.with_suspect:
                continue
            kept = gathered[incident or ""].setdefault(
                node or "", _Gathered(_last(kind), told, _place(path, line), passage or "", _whole(start), _whole(end))
            )
            kept.techniques.add(technique or "")
        if self._filters.with_recovered:
            rows = _rows(self._store, queries.DROPPED, INCIDENTS=incidents, TECHNIQUES=self._members)
            for incident, node, technique, path, line, release in rows:
                where = f"release {release}: {_place(path, line)}" if release else _place(path, line)
                kept = gathered[incident or ""].setdefault(
                    f"recovered {node}", _Gathered("TechniqueUse", "recovered", where, "")
                )
                kept.techniques.add(technique or "")
        told_of: defaultdict[str, tuple[Statement, ...]] = defaultdict(tuple)
        for incident, nodes in gathered.items():
            statements = [self._statement(item) for _, item in sorted(nodes.items())]
            told_of[incident] = tuple(sorted(statements, key=lambda item: not item.together))
        return told_of

    def _statement(self, item: _Gathered) -> Statement:
        together = all(family & item.techniques for family in self._families)
        return Statement(
            kind=item.kind,
            techniques=tuple(sorted(_last(iri) for iri in item.techniques)),
            status=item.status,
            place=item.place,
            passage=_last(item.passage),
            start=item.start,
            end=item.end,
            together=together,
        )


def _told(store: TripleStore, cases: Sequence[Case]) -> tuple[Case, ...]:
    """The same cases with their words, articles and findings."""
    from dataclasses import replace  # noqa: PLC0415 - only here

    iris = [mint("incident", case.incident) for case in cases]
    citations: defaultdict[str, list[Citation]] = defaultdict(list)
    for incident, url, date, publisher, archive in _rows(store, queries.REFERENCES, INCIDENTS=iris):
        citations[_last(incident)].append(Citation(url or "", date or "", publisher or "", archive or ""))
    touches: defaultdict[str, list[Touch]] = defaultdict(list)
    for incident, code, message, fix, path, line in _rows(store, queries.FINDINGS, INCIDENTS=iris):
        touches[_last(incident)].append(Touch(code or "", message or "", fix or "", _place(path, line)))
    named = sorted({item.passage for case in cases for item in case.statements if item.passage})
    passages: dict[str, Passage] = {}
    for node, sha256, length, text in _rows(
        store, queries.PASSAGES, PASSAGES=[mint("passage", name) for name in named]
    ):
        passages.setdefault(_last(node), Passage(_last(node), sha256 or "", _whole(length), text or ""))

    def quoted(item: Statement) -> Statement:
        words = passages[item.passage].text if item.passage in passages else ""
        return replace(item, quote=words[item.start : item.end]) if words and item.start is not None else item

    return tuple(
        replace(
            case,
            statements=tuple(quoted(item) for item in case.statements),
            passages=tuple(
                passages[name] for name in dict.fromkeys(item.passage for item in case.statements) if name in passages
            ),
            references=tuple(dict.fromkeys(citations[case.incident])),
            findings=tuple(dict.fromkeys(touches[case.incident])),
        )
        for case in cases
    )


def _rows(store: TripleStore, query: str, **lists: Iterable[str]) -> Iterator[tuple[str | None, ...]]:
    """The rows of a query with its lists of IRIs put in; we mint them, so none can break out of its brackets."""
    text = query
    for name, iris in lists.items():
        listed = " ".join(f"<{iri}>" for iri in iris)
        if not listed:
            return iter(())
        text = text.replace(f"${name}", listed)
    return iter(store.select(text).values())


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _last(iri: str | None) -> str:
    return (iri or "").rpartition("/")[2].rpartition("#")[2]


def _place(path: str | None, line: str | None) -> str:
    return f"{path}:{line}" if path and line and line != "0" else path or ""


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and text.isascii() else None
