"""What a user names, as a node of the graph: by its id, or by its name where things are known by names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from kg.errors import KgError, UnknownNameError, unknown_name
from kg.filters import find_named
from kg.rdf.iris import by_disarm_id, mint
from kg.rdf.namespaces import ID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.store.protocol import TripleStore

_DISARM_ID = re.compile(r"[A-Z]{1,2}\d{2,5}(?:\.\d{3})?(?:_\d\.\d)?")
_IRI = re.compile(re.escape(ID) + r"[a-z-]+/[\w.~%-]+")
_NAMED_KINDS = ("actor", "platform", "country", "region", "organisation")

_WRITE = "write an id such as I00100, T0154.002 or TA01, or a whole name; 'kg search WORDS' finds by parts of names"

_TITLES = """
SELECT ?this ?title WHERE {
  VALUES ?this { $THESE } { ?this dcterms:title ?title } UNION { ?this skos:prefLabel ?title }
}"""

_NAMED_CLASSES = (
    "kg:Actor kg:Platform kg:Country kg:Region kg:Organisation kg:Technique kg:Tactic kg:Phase kg:Counter kg:Detection"
)


class Named(NamedTuple):
    """A node that a user named.

    Attributes:
        iri: Its IRI.
        kind: incident, technique, actor, ...: the part of the IRI before its identifier.
        identifier: Its identifier.
        title: Its title or name.
    """

    iri: str
    kind: str
    identifier: str
    title: str


def find_thing(store: TripleStore, given: str) -> Named:
    """The one node that is meant.

    Args:
        store: The graph.
        given: A DISARM id such as ``I00100`` (case does not matter), the id of an incident of another source, the id of
            an actor, a platform or a country (``youtube``, ``RU``), the IRI of any of them, or the name of an actor, a
            platform, a country, a technique, a tactic, a phase, a counter or a detection. A name that a technique
            shares with an actor, a platform or a country is theirs.

    Raises:
        UnknownNameError: The graph holds nothing under it, or several things have this name.
    """
    wanted = given.strip()
    identifiers = _candidates(wanted)
    titles = _titles(store, identifiers)
    for iri, identifier in identifiers.items():
        if iri in titles:
            return Named(iri, _kind(iri), identifier, titles[iri])
    if _DISARM_ID.fullmatch(wanted.upper()) and (node := by_disarm_id(wanted.upper())) is not None:
        raise unknown_name("id", wanted.upper(), _identifiers(store, node.rpartition("/")[0]))
    try:
        found = sorted(find_named(store, "name", (wanted,), _NAMED_CLASSES))
    except UnknownNameError as error:
        raise UnknownNameError(f"{error}; {_WRITE}") from error
    except KgError as error:
        raise UnknownNameError(f"unknown name {given!r}; {_WRITE}") from error
    found = [iri for iri in found if _kind(iri) in _NAMED_KINDS] or found
    if len(found) > 1:
        meant = " and ".join(f"the {_kind(iri)} {iri.rpartition('/')[2]}" for iri in found)
        raise UnknownNameError(f"{given!r} is the name of {meant}; write the id of one")
    return Named(found[0], _kind(found[0]), found[0].rpartition("/")[2], _titles(store, found)[found[0]])


def _candidates(wanted: str) -> dict[str, str]:
    """The nodes that an id may be that of, in order of belief, each with its identifier."""
    if _IRI.fullmatch(wanted):
        return {wanted: unquote(wanted.rpartition("/")[2])}
    capital = wanted.upper()
    node = by_disarm_id(capital) if _DISARM_ID.fullmatch(capital) else None
    pairs = [] if node is None else [(node, capital)]
    if node is not None and capital.startswith("P"):
        # A group of DISARM 2.x has an id of the form of a phase of 1.x.
        pairs.append((mint("group", capital), capital))
    pairs.append((mint("incident", wanted), wanted))
    pairs += [(mint(kind, form), form) for kind in _NAMED_KINDS for form in (wanted, wanted.lower(), capital)]
    return dict(pairs)


def _titles(store: TripleStore, iris: Iterable[str]) -> dict[str, str]:
    these = " ".join(f"<{iri}>" for iri in iris)
    return {row[0] or "": row[1] or "" for row in store.select(_TITLES.replace("$THESE", these)).values()}


def _kind(iri: str) -> str:
    return iri.split("/")[-2]


def _identifiers(store: TripleStore, prefix: str) -> Iterator[str]:
    rows = store.select("SELECT ?thing WHERE { ?thing dcterms:identifier ?id } ORDER BY ?thing").values()
    return (iri.rpartition("/")[2] for row in rows if (iri := row[0] or "").startswith(f"{prefix}/"))
