"""Which sources are addresses. Of its own, so that opening a file does not load what speaks HTTP."""

from __future__ import annotations


def is_address(source: str) -> bool:
    """Whether a SOURCE is the address of an endpoint and not a path."""
    return source.lower().startswith(("http://", "https://"))
