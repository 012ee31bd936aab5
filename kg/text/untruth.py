"""Cues of who tells untruth: misleads, is known for it, publishes what is false, or was found and charged for it."""

from __future__ import annotations

from kg.named import Role
from kg.text.phrases import ADVERBS, SHARING, Cue, any_of, before, behind, small

_FALSE = any_of(r"""
    fake; false; misleading; fabricated; satirical; hoax; bogus; made-up; doctored; deceptive; debunked; altered
    manipulated; cropped; made up; photoshopped; deepfaked?; forged; manipulative; out-of-context; unfounded
    baseless; conspiratorial
""")
_UNTRUTH = any_of("misinformation; disinformation; hoax; conspirac; propaganda; falsehood; fake; false; debunked; lies")
_DECEIVES = any_of("""
    misleadingly; deceptively; falsely; wrongly; incorrectly; erroneously; selectively; fraudulently; baselessly
    maliciously
""")
_TELLS = any_of("""
    crop; edit; caption; claim; alleg; assert; stat; label; present; shar; post; accus; attribut; describ; suggest
    tweet; say; told; tell; said; wrote; us; portray; depict; impl; insist; declar
""")
_BODIES_OF_LAW = any_of("police; prosecutors?; authorities; officers; court; fbi; investigators; department; judge")
_CHARGED = any_of("charged; arrested; indicted; convicted; jailed; detained; sentenced; prosecuted; identified; fined")

MISLEADS = Cue(
    "misleads",
    Role.OPERATOR,
    0.7,
    right=behind(rf"(?: and \w+)?\s+(?:(?:has|have|had|also|then)\s+){{0,2}}{_DECEIVES} {_TELLS}\w*\b"),
)
KNOWN_FOR_UNTRUTH = Cue(
    "known-for-untruth",
    Role.ENABLER,
    0.7,
    right=behind(
        r"[,\"\u201d]*\s+(?:(?:is |was )?an? (?:[\w-]+ ){1,4})?(?:(?:that|which|who|known|notorious|accused"
        r"|with an? (?:\w+ )?(?:history|record|reputation))\s+)"
        r"(?:(?:has|have|had|previously|repeatedly|frequently|often|regularly|routinely|long|also|been|of|for)\s+)*"
        rf"(?:publish|shar|spread|peddl|promot|push|circulat|post)\w* (?:[\w-]+ ){{0,3}}?{_UNTRUTH}"
    ),
)
_SITE = (
    r"(?:media |news |theory |theorist )*"
    r"(?:site|website|web site|outlet|blog|publication|platform|magazine|page|channel)"
)
_UNTRUE = any_of("""
    alternative; conspiracy; conspiracist; disinformation; misinformation; hoax; fake[- ]news; hyperpartisan
    fringe; anti-vaccine; clickbait; propaganda
""")
UNTRUE_SITE = Cue(
    "untrue-site",
    Role.ENABLER,
    0.7,
    left=small(rf"\W{_UNTRUE} {_SITE}s?,?(?: (?:called|named|known as))? [\"\u201c\u2018]?(?:the )?\Z"),
)
IS_UNTRUE_SITE = Cue(
    "is-untrue-site",
    Role.ENABLER,
    0.7,
    right=behind(rf"[,\"\u201d]*\s+(?:(?:is|was) )?(?:an?|the) (?:[\w.-]+ ){{0,3}}?{_UNTRUE} {_SITE}\b"),
)
MAKES_THE_CLAIM = Cue(
    "makes-the-claim",
    Role.ENABLER,
    0.65,
    right=behind(
        r"(?:,[^.;,]{0,60},|,)?\s+(?:(?:has|have|had|also|later|then|first|similarly|recently|himself|herself)\s+){0,2}"
        r"(?:present|repeat|echo|ma[dk]e|push|advanc|peddl|promot|endors|shar|spread|amplif)\w*"
        r" (?:(?:the|this|that|these|his|her|similar|an?)\s+)(?:[\w-]+ ){0,2}?"
        r"(?:claim|narrative|theory|hoax|rumou?r|lie)s?\b"
    ),
)
PUBLISHED_FALSE = Cue(
    "published-false",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf"(?:,[^.;,]{{0,60}},)?\s+{ADVERBS}(?:publish|r[au]n|carr|air|cit|quot|caption|broadcast|print|play|releas|issu|produc|wrote|{SHARING})\w*"
        rf" (?:(?:an?|the|several|many|two|three|this|these|his|her|their|its)\s+)?(?:[\w-]+ ){{0,2}}?{_FALSE}\b"
    ),
)
LINKED_TO_IT = Cue(
    "linked-to-it",
    Role.OPERATOR,
    0.7,
    left=before(r"(?:link(?:s|ed|ing)?|connect(?:s|ed|ing)?|t(?:ies|ied)|trac(?:es|ed))", 1),
    right=behind(
        rf"\s+(?:back )?to the (?:\w+ ){{0,2}}(?:{_FALSE}|disinformation|campaign|operation|network|scheme)\b"
    ),
)
CHARGED = Cue(
    "charged",
    Role.OPERATOR,
    0.75,
    left=before(rf"{_BODIES_OF_LAW}\b[^.;:]{{0,30}}? {_CHARGED}(?: \d+-year-old)?", 3),
    right=behind(
        r"(?!(?:,[^.;,]{0,60},)?\s+(?:for|over|with|on|in)\b[^.;:]{0,40}?\b(?:robber|murder|assault|theft|drug|killing"
        r"|rape|stabbing|kidnap|burglar|brib|tax ))"
    ),
)
