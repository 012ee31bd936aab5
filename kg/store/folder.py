"""Stores kept on disk: a folder that is always whole.

::

    STORE/
      kg-store.json          the marker: format version, release, version of kg, and which data folder counts
      kg-data-4f2a.../       the quads, in the engine's own files
      kg-data-4f2a....lock   held by whoever builds, reads or writes that data folder

A build writes a new data folder beside the one that counts and then replaces the marker, which is one atomic step:
killed at any moment it leaves the old store, or none where there was none. What a killed build leaves is in nobody's
lock and is removed by the next build; the data folder that readers still have open is left until they are gone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from kg._version import __version__
from kg.errors import OutputError, StoreError
from kg.store.embedded import EmbeddedStore
from kg.store.locks import try_lock
from kg.store.sums import checksums, find_damage

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MARKER = "kg-store.json"
FORMAT = 1
"""Version of the layout of the folder; one that is higher than this is refused."""

_DATA = "kg-data-"
_OURS = re.compile(rf"{_DATA}[0-9a-f]{{16}}(\.lock|\.json)?")
_TRIES = 5
_LONGEST_MARKER = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Marker:
    """What the marker file of a store says."""

    data: str
    release: str
    kg: str
    sums: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The marker of a store folder.

        Raises:
            StoreError: the folder holds no finished store, or one this version cannot read.
        """
        path = folder / MARKER
        try:
            with path.open("rb") as file:
                said = json.loads(file.read(_LONGEST_MARKER))
        except FileNotFoundError as error:
            message = f"{folder}: is not a finished kg store; make one with `kg build -s SOURCE {folder}`"
            raise StoreError(message) from error
        except OSError as error:
            raise _unreadable(path, error) from error
        except (ValueError, RecursionError) as error:
            raise _damaged(folder, f"{MARKER} is not JSON") from error
        version = said.get("format") if isinstance(said, dict) else None
        if type(version) is not int:
            raise _damaged(folder, f"{MARKER} names no format")
        if version != FORMAT:
            remedy = "upgrade kg" if version > FORMAT else "build it again"
            message = f"{folder}: is a store of format {version}, this kg reads format {FORMAT}; {remedy}"
            raise StoreError(message)
        data = said.get("data")
        if not (isinstance(data, str) and _OURS.fullmatch(data) and "." not in data):
            raise _damaged(folder, f"{MARKER} names no data folder")
        sums = said.get("sums", {})
        if not isinstance(sums, dict) or not all(
            "/" not in name and isinstance(sum_, str) for name, sum_ in sums.items()
        ):
            raise _damaged(folder, f"{MARKER} holds no checksums that can be read")
        return cls(data=data, release=str(said.get("release", "")), kg=str(said.get("kg", "")), sums=sums)

    def write(self, folder: Path) -> None:
        """Make this the marker of the folder, at once."""
        said = {"format": FORMAT, "data": self.data, "release": self.release, "kg": self.kg, "sums": dict(self.sums)}
        draft = folder / f"{self.data}.json"
        with draft.open("w", encoding="utf-8") as file:
            file.write(json.dumps(said, indent=2) + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(folder / MARKER)
        _sync_folder(folder)


def is_store(path: Path) -> bool:
    """Whether the path is a folder with the marker of a store, of whatever version and health."""
    try:
        return (path / MARKER).is_file()
    except OSError:
        return False


def build_store(quads: Iterable[ox.Quad], path: Path, *, release: str = "") -> None:
    """Write quads to a store folder, new or in place of the store that is there, at once or not at all.

    Args:
        quads: Read once, never held all at once.
        path: The folder; it may exist where it is empty or a store.
        release: The DISARM release, for the marker.

    Raises:
        OutputError: the path is no place for a store; nothing was changed.
    """
    created = _prepare(path)
    _sweep(path)
    data = path / f"{_DATA}{secrets.token_hex(8)}"
    lock = try_lock(_lock_of(data), shared=False)
    try:
        _write_data(quads, data)
        Marker(data=data.name, release=release, kg=__version__, sums=checksums(data)).write(path)
    except BaseException as error:
        _remove(data)
        if created:
            with contextlib.suppress(OSError):
                path.rmdir()
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise
    finally:
        if lock is not None:
            lock.release()
    _sweep(path)


def open_store(path: Path, *, read_only: bool = True) -> EmbeddedStore:
    """The store in a folder. Any number may read at once; one who writes is alone.

    Raises:
        StoreError: it is missing, locked, damaged or of another format; the message says how to mend it.
    """
    try:
        missing, folder = not path.exists(), path.is_dir()
    except OSError as error:
        raise _unreadable(path, error) from error
    if missing:
        message = f"{path}: does not exist; make a store with `kg build -s SOURCE {path}`"
        raise StoreError(message)
    if not folder:
        message = f"{path}: is a file, not a store folder; name the folder that `kg build` made"
        raise StoreError(message)
    for _ in range(_TRIES):
        marker = Marker.read(path)
        lock = try_lock(_lock_of(path / marker.data), shared=read_only)
        if Marker.read(path) == marker:
            break
        # A build finished in between: what was locked is already the old data.
    if lock is None:
        whom = "writing to it" if read_only else "using it"
        message = f"{path}: another process is {whom}; try again when it has ended"
        raise StoreError(message)
    try:
        native = _opened(path, marker, read_only=read_only)
        if not read_only:
            # Who writes may merge table files, so their checksums hold no longer.
            replace(marker, sums={}).write(path)
    except BaseException:
        lock.release()
        raise
    return EmbeddedStore(native, path=str(path), lock=lock)


def _opened(path: Path, marker: Marker, *, read_only: bool) -> ox.Store:
    data = path / marker.data
    if damage := find_damage(data, marker.sums):
        raise _damaged(path, damage)
    if not (data / "CURRENT").is_file():
        raise _damaged(path, f"{data.name} is missing or incomplete")
    try:
        return ox.Store.read_only(str(data)) if read_only else ox.Store(str(data))
    except (OSError, RuntimeError, ValueError) as error:
        if "lock hold" in str(error) or "LOCK:" in str(error):
            message = f"{path}: another process is using it; try again when it has ended"
            raise StoreError(message) from error
        if isinstance(error, PermissionError):
            raise _unreadable(path, error) from error
        raise _damaged(path, " ".join(str(error).split())) from error


def _prepare(path: Path) -> bool:
    """Make sure that a store may be built here; True where the folder was made for it."""
    try:
        path.mkdir()
    except FileExistsError:
        pass
    except FileNotFoundError as error:
        message = f"{path.parent}: does not exist; make the folder first"
        raise OutputError(message) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    else:
        return True
    if not path.is_dir():
        message = f"{path}: is a file; name a folder that does not exist yet, or a kg store"
        raise OutputError(message)
    try:
        names = [entry.name for entry in path.iterdir()]
    except OSError as error:
        raise _unwritable(path, error) from error
    if MARKER not in names and not all(_OURS.fullmatch(name) for name in names):
        message = f"{path}: holds something that is not a kg store; name another folder, or empty this one yourself"
        raise OutputError(message)
    if not os.access(path, os.W_OK | os.X_OK):
        message = f"{path}: cannot be written (permission denied); name a folder you may write to"
        raise OutputError(message)
    return False


def _write_data(quads: Iterable[ox.Quad], data: Path) -> None:
    native = ox.Store(str(data))
    try:
        native.bulk_extend(quads)
        native.optimize()
        native.flush()
    finally:
        del native
    for file in data.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    _sync_folder(data)


def _sweep(path: Path) -> None:
    """Remove the data folders that do not count and that nobody holds."""
    try:
        counts = Marker.read(path).data
    except StoreError:
        counts = ""
    names = {entry.name.partition(".")[0] for entry in path.iterdir() if _OURS.fullmatch(entry.name)}
    for name in sorted(names - {counts}):
        lock = try_lock(_lock_of(path / name), shared=False)
        if lock is not None:
            _remove(path / name)
            lock.release()


def _remove(data: Path) -> None:
    shutil.rmtree(data, ignore_errors=True)
    for beside in (data.with_name(f"{data.name}.json"), _lock_of(data)):
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _lock_of(data: Path) -> Path:
    return data.with_name(f"{data.name}.lock")


def _sync_folder(folder: Path) -> None:
    # A folder cannot be opened, and need not be synced, on Windows.
    with contextlib.suppress(PermissionError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _damaged(folder: Path, how: str) -> StoreError:
    return StoreError(f"{folder}: the store is damaged ({how}); build it again with `kg build`")


def _unreadable(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path}: cannot be read ({error.strerror or 'permission denied'}); mend its permissions")


def _unwritable(path: Path, error: OSError) -> OutputError:
    return OutputError(f"{path}: cannot be written ({error.strerror or error}); name a folder you may write to")
