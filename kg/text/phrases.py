"""Phrases of prose about operations, and how a pattern is made of them that stands before or behind a name.

A pattern before a name is matched at the end of what precedes it in its sentence, one behind it at the beginning of
what follows. They say nothing of single incidents or names. Windows are bounded, and so is every pattern.

All of them read small letters: the engine passes over a letter in one comparison where case counts, and tries every
phrase at every letter where it does not.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from kg.text.openings import openings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.named import Role

_CAPITAL = re.compile(r"\\.|[A-Z]")
_REPEATS = frozenset("?*+{")
WINDOW = 170
"""How many characters beside a name are read, at most, within its sentence."""


class Words(NamedTuple):
    """What stands beside a name, in small letters.

    A blank is put before what precedes it: every word there, the first as well, then has something before it.
    """

    left: str
    right: str


class Cue(NamedTuple):
    """A rule: its name, the role it gives, how sure it is, and what must stand beside the name.

    ``reach`` is how many characters before the name its left pattern is looked for in.
    """

    rule: str
    role: Role
    confidence: float
    left: re.Pattern[str] | None = None
    right: re.Pattern[str] | None = None
    reach: int = 80

    def holds(self, left: str, right: str) -> bool:
        """Whether the words beside a name fit, as :class:`Words` has them."""
        # What must follow is tried first: it is anchored, and fails at once.
        return (self.right is None or self.right.match(right) is not None) and (
            self.left is None or self.left.search(left, max(0, len(left) - self.reach - 1)) is not None
        )


class Cues:
    """Rules in their order. Which of them can hold is told by one look for how their left patterns begin.

    Of some thirty rules hardly one is tried beside most names: an Aho-Corasick automaton finds the beginnings of all of
    them (:mod:`kg.text.openings`) in less time than a single pattern takes.
    """

    def __init__(self, *cues: Cue) -> None:
        self._cues = tuple((1 << place, cue) for place, cue in enumerate(cues))
        begins: dict[str, int] = {}
        self._always = 0
        for bit, cue in self._cues:
            found = openings(cue.left) if cue.left is not None else frozenset()
            self._always |= 0 if found else bit
            for opening in found:
                begins[opening] = begins.get(opening, 0) | bit
        self._bits = tuple(begins.values())
        self._openings = AhoCorasick(begins, matchkind=MatchKind.Standard, implementation=Implementation.DFA)

    def __iter__(self) -> Iterator[Cue]:
        return (cue for _, cue in self._cues)

    def holding(self, words: Words) -> Iterator[Cue]:
        """Those that hold beside a name, in their order."""
        left, right = words
        length = len(left) - 1
        begun = self._always
        for index, _, _ in self._openings.find_matches_as_indexes(left, overlapping=True):
            begun |= self._bits[index]
        for bit, cue in self._cues:
            # As in :meth:`Cue.holds`, without the call: this is asked some 300 times a page.
            if begun & bit and (
                (cue.right is None or cue.right.match(right))
                and (cue.left is None or cue.left.search(left, max(0, length - cue.reach)))
            ):
                yield cue


def any_of(phrases: str) -> str:
    """One of several phrases, which are parted by ``;`` and line breaks; each may itself be a pattern.

    Those with the same first letter stand together behind it, so that one comparison passes over all of them.

    >>> any_of("run; set up; ran; also")
    '(?:r(?:un|an)|set up|also)'
    """
    parts = (phrase.strip() for line in phrases.splitlines() for phrase in line.split(";"))
    grouped: dict[str, list[str]] = {}
    for phrase in filter(None, parts):
        plain = phrase[0].isalpha() and phrase[1:2] not in _REPEATS
        grouped.setdefault(phrase[0].lower() if plain else phrase, []).append(phrase)
    return f"(?:{'|'.join(map(_together, grouped.values()))})"


def _together(phrases: list[str]) -> str:
    if len(phrases) == 1:
        return phrases[0]
    return f"{phrases[0][0].lower()}(?:{'|'.join(phrase[1:] for phrase in phrases)})"


def small(pattern: str) -> re.Pattern[str]:
    r"""A pattern that reads small letters: its own are made small, but for those of escapes.

    >>> small(r"\bAI [A-Z]\Z").pattern
    '\\bai [a-z]\\Z'
    """
    return re.compile(_CAPITAL.sub(lambda found: found[0] if found[0][0] == "\\" else found[0].lower(), pattern))


def before(pattern: str, gap: int = 4) -> re.Pattern[str]:
    """A pattern that ends before the name, with at most ``gap`` describing words between, in one clause."""
    # "U.S." ends no clause.
    between = rf"(?:(?:[A-Z]\.(?:[A-Z]\.)*|[^\s.,;:!?()]{{1,24}})\s+){{0,{gap}}}"
    return small(rf"\W(?:{pattern})\s+{between}[\"\u201c\u2018'(\[]*\Z")


def before_but_by(pattern: str, gap: int = 4) -> re.Pattern[str]:
    """As :func:`before`, but no agent: what was smeared is not whom it was "smeared by"."""
    between = rf"(?:(?!(?:by|through)\b)(?:[A-Z]\.(?:[A-Z]\.)*|[^\s.,;:!?()]{{1,24}})\s+){{0,{gap}}}"
    return small(rf"\W(?:{pattern})\s+{between}[\"\u201c\u2018'(\[]*\Z")


def behind(pattern: str) -> re.Pattern[str]:
    """A pattern that begins right behind the name, its closing quote or bracket."""
    return small(rf"[\"\u201d\u2019')\]]*(?:{pattern})")


AGENTS = any_of("""
    run; ran; operated; controlled; orchestrated; conducted; carried out; created; managed; headed; funded; financed
    directed; launched; ordered; perpetrated; set up; established; developed; organi[sz]ed; engineered; masterminded
    coordinated; overseen; sponsored; backed; commissioned; hired; employed; waged; staffed; fabricated; faked; forged
    administered; written; founded
""")
"""What is done by whom runs an operation."""

SPREADS = any_of("""
    amplified; promoted; spread; shared; posted; published; circulated; pushed; disseminated; uploaded; picked up
    repeated; reposted; retweeted; tweeted; broadcast; quoted
""")
"""What is done by whom helps an operation along."""

_ADVERB = any_of("""
    has; have; had; also; likely; then; allegedly; reportedly; apparently; subsequently; first; again; later; quickly
    repeatedly; openly; falsely; was; were; is; are; been; being; began; started; continued; continues; tried
    attempted
    sought; appears; appeared; to; further; even; still; actively; deliberately; successfully; initially; previously
""")
ADVERBS = rf"(?:{_ADVERB}\s+){{0,4}}"
"""Words between the one who acts and what is done."""

NOT_PASSIVE = (
    r"(?!(?:(?:has|have|had|also|then|later|\w+ly)\s+){0,2}(?:was|were|is|are|been|being)\s+(?:\w+ly\s+)?\w+ed\b)"
)
"""Before :data:`ADVERBS`: who "was targeted" does nothing."""

_OWN = any_of("""
    its?; their; his; her; fake; false; social; bots?; accounts?; websites?; AI; deepfakes?; sock ?puppets?; existing
    compromised; inauthentic; multiple accounts; a network; a fake; a website; proxies
""")

SHARING = any_of("""
    shar(?:es|ed|ing); post(?:s|ed|ing); tweet(?:s|ed|ing); retweet(?:s|ed|ing); upload(?:s|ed|ing)
    repost(?:s|ed|ing)
    quote-tweet(?:s|ed)?; amplif(?:ies|ied|ying|y); promot(?:es|ed|ing); spread(?:s|ing)?; circulat(?:es|ed|ing|e)
    repeat(?:s|ed|ing)
""")
"""What anyone does who passes something on."""

ACTS = any_of(rf"""
    ramping up; ramp(?:s|ed) up; turn(?:s|ed|ing) (?:to|its|their|his|her|diplomats); creat(?:es|ed|ing)
    fabricat(?:es|ed|ing); engag(?:es|ed|ing) in; exploit(?:s|ed|ing)?; launch(?:es|ed|ing); deploy(?:s|ed|ing)
    conduct(?:s|ed|ing); orchestrat(?:es|ed|ing); impersonat(?:es|ed|ing|e); masquerad(?:es|ed|ing|e)
    pos(?:es|ed|ing|e) (?:as|itself); hack(?:s|ed|ing); infiltrat(?:es|ed|ing|e); flood(?:s|ed|ing)?
    disseminat(?:es|ed|ing|e); interfer(?:es|ed|ing|e); meddl(?:es|ed|ing|e); manipulat(?:es|ed|ing|e)
    weaponi[sz](?:es|ed|ing|e); us(?:es|ed|ing|e) {_OWN}; disguis(?:es|ed|ing|e); target(?:s|ed|ing)?
    operat(?:es|ed|ing|e); r[au]n(?:s|ning)? (?:a|an|the|its|several|fake); troll(?:s|ed|ing); smear(?:s|ed|ing)?
    harass(?:es|ed|ing)?; defac(?:es|ed|ing|e); self-publish(?:es|ed); rebrand(?:s|ed|ing); repurpos(?:es|ed|ing)
    modd(?:ed|ing)
    publish(?:es|ed) (?:stolen|hacked|leaked|fake|false|the|a|one)\b; set(?:s|ting)? up; register(?:s|ed|ing)?
    purchas(?:es|ed|ing); rent(?:s|ed); push(?:es|ed|ing); threaten(?:s|ed|ing); dox(?:es|xed|ed|xing)?
    steal(?:s|ing)?
    stole; leak(?:s|ed|ing)?; phish(?:es|ed|ing)?; link(?:s|ed|ing) (?:out|to); offers? \w+ (?:different )?membership
    {SHARING}
""")
"""What one does who runs an operation."""

_FATES = any_of(r"""
    sentenced; arrested; indicted; fined; jailed; prosecuted; found guilty; extradited; charged; convicted
    sanctioned; blamed; the (?:creator|author|mastermind)
    identified as the (?:operator|author|creator|source|owner)
    \d\d years old at the time of the (?:hack|attack|crime|scheme|offen[cs]e)
""")
_WAS = any_of("was; were; is; has been; have been; had been")
CRIMES = rf"(?:,[^.;]{{0,80}},)?\s+(?:{_WAS}\s+(?:\w+\s+)?{_FATES}|pleaded guilty|agreed to serve)"
"""What happens to one who was found to run an operation."""

TIES = any_of(r"""
    attribut(?:ed?|es|ing|ion|able)(?: \w+){0,4} to; (?:linked|ties?|tied) (?:back )?to; traced (?:back )?to
    (?:connect(?:ed|ions?)|belong(?:s|ing|ed)?) to; (?:affiliated|associated|working) with; links to
    fingerprints of; hallmarks of
""")
"""What ties an operation to the one who runs it."""

GROUPS = any_of("""
    organi[sz]ation; party;
    campaign; operation; network; threat actor; actor; hacker group; hacking group; hacker; cluster; group; movement
    troll farm; outfit; gang; collective; militia; consultancy; public relations firm
    (?:PR|marketing) (?:firm|agency); company
    firm; front organi[sz]ation; think tank; influencer; conspiracy theorist; businessman; oligarch; strategist
    operative
    propagandist; supremacist; neo-nazi
""")

CLAIMED = small(
    r"\W(?:claim(?:s|ed|ing)?|falsely|wrongly|baseless\w*|alleg(?:es?|ed|ing) (?:that )?the)\b[^.;:]{0,90}\Z"
)
"""Before a name: what follows is somebody's claim."""

SPREADING = small(rf"(?:,[^.;,]{{0,70}},|,?\s+(?:who|which))?\s+{ADVERBS}{SHARING}\b(?! that (?:he|she|they)\b)")
"""Behind a name: it passes something on."""

MODIFIES = re.compile(
    r"(?:[\u2019']s)?\s+(?:supporters?|all(?:y|ies)|aides?|fans?|backers?|critics?|voters?|"
    r"administration|rall(?:y|ies)|campaign)\b"
)
"""Behind a name: it only describes someone else."""

AFFAIRS = small(
    any_of(r"""
    disinformation; misinformation; propagand; influenc; forge[dr]; interfer; meddl; troll; b(?<!\wb)ots?\b
    f(?<!\wf)ake; hack
    campaign; account; narrativ; inauthentic; cyber; phish; deepfake; AI\b; artificial intelligence; malign; covert
    online; social media; media push; information (?:war|operation|manip); impersonat; plausible deniability
    discredit
    """)
)
"""Words of a sentence that is about influence rather than about war or trade."""
