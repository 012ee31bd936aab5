"""Co-occurrence in a file of pairs that need not fit into memory: the same table, by the same counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.analysis.cooccurrence import Counted
from kg.analysis.streaming import count_stream
from kg.errors import KgError, SourceError, unknown_name
from kg.incidence import Incidence
from kg.incidence.files import open_pairs

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from kg.analysis.streaming import StreamedCounts
    from kg.incidence.files import PairFile

ENGINES = ("numpy", "spark")
"""What counts: this process, or a cluster."""


def count_file(
    path: str | os.PathLike[str], *, units: int | None = None, engine: str = "numpy", master: str | None = None
) -> Counted:
    """Count the pairs of a file of units and techniques.

    Args:
        path: A ``.parquet`` or ``.npy`` file; see :mod:`kg.incidence.files`. Spark reads Parquet, a file or a folder of
            them, in any order, wherever its workers can reach it.
        units: N; left out, the units of the file.
        engine: One of :data:`ENGINES`.
        master: The address of the cluster, for ``spark``; left out, Spark's own configuration, or else this machine.

    Raises:
        UnknownNameError: no such engine.
        SourceError: the file cannot be read, or is not sorted.
        KgError: ``units`` is less than the units of the file.
    """
    ways: dict[str, Callable[[], tuple[tuple[str, ...], StreamedCounts]]] = {
        "numpy": lambda: _streamed(open_pairs(path)),
        "spark": lambda: _spark(path, master),
    }
    if engine not in ways:
        raise unknown_name("engine", engine, ways)
    if master is not None and engine != "spark":
        raise KgError(f"master {master!r}: is for the engine spark; add it, or leave the master out")
    names, counts = ways[engine]()
    if units is not None and units < counts.units:
        raise KgError(f"units {units}: the file holds {counts.units}; give at least so many, or leave units out")
    nothing = np.empty(0, dtype=np.int32)
    # The names of units are not kept, for there may be billions of them.
    table = Incidence(
        unit="unit",
        evidence="file",
        level="technique",
        units=(),
        techniques=names,
        unit_index=nothing,
        technique_index=nothing,
        labels={name: name for name in names},
    )
    total = counts.units if units is None else units
    return Counted(table, counts.pairs, counts.margins, total, units_with_techniques=counts.units)


def _streamed(file: PairFile) -> tuple[tuple[str, ...], StreamedCounts]:
    try:
        return file.techniques, count_stream(file.pieces(), len(file.techniques))
    except SourceError:
        raise
    except KgError as error:
        raise SourceError(f"{file.path}: {error}") from error


def _spark(path: str | os.PathLike[str], master: str | None) -> tuple[tuple[str, ...], StreamedCounts]:
    from kg.analysis.spark import count_parquet  # noqa: PLC0415 - an extra that most never need

    return count_parquet(path, master=master)
