"""The query guard: refuses a text that would leave the graph or crash the engine, before any engine sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.errors import QueryRefusedError

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 64 * 1024


def check_query(text: str, *, graphs: Collection[str] | None) -> None:
    """Refuse a query by its text alone."""
    del graphs
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        message = "query refused: longer than 64 kB"
        raise QueryRefusedError(message)
