"""SARIF 2.1.0: held against the official schema, as pydantic-sarif has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from kg.lint import RULES, lint
from kg.lint.sarif import render_sarif
from kg.model import Finding, Place, Severity
from tests.lint.clean import draft
from tests.lint.test_rules import PLANTS

if TYPE_CHECKING:
    from pathlib import Path


def test_a_log_with_every_kind_of_finding_keeps_to_the_schema(tmp_path: Path) -> None:
    release = draft()
    for code in ("unbalanced-markup", "odd-blank", "year-form", "id-blanks", "foreign-chain", "bundle-missing"):
        PLANTS[code].change(release)
    findings = list(lint(release.write(tmp_path)).findings)
    findings += [Finding(code, Place("a.md"), rule.severity, rule.sentence) for code, rule in RULES.items()]
    # The same fault twice in one file is two results.
    findings += findings[:1]
    log = json.loads(render_sarif(findings))
    Log.model_validate(log)
    (run,) = log["runs"]
    assert len(run["results"]) == len(findings)
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == sorted(RULES)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    prints = [result["partialFingerprints"]["finding/v1"] for result in run["results"]]
    assert len(set(prints)) == len(prints)


def test_the_schema_refuses_what_is_no_sarif() -> None:
    log = json.loads(render_sarif([Finding("odd-blank", Place("a.md", 3), Severity.INFO, "odd")]))
    log["runs"][0]["results"][0]["level"] = "grave"
    with pytest.raises(ValidationError):
        Log.model_validate(log)


def test_a_line_is_a_region_and_a_cell_a_logical_location() -> None:
    page = Finding("odd-blank", Place("in comes/T0039 .md", 3), Severity.INFO, "odd", "write a blank", ("T0039",))
    cell = Finding("dropped-pair", Place("d.xlsx", 17, "incidenttechniques", "D17"), Severity.VIOLATION, "lost")
    first, second = json.loads(render_sarif([page, cell]))["runs"][0]["results"]
    assert first["level"] == "note"
    assert first["message"] == {"text": "odd; write a blank"}
    assert first["locations"] == [
        {"physicalLocation": {"artifactLocation": {"uri": "in%20comes/T0039%20.md"}, "region": {"startLine": 3}}}
    ]
    assert second["level"] == "error"
    assert second["locations"][0]["logicalLocations"] == [
        {"name": "D17", "fullyQualifiedName": "incidenttechniques!D17", "kind": "cell"}
    ]
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    release = draft()
    PLANTS["odd-blank"].change(release)
    folder = release.write(tmp_path)
    assert render_sarif(lint(folder).findings) == render_sarif(lint(folder).findings)
