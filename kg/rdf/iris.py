"""IRIs: minted in one function that percent-encodes. See ontology/README.md for the policy."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

from kg.rdf.namespaces import GRAPH, ID, PREFIXES

_HASH_DIGITS = 16
_SAFE = re.compile(r"[A-Za-z0-9._~-]+")


@lru_cache(maxsize=65536)
def mint(kind: str, identifier: str) -> str:
    """The IRI of a thing: base, kind, percent-encoded identifier.

    >>> mint("technique", "T0146.006")
    'https://w3id.org/disarm-kg/id/technique/T0146.006'
    >>> mint("release", "my release")
    'https://w3id.org/disarm-kg/id/release/my%20release'
    """
    return f"{ID}{kind}/{_segment(identifier)}"


def _segment(identifier: str) -> str:
    # Nearly every identifier is safe as it stands, and to see that is far quicker than to quote it.
    return identifier if _SAFE.fullmatch(identifier) else quote(identifier, safe="._~-")


@lru_cache(maxsize=4096)
def term(prefixed: str) -> str:
    """The IRI of a vocabulary term written with its prefix, such as ``kg:usesTechnique``.

    Raises:
        KeyError: The prefix is not one of ours.
    """
    prefix, _, local = prefixed.partition(":")
    return PREFIXES[prefix] + local


def short_hash(*parts: object) -> str:
    """16 hex digits of the sha256 of the parts; each is kept apart from the next by its length.

    >>> short_hash("a", "bc") != short_hash("ab", "c")
    True
    """
    joined = "".join(f"{len(text)}:{text}" for text in map(str, parts))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]


def url_hash(url: str) -> str:
    """16 hex digits of the sha256 of an address: the identifier of a reference."""
    return hashlib.sha256(url.encode()).hexdigest()[:_HASH_DIGITS]


def folded_hash(text: str) -> str:
    """The sha256, in hex, of the NFC form of a text with white space folded: the same as :func:`kg.text.digest`."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def release_graph(release: str) -> str:
    """The graph that holds a release as published."""
    return f"{GRAPH}release/{_segment(release)}"


RECOVERED_GRAPH = GRAPH + "recovered"
"""The graph of what earlier releases state and later ones dropped."""

FINDINGS_GRAPH = GRAPH + "findings"
"""The graph of the faults found and of the ledger."""

HISTORY_GRAPH = GRAPH + "history"
"""The graph of what became of each id over the releases."""

TEXT_GRAPH = GRAPH + "text"
"""The graph of what was read from prose: mentions of actors, platforms, countries, dates."""

_KINDS_BY_PREFIX = (
    ("TA", "tactic"),
    ("TK", "task"),
    ("T", "technique"),
    ("I", "incident"),
    ("C", "counter"),
    ("P", "phase"),
    ("M", "metatechnique"),
    ("A", "actor-type"),
    ("D", "response-type"),
    ("F", "detection"),
    ("S", "sector"),
)


_LATER_KINDS = (
    (re.compile(r"T[2-8]\d{3}"), "observation-type"),
    (re.compile(r"A\d{4}"), "assessment"),
    (re.compile(r"TA[2-9]\d"), "category"),
)
"""Ids of DISARM 2.x, which no id of 1.x has the form of; those of its groups (P05) are told by their pages only."""


@lru_cache(maxsize=65536)
def by_disarm_id(identifier: str) -> str | None:
    """The IRI of the object a DISARM id names, told by its letters; None where they say nothing.

    >>> by_disarm_id("TA01_2.0")
    'https://w3id.org/disarm-kg/id/tactic/TA01_2.0'
    >>> by_disarm_id("TA01")
    'https://w3id.org/disarm-kg/id/tactic/TA01'
    >>> by_disarm_id("A0001.001"), by_disarm_id("A001")
    ('https://w3id.org/disarm-kg/id/assessment/A0001.001', 'https://w3id.org/disarm-kg/id/actor-type/A001')
    """
    head = identifier.partition(".")[0]
    for pattern, later in _LATER_KINDS:
        if pattern.fullmatch(head):
            return mint(later, identifier)
    # An id that a later release gave another meaning carries the release it is of: T0117_2.0.
    letters = identifier.partition("_")[0].rstrip("0123456789.")
    for prefix, kind in _KINDS_BY_PREFIX:
        if letters == prefix:
            return mint(kind, identifier)
    return None
