"""The account of what was read: nothing vanishes between a source and the graph."""

from __future__ import annotations

from collections import Counter

from kg.model import Finding, LedgerLine, Outcome, Place, Severity


class Ledger:
    """Counts each thing read once, under what became of it, and keeps the findings.

    Invariant: for every kind ``read == stored + repaired + reported``, because :meth:`count` is the only way in.
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, Outcome]] = Counter()
        self.findings: list[Finding] = []

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
        """Keep a finding; booking what it concerns is a separate act."""
        self.findings.append(Finding(code, place, severity, message, fix, about))

    def lines(self) -> tuple[LedgerLine, ...]:
        """One line a kind, in order of name."""
        kinds = sorted({kind for kind, _ in self._counts})
        return tuple(self._line(kind) for kind in kinds)

    def _line(self, kind: str) -> LedgerLine:
        stored, repaired, reported = (self._counts[kind, outcome] for outcome in Outcome)
        return LedgerLine(kind, stored + repaired + reported, stored, repaired, reported)
