"""The words beside a name that take it out of the action: what is denied, compared, impersonated, or aimed at."""

from __future__ import annotations

from kg.named import Role
from kg.text.phrases import WINDOW, Cue, Cues, any_of, before, before_but_by, behind, small

_INNOCENT = any_of(r"""
    investigat(?:ions?|ed|ing); stud(?:y|ies); research; surveys?; tests?; experiments?; polls?; reviews?
    analys[ie]s; audits?
    demonstrations?; protests?; rall(?:y|ies); marche?s?; concerts?; events?; games?; films?; movies?; drugs?
    vaccines?
    software; fact[- ]checks?; interviews?; guides?; surveillance; elections?; games? studio; apps? ?store
""")
# An investigation that found ties to someone is no work of his.
_TIED = r"\blink|\bties?\b|\battribut|\btrac|\bassociat|\bconnect"
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
NOT_ACTING = Cues(
    Cue("denied", Role.MENTIONED, 0.8, left=before(r"(?:no evidence|not|never|nor|neither)(?: that| of| to| by)?", 2)),
    Cue(
        "innocent",
        Role.MENTIONED,
        0.75,
        left=before(rf"{_INNOCENT}\b(?:(?!{_TIED})[^.;:]){{0,60}}?\b(?:by|from|with)", 3),
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
            unlike; like; similar to; similar to (?:the )?observations of; resembl\w+; reminiscent of; as with
            just as
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
            (?:deepfake|AI-generated|manipulated|altered|edited|doctored) (?:\w+ )?(?:of|showing)
            """),
            3,
        ),
    ),
    Cue(
        "impersonated",
        Role.TARGET,
        0.85,
        # "fake accounts tied to" and "run by" say who made them, not whom they show.
        left=small(
            r"\W(?:fake|false|bogus|parody|forged|fabricated|doctored)(?: \w+)?(?: (?:of|by|from|in the name of))?\s+"
            r"(?:(?!(?:by|to|with|through)\b)[^\s.,;:!?()]{1,24}\s+){0,3}[\"\u201c\u2018'(\[]*\Z"
        ),
    ),
    Cue(
        "purported",
        Role.MENTIONED,
        0.8,
        left=before(
            r"(?:(?:purportedly|supposedly|ostensibly) \w+(?: and \w+)?|(?:allegedly|apparently) "
            r"(?:written|signed|issued|sent|authored|penned|made|published)|signed|written in the name) (?:by|of)",
            6,
        ),
    ),
    Cue(
        "guise",
        Role.MENTIONED,
        0.8,
        left=small(
            r"\W(?:purport|pose[ds]?|posing|pretend|present(?:s|ed|ing)? (?:it|them|him|her)sel|masquerad"
            r"|claim\w* to be)"
            r"[^.;:]{0,60}? (?:(?:associat|affiliat|link|connect|work|belong|r[ua]n|operat)\w* )?(?:with|to|for"
            r"|by|from)\s+"
            r"(?:[\w-]+\s+){0,3}[\"\u201c\u2018'(\[]*\Z"
        ),
    ),
    Cue(
        "targeted",
        Role.TARGET,
        0.8,
        left=before_but_by(
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
