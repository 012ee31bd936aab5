"""What changed between two releases, as text, Markdown, JSON or a Navigator layer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from kg.exports.layer import LAYER_VERSIONS, gradient
from kg.lineage.changes import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from kg.analysis.difference import Breakage
    from kg.lineage.changes import Change, Changes

_COLOURS = {
    "followed": "#1971c2",
    "added": "#2b8a3e",
    "meaning": "#c2255c",
    "renamed": "#1971c2",
    "moved": "#e67700",
    "reparented": "#e67700",
    "described": "#868e96",
    "removed": "#c92a2a",
}
"""Kind of change -> its colour in a layer; of several for one technique the first in this order shows."""

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_[]<>|#~!&"})


def _groups(changes: Changes) -> list[tuple[str, tuple[Change, ...]]]:
    found: Iterable[tuple[str, tuple[Change, ...]]] = ((words, getattr(changes, kind)) for kind, words in KINDS.items())
    return [(words, group) for words, group in found if group]


def _told(change: Change) -> str:
    if change.kind in {"described", "incidents_described"}:
        return ""
    if change.before and change.after:
        return f"{change.before} -> {change.after}"
    if change.kind == "reparented":
        return f"{change.before or 'no parent'} -> {change.after or 'no parent'}"
    return change.before or change.after


def render_text(changes: Changes, breakages: Sequence[Breakage] | None = None) -> str:
    """Counts first, then each change on a line; pairs last, what breaks before all."""
    lines = [f"{changes.old} -> {changes.new}"]
    lines += [f"{release} is known in part: what it lacks may have been there" for release in changes.partial]
    lines += [f"{len(group):>6} {words}" for words, group in _groups(changes)]
    lines += [f"{len(changes.gained):>6} pair gained", f"{len(changes.lost):>6} pair lost"]
    if not changes.with_incidents:
        del lines[-2:]
    lines += _not_compared(changes)
    if breakages is not None:
        uses = sum(found.uses for found in breakages)
        lines += ["", f"what of yours breaks: {_uses(uses)}, of {len(breakages)} of its ids"]
        for found in breakages:
            to = f" -> {found.to} ({found.confidence:g})" if found.to and found.to != found.identifier else ""
            why = f": {found.reason}" if found.reason else ""
            lines.append(f"  {found.identifier} {found.name} ({_uses(found.uses)}) {found.what}{to}{why}")
    for words, group in _groups(changes):
        lines += ["", words, *(f"  {change.identifier} {_told(change)}".rstrip() for change in group)]
    for words, pairs in (("pair gained", changes.gained), ("pair lost", changes.lost)):
        if pairs:
            lines += ["", words, *(f"  {incident} {technique}" for incident, technique in pairs)]
    return "\n".join(lines) + "\n"


def _not_compared(changes: Changes) -> list[str]:
    """What one side knows nothing of, and which is not told as lost or new therefore."""
    lines = [] if changes.with_ids else ["ids are not compared: of one side only its incidents are known"]
    return (
        lines if changes.with_incidents else [*lines, "incidents are not compared: of one side only its ids are known"]
    )


def _uses(number: int) -> str:
    return "1 use" if number == 1 else f"{number} uses"


def render_markdown(changes: Changes, breakages: Sequence[Breakage] | None = None) -> str:
    """The same with headings and tables; text from data is escaped, so that it stays text."""
    lines = [f"# {_plain(changes.old)} to {_plain(changes.new)}", ""]
    for release in changes.partial:
        lines += [f"{_plain(release)} is known in part: what it lacks may have been there.", ""]
    for sentence in _not_compared(changes):
        lines += [f"{sentence[0].upper()}{sentence[1:]}.", ""]
    lines += ["| change | number |", "|---|---|"]
    lines += [f"| {words} | {len(group)} |" for words, group in _groups(changes)]
    if changes.with_incidents:
        lines += [f"| pair gained | {len(changes.gained)} |", f"| pair lost | {len(changes.lost)} |"]
    if breakages is not None:
        lines += [
            "",
            "## What of yours breaks",
            "",
            "| id | name | uses | what | write | how sure | why |",
            "|---|---|---|---|---|---|---|",
        ]
        for found in breakages:
            sure = f"{found.confidence:g}"
            cells = (found.identifier, found.name, found.uses, found.what, found.to, sure, found.reason)
            lines.append("| " + " | ".join(_plain(str(cell)) for cell in cells) + " |")
    for words, group in _groups(changes):
        lines += ["", f"## {words[0].upper()}{words[1:]}", "", "| id | |", "|---|---|"]
        lines += [f"| {change.identifier} | {_plain(_told(change))} |" for change in group]
    for words, pairs in (("Pair gained", changes.gained), ("Pair lost", changes.lost)):
        if pairs:
            lines += ["", f"## {words}", "", "| incident | technique |", "|---|---|"]
            lines += [f"| {_plain(incident)} | {_plain(technique)} |" for incident, technique in pairs]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.translate(_SPECIAL).split())


def render_json(changes: Changes, breakages: Sequence[Breakage] | None = None) -> str:
    """One object; each kind of change is a list of objects with id, before and after."""
    found: dict[str, object] = {"old": changes.old, "new": changes.new}
    found |= {"partial": list(changes.partial), "with_incidents": changes.with_incidents, "with_ids": changes.with_ids}
    for kind in KINDS:
        found[kind] = [
            {"id": change.identifier, "before": change.before, "after": change.after}
            for change in getattr(changes, kind)
        ]
    found["pairs_gained"] = [{"incident": incident, "technique": each} for incident, each in changes.gained]
    found["pairs_lost"] = [{"incident": incident, "technique": each} for incident, each in changes.lost]
    if breakages is not None:
        found["breaks"] = [each._asdict() for each in breakages]
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def render_layer(changes: Changes, breakages: Sequence[Breakage] | None = None) -> str:
    """A layer for the ATT&CK Navigator (format 4.5), each changed technique in the colour of its change.

    Where a file was given, its uses are the scores, and what breaks is what is shown.
    """
    told: dict[str, list[Change]] = {}
    for kind in _COLOURS:
        for change in getattr(changes, kind):
            told.setdefault(change.identifier, []).append(change)
    uses = {found.identifier: found for found in breakages or ()}
    entries = []
    for identifier in sorted(uses if breakages is not None else told):
        kinds = [change.kind for change in told.get(identifier, ())] or ["removed"]
        comments = [f"{KINDS[change.kind]}: {_told(change)}".rstrip(": ") for change in told.get(identifier, ())]
        entry: dict[str, object] = {"techniqueID": identifier, "color": _COLOURS[kinds[0]], "enabled": True}
        if identifier in uses:
            found = uses[identifier]
            instead = f"write {found.to}" if found.to not in {"", identifier} else ""
            comments = [found.what, instead, *comments, found.reason]
            entry["score"] = uses[identifier].uses
        entry["comment"] = "; ".join(filter(None, comments))
        entries.append(entry)
    layer = {
        "name": f"DISARM {changes.old} to {changes.new}",
        "versions": LAYER_VERSIONS,
        "domain": "DISARM",
        "description": "What changed, by colour; comments say how.",
        "techniques": entries,
        "gradient": gradient(max((found.uses for found in uses.values()), default=1)),
        "legendItems": [{"label": KINDS[kind], "color": colour} for kind, colour in _COLOURS.items()],
    }
    return json.dumps(layer, ensure_ascii=False, indent=2) + "\n"


CHANGE_FORMS: dict[str, Callable[..., str]] = {
    "text": render_text,
    "markdown": render_markdown,
    "json": render_json,
    "layer": render_layer,
}
"""Name of a form -> function from changes, and what breaks, to its text."""
