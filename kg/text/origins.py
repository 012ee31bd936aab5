"""Cues of who set a falsehood going: where a claim comes from, who forged, admits or takes back what was posted.

They hold on pages that check a claim as well as on those of campaigns. What is only an origin of something true ("the
original video was posted by ...") is none of them: each names the falsehood, or the deed.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.exempt import NOT_ACTING
from kg.text.phrases import (
    ADVERBS,
    CLAIMED,
    CRIMES,
    SPREADS,
    WINDOW,
    Cue,
    Cues,
    Words,
    any_of,
    before,
    behind,
)

APPOSED = r"(?:\s*\([^()]{1,40}\))?(?: of the [\w ]{1,30})?(?:,[^.;,]{0,70},|,| and (?:his|her|their|its) \w+)?"
"""What may stand between a name and its verb: a bracket, an apposition, a comma that ends one."""

FORGED = any_of("""
    fake; false; fabricated; doctored; forged; deepfaked?; bogus; manipulated; altered; hoax; misleading; untrue
    debunked; baseless; unfounded; inaccurate; erroneous; faked; AI[- ]generated; fictitious; defamatory; photoshopped
""")
_TALES = any_of("""
    claims?; rumou?rs?; hoax(?:es)?; conspiracy theor(?:y|ies); theor(?:y|ies); allegations?; falsehoods?; li(?:e|es)
    disinformation; misinformation; narratives?; myths?; fabrications?; smears?; falsified \\w+; fake news
    (?:false|fake|misleading|bogus|fabricated|forged) (?:report|stor(?:y|ies)|article|news|quote|headline|post|letter)s?
""")
_PIECES = any_of("""
    leaflets?; adverts?; flyers?; press releases?; petitions?
    tweets?; posts?; articles?; videos?; blog(?: posts?)?; blogs; stor(?:y|ies); interviews?; newsletters?; threads?
    podcasts?; essays?; pieces?; columns?; livestreams?; broadcasts?; speech(?:es)?; comments?; messages?; episodes?
    reels?; clips?; substacks?
""")
_A_PIECE = rf"(?:an?|the|this|two|several) (?:[\w-]+ ){{0,3}}?{_PIECES} (?:\w+ )?(?:by|from|of|on|in|at|with)"
_STARTS = any_of(r"""
    stem(?:s|med|ming)? from; originat\w+ (?:from|with|on|in|at|as)
    (?:beg[au]n|began|start(?:s|ed)) (?:with|by|as|on|at)
    c[ao]mes? from; coming from; traced (?:back )?to; (?:appear|surfac|emerg)(?:s|ed) (?:on|in|at|as)
    first (?:appeared|surfaced|emerged) (?:on|in|at); found in; peddled by
    (?:made|spread|started|promoted|published|posted|shared|pushed|advanced|populari[sz]ed|floated|invented) by
    (?:circulated|propagated|disseminated|amplified|launched|concocted|tweeted|repeated|aired|carried|fuelled|fueled) by
    (?:picked up|echoed|relayed) by
    put (?:forward|about) by; attributable to; work of; based on
""")

CLAIM_FROM = Cue(
    "claim-from",
    Role.OPERATOR,
    0.7,
    left=before(rf"{_TALES}\b[^.;:]{{0,60}}?\b{_STARTS}(?: {_A_PIECE})?", 3),
    reach=WINDOW,
)
_ASSERTS = any_of(r"""
    claim(?:s|ed|ing)?; alleg(?:es|ed|ing); assert(?:s|ed|ing); purport(?:s|ed|ing); pushing; pushes; making; peddling
    mak(?:es|ing) the; falsely; wrongly; misleadingly; baselessly
""")
PIECE_CLAIMS = Cue(
    "piece-claims",
    Role.ENABLER,
    0.65,
    left=before(rf"{_PIECES} (?:by|from)", 3),
    right=behind(
        rf"(?: (?:on|in|for) [\w ]{{1,30}}?)?{APPOSED},?\s+(?:(?:that|which|who|in which|and)\s+)?"
        rf"(?:(?:also|first)\s+)?{_ASSERTS}\b"
    ),
)
_WITH_FAKE = Cue(
    "piece-with-fake",
    Role.ENABLER,
    0.65,
    left=before(rf"{_PIECES} (?:by|from)", 3),
    right=behind(rf"{APPOSED}\s+(?:with|containing|showing|sharing|repeating) (?:(?:the|a|an|this)\s+)?{FORGED}\b"),
)
_SITES = r"(?:website|site|web site|blog|outlet|publication|portal|page)"
LINKS_TO = Cue(
    "links-to-its-piece",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:link(?:s|ed|ing)?(?: back)? to|screenshots? of|cit(?:es|ed|ing)|shar(?:es|ed|ing)) (?:an?|the|this) "
        rf"(?:[\w-]+ ){{0,2}}?(?:{_PIECES} )?(?:(?:by|from|on|in|published by|published on) )?(?:the "
        rf"|an? )?(?:[\w-]+ )?"
        rf"{_SITES}(?: called| named)?",
        0,
    ),
)
ITS_PIECE = Cue(
    "its-piece-claims",
    Role.ENABLER,
    0.65,
    left=before(r"(?:an?|the|this)", 0),
    right=behind(rf"\s+{_PIECES} (?:(?:that|which) )?{_ASSERTS}\b"),
)
_ITS = "(?:his|her|their|its)"
RETRACTS = Cue(
    "takes-back",
    Role.ENABLER,
    0.65,
    right=behind(
        rf"{APPOSED}\s+(?:since )?{ADVERBS}(?:since )?(?:(?:delet|retract|withdr[ae]w|correct|remov|edit)\w*"
        rf"|took down)"
        rf" (?:{_ITS} (?:[\w-]+ ){{0,2}}?|the (?:false |misleading |offending )?)(?:tweets?|claims?|articles?|posts?"
        r"|stor(?:y|ies))\b"
        rf"|{APPOSED}\s+{ADVERBS}(?:since )?(?:\w+ (?:it|the \w+|{_ITS} \w+) and )?(?:apologi[sz]\w+"
        rf"|expressed regret)"
        r" (?:\w+ )?(?:for|after) (?:shar|post|spread|tweet|creat|mak|circulat|publish|air|broadcast|repeat|us)\w*"
    ),
)
_DEED = any_of("""
    behind; creat; mak; made; fabricat; fak; forg; invent; commission; hir; writ; wrote; sen[dt]; spread; start
    doctor
    edit; alter; generat; run; ran; us; stag
""")
ADMITS = Cue(
    "admits",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf"{APPOSED},?\s+(?:who )?{ADVERBS}(?:admitted|admits|confessed|boasted|acknowledged)(?: to| that| having)?"
        rf"(?: (?:he|she|they|it))?(?: (?:had|has|was|were|been|being|having)){{0,2}} {_DEED}\w*"
    ),
)
_FALSEHOOD = rf"(?:{FORGED}|deepfakes?|hoax|robocalls?|forger(?:y|ies)|fake|rumou?rs?|disinformation|misinformation)"
MADE_BY = Cue(
    "forged-by",
    Role.OPERATOR,
    0.7,
    left=before(
        rf"{_FALSEHOOD}\b[^.;:]{{0,60}}?\b(?:(?:created|made|produced|generated|edited|commissioned|invented|recorded|"
        r"published|posted|uploaded|paid for|ordered|shared|tweeted|aired|planted|fabricated)"
        r"(?: \w+ly)? (?:by|through)|(?:published|aired|carried|printed|found|hosted) (?:on|in))"
        r"(?: the (?:website|site|blog))?",
        3,
    ),
    reach=WINDOW,
)
WHO_MADE = Cue(
    "who-forged",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf"(?:,[^.;,]{{0,70}})?,?\s+who {ADVERBS}(?:creat|mad|produc|edit|manipulat|fak|forg|fabricat|invent"
        rf"|start|wrote"
        rf"|post|shar|spread|tweet)\w* (?:(?:the|this|these|an?|his|several"
        rf"|dozens of)\s+)?(?:[\w-]+ ){{0,2}}?{_FALSEHOOD}"
        r"\b"
    ),
)
PUNISHED = Cue(
    "punished",
    Role.OPERATOR,
    0.75,
    right=behind(rf"(?:{CRIMES})[^.;:]{{0,40}}?\b(?:{_FALSEHOOD}|fraud|scam|tweets?|propaganda|trolling)\b"),
)
CHARGED_FOR = Cue(
    "charged-for",
    Role.OPERATOR,
    0.75,
    left=before(
        r"(?:charged|arrested|indicted|jailed|detained|fined|convicted|sentenced|prosecuted|sued|suspended"
        r"|sanctioned|accused)",
        1,
    ),
    right=behind(rf"(?:,[^.;,]{{0,70}},)?\s+(?:for|over|with|after|of)\b[^.;:]{{0,40}}?\b(?:{_FALSEHOOD}|deepfake)\b"),
)
NAMED_AS = Cue(
    "named-as",
    Role.OPERATOR,
    0.75,
    left=before(r"(?:identif(?:y|ies|ied)|nam(?:es|ed)|unmask(?:s|ed)|expos(?:es|ed)|list(?:s|ed)|out(?:s|ed))", 1),
    right=behind(
        r"(?:,[^.;,]{0,60},)?\s+as (?:the|a|an|one of the|its) (?:[\w-]+ ){0,3}?(?:person|man|woman|author"
        r"|creator|operator"
        r"|owner|source|mastermind|managers?|administrators?|hackers?|leaker|funder|organi[sz]er|ringleader)s?\b"
    ),
)
EDITED_IT = Cue(
    "edited-it",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:edited|doctored|cropped|manipulated|dubbed|spliced|mislabel\w+|miscaption\w+"
        rf"|altered) "
        r"(?:the|a|this|her|his|their) (?:[\w-]+ ){0,2}?(?:video|clip|image|photo|picture|footage|interview"
        r"|recording)\b"
    ),
)
STUDY_CLAIMS = Cue(
    "its-study-claims",
    Role.OPERATOR,
    0.65,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:released|published|issued|put out|produced) (?:an?|the|this) (?:[\w-]+ ){{0,2}}?"
        r"(?:report|study|paper|analysis|letter|statement|video|article|survey|documentary|film),? (?:that|which"
        r"|titled"
        rf" [^.;]{{0,60}} (?:that|which)|claiming|alleging|purporting|falsely) ?(?:{_ASSERTS})?\b"
    ),
)

_SHARED_WITH_CLAIM = Cue(
    "shared-with-the-claim",
    Role.ENABLER,
    0.65,
    left=before(
        rf"{SPREADS}(?: (?:on|across|to) [\w ]{{1,30}})? (?:along |together )?with (?:the|this|a|an"
        rf"|similar)\b[^.;:]{{0,50}}? by",
        3,
    ),
    reach=WINDOW,
)
ORIGINS = Cues(CLAIM_FROM, MADE_BY, _SHARED_WITH_CLAIM)
"""What stands left of these names is a claim by nature: it is not asked whether they stand in one."""

FALSEHOODS: tuple[Cue, ...] = (
    *ORIGINS,
    PIECE_CLAIMS,
    _WITH_FAKE,
    LINKS_TO,
    ITS_PIECE,
    RETRACTS,
    ADMITS,
    WHO_MADE,
    PUNISHED,
    CHARGED_FOR,
    NAMED_AS,
    EDITED_IT,
    STUDY_CLAIMS,
)
_OPEN_TO_ORIGINS = frozenset({"impersonated", "targeted"})


def starting(words: Words) -> Cue | None:
    """The cue by which a falsehood is told to come from a name.

    What is only claimed to come from it ("users say that the hoax was made by") holds nothing.
    """
    left = words.left
    for cue in ORIGINS.holding(words):
        found = cue.left.search(left, max(0, len(left) - cue.reach - 1)) if cue.left else None
        if found is None or CLAIMED.search(left[: found.start() + 1]):
            continue
        hindering = {hindered.rule for hindered in NOT_ACTING.holding(words)}
        if not hindering - _OPEN_TO_ORIGINS:
            return cue
    return None
