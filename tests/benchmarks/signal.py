"""Is the false discovery rate what it claims to be, and how strong must a pair be to be found?

Tables of 100 units and 40 techniques (24 for the null model, which takes longer) are made with nothing in them, in
units that are alike and in units that differ in size; then with five planted pairs of rising strength. Under the null
every survivor is false, so the rate is the share of tables with any. Each share is given with twice its standard error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.cooccurrence import cooccurrence_of
from kg.analysis.nullmodel import NullModel
from kg.analysis.significance import CORRECTIONS, Significance
from tests.benchmarks.report import write_table
from tests.benchmarks.simulation import World, is_planted, simulated

if TYPE_CHECKING:
    from kg.analysis.significance import Verdicts
    from kg.incidence import Incidence

TABLES = 300
NULL_TABLES = 30
# One pair alone can survive among 276 with so many: 2 / (n + 1) times 276 is below 0.05.
RANDOM_TABLES = 11_500


def benchmark() -> None:
    """The rates under the null, then the power."""
    rows = []
    for name, spread in (("alike", 0.0), ("of unlike size", 0.8)):
        world = World(spread=spread)
        for correction in CORRECTIONS:
            judged = [_fisher(simulated(world, seed), correction) for seed in range(TABLES)]
            rows.append((f"units {name}", f"Fisher, {correction}", *_rate(judged)))
        smaller = World(techniques=24, spread=spread)
        judged = [_random(simulated(smaller, seed), seed) for seed in range(NULL_TABLES)]
        rows.append((f"units {name}", "curveball, bh", *_rate(judged)))
    head = ("under the null", "test", "tables with a false discovery", "+-", "tables")
    write_table("False discoveries where there is nothing to find, at 0.05", head, rows)
    power = []
    for strength in (0.1, 0.2, 0.3, 0.4, 0.6, 0.8):
        world = World(planted=5, strength=strength)
        shares = [_found(world, correction) for correction in CORRECTIONS]
        power.append((strength, *(found for found, _ in shares), *(false for _, false in shares)))
    columns = ("strength", *(f"found, {name}" for name in CORRECTIONS), *(f"false, {name}" for name in CORRECTIONS))
    write_table("Share of five planted pairs that are found, and of survivors that are false", columns, power)


def _rate(judged: list[Verdicts]) -> tuple[float, float, int]:
    share = float(np.mean([verdicts.survives.any() for verdicts in judged]))
    return share, 2 * float(np.sqrt(share * (1 - share) / len(judged))), len(judged)


def _fisher(table: Incidence, correction: str) -> Verdicts:
    verdicts = cooccurrence_of(table, significance=Significance(correction=correction)).verdicts
    assert verdicts is not None
    return verdicts


def _random(table: Incidence, seed: int) -> Verdicts:
    verdicts = cooccurrence_of(table, null=NullModel(randomisations=RANDOM_TABLES, seed=seed)).null_verdicts
    assert verdicts is not None
    return verdicts


def _found(world: World, correction: str, tables: int = 60) -> tuple[float, float]:
    found, false = [], []
    for seed in range(tables):
        table = simulated(world, seed)
        verdicts = _fisher(table, correction)
        names = table.techniques
        pairs = zip(verdicts.family.first[verdicts.survives], verdicts.family.second[verdicts.survives], strict=True)
        planted = [is_planted(world, names[a], names[b]) for a, b in pairs]
        found.append(sum(planted) / world.planted)
        false.append(1 - sum(planted) / len(planted) if planted else 0.0)
    return float(np.mean(found)), float(np.mean(false))
