"""Services on a page that checks a claim: named as often for what was looked up there as for what was spread there.

An answer was given there, an innocent original was found there, an official account says nothing of the kind. What
takes a service out of the action on any page stands in :mod:`kg.text.uninvolved`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.named import Role
from kg.text.phrases import SHARING, Cue, Cues, any_of, behind, small
from kg.text.uninvolved import OTHERS, THERE

if TYPE_CHECKING:
    import datetime as dt

    from kg.text.phrases import Words

_SPOT = any_of("accounts?; pages?; profiles?; handles?; timelines?; feeds?; channels?; websites?; bios?; stor(?:y|ies)")
_ITS_SPOT = rf" (?:(?:and|or) [\w()-]+ )?{_SPOT}\b"
_GENUINE = any_of("official; verified; personal; genuine; legitimate; authentic; real")
_ANSWERS = any_of(r"""
    confirm(?:s|ed|ing)?; den(?:y|ies|ied|ying); clarif(?:y|ies|ied|ying); emphasi[sz](?:es|ed|ing); refut(?:es|ed|ing)
    debunk(?:s|ed|ing); flagg(?:ed|ing); highlight(?:s|ed|ing); pointed out; pointing out; apologi[sz](?:es|ed|ing)
    dismiss(?:es|ed|ing); reject(?:s|ed|ing); condemn(?:s|ed|ing); warn(?:s|ed|ing); corrected; responded; replied
    rebut(?:s|ted|ting); disput(?:es|ed|ing); announc(?:es|ed|ing)
""")
_UNTRUE = any_of(r"""
    untrue; not true; false; fake; fabricat\w*; hoax; baseless; unfounded; forger\w+; forged; misleading; not authentic
    never; no such; did not; didn\W?t; disinformation; misinformation
""")
_OF_SPREADING = "(?:shar|post|circulat|spread|viral|claim|upload|appear|publish|surfac)"
_NO_USER = "".join(f"(?<!{word})" for word in ("user", "users", "post", "posts", "poster", "people", "page", "account"))
_NOT_SPREADING = rf"(?![^.;]{{0,140}}?\W(?:{SHARING}|hacked|compromised|repurposed|renamed|hijacked)\b)"
"""An account that passes something on is no bystander, whoever's it is."""

ON_A_CHECK = Cues(
    Cue(
        "answered-there",
        Role.MENTIONED,
        0.7,
        left=small(rf"\W{_ANSWERS}(?: (?!{_OF_SPREADING})[\w\u2019',-]+){{0,6}}? {THERE}{OTHERS}\Z"),
        reach=130,
    ),
    Cue(
        "answered-there",
        Role.MENTIONED,
        0.7,
        left=small(rf"\W(?:told|messaged|informed|spoke to|speaking to) [^.;:]{{1,60}}? {THERE}\Z"),
        reach=110,
    ),
    Cue(
        "answered-there",
        Role.MENTIONED,
        0.7,
        left=small(rf"{_NO_USER}\W(?:said|says|wrote|writes|stated|explained|added) (?:[\w-]+ ){{0,3}}?{THERE}\Z"),
        right=small(rf"[^.;]{{0,110}}?\W{_UNTRUE}\b"),
        reach=110,
    ),
    Cue(
        "answered-there",
        Role.MENTIONED,
        0.7,
        right=behind(
            rf" (?:{_SPOT}|posts?|statements?) (?:(?:for|of|by|from|run by) )?[^.;]{{0,60}}?\W"
            r"(?:call(?:s|ed)|den(?:y|ies|ied)|dismissed|"
            rf"label(?:l?ed|s)|clarified|described|refuted|debunked|confirmed)\b"
        ),
    ),
    Cue("answered-there", Role.MENTIONED, 0.7, left=small(rf"\Wanswer(?:ing|ed|s) questions {THERE}\Z")),
    Cue(
        "own-account",
        Role.MENTIONED,
        0.7,
        right=behind(rf"{_ITS_SPOT} (?:has been|have been|is|are|was|remains?) (?:\w+ )?active\b"),
    ),
    Cue("its-business", Role.MENTIONED, 0.65, left=small(r"\W(?:suspension|banishment|expulsion|departure) from \Z")),
    Cue(
        "according-to",
        Role.MENTIONED,
        0.7,
        left=small(r"\W(?:according to|citing) (?:an?|his|her|their|the) (?:[\w-]+ ){0,2}\Z"),
        right=behind(r" (?:posts?|pages?|profiles?|bios?|accounts?|statements?|stor(?:y|ies))\b"),
    ),
    Cue(
        "shared-by", Role.USED, 0.9, left=small(r"\W(?:shared|spread|amplified|circulated|promoted) by [^.;,]{0,60}\Z")
    ),
    Cue(
        "own-account",
        Role.MENTIONED,
        0.7,
        left=small(rf"\W{_GENUINE} (?:[\w\u2019'-]+ ){{0,2}}?{OTHERS}\Z"),
        right=behind(rf"{_ITS_SPOT}{_NOT_SPREADING}"),
    ),
    Cue(
        "own-account",
        Role.MENTIONED,
        0.7,
        left=small(rf"\W{_GENUINE} (?:[\w\u2019'-]+ ){{0,3}}?{_SPOT} (?:on|across|in) (?:the )?{OTHERS}\Z"),
        right=behind(_NOT_SPREADING),
    ),
    Cue(
        "own-account",
        Role.MENTIONED,
        0.65,
        left=small(rf"(?:\w[\u2019']s?|\W(?:his|her|my)) (?:own |active |main )?{OTHERS}\Z"),
        right=behind(rf"{_ITS_SPOT}{_NOT_SPREADING}"),
        reach=60,
    ),
)
"""What takes a platform out of the operation on a page that checks a claim."""

LOOKED_UP = frozenset({"innocent-original", "own-account", "answered-there", "according-to"})
"""Rules that say that something was looked up on a service."""

_MEDIUM = any_of("videos?; clips?; footage; visuals; images?; photos?; pictures?; versions?; recordings?")
_ORIGINAL = small(
    r"\W(?:original(?:ly)?|first (?:uploaded|example)|earliest|authentic|"
    r"longer version|originat(?:es|ed) (?:from|in|on)|"
    r"full (?:video|version|speech|clip))[^.;]{0,90}\Z"
)
_FIRST = small(r"\Wfirst (?:posted|shared|published|appeared)[^.;]{0,90}\Z")
_A_CHANNEL = behind(r" channels?\b")
_FALSEHOOD = small(
    r"\W(?:claims?|links?|stor(?:y|ies)|articles?|rumou?rs?|narratives?|memes?|quotes?|hoax(?:es)?|fakes?)\W"
)
_LED_TO = small(
    r"\W(?:traced|tracked|led|leads|directed|pointed|brought) (?:\w+ ){0,3}?(?:back )?to (?:[^.;]|\.(?= \d)){0,60}\Z"
)
_ALIKE = small(
    rf"\W(?:similar|identical|longer|older|matching|high(?:er)?-(?:quality|definition|resolution)) "
    rf"(?:[\w-]+ ){{0,2}}?{_MEDIUM}"
    r"\b[^.;]{0,80}\Z"
)
_SEARCHED = small(
    r"\W(?:search\w*|keyframes?)\b[^.;]{0,60}\W(?:found|finds|discovered|reveal(?:s|ed)|show(?:s|ed)|yield(?:s|ed)|located|"
    r"identified|uncovered)\b[^.;]{0,80}\Z"
)
_HAS_THE_SAME = behind(
    rf"(?:[\u2019']s)? (?:{_MEDIUM}|posts?|channels?|pages?|accounts?)\b[^.;]{{0,70}}\W"
    r"(?:contain(?:s|ed)|carr(?:y|ies|ied)|show(?:s|ed)|featur(?:es|ed)|ha[sd]) "
    r"(?:the )?(?:same|similar|identical|matching)\b"
)
_PUT_THERE = small(r"\W(?:upload|post|publish|shar|appear|air|stream|broadcast|available)\w* [^.;]{0,70}\Z")
_WAS_PUT = behind(rf"(?:[\u2019']s)? (?:{_MEDIUM}|posts?|channels?|pages?|accounts?)\b")
_YEAR = re.compile(r"\W(20[0-4]\d)\b")
_OF_THE_CLAIM = small(
    r"\W(?:claim(?:s|ed|ing)?|memes?|quotes?|statements?|hoax(?:es)?|narratives?|theor(?:y|ies)|stor(?:y|ies)|falsely|misleading(?:ly)?|caption(?:s|ed)?|rumou?rs?)\W"
)
_MONTHS = 4
_FAR = 111
_DATED = 100


_UNRELATED = re.compile(
    r"\b(?:unrelated|not related|nothing to do with|no (?:connection|relation|link) (?:to|with)|predates?|"
    r"(?:years?|months) (?:old|before))\b"
)
"""Behind a sentence: what was put there has to do with something else."""


def is_unrelated(words: Words, following: str) -> bool:
    """Whether what was put on the service is told, there or right behind, to be of something else."""
    left = words.left[-_FAR:]
    if _PUT_THERE.search(left) is None or _OF_THE_CLAIM.search(f"{left} {words.right}"):
        return False
    return _UNRELATED.search(f"{left} {following}") is not None


def is_original(words: Words, first_report: dt.date | None) -> bool:
    """Whether an innocent original was found on the service, on a page that checks what was made of it.

    Args:
        words: What stands beside the name of the service.
        first_report: The day of the earliest reference of the page, where one is dated: what was put there in a year
            that had ended months before it is older than the claim.
    """
    left, right = words.left[-_FAR:], words.right[:_DATED]
    if _ORIGINAL.search(left):
        return True
    if _FIRST.search(left) and not _A_CHANNEL.match(right) and not _FALSEHOOD.search(left):
        return True
    if _OF_THE_CLAIM.search(f"{left} {right}"):
        return False
    if _LED_TO.search(left) or _ALIKE.search(left) or _SEARCHED.search(words.left) or _HAS_THE_SAME.match(right):
        return True
    years = [int(year) for year in _YEAR.findall(f"{left} {right.partition('.')[0]}")]
    if first_report is None or not years or max(years) >= first_report.year - (first_report.month <= _MONTHS):
        return False
    return _PUT_THERE.search(left) is not None or _WAS_PUT.match(right) is not None


SPREAD = re.compile(
    r"\b(?:claim|viral|shar(?:ed?|ing)\b|spread|circulat|caption|likes\b|views\b|retweet(?:s|ed)\b|reshare|repost|false|mislead|"
    r"fake|hoax|rumou?r|users?\b|purport|alleged|"
    r"surfac|emerg|appeared)",
    re.IGNORECASE,
)

SILENT = small(
    r"\bno (?:such )?(?:posts?|statements?|record|mention)|official (?:accounts?|website|handles?)|"
    r"archived? (?:version|copy|copies)|"
    r"(?:keyword|advanced|reverse) (?:image )?search|translated|told us|contacted us|reached out"
)

POSTED_HIMSELF = re.compile(
    r"(?:\b[A-Z][\w\u2019'-]+|\bshe|\bhe)(?: (?:has|had|also|later|then|recently))? "
    r"(?:posted|said|says|wrote|announced|thanked|appeared|spoke|greeted)\b"
    r"[^.;]{0,90}\b(?:on|in|via|to|through) (?:an? |the |his |her )?\Z"
)
"""A named person speaks there for himself: he is asked about, not spread."""
