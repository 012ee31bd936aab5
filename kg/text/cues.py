"""The words beside a name that say that it acts: rules with a name, a role and a confidence; the first to hold counts.

What takes a name out of the action stands in :mod:`kg.text.exempt`.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.phrases import (
    ACTS,
    ADVERBS,
    AGENTS,
    CRIMES,
    GROUPS,
    SHARING,
    SPREADS,
    TIES,
    WINDOW,
    Cue,
    Cues,
    any_of,
    before,
    behind,
    small,
)
from kg.text.untruth import (
    CHARGED,
    IS_UNTRUE_SITE,
    KNOWN_FOR_UNTRUTH,
    LINKED_TO_IT,
    MAKES_THE_CLAIM,
    MISLEADS,
    PUBLISHED_FALSE,
    UNTRUE_SITE,
)

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

_ORGANISED = any_of("""
    campaign; operation; network; actor; hacker group; hacking group; group; movement; troll farm; outfit; unit
    organi[sz]ation; agency; project; collective; gang; cluster
""")
_BOUND = any_of("""
    backed; linked; sponsored; affiliated; run; controlled; funded; led; operated; connected; tied; organi[sz]ed
    directed; attributed; financed; employed; associated
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

STATE_OUTLET = Cue(
    "state-outlet",
    Role.ENABLER,
    0.75,
    left=small(
        r"\W(?:state|government|kremlin|regime)[- ](?:\w+[- ])?(?:media|outlets?|broadcasters?|tv|television|"
        r"news agenc(?:y|ies)|"
        r"newspapers?|channels?)(?: outlets?| channels?)?,?(?: \(?(?:including|such as|like|"
        r"in particular,?)(?: on)?)?\s+"
        r"[\"\u201c\u2018]?\Z"
    ),
)
COVERS = Cue(
    "covers",
    Role.ENABLER,
    0.65,
    right=behind(
        rf"\s+{ADVERBS}(?:covered|aired|broadcast|carried|echoed|picked up|cited|ran|offered|had (?:more|greater|"
        rf"wider) reach|pushed)\b"
    ),
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
_ACCOUNT = (
    r"(?:[\w/]+ ){0,3}(?:account|page|channel|profile|handle|youth wing|press office|media team|it cell|media cell)s?\b"
)
ITS_ACCOUNT = Cue(
    "its-account", Role.ENABLER, 0.7, right=behind(rf"[\u2019']s?\s+{_ACCOUNT}(?: on \w+)?\s+{ADVERBS}{SHARING}\b")
)
ACCOUNT_OF = Cue(
    "account-of",
    Role.ENABLER,
    0.7,
    left=before(r"(?:official|verified) (?:(?!youtube)[\w/]+ )?(?:account|page|channel|profile|handle) of", 3),
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

ACTING = Cues(
    CHARGED,
    LINKED_TO_IT,
    PUBLISHED_FALSE,
    KNOWN_FOR_UNTRUTH,
    UNTRUE_SITE,
    IS_UNTRUE_SITE,
    MISLEADS,
    MAKES_THE_CLAIM,
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
            r"\s+[\"\u201c\u2018]?"
            r"(?:funder|handler|financier|employees?|operatives|agents?|contractors?|front (?:company|group)|tool|"
            r"proxy)\b"
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
    STATE_OUTLET,
    COVERS,
    CALLED_EXTREME,
    ITS_ACCOUNT,
    ACCOUNT_OF,
    FOUND_BY_COURT,
)
"""What makes a named actor the one who acts."""
