"""Incidents and what was seen in them: rows, passages, observations, and the uses that these state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import told_passages
from kg.rdf.iris import folded_hash, mint, short_hash, url_hash

if TYPE_CHECKING:
    import datetime as dt

    from kg.model import (
        Area,
        Corpus,
        Incident,
        InlineGroup,
        Passage,
        Place,
        Placement,
        Reference,
        TechniqueRow,
        ToldPassage,
        WorkbookRow,
    )
    from kg.rdf.graph import QuadSink
    from kg.rdf.provenance import Provenance

ACCEPTED, SUSPECT = "accepted", "suspect"


@dataclass(slots=True)
class _Use:
    """What is known of one incident using one technique."""

    stated_in: dict[str, str] = field(default_factory=dict)
    passages: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    accepted: bool = False


class IncidentWriter:
    """Writes incidents into the default graph, and their face value into the graph of the release.

    Args:
        sink: The default graph.
        published: The graph of the release as published.
        provenance: Ties things to their places.
        corpus: What is to be written: an id that is no technique of it is never a use.
        text: Whether sentences are written.
    """

    def __init__(
        self,
        sink: QuadSink,
        published: QuadSink,
        provenance: Provenance,
        corpus: Corpus,
        *,
        text: bool,
    ) -> None:
        self._sink = sink
        self._published = published
        self._provenance = provenance
        self._techniques = {technique.identifier for technique in corpus.techniques}
        self._dates = earliest_dates(corpus)
        self._text = text
        self._passages: set[str] = set()
        self._references: set[str] = set()
        self._areas: set[str] = set()
        self._owners = _owners(corpus)

    def write(self, incident: Incident) -> None:
        """Write one incident with all that hangs on it."""
        sink = self._sink
        node = sink.node("incident", incident.identifier, "kg:Incident")
        sink.text(node, "dcterms:title", incident.title or incident.identifier)
        self._published.text(node, "dcterms:title", incident.title or incident.identifier)
        if self._text:
            sink.text(node, "dcterms:description", incident.summary)
        if incident.summary:
            sink.text(node, "kg:sha256", folded_hash(incident.summary))
        sink.text(node, "kg:incidentType", incident.incident_type)
        sink.whole(node, "kg:yearStarted", incident.year_started)
        sink.text(node, "kg:foundVia", incident.found_via)
        sink.day(node, "kg:dateAdded", incident.date_added)
        dates = [date for reference in incident.references if (date := self._date(reference)) is not None]
        sink.day(node, "kg:datePublished", min(dates, default=None))
        self._provenance.tie(node, incident.place)
        for predicate, areas in (
            ("kg:attributedTo", incident.attributed_to),
            ("kg:targetCountry", incident.target_countries),
        ):
            for area in areas:
                sink.link(node, predicate, self._area(area))
        for reference in incident.references:
            self._reference(node, incident, reference)
        self._evidence(node, incident)

    def _area(self, area: Area) -> str:
        node = mint(area.kind, area.identifier)
        if area.identifier not in self._areas:
            self._areas.add(area.identifier)
            self._sink.node(area.kind, area.identifier, f"kg:{area.kind.capitalize()}")
            self._sink.text(node, "skos:prefLabel", area.name, "en")
            self._sink.text(node, "skos:notation", area.identifier)
        return node

    def _date(self, reference: Reference) -> dt.date | None:
        """When an article was published: the earliest date that any incident gives for it."""
        return self._dates.get(reference.url, reference.published) if reference.url else reference.published

    def _reference(self, incident: str, record: Incident, reference: Reference) -> None:
        sink = self._sink
        # A reference without an address is one of a kind: it is named by where it stands.
        identifier = (
            url_hash(reference.url) if reference.url else short_hash(record.identifier, "reference", reference.ordinal)
        )
        node = mint("reference", identifier)
        if identifier not in self._references:
            self._references.add(identifier)
            sink.node("reference", identifier, "kg:Reference")
            sink.address(node, "schema:url", reference.url)
        sink.day(node, "schema:datePublished", self._date(reference))
        sink.text(node, "schema:author", reference.authors)
        sink.text(node, "schema:publisher", reference.organisation)
        sink.address(node, "schema:archivedAt", reference.archive_url)
        for place in dict.fromkeys((reference.place, *reference.also)):
            sink.link(node, "prov:wasDerivedFrom", self._provenance.document(place))
            self._provenance.state((incident, "dcterms:references", node), place)

    def _evidence(self, node: str, incident: Incident) -> None:
        uses: dict[str, _Use] = {}
        told = told_passages(incident)
        for row in incident.rows:
            self._state(uses, row.technique, self._row(node, incident, row), row.place)
            self._published.link(node, "kg:usesTechnique", mint("technique", row.technique))
        for sheet_row in incident.workbook_rows:
            stated = self._workbook_row(node, incident, sheet_row)
            for technique in sheet_row.techniques:
                self._state(uses, technique, stated, sheet_row.place)
        for placement in incident.placements:
            self._placement(node, placement)
            if not placement.current:
                # Its rows are withdrawn and coded anew: known to be of this incident, and no evidence for it.
                write_passage(self._sink, placement.passage, node, self._passages, text=self._text)
        for told_once in told.values():
            self._passage(node, told_once)
            self._observations(node, incident, told_once, uses)
        self._explain(incident, uses)
        for technique, use in sorted(uses.items()):
            self._use(node, incident, technique, use)

    @staticmethod
    def _state(uses: dict[str, _Use], technique: str, stated: str, place: Place) -> None:
        """A row states a use: the cells of a row were not moved, only its description, so the pair stands."""
        use = uses.setdefault(technique, _Use())
        use.stated_in[stated] = stated
        use.accepted = True
        use.places.append(place)

    @staticmethod
    def _explain(incident: Incident, uses: dict[str, _Use]) -> None:
        """Point from each use to the descriptions that its rows were written with."""
        rows: list[tuple[tuple[str, ...], Passage | None]]
        rows = [((row.technique,), row.passage) for row in incident.rows if not row.suspect]
        rows += [(row.techniques, row.passage) for row in incident.workbook_rows if not row.suspect]
        rows += [(placement.techniques, placement.passage) for placement in incident.placements if placement.current]
        for techniques, passage in rows:
            for technique in techniques:
                if passage is not None and technique in uses:
                    told = mint("passage", passage.identifier)
                    uses[technique].passages[told] = told

    def _row(self, incident: str, record: Incident, row: TechniqueRow) -> str:
        sink = self._sink
        node = sink.node("row", f"{record.identifier}-{row.ordinal}", "kg:TableRow")
        sink.link(node, "kg:incident", incident)
        sink.link(node, "kg:technique", mint("technique", row.technique))
        sink.whole(node, "kg:ordinal", row.ordinal)
        sink.text(node, "kg:sha256", row.cell_sha256)
        sink.text(node, "kg:upstreamId", row.upstream_id)
        # The cells of a table row were not moved, only its description: the pair stands.
        sink.text(node, "kg:status", ACCEPTED)
        self._place_of(node, row.passage, suspect=row.suspect)
        self._provenance.tie(node, row.place)
        return node

    def _workbook_row(self, incident: str, record: Incident, row: WorkbookRow) -> str:
        sink = self._sink
        node = sink.node("workbook-row", f"{record.identifier}-{row.identifier}", "kg:WorkbookRow")
        sink.link(node, "kg:incident", incident)
        for technique in row.techniques:
            sink.link(node, "kg:technique", mint("technique", technique))
        sink.text(node, "kg:status", ACCEPTED)
        self._place_of(node, row.passage, suspect=row.suspect)
        self._provenance.tie(node, row.place)
        return node

    def _place_of(self, node: str, passage: Passage | None, *, suspect: bool) -> None:
        """Say which description a row shows, and whose it is where it is another incident's."""
        if passage is None:
            return
        self._sink.link(node, "kg:passage", mint("passage", passage.identifier))
        self._sink.text(node, "kg:placement", SUSPECT if suspect else "sound")
        for owner in self._owners.get(passage.sha256, ()) if suspect else ():
            self._sink.link(node, "kg:borrowedFrom", mint("incident", owner))

    def _placement(self, incident: str, placement: Placement) -> None:
        sink = self._sink
        identifier = f"{placement.incident}-{placement.passage.identifier}"
        node = sink.node("placement", identifier, "kg:Placement")
        sink.link(node, "kg:incident", incident)
        sink.link(node, "kg:passage", mint("passage", placement.passage.identifier))
        for technique in placement.techniques:
            sink.link(node, "kg:technique", mint("technique", technique))
        for other in placement.found_under:
            sink.link(node, "kg:foundUnder", mint("incident", other))
        sink.text(node, "kg:status", ACCEPTED if placement.current else "rejected")
        sink.text(node, "kg:evidence", placement.evidence)
        sink.decimal(node, "kg:confidence", placement.confidence)
        sink.text(node, "kg:earlierRelease", placement.release)
        self._provenance.tie(node, placement.place)

    def _passage(self, about: str, told: ToldPassage) -> None:
        # What is known to be another incident's is about that one alone.
        if told.believed or not self._owners.get(told.passage.sha256):
            write_passage(self._sink, told.passage, about, self._passages, text=self._text)

    def _observations(self, node: str, incident: Incident, told: ToldPassage, uses: dict[str, _Use]) -> None:
        passage = told.passage
        status, teller = ACCEPTED if told.believed else SUSPECT, mint("passage", passage.identifier)
        owners = () if told.believed else self._owners.get(passage.sha256, ())
        for group in passage.groups:
            ids = [mention.technique for mention in group.mentions]
            existing = list(dict.fromkeys(found for found in ids if found in self._techniques))
            observation = self._observation(node, incident, passage, group)
            self._sink.text(observation, "kg:techniqueList", " ".join(ids))
            self._sink.text(observation, "kg:status", status)
            if not told.published:
                # No page shows it under this incident: who counts as published leaves it out.
                self._sink.text(observation, "kg:placement", "restored")
            for owner in owners:
                self._sink.link(observation, "kg:borrowedFrom", mint("incident", owner))
            self._provenance.tie(observation, told.place)
            for technique in existing:
                self._sink.link(observation, "kg:technique", mint("technique", technique))
                use = uses.setdefault(technique, _Use())
                use.stated_in[observation] = observation
                use.passages[teller] = teller
                use.places.append(told.place)
                use.accepted = use.accepted or told.believed
                if told.published:
                    self._published.link(node, "kg:usesTechnique", mint("technique", technique))

    def _observation(self, node: str, incident: Incident, passage: Passage, group: InlineGroup) -> str:
        sink = self._sink
        span = f"{passage.identifier}-{group.start}-{group.end}"
        observation = sink.node("observation", f"{incident.identifier}-{span}", "kg:Observation")
        sink.link(observation, "kg:ofIncident", node)
        sink.link(observation, "kg:inPassage", mint("passage", passage.identifier))
        target = sink.node("target", span, "oa:SpecificResource")
        sink.link(observation, "oa:hasTarget", target)
        sink.link(target, "oa:hasSource", mint("passage", passage.identifier))
        selector = sink.node("selector", span, "oa:TextPositionSelector")
        sink.link(target, "oa:hasSelector", selector)
        sink.whole(selector, "oa:start", group.start)
        sink.whole(selector, "oa:end", group.end)
        if self._text:
            quote = sink.node("quote", span, "oa:TextQuoteSelector")
            sink.link(target, "oa:hasSelector", quote)
            sink.text(quote, "oa:exact", passage.text[group.start : group.end])
        return observation

    def _use(self, node: str, incident: Incident, technique: str, use: _Use) -> None:
        sink, concept = self._sink, mint("technique", technique)
        claim = sink.node("use", f"{incident.identifier}-{technique}", "kg:TechniqueUse")
        sink.link(claim, "kg:incident", node)
        sink.link(claim, "kg:technique", concept)
        sink.text(claim, "kg:status", ACCEPTED if use.accepted else SUSPECT)
        for stated in use.stated_in.values():
            sink.link(claim, "kg:statedIn", stated)
        for passage in use.passages.values():
            sink.link(claim, "kg:passage", passage)
        for place in dict.fromkeys(use.places):
            self._provenance.tie(claim, place)
        if use.accepted:
            sink.link(node, "kg:usesTechnique", concept)


def _owners(corpus: Corpus) -> dict[str, tuple[str, ...]]:
    """sha256 of a misplaced description -> the incidents it belongs to."""
    owners: dict[str, list[str]] = {}
    for incident in corpus.incidents:
        for placement in incident.placements:
            owners.setdefault(placement.passage.sha256, []).append(incident.identifier)
    return {sha256: tuple(sorted(found)) for sha256, found in owners.items()}


def earliest_dates(corpus: Corpus) -> dict[str, dt.date]:
    """Address to the earliest date of publication that any incident gives for it."""
    dates: dict[str, dt.date] = {}
    for incident in corpus.incidents:
        for reference in incident.references:
            if reference.published is not None:
                dates[reference.url] = min(dates.get(reference.url, reference.published), reference.published)
    return dates


def write_passage(sink: QuadSink, passage: Passage, about: str, written: set[str], *, text: bool) -> str:
    """Write a passage once, and what it is about each time."""
    node = mint("passage", passage.identifier)
    if passage.identifier not in written:
        written.add(passage.identifier)
        sink.node("passage", passage.identifier, "kg:Passage")
        sink.text(node, "kg:sha256", passage.sha256)
        sink.whole(node, "kg:length", len(passage.text))
        if text:
            sink.text(node, "rdf:value", passage.text)
    sink.link(node, "kg:about", about)
    return node
