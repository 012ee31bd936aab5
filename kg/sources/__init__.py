"""Sources: bytes to records and findings, one file a format. The dict below is the whole list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from kg.sources.diagnosis import no_source
from kg.sources.matrix import is_matrix, read_matrix
from kg.sources.misp import is_misp, read_misp
from kg.sources.navigator import is_navigator_layer, read_navigator
from kg.sources.pages import is_page_source, read_pages
from kg.sources.pairs import is_pairs, read_pairs
from kg.sources.parquet import is_parquet, read_parquet
from kg.sources.stix import is_stix, read_stix
from kg.sources.workbook_source import is_disarm_workbook, read_workbook_source

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kg.model import Corpus
    from kg.sources.placement import Earlier


class Reader(Protocol):
    """Reads a path to a corpus."""

    def __call__(self, path: Path, *, release: str | None = None, framework: Mapping[str, str] | None = None) -> Corpus:
        """Read; the arguments are those of :func:`read_source`."""
        ...


class SourceFormat(NamedTuple):
    """How a format is recognised and read."""

    recognises: Callable[[Path], bool]
    read: Reader


SOURCES: dict[str, SourceFormat] = {
    "disarm-workbook": SourceFormat(is_disarm_workbook, read_workbook_source),
    "disarm-pages": SourceFormat(is_page_source, read_pages),
    "stix": SourceFormat(is_stix, read_stix),
    "navigator": SourceFormat(is_navigator_layer, read_navigator),
    "misp": SourceFormat(is_misp, read_misp),
    "matrix": SourceFormat(is_matrix, read_matrix),
    "pairs": SourceFormat(is_pairs, read_pairs),
    "parquet": SourceFormat(is_parquet, read_parquet),
}
"""Name of a format -> how it is recognised and read; the first that recognises a path reads it."""


def read_source(
    path: Path,
    *,
    release: str | None = None,
    framework: Mapping[str, str] | None = None,
    earlier: Earlier | None = None,
) -> Corpus:
    """Read a path with the first format that recognises it.

    Args:
        path: A file or folder.
        release: The name of the release, where the source does not say it.
        framework: Technique id to name, for sources that hold incidents only.
        earlier: What earlier releases say of descriptions, for sources whose descriptions may be misplaced.

    Raises:
        SourceError: No format recognises the path, or what it holds cannot be read.
    """
    for source in SOURCES.values():
        if source.recognises(path):
            if source.read in {read_pages, read_workbook_source}:
                read = read_pages if source.read is read_pages else read_workbook_source
                return read(path, release=release, framework=framework, earlier=earlier)
            return source.read(path, release=release, framework=framework)
    raise no_source(path)
