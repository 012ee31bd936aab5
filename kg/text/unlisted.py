"""The words beside a capitalised name that no list has: what makes it an actor, and what makes it none."""

from __future__ import annotations

import re

from kg.named import Role
from kg.text.crews import CREWS
from kg.text.cues import ACCOUNT_OF, CALLED_EXTREME, DESCRIBED, FOUND_BY_COURT, ITS_ACCOUNT
from kg.text.culprits import CULPRITS
from kg.text.origins import FALSEHOODS
from kg.text.phrases import (
    ACTS,
    ADVERBS,
    AGENTS,
    CRIMES,
    GROUPS,
    NOT_PASSIVE,
    SHARING,
    TIES,
    Cue,
    Cues,
    any_of,
    before,
    behind,
    small,
)
from kg.text.posters import POSTERS, POSTERS_OF_FULL_NAMES
from kg.text.sharers import SHARERS
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

CUES = Cues(
    DESCRIBED,
    CALLED_EXTREME,
    FOUND_BY_COURT,
    CHARGED,
    Cue(
        "by-handle",
        Role.OPERATOR,
        0.7,
        left=before(
            r"(?:player|hacker|teenager|programmer|poster|gamer|soldier|moderator|leaker|man|woman|student"
            r"|officer)s?,?"
            r" (?:who |that )?(?:went|goes|going|known|posting|posted|writing) (?:online )?(?:by|as|under)(?: the)?"
            r" (?:handle|username|alias|nickname|pseudonym|screen name|moniker)",
            0,
        ),
    ),
    Cue("tied", Role.OPERATOR, 0.65, left=before(TIES, 1)),
    Cue(
        "is-run",
        Role.OPERATOR,
        0.7,
        right=behind(
            r",?\s+(?:which|who) (?:is|was) (?:run|operated|owned"
            "|managed) by\b"
        ),
    ),
    Cue("agent", Role.OPERATOR, 0.75, left=before(rf"(?:{AGENTS}|owned|led)(?: and \w+)? (?:\w+ly )?by", 4)),
    Cue("convicted", Role.OPERATOR, 0.85, right=behind(CRIMES)),
    Cue(
        "called",
        Role.OPERATOR,
        0.7,
        left=before(
            rf"{GROUPS}s?,? (?:which is |commonly |also |publicly )?(?:known as|called|dubbed|named|codenamed|"
            rf"we call)(?: the)?",
            0,
        ),
    ),
    Cue(
        "dubbed",
        Role.OPERATOR,
        0.7,
        left=before(r"(?:campaign|operation|network|activity)\b[^.;\n]{0,40}?\bdubbed(?: the)?", 0),
    ),
    Cue(
        "use-of",
        Role.OPERATOR,
        0.75,
        right=behind(
            r"s?[\u2019']s?\s+(?:use of|disinformation|propaganda|fake accounts|troll|smear|influence|"
            r"covert)"
        ),
    ),
    Cue("who-acts", Role.OPERATOR, 0.65, right=behind(rf",?\s+who\s+{NOT_PASSIVE}{ADVERBS}{ACTS}\b")),
)
ENGAGES = behind(
    rf"\s+{ADVERBS}(?:engag(?:ed|es) in|orchestrated|masterminded|coordinated) "
    r"(?:[\w-]+ ){0,4}(?:attack|campaign|operation|raid|effort|network)"
)
ON_ANY_PAGE = Cues(
    ITS_ACCOUNT,
    ACCOUNT_OF,
    FOUND_BY_COURT,
    LINKED_TO_IT,
    PUBLISHED_FALSE,
    KNOWN_FOR_UNTRUTH,
    UNTRUE_SITE,
    IS_UNTRUE_SITE,
    MISLEADS,
    MAKES_THE_CLAIM,
    *FALSEHOODS,
    *SHARERS,
    *POSTERS,
    Cue(
        "written-by",
        Role.OPERATOR,
        0.65,
        left=before(r"(?:articles?|stor(?:y|ies)|posts?|piece|blog)\b[^.;]{0,60}? (?:written|authored|penned) by", 0),
    ),
    Cue(
        "after-sharing",
        Role.ENABLER,
        0.65,
        right=behind(rf"\s+(?:after|when|because|for)\s+(?:(?:he|she|they|it)\s+)?{ADVERBS}{SHARING}\b"),
    ),
    Cue(
        "spread-by",
        Role.ENABLER,
        0.65,
        left=before(
            r"(?:(?:shared|posted|reposted|tweeted|retweeted|amplified|spread|promoted|circulated|uploaded)"
            r"(?: [\w ]{1,40})?,? (?:including )?by)",
            4,
        ),
    ),
    Cue(
        "outlet-acts",
        Role.ENABLER,
        0.65,
        left=before(r"(?:channels?|news sites?|websites?|outlets?|blogs?|newspapers?|tabloids?|magazines?|forums?)", 0),
        right=behind(rf"\s+{ADVERBS}(?:{SHARING}|published|ran|reported|aired|broadcast|telecast|carried)\b"),
    ),
    Cue(
        "passes-on",
        Role.ENABLER,
        0.65,
        right=behind(
            rf"(?:,[^.;,]{{0,60}},)?\s+{ADVERBS}{SHARING} (?:(?:the|this|that|these|those|his|her|such|same|an?)\s+)?"
            r"(?:(?!of\b)[\w-]+ ){0,2}?"
            r"(?:video|image|photo|photograph|picture|clip|post|claim|link|screenshot|footage|article|message|meme|"
            # What shows oneself is no one's forgery.
            r"letter|recording|quote|rumou?r|theory|it(?!s))s?\b"
            r"(?! (?:of (?:his|her|him|their|them|my)|to (?:show|prove) that)\b)"
        ),
    ),
)
ON_MOST_PAGES = Cues(*CUES, *CREWS, *CULPRITS, *ON_ANY_PAGE)
BESIDE_PERSONS = frozenset(
    {"published-false", "misleads", "makes-the-claim", "written-by", "claims-in-a-post", "admits", "first-to-share"}
)
"""Rules that hold of a person."""
BESIDE_FULL_NAMES = frozenset(
    (
        *("passes-on", "outlet-acts", "its-account", "account-of", "spread-by", "after-sharing", "takes-back"),
        *("shared-by-such-as", "such-as-shared", "among-those-who-shared", "links-to-its-piece", "its-piece-claims"),
        *("of-a-trade", "of-a-trade-apposed", "piece-claims", "piece-with-fake"),
        *POSTERS_OF_FULL_NAMES,
    )
)
"""Rules that hold of a name of two words and more, where the sentence is not about the source of something true."""
INNOCENT_SOURCE = re.compile(
    r"\b(?:original(?:ly)?|first|earliest|authentic|real|longer|full) "
    r"|\b(?:reverse[- ]image|keyframes?|search (?:led|showed|revealed|found)|discovered an?|can be traced to an?)\b",
    re.IGNORECASE,
)
OTHER_WORKS = small(
    r"\b(?:report|book|study|paper|film|hospital|platform|investigation|research|analysis|survey|app|poll"
    r"|documentary|game)"
    r"s?,? (?:(?:was|were|is|are|that|which|been|has|have|first)\s+){0,3}\w+(?: and \w+)? by\s+(?:[\w-]+\s+){0,4}\Z"
)
"""Before a name: it made or owns something else, a book or a hospital."""

SUBJECT = behind(rf"\s+{NOT_PASSIVE}{ADVERBS}{ACTS}\b")
_SHOWN = any_of("""
    accounts?; pages?; profiles?; personas?; biologist; users?; channels?; bots?; websites?; sites?; outlets?; blogs?
    handles?
    (?:facebook|telegram|whatsapp|private|public|online|music|community) groups?; characters?; employee; expert
    journalist; woman; man; video; document; article; book; film; song
""")
_TITLED = any_of("called; named; dubbed; titled; entitled; under the name; by the name of; using the name; goes by")
MADE_UP = before(rf"{_SHOWN}\b[^.;\n]{{0,40}}?{_TITLED}", 1)
FAKE = small(
    r"\W(?:fake|fictitious|fictional|fabricated|bogus|invented|so-called|purported|non-existent)\s+"
    # "Fake accounts run by" says who made them.
    r"(?:(?!(?:by|to|with|through)\b)[^\s.,;:!?()]{1,24}\s+){0,3}[\"\u201c\u2018'(\[]*\Z"
)
INVENTED = behind(
    r"\s+(?:is (?:likely )?an? invention|does not exist|did not exist|wasn[\u2019']t a real|was(?: not|"
    r"n[\u2019']t) a real|"
    r"is (?:a )?(?:fake|fictional))"
)
EVENT = small(
    r"\s+(?:leader|candidate|member|spokes\w+|chief|politician|lawmaker|mp|senator|supporter|chairman|official"
    r"|reporter"
    r"|journalist|editor|presenter|host|anchor|star|player|professor|researcher|analyst|lawyer|journal|study"
    r"|expert)s?\b"
    r"|\s+(?:rally|march|protests?|riots?|movie|film|show|summit|conference|attack|shooting|game"
    r"|(?:\w+ )?(?:malware|trojan|backdoor|ransomware|exploit|vulnerabilit\w+))\b"
)
