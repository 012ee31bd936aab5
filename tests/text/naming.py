"""A small lexicon of made-up names, and the mentions of a made-up incident, for the tests of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.model import Incident, Passage, Place, Reference, TechniqueRow
from kg.text import digest, parse_groups
from kg.text.lexicon import Lexicon, read_names
from kg.text.lexicon import _country_forms as country_forms
from kg.text.mentions import MentionReader

if TYPE_CHECKING:
    import datetime as dt

    from kg.named import NameMention

NAMES = """id,name,category,kind,aliases,former_names,country,context
paper-crane,Paper Crane,actor,operation,Origami Swarm|PCR,,RU,strict:PCR
harbour-office,Harbour Office,actor,state-organ,Bureau Nine,,XA,
tin-whistle-agency,Tin Whistle Agency,actor,company,TWA,,XA,strict:TWA
lantern-tv,Lantern TV,actor,media,,,XA,
grey-gulls,Grey Gulls,actor,group,,,,
ada-mourne,Ada Mourne,actor,person,Mourne,,,
chirper,Chirper,platform,,Chirper App,Tweeter,,
plume,Plume,platform,,,,,strict
q,Q,platform,,Quill,,,strict:Q
vidbox,VidBox,platform,,,,,
storm-watch,Storm Watch,reporter,,,,,
"""
COUNTRIES = """kind,id,name,aliases,demonyms,metonyms,wikidata
country,XA,Arcadia,ARC,Arcadian;Arcadians,Port Vale,
country,XB,Bohemia,,Bohemian;Bohemians,,
country,RU,Russia,,Russian;Russians,Kremlin,
"""
LEXICON = Lexicon((*(form for _, forms in read_names(NAMES, "names.csv") for form in forms), *country_forms(COUNTRIES)))
READER = MentionReader(LEXICON)


def incident(
    *passages: str, title: str = "", summary: str = "", publisher: str = "", published: dt.date | None = None
) -> Incident:
    """An incident with these texts, and one reference where a publisher or a date is given."""
    place = Place("I99001.md", 1)
    rows = []
    for ordinal, text in enumerate(passages, 1):
        groups, loose = parse_groups(text)
        passage = Passage(digest(text), text, groups, loose)
        rows.append(TechniqueRow("T0146", "Account Asset", passage, ordinal, place, "0" * 64))
    cited = (Reference("https://news.example/a", 1, place, published, organisation=publisher),)
    return Incident(
        identifier="I99001",
        title=title,
        place=place,
        summary=summary,
        rows=tuple(rows),
        references=cited if publisher or published else (),
    )


def mentions(*passages: str, title: str = "", summary: str = "", publisher: str = "") -> tuple[NameMention, ...]:
    """The mentions in an incident with these texts."""
    return READER.read(incident(*passages, title=title, summary=summary, publisher=publisher))


def roles(*passages: str, title: str = "", summary: str = "", publisher: str = "") -> dict[str, str]:
    """Name of each thing named -> the role of its surest mention."""
    found = mentions(*passages, title=title, summary=summary, publisher=publisher)
    ranked = sorted(found, key=lambda mention: mention.confidence)
    return {mention.thing.name: str(mention.role) for mention in ranked if mention.thing is not None}
