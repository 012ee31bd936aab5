"""Further cues of who is behind an operation: named culprits, hired firms, staff, what is denied or boasted of.

As those of :mod:`kg.text.crews`, they hold on pages that check no claim.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.origins import APPOSED
from kg.text.phrases import ACTS, ADVERBS, AGENTS, SHARING, Cue, any_of, before, behind

_CULPRITS = any_of("""
    attacker; shooter; gunman; killer; hacker; leaker; suspect; perpetrator; culprit; mastermind; ringleader; hoaxer
    scammer; stalker; impostor; fraudster; ghostwriter; terrorist; operator; financier; bomber; blackmailer
""")
CULPRIT = Cue(
    "culprit",
    Role.OPERATOR,
    0.7,
    left=before(
        rf"(?:the|an?|alleged|suspected|self-described|main|its|one of the) (?:{_CULPRITS}|administrator"
        rf"|admin)s?,?(?: (?:is|was|were|are))?"
        r"(?: (?:later |since |publicly )?(?:named|identified|known|unmasked|revealed)(?: online)?(?: as"
        r"| to be)?)?,?",
        0,
    ),
)
OF_A_CREW = Cue(
    "of-a-crew",
    Role.OPERATOR,
    0.7,
    left=before(
        r"(?:hackers?|hacktivists?|trolls|extremists?|leakers?|cybercriminals|spies) (?:of|from|with|at|belonging to)"
        r"(?: the)?(?: [\w-]+)?(?: (?:group|collective|gang|crew|forum|network|unit))?"
        r"|(?:who|which|that) (?:calls?|styles?|names?|call) (?:itself|themselves|himself|herself)(?: the)?"
        r"|(?:operation|campaign|network|group|cluster|collective|gang) (?:is|was|are|became|has been|have been)"
        r" (?:\w+ )?(?:known|tracked|referred to|dubbed|named|called|nicknamed)(?: (?:as|by))?(?: the)?"
        r"|part of (?:the|a|an) (?:[\w-]+ ){0,3}?(?:operation|campaign|network|cluster)(?: (?:called|known as"
        r"|dubbed))?"
        r"|overlaps? (?:\w+ )?with(?: the)?|infrastructure (?:of|used by)(?: the)?",
        0,
    ),
)
HIRED = Cue(
    "hired",
    Role.OPERATOR,
    0.7,
    left=before(r"(?:hired|paid|contracted|commissioned|recruited|employed|enlisted|tasked|used)", 2),
    right=behind(
        rf"{APPOSED}(?: [\w ,$\u20ac\u00a3]{{1,30}}?)?\s+to (?:\w+ly )?(?:post|run|create|spread|write|promote"
        rf"|manage|smear|discredit|amplify"
        rf"|set up|build"
        r"|produce|push|flood|influence|conduct|carry out|attack|troll|target|hack|disseminate|publish)\b"
    ),
)
APPOSED_AGENT = Cue(
    "apposed-agent",
    Role.OPERATOR,
    0.7,
    left=before(
        rf"(?:{AGENTS}|made|owned|built|registered|posted|published|produced) by (?:an?|the|its|two) "
        r"(?:[\w\u2019'-]+ ){0,6}?(?:firm|company|agency|contractor|consultancy|group|businessman|businesswoman"
        r"|man|woman"
        r"|student|teenager|outfit|organi[sz]ation|think tank|foundation|party|unit|team|blogger|activist|influencer|"
        r"brothers|couple|collective|network|movement|studio|start-?up|oligarch|politician|strategist|consultant),?"
        r"(?: (?:called|named|known as))?(?: the)?",
        0,
    ),
)
ATTRIBUTED = Cue(
    "attributed",
    Role.OPERATOR,
    0.75,
    left=before(
        r"(?:attribut|tie|link|trac|connect|pin)\w* (?:the|this|these|that|those|it"
        r"|them) [^.;:]{0,60}?(?:\b(?:back )?to"
        r"|\bon)(?: (?:the|an?))?(?: (?:[\w-]+ ){0,3}?(?:firm|company|agency|group|businessman|outfit"
        r"|organi[sz]ation))?",
        0,
    ),
)
MONEY_FROM = Cue(
    "money-from",
    Role.OPERATOR,
    0.65,
    left=before(
        r"(?:(?:money|funding|funds|budget|payments?|orders?|instructions?) (?:came|comes|flowed|was provided) from"
        r"|(?:received|took|got) (?:money|funding|payments?|orders|instructions|funds) from)",
        2,
    ),
)
_DEEDS = r"(?:campaign|operation|network|accounts?|pages?|trolls?|bots?|hack|leak|attack|disinformation|sites?|smear)"
CLAIMS_THE_HACK = Cue(
    "claims-the-deed",
    Role.OPERATOR,
    0.75,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:(?:claim(?:s|ed)|took|takes) (?:responsibility|credit)"
        rf"|denie[sd] (?:(?:any )?(?:involvement|role|link|ties|responsibility)|that (?:it|he|she|they) (?:had"
        rf"|was|were|has|is)"
        rf"|(?:running|creating|being behind|having|operating|paying|hiring)) ?[^.;]{{0,40}}?{_DEEDS}"
        r"|call(?:s|ed) for (?:attacks|violence|raids|harassment)"
        rf"|(?:direct|le[ad]|head|overs[ae]w|supervis|mastermind|plann|steer|coordinat)\w* (?:the|this|an?) "
        rf"(?:[\w-]+ ){{0,3}}?{_DEEDS})\b"
    ),
)
ITS_STAFF = Cue(
    "its-staff-act",
    Role.OPERATOR,
    0.7,
    right=behind(
        r"(?:[\u2019']s?)?\s+(?:[\w-]+ )?(?:employees|staff|workers|operatives|trolls|hackers|agents|members"
        r"|websites|sites|"
        rf"fake accounts|followers|operators|activists)\s+{ADVERBS}(?:{ACTS}|wrote|copied|mimicked|commented)\b"
    ),
)
ITS_CHANNEL = Cue(
    "its-channel",
    Role.ENABLER,
    0.65,
    left=before(r"(?:channels?|pages?|accounts?|websites?|forums?|servers?) (?:of|belonging to|run by)(?: the)?", 0),
    right=behind(rf"\s+{ADVERBS}(?:{ACTS}|call(?:s|ed) for|urged|incited|published)\b"),
)
MANIFESTO = Cue(
    "manifesto",
    Role.OPERATOR,
    0.75,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:post|publish|upload|livestream|stream|wr[io]t|shar|left|sent|releas)\w* "
        r"(?:(?:his|her|their|an?|the) )(?:[\w-]+ ){0,2}?(?:manifesto|attack|shooting|massacre|forger|hoax|fake)\b"
    ),
)
_TIED_SITE = (
    r"(?:website|site|outlet|channel|newspaper|agency|blog|publication|portal|think tank|foundation|account|firm"
    r"|company|"
    r"page|network|group) (?:\w+ )?(?:linked|tied|close|connected|loyal|controlled|run|owned|funded|affiliated"
    r"|operated|backed)"
    r" (?:to|by|with|from) "
)
TIED_OUTLET = Cue(
    "tied-outlet",
    Role.ENABLER,
    0.65,
    right=behind(
        rf",\s+(?:an?|the) (?:[\w-]+ ){{0,2}}?{_TIED_SITE}[^.;,]{{3,60}}(?:,|\s+(?:that"
        rf"|which))\s+{ADVERBS}(?:{SHARING}|publish"
        r"|aired|ran|carried|claim|echo|wrote|picked|cover)"
    ),
)
RUN_BY_STATE = Cue(
    "run-by-state",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:state|government|kremlin|regime|party|military)[- ](?:run|owned|controlled|funded|backed|affiliated"
        r"|aligned)"
        r"|pro-(?:\w+) (?:\w+ )?(?:outlets?|media|sites?|websites?|channels?|newspapers?"
        r"|bloggers?)(?:,? (?:such as|like|"
        r"including))?",
        0,
    ),
)
PUNISHED_FOR = Cue(
    "punished-for",
    Role.OPERATOR,
    0.75,
    left=before(
        r"(?:sanction|indict|accus|blam|su|fin|charg|prosecut|arrest|convict|jail)(?:s|ed|es|ing)|sanctions (?:\w+ )"
        r"{0,3}?(?:on|against)",
        2,
    ),
    right=behind(
        r"(?:,[^.;,]{0,60},)?\s+(?:and [\w ]{1,30} )?(?:for|of|over|with) (?:(?:its|his|her|their|an?"
        r"|the) (?:[\w-]+ )?role in"
        r"|(?:\w+ly )?(?:running|operating|creating|spreading|conducting|orchestrating|involvement|interfer\w+"
        r"|meddl\w+"
        r"|leading|funding|financing|supporting|disseminating|cyber\w*|harass\w+|hack\w+|leak\w+|election))\b"
    ),
)
PAID_ROLE = Cue(
    "paid-role",
    Role.ENABLER,
    0.65,
    left=before(
        r"(?:influencer|blogger|youtuber|vlogger|streamer|activist|commentator|podcaster|conspiracy theorist"
        r"|propagandist"
        r"|pundit|journalist|hoaxer|prankster|oligarch|businessman|consultant|operative|strategist|tycoon|rapper"
        r"|airman"
        r"|hacker|scammer|fraudster|con man|troll|extremist|neo-nazi|gunman|shooter|televangelist|preacher"
        r"|radio host)s?,?"
        r"(?: (?:such as|like|including|named|called))?",
        0,
    ),
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:{ACTS}|paid|hired|commissioned|made up|invented|funded|organi[sz]ed|claimed"
        rf"|echoed|posed"
        r"|recruited)\b"
    ),
)
CULPRITS: tuple[Cue, ...] = (
    PUNISHED_FOR,
    PAID_ROLE,
    CULPRIT,
    OF_A_CREW,
    HIRED,
    APPOSED_AGENT,
    ATTRIBUTED,
    MONEY_FROM,
    CLAIMS_THE_HACK,
    ITS_STAFF,
    ITS_CHANNEL,
    MANIFESTO,
    TIED_OUTLET,
    RUN_BY_STATE,
)
