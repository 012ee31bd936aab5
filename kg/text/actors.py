"""Actors: what a name of the lists, other than a country's, does where it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.cues import ACTING
from kg.text.exempt import NOT_ACTING
from kg.text.origins import starting
from kg.text.page import Reading, shared_name
from kg.text.phrases import CLAIMED, MODIFIES, SPREADING, WINDOW, small
from kg.text.unlisted import BESIDE_FULL_NAMES, BESIDE_PERSONS, INNOCENT_SOURCE, ON_ANY_PAGE, ON_MOST_PAGES, OTHER_WORKS
from kg.text.untruth import IS_UNTRUE_SITE, KNOWN_FOR_UNTRUTH, UNTRUE_SITE

if TYPE_CHECKING:
    from kg.named import Thing
    from kg.text.page import Page, Spot

_BY_NATURE: dict[str, Reading] = {
    # A campaign, a cluster or a troll farm is known for operations alone: named without a comparison, it runs one.
    "operation": Reading(Role.OPERATOR, 0.85, "is-an-operation"),
    "company": Reading(Role.OPERATOR, 0.6, "does-it-for-hire"),
    "media": Reading(Role.ENABLER, 0.6, "state-media"),
}
_KNOWN_FOR = (KNOWN_FOR_UNTRUTH, UNTRUE_SITE, IS_UNTRUE_SITE)
_UNNAMED = Reading(Role.MENTIONED, 0.6, "named")
_REPORTS = re.compile(
    r"\s*(?:,[^.;,]{0,60},)?\s+(?:(?:has|have|had|also|first)\s+)?(?:report(?:s|ed)|told|said|says|found|wrote|"
    r"confirmed|"
    r"announced|stated|noted|added|denied|warned|explained|revealed|identified|discovered|published a report|"
    r"investigat\w+|"
    r"analy[sz]ed|concluded|debunked|verified|fact[- ]checked)\b"
)
_ACCORDING = small(
    r"\W(?:according to|report(?:ed)? (?:by|from)|told|said|investigation by|analysis by|research (?:by|from)|"
    r"fact[- ]check(?:ed)? by|"
    r"debunked by|verified by|statement (?:by|from)|interview with|identified by|uncovered by|removed by|in (?:a|"
    r"an) \w+ (?:report|"
    r"article) (?:by|from))\s+(?:the\s+)?(?:\w+\s+){0,2}[\"\u201c(]*\Z"
)
_MIDDLE = re.compile(r"-(?:based|style|era|born|speaking|language|like|focused|inspired|themed|wide|friendly)\b")


def read_actor(spot: Spot, thing: Thing, *, strict: bool, page: Page) -> Reading | None:
    """The role of a listed actor at one place; None where a doubtful name has nothing beside it.

    Args:
        spot: The place.
        thing: The actor.
        strict: Whether the form is a name only in the right context.
        page: The page: on one that checks a claim, what stands in the claim is no attribution.
    """
    started = starting(spot.words) if thing.category == "actor" and thing.kind != "operation" else None
    if started is not None and not (page.fact_check and spot.claimed):
        return Reading(started.role, started.confidence, started.rule)
    told = acting(spot, thing, page)
    hindered = _hindrance(spot, thing, page, speaks=told is not None and thing.kind == "person")
    if hindered is not None:
        return hindered
    if told is not None and strict and page.fact_check and told.rule == "spread-by":
        told = None
    nature = _nature(thing, page)
    if told is not None and nature is not None:
        # A newspaper that is run by a state and spreads the story works for the operation, it does not run it.
        role = nature.role if told.rule in {"acts", "spread-by", "such-as"} else told.role
        return Reading(role, max(told.confidence, nature.confidence), told.rule)
    return None if strict and told is None else told or nature or _UNNAMED


def _hindrance(spot: Spot, thing: Thing, page: Page, *, speaks: bool) -> Reading | None:
    """What takes a name out of the action: it suffers, is compared, reports, or stands in what is only claimed."""
    known_for = thing.kind == "media" and any(cue.holds(*spot.words) for cue in _KNOWN_FOR)
    hindered = None if known_for else next(NOT_ACTING.holding(spot.words), None)
    if hindered is not None:
        return Reading(hindered.role, hindered.confidence, hindered.rule)
    # A person who acts and "said so" does not report on it.
    if not speaks and reports(spot, thing, page):
        return Reading(Role.REPORTER, 0.8, "reports")
    in_claim = (spot.claimed and page.fact_check) or CLAIMED.search(spot.words.left)
    return (
        Reading(Role.MENTIONED, 0.7, "in-claim") if in_claim and not known_for and thing.kind != "operation" else None
    )


def _nature(thing: Thing, page: Page) -> Reading | None:
    """What an actor does wherever nothing else is said; a firm for hire that a fact-check names may be anyone."""
    return None if page.fact_check and thing.kind == "company" else _BY_NATURE.get(thing.kind)


def acting(spot: Spot, thing: Thing, page: Page) -> Reading | None:
    """What the words beside a name say that it does, if anything."""
    if _MIDDLE.match(spot.right) or MODIFIES.match(spot.right):
        return None
    for cue in ACTING.holding(spot.words):
        if _fits(cue.rule, spot, thing, page):
            return Reading(cue.role, cue.confidence, cue.rule)
    if thing.category == "actor" and thing.kind not in {"operation", "state-organ"}:
        return _as_if_unlisted(spot, thing, page)
    return None


def _as_if_unlisted(spot: Spot, thing: Thing, page: Page) -> Reading | None:
    """What would make it act if no list had its name: a name that is known is no reason to see less."""
    cues = ON_ANY_PAGE if page.fact_check else ON_MOST_PAGES
    for cue in cues.holding(spot.words):
        if (
            cue.rule in {"tied", "agent"}
            or (thing.kind == "group" and cue.rule in {"of-the-fringe", "is-of-the-fringe"})
            or (cue.rule == "known-kind" and not spot.affairs)
            or (cue.rule in BESIDE_PERSONS and thing.kind != "person")
        ):
            continue
        innocent = INNOCENT_SOURCE.search(spot.sentence.words[: 4 * WINDOW]) or OTHER_WORKS.search(spot.words.left)
        if not innocent or (cue.rule not in BESIDE_FULL_NAMES and not OTHER_WORKS.search(spot.words.left)):
            return Reading(cue.role, cue.confidence, cue.rule)
    return None


def _fits(rule: str, spot: Spot, thing: Thing, page: Page) -> bool:
    """Whether a rule may speak for this kind of actor here.

    Parties and militias act in the world as well, and on a page that checks a claim a person only counts who passes it
    on.
    """
    if rule == "run-by" and OTHER_WORKS.search(spot.words.left):
        return False
    if rule == "names-operation" and thing.kind == "person":
        return False
    if rule == "covers":
        return thing.kind == "media" and not page.fact_check
    if rule == "acts" and page.fact_check:
        return thing.kind in {"operation", "media"} or (
            thing.kind != "group" and SPREADING.match(spot.words.right) is not None
        )
    if rule in {"acts", "blamed"} and thing.kind in {"group", "state-organ"}:
        return spot.affairs
    return True


def reports(spot: Spot, thing: Thing, page: Page) -> bool:
    """Whether the name tells of the incident; media of a state that spread a story never do."""
    if thing.kind in {"media", "operation"}:
        return False
    if thing.category == "reporter" or shared_name(thing, page.reporters):
        return True
    return _REPORTS.match(spot.right) is not None or _ACCORDING.search(spot.words.left) is not None
