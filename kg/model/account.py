"""The account of what was read: nothing vanishes between a source and the graph."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What became of one thing that was read."""

    STORED = "stored"
    REPAIRED = "repaired"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The account of one kind of thing: ``read == stored + repaired + reported``."""

    kind: str
    read: int
    stored: int
    repaired: int
    reported: int
