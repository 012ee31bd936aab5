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
from kg.lint.rules import RULES
from kg.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.model import Finding, Place

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.VIOLATION: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

Json = dict[str, object]


def render_sarif(findings: Iterable[Finding]) -> str:
    """The log of one run: every rule once, every finding a result; the same findings give the same bytes."""
    found = list(findings)
    codes = sorted({*RULES, *(finding.code for finding in found)})
    places = {code: index for index, code in enumerate(codes)}
    driver: Json = {
        "name": "disarm-kg",
        "semanticVersion": __version__,
        "informationUri": "https://w3id.org/disarm-kg/",
        "rules": [_rule(code) for code in codes],
    }
    # Two results with one fingerprint would be taken for one.
    seen: Counter[str] = Counter()
    results = [_result(finding, places[finding.code], seen) for finding in found]
    run: Json = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log: Json = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str) -> Json:
    rule = RULES.get(code)
    sentence = rule.sentence if rule else f"{code}."
    level = LEVELS[rule.severity if rule else Severity.WARNING]
    return {"id": code, "shortDescription": {"text": sentence}, "defaultConfiguration": {"level": level}}


def _result(finding: Finding, index: int, seen: Counter[str]) -> Json:
    text = finding.message + (f"; {finding.fix}" if finding.fix else "")
    about = " ".join(finding.about)
    stable = f"{finding.code}\n{finding.place.file}\n{finding.place.sheet}\n{about}\n{finding.message}"
    print_ = hashlib.sha256(stable.encode("utf-8", "replace")).hexdigest()[:32]
    seen[print_] += 1
    properties: Json = {"about": list(finding.about), "fix": finding.fix}
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "locations": [_location(finding.place)],
        "partialFingerprints": {"finding/v1": f"{print_}:{seen[print_]}"},
        "properties": properties,
    }


def _location(place: Place) -> Json:
    physical: Json = {"artifactLocation": {"uri": quote(place.file, safe="/") or "."}}
    # A workbook is no text: a line of it is a row of a sheet, told as a logical location.
    if place.line and not place.sheet:
        physical["region"] = {"startLine": place.line}
    location: Json = {"physicalLocation": physical}
    if place.sheet:
        name = place.cell or (f"{place.line}:{place.line}" if place.line else "")
        whole = f"{place.sheet}!{name}" if name else place.sheet
        location["logicalLocations"] = [{"name": name or place.sheet, "fullyQualifiedName": whole, "kind": "cell"}]
    return location
