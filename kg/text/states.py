"""Countries: whether a state runs the operation, is only said to lean its way, is the target, or is just named."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.cues import ACTING
from kg.text.exempt import NOT_ACTING
from kg.text.page import Reading
from kg.text.phrases import (
    ACTS,
    ADVERBS,
    AGENTS,
    CLAIMED,
    SHARING,
    SPREADS,
    TIES,
    Cues,
    any_of,
    before,
    behind,
    small,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.text.lexicon import Form
    from kg.text.page import Page, Spot

_BODIES = any_of(r"""
    state; government; military; army; intelligence; security; secret; foreign; special; regime; authorities
    officials?
    president; embass\w+; ambassador; diplomats?; consulate; ministry; minister; communist party; leadership; services?
    agents?; spies; spy
""")
_RUNS = any_of("backed; sponsored; run; controlled; affiliated; linked; aligned; directed; owned")
_PRESS = any_of("media; outlet; news; tv; television; broadcaster; newspaper; nuclear; oil; bank; companies")
_STATE_WORK = behind(
    rf"\s+(?:state|government|military|nation-state|intelligence|regime)[- \u2011]{_RUNS}\b(?! {_PRESS})"
    r"|\s+(?:state|government|military|intelligence|nation-state)\s+(?:threat )?(?:actors?|hackers?|operatives)\b"
)
_AFFAIR = any_of(r"""
    disinformation; misinformation; propaganda; influence; information; interference; hack(?:ing)?; cyber\w*
    manipulation
    espionage; destabili[sz]ation; FIMI; troll; psychological; covert; malign
""")
_EFFORT = any_of(r"""
    campaigns?; operations?; networks?; efforts?; projects?; activit(?:y|ies); apparatus; machine(?:ry)?; ecosystem
    actors?
    attempts?; playbook; warfare; group; unit; offensive; tactics; influence; war\b; ops\b; factory; farm; APTs?
""")
_OPERATION = behind(
    rf"\s+(?:[\w-]+\s+){{0,2}}?{_AFFAIR}[- ]?(?:and \w+ )?{_EFFORT}"
    r"|\s+(?:election )?(?:interference|meddling|disinformation|APTs?)\b"
)
_CREW = any_of("""
    trolls?; hackers?; hacktivists?; bots?; accounts; actors; networks?; propaganda; narratives?; operatives
    operations?
    campaigns?; operators; activity; assets; proxies; influencers; bloggers; troll farms?; threat actor
    marketing firm; PR firms?
""")
_PRESS_AND_PEOPLE = any_of("media; websites?; outlets?; channels?; firms?; companies; publishers?; sources?; users")
_ORIGIN = behind(
    rf"\s+(?:\w+\s+){{0,2}}?{_CREW}\b|\s+(?:\w+\s+)?{_PRESS_AND_PEOPLE}(?: and [\w ]{{1,30}}?)?\s+{ADVERBS}{ACTS}\b"
)
_SPREAD_BY = before(rf"{SPREADS}(?: (?:widely|also|mostly|mainly|heavily))? by(?: the| several| many)?", 1)
_PRESS_OF_IT = behind(rf"\s+(?:\w+\s+)?{_PRESS_AND_PEOPLE}\b")
_SIDES = any_of(r"""
    aligned with; in favou?r of; favou?rable to; sympathetic to; supportive of; loyal to; promoting; promotes
    advanc(?:es|ing)
    further(?:s|ing); serv(?:es|ing)
""")
_SITS = any_of(r"""
    origin\w+ (?:in|from); based (?:primarily |mainly |largely )?in; located in; operat\w+ from; run from; came from
    coming from; stem\w+ from; emanat\w+ from; traced to
""")
_PRO = small(r"\Wpro[-\u2010\u2011]?\s?\Z")
_SITS_IN = before(
    r"networks? of (?:[\w-]+ ){0,3}?(?:accounts|pages|groups|people|individuals|assets)[^.;:]{0,30}? (?:in|from)"
    r"(?: the)?",
    0,
)
_LEANS = before(rf"{_SIDES}(?: the)?", 1)
_FROM = before(rf"{_CREW}\b[^.;:]{{0,60}}?{_SITS}(?: the)?", 1)
_LEANING = behind(
    r"[-\u2010\u2011](?:aligned|friendly|leaning|oriented|sympathetic)\b|[\u2019']s?\s+(?:[\w-]+\s+){0,2}interests?\b"
)
_BASED = behind(rf"[-\u2010\u2011](?:based|origin)(?:\s+(?:[\w-]+\s+){{0,3}}?{_CREW}\b|\s*(?:[.,;]|\Z))")
_GUISE = before(
    r"(?:purport\w*|pos(?:ed|es|ing)|pretend\w*|claim\w*|masquerad\w+|disguis\w+|present\w+)\b[^.;]{0,80}", 0
)
_BOASTS = small(r"\Wclaim\w* (?:credit|responsibility|(?:\w+ )?(?:attacks?|hacks?|breach(?:es)?))\b[^.;:]{0,60}\Z")
_ANTI = small(r"\Wanti[-\u2010\u2011]\s?\Z")
_AIMS = any_of(r"""
    target(?:s|ed|ing)?; against; aimed at; aiming at; directed at; interfer\w+ in; meddl\w+ in; audiences? in
    voters in
    users in; elections? in; people in; citizens of; population of; destabili[sz]\w+; discredit\w*; undermin\w+
    divid\w+
    critici[sz]\w+; critical of; attacks? on; focus(?:ed|ing)? (?:primarily |mainly )?on; locals in; public opinion in
    wedge between; rift between
    situation in; presence in; unrest in; narratives about; meddle in; anti; demoni[sz]\w*; vilif\w+; denigrat\w+
    smear\w*; influenc(?:e|ing); pressur(?:e|ing); intimidat\w+; silenc\w+
    manipulat\w+; (?:influence|disinformation|propaganda|information) (?:campaigns?|operations?) (?:in|on)
""")
_AIMED_LEFT = small(
    rf"\W{_AIMS}\s+(?:(?!(?:by|from|operations?|campaigns?|networks?|actors?)\b)[\w-]+,?\s+(?:and\s+)?){{0,5}}\Z"
)
_NOT_AIMED = small(
    r"\W(?:(?:charges?|cases?|lawsuits?|sanctions|evidence|allegations|accusations|complaints?|war crimes|protests?|"
    r"invasion|(?:air|missile|drone) ?strikes?) (?:against|on)|(?:known|notorious|infamous|famous) for|"
    r"who (?:\w+ )?critici[sz]\w+|"
    r"(?:avoid\w*|refrain\w*|without) (?:[\w-]+ ){0,2}critici[sz]\w+)\W[^.;]{0,80}\Z"
)
"""What is charged, fought or recalled there is no aim of this operation."""

_STRUCK = small(r"\W(?<!cyber )(?<!cyber-)(?<!hacking )(?<!online )(?<!phishing )attacks? on\W[^.;]{0,60}\Z")
_LANGUAGE = behind(r"[-\u2010\u2011](?:speaking|language)\b")
_PUBLIC = any_of(r"""
    (?:\w+ )?elections?; audiences?; voters; citizens; users; public; politicians; politics; population; referendum
    parliament
    journalists; activists; soldiers; society; democracy; candidates?; women; people; newsrooms?; news agenc\w+
    news publications; readers; presidential; (?:social )?media users; streamers; teenagers; officials
""")
_AIMED_RIGHT = behind(rf"(?:[\u2019']s)?\s+(?:[\w-]+\s+){{0,1}}?{_PUBLIC}\b")
_OF_WAR = small(r"\W(?:against|attacks? on)\b")
_IS_HIT = behind(
    r"(?:[\u2019']s)?\s+(?:[\w-]+\s+){1,3}?(?:(?:was|were|is|are|being|been)\s+)?"
    r"(?:targeted|smeared|impersonated|deepfaked|discredited) (?:by|in|with|online)\b"
)
_BODY = behind(rf"\s+(?:[\w-]+\s+){{0,2}}?{_BODIES}\b")
_WORKS = before(
    rf"(?:{AGENTS}(?: and \w+)? (?:\w+ly )?by|{TIES}|on behalf of|at the behest of|in the service of|(?:arm|"
    rf"prox(?:y|ies)|agents?) of|"
    r"front for|hand of|work of)",
    2,
)
_BLAMED = before(r"(?:blam(?:ed|es|ing)(?: on)?|accus(?:ed|es|ing)|points? (?:the finger )?(?:to|at))", 1)
_OLD_FOOTAGE = behind(
    rf"\s+{ADVERBS}{SHARING} (?:[\w-]+ ){{0,2}}?(?:footage|videos?|clips?|images?|photos?|pictures?) (?:that|which) "
    r"(?:had |has |have |was |were |in fact )*(?:previously|already|actually|originally|really|earlier)\b"
)
"""Behind the body of a state: what it shared is older, or of elsewhere."""

_PROXIES = behind(r"\s+and (?:its|their) (?:prox\w+|allies|trolls)")
_RIGHT_RULES = frozenset({"is-behind", "backed", "its-operation", "acts"})
_IS_A_CODE = re.compile(r"[A-Z.]{2,6}")
_DESCRIBES = re.compile(
    r"\s+(?!(?:and|or|in|on|to|for|of|with|by|from|as|at|if|but|when|that|which|"
    r"who)\b)[a-z]+(?!\w*ed\b|\w*s\b(?=\s+(?:the|a)\b))"
)
_PART_OF_A_NAME = re.compile(r"[ -][A-Z]")
_HINDERS = frozenset({"denied", "is-targeted", "quoted", "accused-by-content", "compared"})
_HINDERING = Cues(*(cue for cue in NOT_ACTING if cue.rule in _HINDERS))
_NAMED = Reading(Role.MENTIONED, 0.6, "named")


def read_state(spot: Spot, form: Form, page: Page) -> Reading:
    """The role of a country, its people or its government at one place."""
    return next(_readings(spot, form, page))


def _readings(spot: Spot, form: Form, page: Page) -> Iterator[Reading]:
    """What the words beside the name say, the most telling first."""
    left, right = spot.words
    affairs = spot.affairs
    if _LANGUAGE.match(right):
        yield Reading(Role.MENTIONED, 0.7, "language")
    if _ANTI.search(left) and (affairs or not page.fact_check):
        yield Reading(Role.TARGET, 0.75, "anti")
    if (spot.claimed and page.fact_check) or (CLAIMED.search(left) and not _BOASTS.search(left)):
        yield Reading(Role.MENTIONED, 0.7, "in-claim")
    if _PRO.search(left) or _LEANS.search(left) or _LEANING.match(right):
        yield Reading(Role.ALIGNED, 0.8, "leaning")
    if (_FROM.search(left) or _SITS_IN.search(left) or _BASED.match(right)) and not _GUISE.search(left):
        yield Reading(Role.ALIGNED, 0.8, "origin")
    acting = next(_operating(spot, form, page, affairs=affairs), None)
    if acting is not None and next(_HINDERING.holding(spot.words), None) is None:
        yield acting
    yield from _aims(spot, form, affairs=affairs)
    yield _NAMED


def _aims(spot: Spot, form: Form, *, affairs: bool) -> Iterator[Reading]:
    """What makes it the target, or the place the operation comes from."""
    left, right = spot.words
    if _is_aimed_at(left, affairs=affairs):
        yield Reading(Role.TARGET, 0.8, "aimed-at")
    if (form.adjective or form.metonym) and _of_its_people(spot, affairs=affairs):
        yield Reading(Role.ALIGNED, 0.65, "of-its-people")
    if _IS_HIT.match(right):
        yield Reading(Role.TARGET, 0.7, "its-people-hit")
    if affairs and _AIMED_RIGHT.match(right) and not _NOT_AIMED.search(left):
        yield Reading(Role.TARGET, 0.6, "its-public")


def _is_aimed_at(left: str, *, affairs: bool) -> bool:
    """Whether an operation is aimed at it; what is fought, or attacked in the field, is no target of one."""
    aimed = _AIMED_LEFT.search(left)
    if aimed is None or _NOT_AIMED.search(left) or _STRUCK.search(left):
        return False
    return affairs or not _OF_WAR.match(aimed[0])


def _of_its_people(spot: Spot, *, affairs: bool) -> bool:
    """Whether its trolls, its media or the like are at work: "circulated by Russian media", "Kremlin media spread"."""
    left, right = spot.words
    return affairs and (
        _ORIGIN.match(right) is not None
        or (_SPREAD_BY.search(left) is not None and _PRESS_OF_IT.match(right) is not None)
    )


def _operating(spot: Spot, form: Form, page: Page, *, affairs: bool) -> Iterator[Reading]:
    """What makes the state the one who acts."""
    if _STATE_WORK.match(spot.words.right):
        yield Reading(Role.OPERATOR, 0.9, "state-sponsored")
    if form.adjective or _describes(spot):
        yield from _by_adjective(spot, page, affairs=affairs)
    elif spot.prose.name == "title" or not _PART_OF_A_NAME.match(spot.right):
        yield from _by_name(spot, page, affairs=affairs)


def _describes(spot: Spot) -> bool:
    """Whether an abbreviation stands for an adjective: "US troops", "the UK government"."""
    return _IS_A_CODE.fullmatch(spot.surface) is not None and _DESCRIBES.match(spot.right) is not None


def _by_name(spot: Spot, page: Page, *, affairs: bool) -> Iterator[Reading]:
    left, right = spot.words
    if _WORKS.search(left) and (affairs or not page.fact_check):
        yield Reading(Role.OPERATOR, 0.9, "attributed-to")
    if _AIMED_LEFT.search(left):
        return
    for cue in ACTING:
        if cue.rule not in _RIGHT_RULES or not cue.holds("", right):
            continue
        if cue.rule != "acts" or (affairs and not page.fact_check):
            yield Reading(Role.OPERATOR, 0.75 if cue.rule == "acts" else 0.9, cue.rule)
    if _PROXIES.match(right) and affairs:
        yield Reading(Role.OPERATOR, 0.8, "and-its-proxies")
    blamed = _BLAMED.search(left)
    if blamed and not page.fact_check and (affairs or blamed[0].startswith("blam", 1)):
        yield Reading(Role.OPERATOR, 0.75, "blamed")


def _by_adjective(spot: Spot, page: Page, *, affairs: bool) -> Iterator[Reading]:
    left, right = spot.words
    if _OPERATION.match(right):
        yield Reading(Role.OPERATOR, 0.8, "its-operation")
    body = _BODY.match(right)
    if body is not None and _OLD_FOOTAGE.match(right[body.end() :]):
        yield Reading(Role.OPERATOR, 0.75, "its-government-shares-old")
    if body is None or page.fact_check or not affairs:
        return
    rest = right[body.end() :]
    for cue in ACTING:
        acts = cue.right is not None and cue.holds("", rest)
        told = cue.left is not None and cue.right is None and cue.holds(left, "")
        if acts or told:
            yield Reading(Role.OPERATOR, 0.85, f"its-government-{cue.rule}")
