"""The files of a corrected copy: copied, compared with the source, and given their name when all is done."""

from __future__ import annotations

import csv
import io
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import OutputError, SourceError
from kg.linting.patch import render_patch

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PATCH, CELLS = "kg-lint.patch", "kg-lint-cells.csv"


def check_target(origin: Path, target: Path) -> None:
    """Refuse a target that exists, lies inside the source, or has no folder to stand in.

    Raises:
        OutputError: As said.
        SourceError: The source does not exist.
    """
    if not origin.exists():
        raise SourceError(f"{origin}: does not exist; give a release folder, a page or a workbook")
    if target.exists() or target.is_symlink():
        raise OutputError(f"{target}: exists already; name a folder that does not")
    if not target.resolve().parent.is_dir():
        raise OutputError(f"{target}: its folder {target.resolve().parent} does not exist; make it first")
    if origin.is_dir() and origin.resolve() in target.resolve().parents:
        raise OutputError(f"{target}: lies inside the source; name a folder beside it")


def copy_source(origin: Path, beside: Path) -> Path:
    """Copy the source without its history, links, and what an earlier mending left; the path that is to be linted."""
    beside.mkdir()
    if origin.is_file():
        shutil.copyfile(origin, beside / origin.name)
        return beside / origin.name
    for root, folders, files in os.walk(origin, followlinks=False):
        folders[:] = sorted(name for name in folders if name != ".git" and not (Path(root) / name).is_symlink())
        below = beside / Path(root).relative_to(origin)
        below.mkdir(exist_ok=True)
        for name in sorted(files):
            path = Path(root) / name
            is_ours = Path(root) == origin and name in {PATCH, CELLS}
            if path.is_file() and not path.is_symlink() and not is_ours:
                shutil.copyfile(path, below / name)
    return beside


def compare(origin: Path, root: Path) -> tuple[list[str], bytes]:
    """The names of the files that differ in the copy, with ``/``, and the patch of those that are text."""
    changed = [(name, before, after) for name, before, after in _files(origin, root) if before != after]
    return [name for name, _, _ in changed], render_patch(item for item in changed if item[0].lower().endswith(".md"))


def _files(origin: Path, root: Path) -> Iterator[tuple[str, bytes, bytes | None]]:
    """Every page and workbook of the source, its bytes before and after."""
    if origin.is_file():
        yield origin.name, origin.read_bytes(), root.read_bytes()
        return
    for path in sorted(origin.rglob("*")):
        if path.suffix.lower() in {".md", ".xlsx", ".xlsm"} and path.is_file() and ".git" not in path.parts:
            name = path.relative_to(origin).as_posix()
            copy = root / name
            if copy.is_file() or (copy.parent.is_dir() and not path.is_symlink()):
                yield name, path.read_bytes(), copy.read_bytes() if copy.is_file() else None


def give_name(origin: Path, beside: Path, target: Path, made: tuple[bytes, bytes]) -> None:
    """Move the copy into place, patch and list with it; a file that was asked for as a file has them beside it."""
    patch, cells = made
    if origin.is_file() and target.suffix.lower() == origin.suffix.lower():
        target.with_name(f"{target.name}.patch").write_bytes(patch)
        target.with_name(f"{target.name}.cells.csv").write_bytes(cells)
        (beside / origin.name).replace(target)
        return
    (beside / PATCH).write_bytes(patch)
    (beside / CELLS).write_bytes(cells)
    beside.replace(target)


def cells_csv(cells: Iterable[tuple[str, str, str, str, str]]) -> bytes:
    """The cells that were written, in order of file, sheet and cell, as CSV."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("file", "sheet", "cell", "before", "after"))
    writer.writerows(sorted(cells))
    return buffer.getvalue().encode("utf-8")
