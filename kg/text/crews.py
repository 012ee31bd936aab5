"""Cues of who is behind an operation that a report describes: owners, hired firms, units, outlets, members.

They hold on pages that check no claim; there the names of firms and persons beside accounts and sites are those of
who runs them.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.cues import STATE_OUTLET
from kg.text.origins import APPOSED
from kg.text.phrases import ACTS, ADVERBS, AGENTS, SHARING, TIES, WINDOW, Cue, any_of, before, behind

_ASSETS = any_of("""
    networks?; accounts?; pages?; campaigns?; operations?; operators?; websites?; sites?; channels?; assets?
    profiles?
    clusters?; activity; efforts?; outlets?; domains?; bots?; trolls?; botnet; personas?; groups?; infrastructure
    administrators?; posts?; scheme; hack; attacks?; leaks?; robocalls?; ads?; advertisements?; letters?
    forger(?:y|ies)
    trolling; messages?; calls?; malware; stories; articles?; disinformation; propaganda; blogs?; leaflets?; posters?
    flyers?; stickers?; graffiti; billboards?; op-eds?; hashtags?; petitions?; conspiracy; plot
""")
ASSETS_TIED = Cue(
    "assets-tied",
    Role.OPERATOR,
    0.7,
    left=before(
        rf"{_ASSETS}\b[^.;:]{{0,80}}? (?:{TIES}|tying|(?:links?|ties|connections?|overlaps?) (?:\w+ )?(?:to"
        rf"|with)|in the "
        r"name of|registered (?:to|by|in the name of)|paid for by|hired by|leads? back to)(?: (?:(?:the|an?"
        r"|several|two"
        r"|individuals|people|someone|employees|staff|members|persons|executives|actors|associates|affiliates|of"
        r"|at|with"
        r"|from|both|associated|connected|linked|working|for|who|worked|work"
        r"|to) ){0,8}?(?:(?:[\w-]+ ){0,3}?(?:firm|company"
        r"|agency|businessman|group|outfit|organi[sz]ation|consultancy|startup|foundation|party|contractor),?)?"
        r"(?: called| named)?)?",
        1,
    ),
    reach=WINDOW,
)
LINKS_BETWEEN = Cue(
    "links-between",
    Role.OPERATOR,
    0.65,
    left=before(
        rf"(?:links?|ties|connections?|overlaps?) between [^.;:]{{0,40}}?{_ASSETS}\b[^.;:]{{0,20}}? and"
        r"(?: the| an?)?(?: [\w-]+){0,3}?",
        1,
    ),
    reach=WINDOW,
)
_WORKERS = (
    r"(?:employees?|staff|contractors?|members|operatives|individuals|people|an? (?:[\w-]+ )?(?:firm|company|agency))"
)
RUN_BY_ITS = Cue(
    "run-by-its-people",
    Role.OPERATOR,
    0.75,
    left=before(rf"{AGENTS}(?: \w+ly)? by {_WORKERS}(?: (?:of|at|from|working for|employed by|linked to|called))+", 2),
)
CALLED_BY_TRACKERS = Cue(
    "called-by-trackers",
    Role.OPERATOR,
    0.7,
    left=before(
        r"(?:(?:nam(?:ed|es?)|call(?:ed|s)?|dub(?:bed|s)|label(?:led|ed|s)|codenamed|christened|nicknamed)"
        r" (?:it|(?:the|this) (?:[\w-]+ )?(?:campaign|operation|network|activity|cluster|threat actor)"
        r"|the (?:\w+ )?(?:group|crew|gang|collective))"
        r"|(?:campaign|operation|network|cluster|activity|group|actor)s?,? (?:which|that|as|it) [^.;:]{0,40}?"
        r"(?:tracks?|calls?|dub(?:s|bed)|refers? to|named|know)(?: it)?(?: as)?"
        r"|(?:group|collective|gang|crew|network|movement|army),? (?:calling|styling|naming) (?:itself|themselves))"
        r"(?: the)?",
        0,
    ),
)
CREW_ACTS = Cue(
    "crew-acts",
    Role.OPERATOR,
    0.65,
    left=before(r"(?:the|this|so-called)", 1),
    right=behind(
        rf"\s+(?:campaign|network|operation|gang|crew|collective|troll farm|actors?|hackers|operators|ecosystem"
        rf"|botnet)"
        rf"(?:,[^.;,]{{0,60}},)?\s+{ADVERBS}(?:{ACTS}|used|relied on|cloned|mimicked|consist(?:s|ed) of)\b"
    ),
)
KNOWN_KIND = Cue(
    "known-kind",
    Role.OPERATOR,
    0.7,
    left=before(
        r"(?:threat actor|threat group|hacktivist|hacktivist group|hacktivist collective|hacking group|hacker group"
        r"|hacking collective|ransomware gang|ransomware group|troll farm|troll factory|bot farm|influence operation"
        r"|disinformation (?:network|group|campaign|operation|firm|outfit|agency)|influence-for-hire firm"
        r"|spyware (?:firm|"
        r"vendor)|front (?:group|organi[sz]ation|company)|private intelligence firm|extremist group"
        r"|terror(?:ist)? group"
        r"|hate group|militia|propaganda (?:outfit|arm|outlet|network)|youth wing|media arm|media wing"
        r"|content farm)s?,?"
        r"(?: (?:called|named|known as|dubbed|like|such as|including))?(?: the)?",
        0,
    ),
)
IS_OF_KIND = Cue(
    "is-of-kind",
    Role.OPERATOR,
    0.65,
    right=behind(
        r"(?:\s*\([^()]{1,40}\))?(?:,|,? (?:is|was)) (?:an?|the) (?:[\w-]+ ){0,3}?(?:front (?:group"
        r"|organi[sz]ation|company)"
        r"|troll (?:farm|factory)|hacktivist \w+|hacking \w+|hacker \w+|threat (?:actor|group)|disinformation \w+|"
        r"influence-for-hire \w+|propaganda \w+|influence (?:operation|campaign|network)|(?:white nationalist"
        r"|far-right|militant"
        r"|armed|hate|extremist|neo-nazi|white supremacist) (?:group|movement|party|organi[sz]ation|network)"
        r"|conspiracy theorist|propagandist|troll|hoaxer|extremist|neo-nazi"
        r"|white supremacist)\b"
    ),
)
MEMBERS = Cue(
    "its-members-act",
    Role.OPERATOR,
    0.65,
    left=before(
        r"(?:members|followers|users|adherents|moderators|administrators|leaders|operatives|activists)"
        r" of(?: the)?(?: (?:[\w-]+ )?(?:forum|group|movement|channel|server|community|board|network|collective))?",
        0,
    ),
    right=behind(rf"\s+{ADVERBS}(?:{ACTS}|sent|attacked|called for|doxx?ed|stormed)\b"),
)
_FORGED_TALES = any_of(r"""
    (?:forged|fake|false|fabricated|bogus|hoax|misleading|doctored|planted) (?:[\w-]+ ){0,2}?[\w-]+; forger(?:y|ies)
    hoax(?:es)?; stor(?:y|ies); narratives?; claims?; rumou?rs?; disinformation; propaganda; content
""")
CARRIED_BY = Cue(
    "carried-by",
    Role.ENABLER,
    0.65,
    left=before(
        rf"{_FORGED_TALES}\b[^.;:]{{0,60}}? (?:(?:published|laundered|seeded|promoted|amplified|aired|picked up"
        rf"|carried"
        r"|pushed|spread|republished|echoed|repeated|relayed|covered) (?:by|through|via)"
        r"|(?:first |originally |initially )(?:published|appeared|posted|aired|surfaced) (?:on|in|by))"
        r"(?: (?:the|an?|outlets?|sites?|websites?|such as|like|including|state|broadcasters?|channels?"
        r"|newspapers?|media|"
        r"[\w-]+-\w+))*",
        2,
    ),
    reach=WINDOW,
)
_LEANS = (
    r"(?:pro-\w+|state[- ](?:owned|run|controlled|funded|backed|affiliated)|(?:kremlin|government|regime)[- ]"
    r"\w+|far-right)"
)
LEANING_OUTLET = Cue(
    "leaning-outlet",
    Role.ENABLER,
    0.65,
    right=behind(
        rf",\s+(?:an?|the) (?:[\w-]+ ){{0,2}}?{_LEANS} (?:[\w-]+ ){{0,2}}?(?:website|site|outlet|channel"
        rf"|broadcaster|newspaper"
        rf"|agency|blog|publication|portal|magazine|account|think tank|network)s?(?:,|\s+(?:that|which))"
        rf"(?: (?:first|also|then))? (?:{SHARING}|publish|aired|ran|carried|reported|claim|echo|wrote|picked|cover)"
    ),
)
_THING = (
    r"(?:site|website|page|channel|network|campaign|operation|"
    r"troll farm|outlet|blog|scam|hoax|scheme|botnet|persona|account|fake)"
)
HEAD_OF_IT = Cue(
    "head-of-it",
    Role.OPERATOR,
    0.75,
    left=before(
        rf"(?:(?:head|founder|owner|creator|leader|operator|mastermind|author|architect|face|funder"
        rf"|administrator)s? (?:of|"
        rf"behind) (?:the|this) (?:[\w-]+ ){{0,2}}?{_THING}s?,?(?: (?:is|was|are|were|as))?"
        rf"|(?:the|this) {_THING}(?:[\u2019']s)? (?:head|founder|owner|creator|operator|mastermind|author"
        rf"|administrator)s?,?"
        r"(?: (?:is|was|are|were))?"
        rf"|(?:man|woman|person|people|firm|company|group|pair|duo|consultancy|agency|organi[sz]ation|publisher"
        rf"|developer|brains|team) behind (?:the|this|it"
        rf"|these)(?: (?:[\w-]+ ){{0,2}}?{_THING}s?"
        r")?,?(?: (?:is|was|are|were))?"
        rf"|at the (?:cent(?:er|re)|heart|head|helm|core) of (?:the|this) (?:[\w-]+ ){{0,2}}?{_THING}s? (?:is"
        rf"|was|are|were|stood|sits)"
        rf"|behind (?:the|this|these) (?:[\w-]+ ){{0,2}}?{_THING}s? (?:is|was|are|were|stood|stands|sits))",
        2,
    ),
)
IS_HEAD_OF_IT = Cue(
    "is-head-of-it",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf",?\s+(?:(?:is|was|who is|who was) )?(?:the )?(?:[\w-]+ )?(?:head|founder|owner|creator|operator"
        rf"|mastermind|author"
        rf"|administrator)(?: and [\w-]+)? of (?:the|this) (?:[\w-]+ ){{0,2}}?{_THING}\b"
        rf"|,\s+(?:the|an?) (?:[\w-]+ ){{1,3}}?(?:behind|that ran|running|responsible for) (?:the"
        rf"|this) (?:[\w-]+ ){{0,2}}?{_THING}\b"
        rf"|,\s+(?:the )?{_THING}[\u2019']s (?:[\w-]+ )?(?:head|founder|owner|creator|operator|author"
        rf"|administrator)\b"
        rf"|,?\s+who (?:runs?|ran|operates?|owns?|owned|created|controls?|manages?|founded|registered) (?:the"
        rf"|this|these|its|a|"
        rf"several) (?:[\w-]+ ){{0,2}}?{_THING}s?\b"
    ),
)
_TOOLS = any_of(r"""
    accounts?; pages?; profiles?; websites?; sites?; bots?; trolls?; sock ?puppets?; personas?; network; campaigns?
    operations?; disinformation; misinformation; propaganda; deepfakes?; forger(?:y|ies); hoax(?:es)?; troll farm
    robocalls?; botnet; fake \w+; false \w+; forged \w+; fabricated \w+; channels?; influencers
    to (?:post|comment|spread|write|like|flood|harass|share|promote); narratives?; domains?; hashtags?; petition
    conspiracy theor(?:y|ies)
    rumou?rs?; flash ?mob; mail server
""")
RUNS_TOOLS = Cue(
    "runs-them",
    Role.OPERATOR,
    0.7,
    right=behind(
        rf"(?:{APPOSED}|,? (?:which|who|that))\s+(?!(?:is|are|was|were|has been|have been|had been)\b){ADVERBS}"
        r"(?:ran|runs?|operat(?:es|ed)|creat(?:es|ed)|us(?:es|ed)|set up|launch(?:es|ed)|orchestrat(?:es|ed)"
        r"|manag(?:es|ed)"
        r"|hir(?:es|ed)|recruit(?:s|ed)|paid|pays|deploy(?:s|ed)|register(?:s|ed)|bought|purchas(?:es|ed)"
        r"|commission(?:s|ed)"
        r"|fund(?:s|ed)"
        r"|organi[sz](?:es|ed)|built|controls?|controlled|own(?:s|ed)|develop(?:s|ed)|wag(?:es|ed)|mount(?:s|ed)"
        r"|wrote|made|posted|published|started|released|leaked|hacked|spread(?:s)?|disseminat(?:es|ed)"
        r"|amplif(?:ies|ied)|push(?:es|ed)"
        r"|conduct(?:s|ed)|coordinat(?:es|ed)) "
        r"(?:(?!(?:about|on|of|in|by|for|throughout|during|as|that|how|why|whether|report\w*)\b)[\w,-]+ ){0,4}?"
        rf"{_TOOLS}\b"
    ),
)
ITS_FIRM = Cue(
    "its-firm-acts",
    Role.OPERATOR,
    0.7,
    right=behind(
        r"[\u2019']s?\s+(?:[\w-]+ ){0,2}?(?:media group|company|firm|network|troll (?:farm|factory)|outlets?"
        r"|websites?|team"
        rf"|agency|foundation|channel|party|staff|contractors?)\s+{ADVERBS}{ACTS}\b"
    ),
)
DONE_BY = Cue(
    "done-by",
    Role.OPERATOR,
    0.7,
    left=before(
        rf"{_ASSETS}\b[^.;:]{{0,60}}? (?:leaked|hacked|stolen|made up|invented|paid for|bought|purchased"
        rf"|registered|moderated"
        r"|maintained|claimed|owned|led|made|distributed|printed|devised|placed|started|launched|released"
        r"|drafted|planned|masterminded|designed|produced|built)(?: \w+ly)? by",
        3,
    ),
    reach=WINDOW,
)
CREWS: tuple[Cue, ...] = (
    ASSETS_TIED,
    LINKS_BETWEEN,
    RUN_BY_ITS,
    CALLED_BY_TRACKERS,
    CREW_ACTS,
    KNOWN_KIND,
    IS_OF_KIND,
    MEMBERS,
    STATE_OUTLET,
    CARRIED_BY,
    LEANING_OUTLET,
    HEAD_OF_IT,
    IS_HEAD_OF_IT,
    RUNS_TOOLS,
    ITS_FIRM,
    DONE_BY,
)
"""What makes a name that no list has the one behind an operation, on a page that reports on one."""
