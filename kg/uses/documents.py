"""The techniques that JSON documents name, with their places: Navigator layers, STIX bundles, MISP events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.sources.foreign import TECHNIQUE_ID
from kg.uses.places import Lines, Node, Occurrence, Span, parse_places

if TYPE_CHECKING:
    from collections.abc import Iterator

_ID_SOURCES = frozenset({"disarm", "mitre-attack"})
_TAG = re.compile(r'misp-galaxy:disarm-techniques="(?P<name>.*)"', re.DOTALL)
_GALAXY = "disarm-techniques"


def layer_uses(text: str, name: str) -> list[Occurrence]:
    """The entries of a Navigator layer; those that are switched off are mended as well.

    Raises:
        SourceError: It is no JSON, or the layer of another framework.
    """
    root, lines = parse_places(text, name), Lines(text)
    # The Navigator saves several layers as a list; in one, those of other frameworks are left alone.
    layers = root.items or [root]
    ours = [layer for layer in layers if not (domain := layer.text("domain")) or "disarm" in domain.casefold()]
    if not ours:
        domain = layers[0].text("domain")
        raise SourceError(f"{name}: the domain of the layer is {domain[:40]!r}; give a layer whose domain is DISARM")
    return [
        _occurrence(lines, _identifier(entry.text("techniqueID")), "", [(entry.members["techniqueID"], "id")])
        for layer in ours
        for entry in layer.objects("techniques")
        if entry.text("techniqueID")
    ]


def stix_uses(text: str, name: str) -> list[Occurrence]:
    """The attack patterns of a STIX bundle; an id in its references, ``x_mitre_id`` or OpenCTI's extension is one use.

    Raises:
        SourceError: It is a framework of DISARM itself.
    """
    root, lines = parse_places(text, name), Lines(text)
    found = []
    for node in root.walk():
        kind = node.text("type")
        if kind == "x-mitre-tactic":
            raise SourceError(f"{name}: holds tactics, so it is a framework itself; give a file that uses techniques")
        if kind == "attack-pattern":
            places = list(_codes(node))
            if places:
                identifier = _identifier(places[0].value or "")
                named = [(node.members["name"], "name")] if node.text("name") else []
                same = [(place, "id") for place in places if _identifier(place.value or "") == identifier]
                found.append(_occurrence(lines, identifier, node.text("name"), [*same, *named]))
    return found


def _codes(node: Node) -> Iterator[Node]:
    """The places in which an attack pattern carries an id of a technique."""
    for reference in node.objects("external_references"):
        if reference.text("source_name").casefold() in _ID_SOURCES:
            yield from _coded(reference, "external_id")
    yield from _coded(node, "x_mitre_id")
    for extensions in node.objects("extensions"):
        for extension in extensions.members.values():
            yield from _coded(extension, "id")


def _coded(node: Node, key: str) -> Iterator[Node]:
    if TECHNIQUE_ID.fullmatch(_identifier(node.text(key))):
        yield node.members[key]


def _identifier(written: str) -> str:
    """The id that is meant, in the letters of DISARM and without blanks around it."""
    return written.strip().upper()


def misp_uses(text: str, name: str) -> list[Occurrence]:
    """The tags of DISARM's galaxy and the clusters that events carry along; both name a technique by its name.

    Raises:
        SourceError: It is a galaxy of DISARM itself.
    """
    root, lines = parse_places(text, name), Lines(text)
    if root.text("type") == _GALAXY and "values" in root.members:
        raise SourceError(f"{name}: is the galaxy itself; give events that are tagged with it")
    found = []
    for node in root.walk():
        tag = _TAG.fullmatch(node.text("name"))
        if tag is not None:
            found.append(_in_tag(lines, text, node.members["name"], tag))
        elif node.text("type") == _GALAXY and node.text("value"):
            found.append(_in_cluster(lines, text, node))
    return found


def _in_tag(lines: Lines, text: str, place: Node, tag: re.Match[str]) -> Occurrence:
    """The name within a tag; where JSON writes it with escapes it is found by its written form."""
    raw = text[place.start : place.end]
    opening, closing = raw.find('=\\"'), raw.rfind('\\"')
    spans = []
    if 0 <= opening < closing:
        spans.append(Span(place.start + opening + 3, place.start + closing, "name", "json"))
    return Occurrence("", tag["name"].strip(), lines.at(place.start), spans=spans)


def _in_cluster(lines: Lines, text: str, node: Node) -> Occurrence:
    occurrence = _occurrence(lines, "", node.text("value"), [(node.members["value"], "name")])
    occurrence.tags = 0
    tag = _TAG.fullmatch(node.text("tag_name"))
    if tag is not None:
        occurrence.spans += _in_tag(lines, text, node.members["tag_name"], tag).spans
    for meta in node.objects("meta"):
        listed = meta.members.get("external_id")
        for item in [] if listed is None else (listed.items or [listed]):
            if item.value and TECHNIQUE_ID.fullmatch(_identifier(item.value)):
                occurrence.identifier = _identifier(item.value)
                occurrence.spans.append(Span(item.start, item.end, "id", "plain"))
    return occurrence


def _occurrence(lines: Lines, identifier: str, name: str, places: list[tuple[Node, str]]) -> Occurrence:
    spans = [Span(place.start, place.end, kind, "plain" if kind == "id" else "json") for place, kind in places]
    return Occurrence(identifier, " ".join(name.split()), lines.at(places[0][0].start), spans=spans)
