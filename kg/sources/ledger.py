"""The account of what was read: nothing vanishes between a source and the graph."""

from __future__ import annotations

from collections import Counter

from kg.model import Finding, LedgerLine, Outcome, Place, Severity

MOST_ON_A_PAGE = 1000
"""Findings of one code that are kept of one page, each with its line; of the others their number is told."""


class Ledger:
    """Counts each thing read once, under what became of it, and keeps the findings.

    Invariant: for every kind ``read == stored + repaired + reported``, because :meth:`count` is the only way in.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Outcome]] = Counter()
        self.findings: list[Finding] = []
        self._told: Counter[tuple[str, str]] = Counter()
        self._first_untold: dict[tuple[str, str], Finding] = {}

    def count(self, kind: str, outcome: Outcome, number: int = 1) -> None:
        """Book ``number`` things of a kind."""
        self._counts[kind, outcome] += number

    def stored(self, kind: str, number: int = 1) -> None:
        """Book things that stand in the records as they were read."""
        self.count(kind, Outcome.STORED, number)

    def report(
        self,
        code: str,
        place: Place,
        message: str,
        *,
        fix: str = "",
        about: tuple[str, ...] = (),
        severity: Severity = Severity.WARNING,
    ) -> None:
        """Keep a finding; booking what it concerns is a separate act.

        A page tells of one incident, and one of 4 MB may have a fault on each of a million lines.
        """
        finding = Finding(code, place, severity, message, fix, about)
        if place.file.endswith(".md"):
            key = (place.file, code)
            self._told[key] += 1
            if self._told[key] > MOST_ON_A_PAGE:
                self._first_untold.setdefault(key, finding)
                return
        self.findings.append(finding)

    def close(self) -> None:
        """Tell how many findings were not kept, by page and code, where the first of them stands."""
        for (file, code), first in self._first_untold.items():
            more = self._told[file, code] - MOST_ON_A_PAGE
            message = f"{more:,} more findings {code} from here on"
            fix = f"mend the first {MOST_ON_A_PAGE:,}, or split the page"
            self.findings.append(Finding("more-findings", first.place, Severity.WARNING, message, fix, first.about))
        self._first_untold.clear()

    def lines(self) -> tuple[LedgerLine, ...]:
        """One line a kind, in order of name."""
        kinds = sorted({kind for kind, _ in self._counts})
        return tuple(self._line(kind) for kind in kinds)

    def _line(self, kind: str) -> LedgerLine:
        stored, repaired, reported = (self._counts[kind, outcome] for outcome in Outcome)
        return LedgerLine(kind, stored + repaired + reported, stored, repaired, reported)
