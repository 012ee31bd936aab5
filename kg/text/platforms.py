"""Platforms: whether a name is one where it stands, and whether the platform carried the operation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.lookedup import LOOKED_UP, ON_A_CHECK, POSTED_HIMSELF, SILENT, SPREAD, is_original, is_unrelated
from kg.text.page import Reading
from kg.text.phrases import Cue, Cues, any_of, small
from kg.text.uninvolved import UNINVOLVED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.named import Thing
    from kg.text.lexicon import Form
    from kg.text.page import Page, Spot

_THINGS_ON_IT = (
    r"accounts?|users?|posts?|pages?|channels?|groups?|servers?|profiles?|videos?|threads?|feeds?|handles?|bots?|apps?|"
    r"platforms?|communit(?:y|ies)|followers?|ads?|adverts?|links?|timelines?|messages?|chats?|comments?|streams?|live|"
    r"stories|reels?|shorts|hashtags?|boards?|message boards?|imageboards?|forums?|influencers?|marketplace|"
    r"blogs?|newsletters?|website|bios?|networks?|activity|"
    r"algorithm|campaign|sub(?:reddit|scribers)|personas?|pals?|content|clips?|tweets?|screenshots?|caption|"
    r"spaces?|polls?"
)
_BEFORE = small(
    r"(?:\W(?:on|via|onto|through|joined|using|used|platforms?|apps?|app called|site|service|network|forum|messenger|"
    r"(?:post|upload|shar|publish|circulat|distribut|spread|link|tak|mov|migrat|return|add|promot|broadcast|stream)\w* "
    r"(?:\w+ ){0,4}(?:to|on|by|from)|"
    r"(?:platforms?|companies|services|sites|apps|networks) (?:like|such as|including|called|named)|"
    r"accounts? (?:on|from)|"
    r"removed (?:from|by)|banned (?:from|by)|suspended (?:from|by)|verified|"
    r"official)\s+)\Z"
)
_AFTER = small(
    rf"(?:[\u2019']s)?(?:\s+(?:[\w-]+\s+){{0,2}}?(?:{_THINGS_ON_IT})\b|\s*\(?(?:formerly|previously|"
    rf"then known as|now known as)|"
    r"/(?:Twitter|X)\b|\s*\((?:Twitter|X)\b)"
)
_AND = re.compile(
    r"\s*(?:,|/|&|and|or|,\s*and|,\s*or|\(|as well as|,?\s+and/or|\+|to|then)\s*(?:on\s+|the\s+|a\s+)?\Z", re.IGNORECASE
)
_CHANNEL = re.compile(
    r"\b(?:[Cc]hannel|page|group|account|outlet|newspaper|magazine|tabloid|movie|film|book|song|album|subreddit|podcast|"
    r"programme?|show|magazine|project)s?,? (?:called |named |titled )?[\"\u201c\u2018]?\Z"
)
"""What is named by the word behind it: "the Telegram channel Signal"."""

_A_CHANNEL = re.compile(r"\s+(?:channel|account|page|group|server)\b")
_QUOTED_BLANK = frozenset({" ", "\u201d ", '" ', "\u2019 "})
_NAMESAKES = re.compile(
    r"(?:\b(?:Malcolm|Generation|Gen|Planet|Space|SpaceX|Mr|Project|Company|Person|Factor|Brand|American History|"
    r"iPhone)\s+)\Z"
)
_LONGEST_NAMESAKE = len("American History")
_GLUED = small(r"-(?:rays?|men|ray|factor|rated|chromosome)")
_TITLE_WORD = re.compile(r"\S\s+[A-Z][a-z]+ \Z")

_CUES = Cues(
    Cue(
        "search-tool",
        Role.MENTIONED,
        0.8,
        right=small(
            r"(?:[\u2019']s)?\s+(?:reverse|search(?:es|ed)?\b|Lens|Translate|Maps|Earth|Street View|"
            r"Images? search|News search|"
            r"fact[- ]check|Trends)"
        ),
    ),
    Cue(
        "owned-by",
        Role.MENTIONED,
        0.75,
        left=small(
            r"(?:owned by|owner of|parent(?: company)? of|backers? of|founder of|CEO of|head of|maker of|"
            r"developer of)\s+(?:\w+\s+){0,3}\Z"
        ),
    ),
    Cue(
        "owner-of",
        Role.MENTIONED,
        0.7,
        right=small(
            r"(?:[\u2019']s)?\s+(?:backers?|investors?|chief|CEO|founder|spokes\w+|terms of service|"
            r"(?:community )?(?:rules|standards|"
            r"guidelines|policy|policies)|did not respond|declined|has not commented|told)\b"
        ),
    ),
    Cue(
        "compared",
        Role.MENTIONED,
        0.75,
        left=small(
            r"(?:unlike|rivals?(?: such as| like)?|similar to|compared (?:to|with)|than(?: on)?|alternatives? to|"
            r"competitors?(?: such as| like)?|"
            r"banned (?:by|from|on)|barred from|censorship by|"
            r"deplatformed from)\s+(?:[A-Z][\w ]{1,20},? (?:and|or|,) )?\Z"
        ),
    ),
    Cue(
        "reports",
        Role.REPORTER,
        0.7,
        right=small(
            r"\s+(?:(?:has|have|had|also|then)\s+)?(?:said|says|told|announced|confirmed|stated|reported|wrote|"
            r"explained|argued|"
            r"previously argued)\b"
        ),
    ),
    *UNINVOLVED,
)


_MACHINES = "T0154"
"""AI Platform and its sub-techniques."""

_WRITES = "T0154.001"
_OUTPUT = any_of("""
    generat(?:es|ed); creat(?:es|ed); produc(?:es|ed); paint(?:s|ed); hallucinat(?:es|ed); invent(?:s|ed); made up
""")
_ANSWER = any_of("""
    said; says; wrote; writes; answer(?:s|ed); repl(?:ies|ied); repeat(?:s|ed); claim(?:s|ed)
    respond(?:s|ed); told; cit(?:es|ed)
""")
_OFTEN = r"(?:\s+(?:has|have|had|also|then|falsely|wrongly|repeatedly|initially))*\s+"
_ITS_OUTPUT = small(rf"{_OFTEN}{_OUTPUT}\b")
_ITS_ANSWER = small(rf"{_OFTEN}(?:{_OUTPUT}|{_ANSWER})\b")
_OF_MACHINES = small(r"\W(?:ai|a\.i\.|chatbots?|artificial intelligence|language models?|prompt\w*|generative)\W")
_ASKED = small(
    r"\W(?:(?:generated|made|created|produced|written|drawn|painted|edited|cloned|faked) (?:\w+ ){0,2}?"
    r"(?:by|with|using|in)|prompt(?:ed|s|ing)|chatbots?|ai (?:tools?|models?|assistants?|generators?)|"
    r"image generators?|language models?)(?: called| named| such as| like)? \Z"
)
_IS_A_TOOL = re.compile(r"(?i: (?:image )?(?:search|lens|translate|images|maps|earth|street view|trends))\Z")
"""How the name of a service ends that checks are made with."""

_NEAR = 110
_BEHIND = 120

_WEAK = frozenset({"on-platform", "named"})


def read_platforms(spots: Sequence[Spot], page: Page) -> dict[int, tuple[Thing, Reading]]:
    """What each spot that names a platform is: index of the spot -> platform and reading."""
    candidates = {index: form for index, spot in enumerate(spots) if (form := _platform_form(spot)) is not None}
    sure: dict[int, Form] = {
        i: form for i, form in candidates.items() if not _doubtful(form) or _told(spots[i]) or _speaks(spots[i], form)
    }
    known = {form.thing.identifier for form in sure.values()}
    while True:
        added = {
            index: form
            for index, form in candidates.items()
            if index not in sure and (_beside(spots, index, sure) or _known(spots[index], form, known))
        }
        if not added:
            break
        sure.update(added)
        known |= {form.thing.identifier for form in added.values()}
    read = {
        index: (form.thing, _role(spots[index], form, page))
        for index, form in sorted(sure.items())
        if not _other_sense(spots, index, form)
    }
    return _looked_up(read, spots) if page.fact_check or page.reframed else read


def _looked_up(read: dict[int, tuple[Thing, Reading]], spots: Sequence[Spot]) -> dict[int, tuple[Thing, Reading]]:
    """On a page that checks a claim: a service that was looked up was looked up where no word of spreading stands."""
    known: dict[str, Reading] = {}
    for thing, reading in read.values():
        if reading.rule in LOOKED_UP:
            known.setdefault(thing.identifier, Reading(reading.role, 0.6, f"page:{reading.rule}"))
    return {
        index: (thing, known[thing.identifier])
        if thing.identifier in known and reading.rule in _WEAK and not SPREAD.search(spots[index].sentence.words)
        else (thing, reading)
        for index, (thing, reading) in read.items()
    }


def _platform_form(spot: Spot) -> Form | None:
    return next((form for form in spot.hit.forms if form.thing.category == "platform"), None)


def _doubtful(form: Form) -> bool:
    """Whether the form is a platform only in the right context."""
    return form.strict or len(form.text) <= 2  # noqa: PLR2004 - a name of one or two letters is any abbreviation


def _told(spot: Spot) -> bool:
    return _BEFORE.search(spot.words.left) is not None or _AFTER.match(spot.words.right) is not None


def _speaks(spot: Spot, form: Form) -> bool:
    """Whether a machine that writes or paints does so here: "ChatGPT wrote it", "made with Pika"."""
    if not form.thing.kind.startswith(_MACHINES):
        return False
    output = _ITS_ANSWER if form.thing.kind == _WRITES else _ITS_OUTPUT
    # Claude is a first name as well.
    told = not form.strict or _OF_MACHINES.search(f" {spot.words.left}{spot.words.right} ") is not None
    return (told and output.match(spot.words.right) is not None) or _ASKED.search(spot.words.left) is not None


def _beside(spots: Sequence[Spot], index: int, sure: dict[int, Form]) -> bool:
    """Whether the spot stands in a list beside a name that is certainly a platform."""
    for other in (index - 1, index + 1):
        if other not in sure or spots[other].prose is not spots[index].prose:
            continue
        first, second = sorted((spots[other].hit, spots[index].hit), key=lambda hit: hit.start)
        between = spots[index].prose.words[first.end : second.start]
        if len(between) < 20 and _AND.fullmatch(between):  # noqa: PLR2004 - a conjunction is short
            return True
    return False


def _known(spot: Spot, form: Form, known: set[str]) -> bool:
    """Whether the page has the platform already, and nothing here speaks for another sense."""
    if form.thing.identifier not in known:
        return False
    return re.match(r"(?:[\u2019']s)?(?:[\s,.;:)\u201d\"]|\Z)", spot.right) is not None


def _other_sense(spots: Sequence[Spot], index: int, form: Form) -> bool:
    spot = spots[index]
    if _NAMESAKES.search(spot.left, max(0, len(spot.left.rstrip()) - _LONGEST_NAMESAKE)) or _GLUED.match(
        spot.words.right
    ):
        return True
    if form.strict and (_CHANNEL.search(spot.left) or _names_a_channel(spots, index)):
        return True
    # "The Worcester Telegram" is a newspaper, "On Telegram" is not, and "Chinese YouTube channels" are told.
    return form.strict and _TITLE_WORD.search(spot.left) is not None and not _told(spot)


def _names_a_channel(spots: Sequence[Spot], index: int) -> bool:
    """Whether it is the name of a channel on the platform named next: "the Signal Telegram channel"."""
    if index + 1 == len(spots) or _platform_form(spots[index + 1]) is None:
        return False
    spot, following = spots[index], spots[index + 1]
    beside = spot.prose is following.prose and spot.prose.words[spot.hit.end : following.hit.start] in _QUOTED_BLANK
    return beside and _A_CHANNEL.match(following.right) is not None


def _role(spot: Spot, form: Form, page: Page) -> Reading:
    return next(_readings(spot, form, page))


def _readings(spot: Spot, form: Form, page: Page) -> Iterator[Reading]:
    """What the words beside the name say, the most telling first."""
    if _IS_A_TOOL.search(spot.surface) is not None and not spot.sentence.tagged:
        yield Reading(Role.MENTIONED, 0.8, "search-tool")
    if _speaks(spot, form):
        yield Reading(Role.USED, 0.8, "its-output")
    for cue in _CUES.holding(spot.words):
        yield Reading(cue.role, cue.confidence, cue.rule)
    if page.fact_check or page.reframed:
        yield from _on_a_check(spot, form.thing, page)
    if spot.sentence.tagged:
        yield Reading(Role.USED, 0.95, "in-tagged-sentence")
    if _told(spot):
        yield Reading(Role.USED, 0.9, "on-platform")
    if spot.claimed:
        yield Reading(Role.USED, 0.6, "in-claim")
    yield Reading(Role.USED, 0.75, "named")


def _on_a_check(spot: Spot, thing: Thing, page: Page) -> Iterator[Reading]:
    """What more is read on a page that checks a claim."""
    left, right = spot.words
    following = spot.prose.small[spot.hit.end : spot.hit.end + _BEHIND]
    if is_original(spot.words, page.first_report) or is_unrelated(spot.words, following):
        yield Reading(Role.MENTIONED, 0.7, "innocent-original")
    for cue in ON_A_CHECK.holding(spot.words):
        yield Reading(cue.role, cue.confidence, cue.rule)
    if POSTED_HIMSELF.search(spot.left) is not None and not SPREAD.search(spot.sentence.words):
        yield Reading(Role.MENTIONED, 0.65, "answered-there")
    near = f"{left[-_NEAR // 2 :]} {right[: _NEAR // 3]}"
    if SILENT.search(near) is not None or (not thing.kind and not _told(spot)):
        yield Reading(Role.MENTIONED, 0.7, "checked-there")
