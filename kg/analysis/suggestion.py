"""Which techniques to look for next, given those already seen: several methods behind one interface.

A method is fitted on an incidence matrix and then scores every technique for a basket of techniques. Scores of
different methods are not comparable; their order is what counts, and :mod:`kg.analysis.evaluation` measures it. With
few incidents hardly any method beats naming what is frequent anyway, so popularity always stands beside the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

import numpy as np
from scipy import sparse

from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from kg.incidence import Incidence

    Scores: TypeAlias = NDArray[np.float64]

Matrix: TypeAlias = "sparse.csr_array"

NEIGHBOURS = 25
"""How many of the most similar units vote in :func:`nearest_neighbours`."""

SHRINKAGE = 2.0
"""Units of doubt: how many imagined units without any pattern each share is mixed with."""

FAMILY_WEIGHT = 0.3
"""What a shared family weighs beside a shared technique, in :func:`family_neighbours`."""

RIDGE = 12.0
"""The penalty of :func:`linear_model`."""

RANK = 12
"""The number of factors of :func:`factorisation`."""

_LEAST_SUPPORT = 2
_TIE = 1e-9
"""What popularity adds to a score: it decides between equal ones, and nothing else."""


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What a method is fitted on.

    Attributes:
        matrix: 0/1, float64, of shape (u, t): which unit holds which technique.
        family: int64 array of length t: techniques of one family (a technique and its sub-techniques) have one number,
            from 0 without gaps.
    """

    matrix: Matrix
    family: NDArray[np.int64]

    def without(self, units: NDArray[np.int64]) -> Training:
        """The same without some units (places of rows)."""
        keep = np.setdiff1d(np.arange(self.matrix.shape[0]), units)
        return Training(self.matrix[keep], self.family)

    @property
    def margins(self) -> Scores:
        """For each technique in how many units it stands."""
        return np.asarray(self.matrix.sum(axis=0), dtype=np.float64).ravel()

    @property
    def prior(self) -> Scores:
        """The share of units that hold each technique."""
        return self.margins / max(1, self.matrix.shape[0])


class Scorer(Protocol):
    """Scores techniques for baskets."""

    def __call__(self, baskets: Matrix) -> Scores:
        """From baskets, 0/1 of shape (b, t), to scores of the same shape; greater is likelier."""
        ...


def training_of(table: Incidence) -> Training:
    """An incidence table as what methods are fitted on; a family is told by the part of an id before the dot."""
    ones = np.ones(len(table.unit_index))
    shape = (len(table.units), len(table.techniques))
    matrix = sparse.csr_array((ones, (table.unit_index, table.technique_index)), shape=shape)
    matrix.sort_indices()
    heads = [name.partition(".")[0] for name in table.techniques]
    place = {head: index for index, head in enumerate(sorted(set(heads)))}
    return Training(matrix, np.array([place[head] for head in heads], dtype=np.int64))


def popularity(training: Training) -> Scorer:
    """By how many units hold a technique, whatever the basket: the baseline."""
    margins = training.margins

    def scores(baskets: Matrix) -> Scores:
        return np.tile(margins, (baskets.shape[0], 1))

    return scores


def cooccurrence_scores(training: Training) -> Scorer:
    """By the mean, over the basket, of the shrunk share of units with a technique of the basket that hold another.

    The share of ``b`` among the units with ``a`` is mixed with the share of ``b`` among all, as if :data:`SHRINKAGE`
    further units of ``a`` held ``b`` as often as any.
    """
    both, margins, prior = _joint(training), training.margins, training.prior
    confidence = (both + SHRINKAGE * prior[None, :]) / (margins[:, None] + SHRINKAGE)

    def scores(baskets: Matrix) -> Scores:
        size = np.maximum(1.0, np.asarray(baskets.sum(axis=1)).ravel())
        return np.asarray(baskets @ confidence) / size[:, None] + _TIE * prior[None, :]

    return scores


def nearest_neighbours(training: Training) -> Scorer:
    """By votes of the :data:`NEIGHBOURS` units most alike (Jaccard index), each with the weight of its likeness."""
    return _neighbours(training, 0.0)


def family_neighbours(training: Training) -> Scorer:
    """As :func:`nearest_neighbours`, where holding techniques of one family makes units alike too.

    The weighted Jaccard index is over techniques and over families, a family weighing :data:`FAMILY_WEIGHT`: where
    few units share a technique, many share its parent.
    """
    return _neighbours(training, FAMILY_WEIGHT)


def _neighbours(training: Training, weight: float) -> Scorer:
    def lifted(matrix: Matrix) -> tuple[Matrix, Scores]:
        """Techniques with their families behind them, weighed for one side of a product; the weight of each row."""
        families = int(training.family.max(initial=-1)) + 1
        join = sparse.csr_array(
            (np.ones(len(training.family)), (np.arange(len(training.family)), training.family)),
            shape=(len(training.family), families),
        )
        above = sparse.csr_array(matrix @ join)
        above.data[:] = 1.0
        own = np.asarray(matrix.sum(axis=1)).ravel() + weight * np.asarray(above.sum(axis=1)).ravel()
        return sparse.csr_array(sparse.hstack([matrix, above * np.sqrt(weight)])), own

    known, sizes = lifted(training.matrix)
    prior = training.prior

    def scores(baskets: Matrix) -> Scores:
        asked, own = lifted(baskets)
        shared = np.asarray((asked @ known.T).todense())
        likeness = shared / np.maximum(1e-12, own[:, None] + sizes[None, :] - shared)
        if likeness.shape[1] > NEIGHBOURS:
            least = np.partition(likeness, -NEIGHBOURS, axis=1)[:, -NEIGHBOURS, None]
            likeness = np.where(likeness >= least, likeness, 0.0)
        return np.asarray((sparse.csr_array(likeness) @ training.matrix).todense()) + _TIE * prior[None, :]

    return scores


def factorisation(training: Training) -> Scorer:
    """By a basket's projection on the first :data:`RANK` right singular vectors of the matrix.

    References:
        Cremonesi, P., Koren, Y. and Turrin, R. (2010). Performance of recommender algorithms on top-N recommendation
        tasks. RecSys 2010 (PureSVD).
    """
    dense = np.asarray(training.matrix.todense())
    _, _, vectors = np.linalg.svd(dense, full_matrices=False)
    kept = vectors[:RANK]
    onto = kept.T @ kept
    prior = training.prior

    def scores(baskets: Matrix) -> Scores:
        return np.asarray(baskets @ onto) + _TIE * prior[None, :]

    return scores


def linear_model(training: Training) -> Scorer:
    """By a linear model that predicts each technique from all others, with a ridge penalty and no constant.

    References:
        Steck, H. (2019). Embarrassingly shallow autoencoders for sparse data. WWW 2019.
    """
    gram = _joint(training)
    inverse = np.linalg.inv(gram + RIDGE * np.eye(len(gram)))
    weights = inverse / -np.diag(inverse)[None, :]
    np.fill_diagonal(weights, 0.0)
    prior = training.prior

    def scores(baskets: Matrix) -> Scores:
        return np.asarray(baskets @ weights) + _TIE * prior[None, :]

    return scores


def naive_bayes(training: Training) -> Scorer:
    """By Bayes' rule, techniques taken as independent given the one asked for, shrunk as in co-occurrence."""
    both, margins, units = _joint(training), training.margins, max(1, training.matrix.shape[0])
    prior = (margins + 0.5) / (units + 1.0)
    given = (both + SHRINKAGE * prior[:, None]) / (margins[None, :] + SHRINKAGE)
    log_lift = np.log(given / prior[:, None])
    log_prior = np.log(prior)

    def scores(baskets: Matrix) -> Scores:
        return np.asarray(baskets @ log_lift) + log_prior[None, :]

    return scores


def rules(training: Training) -> Scorer:
    """By the best rule ``a -> c`` with ``a`` in the basket, seen in two units or more, by its shrunk confidence."""
    both, margins, prior = _joint(training), training.margins, training.prior
    confidence = (both + SHRINKAGE * prior[None, :]) / (margins[:, None] + SHRINKAGE)
    confidence[both < _LEAST_SUPPORT] = 0.0

    def scores(baskets: Matrix) -> Scores:
        found = np.zeros(baskets.shape)
        for row in range(baskets.shape[0]):
            held = baskets.indices[baskets.indptr[row] : baskets.indptr[row + 1]]
            if len(held):
                found[row] = confidence[held].max(axis=0)
        return found + _TIE * prior[None, :]

    return scores


def _joint(training: Training) -> Scores:
    return np.asarray((training.matrix.T @ training.matrix).todense(), dtype=np.float64)


METHODS: dict[str, Callable[[Training], Scorer]] = {
    "popularity": popularity,
    "family": family_neighbours,
    "cooccurrence": cooccurrence_scores,
    "knn": nearest_neighbours,
    "bayes": naive_bayes,
    "linear": linear_model,
    "svd": factorisation,
    "rules": rules,
}
"""The methods by name; the baseline first."""

DEFAULT = "family"
"""The method that leave-one-out favours on small tables; see ``kg evaluate suggest``."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A technique to look for.

    Attributes:
        technique: Its id.
        label: Its name.
        score: Of the method; comparable within one answer alone.
        popularity: The share of all units that hold it, 0 to 1: what it would be suggested for anyway.
        support: How many units hold it together with one or more of the asked techniques.
        incidents: The first of these, those that share the most of the asked techniques first.
    """

    technique: str
    label: str
    score: float
    popularity: float
    support: int
    incidents: tuple[str, ...]


def suggest(
    table: Incidence, techniques: Sequence[str], *, method: str = DEFAULT, most: int = 10, shown: int = 5
) -> tuple[Suggestion, ...]:
    """Techniques to look for where these were seen, the likeliest first; ties by popularity, then by id.

    Args:
        table: Which unit holds which technique.
        techniques: Ids of what was seen.
        method: A name of :data:`METHODS`.
        most: How many to name, 1 or more.
        shown: How many supporting units to name for each.

    Raises:
        UnknownNameError: no such method, or a technique that no unit holds.
        KgError: nothing was seen, or ``most`` is below 1.
    """
    if method not in METHODS:
        raise unknown_name("method", method, METHODS)
    if most < 1:
        raise KgError(f"suggest: {most} techniques; give 1 or more")
    asked = list(dict.fromkeys(techniques))
    if not asked:
        raise KgError("suggest: no technique is given; give what was seen, such as T0146 T0154.002")
    place = {name: index for index, name in enumerate(table.techniques)}
    for name in asked:
        if name not in place:
            raise unknown_name("technique in this table", name, table.techniques)
    training = training_of(table)
    held = sorted(place[name] for name in asked)
    basket = sparse.csr_array((np.ones(len(held)), ([0] * len(held), held)), shape=(1, len(place)))
    scores = METHODS[method](training)(basket)[0]
    scores[held] = -np.inf
    order = np.lexsort((np.arange(len(scores)), -training.margins, -scores))
    overlap = np.asarray((training.matrix @ basket.T).todense()).ravel()
    found = []
    for index in order[: min(most, len(place) - len(held))].tolist():
        units = np.flatnonzero((np.asarray(training.matrix[:, [index]].todense()).ravel() > 0) & (overlap > 0))
        ranked = sorted(units.tolist(), key=lambda unit: (-overlap[unit], unit))
        found.append(
            Suggestion(
                technique=table.techniques[index],
                label=table.labels.get(table.techniques[index], table.techniques[index]),
                score=float(scores[index]),
                popularity=float(training.prior[index]),
                support=len(units),
                incidents=tuple(table.units[unit] for unit in ranked[:shown]),
            )
        )
    return tuple(found)
