"""ATT&CK Navigator layers whose domain is DISARM: one layer is one incident, or one set of techniques.

The Navigator also saves all open layers as one file, a list; those of other domains are then told and left out.

Format: https://github.com/mitre-attack/attack-navigator/blob/master/layers/spec/v4.5/layerformat.md
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import SourceError
from kg.model import Incident, Outcome, Place, Severity
from kg.sources.foreign import ForeignSource, slug
from kg.sources.json_reader import parse_json
from kg.sources.json_text import JsonObject, looks_like_json, read_foreign, sniff
from kg.text import plain_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kg.model import Corpus
    from kg.sources.foreign import Rows

_SPINE = ("techniques", "links")
_MARKS = ("color", "comment", "metadata", "links")


def is_navigator_layer(path: Path) -> bool:
    """Whether a file is a Navigator layer, of whatever domain."""
    return looks_like_json(sniff(path), r'"techniques"\s*:\s*\[', r'"(?:domain|versions?)"\s*:', r'"techniqueID"\s*:')


def read_navigator(path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
    """Read a layer; a technique that it hides or scores 0 is no use.

    Args:
        path: The file.
        release: The name of the release; ``local`` by default.
        framework: Technique id to name; where given, an id that is not in it is reported and left out.

    Raises:
        SourceError: The file is no layer, or its domain is another.
    """
    name = path.name
    text, document, findings = read_foreign(path, name)
    value, doubts = parse_json(text, name, _SPINE)
    source = ForeignSource(name, dict(framework or {}))
    source.ledger.findings += [*findings, *doubts]
    listed = value if isinstance(value, list) and value else [value]
    incidents: dict[str, Incident] = {}
    for layer in listed:
        fault = _fault(layer)
        if isinstance(layer, JsonObject) and not fault:
            incident = _incident(layer, path.stem, source, incidents)
            incidents[incident.identifier] = incident
        elif len(listed) == 1:
            raise SourceError(f"{name}: {fault}")
        else:
            source.ledger.count("layers", Outcome.REPORTED)
            message, _, fix = fault.partition("; ")
            line = layer.line if isinstance(layer, JsonObject) else 1
            source.report("bad-row", line, f"an entry of the list: {message}", fix, severity=Severity.VIOLATION)
    if not incidents:
        raise SourceError(f"{name}: none of its {len(listed)} layers is one of DISARM; {_fault(listed[0])}")
    return source.close(release or "local", (document,), incidents.values())


def _fault(layer: object) -> str:
    """Why a value is no layer of DISARM; empty where it is one."""
    if not isinstance(layer, JsonObject) or not isinstance(layer.get("techniques"), list):
        return "is no Navigator layer; a layer is an object with a list 'techniques'"
    domain = layer.text("domain")
    if "disarm" in domain.casefold():
        return ""
    return f"the domain of the layer is {domain[:40]!r}; give a layer whose domain is DISARM"


def _incident(layer: JsonObject, stem: str, source: ForeignSource, before: Mapping[str, Incident]) -> Incident:
    """The incident that a layer is; of two layers of one name the second is numbered."""
    title = " ".join(layer.text("name").split())
    base = identifier = slug(title or stem)
    times = 1
    while identifier in before:
        times += 1
        identifier = f"{base}-{times}"
    if times > 1:
        message = f"a layer of this name stands above: {base}"
        source.report("duplicate-incident", layer.line, message, "kept under a number", about=(identifier,))
    if not title:
        source.report("missing-title", layer.line, "the layer has no name", about=(identifier,))
    rows = source.rows(identifier)
    entries = layer.objects("techniques")
    scored = any(_score(entry) is not None for entry in entries)
    for entry in entries:
        _add(entry, rows, source, scored=scored)
    _report_no_objects(layer, len(entries), source)
    links = [(link.text("url"), "", link.line) for link in layer.objects("links") if link.text("url")]
    source.ledger.stored("layers")
    return Incident(
        identifier=identifier,
        title=title or stem,
        place=Place(source.name, layer.line or 1),
        summary=plain_text(layer.text("description")),
        references=source.references(links, (identifier,)),
        rows=rows.records(),
    )


def _add(entry: JsonObject, rows: Rows, source: ForeignSource, *, scored: bool) -> None:
    technique = entry.text("techniqueID")
    reason = _no_use(entry, scored=scored)
    if reason:
        source.ledger.count("technique_rows", Outcome.REPORTED)
        shown = technique[:40] or "an entry"
        source.report("no-use", entry.line, f"{shown} {reason}; not counted as a use", severity=Severity.INFO)
        return
    rows.add(technique, "", entry.line, text=entry.text("comment"))


def _no_use(entry: JsonObject, *, scored: bool) -> str:
    """Why an entry says no use: the Navigator also writes what is hidden, and parents that are only unfolded."""
    if entry.get("enabled") is False:
        return "is disabled"
    score = _score(entry)
    if score is not None:
        return "" if score > 0 else "is scored 0"
    marked = any(entry.get(key) for key in _MARKS)
    if scored and not marked:
        return "has no score, colour or comment"
    return "is only unfolded" if "showSubtechniques" in entry and not marked else ""


def _score(entry: JsonObject) -> float | None:
    score = entry.get("score")
    return float(score) if isinstance(score, int | float) and not isinstance(score, bool) else None


def _report_no_objects(layer: JsonObject, read: int, source: ForeignSource) -> None:
    listed = layer.get("techniques")
    strangers = (len(listed) if isinstance(listed, list) else 0) - read
    if strangers:
        source.ledger.count("technique_rows", Outcome.REPORTED, strangers)
        message = f"{strangers} entries of 'techniques' are no objects"
        source.report("bad-row", layer.line, message, 'write {"techniqueID": "T0146"}', severity=Severity.VIOLATION)
