"""The words beside a name that say what it does: rules with a name, a role and a confidence, in order.

:data:`NOT_ACTING` takes a name out of the action, :data:`ACTING` puts it in; the first rule that holds counts.
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
    any_of,
    before,
    behind,
    small,
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
    STATE_OUTLET,
    COVERS,
    CALLED_EXTREME,
    ITS_ACCOUNT,
    ACCOUNT_OF,
    FOUND_BY_COURT,
)
"""What makes a named actor the one who acts."""
