"""Cues of who passes a falsehood on: one of a list of accounts, a commentator, somebody in a video or a post.

As those of :mod:`kg.text.origins`, they hold on every page.
"""

from __future__ import annotations

from kg.named import Role
from kg.text.origins import APPOSED, FORGED
from kg.text.phrases import ADVERBS, SHARING, SPREADS, WINDOW, Cue, any_of, before, behind

_WHO = any_of("""
    politicians?; users?; accounts?; celebrit(?:y|ies); influencers?; activists?; journalists?; people; lawmakers
    members; outlets?; channels?; media; figures?; commentators?; pundits; others; individuals; personalities
    officials
    leaders; websites?; sites; newspapers?; groups; pages; bloggers; podcasters?; supporters; actors; those
""")
SHARED_BY_SUCH_AS = Cue(
    "shared-by-such-as",
    Role.ENABLER,
    0.65,
    left=before(
        rf"{SPREADS}(?: [\w\u2019']+){{0,6}}? by [^.;:]{{0,80}}?\b(?:such as|like|including|among them|notably)", 3
    ),
    reach=WINDOW,
)
SUCH_AS_SHARED = Cue(
    "such-as-shared",
    Role.ENABLER,
    0.65,
    left=before(rf"{_WHO}\b[^.;:]{{0,30}}?,? (?:including|such as|like|among them)", 3),
    right=behind(
        rf"(?:[^.;:]{{0,110}}?,)? {ADVERBS}{SHARING} (?:[\w-]+ ){{0,2}}?"
        r"(?:video|image|photo|picture|clip|posts?|claim|link|screenshot|footage|article|message|meme|theor|stor"
        r"|rumou?r|it\b)"
        rf"|[^.;:]{{0,110}}? (?:aired|broadcast|carried|ran|published|reported|showed) (?:[\w-]+ ){{0,3}}?(?:old"
        rf"|unrelated|{FORGED})\b"
    ),
)
AMONG_THOSE = Cue(
    "among-those-who-shared",
    Role.ENABLER,
    0.65,
    left=before(
        rf"{_WHO}\b,? (?:who |that |to |which )?{ADVERBS}(?:{SHARING}|share|tweet|post|repeat)\b[^.;:]{{0,60}}?"
        r" (?:is|was|were|are|includes?|included|,? including)",
        3,
    ),
    reach=WINDOW,
)
_MEDIUM = any_of(r"""
    in an? (?:[\w-]+ ){0,3}?(?:video|post|tweet|interview|podcast|episode|livestream|clip|thread|newsletter|speech)\b
    on (?:his|her|their|its) (?:[\w-]+ ){0,2}?(?:show|podcast|blog|channel|page|account|website|feed)
    on (?:x|twitter|facebook|instagram|tiktok|telegram|truth social|rumble|youtube|weibo|substack|gettr|gab)\b
    at a (?:rally|hearing|press conference|campaign event)
""")
SAID_THERE = Cue(
    "claims-in-a-post",
    Role.ENABLER,
    0.65,
    right=behind(
        rf"{APPOSED}\s+{ADVERBS}(?:claim(?:s|ed)|alleg(?:es|ed)|assert(?:s|ed)|suggest(?:s|ed)|insist(?:s|ed)) "
        rf"(?:[\w-]+ ){{0,3}}?{_MEDIUM}"
    ),
)
IN_A_POST = Cue(
    "in-a-post-claims",
    Role.ENABLER,
    0.65,
    left=before(rf"{_MEDIUM}[^.;:]{{0,50}}?,(?: host)?", 2),
    right=behind(rf"{APPOSED}\s+{ADVERBS}(?:claim(?:s|ed)|alleg(?:es|ed)|assert(?:s|ed)|warned viewers)\b"),
)
_TRADES = any_of("""
    commentator; influencer; activist; podcaster; blogger; vlogger; youtuber; pundit; conspiracy theorist
    propagandist
    streamer; tiktoker; televangelist; radio host; talk show host; provocateur; anti-vaxx?er; naturopath; osteopath
    chiropractor; politician; congress(?:man|woman); senator; lawmaker; spokes(?:man|woman|person); mp; candidate
    minister
    leader; councill?or; lobbyist; strategist; operative; oligarch; businessman; businesswoman; hoaxer; prankster
    rapper
    troll; hacker; consultant; filmmaker; columnist; preacher; pastor; commentators; influencers; activists; bloggers
    satirist; billionaire; tycoon; propagandists; pundits; personality; media personality; entrepreneur
""")
_SAYS = any_of("""
    claim(?:s|ed)?; alleg(?:es|ed); wrote on; wrote in; said on
    said in a (?:[\\w-]+ )?(?:video|post|tweet|podcast|interview)
    tweeted; retweeted; quote-tweeted; captioned; falsely; wrongly; insisted that; suggested that
""")
OF_A_TRADE = Cue(
    "of-a-trade",
    Role.ENABLER,
    0.65,
    left=before(rf"{_TRADES}s?(?: and (?:former )?[\w-]+)?,?", 0),
    right=behind(rf"{APPOSED}\s+{ADVERBS}{_SAYS}\b(?! (?:his|her|their|that (?:he|she|they)|to have)\b)"),
)
TRADE_APPOSED = Cue(
    "of-a-trade-apposed",
    Role.ENABLER,
    0.65,
    right=behind(
        rf",(?: an?| the)? (?:[\w-]+ ){{0,3}}?{_TRADES}\b[^.;,]{{0,60}},\s+{ADVERBS}{_SAYS}\b"
        r"(?! (?:his|her|their|that (?:he|she|they)|to have)\b)"
    ),
)
SHARERS: tuple[Cue, ...] = (
    SHARED_BY_SUCH_AS,
    SUCH_AS_SHARED,
    AMONG_THOSE,
    SAID_THERE,
    IN_A_POST,
    OF_A_TRADE,
    TRADE_APPOSED,
)
LISTS = frozenset(
    {"shared-by-such-as", "such-as-shared", "among-those-who-shared", "spread-by", "claim-from", "charged"}
)
"""Rules that speak for a whole list of names, each with what is said of it: "A, a doctor; B, a priest; and C"."""
