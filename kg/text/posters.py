"""Further cues of who tells or passes on a falsehood: whose post it is, whose advert, what kind of group says so.

As those of :mod:`kg.text.origins`, they hold on every page.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.origins import APPOSED
from kg.text.phrases import ADVERBS, SHARING, Cue, any_of, before, behind

_FRINGE = any_of("""
    anti-vaccin(?:e|ation); anti-vax; conspiracy(?: theory)?; climate[- ](?:denial|denying|sceptic|skeptic); extremist
    denialist; far-right; white nationalist; white supremacist; neo-nazi; pseudoscien\\w+; hyper-?partisan
    disinformation; misinformation; propaganda; fringe; hoax; covid[- ](?:denial|sceptic); qanon; militant; hate
    hyper-partisan; anti-lockdown; pro-kremlin; anti-immigrant; anti-muslim; islamophobic; antisemitic; satirical
""")
_BODIES = any_of("""
    group; organi[sz]ation; movement; campaign; activist; influencer; doctor; network; charity; account; party
    website
    site; outlet; page; blog; channel; newspaper; magazine; think tank; podcast; figure; commentator; author
    politician
    blogger; podcaster; collective; advocate; non-?profit; militia; forum; community; portal; publication
""")
FRINGE = Cue(
    "of-the-fringe",
    Role.ENABLER,
    0.65,
    left=before(rf"{_FRINGE} (?:\w+ )?{_BODIES}s?,?(?: (?:called|named|known as|like|such as|including))?(?: the)?", 0),
)
IS_FRINGE = Cue(
    "is-of-the-fringe",
    Role.ENABLER,
    0.65,
    right=behind(
        rf"(?:\s*\([^()]{{1,40}}\))?(?:,|,? (?:is|was|describes itself as)) (?:an?|the"
        rf"|one of the) (?:[\w-]+ ){{0,3}}?"
        rf"(?:{_FRINGE} (?:\w+ )?{_BODIES}"
        r"|(?:group|organi[sz]ation|movement|website|site|blog|channel|page|outlet|person|doctor|author"
        r"|activist)s? (?:that|"
        r"which|who) (?:\w+ly )?(?:opposes?|denies|den(?:y|ied)|campaigns? against|questions?|spreads?"
        r"|promotes? (?:false|"
        r"conspir\w+|mis\w+|debunked)|shares? (?:false|conspir\w+|mis\w+))"
        r"|(?:[\w-]+ )?(?:website|site|blog|channel|page|outlet|person|doctor|author|activist|figure"
        r"|account)s? (?:\w+ )?"
        r"(?:known|notorious|infamous|criticised|criticized) for (?:[\w-]+ ){0,3}?(?:hoax|conspir|mis|dis|false"
        r"|fake|fabricat"
        r"|unfounded|baseless|propagand)\w*)"
    ),
)
_POST = (
    r"(?:tweet|post|video|claim|article|message|thread|clip|reel|caption|statement|story|podcast|newsletter|ad"
    r"|advert)"
)
ITS_POST = Cue(
    "its-post",
    Role.ENABLER,
    0.65,
    right=behind(
        rf"[\u2019']s?\s+(?:[\w-]+ ){{0,2}}?{_POST}s?(?:,[^.;,]{{0,60}},)? (?:(?:has|have|had|also"
        rf"|since) )*(?:falsely|wrongly"
        r"|misleadingly|misle|mistaken|incorrectly|claim|alleg|is false|is misleading|was false|was misleading"
        rf"|(?:been |was |were )(?:{SHARING}|viewed|liked|seen|watched|fact-checked|labell?ed|flagged|debunked)"
        r"|went viral|received|garnered|racked up|gathered|drew|amassed)"
    ),
)
_ADS = any_of("""
    ads?; adverts?; advertisements?; leaflets?; flyers?; billboards?; robocalls?; mailers?; posters?; stickers?
    petition
    press release; pamphlets?; text messages; sms; banners?; graffiti; brochures?
""")
ADS_BY = Cue(
    "its-advert",
    Role.OPERATOR,
    0.65,
    left=before(
        rf"{_ADS}\b[^.;:]{{0,40}}? (?:paid for|funded|sponsored|placed|run|distributed|sent|published|produced"
        rf"|made|printed"
        r"|handed out|designed|put up|bought|created|issued)(?: out)? by",
        2,
    ),
)
ADS_CLAIM = Cue(
    "its-advert-claims",
    Role.ENABLER,
    0.65,
    left=before(rf"{_ADS} (?:by|from|of)", 1),
    right=behind(
        rf"{APPOSED}\s+(?:(?:that|which) )?{ADVERBS}(?:claim|alleg|warn|said|says|suggest|stat|show|tell|told)\w*\b"
    ),
)
MADE_UP_BY = Cue(
    "made-up-by",
    Role.OPERATOR,
    0.7,
    left=before(r"(?:made up|fabricated|invented|faked|forged|concocted|photoshopped|doctored|falsified|staged) by", 3),
)
SITE_CLAIMS = Cue(
    "site-claims",
    Role.ENABLER,
    0.65,
    left=before(r"(?:website|site|blog|outlet|channel|group|portal|account|page)s?,?(?: (?:called|named))?", 0),
    right=behind(rf"{APPOSED}\s+{ADVERBS}(?:claim(?:s|ed)|alleg(?:es|ed)|assert(?:s|ed)|insist(?:s|ed))\b"),
)
CLAIMS_THERE = Cue(
    "claims-in-a-video",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:videos?|clips?|interviews?|podcasts?|posts?|speech|episodes?|livestreams?|threads?) (?:in|on) which", 2
    ),
    right=behind(rf"{APPOSED}\s+{ADVERBS}(?:claim|alleg|assert|falsely|wrongly|insist|sa(?:id|ys) (?:that )?the)\w*\b"),
)
WITHOUT_EVIDENCE = Cue(
    "claims-without-evidence",
    Role.ENABLER,
    0.7,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:claim|alleg|assert|sa(?:id|ys)|suggest|insist|accus|t(?:ol"
        rf"|el)l)\w*[^.;:]{{0,40}}?,?"
        r" (?:without (?:\w+ )?(?:evidence|proof|basis|citing)|baselessly|falsely|incorrectly|wrongly)\b"
    ),
)
FIRST_TO_SHARE = Cue(
    "first-to-share",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:first|among the first|earliest|most prominent|biggest|most influential)(?: \w+)? (?:to"
        r"|who) (?:share|post|spread"
        r"|tweet|promote|make|amplif|circulat|push|shar)\w*[^.;:]{0,60}? (?:is|was|were|are|included?)",
        2,
    ),
)
SPEAKER = Cue(
    "speaker-in-the-clip",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:speaker|narrator|presenter|host|author)s? (?:in|of) (?:the|this) [\w-]+(?: [\w-]+)? (?:is|was)", 2
    ),
)
SAID_ON = Cue(
    "said-on-a-platform",
    Role.ENABLER,
    0.6,
    left=before(
        r"(?:commentator|influencer|activist|podcaster|blogger|pundit|conspiracy theorist|politician"
        r"|congress(?:wo)?man|lawmaker"
        r"|senator|mp|candidate|host|personality|columnist|pastor|preacher|rapper|youtuber|streamer)s?,?",
        0,
    ),
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:said|says|wrote|asked|told (?:viewers|followers|listeners)|shared"
        rf"|posted) (?:in|on|during|via)"
        r" (?:an?|his|her|their|the) (?:[\w-]+ ){0,3}?(?:post|tweet|video|podcast|show|channel|page|livestream"
        r"|thread|broadcast"
        r"|episode|clip|account|newsletter)\b"
    ),
)
WHICH_HE_SHARED = Cue(
    "which-he-shared",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:images?|videos?|photos?|pictures?|clips?|posts?|claims?|screenshots?|memes?|articles?|footage|maps?"
        r"|charts?),? "
        r"(?:which|that)(?: (?:the|a))?",
        0,
    ),
    right=behind(rf"{APPOSED}\s+{ADVERBS}{SHARING}\b"),
)
CALLS_ON = Cue(
    "calls-on-followers",
    Role.OPERATOR,
    0.65,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:urged|urges|encouraged|encourages|called on|calls on|directed|incited"
        rf"|instructed|asked|told)"
        r" (?:(?:his|her|their|its|the) )?(?:[\w-]+ )?(?:followers|fans|users|members|supporters|subscribers"
        r"|viewers|listeners"
        r"|readers) to\b"
    ),
)
SOURCE_IS = Cue(
    "source-of-the-claim",
    Role.OPERATOR,
    0.7,
    left=before(
        r"(?:source|origin|author|originator|creator|maker|inventor|producer) of (?:the"
        r"|this) (?:[\w-]+ ){0,2}?(?:claim|rumou?r"
        r"|hoax|fake|deepfake|forgery|theory|story|fabrication|robocalls?|quote|falsehood)s? (?:is|was|(?:seems"
        r"|appears) to be)",
        2,
    ),
)
MAKER_OF = Cue(
    "maker-of-the-fake",
    Role.OPERATOR,
    0.7,
    right=behind(
        r",\s+(?:the )?(?:creator|author|maker|producer|originator|source) of (?:the"
        r"|this) (?:[\w-]+ ){0,2}?(?:hoax|fake|deepfake"
        r"|forgery|rumou?r|claim|fabrication|robocalls?)\b"
        r"|(?:,[^.;,]{0,60},)?\s+(?:is|was|were|stands?|stood) (?:also )?(?:accused|suspected|charged|convicted"
        r"|guilty) (?:of|with) "
        r"(?:\w+ly )?(?:orchestrating|running|creating|spreading|making|leading|organi[sz]ing|forging|faking"
        r"|disseminating"
        r"|interfering|meddling|sharing false|impersonating|hacking)\b"
    ),
)
IS_A_LIAR = Cue(
    "known-liar",
    Role.ENABLER,
    0.65,
    right=behind(
        r",\s+(?:an?|the) (?:[\w-]+ ){0,3}?(?:conspiracy theorist|propagandist|hoaxer|anti-vaxx?er"
        r"|holocaust denier|climate "
        r"denier|white supremacist|white nationalist|neo-nazi|provocateur|prankster)\b"
    ),
)
POSTERS: tuple[Cue, ...] = (
    WHICH_HE_SHARED,
    CALLS_ON,
    IS_A_LIAR,
    SOURCE_IS,
    MAKER_OF,
    FRINGE,
    IS_FRINGE,
    ITS_POST,
    ADS_BY,
    ADS_CLAIM,
    MADE_UP_BY,
    SITE_CLAIMS,
    CLAIMS_THERE,
    WITHOUT_EVIDENCE,
    FIRST_TO_SHARE,
    SPEAKER,
    SAID_ON,
)
POSTERS_OF_FULL_NAMES = (
    *(
        "its-post",
        "which-he-shared",
        "site-claims",
        "claims-in-a-video",
        "claims-without-evidence",
        "said-on-a-platform",
    ),
    *("its-advert", "its-advert-claims", "speaker-in-the-clip", "is-of-the-fringe", "of-the-fringe"),
)
