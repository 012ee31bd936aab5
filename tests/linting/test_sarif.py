"""SARIF 2.1.0: held against the official schema, as pydantic-sarif has it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Log

from kg.linting import RULES, lint
from kg.linting.fixes import FIXED
from kg.linting.mending import mend
from kg.linting.sarif import render_sarif
from kg.linting.suggestions import find_edits
from kg.model import Finding, Place, Severity
from tests.linting.clean import PAGES, draft
from tests.linting.test_rules import PLANTS

if TYPE_CHECKING:
    from pathlib import Path

    from kg.linting import Report

Json = dict[str, Any]
OF_PAGES = (
    *("country-spelling", "date-form", "mojibake", "odd-blank", "repaired-id", "repeated-link", "repeated-row"),
    *("row-over-lines", "unbalanced-markup", "year-form"),
)


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
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "in%20comes/T0039%20.md", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 3},
            }
        }
    ]
    assert second["level"] == "error"
    assert second["locations"][0]["logicalLocations"] == [
        {"name": "D17", "fullyQualifiedName": "incidenttechniques!D17", "kind": "cell"}
    ]
    assert "region" not in second["locations"][0]["physicalLocation"]


def _fixes(report: Report) -> list[tuple[str, Json]]:
    """Each fix of a log that keeps to the schema, with the rule it is of."""
    log = json.loads(render_sarif(report.findings, find_edits(report)))
    Log.model_validate(log)
    return [(result["ruleId"], fix) for result in log["runs"][0]["results"] for fix in result.get("fixes", ())]


def _applied(folder: Path, fix: Json) -> None:
    """Edit a file as a viewer of SARIF does: lines and columns from 1, the end exclusive."""
    (change,) = fix["artifactChanges"]
    (replacement,) = change["replacements"]
    path = folder / change["artifactLocation"]["uri"]
    text = path.read_bytes().decode()
    lines, region = text.split("\n"), replacement["deletedRegion"]
    start, end = (
        sum(len(line) + 1 for line in lines[: region[f"{side}Line"] - 1]) + region[f"{side}Column"] - 1
        for side in ("start", "end")
    )
    path.write_bytes((text[:start] + replacement["insertedContent"]["text"] + text[end:]).encode())


@pytest.mark.parametrize("code", OF_PAGES)
def test_a_fix_taken_at_a_click_is_what_fix_writes(code: str, tmp_path: Path) -> None:
    release = draft()
    PLANTS[code].change(release)
    folder = release.write(tmp_path / "before")
    mend(folder, tmp_path / "after", select=[code])
    clicks = 0
    while fixes := _fixes(lint(folder, select=[code])):
        _applied(folder, fixes[0][1])
        clicks += 1
    assert 0 < clicks < 10
    for path in folder.rglob("*.md"):
        assert path.read_bytes() == (tmp_path / "after" / path.relative_to(folder)).read_bytes()


def test_the_last_row_of_a_page_without_a_line_end_is_deleted_to_its_end(tmp_path: Path) -> None:
    release = draft()
    name = f"{PAGES}tactics/TA01.md"
    above, _, _ = release.files[name].partition("\n\nDO NOT EDIT")
    rows = above.rstrip().split("\n")
    release.files[name] = "\n".join([*rows, rows[-1]])
    (fix,) = [fix for _, fix in _fixes(lint(release.write(tmp_path), select=["repeated-link"]))]
    region = fix["artifactChanges"][0]["replacements"][0]["deletedRegion"]
    last = len(rows) + 1
    assert region == {"startLine": last, "startColumn": 1, "endLine": last, "endColumn": len(rows[-1]) + 1}


def test_what_stands_in_a_workbook_or_needs_a_decision_has_no_fix(tmp_path: Path) -> None:
    release = draft()
    for code in ("id-blanks", "tactic-mismatch", "dropped-reference"):
        PLANTS[code].change(release)
    report = lint(release.write(tmp_path))
    assert {"id-blanks", "tactic-mismatch", "dropped-reference"} <= {finding.code for finding in report.findings}
    assert _fixes(report) == []


def test_every_rule_says_what_it_is_and_whether_it_can_be_mended() -> None:
    rules = json.loads(render_sarif(()))["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted(RULES)
    for rule in rules:
        code = rule["id"]
        assert rule["help"]["text"].startswith(RULES[code].sentence)
        assert ("--fix" in rule["help"]["text"]) is (code in FIXED)
        assert rule["helpUri"] == f"https://w3id.org/disarm-kg/lint#{code}"
        assert len(rule["properties"]["tags"]) == 1


def test_text_of_a_page_is_no_link_and_steers_no_terminal(tmp_path: Path) -> None:
    release = draft()
    name = "[press here](https://evil.example) \x1b[31m"
    release.page("incidents/I00002.md", "The walls of Low Harbour", name)
    report = lint(release.write(tmp_path))
    log = render_sarif(report.findings, find_edits(report))
    Log.model_validate_json(log)
    texts = [result["message"]["text"] for result in json.loads(log)["runs"][0]["results"]]
    assert any(r"\[press here\](https" in text for text in texts)
    assert not any("](" in text.replace(r"\](", "") for text in texts)
    assert "\x1b" not in log


def test_the_same_findings_give_the_same_bytes(tmp_path: Path) -> None:
    release = draft()
    PLANTS["odd-blank"].change(release)
    folder = release.write(tmp_path)
    assert render_sarif(lint(folder).findings) == render_sarif(lint(folder).findings)
