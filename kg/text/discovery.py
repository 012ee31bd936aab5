"""Actors that no list knows: names in a place where the sentence says that they act.

Only strong places count: an agent ("run by ..."), a conviction, a code name, an operation called so, the subject of a
sentence that ends in the techniques it shows. What the operation made up, and who reports it, is no actor.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kg.named import Role, Thing
from kg.text.exempt import NOT_ACTING
from kg.text.no_names import NO_NAMES, OPENERS
from kg.text.page import Reading, beside
from kg.text.personas import READING as PERSONA
from kg.text.phrases import (
    CLAIMED,
    WINDOW,
    Words,
)
from kg.text.prose import covers
from kg.text.unlisted import (
    ENGAGES,
    EVENT,
    FAKE,
    INNOCENT_SOURCE,
    INVENTED,
    MADE_UP,
    ON_ANY_PAGE,
    ON_MOST_PAGES,
    SUBJECT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.text.page import Page
    from kg.text.prose import Prose, Sentence

# Small letters first: the engine leaps over them.
_CAPITAL, _REST = r"[^a-z\W\d_]", r"[\w&-]*(?:[\u2019'](?!s\b)\w+)*"
_SMALL = r"(?:of|for|the|of the|and the|de|del|la|al|bin|van|von|der|&)"
_INITIAL = r"[A-Z]\.(?= [A-Z])"
_NAME = re.compile(
    rf"{_CAPITAL}(?<![\w@#/.].){_REST}(?: (?:{_SMALL} )?(?:{_INITIAL}|{_CAPITAL}{_REST})){{0,7}}"
    r"(?: \d{2,4}(?![\w,.]*\d))?"
)
_CODE = re.compile(
    r"[ADOSTU](?<!\w.)(?:(?<=A)PT[- ]?\d{1,3}|(?<=U)NC\d{3,5}|(?<=T)A\d{3,4}|(?<=S)torm-\d{3,5}|(?<=T)AG-\d{1,4}|"
    r"(?<=D)EV-\d{3,5}|(?<=T)EMP\.[A-Z]\w+|(?<=O)peration [\u201c\"]?[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?!\w)"
)
_OPENING = re.compile(
    r"\A[\"\u201c\s\[]*(?:(?:Here|In this (?:example|case|incident)|Later|"
    r"Then),?\s+)?(?:[Tt]he (?:[a-z]+ )?)?\Z"
)
_TITLES = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Prime Minister|Chancellor|Minister|"
    r"Chief Minister)\.?\s+)+"
)
_ADJECTIVE = re.compile(r"-[a-z]+(?:ed|ing)\Z")
_SMALL_WORD = re.compile(r"(?<![\w@./#-])[a-z]{3,}(?![\w.@/-]|\.\S|\[)")
_FIRM = re.compile(
    r"\b(?:Agency|Group|Company|Corporation|Corp|Inc|Ltd|LLC|GmbH|Technolog(?:y|ies)|Media|Network|Foundation|"
    r"Consulting|"
    r"Communications|Solutions|Services|Strategies|Marketing|Holding|Partners|Studio|Labs?)\Z"
)
_BODY = re.compile(
    r" \S+ (?:Congress|Party|Union|Association|Front|Movement|Council|Institute|Society|League|Club|Foundation|Network|"
    r"Agency|Group|Times|Post|News|TV|Today|Herald|Tribune|Daily|Coalition|Alliance|Forum|Project|Initiative)\Z"
)
_OF_PERSONS = frozenset({"published-false", "misleads", "makes-the-claim", "written-by"})
_OF_FULL_NAMES = frozenset({"passes-on", "outlet-acts", "its-account", "account-of", "spread-by", "after-sharing"})
_PARTS_OF_A_PERSON = 3
_PART = re.compile(r"[^\W\d_][\w\u2019'-]+")
_SHORTEST = 3
_MOST = 60


class Unlisted(NamedTuple):
    """A capitalised name that no list has, in its sentence, with what stands beside it."""

    prose: Prose
    start: int
    end: int
    name: str
    sentence: Sentence
    left: str
    words: Words


def discover(
    page: Page,
    spans: Sequence[Unlisted],
    authentic: AbstractSet[tuple[int, int]],
    ends: dict[tuple[int, int], Reading],
) -> dict[str, Reading]:
    """The actors of a page that no list knows: name -> what its surest place says of it; at most a few dozen.

    Args:
        page: The page.
        spans: Its names that no list has, as :func:`unlisted_names` gives them.
        authentic: Those of them, and of the lists, that are tagged as authentic personas: field and start.
        ends: Where a name ends that acts, by field and offset: one that is joined to it acts too. What is found is
            added.
    """
    inside = {span.name for span in spans if not _OPENING.match(span.left)}
    persons = {last: name for name in dict.fromkeys(span.name for span in spans) if (last := last_name(name))}
    unwanted: set[str] | None = None
    found: dict[str, Reading] = {}
    for span in spans:
        tagged = (id(span.prose), span.start) in authentic
        reading = PERSONA if tagged else _reading(span, page, inside, persons) or beside(span, ends)
        if reading is None:
            continue
        unwanted = _unwanted(page, spans) if unwanted is None else unwanted
        if span.name.casefold() in unwanted:
            continue
        ends[id(span.prose), span.end] = reading
        name = persons.get(span.name, span.name)
        if name not in found or found[name].confidence < reading.confidence:
            found[name] = reading
    return dict(list(found.items())[:_MOST])


def unlisted_names(page: Page) -> list[Unlisted]:
    """The capitalised names of a page that are no hit of a list; code names are taken whole."""
    return [span for prose in page.fields for span in _spans(prose, page)]


def _unwanted(page: Page, spans: Sequence[Unlisted]) -> set[str]:
    """What is no actor, case folded: what is made up, who reports, and what the page has in small letters as well."""
    made_up = {span.name.casefold() for span in spans if _is_made_up(span)}
    # "Diplomats" is no name on a page that has "diplomats" as well.
    common = {word for prose in page.fields for word in _SMALL_WORD.findall(prose.words)}
    return made_up | page.reporters | common


def _spans(prose: Prose, page: Page) -> Iterator[Unlisted]:
    taken, others = page.taken(prose), page.taken_by_others(prose)
    words = prose.words
    codes = [match.span() for match in _CODE.finditer(words)]
    names = [span for span in _names(words) if not covers(codes, *span)]
    for start, end in sorted({*codes, *names}):
        if not covers(taken, start, end) or (_is_body(words[start:end]) and not covers(others, start, end)):
            sentence = prose.sentence_at(start)
            first, last = max(sentence.start, start - WINDOW), min(sentence.end, end + WINDOW)
            beside_it = prose.beside(first, start, end, last)
            yield Unlisted(prose, start, end, prose.text[start:end], sentence, words[first:start], beside_it)


def _is_body(name: str) -> bool:
    """Whether a name is that of a body, whatever country or city it begins with: three words and more."""
    return _BODY.search(name) is not None


def _names(words: str) -> Iterator[tuple[int, int]]:
    for match in _NAME.finditer(words):
        start, length = _name_in(match[0])
        if length:
            yield match.start() + start, match.start() + start + length


@lru_cache(maxsize=4096)
def _name_in(surface: str) -> tuple[int, int]:
    """Where the name begins in capitalised words, behind titles and openers, and its length; 0 where none is there."""
    title = _TITLES.match(surface)
    start = title.end() if title else 0
    parts = surface[start:].split(" ")
    while parts and parts[0] in OPENERS:
        start += len(parts.pop(0)) + 1
    while parts and re.fullmatch(_SMALL, parts[0]):
        start += len(parts.pop(0)) + 1
    name = surface[start:].rstrip("-&")
    common = all(part in NO_NAMES or part.isdigit() for part in parts)
    return start, 0 if len(name) < _SHORTEST or common or _ADJECTIVE.search(name) else len(name)


def _is_made_up(span: Unlisted) -> bool:
    left, right = span.words
    return bool(MADE_UP.search(left) or FAKE.search(left) or INVENTED.match(right))


def last_name(name: str) -> str:
    """The last of two or three words that may be a person's name, or nothing."""
    parts = name.split(" ")
    person = 1 < len(parts) <= _PARTS_OF_A_PERSON and all(map(_PART.fullmatch, parts)) and not NO_NAMES & set(parts)
    return parts[-1] if person else ""


def _reading(span: Unlisted, page: Page, inside: set[str], persons: Mapping[str, str]) -> Reading | None:
    if page.fact_check and span.prose.claimed(span.start):
        return None
    if _CODE.fullmatch(span.name):
        if re.search(r"[A-Z]\w+ \Z", span.left):
            return None
        about = not span.name.startswith("Operation") or span.prose.affairs(span.sentence)
        return Reading(Role.OPERATOR, 0.8, "code-name") if about else None
    if span.prose.name == "title":
        return None
    reading = _by_cue(span, page, persons) or _subject(span, inside)
    if reading is None or EVENT.match(span.words.right) or CLAIMED.search(span.words.left):
        return None
    return reading if next(NOT_ACTING.holding(span.words), None) is None else None


def _by_cue(span: Unlisted, page: Page, persons: Mapping[str, str]) -> Reading | None:
    for cue in (ON_ANY_PAGE if page.fact_check else ON_MOST_PAGES).holding(span.words):
        if _may_be(span, cue.rule, persons):
            return Reading(cue.role, cue.confidence, f"unlisted-{cue.rule}")
    return None


def _may_be(span: Unlisted, rule: str, persons: Mapping[str, str]) -> bool:
    """Whether a rule may speak for a name: who passes things on has two names here, who is tied to it is a firm."""
    if rule == "tied":
        return _FIRM.search(span.name) is not None
    if rule in _OF_PERSONS:
        return " " in span.name or span.name in persons
    if rule in _OF_FULL_NAMES:
        return " " in span.name and INNOCENT_SOURCE.search(span.sentence.words[: 4 * WINDOW]) is None
    return True


def _subject(span: Unlisted, inside: set[str]) -> Reading | None:
    """Whether the name is the subject of a sentence that shows techniques, or of one that says it runs an attack."""
    # One capitalised word at the beginning may be any word; as a name it stands inside a sentence as well.
    sure = " " in span.name or span.name in inside
    if not sure:
        return None
    if span.sentence.tagged and _OPENING.match(span.left) and SUBJECT.match(span.words.right):
        return Reading(Role.OPERATOR, 0.7, "unlisted-subject-of-techniques")
    return Reading(Role.OPERATOR, 0.65, "unlisted-engages") if ENGAGES.match(span.words.right) else None


def thing_of(name: str) -> Thing:
    """The record of an actor that no list knows; its id is made from its name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        slug = "x" + "".join(f"{ord(char):x}" for char in name[:8])
    return Thing(category="actor", identifier=slug[:80], name=name, source="text")
