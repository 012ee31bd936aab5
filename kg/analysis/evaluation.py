"""How good the suggestions are: each method beside popularity, on units it has not seen.

Two splits. *Leave one out*: of a unit with two techniques or more each is hidden in turn and asked for. *Whole*: half
of a unit's techniques are given and the other half asked for. In both, the method is fitted without the unit and
without every unit of its group, so that no near-duplicate gives the answer away.

References:
    Järvelin, K. and Kekäläinen, J. (2002). Cumulated gain-based evaluation of IR techniques. ACM TOIS 20(4).
    Efron, B. and Tibshirani, R. (1993). An Introduction to the Bootstrap, chapter 13 (percentile intervals).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from kg.analysis.suggestion import METHODS, training_of
from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from kg.analysis.suggestion import Training
    from kg.incidence import Incidence
    from kg.store.protocol import TripleStore

SPLITS = ("leave-one-out", "whole")
CUTS = (5, 10, 20)
"""Where recall, precision and NDCG are cut."""

NEAR_DUPLICATE = 0.9
"""Units whose Jaccard index is at least this are near-duplicates."""

_CITED = """SELECT ?incident ?reference WHERE {
  ?i a kg:Incident ; dcterms:identifier ?incident ; dcterms:references ?reference } ORDER BY ?incident ?reference"""
_RESAMPLES = 1000
_MOST_GROUPS = 200
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Score:
    """One measure of one method: its mean over questions, and a 95 % bootstrap interval over groups of units."""

    method: str
    measure: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What an evaluation found.

    Attributes:
        split: A name of :data:`SPLITS`, or incident where texts are matched.
        units: How many units were asked about: those with two techniques or more.
        questions: How many times something was hidden and asked for.
        groups: How many groups these units form; near-duplicates stand in one.
        techniques: How many techniques there are to choose from.
        scores: Method by method, measure by measure.
    """

    split: str
    units: int
    questions: int
    groups: int
    techniques: int
    scores: tuple[Score, ...]

    def sentences(self) -> tuple[str, ...]:
        """The answer in words: which methods beat popularity in recall at 10 by more than chance tells."""
        base = {score.measure: score for score in self.scores if score.method == "popularity"}["recall@10"]
        said = [
            (
                f"{self.questions:,} questions about {self.units:,} units in {self.groups:,} groups; "
                f"{self.techniques:,} techniques to choose from; popularity finds {base.value:.3f} at 10"
            )
        ]
        for score in self.scores:
            if score.measure == "gain@10":
                told = "beats it" if score.low > 0 else "is worse" if score.high < 0 else "is not told from it"
                said.append(f"{score.method} {told}: {score.value:+.3f} ({score.low:+.3f} to {score.high:+.3f})")
        return tuple(said)


def near_duplicates(training: Training, linked: Sequence[tuple[int, int]] = ()) -> NDArray[np.int64]:
    """The group of each unit: units joined by a chain of near-duplicates are one group.

    Args:
        training: Which unit holds which technique.
        linked: Pairs of places of units that belong together for another reason, such as one article.

    Returns:
        int64 array of length u: numbers of groups, from 0.
    """
    matrix = training.matrix
    shared = sparse.coo_array(matrix @ matrix.T)
    sizes = np.asarray(matrix.sum(axis=1)).ravel()
    jaccard = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    # A unit of one technique equals every other of that one: that is no sign of one story told twice.
    near = (jaccard >= NEAR_DUPLICATE) & (sizes[shared.row] > 1)
    rows = np.concatenate([shared.row[near], np.array([pair[0] for pair in linked], dtype=np.int64)])
    columns = np.concatenate([shared.col[near], np.array([pair[1] for pair in linked], dtype=np.int64)])
    ties = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shared.shape)
    _, groups = connected_components(ties, directed=False)
    return groups.astype(np.int64)


def one_article(store: TripleStore, table: Incidence) -> tuple[tuple[int, int], ...]:
    """Pairs of places of units whose incidents cite one article, or are one incident."""
    first: dict[str, int] = {}
    cited: defaultdict[str, list[str]] = defaultdict(list)
    for incident, reference in store.select(_CITED).values():
        cited[incident or ""].append(reference or "")
    keys = ((place, unit.partition(" ")[0]) for place, unit in enumerate(table.units))
    held = [(place, key) for place, incident in keys for key in (incident, *cited[incident])]
    return tuple((first[key], place) for place, key in held if first.setdefault(key, place) != place)


def evaluate(
    table: Incidence,
    *,
    methods: Sequence[str] = tuple(METHODS),
    split: str = "leave-one-out",
    linked: Sequence[tuple[int, int]] = (),
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Evaluated:
    """How well each method finds what was hidden.

    Args:
        table: Which unit holds which technique.
        methods: Names of :data:`kg.analysis.suggestion.METHODS`; popularity is always among them.
        split: A name of :data:`SPLITS`.
        linked: Pairs of places of units that must not be told apart; see :func:`near_duplicates`.
        seed: Of the halves and of the bootstrap.
        progress: Called with groups done and groups in all.

    Raises:
        UnknownNameError: no such method or split.
        KgError: fewer than three units hold two techniques or more.
    """
    if split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    for name in methods:
        if name not in METHODS:
            raise unknown_name("method", name, METHODS)
    wanted = tuple(dict.fromkeys(("popularity", *methods)))
    training = training_of(table)
    groups = near_duplicates(training, linked)
    sizes = np.diff(training.matrix.indptr)
    asked = np.flatnonzero(sizes >= _LEAST)
    if len(asked) <= _LEAST:
        raise KgError(
            f"evaluate: {len(asked)} {table.unit}s hold two techniques or more; three are needed, to learn "
            "from some and ask about another"
        )
    rng = np.random.default_rng(seed)
    folds = _folds(groups, asked, rng)
    ranks: defaultdict[str, list[NDArray[np.int64]]] = defaultdict(list)
    owner: list[int] = []
    for done, fold in enumerate(folds, 1):
        questions = list(_questions(training, fold, split, rng))
        _ask(training, groups, fold, questions, wanted, ranks)
        owner += [int(groups[unit]) for unit, _, _ in questions]
        if progress is not None:
            progress(done, len(folds))
    scores = scores_of(ranks, np.array(owner), rng)
    return Evaluated(
        split, len(asked), len(owner), len(np.unique(groups[asked])), training.matrix.shape[1], tuple(scores)
    )


def _folds(groups: NDArray[np.int64], asked: NDArray[np.int64], rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """Units that are left out together: one group each, or, where there are many, 200 shares of whole groups."""
    names = np.unique(groups[asked])
    shares = np.arange(len(names))
    if len(names) > _MOST_GROUPS:
        shares = rng.permutation(len(names)) % _MOST_GROUPS
    share_of = dict(zip(names.tolist(), shares.tolist(), strict=True))
    members: defaultdict[int, list[int]] = defaultdict(list)
    for unit in asked.tolist():
        members[share_of[int(groups[unit])]].append(unit)
    return [np.array(units) for _, units in sorted(members.items())]


def _questions(
    training: Training, units: NDArray[np.int64], split: str, rng: np.random.Generator
) -> Iterator[tuple[int, NDArray[np.int32], NDArray[np.int32]]]:
    """For each question its unit, what is given, and what is asked for."""
    matrix = training.matrix
    for unit in units.tolist():
        held = matrix.indices[matrix.indptr[unit] : matrix.indptr[unit + 1]]
        if split == "leave-one-out":
            for hidden in held:
                yield unit, held[held != hidden], np.array([hidden], dtype=np.int32)
        else:
            mixed = rng.permutation(held)
            half = (len(mixed) + 1) // 2
            yield unit, np.sort(mixed[:half]), np.sort(mixed[half:])


def _ask(
    training: Training,
    groups: NDArray[np.int64],
    fold: NDArray[np.int64],
    questions: Sequence[tuple[int, NDArray[np.int32], NDArray[np.int32]]],
    methods: Sequence[str],
    ranks: defaultdict[str, list[NDArray[np.int64]]],
) -> None:
    """The ranks of what is asked for, 1 the best, among all techniques that were not given."""
    left_out = np.flatnonzero(np.isin(groups, groups[fold]))
    seen = training.without(left_out)
    count, width = len(questions), training.matrix.shape[1]
    rows = np.arange(count).repeat([len(given) for _, given, _ in questions])
    columns = np.concatenate([given for _, given, _ in questions])
    baskets = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, width))
    for name in methods:
        scores = METHODS[name](seen)(baskets)
        scores[rows, columns] = -np.inf
        for row, (_, _, hidden) in enumerate(questions):
            ranks[name].append(ranks_of(scores[row])[hidden])


def ranks_of(scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rank of each score, 1 the greatest; of equal ones the first is the better.

    >>> ranks_of(np.array([0.5, 2.0, 0.5]))
    array([2, 1, 3])
    """
    ranks = np.empty(len(scores), dtype=np.int64)
    ranks[np.lexsort((np.arange(len(scores)), -scores))] = np.arange(1, len(scores) + 1)
    return ranks


def measures_of(ranks: NDArray[np.int64]) -> dict[str, float]:
    """The measures of one question from the ranks of what was hidden.

    >>> measures_of(np.array([1, 7]))["recall@5"], measures_of(np.array([2]))["mrr"]
    (0.5, 0.5)
    """
    found: dict[str, float] = {"mrr": 1.0 / float(ranks.min())}
    for cut in CUTS:
        hits = ranks[ranks <= cut]
        found[f"recall@{cut}"] = len(hits) / len(ranks)
        found[f"precision@{cut}"] = len(hits) / cut
        ideal = (1.0 / np.log2(np.arange(min(len(ranks), cut)) + 2)).sum()
        found[f"ndcg@{cut}"] = float((1.0 / np.log2(hits + 1)).sum() / ideal)
    return found


def scores_of(
    ranks: defaultdict[str, list[NDArray[np.int64]]], owner: NDArray[np.int64], rng: np.random.Generator
) -> Iterator[Score]:
    """Means with intervals; groups are drawn again and again, since questions about one unit hang together."""
    names, inverse = np.unique(owner, return_inverse=True)
    draws = rng.integers(0, len(names), size=(_RESAMPLES, len(names)))
    weights = np.stack([np.bincount(draw, minlength=len(names)) for draw in draws])
    sizes = np.bincount(inverse, minlength=len(names))
    totals: dict[tuple[str, str], NDArray[np.float64]] = {}
    for method, all_ranks in ranks.items():
        for measure, values in _columns(all_ranks).items():
            totals[method, measure] = np.bincount(inverse, weights=values, minlength=len(names)).astype(np.float64)
    drawn = weights @ sizes
    for (method, measure), sums in totals.items():
        yield _score(method, measure, sums, weights, sizes, drawn)
        if measure == "recall@10" and method != "popularity":
            yield _score(method, "gain@10", sums - totals["popularity", measure], weights, sizes, drawn)


def _score(
    method: str,
    measure: str,
    sums: NDArray[np.float64],
    weights: NDArray[np.int64],
    sizes: NDArray[np.int64],
    drawn: NDArray[np.int64],
) -> Score:
    low, high = np.quantile((weights @ sums) / drawn, [0.025, 0.975])
    return Score(method, measure, float(sums.sum() / sizes.sum()), float(low), float(high))


def _columns(all_ranks: Sequence[NDArray[np.int64]]) -> dict[str, NDArray[np.float64]]:
    each = [measures_of(ranks) for ranks in all_ranks]
    return {name: np.array([found[name] for found in each]) for name in each[0]}
