"""What an open graph is asked beyond SPARQL: why things go together, what is like them, and what to look for next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from kg.analysis.change import Changes
    from kg.analysis.coverage import Covered
    from kg.analysis.evaluation import Evaluated
    from kg.analysis.evidence import Evidence
    from kg.analysis.frequent import FrequentSets
    from kg.analysis.matching import Matched
    from kg.analysis.search import Hit
    from kg.analysis.similarity import Alike
    from kg.analysis.suggestion import Suggestion
    from kg.filters import Filters
    from kg.store.answers import Answer
    from kg.store.protocol import TripleStore

_IDENTIFYING = frozenset({"technique", "incident", "with", "actor", "platform"})
_IDENTIFIERS = (
    "SELECT ?id { VALUES ?kind { kg:Technique kg:Incident kg:Actor kg:Platform kg:Country kg:Region } "
    "?x a ?kind ; dcterms:identifier ?id }"
)


class Inquiry:
    """The questions of a :class:`~kg.workspace.KnowledgeGraph`; it asks ``store`` alone.

    Attributes:
        store: What is asked.
    """

    store: TripleStore

    def named_query(self, name: str, /, *, filters: Filters | None = None, **parameters: str) -> Answer:
        """The answer to a query of ``ontology/queries``; see ``kg query --names`` and :meth:`ask_named`."""
        return self.ask_named(name, parameters, filters)

    def ask_named(self, name: str, parameters: Mapping[str, str], filters: Filters | None = None) -> Answer:
        """The answer to a query of ``ontology/queries``.

        Args:
            name: The query.
            parameters: Values of its parameters.
            filters: Which incidents it sees, by year, country, actor and platform; by default all.

        Raises:
            UnknownNameError: No such query or parameter, or no technique, incident, actor ... of that name.
            QueryError: Filters are given, and the query asks of no set of incidents.
        """
        from kg.filters import NO_FILTERS, choose_incidents
        from kg.queries import bind, find_query, narrow

        query = find_query(name)
        text = bind(query, parameters)
        for key in _IDENTIFYING & parameters.keys():
            known = {row[0] or "" for row in self.store.select(_IDENTIFIERS).values()}
            if parameters[key] not in known:
                raise unknown_name("id", parameters[key], known)
        chosen = choose_incidents(self.store, filters or NO_FILTERS).incidents
        if chosen is not None:
            text = narrow(query, text, chosen)
        return self.store.query(text, checked=False)

    def search(self, *words: str, kinds: Collection[str] = ()) -> tuple[Hit, ...]:
        """What has these words in its id, names or title, best first; see :func:`kg.analysis.search.search`."""
        from kg.analysis.search import search

        return search(self.store, " ".join(words), kinds=kinds)

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

    def match(self, article: str, *, most: int = 3, techniques: int = 10, filters: Filters | None = None) -> Matched:
        """The incidents like an article, and what they held; see :func:`kg.analysis.matching.match`."""
        from kg.analysis.matching import match
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        table = incidence(self.store, filters=filters or NO_FILTERS)
        return match(self.store, table, article, most=most, techniques=techniques)

    def evaluate_matching(self, *, evidence: str = "repaired", seed: int = 0) -> Evaluated:
        """How well techniques are found from a text; see :func:`kg.analysis.matching.evaluate_matching`."""
        from kg.analysis.evaluation import one_article
        from kg.analysis.matching import evaluate_matching
        from kg.incidence import incidence

        table = incidence(self.store, evidence=evidence)
        return evaluate_matching(self.store, table, linked=one_article(self.store, table), seed=seed)

    def coverage(self, *of: str, observed: bool = True, link: str | None = None) -> tuple[Covered, ...]:
        """How each technique, or those ``of`` these ids, is countered; see :func:`kg.analysis.coverage.coverage`."""
        from kg.analysis.coverage import coverage

        return coverage(self.store, of, observed=observed, link=link)

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
        filters: Filters | None = None,
    ) -> Changes:
        """What changed between two periods, each a first and a last year; see :func:`kg.analysis.change.changes`.

        Args:
            before: First and last year of the first period.
            after: The same of the second.
            unit: incident, passage or observation.
            evidence: rows, inline, all or repaired.
            level: technique, parent or tactic.
            filters: Which incidents are counted, and what a year rests on; years in them give way to the periods.
        """
        from dataclasses import replace

        from kg.analysis.change import changes
        from kg.filters import NO_FILTERS
        from kg.incidence import incidence

        tables = [
            incidence(
                self.store,
                unit=unit,
                evidence=evidence,
                level=level,
                filters=replace(filters or NO_FILTERS, year_from=first, year_to=last),
            )
            for first, last in (before, after)
        ]
        return changes(*tables)
