"""Checksums of the data files of a store: the engine can loop for ever on a block that has rotted."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MOST_BYTES = 256 << 20
"""Above this size in all only the lengths of the files are compared: opening shall not take seconds."""

_CHUNK = 1 << 20


def checksums(data: Path) -> dict[str, str]:
    """Name to ``length:crc32`` of every table file of a data folder; these are never written again."""
    return {file.name: f"{file.stat().st_size}:{_crc(file):08x}" for file in sorted(data.glob("*.sst"))}


def find_damage(data: Path, sums: Mapping[str, str]) -> str:
    """What differs from the checksums, in words; empty where nothing does."""
    files = {name: data / name for name in sums}
    missing = [name for name, file in files.items() if not file.is_file()]
    if missing:
        return f"{missing[0]} is missing"
    thorough = sum(file.stat().st_size for file in files.values()) <= MOST_BYTES
    for name, file in files.items():
        length, _, crc = sums[name].partition(":")
        if str(file.stat().st_size) != length:
            return f"{name} is not {length} bytes long"
        if thorough and f"{_crc(file):08x}" != crc:
            return f"{name} is not what was written"
    return ""


def _crc(file: Path) -> int:
    crc = 0
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            crc = zlib.crc32(chunk, crc)
    return crc
