"""What an open graph is asked beyond SPARQL: why things go together, what is like them, and what to look for next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kg.analysis.change import Changes
    from kg.analysis.coverage import Covered
    from kg.analysis.evaluation import Evaluated
    from kg.analysis.evidence import Evidence
    from kg.analysis.frequent import FrequentSets
    from kg.analysis.similarity import Alike
    from kg.analysis.suggestion import Suggestion
    from kg.filters import Filters
    from kg.store.protocol import TripleStore


class Inquiry:
    """The questions of a :class:`~kg.workspace.KnowledgeGraph`; it asks ``store`` alone.

    Attributes:
        store: What is asked.
    """

    store: TripleStore

    def why(self, *techniques: str, exact: bool = False, most: int = 20, filters: Filters | None = None) -> Evidence:
        """The evidence behind a technique, a pair or a set; see :func:`kg.analysis.evidence.evidence`."""
        from kg.analysis.evidence import evidence
        from kg.filters import NO_FILTERS

        return evidence(self.store, techniques, exact=exact, most=most, filters=filters or NO_FILTERS)

    def similar(
        self,
        incident: str,
        *,
        evidence: str = "repaired",
        level: str = "technique",
        most: int = 10,
        filters: Filters | None = None,
    ) -> tuple[Alike, ...]:
        """The incidents most like one; see :func:`kg.analysis.similarity.similar`."""
        from kg.analysis.similarity import similar
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        table = incidence(self.store, evidence=evidence, level=level, filters=filters or NO_FILTERS)
        return similar(table, incident, most=most)

    def suggest(
        self,
        *techniques: str,
        method: str = "family",
        unit: str = "incident",
        evidence: str = "repaired",
        most: int = 10,
        filters: Filters | None = None,
    ) -> tuple[Suggestion, ...]:
        """Techniques to look for where these were seen; see :func:`kg.analysis.suggestion.suggest`."""
        from kg.analysis.suggestion import suggest
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        table = incidence(self.store, unit=unit, evidence=evidence, filters=filters or NO_FILTERS)
        return suggest(table, techniques, method=method, most=most)

    def evaluate_suggestions(
        self,
        *,
        methods: Sequence[str] | None = None,
        split: str = "leave-one-out",
        unit: str = "incident",
        evidence: str = "repaired",
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
    ) -> Evaluated:
        """How well suggestions find what was hidden; see :func:`kg.analysis.evaluation.evaluate`."""
        from kg.analysis.evaluation import evaluate, one_article
        from kg.analysis.suggestion import METHODS
        from kg.incidence import incidence

        table = incidence(self.store, unit=unit, evidence=evidence)
        chosen = tuple(METHODS) if methods is None else methods
        linked = one_article(self.store, table)
        return evaluate(table, methods=chosen, split=split, linked=linked, seed=seed, progress=progress)

    def coverage(self, *, observed: bool = True, link: str | None = None) -> tuple[Covered, ...]:
        """How each technique is countered; see :func:`kg.analysis.coverage.coverage`."""
        from kg.analysis.coverage import coverage

        return coverage(self.store, observed=observed, link=link)

    def sets(  # noqa: PLR0913 - what a notebook user types, one name an option
        self,
        *,
        unit: str = "incident",
        evidence: str = "repaired",
        level: str = "technique",
        minimum: int = 3,
        longest: int = 5,
        kind: str = "closed",
        filters: Filters | None = None,
    ) -> FrequentSets:
        """Sets of techniques that stand together; see :func:`kg.analysis.frequent.frequent_sets`."""
        from kg.analysis.frequent import frequent_sets
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        table = incidence(self.store, unit=unit, evidence=evidence, level=level, filters=filters or NO_FILTERS)
        return frequent_sets(table, minimum=minimum, longest=longest, kind=kind)

    def change(
        self,
        before: tuple[int, int],
        after: tuple[int, int],
        *,
        unit: str = "incident",
        evidence: str = "repaired",
        level: str = "technique",
        year_basis: tuple[str, ...] | None = None,
        filters: Filters | None = None,
    ) -> Changes:
        """What changed between two periods, each a first and a last year; see :func:`kg.analysis.change.changes`.

        Args:
            before: First and last year of the first period.
            after: The same of the second.
            unit: incident, passage or observation.
            evidence: rows, inline, all or repaired.
            level: technique, parent or tactic.
            year_basis: What a year rests on; by default what ``filters`` say.
            filters: Which incidents are counted; years in them give way to the periods.
        """
        from dataclasses import replace

        from kg.analysis.change import changes
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        chosen = filters or NO_FILTERS
        chosen = replace(chosen, year_basis=year_basis or chosen.year_basis)

        tables = [
            incidence(
                self.store,
                unit=unit,
                evidence=evidence,
                level=level,
                filters=replace(chosen, year_from=first, year_to=last),
            )
            for first, last in (before, after)
        ]
        return changes(*tables)
