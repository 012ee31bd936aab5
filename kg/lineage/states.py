"""What one release says of its ids: a state for each, and the incidents with their pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

TECHNIQUES, DRAFT, OBSERVATIONS, ASSESSMENTS = "1", "2-draft", "2-observations", "2-assessments"
"""The lines of DISARM: an id means one thing within a line, and equal ids of two lines mean nothing to each other."""

LATER = "2"
"""What is published of 2.x, taken together: observations and assessments."""

LATER_LINES = (OBSERVATIONS, ASSESSMENTS)
"""The lines that :data:`LATER` holds. A crosswalk leads there from 1.x, and none from the draft."""

_WORD = re.compile(r"[^\W\d_]{2,}")
_STEM = 4
# Words that techniques of every meaning share.
_COMMON = frozenset(
    (
        "and",
        "as",
        "by",
        "conduct",
        "content",
        "create",
        "develop",
        "existence",
        "existing",
        "for",
        "in",
        "is",
        "leverage",
        "media",
        "of",
        "on",
        "online",
        "or",
        "prepare",
        "social",
        "target",
        "that",
        "the",
        "to",
        "use",
        "using",
        "with",
    )
)


@lru_cache(maxsize=8192)
def name_key(name: str) -> str:
    """A name by its letters and digits alone: what two spellings of one name share.

    >>> name_key("Develop AI-Generated Video") == name_key("develop ai generated video")
    True
    """
    return "".join(char for char in name.casefold() if char.isalnum())


def share_a_word(left: str, right: str) -> bool:
    """Whether two names have a telling word in common, by its first four letters.

    >>> share_a_word("Promote online funding", "Conduct Fundraising"), share_a_word("YouTube", "Build Network")
    (True, False)
    """
    return bool(_stems(left) & _stems(right)) or name_key(left) == name_key(right)


def same_words(left: str, right: str) -> bool:
    """Whether two names have the same telling words, whatever their order and endings.

    >>> same_words("Conduct Physical Violence", "Physical Violence"), same_words("Linked Content", "Post Content")
    (True, False)
    """
    return _stems(left) == _stems(right) or name_key(left) == name_key(right)


def _stems(name: str) -> set[str]:
    return {word[:_STEM] for word in map(str.casefold, _WORD.findall(name)) if word not in _COMMON}


@dataclass(frozen=True, slots=True)
class State:
    """One id in one release.

    Attributes:
        identifier: The id as DISARM writes it, such as ``T0097.101``.
        name: Its name.
        tactic: The id of its tactic (in 2.x its category); empty where it is not known.
        parent: The id it is below; empty where it is below none.
        digest: The first 16 hex digits of the sha256 of its summary; empty where no text was at hand.
        listed: Whether the release lists it. An id that only has a page left over is not listed.
    """

    identifier: str
    name: str
    tactic: str = ""
    parent: str = ""
    digest: str = ""
    listed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What a source says.

    Attributes:
        release: Its name.
        line: One of the four lines.
        states: Id -> state.
        partial: Whether it holds a part of the ids only, so that the absence of one says nothing.
        date: The day it was published, ISO 8601; empty where it is not known.
        commit: The upstream commit; empty where it is not known.
        has_incidents: Whether anything is known of its incidents; what only a table of ids tells knows none.
        incidents: Id of an incident -> title.
        digests: Id of an incident -> digest of its summary and descriptions, where these were at hand.
        pairs: Incident and technique.
    """

    release: str
    line: str = TECHNIQUES
    states: Mapping[str, State] = field(default_factory=dict)
    partial: bool = False
    date: str = ""
    commit: str = ""
    has_incidents: bool = True
    incidents: Mapping[str, str] = field(default_factory=dict)
    digests: Mapping[str, str] = field(default_factory=dict)
    pairs: frozenset[tuple[str, str]] = frozenset()

    @property
    def listed(self) -> dict[str, State]:
        """The states of the ids that the release lists."""
        return {identifier: state for identifier, state in self.states.items() if state.listed}
