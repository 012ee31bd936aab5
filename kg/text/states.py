"""Countries: whether a state runs the operation, is only said to lean its way, is the target, or is just named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.cues import ACTING, NOT_ACTING, WINDOW
from kg.text.page import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.text.lexicon import Form
    from kg.text.page import Page, Spot

_AFFAIRS = re.compile(
    r"disinformation|misinformation|propagand|influenc|interfer|meddl|troll|\bbots?\b|\bfake|hack|campaign|"
    r"account|narrativ|"
    r"inauthentic|cyber|phish|deepfake|AI\b|artificial intelligence|malign|covert|online|social media|media push|"
    r"information (?:war|operation|manip)|impersonat|plausible deniability|discredit",
    re.IGNORECASE,
)
_BODIES = (
    r"(?:state|government|military|army|intelligence|security|secret|foreign|special|regime|authorities|"
    r"officials?|president|"
    r"embass\w+|ambassador|diplomats?|consulate|ministry|minister|communist party|leadership|services?|agents?|"
    r"spies|spy)"
)
_STATE_WORK = re.compile(
    r"\s+(?:state|government|military|nation-state|intelligence|regime)[- \u2011](?:backed|sponsored|run|"
    r"controlled|affiliated|"
    r"linked|aligned|directed|owned)\b(?! (?:media|outlet|news|tv|television|broadcaster|newspaper|nuclear|oil|"
    r"bank|companies))",
    re.IGNORECASE,
)
_STATE_ACTORS = re.compile(
    r"\s+(?:state|government|military|intelligence|nation-state)\s+(?:threat )?(?:actors?|hackers?|operatives)\b",
    re.IGNORECASE,
)
_OPERATION = re.compile(
    r"\s+(?:[\w-]+\s+){0,2}?(?:disinformation|misinformation|propaganda|influence|information|interference|"
    r"hack(?:ing)?|cyber\w*|"
    r"manipulation|espionage|destabili[sz]ation|FIMI|troll|psychological|covert|"
    r"malign)[- ]?(?:and \w+ )?(?:campaigns?|operations?|"
    r"networks?|efforts?|projects?|activit(?:y|ies)|apparatus|machine(?:ry)?|ecosystem|actors?|attempts?|"
    r"playbook|warfare|group|unit|"
    r"offensive|tactics|influence|war\b|ops\b|factory|farm|APTs?)|\s+(?:election )?(?:interference|meddling|"
    r"disinformation|APTs?)\b",
    re.IGNORECASE,
)
_ORIGIN = re.compile(
    r"\s+(?:\w+\s+){0,2}?(?:trolls?|hackers?|hacktivists?|bots?|accounts?|actors?|networks?|media|websites?|"
    r"outlets?|channels?|"
    r"propaganda|interests|narratives?|firm|company|origin|influencers?|bloggers?|operatives|users|publishers?|"
    r"sources?|proxies)\b",
    re.IGNORECASE,
)
_LEANING_LEFT = re.compile(
    r"(?:\bpro[-\u2010\u2011]\s?|\b(?:aligned with|in favou?r of|favou?rable to|sympathetic to|support(?:ing|"
    r"ive of|s)|promot\w+|"
    r"pro-?|loyal to|advanc\w+|further\w+|serv\w+|origin\w+ (?:in|from)|based (?:primarily |mainly |largely )?in|"
    r"located in|operat\w+ from|"
    r"run from|came from|coming from|stem\w+ from|emanat\w+ from|traced to|inside)\s+(?:the\s+)?(?:[\w-]+\s+){0,2})\Z",
    re.IGNORECASE,
)
_LEANING_RIGHT = re.compile(
    r"[-\u2010\u2011](?:based|aligned|friendly|leaning|leaning|origin|speaking|language|oriented|sympathetic)\b|"
    r"[\u2019']s?\s+(?:[\w-]+\s+){0,2}interests?\b",
    re.IGNORECASE,
)
_ANTI = re.compile(r"\banti[-\u2010\u2011]\s?\Z", re.IGNORECASE)
_AIMED_LEFT = re.compile(
    r"\b(?:target(?:s|ed|ing)?|against|aimed at|aiming at|directed at|interfer\w+ in|meddl\w+ in|audiences? in|"
    r"voters in|users in|elections? in|"
    r"people in|citizens of|population of|destabili[sz]\w+|discredit\w*|undermin\w+|divid\w+|critici[sz]\w+|"
    r"critical of|attacks? on|"
    r"focus(?:ed|ing)? (?:primarily |mainly )?on|locals in|based in and targeting|"
    r"public opinion in)\s+(?:[\w-]+,?\s+(?:and\s+)?){0,5}\Z",
    re.IGNORECASE,
)
_AIMED_RIGHT = re.compile(
    r"(?:[\u2019']s)?\s+(?:[\w-]+\s+){0,2}?(?:elections?|audiences?|voters?|citizens|users|public|politicians?|"
    r"politics|population|referendum|"
    r"parliament|journalists?|activists|soldiers|society|democracy|candidates?|women|people|news(?:rooms?|"
    r" agenc\w+| publications))\b",
    re.IGNORECASE,
)
_BODY = re.compile(rf"\s+(?:[\w-]+\s+){{0,2}}?{_BODIES}\b", re.IGNORECASE)
_WORKS = frozenset({"attributed-to", "run-by", "on-behalf-of", "behind", "is-behind", "backed"})
_NAMED = Reading(Role.MENTIONED, 0.6, "named")


def read_state(spot: Spot, form: Form, page: Page) -> Reading:
    """The role of a country, its people or its government at one place."""
    return next(_readings(spot, form, page))


def _readings(spot: Spot, form: Form, page: Page) -> Iterator[Reading]:
    """What the words beside the name say, the most telling first."""
    left, right = spot.left, spot.right
    affairs = _AFFAIRS.search(spot.sentence.words[: 4 * WINDOW]) is not None
    if _ANTI.search(left):
        yield Reading(Role.TARGET, 0.75, "anti")
    if spot.claimed and page.fact_check:
        yield Reading(Role.MENTIONED, 0.7, "in-claim")
    if _LEANING_LEFT.search(left) or _LEANING_RIGHT.match(right):
        yield Reading(Role.ALIGNED, 0.8, "leaning-or-origin")
    if not any(cue.holds(left, right) for cue in NOT_ACTING if cue.rule in {"denied", "is-targeted"}):
        if _STATE_WORK.match(right) or _STATE_ACTORS.match(right):
            yield Reading(Role.OPERATOR, 0.9, "state-sponsored")
        if form.adjective:
            yield from _by_adjective(spot, page, affairs=affairs)
        else:
            yield from _by_name(spot, page, affairs=affairs)
    if _AIMED_LEFT.search(left):
        yield Reading(Role.TARGET, 0.8, "aimed-at")
    if form.adjective and affairs and _ORIGIN.match(right):
        yield Reading(Role.ALIGNED, 0.65, "of-its-people")
    if _AIMED_RIGHT.match(right) and affairs:
        yield Reading(Role.TARGET, 0.6, "its-public")
    yield _NAMED


def _by_name(spot: Spot, page: Page, *, affairs: bool) -> Iterator[Reading]:
    for cue in ACTING:
        if not cue.holds(spot.left, spot.right):
            continue
        if cue.rule in _WORKS and (affairs or not page.fact_check):
            yield Reading(Role.OPERATOR, 0.9, cue.rule)
        if cue.rule == "its-operation":
            yield Reading(Role.OPERATOR, 0.85, cue.rule)
        if cue.rule in {"acts", "blamed"} and affairs and not page.fact_check:
            yield Reading(Role.OPERATOR, 0.75, cue.rule)


def _by_adjective(spot: Spot, page: Page, *, affairs: bool) -> Iterator[Reading]:
    if _OPERATION.match(spot.right):
        yield Reading(Role.OPERATOR, 0.8, "its-operation")
    body = _BODY.match(spot.right)
    if body is None or page.fact_check or not affairs:
        return
    rest = spot.right[body.end() :]
    for cue in ACTING:
        acts = cue.right is not None and cue.holds("", rest)
        told = cue.left is not None and cue.right is None and cue.holds(spot.left, "")
        if acts or told:
            yield Reading(Role.OPERATOR, 0.85, f"its-government-{cue.rule}")
