"""Cues that a platform only stands in the account of an operation: what was answered, found or sold there.

They hold on every page; :mod:`kg.text.lookedup` has those for pages that check a claim.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.phrases import WINDOW, Cue, any_of, behind, small

OTHERS = r"(?:[\w()-]{1,20}(?: [\w()-]{1,15})?(?: ?,(?: and| or)?| and| or) (?:on )?){0,4}"
"""Names of other services between a cue and the name."""

THERE = r"(?:on|in|via|through|over|by|from|using) (?:an? |the |his |her |their |its )?(?:[\w\u2019'-]+ ){0,3}"

_MAKES_UP = any_of(r"""
    fake; faked; fakes; fabricat\w+; fals\w+; forg\w+; spoof\w*; imitat\w+; impersonat\w+; mimic\w*; invented; bogus
    doctored; photoshopped; counterfeit; appears? to be; appeared to be; made to look like; made-up; resembl\w+
""")
_REQUIRES = any_of(r"""
    requir\w+; forc\w+; oblig\w+; compel\w*; legislation; regulat\w+; lawsuit; sue[sd]?; suing; fin(?:es|ed|ing)
    call(?:s|ed|ing)? (?:on|for); urg(?:es|ed|ing); lobb(?:y|ied|ying)
""")

UNINVOLVED: tuple[Cue, ...] = (
    # "Meta (formerly Facebook)": the company is named, not the service.
    Cue("company", Role.MENTIONED, 0.75, left=small(r"\Wmeta,? \(?(?:formerly|previously|then)(?: known as)? \Z")),
    Cue(
        "company",
        Role.MENTIONED,
        0.7,
        left=small(
            rf"\W(?:tech(?:nology)?|big|largest|internet|software|us|american) (?:[\w-]+ ){{0,2}}?"
            r"(?:companies|firms|giants)\W"
            rf"[^.;:]{{0,20}}?(?:including|such as|like) {OTHERS}\Z"
        ),
    ),
    Cue(
        "compared",
        Role.MENTIONED,
        0.75,
        left=small(r"\A\W*(?:just |much )?(?:like|unlike|compared (?:to|with)) (?:[\w()-]{1,20},? (?:and|or) )?\Z"),
        right=behind(r",| (?:and|or) [\w()-]+,"),
        reach=WINDOW,
    ),
    Cue(
        "compared",
        Role.MENTIONED,
        0.75,
        left=small(
            r"\W(?:banned|barred|deplatformed|kicked off|expelled|excluded|driven) (?:from|by|off) "
            rf"(?:the )?(?:mainstream|major|larger?|bigger|other|established) (?:[\w-]+ ){{0,3}}?"
            rf"(?:such as|like|including) {OTHERS}\Z"
        ),
        reach=110,
    ),
    Cue(
        "its-stars",
        Role.MENTIONED,
        0.7,
        right=behind(
            r"(?:[\u2019']s)? (?:most (?:popular|viewed|watched|followed)|biggest|largest|top) (?:[\w-]+ ){0,2}?"
            r"(?:creators?|streamers?|stars?|users?|influencers?|channels?)\b"
        ),
    ),
    Cue(
        "regulated",
        Role.MENTIONED,
        0.7,
        left=small(
            rf"\W{_REQUIRES} (?:[\w-]+ ){{0,4}}?(?:platforms|companies|services|sites|apps|firms|giants)"
            rf" (?:such as|like|including) {OTHERS}\Z"
        ),
        reach=110,
    ),
    Cue(
        "regulated",
        Role.MENTIONED,
        0.7,
        right=behind(
            r" (?:(?:has|have|had|also|then) ){0,2}(?:sued|was (?:sued|fined)|were (?:sued|fined)|filed (?:a|an) "
            r"(?:law)?suit|faces? (?:a|an) (?:fine|lawsuit|ban))\b"
        ),
    ),
    Cue(
        "imitated",
        Role.MENTIONED,
        0.75,
        left=small(
            rf"\W{_MAKES_UP} (?:[\w-]+ ){{0,4}}?screenshots? (?:taken )?(?:of|from|showing) "
            rf"(?:an? |the )?(?:article|excerpts?)?{OTHERS}\Z"
        ),
        right=behind(
            r"(?: (?:story|stories|posts?|reels?|shorts?|videos?|status|feeds?|pages?|profiles?)\b|"
            r"[.,;]|\Z| from| and\b)"
        ),
        reach=110,
    ),
    Cue(
        "imitated",
        Role.MENTIONED,
        0.7,
        left=small(
            r"\W(?:false|fake|fabricated|falsified|forged|doctored) screenshots?\b[^.;:]{0,60}\Wan? (?:short )?\Z"
        ),
        right=behind(r" (?:story|stories|posts?|reels?|shorts?|videos?|status)\b"),
        reach=WINDOW,
    ),
    Cue(
        "imitated",
        Role.MENTIONED,
        0.75,
        left=small(
            r"\W(?:impersonat\w+|imitat\w+|mimic\w*|posing as|disguised as|dressed up as|styled as|purporting to be)"
            r" (?:an? |the )?(?:[\w-]+ )?\Z"
        ),
        right=behind(
            r" (?:story|stories|shorts?|reels?|log-?in|sign-?in|support|security|team|help|invitation|verification)\b"
        ),
    ),
    Cue(
        "imitated",
        Role.MENTIONED,
        0.7,
        left=small(r"\W(?:fake|spoofed|fraudulent|bogus|counterfeit|phony|forged) (?:[\w-]+ )?\Z"),
        right=behind(
            r" (?:log-?in|sign-?in|invitations?|invites?|support|security|verification|notifications?|alerts?|emails?|"
            r"website|app|meeting|update)\b"
        ),
    ),
    Cue(
        "claimed-of-it",
        Role.MENTIONED,
        0.7,
        left=small(r"\W(?:claim\w*|alleg\w+|rumou?rs?|insist\w*) that (?:the )?(?:company |service |platform )?\Z"),
        right=behind(
            r" (?:(?:would|will|had|has|have|was|were|is|are|did|does|could|may|might|also|now|"
            r"plan\w*|automatically) ){1,3}"
            r"(?!used|exploited|abused|flooded)\w+"
        ),
    ),
    Cue(
        "asked",
        Role.REPORTER,
        0.7,
        left=small(
            r"\W(?:contacted|reached out to|representatives? (?:of|from|for)|spokes\w+ (?:of|from|for)|"
            r"(?:comments?|responses?|repl(?:y|ies)|answers?) from|approached)\s+(?:both )?\Z"
        ),
        right=behind(r"(?! (?:users?|accounts?|posts?|posters?|viewers?|commenters?|pages?|groups?|channels?)\b)"),
    ),
    Cue(
        "tells-there",
        Role.MENTIONED,
        0.7,
        left=small(
            r"\W(?:told|tells|telling|informed|thanked|assured|reassured|begged) (?:his|her|their|my) "
            r"(?:[\w-]+ ){0,5}?(?:followers|subscribers|fans|viewers) on (?:[\w-]+ ){0,3}\Z"
        ),
        reach=110,
    ),
    Cue(
        "found-there",
        Role.MENTIONED,
        0.65,
        left=small(
            r"\W(?:found|located|looked up|tracked down|recogni[sz]ed) (?:her|him|me|them|us) (?:on|via|through) \Z"
        ),
    ),
    Cue(
        "posted-before",
        Role.MENTIONED,
        0.65,
        left=small(
            r"\W(?:she|he|i|the victims?|the women) (?:had|\u2019d|'d) (?:[\w-]+ ){0,2}?(?:posted|shared|uploaded|put)"
            r" (?:[\w-]+ ){0,3}?(?:to|on|onto) (?:her |his |my )?\Z"
        ),
    ),
    Cue(
        "own-pictures",
        Role.MENTIONED,
        0.65,
        left=small(r"\W(?:her|his|my|the victim\W?s) (?:own |real |private |personal )?\Z"),
        right=behind(r" (?:handle|user ?name|photos?|pictures?|selfies)\b"),
    ),
    Cue(
        "told-of-there",
        Role.MENTIONED,
        0.7,
        left=small(rf"\W(?:flagged|highlighted|debunked|pointed out|called out)\b[^.;:]{{0,60}}? {THERE}{OTHERS}\Z"),
        reach=110,
    ),
    Cue(
        "not-there",
        Role.MENTIONED,
        0.7,
        left=small(
            r"\W(?:no|neither) (?:such )?(?:videos?|posts?|articles?|statements?|tweets?|results?|trace|records?|"
            r"reports?)\b"
            rf"[^.;,]{{0,110}} {THERE}{OTHERS}\Z"
        ),
        reach=WINDOW,
    ),
    Cue(
        "its-business",
        Role.MENTIONED,
        0.7,
        right=behind(r" ban\b|(?:[\u2019']s)? (?:takeover|acquisition|layoffs|outage)\b"),
    ),
    Cue(
        "complaint",
        Role.MENTIONED,
        0.7,
        left=small(r"\Wcomplain\w* (?:[\w-]+ ){0,3}?(?:to|with|about|against) (?:[\w-]+ ){0,3}\Z"),
    ),
    Cue("indexed", Role.MENTIONED, 0.7, left=small(r"\W(?:indexed|crawled) (?:by|on|in) \Z")),
    Cue(
        "checking-tool",
        Role.MENTIONED,
        0.8,
        right=behind(
            r"(?:[\u2019']s)? (?:claim check|ad library|transparency (?:report|center|centre)|"
            r"community notes?|help cent(?:er|re)|"
            r"filters?\b|safety (?:team|center))"
        ),
    ),
)
"""What takes a platform out of the operation on any page."""
