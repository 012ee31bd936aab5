"""An incident's page as it is read for names: its fields, who reports it, what kind of page it is, and every hit."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from kg.text.cues import WINDOW
from kg.text.prose import prose_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.model import Incident, Passage
    from kg.named import Role, Thing
    from kg.text.matcher import Hit, Matcher
    from kg.text.prose import Prose, Sentence

_FACT_CHECK = re.compile(
    r"what was claimed|our verdict|\brating:|\bclaim:|fact[- ]?check|debunk|misleading|taken out of context|"
    r"out-of-context|"
    r"reverse image search|keyframes|viral|does not show|do(?:es)? not depict|is false\b|false claim|old video|"
    r"unrelated",
    re.IGNORECASE,
)
_SURE = 2


class Reading(NamedTuple):
    """What a rule made of a name: role, confidence from 0 to 1, rule."""

    role: Role
    confidence: float
    rule: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A hit in its sentence: what stands before and behind it there, at most ``WINDOW`` characters of each."""

    prose: Prose
    hit: Hit
    sentence: Sentence
    left: str
    right: str

    @property
    def surface(self) -> str:
        """The characters of the hit."""
        return self.prose.text[self.hit.start : self.hit.end]

    @property
    def claimed(self) -> bool:
        """Whether it stands in what is only repeated as a claim."""
        return self.prose.claimed(self.hit.start)


@dataclass
class Page:
    """The fields of one incident with everything found in them."""

    incident: Incident
    fields: tuple[Prose, ...]
    spots: tuple[Spot, ...] = field(default=())

    @cached_property
    def fact_check(self) -> bool:
        """Whether the page checks a claim: what it accuses someone of is then what is being debunked."""
        text = "\n".join(prose.text for prose in self.fields)
        return len({match[0].lower() for match in _FACT_CHECK.finditer(text)}) >= _SURE

    @cached_property
    def reporters(self) -> frozenset[str]:
        """The organisations and authors of its references, case folded: they tell of the incident."""
        names = set()
        for reference in self.incident.references:
            for part in re.split(r"[|,;]| and ", f"{reference.organisation}|{reference.authors}"):
                if len(part.strip()) > 1:
                    names.add(part.strip().casefold())
        return frozenset(names)


def fields_of(incident: Incident) -> tuple[Prose, ...]:
    """Title, summary and each distinct passage that belongs to the incident."""
    found = [prose_of("title", incident.title), prose_of("summary", incident.summary)]
    found += [prose_of("passage", item.text, item.identifier, item.groups) for item in passages_of(incident)]
    return tuple(prose for prose in found if prose.text)


def passages_of(incident: Incident) -> list[Passage]:
    """The distinct passages of an incident: of its page, of the workbook, and those put back here.

    What is another incident's, and what was withdrawn, is left out.
    """
    told = [row.passage for row in incident.rows if not row.suspect]
    told += [row.passage for row in incident.workbook_rows if not row.suspect]
    told += [item.passage for item in incident.placements if item.current]
    passages: dict[str, Passage] = {}
    for passage in told:
        if passage is not None:
            passages.setdefault(passage.sha256, passage)
    return list(passages.values())


def read_page(incident: Incident, matcher: Matcher) -> Page:
    """The page of an incident with every hit of a matcher, each in its sentence."""
    page = Page(incident, fields_of(incident))
    page.spots = tuple(spot for prose in page.fields for spot in spots_of(prose, matcher.find(prose.words)))
    return page


def spots_of(prose: Prose, hits: Iterable[Hit]) -> Iterator[Spot]:
    """The hits of a field in their sentences."""
    for hit in hits:
        sentence = prose.sentence_at(hit.start)
        start, end = hit.start - sentence.start, hit.end - sentence.start
        left, right = sentence.words[max(0, start - WINDOW) : start], sentence.words[end : end + WINDOW]
        yield Spot(prose, hit, sentence, left, right)


def shared_name(thing: Thing, names: frozenset[str]) -> bool:
    """Whether a thing bears one of the names, which are case folded."""
    return any(name.casefold() in names for name in (thing.name, *thing.aliases))
