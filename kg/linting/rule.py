"""What a rule is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.linting.release import Fault, Release
    from kg.model import Severity

    Check = Callable[[Release], Iterator[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """How bad a fault is, the rule in a sentence, and what looks for it."""

    severity: Severity
    sentence: str
    checks: tuple[Check, ...] = ()
