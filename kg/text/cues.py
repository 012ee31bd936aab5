"""The words beside a name that say what it does: patterns for what stands to its left and to its right, each a rule.

A left pattern is matched at the end of what precedes the name in its sentence, a right one at the beginning of what
follows. They say nothing of single incidents or names. Windows are bounded, and so is every pattern.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.named import Role

WINDOW = 170
"""How many characters beside a name are read, at most, within its sentence."""


class Cue(NamedTuple):
    """A rule: its name, the role it gives, how sure it is, and what must stand beside the name."""

    rule: str
    role: Role
    confidence: float
    left: re.Pattern[str] | None = None
    right: re.Pattern[str] | None = None

    def holds(self, left: str, right: str) -> bool:
        """Whether the words beside a name fit."""
        return (self.left is None or self.left.search(left) is not None) and (
            self.right is None or self.right.match(right) is not None
        )


def _left(pattern: str, gap: int = 5) -> re.Pattern[str]:
    """A pattern that ends before the name, with up to ``gap`` describing words between."""
    between = rf"(?:[^\s.;:!?()]{{1,24}}\s+){{0,{gap}}}[\"\u201c\u2018'(\[]*" if gap else r"[\"\u201c\u2018'(\[]*"
    return re.compile(rf"\b(?:{pattern})\s+{between}\Z", re.IGNORECASE)


def _right(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"[\"\u201d\u2019')\]]*(?:{pattern})", re.IGNORECASE)


_AGENTS = (
    "run|ran|operated|controlled|orchestrated|conducted|carried out|created|managed|founded|headed|funded|financed|"
    "directed|launched|ordered|perpetrated|set up|established|developed|organi[sz]ed|engineered|masterminded|"
    "coordinated|overseen|sponsored|backed|commissioned|hired|employed|waged|staffed|fabricated|faked|forged|"
    "disseminated by and"
)
_SPREAD = "amplified|promoted|spread|shared|posted|published|circulated|pushed|disseminated|uploaded|picked up|repeated"
_ADVERB = (
    r"(?:(?:has|have|had|also|likely|then|allegedly|reportedly|apparently|subsequently|first|again|later|quickly|"
    r"repeatedly|openly|falsely|was|were|is|are|been|being|began|started|continued|continues|tried|attempted|sought|"
    r"appears|appeared|to|further|even|still|actively|deliberately|successfully|initially|previously)\s+){0,4}"
)
_ACTS = (
    r"ramping up|ramp(?:s|ed) up|turn(?:s|ed|ing) (?:to|its|their|his|her|diplomats)|creat(?:es|ed|ing)|"
    r"fabricat(?:es|ed|ing)|"
    r"engag(?:es|ed|ing) in|exploit(?:s|ed|ing)?|launch(?:es|ed|ing)|deploy(?:s|ed|ing)|conduct(?:s|ed|ing)|"
    r"orchestrat(?:es|ed|ing)|impersonat(?:es|ed|ing|e)|masquerad(?:es|ed|ing|e)|pos(?:es|ed|ing|e) (?:as|itself)|"
    r"hack(?:s|ed|ing)|infiltrat(?:es|ed|ing|e)|flood(?:s|ed|ing)?|spread(?:s|ing)?|"
    r"disseminat(?:es|ed|ing|e)|amplif(?:ies|ied|ying|y)|interfer(?:es|ed|ing|e)|meddl(?:es|ed|ing|e)|"
    r"manipulat(?:es|ed|ing|e)|"
    r"weaponi[sz](?:es|ed|ing|e)|us(?:es|ed|ing|e) (?:its?|their|his|her|fake|false|a|an|this|these|those|social|bots?|"
    r"existing|accounts?|websites?|AI|deepfakes?|\w+ to|other)|"
    r"disguis(?:es|ed|ing|e)|target(?:s|ed|ing)?|operat(?:es|ed|ing|e)|r[au]n(?:s|ning)? (?:a|an|the|its|several|fake)|"
    r"troll(?:s|ed|ing)|smear(?:s|ed|ing)?|harass(?:es|ed|ing)?|defac(?:es|ed|ing|e)|"
    r"self-publish(?:es|ed)|publish(?:es|ed) (?:(?:stolen|hacked|leaked|fake|false|the|a)\b)|"
    r"set(?:s|ting)? up|register(?:s|ed|ing)?|purchas(?:es|ed|ing)|rent(?:s|ed)|push(?:es|ed|ing)|promot(?:es|ed|ing)|"
    r"threaten(?:s|ed|ing)|dox(?:es|xed|ed|xing)?|steal(?:s|ing)?|stole|leak(?:s|ed|ing)?|phish(?:es|ed|ing)?|"
    r"shar(?:es|ed|ing)|post(?:s|ed|ing)?|tweet(?:s|ed|ing)?|retweet(?:s|ed|ing)?|upload(?:s|ed|ing)?|"
    r"repost(?:s|ed|ing)?|link(?:s|ed|ing) (?:out|to)|offers? \w+ (?:different )?membership"
)
_CRIMES = (
    r"(?:,[^.;]{0,80},)?\s+(?:was|were|is|has been|have been|had been)\s+(?:\w+\s+)?(?:sentenced|arrested|"
    r"indicted|charged|"
    r"convicted|sanctioned|blamed|identified as the (?:operator|author|creator|source|owner)|the (?:creator|"
    r"author|mastermind))"
)
_OPERATION = (
    r"(?:campaigns?|operations?|networks?|disinformation|misinformation|propaganda|influence|"
    r"information (?:operation|war)|"
    r"troll(?:s| farm| factory| army| operation)?|bots?|botnet|interference|meddling|hack(?:ers|ing)|hoax|"
    r"operatives|playbook|fake (?:news|accounts?|pages?|profiles?|websites?)|sock ?puppets?|active measures|"
    r"attempts? (?:at|to)|efforts? to|malign|covert|psyops?|astroturfing|spear-?phishing|"
    r"cyber-?(?:attacks?|espionage)|supporters' accounts)"
)

NOT_ACTING: tuple[Cue, ...] = (
    Cue("denied", Role.MENTIONED, 0.8, left=_left(r"(?:no evidence|not|never|nor|neither)(?: that| of| to| by)?", 2)),
    Cue(
        "compared",
        Role.MENTIONED,
        0.8,
        left=_left(
            r"unlike|like|similar to|resembl\w+|reminiscent of|as with|just as|inspired by|recreate what|"
            r"compar\w+ (?:to|with)|than|modell?ed (?:on|after)|what",
            3,
        ),
        right=_right(r"(?! campaign)"),
    ),
    Cue(
        "impersonated",
        Role.TARGET,
        0.85,
        left=_left(
            r"impersonat\w+|posing as|posed as|poses as|pretend\w+ to be|masquerad\w+ as|mimick\w+|mimicked|"
            r"spoof\w+|imitat\w+|"
            r"disguis\w+ as|claim\w+ to be|purport\w+ to (?:be|show|represent|come from)|cloned?|cloning|"
            r"(?:fake|false|bogus|counterfeit|parody|forged|fabricated|doctored) \w*(?: (?:account|page|profile|"
            r"website|letter|"
            r"video|audio|clip|image|statement|quote|document|version|post)s?)?(?: of| by| from| in the name of)?|"
            r"(?:deepfake|AI-generated|manipulated|altered|edited) (?:video|audio|clip|image|photo|picture|"
            r"recording|content)s?"
            r"(?: of| showing)?|looks? (?:like|identical to)|in the (?:style|name) of|branding of",
            3,
        ),
    ),
    Cue(
        "targeted",
        Role.TARGET,
        0.8,
        left=_left(
            r"target(?:s|ed|ing)?|against|aimed at|aiming at|directed at|discredit(?:s|ed|ing)?|attack(?:s|ed|ing)? on|"
            r"critici[sz](?:ed|es|ing)|critical of|smear(?:s|ed|ing)?|denigrat\w+|undermin\w+|harass\w+|victims?,?|"
            r"disparag\w+|accus\w+ by|mock\w+|defam\w+|hostile to|opposed to|demoni[sz]\w+|anti",
            4,
        ),
    ),
    Cue(
        "is-targeted",
        Role.TARGET,
        0.8,
        right=_right(
            r"\s+(?:(?:was|were|is|are|has been|have been|had been|being)\s+){1,2}(?:\w+ly\s+)?(?:targeted|"
            r"hacked|impersonated|"
            r"attacked|smeared|harassed|discredited|the (?:target|victim)|hit by|compromised|falsely accused)"
        ),
    ),
)
"""What takes a name out of the action, whatever else stands there."""

ACTING: tuple[Cue, ...] = (
    Cue(
        "attributed-to",
        Role.OPERATOR,
        0.95,
        left=_left(
            r"(?:attribut(?:ed?|es|ing|ion|able)|link(?:s|ed)?|tied|ties|connect(?:s|ed|ions?)|trac(?:ed|"
            r"eable) back|traced|"
            r"belong(?:s|ing|ed)?|affiliated|associated|working)\b[^.;:]{0,50}?\b(?:to|with)",
            5,
        ),
    ),
    Cue("run-by", Role.OPERATOR, 0.9, left=_left(rf"(?:{_AGENTS})(?: and \w+)? (?:\w+ly )?by", 6)),
    Cue("spread-by", Role.ENABLER, 0.75, left=_left(rf"(?:{_SPREAD})(?: and \w+)?(?: \w+)? by", 4)),
    Cue(
        "on-behalf-of",
        Role.OPERATOR,
        0.9,
        left=_left(
            r"on behalf of|at the behest of|in the service of|work(?:ing|s|ed)? for|employees? of|members? of|"
            r"arm of|proxy of|"
            r"proxies of|front for|subsidiary of|contractors? for|offshoot of|agents? of|hand of|work of|wing of",
            5,
        ),
    ),
    Cue(
        "blamed",
        Role.OPERATOR,
        0.8,
        left=_left(
            r"blam(?:ed|es|ing)(?: on)?|accus(?:ed|es|ing)|indict(?:ed|s|ing|ment of)|sanction(?:ed|s|ing)|"
            r"charg(?:ed|es|ing)|"
            r"convict(?:ed|s|ing)|points? (?:the finger )?(?:to|at)|responsib\w+ (?:of|to|for)|hold \w+ responsible",
            4,
        ),
    ),
    Cue(
        "behind",
        Role.OPERATOR,
        0.9,
        left=_left(
            r"(?:group|people|actors?|company|firm|network|campaign|hackers?|operators?|man|woman|force|figures?|"
            r"mastermind|"
            r"individuals?|brains?) behind",
            3,
        ),
    ),
    Cue(
        "called",
        Role.OPERATOR,
        0.85,
        left=_left(
            r"(?:campaign|operation|network|operation network|threat actor|actor|hacker group|hacking group|"
            r"group|movement|"
            r"troll farm|outfit|organi[sz]ation|unit|agency|project|collective|gang)s?,? (?:which is |commonly |also |"
            r"publicly |so )?(?:known as|called|dubbed|named|codenamed|nicknamed|tracked as|we (?:call|track as|"
            r"dubbed))",
            1,
        ),
    ),
    Cue(
        "is-behind",
        Role.OPERATOR,
        0.9,
        right=_right(
            r"\s+(?:is|was|are|were|has been|to be)\s+(?:\w+\s+){0,2}(?:behind|responsible for|the (?:operator|"
            r"author|creator) of|"
            r"linked to the (?:campaign|operation)|involved in)"
        ),
    ),
    Cue("its-operation", Role.OPERATOR, 0.85, right=_right(rf"[\u2019']?s?\s+(?:[\w-]+\s+){{0,3}}?{_OPERATION}\b")),
    Cue(
        "backed",
        Role.OPERATOR,
        0.9,
        right=_right(
            r"[-\u2010\u2011\u2013](?:backed|linked|sponsored|affiliated|run|owned|controlled|funded|led|"
            r"operated|connected|"
            r"tied|organised|organized|directed|supported|attributed|financed|employed|associated)\b"
        ),
    ),
    Cue(
        "acts",
        Role.OPERATOR,
        0.75,
        right=_right(rf"(?:\s*\([^()]{{1,80}}\))?(?:,[^.;,]{{0,80}},)?\s+{_ADVERB}(?:{_ACTS})\b"),
    ),
    Cue("convicted", Role.OPERATOR, 0.85, right=_right(_CRIMES)),
)
"""What makes a named actor the one who acts."""
