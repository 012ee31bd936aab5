"""Do units differ in size more than chance would have it? Then Fisher's test, which takes them for alike, misleads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from kg.incidence import Incidence

LIKE = 1.5
"""Up to this ratio nothing is said: tables of alike units stay below it."""


def size_ratio(table: Incidence) -> float | None:
    """The variance of the sizes of units over what it would be if techniques were independent and units alike.

    Were every unit equally ready to hold a technique, the variance would be the sum over techniques of ``p (1 - p)``,
    with ``p`` the share of units that hold it. Known in ecology as the variance ratio.

    Returns:
        About 1 for units that are alike, more where some hold much and some little; None for fewer than two units or
        techniques.

    References:
        Schluter, D. (1984). A variance test for detecting species associations, with some example applications. Ecology
        65(3), 998-1005.
    """
    units = len(table.units)
    smallest = 2
    if units < smallest or len(table.techniques) < smallest:
        return None
    share = table.margins() / units
    expected = float(np.sum(share * (1 - share)))
    seen = float(np.bincount(table.unit_index, minlength=units).var())
    return seen / expected if expected else None


def warning_of_sizes(table: Incidence) -> tuple[str, ...]:
    """A sentence for those who read p-values of Fisher's test, where sizes differ too much for it."""
    ratio = size_ratio(table)
    if ratio is None or ratio <= LIKE:
        return ()
    said = (
        f"{table.unit}s differ in size {ratio:.1f} times as much as chance would have it, which makes techniques look "
        "related; a null model (curveball) keeps their sizes and is the one to judge by"
    )
    return (said,)
