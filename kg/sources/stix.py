"""STIX 2.1 bundles: DISARM's own (the framework) and those of platforms (incidents that use its techniques).

Specification: https://docs.oasis-open.org/cti/stix/v2.1/os/stix-v2.1-os.html
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Outcome, Severity
from kg.sources.foreign import ForeignSource
from kg.sources.json_reader import stream_json
from kg.sources.json_text import looks_like_json, sniff
from kg.sources.stix_framework import DRAFT_MARK, is_draft, is_framework, read_framework, release_of
from kg.sources.stix_incidents import READ_TYPES, read_incidents
from kg.sources.stix_objects import StixObjects
from kg.sources.stix_rest import Kind
from kg.sources.stream import TextStream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.model import Corpus

_WRAPPERS = ("incidents", "objects", "bundle", "bundles")
_OTHER_TYPES = (
    "artifact|autonomous-system|channel|course-of-action|directory|domain-name|email-addr|email-message|event|"
    "extension-definition|file|indicator|infrastructure|ipv4-addr|ipv6-addr|language-content|mac-addr|malware|"
    "malware-analysis|marking-definition|mutex|narrative|network-traffic|note|observed-data|opinion|process|sighting|"
    "software|tool|url|user-account|vulnerability|windows-registry-key|x-mitre-matrix|x-mitre-tactic|x509-certificate"
)
_KNOWN_TYPES = frozenset((*READ_TYPES, *_OTHER_TYPES.split("|")))


def is_stix(path: Path) -> bool:
    """Whether a file is a bundle of STIX objects, a list of them, or a wrapping of such."""
    text = sniff(path)
    return looks_like_json(text, r'"type"\s*:\s*"bundle"') or looks_like_json(
        text, r'"type"\s*:\s*"[a-z0-9-]+"', r'"id"\s*:\s*"[a-z0-9-]+--[0-9a-fA-F-]{36}"'
    )


def read_stix(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read a bundle of any size, object by object.

    A bundle that holds tactics is a framework: its own techniques are what exists. The draft of release 2.0 of July
    2025 gives ids of 1.x other meanings; its techniques are read as ``T0117_2.0``, so that the two never mix.

    Args:
        path: The file.
        release: The name of the release; by default what the addresses in the bundle say, else ``local``.
        framework: Technique id to name, for a bundle of incidents; an id that is not in it is reported and left out.

    Raises:
        SourceError: It holds no STIX object.
    """
    name = path.name
    source = ForeignSource(name, {})
    stored = StixObjects(source)
    stream = TextStream(path, name)
    doubts = stream_json(stream.pieces(), name, _WRAPPERS, stored.take)
    source.ledger.findings += [*stream.findings, *doubts]
    if not stored.read:
        raise SourceError(f'{name}: holds no STIX object; a bundle is {{"type": "bundle", "objects": [...]}}')
    stored.close()
    corpus = None
    if is_framework(stored):
        corpus = read_framework(stored, source)
        source.known = {technique.identifier: technique.name for technique in corpus.techniques}
    else:
        source.known = dict(framework or {})
    source.name_techniques(source.known)
    incidents, narratives = read_incidents(stored, source, mark=DRAFT_MARK if is_draft(stored) else "")
    _book(stored, source)
    named = release or (release_of(stored) if corpus is not None else "") or "local"
    closed = source.close(named, (stream.document(),), incidents, corpus.techniques if corpus is not None else ())
    closed = replace(closed, entries=narratives)
    return replace(closed, tactics=corpus.tactics) if corpus is not None else closed


def _book(stored: StixObjects, source: ForeignSource) -> None:
    """Book each object under its type; what was not read is one finding a type."""
    left: Counter[Kind] = Counter()
    first: dict[Kind, int] = {}
    for found in stored.objects:
        kind = found.text("type")
        if found.text("id") in stored.used:
            source.ledger.stored(_booked(kind))
            continue
        group = Kind(kind, found.text("relationship_type") if kind == "relationship" else "")
        left[group] += 1
        first[group] = min(found.line, first.get(group, found.line))
    for group, number, line in stored.rest.counts():
        left[group] += number
        first[group] = min(line, first.get(group, line))
    for (kind, verb), number in sorted(left.items()):
        source.ledger.count(_booked(kind), Outcome.REPORTED, number)
        known = kind in _KNOWN_TYPES
        named = f"relationship type {verb[:60]!r}" if verb else f"type {kind[:60]!r}"
        message = f"{number} of {named}, which " + ("is not read here" if known else "is unknown")
        code, severity = ("object-not-read", Severity.INFO) if known else ("unknown-object-type", Severity.WARNING)
        source.report(code, first[Kind(kind, verb)], message, severity=severity)


def _booked(kind: str) -> str:
    """What an object of this type is booked under."""
    return "stix_" + (kind if kind in _KNOWN_TYPES else "other")
