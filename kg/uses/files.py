"""A user's file, whatever its form: its text as it is, and every place in it that names a technique."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import SourceError
from kg.sources.json_text import MAX_FILE_BYTES, utf16_of
from kg.sources.matrix import is_matrix
from kg.sources.misp import is_misp
from kg.sources.navigator import is_navigator_layer
from kg.sources.pairs import is_pairs
from kg.sources.stix import is_stix
from kg.store.folder import is_store, open_store
from kg.store.parse import RDF_EXTENSIONS, read_rdf
from kg.uses.documents import layer_uses, misp_uses, stix_uses
from kg.uses.graphs import graph_uses
from kg.uses.tables import is_table_of_ids, matrix_uses, pairs_uses, table_uses

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kg.store.embedded import EmbeddedStore
    from kg.uses.places import Occurrence


class _Form(NamedTuple):
    recognises: Callable[[Path], bool]
    find: Callable[[str, str], list[Occurrence]]


FORMS: dict[str, _Form] = {
    "stix": _Form(is_stix, stix_uses),
    "navigator": _Form(is_navigator_layer, layer_uses),
    "misp": _Form(is_misp, misp_uses),
    "matrix": _Form(is_matrix, matrix_uses),
    "pairs": _Form(is_pairs, pairs_uses),
    "table": _Form(is_table_of_ids, table_uses),
}
"""Name of a form -> how it is recognised, and how its uses are found; ``rdf`` and ``store`` are graphs."""


@dataclass(slots=True)
class UserFile:
    """A file with its uses.

    Attributes:
        path: The file or store.
        form: One of :data:`FORMS`, ``rdf`` or ``store``.
        text: All of it, line ends as they are; empty for a graph.
        encoding: How it was read, and is written again.
        occurrences: Where it names techniques.
        graph: The graph, where it is one.
    """

    path: Path
    form: str
    text: str = ""
    encoding: str = "utf-8"
    occurrences: list[Occurrence] = field(default_factory=list)
    graph: EmbeddedStore | None = None


def read_uses(path: Path) -> UserFile:
    """Read a two-column CSV, a 0/1 matrix, a Navigator layer, a STIX bundle, a MISP event, an RDF file or a store.

    Raises:
        SourceError: It is none of these, or cannot be read.
    """
    if not path.exists():
        raise SourceError(f"{path}: does not exist; give a CSV, layer, bundle, event, RDF file or store")
    if path.is_dir():
        if not is_store(path):
            raise SourceError(f"{path}: is a folder and no store; give a CSV, layer, bundle, event, RDF file or store")
        graph = open_store(path)
        return UserFile(path, "store", occurrences=graph_uses(graph), graph=graph)
    if path.suffix.lower() in RDF_EXTENSIONS:
        graph = read_rdf(path)
        return UserFile(path, "rdf", occurrences=graph_uses(graph), graph=graph)
    form = next((name for name, known in FORMS.items() if known.recognises(path)), None)
    if form is None:
        raise SourceError(
            f"{path}: is no file of uses; give a CSV with a column of ids, a matrix, a Navigator layer, a STIX bundle, "
            "MISP events, an RDF file or a store"
        )
    text, encoding = _text(path)
    return UserFile(path, form, text, encoding, FORMS[form].find(text, path.name))


def _text(path: Path) -> tuple[str, str]:
    """The text and the encoding that gives the same bytes back."""
    size = os.stat(path).st_size  # noqa: PTH116 - one call, no race between two
    if size > MAX_FILE_BYTES:
        raise SourceError(f"{path.name}: {size:,} bytes; at most {MAX_FILE_BYTES:,} are read")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path.name}: cannot be read ({error.strerror}); check its mode") from error
    for encoding in ("utf-8", utf16_of(data)):
        if not encoding or (encoding == "utf-8" and b"\x00" in data):
            continue
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if text.encode(encoding) == data:
            return text, encoding
    # Every byte is a character of Latin-1, so that nothing but what is rewritten can change.
    return data.decode("latin-1"), "latin-1"
