"""What a graph is known by: a hash of everything it holds."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from kg._version import __version__
from kg.store.folder import MARKER

if TYPE_CHECKING:
    from kg.store.embedded import EmbeddedStore

_BITS = 128


def identity_of(store: EmbeddedStore) -> str:
    """32 hex digits for the quads of a store and the version of kg that tells them.

    The sum of the hashes of all quads, so that their order does not matter and nothing is sorted or held. Of a store on
    disk, which may be too large to be read through, its marker: that names the sums of its files.
    """
    if store.path is not None:
        marker = (Path(store.path) / MARKER).read_bytes()
        return hashlib.sha256(__version__.encode() + marker).hexdigest()[:32]
    total = 0
    for quad in store.quads():
        total += int.from_bytes(hashlib.blake2b(str(quad).encode(), digest_size=_BITS // 8).digest(), "big")
    whole = f"{__version__} {len(store)} {total % (1 << _BITS):x}"
    return hashlib.sha256(whole.encode()).hexdigest()[:32]
