"""Which incidents are like one another, by the techniques they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.suggestion import training_of
from kg.errors import KgError, unknown_name

if TYPE_CHECKING:
    from kg.incidence import Incidence


@dataclass(frozen=True, slots=True)
class Alike:
    """An incident like the one asked about.

    Attributes:
        incident: Its id.
        similarity: 0 to 1: the Jaccard index with each technique weighed by its rarity, ln((n + 1) / (units with it)).
        jaccard: The plain Jaccard index, 0 to 1.
        shared: Ids of the techniques of both, the rarest first.
        only_there: Ids of the techniques it has beyond, the rarest first: what to look for next.
    """

    incident: str
    similarity: float
    jaccard: float
    shared: tuple[str, ...]
    only_there: tuple[str, ...]


def similar(table: Incidence, incident: str, *, most: int = 10) -> tuple[Alike, ...]:
    """The incidents most like one, by shared techniques, rare ones weighing more; ties by id.

    Args:
        table: Which incident holds which technique.
        incident: An id of ``table.units``.
        most: How many to name, 1 or more.

    Raises:
        UnknownNameError: the table has no such incident: it does not exist, or holds no technique.
        KgError: ``most`` is below 1, or a unit is no incident.
    """
    if table.unit != "incident":
        raise KgError(f"similar: compares incidents; the unit is {table.unit!r}")
    if most < 1:
        raise KgError(f"similar: {most} incidents; give 1 or more")
    if incident not in table.units:
        raise unknown_name("incident with techniques", incident, table.units)
    matrix = training_of(table).matrix
    margins = np.asarray(matrix.sum(axis=0)).ravel()
    weight = np.log((matrix.shape[0] + 1) / margins)
    place = table.units.index(incident)
    own = matrix[[place]]
    shared = np.asarray((own @ matrix.T).todense()).ravel()
    weighed = np.asarray(((own * weight[None, :]) @ matrix.T).todense()).ravel()
    sizes, mass = np.asarray(matrix.sum(axis=1)).ravel(), matrix @ weight
    jaccard = shared / (sizes[place] + sizes - shared)
    likeness = weighed / np.maximum(1e-12, mass[place] + mass - weighed)
    likeness[place] = -1.0
    order = np.lexsort((np.arange(len(likeness)), -likeness))[:most]

    def named(places: set[int]) -> tuple[str, ...]:
        return tuple(table.techniques[item] for item in sorted(places, key=lambda item: (-weight[item], item)))

    held = set(own.indices.tolist())
    found = []
    for other in order.tolist():
        if other == place or shared[other] <= 0:
            continue
        theirs = set(matrix.indices[matrix.indptr[other] : matrix.indptr[other + 1]].tolist())
        found.append(
            Alike(
                incident=table.units[other],
                similarity=float(likeness[other]),
                jaccard=float(jaccard[other]),
                shared=named(held & theirs),
                only_there=named(theirs - held),
            )
        )
    return tuple(found)
