"""Tables of units and techniques too large for a graph, read from a file piece by piece.

Two forms, told by the extension: Parquet with a column of units and one of techniques (numbers or text), and a NumPy
array (``.npy``) of two rows of whole numbers, which is mapped, not read. Both are sorted by unit, then technique, and
distinct.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from kg.errors import SourceError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

Piece: TypeAlias = "tuple[NDArray[np.integer], NDArray[np.integer]]"

PIECE_ROWS = 1 << 20
"""Rows of one piece."""

MOST_TECHNIQUES = 100_000
"""More are taken for units in the wrong column."""

_SORT = "sort it first, for example in DuckDB: COPY (SELECT DISTINCT * FROM '{}' ORDER BY ALL) TO 'sorted.parquet'"


@dataclass(frozen=True, slots=True)
class PairFile:
    """A file of pairs of unit and technique.

    Attributes:
        path: Where it is.
        techniques: Their names, sorted; a technique is its place here. Numbers are named by their digits.
        rows: How many pairs it holds.
        pieces: Reads it, from the start each time, as arrays of units and of techniques.
    """

    path: Path
    techniques: tuple[str, ...]
    rows: int
    pieces: Callable[[], Iterator[Piece]]


def open_pairs(path: str | os.PathLike[str]) -> PairFile:
    """Open a file of pairs by its extension; what it holds is read when ``pieces`` is called.

    Raises:
        SourceError: there is no such file, it is of no known form, it cannot be read, or pyarrow is not installed.
    """
    file = Path(path)
    if not file.is_file():
        raise SourceError(f"{file}: is no file; give a .parquet or .npy file of units and techniques")
    openers = {".parquet": _open_parquet, ".npy": _open_array}
    if file.suffix.lower() not in openers:
        raise SourceError(f"{file}: is neither .parquet nor .npy; write the two columns as one of these")
    return openers[file.suffix.lower()](file)


def _open_array(path: Path) -> PairFile:
    try:
        # Pickled objects would run code of whoever wrote the file.
        array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise SourceError(f"{path}: cannot be read as a NumPy array: {error}") from error
    rows = 2
    if array.ndim != rows or array.shape[0] != rows or array.dtype.kind not in "iu":
        raise SourceError(
            f"{path}: is an array of shape {array.shape} and type {array.dtype}; "
            "write two rows of whole numbers, units and techniques"
        )
    highest = -1
    for start in range(0, array.shape[1], PIECE_ROWS):
        highest = max(highest, int(array[1, start : start + PIECE_ROWS].max()))

    def pieces() -> Iterator[Piece]:
        for start in range(0, array.shape[1], PIECE_ROWS):
            yield array[0, start : start + PIECE_ROWS], array[1, start : start + PIECE_ROWS]

    return PairFile(path, _numbered(path, highest), int(array.shape[1]), pieces)


def _open_parquet(path: Path) -> PairFile:
    arrow, parquet, compute = (_arrow(name) for name in ("pyarrow", "pyarrow.parquet", "pyarrow.compute"))
    try:
        file = parquet.ParquetFile(path)
        units, held = column_names(str(path), list(file.schema_arrow.names))
        kinds = [file.schema_arrow.field(name).type for name in (units, held)]
        textual = [arrow.types.is_string(kind) or arrow.types.is_large_string(kind) for kind in map(_plain, kinds)]
        for name, kind, is_text in zip((units, held), kinds, textual, strict=True):
            if not is_text and not arrow.types.is_integer(kind):
                raise SourceError(f"{path}: column {name!r} is of type {kind}; write whole numbers or text")
        names = _names(path, file, held, textual=textual[1])
    except (OSError, arrow.ArrowException) as error:
        raise SourceError(f"{path}: cannot be read as Parquet: {error}") from error

    def pieces() -> Iterator[Piece]:
        reader = parquet.ParquetFile(path)
        place = arrow.array(names, type=arrow.string())
        coder = _UnitCoder(path, compute)
        for batch in reader.iter_batches(batch_size=PIECE_ROWS, columns=[units, held]):
            for name in (units, held):
                if batch.column(name).null_count:
                    raise SourceError(f"{path}: column {name!r} has empty cells; leave these rows out")
            first = batch.column(units)
            second = batch.column(held)
            if textual[1]:
                second = compute.index_in(second.cast(arrow.string()), value_set=place)
            unit = coder.code(first.cast(arrow.string())) if textual[0] else first.to_numpy()
            yield unit, second.to_numpy()

    return PairFile(path, names, int(file.metadata.num_rows), pieces)


class _UnitCoder:
    """Names of units as rising numbers; the names must be in order, for what comes back later would be two units."""

    def __init__(self, path: Path, compute: Any) -> None:  # noqa: ANN401 - pyarrow publishes no types
        self._path = path
        self._compute = compute
        self._last: str | None = None
        self._number = -1

    def code(self, names: Any) -> NDArray[np.int64]:  # noqa: ANN401 - the same
        """The numbers of more names, going on where the last ones ended."""
        if not len(names):
            return np.empty(0, dtype=np.int64)
        first = names[0].as_py()
        later, earlier = names.slice(1), names.slice(0, len(names) - 1)
        ordered = self._last is None or self._last <= first
        if not ordered or self._compute.all(self._compute.greater_equal(later, earlier)).as_py() not in {True, None}:
            raise SourceError(f"{self._path}: units are not in order; {_SORT.format(self._path.name)}")
        new = self._compute.not_equal(later, earlier).to_numpy(zero_copy_only=False)
        begin = self._number + (first != self._last)
        numbers = begin + np.concatenate([[0], np.cumsum(new, dtype=np.int64)])
        self._last, self._number = names[len(names) - 1].as_py(), int(numbers[-1])
        return np.asarray(numbers, dtype=np.int64)


def column_names(path: str, names: list[str]) -> tuple[str, str]:
    """Which column holds units and which techniques: by name, or the only two there are.

    Raises:
        SourceError: neither is so.
    """
    for unit in ("unit", "incident"):
        if unit in names and "technique" in names:
            return unit, "technique"
    pair = 2
    if len(names) == pair:
        return names[0], names[1]
    shown = ", ".join(map(repr, names[:10]))
    raise SourceError(f"{path}: has the columns {shown}; name two of them 'unit' and 'technique'")


def _names(path: Path, file: Any, column: str, *, textual: bool) -> tuple[str, ...]:  # noqa: ANN401 - the same
    compute = _arrow("pyarrow.compute")
    found: set[str] = set()
    highest = -1
    for batch in file.iter_batches(batch_size=PIECE_ROWS, columns=[column]):
        values = batch.column(column)
        if not textual:
            highest = max(highest, compute.max(values).as_py() if len(values) > values.null_count else -1)
            continue
        found.update(name for name in compute.unique(values).to_pylist() if name is not None)
        if len(found) > MOST_TECHNIQUES:
            break
    if not textual:
        return _numbered(path, highest)
    if len(found) > MOST_TECHNIQUES:
        raise SourceError(f"{path}: names more than {MOST_TECHNIQUES:,} techniques; are the two columns exchanged?")
    return tuple(sorted(found))


def _numbered(path: Path, highest: int) -> tuple[str, ...]:
    if highest >= MOST_TECHNIQUES:
        raise SourceError(
            f"{path}: has a technique numbered {highest:,}; number them from 0, at most {MOST_TECHNIQUES:,} of them"
        )
    return tuple(map(str, range(highest + 1)))


def _plain(kind: Any) -> Any:  # noqa: ANN401 - pyarrow publishes no types
    """The type of the values where they are kept once and numbered."""
    return getattr(kind, "value_type", kind)


def _arrow(name: str) -> Any:  # noqa: ANN401 - the same
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SourceError(
            "Parquet needs pyarrow; run `pip install 'disarm-kg[parquet]'`, or write a .npy file"
        ) from error
