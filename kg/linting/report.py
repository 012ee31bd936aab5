"""A run of the rules over a source: the findings in order, each once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import unknown_name
from kg.linting.opening import open_release
from kg.linting.rules import NO_FAULTS, RULES
from kg.model import Finding

if TYPE_CHECKING:
    import datetime as dt
    import os
    from collections.abc import Collection, Iterable, Mapping

    from kg.linting.release import Release


@dataclass(frozen=True, slots=True)
class Report:
    """What lint found: findings in order of file, sheet, line, code; the source they were found in, and its path."""

    findings: tuple[Finding, ...]
    release: Release
    root: Path

    def of(self, code: str) -> tuple[Finding, ...]:
        """The findings of one code."""
        return tuple(finding for finding in self.findings if finding.code == code)


def lint(
    path: str | os.PathLike[str],
    *,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    framework: Mapping[str, str] | None = None,
    today: dt.date | None = None,
) -> Report:
    """Look for every fault of a source.

    Args:
        path: A release folder, a folder of pages, a page, a workbook, a STIX bundle, or any other file kg reads.
        select: Only these codes; all where it is empty.
        ignore: Not these codes.
        framework: Technique id -> name, for sources that hold incidents only.
        today: The day on which a date begins to lie in the future; by default the day of the call.

    Raises:
        SourceError: The source cannot be read at all.
        UnknownNameError: No rule has that code.
    """
    for code in (*select, *ignore):
        if code not in RULES:
            raise unknown_name("rule", code, RULES)
    wanted = [code for code in RULES if (not select or code in select) and code not in ignore]
    release, read = open_release(Path(path), framework=framework, today=today)
    kept = set(wanted)
    found = [_graded(finding) for finding in read if finding.code in kept or _is_new(finding.code, select)]
    for code in wanted:
        rule = RULES[code]
        for check in rule.checks:
            found.extend(
                Finding(code, fault.place, rule.severity, fault.message, fault.fix, fault.about)
                for fault in check(release)
            )
    return Report(tuple(in_order(found)), release, Path(path))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings by file, sheet, line, code and message, each once: two readings of one file may find the same."""
    once = dict.fromkeys(findings)
    return sorted(
        once,
        key=lambda item: (item.place.file, item.place.sheet, item.place.line, item.code, item.message, item.place.cell),
    )


def _graded(finding: Finding) -> Finding:
    """A finding of the readers, as bad as its rule says; a reader may know less of what hangs on it."""
    rule = RULES.get(finding.code)
    return finding if rule is None or rule.severity is finding.severity else replace(finding, severity=rule.severity)


def _is_new(code: str, select: Collection[str]) -> bool:
    """Whether a finding of the readers has a code that no rule explains: it is shown all the same."""
    return not select and code not in RULES and code not in NO_FAULTS
