"""The capitalised names of a page that no list has: where each begins and ends, behind titles and sentence openers."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from kg.text.no_names import NO_NAMES, OPENERS
from kg.text.phrases import WINDOW, Words
from kg.text.prose import covers

if TYPE_CHECKING:
    from collections.abc import Iterator

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
HANDLE = re.compile(r"u/(?<![\w/.]u/)[A-Za-z0-9_-]{3,20}(?!\w)")
"""A user of Reddit."""
CODE = re.compile(
    r"[ADOSTU](?<!\w.)(?:(?<=A)PT[- ]?\d{1,3}|(?<=U)NC\d{3,5}|(?<=T)A\d{3,4}|(?<=S)torm-\d{3,5}|(?<=T)AG-\d{1,4}|"
    r"(?<=D)EV-\d{3,5}|(?<=T)EMP\.[A-Z]\w+|(?<=O)peration [\u201c\"]?[A-Z][\w-]+(?: [A-Z][\w-]+)?)(?!\w)"
)
_TITLES = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|President|Senator|Prime Minister|Chancellor|Minister|Chief Minister"
    r"|Congress(?:wo)?man|Rep|Sen"
    r"|Gov|Oligarch|Businessman|Journalist|Actor|Actress|Blogger|Influencer|Activist|Commentator|Podcaster"
    r"|Author|Singer|"
    r"Billionaire|Columnist|Filmmaker|YouTuber|Propagandist|Pundit|Comedian|Lawyer|Politician"
    r"|Spokes(?:wo)?man|Lawmaker|Host|Livestreamer|Comedian|Councillor|Rapper|MP|MEP|Rapper|Pastor|Streamer|Attorney|General)\.?\s+)+"
)
_BELONGS = re.compile(r"\w+-(?:run|owned|backed|controlled|funded|linked|based|aligned|affiliated)|Pro-\w+|Anti-\w+")
_PEOPLE = frozenset({"Members", "Followers", "Users", "Activists", "Supporters", "Employees", "Leaders", "Operators"})
_ADJECTIVE = re.compile(r"-[a-z]+(?:ed|ing)\Z")
_BODY = re.compile(
    r" \S+ (?:Congress|Party|Union|Association|Front|Movement|Council|Institute|Society|League|Club|Foundation"
    r"|Network|"
    r"Agency|Group|Times|Post|News|TV|Today|Herald|Tribune|Daily|Coalition|Alliance|Forum|Project|Initiative)\Z"
)
_PARTS_OF_A_PERSON = 3
_PART = re.compile(r"[^\W\d_][\w\u2019'-]+")
_SHORTEST = 3


class Unlisted(NamedTuple):
    """A capitalised name that no list has, in its sentence, with what stands beside it."""

    prose: Prose
    start: int
    end: int
    name: str
    sentence: Sentence
    left: str
    words: Words


def unlisted_names(page: Page) -> list[Unlisted]:
    """The capitalised names of a page that are no hit of a list; code names are taken whole."""
    return [span for prose in page.fields for span in _spans(prose, page)]


def _spans(prose: Prose, page: Page) -> Iterator[Unlisted]:
    taken, others = page.taken(prose), page.taken_by_others(prose)
    words = prose.words
    codes = [match.span() for match in CODE.finditer(words)]
    codes += [match.span() for match in HANDLE.finditer(words)] if "u/" in words else []
    codes.sort()
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


_TITLE_WITHIN = re.compile(
    r".* (?:MP|MEP|MLA|MSP|Senator|Congress(?:wo)?man|Minister|President|Mayor|Governor|Spokes(?:wo)?man"
    r"|Spokesperson|Chairman"
    r"|CEO|Ambassador|Commentator|Influencer|Lawmaker|Activist|Blogger|YouTuber|Host) (?=[^\Wa-z_]\w+ [^\Wa-z_])"
)
"""Who he is before who he is: "Harbour Party MP Ann Ternow"."""


@lru_cache(maxsize=4096)
def _name_in(surface: str) -> tuple[int, int]:
    """Where the name begins in capitalised words, behind titles and openers, and its length; 0 where none is there."""
    title = _TITLE_WITHIN.match(surface) or _TITLES.match(surface)
    start = title.end() if title else 0
    parts = surface[start:].split(" ")
    while parts and (parts[0] in OPENERS or (parts[0] in _PEOPLE and parts[1:2] == ["of"])):
        start += len(parts.pop(0)) + 1
    while len(parts) > 1 and _BELONGS.fullmatch(parts[0]):
        start += len(parts.pop(0)) + 1
    while parts and re.fullmatch(_SMALL, parts[0]):
        start += len(parts.pop(0)) + 1
    name = surface[start:].rstrip("-&")
    common = all(part in NO_NAMES or part.isdigit() for part in parts)
    return start, 0 if len(name) < _SHORTEST or common or _ADJECTIVE.search(name) else len(name)


def last_name(name: str) -> str:
    """The last of two or three words that may be a person's name, or nothing."""
    parts = name.split(" ")
    person = 1 < len(parts) <= _PARTS_OF_A_PERSON and all(map(_PART.fullmatch, parts)) and not NO_NAMES & set(parts)
    return parts[-1] if person else ""
