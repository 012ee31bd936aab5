"""Actors that no list knows: names in a place where the sentence says that they act.

Only strong places count: an agent ("run by ..."), a conviction, a code name, an operation called so, the subject of a
sentence that ends in the techniques it shows. What the operation made up, and who reports it, is no actor.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.capitals import CODE, HANDLE, last_name
from kg.text.exempt import NOT_ACTING
from kg.text.origins import starting
from kg.text.page import Reading, beside
from kg.text.personas import READING as PERSONA
from kg.text.phrases import (
    ADVERBS,
    CLAIMED,
    WINDOW,
    before,
    small,
)
from kg.text.sharers import LISTS
from kg.text.unlisted import (
    BESIDE_FULL_NAMES,
    BESIDE_PERSONS,
    ENGAGES,
    EVENT,
    FAKE,
    INNOCENT_SOURCE,
    INVENTED,
    MADE_UP,
    ON_ANY_PAGE,
    ON_MOST_PAGES,
    OTHER_WORKS,
    SUBJECT,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from kg.text.capitals import Unlisted
    from kg.text.page import Page

_OPENING = re.compile(
    r"\A[\"\u201c\s\[]*(?:(?:Here|In this (?:example|case|incident)|Later|"
    r"Then),?\s+)?(?:[Tt]he (?:[a-z]+ )?)?\Z"
)
_SITE_CALLED = small(r"\W(?:website|site|outlet|blog|publication),? (?:called|named) [\"\u201c\u2018]?(?:the )?\Z")
_SMALL_WORD = re.compile(r"(?<![\w@./#-])[a-z]{3,}(?![\w.@/-]|\.\S|\[)")
_FIRM = re.compile(
    r"\b(?:Agency|Group|Company|Corporation|Corp|Inc|Ltd|LLC|GmbH|Technolog(?:y|ies)|Media|Network|Foundation|"
    r"Consulting|Digital|Analytics|Intelligence|Systems|Software|Ventures|Interactive|Advertising|Relations"
    r"|Productions|"
    r"Communications|Solutions|Services|Strategies|Marketing|Holding|Partners|Studio|Labs?)\Z"
)
_QUOTED = re.compile(r"[\"\u201c\u2018'](?:[Tt]he )?\Z")
_IS_A_FIRM = small(
    r",\s+an? (?:[\w-]+ ){0,3}?(?:firm|company|agency|consultancy|start-?up|contractor|businessman|oligarch)\b"
)
_OF_MARKED_NAMES = frozenset(
    (
        "assets-tied",
        "links-between",
        "crew-acts",
        "carried-by",
        "runs-them",
        "claim-from",
        "done-by",
        "run-by-state",
        "its-staff-act",
        "its-firm-acts",
    )
)
_OF_WORKS = frozenset({"agent", "done-by", "forged-by", "carried-by"})
_OF_RESEARCH = re.compile(
    r"\b(?:Labs?|Institut\w+|Universit\w+|Observatory|Research|Cent(?:er|re)|Times|Post|Journal|Security|Check|Watch|Review"
    r"|Court|Commission|Police|Team|Unit|Project|Foundation|Department|Ministry|Office|Firewall)\b"
)
_REPORTS = small(
    rf"\s+{ADVERBS}published (?:an?|the|its) (?:\w+ )?(?:report|study|analysis|investigation|paper|blog)\b"
)
_MODERATES = before(
    r"(?:moderators?|mods?|administrators?|admins?|founders?|owners?|creators?|ringleaders?|leaders?)", 1
)
_TAKES_OVER = small(
    rf"\s+{ADVERBS}(?:took over|moderates?|moderated|banned|founded|created|runs?|ran|launched|coordinated)\b"
)
_OF_SHARING = frozenset({"passes-on", "spread-by"})
_YEARS_AGO = re.compile(
    r"[^.;]{0,70}?\b(?:in|back in|since) (?:(?:early|late|january|february|march|april|may|june|july|august"
    r"|september|october|november|december) )?(?:19|20)\d\d\b"
)
"""Behind a name: what it shared years ago is where an innocent original stands."""
_SHORT_FOR_WORDS = re.compile(r"\b[a-z]+ \(\Z")
_MARKED = re.compile(r"\w[A-Z]|\d")
_LIST_GOES_ON = re.compile(
    r",\s+(?:(?!(?:and|or)\b)(?:[^;.:]|\.(?=\S)|(?<=[A-Z])\.){0,170};\s+(?:and\s+)?"
    r"|(?:an?|the|its|his|her|who|whose|former)\s[^;.:,]{0,90},?\s+and\s+)(?:the\s+)?(?:[a-z-]+ ){0,3}"
)
_MOST = 60


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
    lists: dict[int, tuple[int, Reading]] = {}
    for span in spans:
        tagged = (id(span.prose), span.start) in authentic
        reading = PERSONA if tagged else _reading(span, page, inside, persons) or beside(span, ends)
        reading = reading or _in_a_list(span, lists)
        if reading is None:
            continue
        if reading.rule.removeprefix("unlisted-").removesuffix("-beside") in LISTS:
            lists[id(span.prose)] = (span.end, reading)
        unwanted = _unwanted(page, spans) if unwanted is None else unwanted
        if span.name.casefold() in unwanted:
            continue
        ends[id(span.prose), span.end] = reading
        name = persons.get(span.name, span.name)
        if name not in found or found[name].confidence < reading.confidence:
            found[name] = reading
    return dict(list(found.items())[:_MOST])


def _in_a_list(span: Unlisted, lists: Mapping[int, tuple[int, Reading]]) -> Reading | None:
    """The reading of the name before it in a list, each of which has a description: "A, a doctor; B, a priest"."""
    end, reading = lists.get(id(span.prose), (0, None))
    if reading is None or end < span.sentence.start:
        return None
    goes_on = _LIST_GOES_ON.fullmatch(span.prose.words, end, span.start)
    return Reading(reading.role, 0.62, reading.rule) if goes_on else None


def _unwanted(page: Page, spans: Sequence[Unlisted]) -> set[str]:
    """What is no actor, case folded: what is made up, who reports, and what the page has in small letters as well."""
    made_up = {span.name.casefold() for span in spans if _is_made_up(span, page)}
    # "Diplomats" is no name on a page that has "diplomats" as well.
    common = {word for prose in page.fields for word in _SMALL_WORD.findall(prose.words)}
    return made_up | page.reporters | common


def _is_made_up(span: Unlisted, page: Page) -> bool:
    left, right = span.words
    titled = MADE_UP.search(left)
    # A site that a fact-check calls by its name is one that exists.
    if titled and page.fact_check and _SITE_CALLED.search(left):
        titled = None
    return bool(titled or FAKE.search(left) or INVENTED.match(right))


def _reading(span: Unlisted, page: Page, inside: set[str], persons: Mapping[str, str]) -> Reading | None:
    if page.fact_check and span.prose.claimed(span.start):
        return None
    if HANDLE.fullmatch(span.name):
        runs = _MODERATES.search(span.words.left) or _TAKES_OVER.match(span.words.right)
        return Reading(Role.OPERATOR, 0.65, "handle") if runs and not page.fact_check else None
    if CODE.fullmatch(span.name):
        return _code_name(span)
    # "an advanced persistent threat (APT)": short for common words.
    if span.prose.name == "title" or (span.words.right.startswith(")") and _SHORT_FOR_WORDS.search(span.left)):
        return None
    reading = _by_cue(span, page, persons) or _subject(span, page, inside)
    if reading is not None and (
        EVENT.match(span.words.right)
        or CLAIMED.search(span.words.left)
        or next(NOT_ACTING.holding(span.words), None) is not None
    ):
        reading = None
    return _origin(span, persons) or reading


def _code_name(span: Unlisted) -> Reading | None:
    """What a code name ("Storm-1516") is, unless it is the end of a longer name."""
    about = not span.name.startswith("Operation") or span.prose.affairs(span.sentence)
    if not about or re.search(r"[A-Z]\w+ \Z", span.left):
        return None
    return Reading(Role.OPERATOR, 0.8, "code-name")


def _origin(span: Unlisted, persons: Mapping[str, str]) -> Reading | None:
    """Whether a claim is told to come from a name."""
    cue = starting(span.words)
    if cue is None or not _may_be(span, cue.rule, persons):
        return None
    return Reading(cue.role, cue.confidence, f"unlisted-{cue.rule}")


def _by_cue(span: Unlisted, page: Page, persons: Mapping[str, str]) -> Reading | None:
    for cue in (ON_ANY_PAGE if page.fact_check else ON_MOST_PAGES).holding(span.words):
        if _may_be(span, cue.rule, persons):
            return Reading(cue.role, cue.confidence, f"unlisted-{cue.rule}")
    return None


def _may_be(span: Unlisted, rule: str, persons: Mapping[str, str]) -> bool:
    """Whether a rule may speak for a name: who passes things on has two names here, who is tied to it is a firm."""
    left, right = span.words
    person = " " in span.name or span.name in persons
    if rule == "tied":
        return _FIRM.search(span.name) is not None or _IS_A_FIRM.match(right) is not None
    if rule == "assets-tied" and _QUOTED.search(span.left):
        return False
    if rule == "known-kind":
        return span.prose.affairs(span.sentence)
    if rule in _OF_SHARING and _YEARS_AGO.match(right):
        return False
    if rule in BESIDE_FULL_NAMES:
        return " " in span.name and INNOCENT_SOURCE.search(span.sentence.words[: 4 * WINDOW]) is None
    return not (
        (rule in _OF_WORKS and OTHER_WORKS.search(left))
        or (rule in _OF_MARKED_NAMES and not person and not _MARKED.search(span.name))
        or (rule in BESIDE_PERSONS and not person)
    )


def _subject(span: Unlisted, page: Page, inside: set[str]) -> Reading | None:
    """Whether the name is the subject of a sentence that shows techniques, or of one that says it runs an attack."""
    # One capitalised word at the beginning may be any word; as a name it stands inside a sentence as well.
    sure = " " in span.name or span.name in inside
    if not sure:
        return None
    if span.sentence.tagged and _OPENING.match(span.left) and SUBJECT.match(span.words.right):
        return Reading(Role.OPERATOR, 0.7, "unlisted-subject-of-techniques")
    if ENGAGES.match(span.words.right):
        return Reading(Role.OPERATOR, 0.65, "unlisted-engages")
    return Reading(Role.OPERATOR, 0.6, "unlisted-acts") if _acts(span, page) else None


def _acts(span: Unlisted, page: Page) -> bool:
    """Whether a full name does what operators do, in a sentence of a report that is about influence."""
    right = span.words.right
    return (
        not page.fact_check
        and " " in span.name
        and SUBJECT.match(right) is not None
        and _REPORTS.match(right) is None
        and not right.startswith(" to ")
        and not _QUOTED.search(span.left)
        and not _OF_RESEARCH.search(span.name)
        and span.prose.affairs(span.sentence)
    )
