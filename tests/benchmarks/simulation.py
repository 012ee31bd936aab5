"""Tables of units and techniques made by chance, with pairs planted in them; what is true of each is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.incidence import incidence_of

if TYPE_CHECKING:
    from kg.incidence import Incidence


@dataclass(frozen=True, slots=True)
class World:
    """How tables are made.

    Attributes:
        units: How many units.
        techniques: How many techniques; the more common ones have the lower numbers.
        planted: How many pairs are planted: techniques 0 and 1, 2 and 3, and so on.
        strength: With which chance the second of a planted pair is where the first is, and otherwise as if it were not
            planted; 0 plants nothing.
        spread: How unlike units are in size: the deviation of the logarithm of a unit's readiness to hold anything.
    """

    units: int = 100
    techniques: int = 40
    planted: int = 0
    strength: float = 0.0
    spread: float = 0.0


def simulated(world: World, seed: int) -> Incidence:
    """One table of this world."""
    chance = np.random.default_rng(seed)
    common = np.geomspace(0.3, 0.03, world.techniques)
    readiness = np.exp(chance.normal(0, world.spread, world.units) - world.spread**2 / 2)
    expected = np.minimum(0.9, readiness[:, None] * common)
    held = chance.random((world.units, world.techniques)) < expected
    for first in range(0, 2 * world.planted, 2):
        follows = chance.random(world.units) < world.strength
        held[:, first + 1] |= held[:, first] & follows
    units, techniques = np.nonzero(held)
    return incidence_of((f"I{unit:04}" for unit in units.tolist()), (f"T{number:03}" for number in techniques.tolist()))


def is_planted(world: World, first: str, second: str) -> bool:
    """Whether this pair was planted."""
    low, high = int(first[1:]), int(second[1:])
    return low % 2 == 0 and high == low + 1 and low < 2 * world.planted
