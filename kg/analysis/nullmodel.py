"""Is a pair together more often than chance would have it, when incidents differ in size and techniques in frequency?

Fisher's test takes every unit for equally likely to hold a technique. It is not so: a long page names many techniques,
and any two of them then go together. The null model compares the table with random ones in which every unit keeps how
many techniques it holds and every technique in how many units it occurs (:mod:`kg.analysis.curveball`).

The p-values hold however well the random walk mixes. The table seen is put at a random place of a star: a centre that
no one looks at, and arms of tables from it, each table some rounds from the one before. Walking from the table seen
back to the centre and from there along all arms, under the null hypothesis it is no other than any table of the star,
and its rank among them says how unusual it is (Besag and Clifford). How well the walk mixes decides how sharp mean and
deviation are.

References:
    Besag, J., Clifford, P. (1989). Generalized Monte Carlo significance tests. Biometrika 76(4), 633-642.
    Gotelli, N. J. (2000). Null model analysis of species co-occurrence patterns. Ecology 81(9), 2606-2621.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.counting import Triangle
from kg.analysis.curveball import Curveball
from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from numpy.typing import NDArray

NULL_MODELS = {"curveball": "null model with both margins kept"}
"""Name of a null model to what it is called in words."""

_ARMS = 32
"""Fixed, so that the numbers do not depend on how many processors share the work."""

_FIRST_ROUNDS = 20
"""Rounds from the centre to the first table of an arm: enough to forget where it came from."""

_ROUNDS = 2
"""Rounds from one table to the next; of 1 to 4 the one that gives most independent tables a second (DECISIONS, 35)."""


@dataclass(frozen=True, slots=True)
class NullModel:
    """How the table is compared with random ones.

    Attributes:
        name: One of :data:`NULL_MODELS`.
        randomisations: How many random tables there are. No p-value is smaller than ``1 / (randomisations + 1)``.
        seed: The same seed gives the same numbers, whatever the number of workers.
        workers: How many tables are made at a time; left out, as many as there are processors.

    Raises:
        UnknownNameError: no such null model.
        KgError: ``randomisations``, ``seed`` or ``workers`` is too small.
    """

    name: str = "curveball"
    randomisations: int = 10_000
    seed: int = 0
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.name not in NULL_MODELS:
            raise unknown_name("null model", self.name, NULL_MODELS)
        if self.randomisations < 1:
            raise KgError(f"randomisations {self.randomisations}: are too few; give 1000 or more")
        if self.seed < 0:
            raise KgError(f"seed {self.seed}: is negative; give a whole number from 0")
        if self.workers is not None and self.workers < 1:
            raise KgError(f"workers {self.workers}: are too few; give 1 or more")

    @property
    def floor(self) -> float:
        """The smallest one-sided p-value that so many tables can give."""
        return 1 / (self.randomisations + 1)


@dataclass(frozen=True, slots=True, eq=False)
class NullOutcome:
    """What the random tables say of each pair; float64 arrays with one entry a pair.

    Attributes:
        mean: Units with both, on average over the random tables.
        deviation: Their standard deviation.
        z: How many deviations the count seen lies above the mean; NaN where the margins allow one count only.
        together: Share of tables, that seen among them, with at least as many units with both.
        apart: The same with at most as many.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    z: NDArray[np.float64]
    together: NDArray[np.float64]
    apart: NDArray[np.float64]

    @property
    def two_sided(self) -> NDArray[np.float64]:
        """Twice the smaller of the two, at most 1."""
        return np.asarray(np.minimum(1.0, 2 * np.minimum(self.together, self.apart)))


class _Sums:
    """For each pair: how many random tables hold it at least and at most as often; sum and squares of the rest.

    The rest is what a table holds beyond what is seen: small numbers, whose squares add up exactly.
    """

    def __init__(self, seen: NDArray[np.int64]) -> None:
        self._seen = seen
        self.sums = np.zeros((4, len(seen)), dtype=np.int64)

    def add(self, counts: NDArray[np.int64]) -> None:
        """Look at one more table."""
        beyond = counts - self._seen
        self.sums[0] += beyond >= 0
        self.sums[1] += beyond <= 0
        self.sums[2] += beyond
        self.sums[3] += beyond * beyond


@dataclass(frozen=True, slots=True, eq=False)
class _Arm:
    """Tables to be made one after the other; what is looked at in them."""

    start: Curveball
    tables: int
    first_rounds: int
    seed: np.random.SeedSequence
    keys: NDArray[np.int64]
    seen: NDArray[np.int64]

    def walk(self) -> tuple[NDArray[np.int64], Curveball]:
        """The sums over the tables of this arm, and the last table."""
        chance = np.random.Generator(np.random.PCG64DXSM(self.seed))
        table = self.start.copy()
        sums = _Sums(self.seen)
        for number in range(self.tables):
            table.rounds(_ROUNDS if number else self.first_rounds, chance)
            sums.add(_counts(table, self.keys))
        return sums.sums, table


def compare_with_null(
    unit_index: NDArray[np.integer],
    technique_index: NDArray[np.integer],
    techniques: int,
    pairs: tuple[NDArray[np.integer], NDArray[np.integer]],
    model: NullModel,
    progress: Callable[[int], None] | None = None,
) -> NullOutcome:
    """Compare how often pairs are together with random tables of the same margins.

    Args:
        unit_index: For each place the unit; sorted.
        technique_index: For each place the technique; sorted and distinct within a unit.
        techniques: How many techniques there are.
        pairs: Places of the first and of the second technique of each pair to look at, first < second.
        model: How many tables, and from which seed.
        progress: Called with the number of tables made since the last call.
    """
    table = Curveball(unit_index, technique_index, techniques)
    keys = Triangle(techniques).numbers(*pairs)
    seen = _counts(table, keys)
    tables = model.randomisations + 1
    ends = np.linspace(0, tables, min(_ARMS, tables) + 1).astype(np.int64)
    root, back, forth, *others = np.random.SeedSequence(model.seed).spawn(3 + len(ends))
    place = int(np.random.Generator(np.random.PCG64DXSM(root)).integers(tables))
    own = int(np.searchsorted(ends, place, side="right")) - 1
    before = place - int(ends[own])
    # Back through the tables before this one, then the rounds that lead from the centre to the first of an arm.
    behind, first = _Arm(table, before, _ROUNDS, back, keys, seen).walk()
    centre = first.copy()
    centre.rounds(_FIRST_ROUNDS, np.random.Generator(np.random.PCG64DXSM(others.pop())))
    arms = [_Arm(table, int(ends[own + 1]) - place - 1, _ROUNDS, forth, keys, seen)]
    for arm, seed in enumerate(others[: len(ends) - 1]):
        if arm != own:
            arms.append(_Arm(centre, int(ends[arm + 1] - ends[arm]), _FIRST_ROUNDS, seed, keys, seen))
    if progress is not None:
        progress(before)
    sums = behind + _walked(arms, model.workers, progress)
    return _outcome(sums, seen, model.randomisations)


def _walked(arms: list[_Arm], workers: int | None, progress: Callable[[int], None] | None) -> NDArray[np.int64]:
    total: NDArray[np.int64] = np.zeros((4, len(arms[0].seen)), dtype=np.int64)
    number = workers or os.cpu_count() or 1
    if number == 1:
        for arm in arms:
            total += _sums_of(arm)
            if progress is not None:
                progress(arm.tables)
        return total
    with _executor(min(number, len(arms))) as executor:
        waiting = {executor.submit(_sums_of, arm): arm.tables for arm in arms}
        for done in as_completed(waiting):
            # Sums of whole numbers: the order in which arms end changes nothing.
            total += done.result()
            if progress is not None:
                progress(waiting[done])
    return total


def _executor(workers: int) -> Executor:
    """Processes where one can be split off safely, else threads: NumPy mostly works without the interpreter."""
    if "fork" in get_all_start_methods() and threading.active_count() == 1:
        return ProcessPoolExecutor(workers, mp_context=get_context("fork"))
    return ThreadPoolExecutor(workers)


def _sums_of(arm: _Arm) -> NDArray[np.int64]:
    return arm.walk()[0]


def _counts(table: Curveball, keys: NDArray[np.int64]) -> NDArray[np.int64]:
    triangle = Triangle(table.techniques)
    counts = np.zeros(triangle.cells, dtype=np.int64)
    for found in triangle.keys(table.unit_index, table.technique_index, 1 << 20):
        counts += np.bincount(found, minlength=triangle.cells)
    return np.asarray(counts[keys])


def _outcome(sums: NDArray[np.int64], seen: NDArray[np.int64], randomisations: int) -> NullOutcome:
    more, fewer, total, squares = sums
    beyond = total / randomisations
    deviation = np.sqrt(np.maximum(0.0, squares / randomisations - beyond**2))
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(deviation > 0, -beyond / deviation, np.nan)
    tables = randomisations + 1
    return NullOutcome(seen + beyond, deviation, z, (more + 1) / tables, (fewer + 1) / tables)
