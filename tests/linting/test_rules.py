"""Every rule has a planted fault that trips it, and the clean release trips none."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path

import pytest

from kg.errors import SourceError, UnknownNameError
from kg.linting import RULES, lint
from kg.linting.rules import NO_FAULTS
from kg.model import Severity
from tests.linting.clean import DATA, FRAMEWORKS, PAGES, draft, page_only
from tests.linting.plants import LOST, WHEN, WRITTEN, WRONG, Plant
from tests.linting.plants_of_files import CLEAN_FILES, FILES
from tests.sources.foreign_checks import KNOWN

PLANTS: dict[str, Plant] = {**LOST, **WRONG, **WHEN, **WRITTEN}
NAMES = {**KNOWN, "T0148": "Tea Party", "T0149": "Tea Party"}
SEVERITIES = {code: rule.severity for code, rule in RULES.items()}
TODAY = dt.date(2026, 1, 31)
SOURCES = Path(__file__).parents[2] / "kg" / "sources"


def test_the_clean_release_has_no_finding(tmp_path: Path) -> None:
    assert lint(draft().write(tmp_path), today=TODAY).findings == ()


@pytest.mark.parametrize("code", sorted(PLANTS))
def test_a_planted_fault_trips_its_rule_where_it_stands(code: str, tmp_path: Path) -> None:
    release = draft()
    PLANTS[code].change(release)
    report = lint(release.write(tmp_path), today=TODAY)
    assert PLANTS[code].place in [str(finding.place) for finding in report.of(code)]
    # A rule is as bad wherever it is found, by a reader or by a check.
    assert {(item.code, item.severity) for item in report.findings} <= set(SEVERITIES.items())


@pytest.mark.parametrize(
    ("code", "sheet", "cell", "value"),
    [
        ("bad-year", "incidents", "E2", "20x9"),
        ("bad-date", "incidents", "J2", "2019-02-30"),
        ("bad-date", "urls", "B2", "31/31/2019"),
        ("bad-address", "urls", "E2", "archive/1"),
        ("bad-address", "incidents", "H2", "news.example/a"),
        ("unknown-country", "incidents", "F2", "Belorus"),
        ("self-association", "associatedtechniques", "D2", "T0001.001"),
        ("missing-column", "incidents", "A1", "id"),
        ("future-date", "incidents", "E2", 2999.0),
        ("archive-of-another", "urls", "E2", "https://web.archive.org/web/20190305/https://other.example/"),
        ("mojibake", "incidents", "D2", "It\u00e2\u20ac\u2122s told."),
        ("repaired-id", "incidenttechniques", "B3", "The harbour (T0001:001: Write Forged Letters)."),
        ("name-differs", "associatedtechniques", "D2", "T0001.002 Something Else"),
    ],
)
def test_a_fault_planted_in_a_workbook_alone_is_found_in_its_cell(
    code: str, sheet: str, cell: str, value: str | float, tmp_path: Path
) -> None:
    release = draft()
    release.cell(DATA, sheet, cell, value)
    folder = release.write(tmp_path)
    found = lint(folder / "DISARM_MASTER_DATA", today=TODAY).of(code)
    place = f"{sheet}]:{cell}" if code != "missing-column" else f"{sheet}]:1"
    assert [str(item.place) for item in found] == [f"DISARM_DATA_MASTER.xlsx[{place}"]


@pytest.mark.parametrize("code", sorted(FILES))
def test_a_fault_planted_in_a_file_of_another_tool_trips_its_rule(code: str, tmp_path: Path) -> None:
    name, text = FILES[code]
    (tmp_path / name).write_text(text, encoding="utf-8")
    found = lint(tmp_path / name, framework=None if code == "foreign-technique" else NAMES, today=TODAY)
    assert found.of(code), {finding.code for finding in found.findings}
    assert {(item.code, item.severity) for item in found.findings} <= set(SEVERITIES.items())


@pytest.mark.parametrize("name", sorted(CLEAN_FILES))
def test_a_clean_file_of_another_tool_has_no_finding(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(CLEAN_FILES[name], encoding="utf-8")
    assert [finding.code for finding in lint(tmp_path / name, framework=KNOWN, today=TODAY).findings] == []


def test_every_rule_has_a_plant_and_every_plant_a_rule() -> None:
    assert set(PLANTS) | set(FILES) == set(RULES)


def test_every_code_of_the_readers_has_a_rule_that_tells_of_it() -> None:
    told = {code: path.name for path in SOURCES.glob("*.py") for code in _codes_in(ast.parse(path.read_text("utf-8")))}
    assert len(told) > 50
    assert {code: file for code, file in told.items() if code not in RULES and code not in NO_FAULTS} == {}


def _codes_in(tree: ast.AST) -> set[str]:
    """The kebab-case strings that are first arguments of what reports, or are bound to ``code``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            values = node.args[:1] if name in {"report", "_report", "_refuse", "Finding"} else []
        elif isinstance(node, ast.Assign) and "code" in {getattr(at, "id", "") for at in ast.walk(node.targets[0])}:
            values = [node.value]
        for value in values:
            texts = [item.value for item in ast.walk(value) if isinstance(item, ast.Constant)]
            found |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+(-[a-z]+)+", text)}
    return found


def test_every_sentence_is_one_and_every_code_is_kebab_case() -> None:
    for code, rule in RULES.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", code), code
        assert rule.sentence[0].isupper(), code
        assert rule.sentence.endswith("."), code
        assert isinstance(rule.severity, Severity)


def test_only_what_is_selected_and_not_ignored_is_found(tmp_path: Path) -> None:
    release = draft()
    for code in ("odd-blank", "year-form"):
        PLANTS[code].change(release)
    folder = release.write(tmp_path)
    assert {item.code for item in lint(folder, select=["odd-blank"]).findings} == {"odd-blank"}
    assert "odd-blank" not in {item.code for item in lint(folder, ignore=["odd-blank"]).findings}
    with pytest.raises(UnknownNameError, match="unknown rule 'odd-blnk'; did you mean 'odd-blank'"):
        lint(folder, select=["odd-blnk"])


def test_a_page_alone_and_a_workbook_alone_are_looked_at(tmp_path: Path) -> None:
    page = tmp_path / "I00001.md"
    page.write_text(page_only().replace("of Port", "of\u00a0Port"), encoding="utf-8")
    assert [str(item.place) for item in lint(page).of("odd-blank")] == ["I00001.md:1"]
    release = draft()
    release.cell(DATA, "incidenttechniques", "D2", "T0001.001, T0002")
    folder = release.write(tmp_path / "release")
    # The workbook of data names no technique: T0002 is known from the framework given, T0001.001 is not.
    alone = lint(folder / DATA, framework=KNOWN).of("dropped-pair")
    assert [(item.place.cell, item.about) for item in alone] == [("D2", ("I00001", "T0002"))]
    assert [item.code for item in lint(folder / FRAMEWORKS).findings] == []
    both = lint(folder / "DISARM_MASTER_DATA").of("dropped-pair")
    assert [(item.place.cell, item.about) for item in both] == [("D2", ("I00001", "T0002"))]


def test_a_folder_without_anything_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="holds no Markdown page"):
        lint(tmp_path)
    with pytest.raises(SourceError, match="does not exist"):
        lint(tmp_path / "nothing")


def test_one_broken_file_costs_nothing_else(tmp_path: Path) -> None:
    release = draft()
    release.raw[DATA] = b"PK\x03\x04"
    release.files[PAGES + "incidents/I00001.md"] = "\0"
    PLANTS["odd-blank"].change(release)
    found = {item.code for item in lint(release.write(tmp_path)).findings}
    assert {"unreadable-workbook", "unreadable-page", "odd-blank"} <= found
