"""Records of what prose names: things in the world, where they stand in a text, and what they do there."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

ASSERTED = 0.6
"""The confidence from which what a mention says also stands as a simple edge of the default graph."""


_LONGEST_IDENTIFIER = 60
_UNSAID = frozenset("MZPC")
"""What an identifier may leave out of a name: marks, blanks, punctuation, by the first letter of their category."""


def identifier_of(name: str, taken: Container[str] = frozenset()) -> str:
    """The identifier of a thing that only has a name: the same wherever that name is read, in any case.

    It is the name in small letters and hyphens. Where that would not tell the name from others, since letters, digits
    or signs are lost, or it is long, or another thing has it, eight hex digits of the sha256 of the name stand behind.

    >>> identifier_of("Gr\u00fcne M\u00f6we"), identifier_of("GRUNE Mowe"), identifier_of("C++")
    ('grune-mowe', 'grune-mowe', 'c-cedb1bac')

    Args:
        name: What it is called.
        taken: Identifiers that other things have.
    """
    folded = unicodedata.normalize("NFKD", " ".join(name.split())).casefold()
    words = re.sub(r"[^a-z0-9]+", "-", folded.encode("ascii", "ignore").decode()).strip("-")
    lost = any(not char.isascii() and unicodedata.category(char)[0] not in _UNSAID for char in folded)
    lost = lost or any(unicodedata.category(char)[0] == "S" for char in folded)
    if words and not lost and len(words) <= _LONGEST_IDENTIFIER and words not in taken:
        return words
    digits = hashlib.sha256(folded.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{words[:_LONGEST_IDENTIFIER].strip('-') or 'x'}-{digits}"


class Role(StrEnum):
    """What a named thing does in an incident.

    ``operator`` runs, orders or is blamed for it; ``enabler`` amplifies or publishes for it; ``aligned`` is only said
    to lean that way or to sit there ("pro-Russian", "Russia-based"); ``used`` is a platform that carried it;
    ``target`` is what it was aimed at; ``reporter`` tells of it; ``mentioned`` is none of these. A year is ``when``
    where the text gives it as that of the act.
    """

    OPERATOR = "operator"
    ENABLER = "enabler"
    ALIGNED = "aligned"
    USED = "used"
    TARGET = "target"
    REPORTER = "reporter"
    WHEN = "when"
    MENTIONED = "mentioned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """Something in the world that prose names: an actor, a platform, a country.

    Attributes:
        category: ``actor``, ``platform``, ``country``, ``region`` or ``reporter``.
        identifier: The last part of its IRI: a slug, or the ISO 3166-1 code of a country.
        name: Its usual English name.
        aliases: Other names and former ones, each once.
        kind: What it is: ``state-organ``, ``group``, ``company``, ``person``, ``media``; for a platform the technique
            id of its type, such as ``T0152.006``; empty where nobody says.
        country: ISO 3166-1 code of the country an actor belongs to, or empty.
        owner: Name of the company that runs a platform, or empty.
        wikidata: Wikidata id such as ``Q7889``, or empty.
        misp: UUID in MISP's threat-actor galaxy, or empty.
        source: Where the facts are from.
    """

    category: str
    identifier: str
    name: str
    aliases: tuple[str, ...] = ()
    kind: str = ""
    country: str = ""
    owner: str = ""
    wikidata: str = ""
    misp: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NameMention:
    """A name, or a date, that was read in the prose of an incident.

    Attributes:
        field: ``title``, ``summary``, or ``passage`` (then ``passage`` holds the first 16 hex digits of its hash).
        start: 0-based code point of the field's plain text.
        end: The same, exclusive: ``text[start:end] == surface``.
        thing: What is named; None for a date.
        year: The year a date names; None for a name.
        confidence: From 0 to 1, how sure the rule is of the role.
        rule: Name of the rule that gave the role; ``page:...`` where another mention on the page decided.
    """

    incident: str
    field: str
    passage: str
    start: int
    end: int
    surface: str
    thing: Thing | None
    role: Role
    confidence: float
    rule: str
    year: int | None = None
