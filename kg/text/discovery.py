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
from kg.text.cues import ACCOUNT_OF, CALLED_EXTREME, DESCRIBED, FOUND_BY_COURT, ITS_ACCOUNT, NOT_ACTING
from kg.text.no_names import NO_NAMES, OPENERS
from kg.text.page import Reading, beside
from kg.text.personas import READING as PERSONA
from kg.text.phrases import (
    ACTS,
    ADVERBS,
    AGENTS,
    CLAIMED,
    CRIMES,
    GROUPS,
    SHARING,
    TIES,
    WINDOW,
    Cue,
    Words,
    any_of,
    before,
    behind,
    holding,
    small,
)
from kg.text.prose import covers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
_CUES: tuple[Cue, ...] = (
    DESCRIBED,
    CALLED_EXTREME,
    FOUND_BY_COURT,
    Cue("tied", Role.OPERATOR, 0.65, left=before(TIES, 1)),
    Cue(
        "is-run", Role.OPERATOR, 0.7, right=behind(r",?\s+(?:which|who) (?:is|was) (?:run|operated|owned|managed) by\b")
    ),
    Cue("agent", Role.OPERATOR, 0.75, left=before(rf"(?:{AGENTS}|owned|led)(?: and \w+)? (?:\w+ly )?by", 4)),
    Cue("convicted", Role.OPERATOR, 0.85, right=behind(CRIMES)),
    Cue(
        "called",
        Role.OPERATOR,
        0.7,
        left=before(
            rf"{GROUPS}s?,? (?:which is |commonly |also |publicly )?(?:known as|called|dubbed|named|codenamed|"
            rf"we call)(?: the)?",
            0,
        ),
    ),
    Cue(
        "dubbed",
        Role.OPERATOR,
        0.7,
        left=before(r"(?:campaign|operation|network|activity)\b[^.;\n]{0,40}?\bdubbed(?: the)?", 0),
    ),
    Cue(
        "use-of",
        Role.OPERATOR,
        0.75,
        right=behind(
            r"s?[\u2019']s?\s+(?:use of|disinformation|propaganda|fake accounts|troll|smear|influence|"
            r"covert)"
        ),
    ),
    Cue("who-acts", Role.OPERATOR, 0.65, right=behind(rf",?\s+who\s+{ADVERBS}{ACTS}\b")),
)
_ENGAGES = behind(
    rf"\s+{ADVERBS}(?:engag(?:ed|es) in|orchestrated|masterminded|coordinated) "
    r"(?:[\w-]+ ){0,4}(?:attack|campaign|operation|raid|effort|network)"
)
_ON_ANY_PAGE: tuple[Cue, ...] = (
    ITS_ACCOUNT,
    ACCOUNT_OF,
    FOUND_BY_COURT,
    Cue(
        "spread-by",
        Role.ENABLER,
        0.65,
        left=before(
            r"(?:shared|posted|reposted|tweeted|retweeted|amplified|spread|promoted|circulated|uploaded) by", 4
        ),
    ),
    Cue(
        "outlet-acts",
        Role.ENABLER,
        0.65,
        left=before(r"(?:channels?|news sites?|websites?|outlets?|blogs?|newspapers?|tabloids?|magazines?|forums?)", 0),
        right=behind(rf"\s+{ADVERBS}(?:{SHARING}|published|ran|reported)\b"),
    ),
    Cue(
        "passes-on",
        Role.ENABLER,
        0.65,
        right=behind(
            rf"(?:,[^.;,]{{0,60}},)?\s+{ADVERBS}{SHARING} (?:\w+ ){{0,3}}"
            r"(?:video|image|photo|picture|clip|post|claim|link|screenshot|footage|article|message|meme|letter|"
            r"theory|it)s?\b"
        ),
    ),
)
_ON_MOST_PAGES = (*_CUES, *_ON_ANY_PAGE)
_INNOCENT_SOURCE = re.compile(r"\b(?:original(?:ly)?|first|earliest|authentic|real|longer|full) ", re.IGNORECASE)
_SUBJECT = behind(rf"\s+{ADVERBS}{ACTS}\b")
_OPENING = re.compile(
    r"\A[\"\u201c\s\[]*(?:(?:Here|In this (?:example|case|incident)|Later|"
    r"Then),?\s+)?(?:[Tt]he (?:[a-z]+ )?)?\Z"
)
_SHOWN = any_of("""
    accounts?; pages?; profiles?; personas?; biologist; users?; channels?; bots?; websites?; sites?; outlets?; blogs?
    handles?
    characters?; employee; expert; journalist; woman; man; video; document; article; book; film; song; group
""")
_TITLED = any_of("called; named; dubbed; titled; entitled; under the name; by the name of; using the name; goes by")
_MADE_UP = before(rf"{_SHOWN}\b[^.;\n]{{0,40}}?{_TITLED}", 1)
_FAKE = before(r"(?:fake|fictitious|fictional|fabricated|bogus|invented|so-called|purported|non-existent)", 3)
_INVENTED = behind(
    r"\s+(?:is (?:likely )?an? invention|does not exist|did not exist|wasn[\u2019']t a real|was(?: not|"
    r"n[\u2019']t) a real|"
    r"is (?:a )?(?:fake|fictional))"
)
_TITLES = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Prime Minister|Chancellor|Minister|"
    r"Chief Minister)\.?\s+)+"
)
_ADJECTIVE = re.compile(r"-[a-z]+(?:ed|ing)\Z")
_EVENT = small(r"\s+(?:rally|march|protests?|riots?|movie|film|show|summit|conference|attack|shooting|game)\b")
_SMALL_WORD = re.compile(r"(?<![\w@./#-])[a-z]{3,}(?![\w.@/-]|\.\S|\[)")
_FIRM = re.compile(
    r"\b(?:Agency|Group|Company|Corporation|Corp|Inc|Ltd|LLC|GmbH|Technolog(?:y|ies)|Media|Network|Foundation|"
    r"Consulting|"
    r"Communications|Solutions|Services|Strategies|Marketing|Holding|Partners|Studio|Labs?)\Z"
)
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
    unwanted: set[str] | None = None
    found: dict[str, Reading] = {}
    for span in spans:
        tagged = (id(span.prose), span.start) in authentic
        reading = PERSONA if tagged else _reading(span, page, inside) or beside(span, ends)
        if reading is None:
            continue
        unwanted = _unwanted(page, spans) if unwanted is None else unwanted
        if span.name.casefold() in unwanted:
            continue
        ends[id(span.prose), span.end] = reading
        if span.name not in found or found[span.name].confidence < reading.confidence:
            found[span.name] = reading
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
    taken = page.taken(prose)
    words = prose.words
    codes = [match.span() for match in _CODE.finditer(words)]
    names = [span for span in _names(words) if not covers(codes, *span)]
    for start, end in sorted({*codes, *names}):
        if not covers(taken, start, end):
            sentence = prose.sentence_at(start)
            first, last = max(sentence.start, start - WINDOW), min(sentence.end, end + WINDOW)
            beside_it = prose.beside(first, start, end, last)
            yield Unlisted(prose, start, end, prose.text[start:end], sentence, words[first:start], beside_it)


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
    return bool(_MADE_UP.search(left) or _FAKE.search(left) or _INVENTED.match(right))


def _reading(span: Unlisted, page: Page, inside: set[str]) -> Reading | None:
    if page.fact_check and span.prose.claimed(span.start):
        return None
    if _CODE.fullmatch(span.name):
        if re.search(r"[A-Z]\w+ \Z", span.left):
            return None
        about = not span.name.startswith("Operation") or span.prose.affairs(span.sentence)
        return Reading(Role.OPERATOR, 0.8, "code-name") if about else None
    if span.prose.name == "title":
        return None
    reading = _by_cue(span, page) or _subject(span, inside)
    if reading is None or _EVENT.match(span.words.right) or CLAIMED.search(span.words.left):
        return None
    return reading if next(holding(NOT_ACTING, span.words), None) is None else None


def _by_cue(span: Unlisted, page: Page) -> Reading | None:
    for cue in holding(_ON_ANY_PAGE if page.fact_check else _ON_MOST_PAGES, span.words):
        if _may_be(span, cue.rule):
            return Reading(cue.role, cue.confidence, f"unlisted-{cue.rule}")
    return None


def _may_be(span: Unlisted, rule: str) -> bool:
    """Whether a rule may speak for a name: who passes things on has two names or more, who is tied to it is a firm."""
    if rule == "tied":
        return _FIRM.search(span.name) is not None
    if rule in {"passes-on", "outlet-acts", "its-account", "account-of", "spread-by"}:
        return " " in span.name and _INNOCENT_SOURCE.search(span.sentence.words[: 4 * WINDOW]) is None
    return True


def _subject(span: Unlisted, inside: set[str]) -> Reading | None:
    """Whether the name is the subject of a sentence that shows techniques, or of one that says it runs an attack."""
    # One capitalised word at the beginning may be any word; as a name it stands inside a sentence as well.
    sure = " " in span.name or span.name in inside
    if not sure:
        return None
    if span.sentence.tagged and _OPENING.match(span.left) and _SUBJECT.match(span.words.right):
        return Reading(Role.OPERATOR, 0.7, "unlisted-subject-of-techniques")
    return Reading(Role.OPERATOR, 0.65, "unlisted-engages") if _ENGAGES.match(span.words.right) else None


def thing_of(name: str) -> Thing:
    """The record of an actor that no list knows; its id is made from its name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if not slug:
        slug = "x" + "".join(f"{ord(char):x}" for char in name[:8])
    return Thing(category="actor", identifier=slug[:80], name=name, source="text")
