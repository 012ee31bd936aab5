"""Findings as a SARIF 2.1.0 log, which code hosts and editors show beside the files.

Specification: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import quote

from kg._version import __version__
from kg.linting.fixes import FIXED
from kg.linting.rules import GROUPS, RULES
from kg.model import Severity
from kg.rdf.namespaces import BASE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.linting.page_edits import Edit
    from kg.model import Finding, Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

Json = dict[str, object]


def render_sarif(findings: Iterable[Finding], edits: Mapping[Finding, Edit] | None = None) -> str:
    """The log of one run: every rule once, every finding a result; the same findings give the same bytes.

    Args:
        findings: What was found; files are told relative to the source, ``%SRCROOT%``.
        edits: What mends a finding; it becomes the result's fix.
    """
    found = list(findings)
    codes = sorted({*RULES, *(finding.code for finding in found)})
    places = {code: index for index, code in enumerate(codes)}
    driver: Json = {
        "name": "disarm-kg",
        "semanticVersion": __version__,
        "informationUri": BASE,
        "rules": [_rule(code) for code in codes],
    }
    # Two results with one fingerprint would be taken for one.
    seen: Counter[str] = Counter()
    results = [_result(finding, places[finding.code], seen, (edits or {}).get(finding)) for finding in found]
    run: Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str) -> Json:
    rule = RULES.get(code)
    sentence = rule.sentence if rule else f"{code}."
    level = LEVELS[rule.severity if rule else Severity.WARNING]
    how = FIXED.get(code)
    remedy = f"'kg lint --fix OUT' mends it where it is sure: {how}." if how else "Somebody has to decide."
    return {
        "id": code,
        "name": code.title().replace("-", ""),
        "shortDescription": {"text": sentence},
        "help": {"text": f"{sentence} {remedy}"},
        "helpUri": f"{BASE}lint#{code}",
        "defaultConfiguration": {"level": level},
        "properties": {"tags": [name for name, rules in GROUPS.items() if code in rules]},
    }


def _result(finding: Finding, index: int, seen: Counter[str], edit: Edit | None) -> Json:
    text = _plain(finding.message + (f"; {finding.fix}" if finding.fix else ""))
    about = " ".join(finding.about)
    stable = f"{finding.code}\n{finding.place.file}\n{finding.place.sheet}\n{about}\n{finding.message}"
    print_ = hashlib.sha256(stable.encode("utf-8", "replace")).hexdigest()[:32]
    seen[print_] += 1
    properties: Json = {"about": list(finding.about), "fix": finding.fix}
    result: Json = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"finding/v1": f"{print_}:{seen[print_]}"},
        "properties": properties,
    }
    if edit is not None:
        result["fixes"] = [_fix(finding, edit)]
    return result


def _fix(finding: Finding, edit: Edit) -> Json:
    line, column, end_line, end_column, text = edit
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    replacement = {"deletedRegion": region, "insertedContent": {"text": text}}
    change = {"artifactLocation": _artifact(finding.place.file), "replacements": [replacement]}
    return {"description": {"text": _plain(finding.fix or FIXED[finding.code])}, "artifactChanges": [change]}


def _plain(text: str) -> str:
    """A message whose text is no link: a viewer makes one of ``[name](address)`` (3.11.6)."""
    return text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text


def _artifact(file: str) -> Json:
    return {"uri": quote(file, safe="/") or ".", "uriBaseId": "%SRCROOT%"}


def _location(place: Place) -> Json:
    physical: Json = {"artifactLocation": _artifact(place.file)}
    # A workbook is no text: a line of it is a row of a sheet, told as a logical location.
    if place.line and not place.sheet:
        physical["region"] = {"startLine": place.line}
    location: Json = {"physicalLocation": physical}
    if place.sheet:
        name = place.cell or (f"{place.line}:{place.line}" if place.line else "")
        whole = f"{place.sheet}!{name}" if name else place.sheet
        location["logicalLocations"] = [{"name": name or place.sheet, "fullyQualifiedName": whole, "kind": "cell"}]
    return location
