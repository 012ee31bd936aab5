"""Where the files shipped with the package are: the only module that knows.

In a wheel ``ontology/`` and ``data/`` lie inside the package as ``_ontology`` and ``_data``; in a checkout they lie
beside it.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    shipped = _PACKAGE / f"_{name}"
    return shipped if shipped.is_dir() else _PACKAGE.parent / name


def ontology_folder() -> Path:
    """The folder of the ontology, its shapes, checks and named queries."""
    return _folder("ontology")


def data_folder() -> Path:
    """The folder of the embedded facts."""
    return _folder("data")
