"""Actors that no list knows: names in a place where the sentence says that they act.

Only strong places count: an agent ("run by ..."), a conviction, a code name, an operation called so, the subject of a
sentence that ends in the techniques it shows. What the operation made up, and who reports it, is no actor.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.named import Role, Thing
from kg.text.cues import _ACTS, _ADVERB, _AGENTS, _CRIMES
from kg.text.page import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.text.page import Page
    from kg.text.prose import Prose

_WORD = r"[^\W\d_a-z][\w\u2019'&-]*"
NAME = (
    rf"(?:{_WORD}(?:\s+(?:of|for|the|and the|de|del|la|al|bin|van|von|der|&)(?=\s+{_WORD}))*(?:\s+(?={_WORD}))?){{1,7}}"
)
_QUOTE = r"[\"\u201c\u2018]?"
_UNQUOTE = r"[\"\u201d\u2019]?"
_KINDS = (
    r"campaign|operation|network|threat actor|actor|hacker group|hacking group|hacker|cluster|group|movement|"
    r"troll farm|outfit|gang|"
    r"collective|supremacist|neo-nazi|influencer|conspiracy theorist|businessman|oligarch|activist|strategist|"
    r"operative|"
    r"propagandist|consultancy|public relations firm|PR firm|PR agency|marketing firm|company|firm|"
    r"front organi[sz]ation|think tank|party|militia"
)
_CODE = re.compile(
    r"\b(?:APT[- ]?\d{1,3}|UNC\d{3,5}|TA\d{3,4}|Storm-\d{3,5}|TAG-\d{1,4}|DEV-\d{3,5}|TEMP\.[A-Z]\w+|"
    r"Operation [\u201c\"]?[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?!\w)"
)
_PLACES: tuple[tuple[str, Role, float, re.Pattern[str]], ...] = (
    (
        "agent",
        Role.OPERATOR,
        0.75,
        re.compile(
            rf"\b(?:{_AGENTS}|owned|led)(?: and \w+)? (?:\w+ly )?by\s+(?:[a-z][\w-]*\s+|the\s+|an?\s+|"
            rf"US\s+){{0,4}}{_QUOTE}(?P<name>{NAME})"
        ),
    ),
    ("convicted", Role.OPERATOR, 0.85, re.compile(rf"(?P<name>{NAME}){_CRIMES}")),
    (
        "called",
        Role.OPERATOR,
        0.7,
        re.compile(
            rf"\b(?:{_KINDS})s?,? (?:which is |commonly |also |publicly )?(?:known as|called|dubbed|named|"
            rf"codenamed|we call)\s+(?:the\s+)?{_QUOTE}(?P<name>{NAME})"
        ),
    ),
    (
        "dubbed",
        Role.OPERATOR,
        0.7,
        re.compile(
            rf"\b(?:campaign|operation|network|"
            rf"activity)\b[^.;\n]{{0,40}}?\bdubbed\s+(?:the\s+)?{_QUOTE}(?P<name>{NAME})"
        ),
    ),
    (
        "described",
        Role.OPERATOR,
        0.65,
        re.compile(
            rf"\b(?:nationalist|supremacist|extremist|neo-nazi|far[- ]right|disinformation|troll|hacker|hacking|"
            rf"propaganda|terrorist) (?:{_KINDS})s?,?(?: (?:such as|like|called|including))?\s+{_QUOTE}(?P<name>{NAME})"
        ),
    ),
    (
        "use-of",
        Role.OPERATOR,
        0.75,
        re.compile(
            rf"(?P<name>{NAME})[\u2019']s?\s+(?:use of|campaign|disinformation|propaganda|fake accounts|troll|smear)"
        ),
    ),
    ("network-called", Role.OPERATOR, 0.75, re.compile(rf"\b(?:{_KINDS}),\s+called\s+{_QUOTE}(?P<name>{NAME})")),
)
_SUBJECT = re.compile(
    rf"\A[\"\u201c\s\[]*(?:(?:Here|In this (?:example|case|incident)|Later|"
    rf"Then),?\s+)?(?P<name>{NAME}){_UNQUOTE}\s+{_ADVERB}(?:{_ACTS})\b"
)
_PERSONA = re.compile(
    rf"\b(?:accounts?|pages?|profiles?|personas?|personality|biologist|users?|channels?|groups?|bots?|websites?|"
    rf"sites?|outlets?|blogs?|handles?|"
    rf"characters?|employee|expert|journalist|woman|man|video|document|article|book|film|song)\b[^.;\n]{{0,40}}?"
    rf"(?:called|named|dubbed|titled|entitled|under the name|by the name of|using the name|goes by|"
    rf"is)\s+{_QUOTE}(?P<name>{NAME})"
)
_FAKE = re.compile(
    rf"\b(?:fake|fictitious|fictional|fabricated|bogus|invented|so-called|purported|"
    rf"non-existent)\s+(?:[a-z-]+\s+){{0,3}}{_QUOTE}(?P<name>{NAME})"
)
_INVENTED = re.compile(
    rf"(?P<name>{NAME}){_UNQUOTE}\s+(?:is (?:likely )?an? invention|does not exist|did not exist|"
    rf"wasn[\u2019']t a real|was(?: not|n[\u2019']t) a real|is (?:a )?(?:fake|fictional))"
)
# fmt: off
_NO_NAME = frozenset(
    (
        "A", "AI", "According", "Account", "Accounts", "Actor", "Actors", "Africa", "After", "All", "Also",
        "Although", "An", "Analysts", "And", "Another", "Any", "April", "As", "Asia", "At", "Attackers",
        "August", "Because", "Before", "Both", "But", "By", "COVID", "COVID-19", "Campaign", "Christians",
        "Christmas", "Companies", "Conservative", "Conservatives", "Conspiracy", "Content", "Covid",
        "Creators", "December", "Democrat", "Democrats", "Despite", "During", "Each", "East", "Easter",
        "Eastern", "Election", "Elections", "Embassy", "English", "Europe", "European", "Even", "Every",
        "Experts", "February", "For", "Friday", "From", "Further", "God", "Government", "Group", "Groups",
        "Hackers", "He", "Her", "Here", "His", "How", "However", "I", "If", "Images", "In", "Instead",
        "Internet", "Islam", "Islamist", "It", "Its", "January", "Jews", "Journalists", "July", "June",
        "Labour", "Later", "Liberal", "Many", "March", "May", "Meanwhile", "Media", "Members", "Minister",
        "Ministry", "Monday", "Most", "Muslims", "Nazi", "Nazis", "Neo-Nazi", "Network", "Networks", "No",
        "Not", "November", "October", "Officials", "On", "One", "Online", "Only", "Operation", "Operators",
        "Or", "Other", "Our", "Page", "Pages", "Party", "People", "Platforms", "Post", "Posts", "President",
        "Prime", "Republican", "Republicans", "Researchers", "Saturday", "Scammers", "September", "Several",
        "She", "Since", "So", "Social", "Some", "State", "States", "Such", "Sunday", "That", "The", "Their",
        "Then", "There", "These", "They", "This", "Those", "Though", "Threat", "Three", "Thursday", "To",
        "Tory", "Tuesday", "Twitter", "Two", "Union", "Until", "User", "Users", "Videos", "We", "Website",
        "Websites", "Wednesday", "West", "Western", "What", "When", "Where", "Which", "While", "Who", "Why",
        "With", "You",
    )
)
# fmt: on
_TITLES = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Prime Minister|Chancellor|Minister|Chief Minister)\.?\s+)+"
)
_MOST = 60


@dataclass(frozen=True, slots=True)
class Found:
    """A name found by its place: span in the field, and what the place says of it."""

    prose: Prose
    start: int
    end: int
    reading: Reading

    @property
    def name(self) -> str:
        """The name as written."""
        return self.prose.text[self.start : self.end]


def discover(page: Page) -> list[Found]:
    """The actors of a page that no list knows, at the places that say that they act; at most a few dozen."""
    made_up = {name.casefold() for prose in page.fields for name in invented(prose)}
    taken = {(id(spot.prose), at) for spot in page.spots for at in range(spot.hit.start, spot.hit.end)}
    found: list[Found] = []
    for prose in page.fields:
        for start, end, reading in _places(prose, page):
            name = prose.text[start:end]
            if any((id(prose), at) in taken for at in (start, end - 1)) or prose.claimed(start):
                continue
            if name.casefold() in made_up or _tells(name, page):
                continue
            if reading.rule != "code-name" and not is_name(name):
                continue
            found.append(Found(prose, start, end, reading))
    return found[:_MOST]


def invented(prose: Prose) -> Iterator[str]:
    """The names that the text says were made up: personas, fake outlets, pages, documents."""
    for pattern in (_PERSONA, _FAKE, _INVENTED):
        for match in pattern.finditer(prose.words):
            yield _trimmed(prose, *match.span("name"))[2]


def is_name(name: str) -> bool:
    """Whether capitalised words can be the name of someone: no bare common word, no heading in capitals."""
    words = name.split()
    if not words or len(name) < 3 or words[0] in _NO_NAME:  # noqa: PLR2004 - no name has two letters
        return False
    return not all(word in _NO_NAME for word in words)


def thing_of(name: str) -> Thing:
    """The record of an actor that no list knows; its id is made from its name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        slug = "x" + "".join(f"{ord(char):x}" for char in name[:8])
    return Thing(category="actor", identifier=slug[:80], name=name, source="text")


def _places(prose: Prose, page: Page) -> Iterator[tuple[int, int, Reading]]:
    for match in _CODE.finditer(prose.words):
        yield match.start(), match.end(), Reading(Role.OPERATOR, 0.8, "code-name")
    for rule, role, confidence, pattern in _PLACES:
        if page.fact_check and rule in {"agent", "called", "use-of"}:
            continue
        for match in pattern.finditer(prose.words):
            start, end, _ = _trimmed(prose, *match.span("name"))
            yield start, end, Reading(role, confidence, f"unlisted-{rule}")
    for sentence in prose.sentences:
        subject = _SUBJECT.match(sentence.words) if sentence.tagged else None
        if subject is not None:
            start, end, _ = _trimmed(
                prose, sentence.start + subject.start("name"), sentence.start + subject.end("name")
            )
            yield start, end, Reading(Role.OPERATOR, 0.7, "unlisted-subject-of-techniques")


def _trimmed(prose: Prose, start: int, end: int) -> tuple[int, int, str]:
    """A span without title, article, trailing possessive and blanks; and its characters."""
    text = prose.text[start:end]
    title = _TITLES.match(text)
    lead = title.end() if title else 4 if text.startswith("The ") else 0
    kept = text[lead:].rstrip()
    kept = re.sub(r"(?:[\u2019']s?|[\u2019'&-]+)\Z", "", kept).rstrip()
    return start + lead, start + lead + len(kept), kept


def _tells(name: str, page: Page) -> bool:
    return name.casefold() in page.reporters
