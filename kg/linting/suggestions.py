"""For each finding on a page that ``--fix`` would mend, the edit that mends it alone: what editors offer at a click."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.linting.page_edits import edits_of

if TYPE_CHECKING:
    from pathlib import Path

    from kg.linting.page_edits import Edit
    from kg.linting.report import Report
    from kg.model import Finding


def find_edits(report: Report) -> dict[Finding, Edit]:
    """The edits of pages; cells of workbooks have none, for a workbook is no text."""
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if not finding.place.sheet and finding.place.line:
            by_file.setdefault(finding.place.file, []).append(finding)
    found: dict[Finding, Edit] = {}
    for name, findings in by_file.items():
        text = read_page(report.root, name)
        if text is not None:
            found.update(edits_of(text, findings))
    return found


def read_page(root: Path, name: str) -> str | None:
    """The text of a page below a root, or of the root itself; None where it is no UTF-8, whose meaning nobody knows."""
    path = (root if root.is_dir() else root.parent) / name
    if path.suffix.lower() != ".md" or not path.is_file():
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
