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
    """A rule: its name, the role it gives, how sure it is, and what must stand beside the name.

    ``reach`` is how many characters before the name its left pattern is looked for in.
    """

    rule: str
    role: Role
    confidence: float
    left: re.Pattern[str] | None = None
    right: re.Pattern[str] | None = None
    reach: int = 80

    def holds(self, left: str, right: str) -> bool:
        """Whether the words beside a name fit."""
        # What must follow is tried first: it is anchored, and fails at once.
        return (self.right is None or self.right.match(right) is not None) and (
            self.left is None or self.left.search(left, max(0, len(left) - self.reach)) is not None
        )


def any_of(phrases: str) -> str:
    """One of several phrases, which are parted by ``;`` and line breaks; each may itself be a pattern.

    >>> any_of("run; set up")
    '(?:run|set up)'
    """
    parts = (phrase.strip() for line in phrases.splitlines() for phrase in line.split(";"))
    return f"(?:{'|'.join(filter(None, parts))})"


def before(pattern: str, gap: int = 4) -> re.Pattern[str]:
    """A pattern that ends before the name, with at most ``gap`` describing words between, in one clause."""
    # "U.S." ends no clause.
    between = rf"(?:(?:[A-Z]\.(?:[A-Z]\.)*|[^\s.,;:!?()]{{1,24}})\s+){{0,{gap}}}"
    return re.compile(rf"\b{pattern}\s+{between}[\"\u201c\u2018'(\[]*\Z", re.IGNORECASE)


def behind(pattern: str) -> re.Pattern[str]:
    """A pattern that begins right behind the name, its closing quote or bracket."""
    return re.compile(rf"[\"\u201d\u2019')\]]*{pattern}", re.IGNORECASE)


AGENTS = any_of("""
    run; ran; operated; controlled; orchestrated; conducted; carried out; created; managed; headed; funded; financed
    directed; launched; ordered; perpetrated; set up; established; developed; organi[sz]ed; engineered; masterminded
    coordinated; overseen; sponsored; backed; commissioned; hired; employed; waged; staffed; fabricated; faked; forged
    administered; written; founded
""")
"""What is done by whom runs an operation."""

SPREADS = any_of("""
    amplified; promoted; spread; shared; posted; published; circulated; pushed; disseminated; uploaded; picked up
    repeated; reposted; retweeted; tweeted; broadcast; quoted
""")
"""What is done by whom helps an operation along."""

_ADVERB = any_of("""
    has; have; had; also; likely; then; allegedly; reportedly; apparently; subsequently; first; again; later; quickly
    repeatedly; openly; falsely; was; were; is; are; been; being; began; started; continued; continues; tried
    attempted
    sought; appears; appeared; to; further; even; still; actively; deliberately; successfully; initially; previously
""")
ADVERBS = rf"(?:{_ADVERB}\s+){{0,4}}"
"""Words between the one who acts and what is done."""

_OWN = any_of("""
    its?; their; his; her; fake; false; social; bots?; accounts?; websites?; AI; deepfakes?; sock ?puppets?; existing
    compromised; inauthentic; multiple accounts; a network; a fake; a website; proxies
""")

SHARING = any_of("""
    shar(?:es|ed|ing); post(?:s|ed|ing); tweet(?:s|ed|ing); retweet(?:s|ed|ing); upload(?:s|ed|ing); repost(?:s|ed|ing)
    amplif(?:ies|ied|ying|y); promot(?:es|ed|ing); spread(?:s|ing)?; circulat(?:es|ed|ing|e); repeat(?:s|ed|ing)
""")
"""What anyone does who passes something on."""

ACTS = any_of(rf"""
    ramping up; ramp(?:s|ed) up; turn(?:s|ed|ing) (?:to|its|their|his|her|diplomats); creat(?:es|ed|ing)
    fabricat(?:es|ed|ing); engag(?:es|ed|ing) in; exploit(?:s|ed|ing)?; launch(?:es|ed|ing); deploy(?:s|ed|ing)
    conduct(?:s|ed|ing); orchestrat(?:es|ed|ing); impersonat(?:es|ed|ing|e); masquerad(?:es|ed|ing|e)
    pos(?:es|ed|ing|e) (?:as|itself); hack(?:s|ed|ing); infiltrat(?:es|ed|ing|e); flood(?:s|ed|ing)?
    disseminat(?:es|ed|ing|e); interfer(?:es|ed|ing|e); meddl(?:es|ed|ing|e); manipulat(?:es|ed|ing|e)
    weaponi[sz](?:es|ed|ing|e); us(?:es|ed|ing|e) {_OWN}; disguis(?:es|ed|ing|e); target(?:s|ed|ing)?
    operat(?:es|ed|ing|e); r[au]n(?:s|ning)? (?:a|an|the|its|several|fake); troll(?:s|ed|ing); smear(?:s|ed|ing)?
    harass(?:es|ed|ing)?; defac(?:es|ed|ing|e); self-publish(?:es|ed); rebrand(?:s|ed|ing); repurpos(?:es|ed|ing)
    modd(?:ed|ing)
    publish(?:es|ed) (?:stolen|hacked|leaked|fake|false|the|a|one)\b; set(?:s|ting)? up; register(?:s|ed|ing)?
    purchas(?:es|ed|ing); rent(?:s|ed); push(?:es|ed|ing); threaten(?:s|ed|ing); dox(?:es|xed|ed|xing)?
    steal(?:s|ing)?
    stole; leak(?:s|ed|ing)?; phish(?:es|ed|ing)?; link(?:s|ed|ing) (?:out|to); offers? \w+ (?:different )?membership
    {SHARING}
""")
"""What one does who runs an operation."""

_FATES = any_of(r"""
    sentenced; arrested; indicted; charged; convicted; sanctioned; blamed; the (?:creator|author|mastermind)
    identified as the (?:operator|author|creator|source|owner)
    \d\d years old at the time of the (?:hack|attack|crime|scheme|offen[cs]e)
""")
_WAS = any_of("was; were; is; has been; have been; had been")
CRIMES = rf"(?:,[^.;]{{0,80}},)?\s+(?:{_WAS}\s+(?:\w+\s+)?{_FATES}|pleaded guilty|agreed to serve)"
"""What happens to one who was found to run an operation."""

_OPERATION = any_of("""
    (?:influence |information |psychological |covert )operations?; disinformation; misinformation; propaganda
    influence (?:campaigns?|actors?|network|machine|activity); information war; troll(?:s| farm| factory| army)?
    bots?; botnet
    interference; meddling; hack(?:ers|ing); hoax; operatives; playbook; sock ?puppets?; active measures; malign
    psyops?
    fake (?:news|accounts?|pages?|profiles?|websites?); astroturfing; spear-?phishing
    cyber-?(?:attacks?|espionage|operations?)
""")
_ITS_OWN = any_of(rf"{_OPERATION}; campaigns?; operations?; networks?; efforts? to; attempts? (?:at|to)")

_INNOCENT = any_of(r"""
    investigat\w+; stud(?:y|ies); research; surveys?; tests?; experiments?; polls?; reviews?; analys[ie]s; audits?
    demonstrations?; protests?; rall(?:y|ies); marche?s?; concerts?; events?; games?; films?; movies?; drugs?
    vaccines?
    software; fact[- ]checks?; interviews?; guides?; surveillance; elections?; games? studio; apps? ?store
""")
_QUOTED = any_of("""
    quot(?:e|es|ation|ations|ed); statements?; remarks?; words; sayings?; speech; comments?; sentence; poem; phrase
    falsely
    wrongly; incorrectly; erroneously; misattributed; purportedly; mistakenly
""")
_CONTENT = any_of("""
    videos?; clips?; posts?; articles?; images?; letters?; stor(?:y|ies); claims?; narratives?; captions?; tweets?
    rumou?rs?
""")

_SUFFERS = any_of("""
    targeted; hacked; impersonated; attacked; smeared; harassed; discredited; the (?:target|victim); hit by
    compromised; falsely accused
""")
_ORGANISED = any_of("""
    campaign; operation; network; actor; hacker group; hacking group; group; movement; troll farm; outfit; unit
    organi[sz]ation; agency; project; collective; gang; cluster
""")
_BOUND = any_of("""
    backed; linked; sponsored; affiliated; run; controlled; funded; led; operated; connected; tied; organi[sz]ed
    directed; attributed; financed; employed; associated
""")

NOT_ACTING: tuple[Cue, ...] = (
    Cue("denied", Role.MENTIONED, 0.8, left=before(r"(?:no evidence|not|never|nor|neither)(?: that| of| to| by)?", 2)),
    Cue(
        "innocent",
        Role.MENTIONED,
        0.75,
        left=before(rf"{_INNOCENT}\b[^.;:]{{0,60}}?\b(?:by|from|with)", 3),
        reach=WINDOW,
    ),
    Cue(
        "quoted",
        Role.MENTIONED,
        0.75,
        left=before(rf"{_QUOTED}\b[^.;:]{{0,50}}?\b(?:attribut|credit|link|connect|ti)ed (?:back )?to", 4),
        reach=WINDOW,
    ),
    Cue(
        "accused-by-content",
        Role.MENTIONED,
        0.75,
        left=before(rf"{_CONTENT}\b[^.;:]{{0,60}}?\b(?:accus|blam|alleg)\w+", 4),
        reach=WINDOW,
    ),
    Cue(
        "compared",
        Role.MENTIONED,
        0.8,
        left=before(
            any_of(r"""
            unlike; like; similar to; similar to (?:the )?observations of; resembl\w+; reminiscent of; as with; just as
            inspired by; recreate what; compar\w+ (?:to|with); than; modell?ed (?:on|after)
            """),
            3,
        ),
    ),
    Cue(
        "impersonated",
        Role.TARGET,
        0.85,
        left=before(
            any_of(r"""
            impersonat\w+; pos(?:ing|ed|es) as; pretend\w+ to be; masquerad\w+ as; mimick\w+; spoof\w+; imitat\w+
            disguis\w+ as
            claim\w+ to be; purport\w+ to (?:be|show|represent|come from); cloned?; cloning; branding of; logos? of
            looks? (?:like|identical to); in the (?:style|name) of; so-called
            (?:fake|false|bogus|parody|forged|fabricated|doctored)(?: \w+)?(?: (?:of|by|from|in the name of))?
            (?:deepfake|AI-generated|manipulated|altered|edited|doctored) (?:\w+ )?(?:of|showing)
            """),
            3,
        ),
    ),
    Cue(
        "targeted",
        Role.TARGET,
        0.8,
        left=before(
            any_of(r"""
            target(?:s|ed|ing)?; against; aimed at; aiming at; directed at; discredit(?:s|ed|ing)?
            attack(?:s|ed|ing)? on
            critici[sz](?:ed|es|ing); critical of; smear(?:s|ed|ing)?; denigrat\w+; undermin\w+; harass\w+; victims?
            disparag\w+; accus\w+ by; mock\w+; defam\w+; hostile to; opposed to; demoni[sz]\w+; anti; took aim at
            take aim at
            """),
            3,
        ),
    ),
    Cue(
        "is-targeted",
        Role.TARGET,
        0.8,
        right=behind(rf"\s+(?:(?:was|were|is|are|has been|have been|had been|being)\s+){{1,2}}(?:\w+ly\s+)?{_SUFFERS}"),
    ),
)
"""What takes a name out of the action, whatever else stands there."""

TIES = any_of(r"""
    attribut(?:ed?|es|ing|ion|able)(?: \w+){0,4} to; (?:linked|ties?|tied) (?:back )?to; traced (?:back )?to
    (?:connect(?:ed|ions?)|belong(?:s|ing|ed)?) to; (?:affiliated|associated|working) with; links to
    fingerprints of; hallmarks of
""")
"""What ties an operation to the one who runs it."""

GROUPS = any_of("""
    organi[sz]ation; party;
    campaign; operation; network; threat actor; actor; hacker group; hacking group; hacker; cluster; group; movement
    troll farm; outfit; gang; collective; militia; consultancy; public relations firm
    (?:PR|marketing) (?:firm|agency); company
    firm; front organi[sz]ation; think tank; influencer; conspiracy theorist; businessman; oligarch; strategist
    operative
    propagandist; supremacist; neo-nazi
""")
_EXTREME = any_of("""
    white nationalist; white supremacist; nationalist; supremacist; extremist; neo-nazi; far[- ]right; alt[- ]right
    disinformation; troll; hacker; hacking; propaganda; conspiracy
""")

DESCRIBED = Cue(
    "described",
    Role.OPERATOR,
    0.65,
    left=before(rf"{_EXTREME}(?: {GROUPS}s?)?,?(?: (?:such as|like|called|including))?", 0),
)

CALLED_EXTREME = Cue(
    "called-extreme",
    Role.OPERATOR,
    0.7,
    right=behind(
        r"\s+(?:terrorist|extremist|hack(?:er|ing)|hacktivist|neo-nazi|white supremacist|troll|disinformation) "
        r"(?:group|organi[sz]ation|movement|network|collective|gang|campaign|farm)\b"
    ),
)
_ACCOUNT = r"(?:[\w/]+ ){0,3}(?:account|page|channel|profile|handle)s?\b"
ITS_ACCOUNT = Cue(
    "its-account", Role.ENABLER, 0.7, right=behind(rf"[\u2019']s?\s+{_ACCOUNT}(?: on \w+)?\s+{ADVERBS}{SHARING}\b")
)
ACCOUNT_OF = Cue(
    "account-of",
    Role.ENABLER,
    0.7,
    left=before(r"(?:official|verified) (?:[\w/]+ )?(?:account|page|channel|profile|handle) of", 3),
)
FOUND_BY_COURT = Cue(
    "found-by-court",
    Role.OPERATOR,
    0.7,
    left=before(
        r"(?:court|tribunal|judge|prosecutors?|investigators|jury) (?:has |have )?(?:found|ruled|said|"
        r"alleged?)(?: that)?",
        1,
    ),
    right=behind(rf"\s+{ADVERBS}{ACTS}\b"),
)

ACTING: tuple[Cue, ...] = (
    Cue("attributed-to", Role.OPERATOR, 0.95, left=before(TIES)),
    Cue("run-by", Role.OPERATOR, 0.9, left=before(rf"{AGENTS}(?: and \w+)? (?:\w+ly )?by", 5)),
    Cue(
        "such-as",
        Role.ENABLER,
        0.7,
        left=before(rf"{SPREADS} by [^.;:]{{0,60}}(?:such as|like|including)", 1),
        reach=WINDOW,
    ),
    Cue("spread-by", Role.ENABLER, 0.75, left=before(rf"{SPREADS}(?: and \w+)?(?: \w+)? by", 3)),
    Cue(
        "on-behalf-of",
        Role.OPERATOR,
        0.9,
        left=before(
            any_of(r"""
            on behalf of; at the behest of; in the service of; work(?:ing|s|ed)? for; employees? of; members? of
            arm of
            prox(?:y|ies) of; front for; subsidiary of; contractors? for; offshoot of; agents? of; hand of; work of
            wing of
            (?:sister|parent|partner) (?:organi[sz]ation|company|outlet|site|agency),?; administrators? of
            """),
            4,
        ),
    ),
    Cue(
        "its-head",
        Role.OPERATOR,
        0.8,
        left=before(
            r"(?:creator|founder|owner|author|administrator|operator|head|president|director|editor|leader)s?"
            r" of (?:[^.;:]|\.(?=\S)){0,60} (?:is|was|are|were)",
            2,
        ),
        reach=WINDOW,
    ),
    Cue(
        "blamed",
        Role.OPERATOR,
        0.8,
        left=before(
            any_of(r"""
            blam(?:ed|es|ing)(?: on)?; accus(?:ed|es|ing); indict(?:ed|s|ing|ment of); sanction(?:ed|s|ing)
            convict(?:ed|s|ing)
            charg(?:ed|es|ing); points? (?:the finger )?(?:to|at); responsib\w+ (?:of|to|for)
            """),
            3,
        ),
    ),
    Cue(
        "behind",
        Role.OPERATOR,
        0.9,
        left=before(
            any_of(r"""
            group behind; people behind; actors? behind; company behind; firm behind; network behind; campaign behind
            hackers? behind; operators? behind; man behind; woman behind; mastermind behind; individuals? behind
            brains behind
            """),
            3,
        ),
    ),
    Cue(
        "called",
        Role.OPERATOR,
        0.85,
        left=before(
            rf"{_ORGANISED}s?,? (?:which is |commonly |also |publicly |so )?"
            r"(?:known as|called|dubbed|named|codenamed|nicknamed|tracked as|we (?:call|track as|dubbed))",
            1,
        ),
    ),
    Cue(
        "is-behind",
        Role.OPERATOR,
        0.9,
        right=behind(
            r"\s+(?:is|was|are|were|has been|to be)\s+(?:\w+\s+){0,2}(?:behind|responsible for|involved in|"
            r"the (?:operator|author|creator) of|linked to the (?:campaign|operation))"
        ),
    ),
    Cue("its-operation", Role.OPERATOR, 0.85, right=behind(rf"[\u2019']s?\s+(?:[\w-]+\s+){{0,3}}?{_ITS_OWN}\b")),
    Cue("names-operation", Role.OPERATOR, 0.85, right=behind(rf"\s+[\"\u201c\u2018]?(?:\w+[- ])?{_OPERATION}\b")),
    Cue(
        "its-people",
        Role.OPERATOR,
        0.7,
        right=behind(
            r"\s+(?:funder|handler|financier|employees?|operatives|agents?|contractors?|front (?:company|group))\b"
        ),
    ),
    Cue("its-group", Role.OPERATOR, 0.65, right=behind(r"\s+[A-Z]\w+ (?:group|channel|server|page|account)s?\b")),
    Cue(
        "backed",
        Role.OPERATOR,
        0.9,
        right=behind(rf"[-\u2010\u2011\u2013]{_BOUND}\b"),
    ),
    Cue(
        "acts",
        Role.OPERATOR,
        0.75,
        right=behind(
            rf"(?:\s*\([^()]{{1,80}}\))?(?:,[^.;,]{{0,80}},)?(?:,?\s+(?:who|which|"
            rf"that))?\s+{ADVERBS}{ACTS}\b"
        ),
    ),
    Cue("convicted", Role.OPERATOR, 0.85, right=behind(CRIMES)),
    DESCRIBED,
    CALLED_EXTREME,
    ITS_ACCOUNT,
    ACCOUNT_OF,
    FOUND_BY_COURT,
)
"""What makes a named actor the one who acts."""

CLAIMED = re.compile(
    r"\b(?:claim(?:s|ed|ing)?|falsely|wrongly|baseless\w*|alleg(?:es?|ed|ing) (?:that )?the)\b[^.;:]{0,90}\Z",
    re.IGNORECASE,
)
"""Before a name: what follows is somebody's claim."""

SPREADING = re.compile(rf"(?:,?\s+(?:who|which))?\s+{ADVERBS}{SHARING}\b", re.IGNORECASE)
"""Behind a name: it passes something on."""

MODIFIES = re.compile(
    r"(?:[\u2019']s)?\s+(?:supporters?|all(?:y|ies)|aides?|fans?|backers?|critics?|voters?|"
    r"administration|rall(?:y|ies)|campaign)\b"
)
"""Behind a name: it only describes someone else."""

AFFAIRS = re.compile(
    r"disinformation|misinformation|propagand|influenc|interfer|meddl|troll|\bbots?\b|\bfake|hack|campaign|"
    r"account|narrativ|"
    r"inauthentic|cyber|phish|deepfake|AI\b|artificial intelligence|malign|covert|online|social media|media push|"
    r"information (?:war|operation|manip)|impersonat|plausible deniability|discredit",
    re.IGNORECASE,
)
"""Words of a sentence that is about influence rather than about war or trade."""
